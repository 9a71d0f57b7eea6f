"""Saving a case so that a failure half-way leaves the old file whole."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from westphalia.case.document import Document
from westphalia.errors import CallError, FileError
from westphalia.files import write_whole


def save(document: Document, path: str | Path | None = None) -> Document:
    """Write the document to its file, or to a new one, and return it as saved.

    The text goes to a file beside the old one, which then takes its place in one step; links are
    followed and the file keeps its mode.

    Raises
    ------
    FileError: the file has changed since it was read, another file stands at `path`, or the disk refuses.
    CallError: the document was not read from a file and no path is given.
    """
    if path is None and document.path is None:
        message = "The case was not read from a file."
        raise CallError(message, code="no-path", hint="Say where to save it: save(document, path).")
    target = Path(path if path is not None else document.path or "")
    target = Path(os.path.realpath(target))
    is_own = document.path is not None and target == Path(os.path.realpath(document.path))
    raw = document.raw()
    try:
        _refuse_to_lose(document, target, is_own)
        write_whole(target, raw)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "The old file is as it was." if target.exists() else ""
        raise FileError(
            f"It cannot be saved: {reason}.", code="not-saved", where=str(target), hint=hint
        ) from None
    saved_at = document.path if is_own else target
    name = document.name if is_own else str(target)
    places = replace(document.places, file=name)
    digest = hashlib.sha256(raw).hexdigest()
    return replace(document, path=saved_at, name=name, places=places, file_digest=digest)


def _refuse_to_lose(document: Document, target: Path, is_own: bool) -> None:
    if not target.exists():
        return
    if not is_own:
        hint = "Choose another name, or remove that file first."
        raise FileError("There is already a file.", code="file-exists", where=str(target), hint=hint)
    if hashlib.sha256(target.read_bytes()).hexdigest() != document.file_digest:
        hint = "Read it again and repeat the change."
        message = "The file has changed since it was read."
        raise FileError(message, code="file-changed", where=str(target), hint=hint)
