"""Runs asked for, under way and kept: rows of the folder's database, results as files beside it.

Any number of threads and processes may ask, look and cancel. One process works: it alone calls `begin`,
`report`, `end`; see `workspace.worker`.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections import OrderedDict
from pathlib import Path

from westphalia.errors import CallError, FileError
from westphalia.files import write_whole
from westphalia.language import marked as _
from westphalia.runs.pools import version as software
from westphalia.workspace.database import Database
from westphalia.workspace.results import Result
from westphalia.workspace.run_rows import SCHEMA, Run, State, found, now, run_of, written
from westphalia.workspace.tasks import Kind, Task

__all__ = ["Queue", "Run", "State"]

MOST_TRIES = 2
"""How often a run is begun that ends its worker."""

KEPT = 8
"""Results held in memory."""

LONGEST_NAME = 200
_MOST_MESSAGE = 2_000
_MOST_TEXT = 20_000_000


class Queue:
    """The runs of a folder of cases.

    Parameters
    ----------
    database: the folder's database.
    folder: where results are kept, made if need be.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self._held: OrderedDict[int, Result] = OrderedDict()
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder of results cannot be made: {error.strerror or error}."
            raise FileError(message, code="file-unwritable", where=str(folder)) from None
        database.prepare(SCHEMA)

    # --- asking ------------------------------------------------------------------------------------

    def ask(self, case: str, text: str, task: Task, by: str, name: str = "", *, fresh: bool = False) -> Run:
        """Ask for a task on a version of a case and return its run.

        The same task on the same text that is under way, or done by this version of westphalia, is given back
        instead unless it is to be `fresh`.

        Parameters
        ----------
        case: the name of the case. text: the case file as it stands, with its byte-order mark if it has one.
        by: who asks. name: what the run is to be called.

        Raises
        ------
        CallError: the text or the name is too long.
        """
        _is_short(name)
        if len(text) > _MOST_TEXT:
            raise CallError("The case file is too long to be run.", code="case-too-long", where=case)
        version = hashlib.sha256(text.encode("utf-8")).hexdigest()
        with self.database.transaction() as connection:
            same = None if fresh else self._same(connection, case, version, task)
            if same is not None:
                return same
            connection.execute("INSERT OR IGNORE INTO run_texts VALUES (?, ?)", (version, text))
            return self._added(connection, case, version, task, by, name)

    def again(self, run: int, by: str) -> Run:
        """Ask for a run once more: the same task on the same text, which gives the same bits."""
        with self.database.transaction() as connection:
            old = found(connection, run)
            return self._added(connection, old.case, old.version, old.task, by, old.name)

    def _same(self, connection: sqlite3.Connection, case: str, version: str, task: Task) -> Run | None:
        """Return the latest run of the same task on the same text that need not be made again."""
        rows = connection.execute(
            'SELECT * FROM runs WHERE "case" = ? AND version = ? AND kind = ? AND settings = ? '
            "AND (state IN ('waiting', 'running') AND cancelled_at IS NULL "
            "OR state = 'done' AND software = ?) ORDER BY id DESC",
            (case, version, task.kind, written(task), software()),
        )
        return next(
            (run for run in map(run_of, rows) if run.is_under_way or self._file(run.id).is_file()), None
        )

    def _added(
        self, connection: sqlite3.Connection, case: str, version: str, task: Task, by: str, name: str
    ) -> Run:
        made = connection.execute(
            'INSERT INTO runs ("case", version, kind, settings, name, asked_at, "by") '
            "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (case, version, task.kind, written(task), name.strip(), now(), by),
        ).fetchone()
        return run_of(made)

    # --- looking -----------------------------------------------------------------------------------

    def run(self, run: int) -> Run:
        """Return a run.

        Raises
        ------
        CallError: there is none of that number (code ``unknown-run``).
        """
        with self.database.reading() as connection:
            return found(connection, run)

    def runs(self, case: str | None = None, limit: int = 100) -> tuple[Run, ...]:
        """Return the latest runs, of one case or of all, the newest first."""
        chosen, values = ('WHERE "case" = ?', [case]) if case is not None else ("", [])
        with self.database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM runs {chosen} ORDER BY id DESC LIMIT ?",  # noqa: S608 - our own words
                (*values, limit),
            )
            return tuple(map(run_of, rows))

    def latest(self, case: str, kind: Kind) -> Run | None:
        """Return the latest run of a case that is done and of this kind."""
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM runs WHERE \"case\" = ? AND kind = ? AND state = 'done' "
                "ORDER BY id DESC LIMIT 1",
                (case, kind),
            ).fetchone()
        return None if row is None else run_of(row)

    def text(self, run: int) -> str:
        """Return the text of the case that a run is made of."""
        with self.database.reading() as connection:
            version = found(connection, run).version
            row = connection.execute("SELECT text FROM run_texts WHERE version = ?", (version,)).fetchone()
        return str(row["text"])

    def result(self, run: int) -> Result:
        """Return what came of a run; the last few are held in memory.

        Raises
        ------
        CallError: there is no such run, or it is not done (code ``run-not-done``).
        FileError: its file is gone or damaged.
        """
        with self._lock:
            if run in self._held:
                self._held.move_to_end(run)
                return self._held[run]
        result = self._read(self.run(run))
        with self._lock:
            self._held[run] = result
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return result

    def _read(self, run: Run) -> Result:
        if run.state != "done":
            raise CallError(
                f"Run {run.id} is not done: it is {run.state}.",
                code="run-not-done",
                where=str(run.id),
                hint=run.message,
            )
        try:
            return Result.from_json(self._file(run.id).read_bytes())
        except OSError:
            raise FileError(
                f"The result of run {run.id} is gone.",
                code="result-gone",
                where=str(run.id),
                hint="Run it again.",
            ) from None

    def wait(self, run: int, timeout: float = 60.0) -> Run:
        """Wait until a run has ended, at most `timeout` seconds, and return it as it then is."""
        until = time.monotonic() + timeout
        while (seen := self.run(run)).is_under_way and time.monotonic() < until:
            time.sleep(0.02)
        return seen

    # --- changing ----------------------------------------------------------------------------------

    def cancel(self, run: int) -> Run:
        """Cancel a run: at once if it waits; one under way is told to stop. One that has ended stays."""
        with self.database.transaction() as connection:
            found(connection, run)
            connection.execute(
                "UPDATE runs SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'waiting'",
                (now(), run),
            )
            connection.execute(
                "UPDATE runs SET cancelled_at = ? "
                "WHERE id = ? AND state = 'running' AND cancelled_at IS NULL",
                (time.time(), run),
            )
            return found(connection, run)

    def rename(self, run: int, name: str) -> Run:
        """Give a run a name. Raises CallError if the name is too long or there is no such run."""
        _is_short(name)
        with self.database.transaction() as connection:
            connection.execute("UPDATE runs SET name = ? WHERE id = ?", (name.strip(), run))
            return found(connection, run)

    def remove(self, run: int) -> None:
        """Remove a run and its result.

        Raises
        ------
        CallError: there is no such run, or it is under way (code ``run-under-way``).
        """
        with self.database.transaction() as connection:
            there = found(connection, run)
            if there.state == "running":
                hint = "Cancel it first."
                raise CallError(f"Run {run} is under way.", code="run-under-way", where=str(run), hint=hint)
            connection.execute("DELETE FROM runs WHERE id = ?", (run,))
            connection.execute(
                "DELETE FROM run_texts WHERE version = ? AND version NOT IN (SELECT version FROM runs)",
                (there.version,),
            )
        with self._lock:
            self._held.pop(run, None)
        self._file(run).unlink(missing_ok=True)

    # --- for the one process that works --------------------------------------------------------------

    def begin(self) -> Run | None:
        """Take the oldest run that waits, for this process; None if none does."""
        with self.database.transaction() as connection:
            row = connection.execute(
                "UPDATE runs SET state = 'running', pid = ?, begun_at = ?, tries = tries + 1, software = ?, "
                "what = '', done = 0, total = 0 WHERE id = "
                "(SELECT id FROM runs WHERE state = 'waiting' ORDER BY id LIMIT 1) RETURNING *",
                (os.getpid(), now(), software()),
            ).fetchone()
            return None if row is None else run_of(row)

    def has_waiting(self) -> bool:
        """Return whether any run waits; costs next to nothing."""
        with self.database.reading() as connection:
            return connection.execute("SELECT 1 FROM runs WHERE state = 'waiting'").fetchone() is not None

    def report(self, run: int, what: str, done: int, total: int) -> bool:
        """Keep how far a run is; return whether it is to go on."""
        with self.database.transaction() as connection:
            row = connection.execute(
                "UPDATE runs SET what = ?, done = ?, total = ? "
                "WHERE id = ? AND state = 'running' AND pid = ? RETURNING cancelled_at",
                (what, done, total, run, os.getpid()),
            ).fetchone()
            return row is not None and row["cancelled_at"] is None

    def keep(self, run: int, result: Result) -> None:
        """Write the result of a run in one step, and mark it done.

        Raises
        ------
        FileError: the disk refuses.
        """
        try:
            write_whole(self._file(run), result.to_json().encode("utf-8"))
        except OSError as error:
            message = f"The result cannot be written: {error.strerror or error}."
            raise FileError(message, code="file-unwritable", where=str(self._file(run))) from None
        self.end(run, "done", pid=os.getpid())

    def end(self, run: int, state: State, message: str = "", *, pid: int | None) -> None:
        """Mark a run that the process `pid` works on as ended; nothing if it works on it no more."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, message = ?, ended_at = ? "
                "WHERE id = ? AND state = 'running' AND pid = ?",
                (state, message[:_MOST_MESSAGE], now(), run, pid),
            )

    def recover(self) -> None:
        """Take up again what a process left that died: only whoever works alone may call this.

        A run begun once waits again; one begun twice has failed; one that was told to stop is cancelled.
        """
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' "
                "WHEN tries >= ? THEN 'failed' ELSE 'waiting' END, "
                "message = CASE WHEN cancelled_at IS NULL AND tries >= ? THEN ? ELSE '' END, "
                "ended_at = CASE WHEN cancelled_at IS NULL AND tries < ? THEN NULL ELSE ? END, "
                "pid = NULL WHERE state = 'running'",
                (MOST_TRIES, MOST_TRIES, _("It ended twice unexpectedly."), MOST_TRIES, now()),
            )
        for half_written in self.folder.glob(".*.new"):
            half_written.unlink(missing_ok=True)

    def overdue(self, pid: int, patience: float) -> tuple[int, ...]:
        """Return the runs of a process that were told to stop more than `patience` seconds ago."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM runs WHERE state = 'running' AND pid = ? AND cancelled_at < ?",
                (pid, time.time() - patience),
            )
            return tuple(row["id"] for row in rows)

    def _file(self, run: int) -> Path:
        return self.folder / f"{run}.json"


def _is_short(name: str) -> None:
    if len(name) > LONGEST_NAME:
        hint = f"At most {LONGEST_NAME} characters."
        raise CallError("The name is too long.", code="name-too-long", where="name", hint=hint)
