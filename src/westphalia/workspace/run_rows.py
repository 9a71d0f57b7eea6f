"""A run as a row of the folder's database."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

from westphalia.errors import CallError
from westphalia.workspace.tasks import Kind, Task

State = Literal["waiting", "running", "done", "failed", "cancelled"]
UNDER_WAY: tuple[State, ...] = ("waiting", "running")

SCHEMA = """
CREATE TABLE IF NOT EXISTS run_texts (
    version TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" TEXT NOT NULL,
    version TEXT NOT NULL REFERENCES run_texts (version),
    kind TEXT NOT NULL,
    settings TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'waiting',
    what TEXT NOT NULL DEFAULT '',
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    asked_at TEXT NOT NULL,
    begun_at TEXT,
    ended_at TEXT,
    "by" TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    software TEXT NOT NULL DEFAULT '',
    pid INTEGER,
    cancelled_at REAL
);
CREATE INDEX IF NOT EXISTS runs_by_state ON runs (state, id);
CREATE INDEX IF NOT EXISTS runs_by_case ON runs ("case", kind, id);
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: what was asked, by whom, how far it is, and how it ended.

    `version` is the digest of the case file's bytes; `what`, `done` and `total` tell the progress; times are
    ISO 8601 in UTC; `message` says why it failed; `tries` how often it was begun; `software` the version of
    westphalia that worked on it, empty until it has; `is_ending` whether it was told to stop and has not yet.
    """

    id: int
    case: str
    version: str
    task: Task
    name: str
    state: State
    what: str
    done: int
    total: int
    asked_at: str
    begun_at: str | None
    ended_at: str | None
    by: str
    message: str
    tries: int
    software: str
    is_ending: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to end."""
        return self.state in UNDER_WAY


def now() -> str:
    """Return the time in UTC, as ISO 8601."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def written(task: Task) -> str:
    """Return the settings of a task as JSON, in their order: `checked` puts the same ones in the same."""
    return json.dumps(task.settings, ensure_ascii=False, separators=(",", ":"))


def found(connection: sqlite3.Connection, run: int) -> Run:
    """Return the run of that number; raises CallError (code ``unknown-run``) if there is none."""
    row = None
    if 0 < run < 1 << 63:
        row = connection.execute("SELECT * FROM runs WHERE id = ?", (run,)).fetchone()
    if row is None:
        raise CallError(f"There is no run {run}.", code="unknown-run", where=str(run))
    return run_of(row)


_SAME: Iterable[str] = (
    "id", "case", "version", "name", "state", "what", "done", "total", "asked_at", "begun_at", "ended_at",
    "by", "message", "tries", "software",
)  # fmt: skip


def run_of(row: sqlite3.Row) -> Run:
    """Return the run that a row holds."""
    task = Task(cast(Kind, row["kind"]), json.loads(row["settings"]))
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    is_ending = row["state"] == "running" and row["cancelled_at"] is not None
    return Run(task=task, is_ending=is_ending, **same)
