"""The queue and the database below it: what is asked is kept, once, by many at a time."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.charts.chart import Chart, Column, Table
from westphalia.errors import CallError, FileError
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.workspace import queue as module
from westphalia.workspace.database import FORMAT, HIDDEN, Database
from westphalia.workspace.queue import KEPT, Queue
from westphalia.workspace.results import Result
from westphalia.workspace.run_rows import Run
from westphalia.workspace.tasks import checked

TEXT = "westphalia: 1\n"
TASK = checked("deals", {"draws": 100})
RESULT = Result({"kind": "deals"}, answer=("Yes.",), values={"x": 1.5}, tables={"a.csv": "x\n1\n"})


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    made = Queue(Database.of(tmp_path), tmp_path / HIDDEN / "runs")
    yield made
    made.database.close()


def asked(queue: Queue, *, fresh: bool = True, case: str = "pact") -> Run:
    return queue.ask(case, TEXT, TASK, "ann", fresh=fresh)


def done(queue: Queue, result: Result = RESULT) -> Run:
    run = queue.begin()
    assert run is not None
    queue.keep(run.id, result)
    return queue.run(run.id)


# --- asking ------------------------------------------------------------------------------------------


def test_a_run_keeps_what_was_asked(queue: Queue) -> None:
    run = queue.ask("pact", TEXT, TASK, "ann", " before the talks ")
    assert (run.case, run.task, run.by, run.name) == ("pact", TASK, "ann", "before the talks")
    assert run.version == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (run.state, run.tries, run.begun_at, run.ended_at) == ("waiting", 0, None, None)
    assert run.asked_at.endswith("+00:00")
    assert queue.run(run.id) == run
    assert queue.text(run.id) == TEXT


def test_the_oldest_is_begun_first_and_done(queue: Queue) -> None:
    first, second = asked(queue), asked(queue)
    assert queue.has_waiting()
    ended = done(queue)
    assert (ended.id, ended.state, ended.tries) == (first.id, "done", 1)
    assert queue.result(first.id) == RESULT
    assert queue.run(second.id).state == "waiting"
    assert done(queue).id == second.id
    assert queue.begin() is None
    assert not queue.has_waiting()


def test_the_same_task_on_the_same_text_is_done_once(queue: Queue) -> None:
    first = asked(queue, fresh=False)
    assert asked(queue, fresh=False).id == first.id, "while it waits"
    done(queue)
    assert asked(queue, fresh=False).id == first.id, "when it is done"
    assert asked(queue, fresh=True).id != first.id
    assert asked(queue, fresh=False, case="other").id != first.id
    assert queue.ask("pact", TEXT + " ", TASK, "ann").id != first.id
    assert queue.ask("pact", TEXT, checked("deals", {"draws": 101}), "ann").id != first.id


def test_what_failed_is_gone_or_of_another_version_is_done_again(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asked(queue)
    run = queue.begin()
    assert run is not None
    queue.end(run.id, "failed", "no zone", pid=None)
    assert queue.run(run.id).state == "running", "another process does not end it"
    queue.recover()
    done(queue)
    (queue.folder / f"{first.id}.json").unlink()
    assert asked(queue, fresh=False).id != first.id
    second = done(queue)
    assert asked(queue, fresh=False).id == second.id
    monkeypatch.setattr(module, "software", lambda: "99")
    assert asked(queue, fresh=False).id != second.id


def test_again_asks_the_same_of_the_same_text(queue: Queue) -> None:
    first = queue.rename(asked(queue).id, "before the talks")
    other = queue.again(first.id, "bob")
    assert other.id != first.id
    assert (other.case, other.version, other.task, other.name) == (
        first.case, first.version, first.task, "before the talks",
    )  # fmt: skip
    assert other.by == "bob"


def test_threads_that_ask_the_same_get_one_run(queue: Queue) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = {run.id for run in pool.map(lambda _at: asked(queue, fresh=False), range(40))}
    assert len(ids) == 1


def test_two_queues_on_one_database_share_the_runs(queue: Queue, tmp_path: Path) -> None:
    other = Queue(Database.of(tmp_path), queue.folder)
    runs = [asked(one) for one in (queue, other) * 10]
    taken = []
    with ThreadPoolExecutor(2) as pool:
        for began in pool.map(lambda at: (queue, other)[at % 2].begin(), range(20)):
            assert began is not None
            taken.append(began.id)
    assert sorted(taken) == [run.id for run in runs]
    other.database.close()


# --- looking and changing ----------------------------------------------------------------------------


def test_runs_are_listed_newest_first_by_case(queue: Queue) -> None:
    runs = [asked(queue, case=case) for case in ("a", "b", "a")]
    assert [run.id for run in queue.runs()] == [3, 2, 1]
    assert [run.id for run in queue.runs("a")] == [3, 1]
    assert [run.id for run in queue.runs(limit=1)] == [runs[-1].id]
    assert queue.latest("a", "deals") is None
    done(queue)
    latest = queue.latest("a", "deals")
    assert latest is not None
    assert latest.id == 1
    assert queue.latest("a", "forecast") is None


def test_a_run_is_cancelled_while_it_waits_or_told_to_stop(queue: Queue) -> None:
    waiting = asked(queue)
    assert queue.cancel(waiting.id).state == "cancelled"
    assert queue.cancel(waiting.id).state == "cancelled"
    run = asked(queue)
    queue.begin()
    assert queue.report(run.id, "mean", 1, 2)
    assert queue.cancel(run.id).is_ending
    assert not queue.report(run.id, "mean", 2, 2)
    assert asked(queue, fresh=False).id != run.id, "what is about to end is asked anew"


@pytest.mark.parametrize(("tries", "state"), [(1, "waiting"), (2, "failed")])
def test_what_a_dead_worker_left_is_taken_up_once(queue: Queue, tries: int, state: str) -> None:
    run = asked(queue)
    for _try in range(tries):
        queue.begin()
        queue.recover()
    after = queue.run(run.id)
    assert after.state == state
    assert after.message == ("It ended twice unexpectedly." if state == "failed" else "")
    assert (after.ended_at is None) == (state == "waiting")


def test_what_was_to_stop_when_its_worker_died_is_cancelled(queue: Queue) -> None:
    run = asked(queue)
    queue.begin()
    queue.cancel(run.id)
    queue.recover()
    assert queue.run(run.id).state == "cancelled"


def test_a_removed_run_leaves_nothing(queue: Queue) -> None:
    first, second = asked(queue), asked(queue)
    done(queue)
    queue.result(first.id)
    queue.remove(first.id)
    with pytest.raises(CallError, match="There is no run 1"):
        queue.result(first.id)
    assert not list(queue.folder.iterdir())
    assert queue.text(second.id) == TEXT, "another run needs it"
    queue.begin()
    with pytest.raises(CallError, match="under way"):
        queue.remove(second.id)
    queue.recover()
    queue.remove(second.id)
    with queue.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM run_texts").fetchone()[0] == 0


@pytest.mark.parametrize("run", [0, -1, 7, 1 << 80])
def test_a_run_that_is_not_there_is_told(queue: Queue, run: int) -> None:
    for ask in (queue.run, queue.cancel, queue.remove, queue.result, queue.text):
        with pytest.raises(CallError) as caught:
            ask(run)
        assert caught.value.code == "unknown-run"


def test_a_result_that_is_not_done_gone_or_damaged_is_told(queue: Queue) -> None:
    run = asked(queue)
    with pytest.raises(CallError, match="is not done: it is waiting"):
        queue.result(run.id)
    done(queue)
    file = queue.folder / f"{run.id}.json"
    for damaged in (b"", b"{", b"[]", b'{"format": 2}', b"null", b"\xff", file.read_bytes()[:-9]):
        file.write_bytes(damaged)
        with pytest.raises(FileError, match="cannot be read"):
            queue.result(run.id)
    file.unlink()
    with pytest.raises(FileError, match="is gone"):
        queue.result(run.id)


def test_few_results_are_held_in_memory(queue: Queue) -> None:
    runs = [asked(queue) for _ in range(KEPT + 2)]
    for run in runs:
        done(queue)
        queue.result(run.id)
        (queue.folder / f"{run.id}.json").unlink()
    assert queue.result(runs[-1].id) == RESULT
    with pytest.raises(FileError):
        queue.result(runs[0].id)


def test_a_name_is_short(queue: Queue) -> None:
    run = asked(queue)
    assert queue.rename(run.id, " x ").name == "x"
    with pytest.raises(CallError, match="too long"):
        queue.rename(run.id, "x" * 201)


# --- the database ------------------------------------------------------------------------------------


def test_a_file_that_is_no_workspace_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "workspace.sqlite"
    file.write_bytes(b"no database, but long enough to look like a page of one" * 20)
    with pytest.raises(FileError, match="It is no database") as caught:
        Database(file)
    assert caught.value.code == "not-a-workspace"
    file.unlink()
    foreign = sqlite3.connect(file)
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.commit()
    foreign.close()
    before = file.read_bytes()
    with pytest.raises(FileError, match="another program"):
        Database(file)
    assert file.read_bytes() == before


def test_a_newer_workspace_is_refused(tmp_path: Path) -> None:
    made = Database.of(tmp_path)
    made.close()
    file = sqlite3.connect(made.path)
    file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    file.close()
    with pytest.raises(FileError, match="newer version") as caught:
        Database.of(tmp_path)
    assert caught.value.code == "newer-workspace"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / HIDDEN).write_text("a file where the folder should be")
    with pytest.raises(FileError) as caught:
        Database.of(tmp_path)
    assert caught.value.code == "workspace-unusable"


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    database = Database.of(tmp_path)
    for _twice in range(2):
        database.prepare("CREATE TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY);")

    def break_off() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO seen VALUES ('a')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with database.transaction() as connection:
        connection.execute("INSERT INTO seen VALUES ('b')")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
        connection.execute("INSERT INTO seen VALUES ('b')")
    with database.reading() as connection:
        assert [row["name"] for row in connection.execute("SELECT name FROM seen")] == ["b"]
    database.close()


def test_many_threads_write_and_none_is_lost(tmp_path: Path) -> None:
    database = Database.of(tmp_path)
    database.prepare("CREATE TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY);")

    def write(start: int) -> None:
        for at in range(25):
            with database.transaction() as connection:
                connection.execute("INSERT INTO seen VALUES (?)", (f"{start}-{at}",))

    threads = [threading.Thread(target=write, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM seen").fetchone()[0] == 200
    database.close()


def test_asking_loads_nothing_that_computes() -> None:
    script = (
        "import sys, westphalia.workspace.queue, westphalia.workspace.worker\n"
        "print([name for name in sys.modules if name.startswith('westphalia.workspace.task_')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "task_work" not in ran.stdout


# --- results -----------------------------------------------------------------------------------------

words = st.text(max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
plain = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
trees = st.dictionaries(words, plain, max_size=3)
several = st.lists(words, max_size=3).map(tuple)
grids = st.builds(
    Grid,
    words,
    several,
    st.lists(several, max_size=3).map(tuple),
    st.lists(st.integers(0, 5), max_size=3).map(tuple),
    st.booleans(),
)
parts = st.builds(Part, words, words, several, st.lists(grids, max_size=2).map(tuple), words)
tables = st.builds(
    Table,
    st.lists(st.builds(Column, words, words, words), max_size=3).map(tuple),
    st.lists(trees, max_size=3).map(tuple),
)
charts = st.builds(Chart, words, words, words, trees, tables, words, several)
chapters = st.builds(
    Chapter,
    words,
    words,
    st.lists(parts, max_size=2).map(tuple),
    st.dictionaries(words, charts, max_size=2),
    words,
)
results = st.builds(
    Result,
    trees,
    st.dictionaries(words, chapters, max_size=2),
    several,
    trees,
    st.dictionaries(words, words, max_size=2),
    st.dictionaries(words, st.binary(max_size=50), max_size=2),
)


@given(results)
def test_a_result_survives_being_kept(result: Result) -> None:
    kept = result.to_json()
    assert Result.from_json(kept) == result
    assert Result.from_json(kept.encode("utf-8")).to_json() == kept


def test_numbers_that_are_not_finite_are_none() -> None:
    table = Table((Column("x", "x"),), ({"x": float("nan")},))
    chart = Chart("c", "", "", {"data": [float("inf"), 1.0]}, table, "")
    kept = Result.from_json(Result({}, {"a": Chapter("", "", (), {"c": chart}, "")}).to_json())
    assert kept.chapters["a"].charts["c"].spec == {"data": [None, 1.0]}
    assert kept.chapters["a"].charts["c"].table.rows == ({"x": None},)
