"""The people of a team: their names, passwords and roles, and the journal of who did what."""

from __future__ import annotations

import datetime
import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from westphalia.errors import CallError, suggest
from westphalia.workspace.database import Database
from westphalia.workspace.passwords import accepted, hashed, is_outdated, is_right
from westphalia.workspace.sessions import Sessions

Role = Literal["reader", "coder", "analyst", "keeper"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""What a person may do, each what those before it may, and more."""

MOST_PEOPLE: Final = 1_000
_LONGEST_NAME: Final = 80
_LONGEST_DETAIL: Final = 500
_LOGIN: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_TAKEN: Final = ("disk", "first", "me", "nobody", "system", "you")
"""Names that mean no person where a name is written: in histories, in addresses."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

_PEOPLE: Final = """
CREATE TABLE IF NOT EXISTS person (
    name TEXT PRIMARY KEY,
    shown TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    password TEXT NOT NULL
) WITHOUT ROWID;
"""

_JOURNAL: Final = """
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL,
    of_case TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_of_case ON journal (of_case, id);
CREATE TRIGGER IF NOT EXISTS journal_is_not_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER IF NOT EXISTS journal_is_not_cut BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may come in: login, full name, role, and since when (UTC, ISO 8601)."""

    name: str
    shown: str
    role: Role
    is_active: bool = True
    made_at: str = ""

    def may(self, role: Role) -> bool:
        """Say whether this person may do what that role may."""
        return self.is_active and ROLES.index(self.role) >= ROLES.index(role)


class People:
    """The people of a folder and their `sessions`. `clock` gives the seconds since 1970."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        database.prepare(_PEOPLE)
        self.sessions = Sessions(database, clock)

    @property
    def is_empty(self) -> bool:
        """Whether nobody was added yet."""
        with self._database.reading() as rows:
            return rows.execute("SELECT 1 FROM person LIMIT 1").fetchone() is None

    def people(self) -> tuple[Person, ...]:
        """Return everybody by login, those who may no longer come in too."""
        with self._database.reading() as rows:
            return tuple(map(_person, rows.execute(f"{_EVERYBODY} ORDER BY name").fetchall()))

    def find(self, name: str) -> Person:
        """Return the person of that login.

        Raises
        ------
        CallError: there is none (``unknown-person``).
        """
        with self._database.reading() as rows:
            return _found(rows, name)

    def add(self, name: str, shown: str, password: str, role: str) -> Person:
        """Add a person and return it; the login is lower-case letters, digits, ``-`` and ``_``.

        Raises
        ------
        CallError: the login is not of that form or taken, the full name is empty or too long, the password
            too weak, the role none of `ROLES`, or there are `MOST_PEOPLE` already.
        """
        return self._add(
            Person(_login(name), _shown(shown), _role(role), True, _moment(self._clock())), password
        )

    def add_first(self, name: str, shown: str, password: str) -> Person:
        """Add the first keeper of a team and return it.

        Raises
        ------
        CallError: as for `add`, and if there is somebody already (``team-begun``).
        """
        first = Person(_login(name), _shown(shown), "keeper", True, _moment(self._clock()))
        return self._add(first, password, is_first=True)

    def _add(self, person: Person, password: str, is_first: bool = False) -> Person:
        accepted(password, person.name)
        kept = hashed(password)
        with self._database.transaction() as rows:
            count = rows.execute("SELECT count(*) FROM person").fetchone()[0]
            if is_first and count:
                raise CallError("The team has a keeper already.", code="team-begun", hint="Sign in.")
            if count >= MOST_PEOPLE:
                raise CallError("There are too many people already.", code="too-many-people", where="name")
            if rows.execute("SELECT 1 FROM person WHERE name = ?", (person.name,)).fetchone():
                raise CallError(
                    "Somebody has this login already.",
                    code="person-known",
                    where="name",
                    hint="Take another login.",
                )
            row = (person.name, person.shown, person.role, True, person.made_at, kept)
            rows.execute("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", row)
        return person

    def change(
        self, name: str, *, shown: str | None = None, role: str | None = None, is_active: bool | None = None
    ) -> Person:
        """Change what is given of a person and return it; who may no longer come in is out at once.

        Raises
        ------
        CallError: there is no such person, the full name or the role is none, or no keeper would be left.
        """
        with self._database.transaction() as rows:
            before = _found(rows, name)
            after = Person(
                name,
                before.shown if shown is None else _shown(shown),
                before.role if role is None else _role(role),
                before.is_active if is_active is None else is_active,
                before.made_at,
            )
            if before.may("keeper") and not after.may("keeper"):
                _leaves_a_keeper(rows, name)
            row = (after.shown, after.role, after.is_active, name)
            rows.execute("UPDATE person SET shown = ?, role = ?, is_active = ? WHERE name = ?", row)
        if not after.is_active:
            self.sessions.end_all(name)
        return after

    def set_password(self, name: str, password: str) -> None:
        """Give a person another password, and end all their sessions.

        Raises
        ------
        CallError: there is no such person, or the password is too weak.
        """
        accepted(password, name)
        kept = hashed(password)
        with self._database.transaction() as rows:
            _found(rows, name)
            rows.execute("UPDATE person SET password = ? WHERE name = ?", (kept, name))
        self.sessions.end_all(name)

    def check(self, name: str, password: str) -> Person | None:
        """Return the person if the password is theirs and they may come in; as slow if there is nobody."""
        with self._database.reading() as rows:
            person = rows.execute(f"{_EVERYBODY} WHERE name = ? AND is_active", (name,)).fetchone()
            row = rows.execute("SELECT password FROM person WHERE name = ?", (name,)).fetchone()
        kept = row[0] if person else None
        if not is_right(kept, password) or kept is None:
            return None
        if is_outdated(kept):
            anew = hashed(password)
            with self._database.transaction() as rows:
                better = "UPDATE person SET password = ? WHERE name = ? AND password = ?"
                rows.execute(better, (anew, name, kept))
        return _person(person)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in the journal: when (UTC, ISO 8601), who, what, to which case, what else there is to say."""

    id: int
    at: str
    by: str
    what: str
    case: str
    detail: str


class Audit:
    """The journal of a folder: who did what and when. It is only ever added to, the database sees to that."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        database.prepare(_JOURNAL)

    def write(self, by: str, what: str, case: str = "", detail: str = "") -> None:
        """Write one act, one line; never a password or a text of a source. A long detail is cut."""
        line = (_moment(self._clock()), by, what, case, _line(detail)[:_LONGEST_DETAIL])
        with self._database.transaction() as rows:
            rows.execute("INSERT INTO journal (at, by, what, of_case, detail) VALUES (?, ?, ?, ?, ?)", line)

    def entries(
        self, case: str | None = None, limit: int = 100, before: int | None = None
    ) -> tuple[Entry, ...]:
        """Return at most `limit` acts, newest first: of one case or all, older than that of id `before`."""
        with self._database.reading() as rows:
            found = rows.execute(
                "SELECT id, at, by, what, of_case, detail FROM journal"
                " WHERE (?1 IS NULL OR of_case = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
                (case, before, limit),
            ).fetchall()
        return tuple(Entry(*row) for row in found)


_EVERYBODY: Final = "SELECT name, shown, role, is_active, made_at FROM person"


def _person(row: Any) -> Person:
    name, shown, role, is_active, made_at = row
    return Person(name, shown, role, bool(is_active), made_at)


def _found(rows: sqlite3.Connection, name: str) -> Person:
    row = rows.execute(f"{_EVERYBODY} WHERE name = ?", (name,)).fetchone()
    if row is None:
        known = [known for (known,) in rows.execute("SELECT name FROM person")]
        raise CallError(
            f"There is nobody called '{name}'.",
            code="unknown-person",
            where="name",
            hint=suggest(name, known),
        )
    return _person(row)


def _leaves_a_keeper(rows: sqlite3.Connection, name: str) -> None:
    others = "SELECT 1 FROM person WHERE role = 'keeper' AND is_active AND name <> ?"
    if rows.execute(others, (name,)).fetchone() is None:
        raise CallError(
            "This is the only keeper.",
            code="last-keeper",
            where="role",
            hint="Make somebody else a keeper first.",
        )


def is_login(name: str) -> bool:
    """Say whether a name has the form of a login, and means nothing else."""
    return _LOGIN.fullmatch(name) is not None and name not in _TAKEN


def _login(name: str) -> str:
    if not is_login(name):
        raise CallError(
            "This cannot be a login.",
            code="bad-login",
            where="name",
            hint="Write a letter, then letters, digits, '-' or '_', all lower-case, 32 at most.",
        )
    return name


def _shown(shown: str) -> str:
    line = _line(shown)
    if not line or len(line) > _LONGEST_NAME:
        raise CallError(
            "The full name is missing." if not line else "The full name is too long.",
            code="bad-name",
            where="shown",
            hint=f"Write 1 to {_LONGEST_NAME} characters.",
        )
    return line


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise CallError(
        f"There is no role '{role}'.", code="unknown-role", where="role", hint=f"One of {', '.join(ROLES)}."
    )


def _line(text: str) -> str:
    """Return the text as one line without characters that cannot be shown."""
    return _UNPRINTABLE.sub(" ", text).strip()


def _moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")
