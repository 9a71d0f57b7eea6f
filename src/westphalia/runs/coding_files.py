"""Suggestions as a file to look through: places and hashes in one, the words of the text in another."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from westphalia.dossier.anchors import anchor, make_span
from westphalia.dossier.assistant import ASSISTANT, Assisted
from westphalia.dossier.journal import MOST_BYTES
from westphalia.dossier.proposals import Proposal, Sheet
from westphalia.dossier.review import Entry
from westphalia.dossier.schema import Span
from westphalia.dossier.words import Words, words_file, words_of, write_words
from westphalia.errors import FileError
from westphalia.files import write_whole
from westphalia.runs.coding import Suggestion, Suggestions, with_assisted

_VERSION = 1
_HEAD = f'{{\n "westphalia-suggestions": {_VERSION},'


def suggestions_file(case: str | Path, source: str) -> Path:
    """Return the path beside a case file: ``peace.yaml`` has ``peace.report.suggestions.json``."""
    return Path(case).with_suffix(f".{source}.suggestions.json")


def as_plain(found: Suggestions) -> dict[str, Any]:
    """Return all suggestions as plain data: spans with hashes, and no words of the text but names."""
    return {
        "westphalia-suggestions": _VERSION,
        "source": found.source.id,
        "sha256": found.text.sha256,
        "characters": found.text.characters,
        "language": found.language,
        "repairs": [asdict(one) for one in found.text.repairs],
        "metadata": [asdict(one) for one in found.text.proposed],
        "counts": [{"kind": kind, "tier": tier, "count": n} for (kind, tier), n in found.counts.items()],
        "statements": [_statement(one) for one in found.statements],
        "proposals": [_proposal(found, one) for one in found.sheet],
    }


def write_suggestions(found: Suggestions, path: Path) -> tuple[Path, Path]:
    """Write the suggestions, and the words of those that may become statements to the side file.

    Raises
    ------
    FileError: another file stands at the path, or it cannot be written.
    """
    beside = words_file(path)
    _refuse_to_lose(path, beside)
    content = json.dumps(as_plain(found), ensure_ascii=False, indent=1)
    try:
        write_whole(path, f"{content}\n".encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"The suggestions cannot be written: {reason}."
        raise FileError(message, code="unwritable-file", where=str(path)) from None
    write_words(beside, {one.entry.id: _words(found.text.text, one) for one in found.statements})
    return path, beside


def with_kept(found: Suggestions, path: Path) -> Suggestions:
    """Return the suggestions with those of an assistant that an earlier run has written to the file.

    The rules find theirs anew each time; what a model proposed would be lost. Of another text nothing is
    kept, and nothing that does not stand in this one.

    Raises
    ------
    FileError: the file is too large, or holds no suggestions as this program writes them.
    """
    held = _held(path)
    if held.get("sha256") != found.text.sha256:
        return found
    known = {one.entry.id for one in found.statements}
    rows = held.get("statements")
    entries = tuple(_kept(row, path) for row in rows if _is_assistants(row)) if isinstance(rows, list) else ()
    kept = tuple(one for one in entries if one.id not in known and _stands(one, found))
    return with_assisted(found, Assisted(Sheet(()), kept, (), ()))


def _held(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file() or not _begins_ours(path):
            return {}
        if path.stat().st_size > MOST_BYTES:
            hint = "Remove it; the suggestions are made anew."
            raise FileError("The file is too large.", code="too-large", where=str(path), hint=hint)
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, str(getattr(error, "strerror", None) or error)) from None
    return held if isinstance(held, dict) else {}


def _is_assistants(row: Any) -> bool:
    return isinstance(row, dict) and str(row.get("rule")).startswith(f"{ASSISTANT}:")


def _kept(row: dict[str, Any], path: Path) -> Entry:
    try:
        plain = {name: value for name, value in row.items() if name in Entry.model_fields}
        return Entry.model_validate({**plain, "status": "suggested"})
    except (ValueError, RecursionError):
        raise _damaged(path, f"the suggestion '{str(row.get('id'))[:80]}' is none") from None


def _stands(entry: Entry, found: Suggestions) -> bool:
    """Tell whether an entry is of this source and its words stand where it says."""
    try:
        span = Span.model_validate(entry.fields.get("span"))
    except ValueError:
        return False
    return entry.fields.get("source") == found.source.id and anchor(span, found.text.text).state == "exact"


def _damaged(path: Path, why: str) -> FileError:
    message = f"The suggestions cannot be read: {why}."
    hint = "Remove the file; the suggestions are made anew, but for those of an assistant."
    return FileError(message, code="damaged-suggestions", where=str(path), hint=hint)


def _refuse_to_lose(path: Path, beside: Path) -> None:
    """Refuse to write over anything but what an earlier run has written."""
    try:
        if not path.exists() and not beside.exists():
            return
        is_ours = path.exists() and _begins_ours(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"The path cannot be used: {reason}."
        raise FileError(message, code="bad-path", where=str(path)) from None
    if not is_ours:
        taken = path if path.exists() else beside
        hint = "Choose another name with --out, or remove that file first."
        raise FileError(
            "There is a file that holds no suggestions.", code="file-exists", where=str(taken), hint=hint
        )


def _begins_ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_HEAD)) == _HEAD.encode()


def _words(text: str, one: Suggestion) -> Words:
    return words_of(text, Span.model_validate(one.entry.fields["span"]))


def _statement(one: Suggestion) -> dict[str, Any]:
    return {
        **one.entry.model_dump(mode="json", exclude_none=True, exclude={"is_gone"}),
        "line": one.line,
        "questions": [asdict(question) for question in one.questions],
        "coded_as": one.coded_as,
    }


def _proposal(found: Suggestions, one: Proposal) -> dict[str, Any]:
    text = found.text.text
    return {
        "kind": one.kind,
        "tier": one.tier,
        "rule": one.rule,
        "line": found.line(one.start),
        "spans": [make_span(text, *span).model_dump(exclude_none=True) for span in one.spans],
        "details": asdict(one.details),
    }
