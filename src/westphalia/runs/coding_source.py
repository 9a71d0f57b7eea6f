"""Which source of a case a text belongs to, and the case with the source if it is new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.case.text.nodes import Path as Steps
from westphalia.dossier.drafts import Proposed
from westphalia.dossier.lexicon import LANGUAGES, language_of
from westphalia.dossier.metadata import header, without_header
from westphalia.dossier.proposals import Meta
from westphalia.dossier.schema import Source, free_id
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError, FileError
from westphalia.fields import ids_for
from westphalia.files import write_whole
from westphalia.runs.coding import Suggestions, is_date

_FIELDS = ("title", "author", "date", "publisher", "url")
_LONGEST_VALUE = 300


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
    known = {**_tree(source), "sha256": text.sha256, "characters": text.characters}
    if at is None:
        return document.set_many({("sources", len(trees)): known})
    new: dict[Steps, Any] = {
        ("sources", at, name): value for name, value in known.items() if name not in trees[at]
    }
    return document.set_many(new) if new else document


def _tree(source: Source) -> dict[str, Any]:
    """Return a source as the case file writes it: one text and one date without their languages and parts."""
    plain = source.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    date = {"date": source.date.at} if source.date is not None and source.date.at else {}
    return {**plain, "title": str(source.title), **date}


def told_of_itself(found: Suggestions) -> tuple[Proposed, ...]:
    """Return what a text says of itself, by its first lines and its reader; each field and value once."""
    lines = [
        Proposed(one.details.name, one.details.value, f"line {found.line(one.start)}")
        for one in found.sheet.of_kind("meta")
        if isinstance(one.details, Meta)
    ]
    return tuple({(one.field, one.value): one for one in (*lines, *found.text.proposed)}.values())


def with_metadata(found: Suggestions, *, is_new: bool) -> Suggestions:
    """Return the suggestions with a source that has what the text says of itself, and where it was read.

    Only what the case leaves open is filled, and only where the text gives one value; of a new source
    the title is open, since the file's name merely stands in for it.
    """
    told = told_of_itself(found)
    held = _tree(found.source)
    silent = [name for name in _FIELDS if name not in held or (is_new and name == "title")]
    taken = {}
    for name in silent:
        values = [one for one in told if one.field == name and _can_stand(one)]
        if len({one.value for one in values}) == 1:
            taken[name] = values[0]
    if not taken:
        return found
    read = f"Read from the text: {', '.join(f'{name} ({one.where})' for name, one in taken.items())}."
    fields = {name: one.value for name, one in taken.items()}
    source = Source.model_validate({**held, **fields, "note": found.source.note or read})
    return replace(found, source=source)


def _can_stand(one: Proposed) -> bool:
    """Tell whether a value can stand in a case file: short, printable, and a day if it is a date."""
    is_text = one.value.isprintable() and 0 < len(one.value.strip()) <= _LONGEST_VALUE
    if not is_text or one.field != "date":
        return is_text
    return is_date(one.value)


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
