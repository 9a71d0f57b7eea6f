"""The worker: runs end, whatever is killed, and say how they ended."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError
from westphalia.workspace import worker
from westphalia.workspace.database import HIDDEN, Database
from westphalia.workspace.queue import Queue
from westphalia.workspace.results import Result
from westphalia.workspace.run_rows import Run
from westphalia.workspace.tasks import carry_out, checked
from westphalia.workspace.worker import Worker, Workers

NAME = "my-case"
TEXT = new_case(NAME, date="2025-02-01")
QUICK = checked("networks", {"draws": 20})
LONG = checked("sensitivity", {"draws": 65_536, "of": ["border", "force"]})
KILLS = 50


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    made = Queue(Database.of(tmp_path), tmp_path / HIDDEN / "runs")
    yield made
    made.database.close()


@contextmanager
def at_work(folder: Path) -> Iterator[Workers]:
    workers = Workers(folder)
    workers.start()
    try:
        yield workers
    finally:
        workers.stop()


def until(holds: Any, timeout: float = 30.0) -> None:
    """Wait until something holds; a test that waits in vain fails here."""
    end = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]


def begun(queue: Queue, folder: Path) -> tuple[Run, Worker]:
    queue.ask(NAME, TEXT, QUICK, "ann")
    run = queue.begin()
    assert run is not None
    return run, Worker(queue, folder, None, logging.getLogger("test"))


# --- one run, in this process ------------------------------------------------------------------------


def test_a_result_is_that_of_the_task_on_the_text(queue: Queue, tmp_path: Path) -> None:
    run, one = begun(queue, tmp_path)
    one.do(run)
    assert queue.run(run.id).state == "done"
    assert queue.result(run.id) == carry_out(QUICK, parse(TEXT, NAME), {})


def fail_with(error: BaseException) -> Any:
    def fail(*_given: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (CallError("There is no zone.", hint="Ask another."), "failed", "There is no zone. Ask another."),
        (MemoryError(), "failed", "not enough memory"),
        (RuntimeError("secret detail"), "failed", "unexpected"),
        (worker.Cancelled(), "cancelled", ""),
    ],
)
def test_how_a_run_ended_is_told(
    queue: Queue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
    state: str,
    said: str,
) -> None:
    monkeypatch.setattr(worker, "carry_out", fail_with(error))
    run, one = begun(queue, tmp_path)
    one.do(run)
    ended = queue.run(run.id)
    assert ended.state == state
    assert said in ended.message
    assert "secret" not in ended.message
    assert ("secret detail" in caplog.text) == isinstance(error, RuntimeError)


def test_what_the_disk_refuses_is_told(queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "westphalia.workspace.queue.write_whole", fail_with(OSError(28, "No space left on device"))
    )
    run, one = begun(queue, tmp_path)
    one.do(run)
    assert queue.run(run.id).state == "failed"
    assert "No space left on device" in queue.run(run.id).message


def test_a_worker_is_replaced_after_some_runs_or_much_memory(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_RUNS", 2)
    runs = [queue.ask(NAME, TEXT, QUICK, "ann", fresh=True) for _ in range(3)]
    one = Worker(queue, tmp_path, None, logging.getLogger("test"))
    one.work()
    assert [queue.run(run.id).state for run in runs] == ["done", "done", "waiting"]
    monkeypatch.setattr(worker, "MOST_BYTES", 1)
    one.work()
    assert queue.run(runs[2].id).state == "waiting"


def test_progress_is_kept_at_most_five_times_a_second(queue: Queue, tmp_path: Path) -> None:
    run, _one = begun(queue, tmp_path)
    tells = worker.Tells(queue, run.id)
    for done in range(1000):
        tells("mean", done, 1000)
    kept = queue.run(run.id)
    assert (kept.what, kept.total) == ("mean", 1000)
    assert kept.done < 900
    queue.cancel(run.id)
    time.sleep(worker.LOOKED)
    with pytest.raises(worker.Cancelled):
        tells("mean", 1000, 1000)


# --- processes ---------------------------------------------------------------------------------------


def test_runs_are_done_in_order_and_give_the_same_bits_again(queue: Queue, tmp_path: Path) -> None:
    first = queue.ask(NAME, TEXT, QUICK, "ann")
    wrong = queue.ask(NAME, TEXT, checked("levers", {"of": "no-such-issue", "at_least": 1}), "ann")
    last = queue.again(first.id, "bob")
    with at_work(tmp_path):
        ended = [queue.wait(run.id) for run in (first, wrong, last)]
        assert [run.state for run in ended] == ["done", "failed", "done"]
        assert "no-such-issue" in ended[1].message
        files = [queue.folder / f"{run.id}.json" for run in (first, last)]
        assert files[0].read_bytes() == files[1].read_bytes()
        begins = [str(run.begun_at) for run in ended]
        assert begins == sorted(begins)


def test_a_run_is_cancelled_on_its_way(queue: Queue, tmp_path: Path) -> None:
    with at_work(tmp_path) as workers:
        run = queue.ask(NAME, TEXT, LONG, "ann")
        until(lambda: queue.run(run.id).done > 0)
        pid, told = workers.pid, time.monotonic()
        assert queue.cancel(run.id).is_ending
        assert queue.wait(run.id).state == "cancelled"
        assert time.monotonic() - told < worker.PATIENCE
        assert workers.pid == pid, "a run that heeds its cancellation costs no worker"


def test_a_run_that_does_not_heed_its_cancellation_is_ended(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.5)
    with at_work(tmp_path) as workers:
        run = queue.ask(NAME, TEXT, LONG, "ann")
        until(lambda: queue.run(run.id).done > 0)
        pid = workers.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        queue.cancel(run.id)
        assert queue.wait(run.id).state == "cancelled"
        assert not is_alive(pid)
        after = queue.ask(NAME, TEXT, QUICK, "ann")
        assert queue.wait(after.id).state == "done"


def test_a_run_that_ends_its_worker_twice_has_failed(queue: Queue, tmp_path: Path) -> None:
    run = queue.ask(NAME, TEXT, LONG, "ann")
    after = queue.ask(NAME, TEXT, QUICK, "ann")
    with at_work(tmp_path) as workers:
        for tries in (1, 2):
            until(lambda tries=tries: queue.run(run.id).tries == tries and queue.run(run.id).done > 0)
            assert workers.pid is not None
            os.kill(workers.pid, signal.SIGKILL)
        ended = queue.wait(run.id)
        assert (ended.state, ended.message) == ("failed", "It ended twice unexpectedly.")
        assert queue.wait(after.id).state == "done"


def test_a_server_that_is_killed_takes_its_worker_along_and_the_next_one_goes_on(
    queue: Queue, tmp_path: Path
) -> None:
    run = queue.ask(NAME, TEXT, LONG, "ann")
    serve = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from westphalia.workspace.worker import Workers\n"
        "workers = Workers(Path(sys.argv[1]))\n"
        "workers.start()\n"
        "while workers.pid is None: time.sleep(0.05)\n"
        "print(workers.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    server = subprocess.Popen([sys.executable, "-c", serve, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    until(lambda: queue.run(run.id).done > 0)
    server.kill()
    server.communicate()
    until(lambda: not is_alive(pid), 5.0)
    assert queue.run(run.id).state == "running", "nobody is there to say otherwise"
    with at_work(tmp_path):
        until(lambda: queue.run(run.id).tries == 2)
        queue.cancel(run.id)
        assert queue.wait(run.id).state == "cancelled"


def test_two_servers_of_a_folder_do_each_run_once(queue: Queue, tmp_path: Path) -> None:
    runs = [queue.ask(NAME, TEXT, QUICK, "ann", fresh=True) for _ in range(5)]
    with at_work(tmp_path), at_work(tmp_path):
        ended = [queue.wait(run.id) for run in runs]
    assert {(run.state, run.tries) for run in ended} == {("done", 1)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked here to be killed quickly")
def test_workers_killed_at_random_leave_nothing_half_done(queue: Queue, tmp_path: Path) -> None:
    from killed_workers import tasks

    asked = {queue.ask(NAME, TEXT, task, "ann", fresh=True).id: task for task in tasks() * 10}
    script = Path(__file__).with_name("killed_workers.py")
    subprocess.run([sys.executable, str(script), str(tmp_path), str(KILLS), "7"], check=True, timeout=200)
    runs = queue.runs(limit=1000)
    assert len(runs) == len(asked)
    assert {run.state for run in runs} <= {"done", "failed"}
    failed = [run for run in runs if run.state == "failed"]
    assert {run.message for run in failed} <= {"It ended twice unexpectedly."}
    assert any(run.tries == 2 for run in runs), "no run was hit"
    expected = {task.kind: carry_out(task, parse(TEXT, NAME), {}).to_json() for task in tasks()}
    done = [run for run in runs if run.state == "done"]
    for run in done:
        kept = (queue.folder / f"{run.id}.json").read_text(encoding="utf-8")
        assert kept == expected[run.task.kind]
        assert Result.from_json(kept) == queue.result(run.id)
    assert not list(queue.folder.glob(".*")), "a half-written file was left"
