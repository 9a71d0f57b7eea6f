"""A file that was sent becomes a case in a new folder: a case, a table of stands, a file of other tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath

from westphalia.case.create import create, create_from
from westphalia.case.document import CASE_FILE, Document, parse, read
from westphalia.case.text.saving import save
from westphalia.errors import CallError, CaseError, FileError, WestphaliaError
from westphalia.formats.imported import Account
from westphalia.formats.known import find_format, format_of

_CASES = (".yaml", ".yml")
_TABLES = (".csv", ".tsv", ".xlsx")
_LONGEST_NAME = 100


def bring_in(
    target: Path,
    filename: str,
    raw: bytes,
    rest: Path,
    *,
    format_id: str | None = None,
    part: str | None = None,
) -> Account:
    """Write the case that a file holds into the folder `target`, and say what came over.

    Parameters
    ----------
    target: a folder that is not there yet; the case takes its id, unless it brings one.
    filename: the name under which the file was sent; its ending helps to tell what it is.
    rest: a folder for the file while it is read.
    format_id, part: as `westphalia import` takes them; told by the content unless given.

    Raises
    ------
    FileError: it is in no format that is read, an archive, too large, or damaged.
    CaseError: what it holds is no sound case.
    CallError: there is no such format or part.
    """
    sent = rest / _plain(filename)
    ending = sent.suffix.lower()
    with _told_without(rest, target):
        if ending == ".zip":
            hint = "Unpack it and give the file within."
            raise FileError("Archives are not unpacked.", code="archive", where=sent.name, hint=hint)
        if ending in _CASES and format_id is None:
            return _of_case(target, raw)
        sent.write_bytes(raw)
        if format_id is None and ending in _TABLES and _is_no_format(sent):
            return _of_table(target, sent)
        return _of_format(target, sent, format_id, part)


def _plain(filename: str) -> str:
    """Return the last part of a name without signs that mean something to a disk."""
    last = re.sub(r"[^\w. -]+", "-", re.split(r"[/\\]", filename)[-1]).lstrip(". ")
    name = PurePath(last[-_LONGEST_NAME:] or "file")
    return str(name)


@contextmanager
def _told_without(*folders: Path) -> Iterator[None]:
    """Let errors name files without the folders in which they stood for a moment."""

    def short(text: str) -> str:
        for folder in folders:
            text = text.replace(f"{folder}/", "").replace(str(folder), folder.name)
        return text

    try:
        yield
    except CaseError as error:
        places = [replace(each.place, file=short(each.place.file)) for each in error.findings]
        raise CaseError(
            replace(each, place=place) for each, place in zip(error.findings, places, strict=True)
        ) from None
    except WestphaliaError as error:
        error.where, error.message, error.hint = short(error.where), short(error.message), short(error.hint)
        raise


def _is_no_format(sent: Path) -> bool:
    try:
        format_of(sent)
    except FileError:
        return True
    return False


def _of_case(target: Path, raw: bytes) -> Account:
    document = parse(raw, CASE_FILE)
    target.mkdir(parents=True)
    save(document, target / CASE_FILE)
    return Account(carried=(f"The case file as it is: {_counted(document)}.",))


def _of_table(target: Path, sent: Path) -> Account:
    document = read(create(target, title=sent.stem, table=sent))
    return Account(
        carried=(f"The table of stands: {_counted(document)}.",),
        changed=("Every number is marked as an assumption that was taken from the table.",),
    )


def _counted(document: Document) -> str:
    case = document.case
    return f"{len(case.actors)} actors, {len(case.issues)} issues, {len(case.statements)} statements"


def _of_format(target: Path, sent: Path, format_id: str | None, part: str | None) -> Account:
    form = find_format(format_id) if format_id is not None else format_of(sent)
    if form.read is None:
        raise CallError(f"{form.title} is written, not read.", code="not-read", where=form.id)
    if part is None:
        case = form.read(sent)
    elif form.read_part is None:
        raise CallError(f"A file of {form.id} holds one thing only.", code="no-part", where=form.id)
    else:
        case = form.read_part(sent, part)
    target.mkdir(parents=True, exist_ok=True)
    create_from(target, case.tree, case.beside)
    return case.account
