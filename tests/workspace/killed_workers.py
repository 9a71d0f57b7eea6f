"""Kill workers at random while they work: forked from a process that has everything loaded.

Called with a folder, how many workers to kill, and a seed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from westphalia.case.template import new_case
from westphalia.workspace.database import HIDDEN, Database
from westphalia.workspace.queue import Queue
from westphalia.workspace.tasks import Task, checked
from westphalia.workspace.worker import main

NAME = "my-case"
TEXT = new_case(NAME, date="2025-02-01")
LONGEST = 0.3


def tasks() -> list[Task]:
    """Short tasks of several kinds."""
    return [
        checked("networks", {"draws": 20}),
        checked("forecast", {"draws": 20, "methods": ["mean", "median"]}),
        checked("levers", {"draws": 20, "of": "border", "at_least": 60}),
        checked("sensitivity", {"draws": 32, "by": "actor"}),
    ]


def opened(folder: Path) -> Queue:
    return Queue(Database.of(folder), folder / HIDDEN / "runs")


def begun(folder: Path) -> int:
    """Fork a worker; it ends with its parent, as its standard input is a pipe that only that one holds."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(reads)
        return pid
    os.close(writes)
    os.dup2(reads, 0)
    main(folder)
    os._exit(0)


def kill_at_random(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    for _kill in range(kills):
        pid = begun(folder)
        time.sleep(chance.uniform(0.0, LONGEST))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def finish(folder: Path) -> None:
    """Let workers do what is left, one after another, as each stops after some runs."""
    pid, queue = begun(folder), opened(folder)
    while any(run.is_under_way for run in queue.runs(limit=1000)):
        time.sleep(0.1)
        if os.waitpid(pid, os.WNOHANG)[0]:
            pid = begun(folder)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    from westphalia.case.document import parse
    from westphalia.workspace.tasks import carry_out

    for task in tasks():
        carry_out(task, parse(TEXT, NAME), {})
    where = Path(sys.argv[1])
    kill_at_random(where, int(sys.argv[2]), int(sys.argv[3]))
    finish(where)
