"""The one SQLite file of a folder of cases: opened safely, shared by threads and processes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from westphalia.errors import FileError

HIDDEN = ".westphalia"
"""The folder inside a folder of cases that holds what is no case."""

FILE = "workspace.sqlite"

APPLICATION = 0x57657374
"""The mark of our files in the header of SQLite: "West"."""

FORMAT = 1
"""Version of the tables; a file with a higher one was written by a newer westphalia."""

_PATIENCE_MS = 10_000


class Database:
    """The SQLite file of a folder of cases.

    Whoever works at the same time has a connection of its own, taken from those at rest. Readers never wait
    for writers (write-ahead log); writers wait for each other, at most ten seconds.

    Parameters
    ----------
    path: the file; it and its folder are made if need be.

    Raises
    ------
    FileError: the file is no database (code ``not-a-workspace``) or one of another program, was written by a
        newer version (``newer-workspace``), or cannot be used (``workspace-unusable``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._resting: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from None
        with self.transaction() as connection:
            self._claim(connection)
        with self._connected() as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    @classmethod
    def of(cls, folder: Path) -> Database:
        """Return the database of a folder of cases."""
        return cls(folder / HIDDEN / FILE)

    def prepare(self, schema: str) -> None:
        """Make the tables of a schema that are not there yet; every statement says ``IF NOT EXISTS``."""
        with self._connected() as connection:
            connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nCOMMIT;")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to read with; all that one block reads is of one moment."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to write with: all that the block does is kept, or nothing if it raises.

        Raises
        ------
        FileError: the disk is full, the file is damaged, or others wrote for ten seconds. Broken constraints
            are raised as they are, as `sqlite3.IntegrityError`.
        """
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connections at rest."""
        with self._lock:
            closing, self._resting = self._resting, []
        for connection in closing:
            connection.close()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection; what was begun on it and not ended is undone."""
        try:
            connection = self._taken()
            try:
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.rollback()
                raise
            finally:
                self._give_back(connection)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise self._told(error) from None

    def _taken(self) -> sqlite3.Connection:
        with self._lock:
            if self._resting:
                return self._resting.pop()
        made = sqlite3.connect(
            self.path, timeout=_PATIENCE_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            made.row_factory = sqlite3.Row
            made.execute("PRAGMA foreign_keys = ON")
            made.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            made.close()
            raise
        return made

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.close()
            return
        with self._lock:
            self._resting.append(connection)

    def _claim(self, connection: sqlite3.Connection) -> None:
        """Mark a new file as ours, and refuse one that is not."""
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        written = connection.execute("PRAGMA user_version").fetchone()[0]
        has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
        if mark != APPLICATION and (has_tables or mark):
            raise self._foreign("It is a database of another program.")
        if written > FORMAT:
            raise FileError(
                "The workspace was written by a newer version of westphalia.",
                code="newer-workspace",
                where=str(self.path),
                hint="Update westphalia, or open the folder with the version that wrote it.",
            )
        if not mark:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")

    def _told(self, error: sqlite3.DatabaseError) -> FileError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            return self._foreign("It is no database.")
        return self._unusable(str(error))

    def _foreign(self, said: str) -> FileError:
        hint = "Move it elsewhere; a new one is made. Runs, people and the journal are in it, no case is."
        return FileError(said, code="not-a-workspace", where=str(self.path), hint=hint)

    def _unusable(self, reason: str) -> FileError:
        return FileError(
            f"The workspace's database cannot be used: {reason}.",
            code="workspace-unusable",
            where=str(self.path),
            hint="Is the disk full, or the folder not yours to write in?",
        )
