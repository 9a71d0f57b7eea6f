"""The tables of a Discourse Network Analyzer file, read as those of a stranger.

A `.dna` file is an SQLite database. It is opened read-only; only plain tables of the known names are
read, so that no view, trigger or virtual table of the file's own can run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from westphalia.errors import suggest
from westphalia.formats.reports import refusal

MAGIC = b"SQLite format 3\0"
LARGEST_FILE = 500_000_000
MOST_ROWS = 500_000
LONGEST_CELL = 30_000_000
_MOST_STEPS = 200
_STEP = 1_000_000

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
_COUNTED = ("REGEXES", "ATTRIBUTEVALUES", "CODERRELATIONS")
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
    """Return the tables of a `.dna` file of version 3.

    Raises
    ------
    FileError: the file is missing, too large, no SQLite database, damaged, of version 2, lacks a table
        or column, or has cells or rows beyond measure.
    """
    where = str(path)
    _refuse_other(path)
    with _opened(path) as database:
        try:
            tables = _tables(database)
            _refuse_version_2(database, tables, where)
            rows = {table: _rows(database, tables, table, where) for table in _COLUMNS}
            counts = {table: _count(database, table) for table in _COUNTED if table in tables}
        except sqlite3.Error as error:
            raise _damaged(error, where) from None
    return Tables(rows, counts)


def _refuse_other(path: Path) -> None:
    where = str(path)
    try:
        if not path.is_file():
            beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
            raise refusal("There is no such file.", where, suggest(path.name, beside), "missing-file")
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(len(MAGIC))
    except OSError as error:
        raise refusal(
            f"The file cannot be opened: {error.strerror}.", where, code="unreadable-file"
        ) from None
    if size > LARGEST_FILE:
        raise refusal(f"The file is larger than {LARGEST_FILE // 1_000_000} MB.", where, code="too-large")
    if head != MAGIC:
        hint = "A .dna file is an SQLite database; a .dnc file only says where one is."
        raise refusal("This is no SQLite database.", where, hint, "not-sqlite")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that may be hostile: read-only, reading alone allowed, cells and work bounded."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.set_authorizer(_may)
        steps = iter(range(_MOST_STEPS))
        database.set_progress_handler(lambda: int(next(steps, None) is None), _STEP)
        yield database
    finally:
        database.close()


def _may(action: int, first: str | None, _second: str | None, _base: str | None, _by: str | None) -> int:
    """Allow to read tables and to count, and nothing else."""
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    is_safe = action == sqlite3.SQLITE_FUNCTION and _second in ("count", "COUNT")
    is_info = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if is_safe or is_info else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> set[str]:
    """Return the names, in capitals, of the plain tables of the file."""
    listed = database.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(10_000)
    return {
        str(name).upper()
        for kind, name, sql in listed
        if kind == "table" and str(sql).upper().startswith("CREATE TABLE")
    }


def _names(database: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[1]) for row in database.execute(f'PRAGMA table_info("{table}")')}


def _refuse_version_2(database: sqlite3.Connection, tables: set[str], where: str) -> None:
    if "STATEMENTS" not in tables or "DOCUMENTS" not in tables:
        hint = "A .dna file has tables such as DOCUMENTS and STATEMENTS."
        raise refusal("The database is none of the Discourse Network Analyzer.", where, hint, "not-dna")
    if "ENTITIES" not in tables or "Entity" not in _names(database, "DATASHORTTEXT"):
        hint = "Open it in the Discourse Network Analyzer 3, which converts it, and save it anew."
        raise refusal("This is a file of version 2.", where, hint, "old-version")


def _count(database: sqlite3.Connection, table: str) -> int:
    # The names of tables and columns are ours, never the file's.
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608


def _rows(database: sqlite3.Connection, tables: set[str], table: str, where: str) -> list[Row]:
    """Return the rows of a table by the order of their first column."""
    if table not in tables:
        raise refusal(f"The table {table} is missing.", where, "Save the file anew.", "missing-table")
    lacking = [column for column in _COLUMNS[table] if column not in _names(database, table)]
    if lacking:
        message = f"The table {table} has no column '{lacking[0]}'."
        raise refusal(message, where, "Only files of version 3 are read.", "missing-column")
    columns = _COLUMNS[table]
    listed = ", ".join(f'"{column}"' for column in columns)
    query = f'SELECT {listed} FROM "{table}" ORDER BY "{columns[0]}"'  # noqa: S608
    found = database.execute(query).fetchmany(MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise refusal(f"The table {table} has more than {MOST_ROWS:,} rows.", where, code="too-large")
    return [_row(table, columns, row, where) for row in found]


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


def _damaged(error: sqlite3.Error, where: str) -> Exception:
    if "interrupted" in str(error) or "too big" in str(error):
        return refusal("A cell, or the work to read the file, is beyond measure.", where, code="too-large")
    hint = "Open it in the Discourse Network Analyzer and save it anew."
    return refusal(f"The database is damaged: {error}.", where, hint, "damaged-file")
