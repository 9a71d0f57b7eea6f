"""A new case in a folder of its own: from the template, from a table of stands, or from a file of others."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from westphalia.case.document import CASE_FILE, Document, parse
from westphalia.case.schema import VERSION
from westphalia.case.tables.from_table import case_from_table
from westphalia.case.tables.stands import read_table
from westphalia.case.template import new_case
from westphalia.case.text import emit
from westphalia.case.text.saving import save
from westphalia.errors import FileError
from westphalia.files import write_whole

_HEAD = (
    "# Made from a file of another tool. Write what the points of the scales mean and what holds without\n"
    "# agreement, give the actors their kinds, and replace assumptions by evidence.\n"
)


def create(folder: Path, *, title: str, table: Path | None = None, salience_per_cent: bool = False) -> Path:
    """Write a new case into `folder`, which is made if need be, and return its file.

    Raises
    ------
    FileError: there is a case already, the folder cannot be made, or the table cannot be read.
    CaseError: the table gives no sound case.
    """
    _refuse_old(folder, [CASE_FILE])
    if table is None:
        text = new_case(_name_of(folder), title)
    else:
        rows = read_table(table, salience_per_cent=salience_per_cent)
        text = case_from_table(rows, title, name=_name_of(folder))
    _saved(folder, text)
    return folder / CASE_FILE


def create_from(folder: Path, tree: Mapping[str, Any], beside: Mapping[str, bytes]) -> Document:
    """Write a case of a plain tree, and files beside it, into `folder`, and return the case as saved.

    `tree` may lack `westphalia`, `id`, which is taken from the folder, and `date`, which is today then.
    `beside` holds files by a plain name, or a name in one folder.

    Raises
    ------
    FileError: one of the files is there already, or a name leads elsewhere, or the disk refuses.
    CaseError: the tree is no sound case; nothing is written then.
    """
    for name in beside:
        _check_name(name)
    _refuse_old(folder, [CASE_FILE, *beside])
    head = {"westphalia": VERSION, "id": _name_of(folder)}
    dated = {"title": tree["title"], "question": tree["question"], "date": datetime.date.today().isoformat()}
    text = _HEAD + emit.block({**head, **dated, **tree}, 0, "\n") + "\n"
    document = _saved(folder, text)
    try:
        for name, raw in beside.items():
            (folder / name).parent.mkdir(exist_ok=True)
            write_whole(folder / name, raw)
    except OSError as error:
        raise FileError(
            f"A file cannot be written: {error.strerror}.", code="not-saved", where=str(folder)
        ) from None
    return document


def _check_name(name: str) -> None:
    """Refuse a name that is no plain one and no plain one in one folder."""
    parts = PurePosixPath(name).parts
    is_plain = all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", part) for part in parts)
    if not is_plain or not 1 <= len(parts) <= 2 or name == CASE_FILE:
        raise FileError(f"'{name}' is no name of a file beside a case.", code="bad-path", where=name)


def _refuse_old(folder: Path, names: list[str]) -> None:
    for name in names:
        target = folder / name
        if target.exists():
            what = "case" if name == CASE_FILE else "file"
            raise FileError(
                f"There is already a {what}.",
                code="file-exists",
                where=str(target),
                hint="Choose another folder.",
            )


def _name_of(folder: Path) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-_")[:80] or "my-case"


def _saved(folder: Path, text: str) -> Document:
    target = folder / CASE_FILE
    document = parse(text, str(target))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"The folder cannot be made: {error.strerror}.", code="not-saved", where=str(folder)
        ) from None
    return save(document, target)
