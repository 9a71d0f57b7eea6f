"""A new case in a folder of its own: from the template, or from a table of stands."""

from __future__ import annotations

import re
from pathlib import Path

from westphalia.case.document import CASE_FILE, parse
from westphalia.case.tables.from_table import case_from_table
from westphalia.case.tables.stands import read_table
from westphalia.case.template import new_case
from westphalia.case.text.saving import save
from westphalia.errors import FileError


def create(folder: Path, *, title: str, table: Path | None = None, salience_per_cent: bool = False) -> Path:
    """Write a new case into `folder`, which is made if need be, and return its file.

    Raises
    ------
    FileError: there is a case already, the folder cannot be made, or the table cannot be read.
    CaseError: the table gives no sound case.
    """
    target = folder / CASE_FILE
    if target.exists():
        raise FileError(
            "There is already a case.", code="file-exists", where=str(target), hint="Choose another folder."
        )
    name = re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-_") or "my-case"
    if table is None:
        text = new_case(name, title)
    else:
        rows = read_table(table, salience_per_cent=salience_per_cent)
        text = case_from_table(rows, title, name=name)
    document = parse(text, str(target))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"The folder cannot be made: {error.strerror}.", code="not-saved", where=str(folder)
        ) from None
    save(document, target)
    return target
