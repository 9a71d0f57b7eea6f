"""Sessions: who has come in, known by a token of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

from westphalia.workspace.database import Database

IDLE_SECONDS: Final = 12 * 3600
MOST_SECONDS: Final = 7 * 24 * 3600
_NOTED_EVERY: Final = 300
"""Seconds after which it is written down that a session is still in use; a write a request is too many."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    begun REAL NOT NULL,
    seen REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_of_person ON session (person);
"""


class Sessions:
    """The sessions of a folder. `clock` gives the seconds since 1970.

    A session ends after twelve hours without use and after seven days in any case.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        database.prepare(_SCHEMA)

    def begin(self, person: str = "") -> str:
        """Begin a session and return its token, which nobody guesses; `person` is a login, or nobody's."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._database.transaction() as rows:
            rows.execute("DELETE FROM session WHERE seen < ? OR begun < ?", _oldest(now))
            rows.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (_hash(token), person, now, now))
        return token

    def person_of(self, token: str) -> str | None:
        """Return whose session it is (a login, or nobody's ``""``), None if there is no such session."""
        now, key = self._clock(), _hash(token)
        with self._database.reading() as rows:
            found = rows.execute("SELECT person, begun, seen FROM session WHERE token = ?", (key,)).fetchone()
        if found is None:
            return None
        person, begun, seen = found
        idle, old = _oldest(now)
        if seen < idle or begun < old:
            return None
        if now - seen > _NOTED_EVERY:
            with self._database.transaction() as rows:
                rows.execute("UPDATE session SET seen = ? WHERE token = ?", (now, key))
        return str(person)

    def end(self, token: str) -> None:
        """End a session; nothing if there is none."""
        with self._database.transaction() as rows:
            rows.execute("DELETE FROM session WHERE token = ?", (_hash(token),))

    def end_all(self, person: str) -> None:
        """End all sessions of a person."""
        with self._database.transaction() as rows:
            rows.execute("DELETE FROM session WHERE person = ?", (person,))


def _oldest(now: float) -> tuple[float, float]:
    """Return the earliest last use, and the earliest begin, of a session that still holds."""
    return now - IDLE_SECONDS, now - MOST_SECONDS


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
