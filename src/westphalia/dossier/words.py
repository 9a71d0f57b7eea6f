"""The words of spans in a side file that stays with the analyst, for texts that must not be passed on.

The case file holds hashes only. `<name>.words.json` holds, by id of statement, the exact words and
about 32 characters before and after, cut at words, as the text quote selector of the W3C does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from westphalia.dossier.anchors import Anchored, in_context
from westphalia.dossier.schema import Span
from westphalia.errors import FileError
from westphalia.files import write_whole

CONTEXT = 32
_VERSION = 1
_LARGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """The exact words of a span, and what stands before and after them."""

    exact: str
    prefix: str
    suffix: str


def words_of(text: str, span: Span | Anchored) -> Words:
    """Return the words of a span with their context.

    Raises
    ------
    CallError: the span has no place in this text.
    """
    before, words, after = in_context(text, span, CONTEXT)
    return Words(words, before, after)


def words_file(case: str | Path) -> Path:
    """Return the path of the side file of a case file: ``peace.yaml`` has ``peace.words.json``."""
    return Path(case).with_suffix(".words.json")


def words_content(words: Mapping[str, Words]) -> bytes:
    """Return the content of the side file."""
    entries = {name: asdict(entry) for name, entry in words.items()}
    content = json.dumps({"version": _VERSION, "statements": entries}, ensure_ascii=False, indent=1)
    return f"{content}\n".encode()


def write_words(path: str | Path, words: Mapping[str, Words]) -> None:
    """Write the side file; if that fails half-way, the old file stays whole.

    Raises
    ------
    FileError: the file cannot be written.
    """
    path = Path(path)
    try:
        write_whole(path, words_content(words))
    except OSError as error:
        raise FileError(
            f"The words cannot be written: {error.strerror}.", code="unwritable-file", where=str(path)
        ) from None


def read_words(path: str | Path) -> dict[str, Words]:
    """Return the words of a side file by id of statement.

    Raises
    ------
    FileError: the file is missing, too large, or not what `write_words` writes.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise FileError("The file is too large.", code="too-large", where=str(path))
        held = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FileError(
            f"The words cannot be read: {error.strerror}.", code="unreadable-file", where=str(path)
        ) from None
    except (ValueError, RecursionError):
        raise _wrong(path, "it is no JSON") from None
    if not isinstance(held, dict) or held.get("version") != _VERSION:
        raise _wrong(path, f"it has no version {_VERSION}")
    entries = held.get("statements")
    if not isinstance(entries, dict):
        raise _wrong(path, "it has no statements")
    return {name: _words(path, name, entry) for name, entry in entries.items()}


def _words(path: Path, name: str, entry: object) -> Words:
    is_whole = isinstance(entry, dict) and set(entry) == {"exact", "prefix", "suffix"}
    if not isinstance(entry, dict) or not is_whole or not all(isinstance(w, str) for w in entry.values()):
        raise _wrong(path, f"the entry '{name}' does not hold exact, prefix and suffix")
    return Words(**entry)


def _wrong(path: Path, why: str) -> FileError:
    return FileError(
        f"This is no file of words: {why}.",
        code="damaged-file",
        where=str(path),
        hint="Delete it; it is made anew from the texts.",
    )
