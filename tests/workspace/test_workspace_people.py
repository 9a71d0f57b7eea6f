"""People, their passwords and sessions, and the journal that is only added to."""

import sqlite3
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.workspace import passwords
from westphalia.workspace.database import Database
from westphalia.workspace.people import ROLES, Audit, People, Person
from westphalia.workspace.sessions import IDLE_SECONDS, MOST_SECONDS

SECRET = "four words nobody joins"
OTHER = "another four words here"
NOBODYS = passwords._NOBODYS


class Clock:
    def __init__(self):
        self.now = 1_780_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hash with the smallest costs: these tests are of who may come in, not of argon2."""
    hasher = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = passwords._NOBODYS.replace("m=65536,t=3,p=4", "m=8,t=1,p=1")
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_NOBODYS", nobodys)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path):
    made = Database(tmp_path / "workspace.sqlite")
    yield made
    made.close()


@pytest.fixture
def people(database, clock):
    return People(database, clock)


def raised(call, *args, **named):
    with pytest.raises(CallError) as caught:
        call(*args, **named)
    return caught.value


def test_the_first_keeper_is_made_once(people):
    assert people.is_empty
    assert people.add_first("anna", "Anna Berg", SECRET).role == "keeper"
    assert not people.is_empty
    error = raised(people.add_first, "ben", "Ben Ash", SECRET)
    assert error.code == "team-begun"
    assert [one.name for one in people.people()] == ["anna"]


def test_of_many_who_would_be_first_one_is(people):
    def try_first(number):
        try:
            return people.add_first(f"one-{number}", "One", SECRET)
        except CallError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(try_first, range(8)))
    assert sum(isinstance(one, Person) for one in came) == 1
    assert came.count("team-begun") == 7


def test_a_person_is_told_by_password_and_login(people):
    made = people.add("anna", "  Anna\nBerg ", SECRET, "coder")
    assert (made.shown, made.made_at) == ("Anna Berg", "2026-05-28T20:26:40+00:00")
    assert people.check("anna", SECRET) == made == people.find("anna")
    assert people.check("anna", SECRET + "r") is None
    assert people.check("ben", SECRET) is None
    assert people.check("anna", "") is None
    assert people.check("anna", "x" * 1_000_000) is None


def test_an_accent_may_be_typed_in_either_way(people):
    people.add("anna", "Anna", "the cafe\u0301 at the corner", "reader")
    assert people.check("anna", "the caf\u00e9 at the corner") is not None


@pytest.mark.parametrize(
    ("name", "shown", "password", "role", "where", "says"),
    [
        ("Anna", "Anna", SECRET, "reader", "name", "all lower-case"),
        ("", "Anna", SECRET, "reader", "name", "cannot be a login"),
        ("../etc", "Anna", SECRET, "reader", "name", "cannot be a login"),
        ("a" * 33, "Anna", SECRET, "reader", "name", "32 at most"),
        ("me", "Anna", SECRET, "reader", "name", "cannot be a login"),
        ("disk", "Anna", SECRET, "reader", "name", "cannot be a login"),
        ("anna", " \n", SECRET, "reader", "shown", "missing"),
        ("anna", "A" * 81, SECRET, "reader", "shown", "too long"),
        ("anna", "Anna", "short", "reader", "password", "too short"),
        ("anna", "Anna", "x" * 201, "reader", "password", "too long"),
        ("anna", "Anna", "aabbaabbaabb", "reader", "password", "repeated"),
        ("anna", "Anna", "this is ANNA herself", "reader", "password", "holds the name"),
        ("anna", "Anna", SECRET, "king", "role", "One of reader, coder, analyst, keeper."),
    ],
)
def test_who_cannot_be_added(people, name, shown, password, role, where, says):
    error = raised(people.add, name, shown, password, role)
    assert error.where == where
    assert says in f"{error.message} {error.hint}"
    assert people.is_empty


def test_a_login_is_taken_once(people):
    people.add("anna", "Anna", SECRET, "reader")
    assert raised(people.add, "anna", "Anna too", SECRET, "reader").code == "person-known"


def test_the_hints_name_the_bounds_that_hold():
    assert (passwords.SHORTEST, passwords.LONGEST) == (10, 200)
    assert "10 to 200" in raised(passwords.accepted, "short", "anna").hint


def test_each_role_may_what_those_before_it_may():
    allowed = [[Person("a", "A", has).may(asked) for asked in ROLES] for has in ROLES]
    assert allowed == [[at >= asked for asked in range(4)] for at in range(4)]
    assert not Person("a", "A", "keeper", is_active=False).may("reader")


def test_the_last_keeper_stays(people):
    people.add_first("anna", "Anna", SECRET)
    people.add("ben", "Ben", SECRET, "analyst")
    for change in ({"role": "analyst"}, {"is_active": False}):
        error = raised(people.change, "anna", **change)
        assert error.code == "last-keeper"
        assert error.hint == "Make somebody else a keeper first."
    people.change("ben", role="keeper")
    assert people.change("anna", is_active=False).is_active is False
    assert raised(people.change, "ben", role="reader").code == "last-keeper"


def test_nobody_is_changed_who_is_not_there(people):
    people.add("anna", "Anna", SECRET, "reader")
    error = raised(people.change, "ana", role="coder")
    assert (error.code, error.hint) == ("unknown-person", "Did you mean 'anna'?")
    assert raised(people.set_password, "ana", OTHER).code == "unknown-person"


def test_who_is_shut_out_is_out_at_once(people):
    people.add_first("anna", "Anna", SECRET)
    people.add("ben", "Ben", SECRET, "coder")
    token = people.sessions.begin("ben")
    people.change("ben", is_active=False)
    assert people.sessions.person_of(token) is None
    assert people.check("ben", SECRET) is None
    people.change("ben", is_active=True)
    assert people.check("ben", SECRET) is not None


def test_another_password_ends_the_sessions_of_that_person_alone(people):
    people.add("anna", "Anna", SECRET, "reader")
    theirs, others = people.sessions.begin("anna"), people.sessions.begin("ben")
    people.set_password("anna", OTHER)
    assert people.sessions.person_of(theirs) is None
    assert people.sessions.person_of(others) == "ben"
    assert people.check("anna", SECRET) is None
    assert people.check("anna", OTHER) is not None


def test_a_hash_with_old_costs_is_made_anew_at_the_next_sign_in(people, database, monkeypatch):
    people.add("anna", "Anna", SECRET, "reader")
    monkeypatch.setattr(
        passwords, "_HASHER", passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    assert people.check("anna", SECRET) is not None
    with database.reading() as rows:
        assert "m=16,t=2,p=1" in rows.execute("SELECT password FROM person").fetchone()[0]
    assert people.check("anna", SECRET) is not None


def test_a_session_ends_without_use_and_with_age(people, clock):
    token = people.sessions.begin("anna")
    begun = clock.now
    while clock.now < begun + MOST_SECONDS - IDLE_SECONDS:
        clock.now += IDLE_SECONDS - 1
        assert people.sessions.person_of(token) == "anna"
    clock.now = begun + MOST_SECONDS + 1
    assert people.sessions.person_of(token) is None
    idle = people.sessions.begin("anna")
    clock.now += IDLE_SECONDS + 1
    assert people.sessions.person_of(idle) is None


def test_sessions_end_when_told(people):
    token, kept = people.sessions.begin("anna"), people.sessions.begin("anna")
    people.sessions.end(token)
    assert people.sessions.person_of(token) is None
    assert people.sessions.person_of(kept) == "anna"
    people.sessions.end_all("anna")
    assert people.sessions.person_of(kept) is None
    assert people.sessions.person_of(people.sessions.begin()) == ""


def test_sessions_that_are_over_are_cleared_away(people, clock, database):
    for _ in range(5):
        people.sessions.begin("anna")
    clock.now += MOST_SECONDS + 1
    people.sessions.begin("anna")
    with database.reading() as rows:
        assert rows.execute("SELECT count(*) FROM session").fetchone()[0] == 1


@given(st.text())
def test_no_guessed_token_is_a_session(tmp_path_factory, token):
    people = People(Database(tmp_path_factory.getbasetemp() / "guessed.sqlite"))
    people.sessions.begin("anna")
    assert people.sessions.person_of(token) is None


def test_neither_passwords_nor_tokens_are_in_the_file(people, database, tmp_path):
    people.add("anna", "Anna", SECRET, "reader")
    token = people.sessions.begin("anna")
    people.check("anna", OTHER)
    database.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"argon2id" in written
    for secret in (SECRET, OTHER, token):
        assert secret.encode() not in written


def test_the_journal_keeps_its_order_and_is_read_in_pages(database, clock):
    audit = Audit(database, clock)
    for number in range(7):
        audit.write("anna", "cases.remove", "peace" if number % 2 else "war", f"the {number}th\nact")
    newest = audit.entries(limit=3)
    assert [one.detail for one in newest] == ["the 6th act", "the 5th act", "the 4th act"]
    assert newest[0].at == "2026-05-28T20:26:40+00:00"
    assert [one.id for one in audit.entries(limit=3, before=newest[-1].id)] == [4, 3, 2]
    assert [one.id for one in audit.entries("peace")] == [6, 4, 2]
    assert [one.id for one in audit.entries("peace", before=4)] == [2]


def test_a_line_of_the_journal_is_short(database):
    audit = Audit(database)
    audit.write("anna", "file.save", "peace", "word " * 1_000)
    assert len(audit.entries()[0].detail) == 500


@pytest.mark.parametrize("act", ["UPDATE journal SET by = 'ben'", "DELETE FROM journal"])
def test_nobody_changes_what_the_journal_says(database, act):
    Audit(database).write("anna", "cases.remove", "peace")
    with pytest.raises(sqlite3.IntegrityError, match="only added to"), database.transaction() as rows:
        rows.execute(act)
    assert Audit(database).entries()[0].by == "anna"


def test_a_name_that_is_not_there_takes_as_long(tmp_path, monkeypatch):
    """The medians of nine tries differ by less than a factor of two; without a hash it would be a hundred."""
    hasher = passwords.PasswordHasher(time_cost=2, memory_cost=8_192, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    nobodys = passwords._NOBODYS.replace("m=8,t=1,p=1", "m=8192,t=2,p=1")
    monkeypatch.setattr(passwords, "_NOBODYS", nobodys)
    people = People(Database(tmp_path / "slow.sqlite"))
    people.add("anna", "Anna", SECRET, "reader")

    def seconds(name):
        begun = time.process_time()
        assert people.check(name, OTHER) is None
        return time.process_time() - begun

    known, unknown = (statistics.median(seconds(name) for _ in range(9)) for name in ("anna", "nobody-here"))
    assert 0.5 < known / unknown < 2


def test_the_hash_of_nobody_costs_what_others_cost():
    assert not passwords.PasswordHasher().check_needs_rehash(NOBODYS)
