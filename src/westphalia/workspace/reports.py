"""The texts of a case's sources: found, kept as long as no file changes, and new ones put in."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePath

from westphalia.dossier.schema import Source
from westphalia.dossier.shelf import MOST_FILES, find_texts
from westphalia.dossier.texts import KINDS, SourceText, read_text
from westphalia.errors import FileError, suggest
from westphalia.files import write_whole

FOLDER = "sources"
"""The folder beside a case file for the texts of its sources."""

_LONGEST_NAME = 100


def folders_of(case: Path, sources: Path | None) -> list[Path]:
    """Return the folders in which texts are looked for, in this order; `case` is the folder of the case."""
    folders = [case / FOLDER, case, *([sources] if sources is not None else [])]
    return [folder for folder in folders if folder.is_dir()]


def sign_of(folders: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Return names, times and sizes of the files in which texts are looked for: what tells of a change."""
    return tuple(entry for folder in folders for entry in islice(_states(folder), MOST_FILES))


def _states(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            file = Path(path, name)
            if file.suffix.lower() in KINDS and file.is_file():
                state = file.stat()
                yield str(file), state.st_mtime_ns, state.st_size


def texts_in(folders: Iterable[Path], sources: Iterable[Source]) -> dict[str, SourceText]:
    """Return the texts of sources by id, each from the first folder that has it."""
    found: dict[str, SourceText] = {}
    wanted = [_without_hidden(source) for source in sources]
    for folder in folders:
        left = [source for source in wanted if source.id not in found]
        if left:
            found |= find_texts(left, folder).found
    return found


def _without_hidden(source: Source) -> Source:
    """Return the source without a file that lies hidden, as what the workbench keeps for itself does."""
    parts = PurePath(source.file or "").parts
    return source.model_copy(update={"file": None}) if any(part.startswith(".") for part in parts) else source


def put_text(folder: Path, filename: str, raw: bytes) -> Path:
    """Write a text that was sent into a folder, once it is sure that it can be read, and return its file.

    Raises
    ------
    FileError: there is a file of that name, or it is of a kind that is not read, too large, damaged,
        or holds no text; nothing is written then.
    """
    name = safe_name(filename)
    target = folder / name
    if os.path.lexists(target):
        hint = "Give the new one another name."
        raise FileError("There is already a text of that name.", code="file-exists", where=name, hint=hint)
    try:
        with tempfile.TemporaryDirectory() as rest:
            trial = Path(rest, name)
            trial.write_bytes(raw)
            try:
                read_text(trial)
            except FileError as error:
                raise FileError(error.message, code=error.code, where=name, hint=error.hint) from None
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink():
            raise FileError("The folder of the texts is a link.", code="outside-folder", where=folder.name)
        write_whole(target, raw)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"The text cannot be written: {reason}.", code="not-saved", where=name) from None
    return target


def safe_name(filename: str) -> str:
    """Return the name of a file that was sent as one that is safe everywhere: no folders, no odd signs.

    Raises
    ------
    FileError: its ending is of no kind that is read.
    """
    last = re.split(r"[/\\]", filename)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    stem, dot, ending = plain.rpartition(".")
    stem, suffix = (stem, f".{ending.lower()}") if dot else (ending, ".txt")
    if suffix not in KINDS:
        hint = suggest(suffix, filter(None, KINDS))
        message = f"Files with the ending '{suffix[:20]}' cannot be read."
        raise FileError(message, code="unknown-kind", where=last[:_LONGEST_NAME], hint=hint)
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:_LONGEST_NAME] or "text"
    return f"{stem}{suffix}"
