"""Which source of a case a text belongs to, and the case with the source if it is new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.dossier.lexicon import LANGUAGES, language_of
from westphalia.dossier.metadata import header, without_header
from westphalia.dossier.schema import Source, free_id
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError, FileError
from westphalia.fields import ids_for
from westphalia.files import write_whole


def source_of(case: CaseFile, text: SourceText, name: str) -> Source | None:
    """Return the source of the case that a text is, by its SHA-256 or its file's name; None if it is new.

    Raises
    ------
    CallError: the case has a source of this file with another text.
    """
    for source in case.sources:
        if source.sha256 == text.sha256:
            return source
    for source in case.sources:
        if source.file == name and source.sha256 is None:
            return source
    for source in case.sources:
        if source.file == name:
            hint = (
                "Its spans do not fit this text. Restore the text that was coded, or give the new one "
                "another file name; `westphalia anchor` shows what moved."
            )
            message = f"The text is not the one that was coded as '{source.id}'."
            raise CallError(message, code="text-differs", where=name, hint=hint)
    return None


def new_source(case: CaseFile, text: SourceText, name: str, language: str = "auto") -> Source:
    """Return a source for a text that the case does not have yet, titled by its file's name.

    Raises
    ------
    CallError: the file's name cannot stand in a case file.
    """
    if not name.isprintable() or not name.strip():
        hint = "Rename the file first."
        raise CallError("The file's name cannot be written down.", code="bad-name", hint=hint)
    taken = {*case.source, *case.actor, *case.issue, *case.statement}
    chosen = free_id(ids_for([Path(name).stem])[Path(name).stem], taken)
    found = language if language in LANGUAGES else language_of(text.text)
    plain: dict[str, Any] = {
        "id": chosen,
        "title": Path(name).stem.strip() or chosen,
        "language": found,
        "file": name,
        "sha256": text.sha256,
        "characters": text.characters,
    }
    return Source.model_validate({key: value for key, value in plain.items() if value is not None})


def with_source(document: Document, source: Source, text: SourceText) -> Document:
    """Return the document with the source and the hash of its text; what the case says of it stays.

    Raises
    ------
    CaseError, CallError: the source cannot be written into the case.
    """
    trees = document.tree.get("sources") or ()
    at = next((at for at, tree in enumerate(trees) if tree["id"] == source.id), None)
    if at is None:
        tree = {**source.model_dump(mode="json", exclude_none=True, exclude_defaults=True)}
        tree["title"] = str(source.title)
        return document.set_many({("sources", len(trees)): tree})
    if source.sha256 is not None:
        return document
    return document.set_many(
        {("sources", at, "sha256"): text.sha256, ("sources", at, "characters"): text.characters}
    )


def body_of(text: SourceText, path: Path) -> tuple[SourceText, Path]:
    """Return the text without its header, and the file beside it that now holds it.

    Raises
    ------
    CallError: the text has no header, or nothing else.
    FileError: another file stands there, or it cannot be written.
    """
    found = header(text.text)
    if found is None:
        hint = "Leave --split-header out: the text begins with itself."
        raise CallError("The text has no header to split off.", code="no-header", where=str(path), hint=hint)
    body = without_header(text, found)
    beside = path.with_name(f"{path.stem}.body.txt")
    raw = body.text.encode("utf-8")
    try:
        if beside.exists() and beside.read_bytes() != raw:
            hint = "Remove it or give it another name."
            raise FileError(
                "Another text stands where the one without header would go.",
                code="file-exists",
                where=str(beside),
                hint=hint,
            )
        write_whole(beside, raw)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The text without header cannot be written: {reason}."
        raise FileError(message, code="unwritable-file", where=str(beside)) from None
    return replace(body, kind="text"), beside
