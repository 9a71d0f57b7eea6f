"""SQLite databases of strangers: opened to be read and nothing else, with bounded cells and bounded work.

Only plain tables are named to the reader, so that no view, trigger or virtual table of the file's own runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from westphalia.formats.reports import refusal

MAGIC = b"SQLite format 3\0"
LONGEST_CELL = 1_000_000
_STEP = 100_000
_MOST_STEPS = 5_000
"""Calls of the progress handler, each after `_STEP` instructions: some ten seconds of work."""
_HEADER = 100

Cell = None | int | float | str | bytes


@contextmanager
def opened(path: Path, *, largest: int, longest_cell: int = LONGEST_CELL) -> Iterator[sqlite3.Connection]:
    """Open a database that may be hostile; what goes wrong while it is read becomes a FileError.

    No cell may have more than `longest_cell` bytes.

    Raises
    ------
    FileError: no ordinary file, larger than `largest` bytes, no database, in use by another program, or
        damaged.
    """
    _refuse_other(path, largest)
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest_cell)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.set_authorizer(_may)
        steps = iter(range(_MOST_STEPS))
        database.set_progress_handler(lambda: int(next(steps, None) is None), _STEP)
        yield database
    except (sqlite3.Error, UnicodeError) as error:
        raise refusal(
            f"The database cannot be read: {error}.", str(path), "Copy or save it anew.", "damaged-database"
        ) from None
    finally:
        database.close()


def _refuse_other(path: Path, largest: int) -> None:
    where = str(path)
    try:
        if not path.is_file():
            raise refusal("There is no such file.", where, code="missing-file")
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
        log = path.with_name(f"{path.name}-wal")
        is_in_use = log.is_file() and log.stat().st_size > 0
    except OSError as error:
        raise refusal(
            f"The file cannot be opened: {error.strerror}.", where, code="unreadable-file"
        ) from None
    if size > largest:
        raise refusal(f"The file is larger than {largest // 1_000_000} MB.", where, code="too-large")
    if len(head) < _HEADER or not head.startswith(MAGIC):
        raise refusal("This is no SQLite database.", where, code="not-sqlite")
    if is_in_use:
        raise refusal(
            "Some of the data still stand in a log beside the database.",
            str(log),
            "Close the program that has it open.",
            "file-in-use",
        )


def _may(action: int, first: str | None, _second: str | None, _base: str | None, _by: str | None) -> int:
    """Allow to read tables and to ask for their columns, and nothing else."""
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    is_question = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if is_question else sqlite3.SQLITE_DENY


def columns_of(database: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return the columns of a plain table by their names in lower case; none if there is no such table."""
    listed = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchmany(10_000)
    plain = {str(name).lower(): name for name, sql in listed if str(sql).lower().startswith("create table")}
    if table.lower() not in plain:
        return {}
    return {str(row[1]).lower(): str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")}


def rows_of(
    database: sqlite3.Connection, table: str, columns: Sequence[str], where: str, *, most: int
) -> list[tuple[Cell, ...]]:
    """Return the columns of all rows of a plain table, in the order in which they stand.

    Raises
    ------
    FileError: the table or a column is missing, or there are more than `most` rows.
    """
    there = columns_of(database, table)
    lacking = [column for column in columns if column.lower() not in there]
    if lacking:
        message = f"has no column '{lacking[0]}'" if there else "is missing"
        raise refusal(f"The table {table} {message}.", where, "Save the results anew.", "missing-table")
    listed = ", ".join(f'"{column}"' for column in columns)
    found = database.execute(f"SELECT {listed} FROM {table}").fetchmany(most + 1)  # noqa: S608
    if len(found) > most:
        raise refusal(f"The table {table} has more than {most:,} rows.", where, code="too-large")
    return found
