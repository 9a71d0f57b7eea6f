"""The tables of a Discourse Network Analyzer file: an SQLite database, read as that of a stranger."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from westphalia.formats.databases import columns_of, opened, rows_of
from westphalia.formats.reports import refusal

LARGEST_FILE = 500_000_000
LONGEST_CELL = 30_000_000
MOST_ROWS = 500_000

_COLUMNS: dict[str, tuple[str, ...]] = {
    "SETTINGS": ("Property", "Value"),
    "CODERS": ("ID", "Name"),
    "DOCUMENTS": ("ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "ENTITIES": ("ID", "VariableId", "Value"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
}
_COUNTED = {"REGEXES": "Label", "ATTRIBUTEVALUES": "ID", "CODERRELATIONS": "ID"}
_WHOLE_NUMBERS = frozenset(
    {"ID", "Coder", "Date", "Start", "Stop", "StatementTypeId", "DocumentId", "StatementId"}
    | {"VariableId", "Entity"}
)

Row = dict[str, Any]


class Tables:
    """The rows of the known tables, each a mapping of the known columns; `counts` of what is not read."""

    def __init__(self, rows: dict[str, list[Row]], counts: dict[str, int]) -> None:
        self.rows = rows
        self.counts = counts

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]


def read_tables(path: Path) -> Tables:
    """Return the tables of a `.dna` file of version 3, rows in the order of their first column.

    Raises
    ------
    FileError: the file is missing, too large, no SQLite database, damaged, of version 2, lacks a table
        or column, or has cells or rows beyond measure.
    """
    where = str(path)
    with opened(path, largest=LARGEST_FILE, longest_cell=LONGEST_CELL) as database:
        _refuse_other(database, where)
        rows = {}
        for table, columns in _COLUMNS.items():
            found = rows_of(database, table, columns, where, most=MOST_ROWS)
            listed = [_row(table, columns, cells, where) for cells in found]
            rows[table] = sorted(listed, key=lambda row: str(row[columns[0]]).zfill(20))
        counts = {
            table: len(rows_of(database, table, (column,), where, most=MOST_ROWS))
            for table, column in _COUNTED.items()
            if columns_of(database, table)
        }
    return Tables(rows, counts)


def _refuse_other(database: sqlite3.Connection, where: str) -> None:
    if not columns_of(database, "STATEMENTS") or not columns_of(database, "DOCUMENTS"):
        hint = "A .dna file has tables such as DOCUMENTS and STATEMENTS; a .dnc file only says where one is."
        raise refusal("The database is none of the Discourse Network Analyzer.", where, hint, "not-dna")
    if "entity" not in columns_of(database, "DATASHORTTEXT"):
        hint = "Open it in the Discourse Network Analyzer 3, which converts it, and save it anew."
        raise refusal("This is a file of version 2.", where, hint, "old-version")


def _row(table: str, columns: tuple[str, ...], cells: tuple[Any, ...], where: str) -> Row:
    """Return a row; SQLite lets any cell hold any type, so what should be a number is held to be one."""
    row = dict(zip(columns, cells, strict=True))
    for column, cell in row.items():
        is_number = column in _WHOLE_NUMBERS and not (column == "Coder" and cell is None)
        if is_number and (not isinstance(cell, int) or abs(cell) > 10**15):
            message = f"In the table {table}, {column} is no whole number: {cell!r:.60}."
            raise refusal(message, where, "Mend the row, or save the file anew.", "bad-cell")
        if isinstance(cell, bytes):
            raise refusal(f"In the table {table}, {column} holds bytes.", where, code="bad-cell")
    return row
