"""A server killed in the middle of saves and runs: no case is damaged, nothing that was accepted is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reports import TEXT
from visitors import NEW_NAME, make_folder, workbench

from westphalia.case.document import read
from westphalia.workspace.worker import Workers

KILLS = int(os.environ.get("WESTPHALIA_KILLS", "8"))
PROGRAM = Path(__file__).parent / "killed_servers.py"


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Return the folder, and what the servers had accepted before they were killed."""
    folder = make_folder(tmp_path_factory.mktemp("killed") / "cases")
    visitor = workbench(folder)
    sent = {"file": ("talks.txt", TEXT.encode(), "text/plain")}
    assert visitor.submit(f"/cases/{NEW_NAME}/sources", files=sent).status_code == 200
    command = [sys.executable, "-W", "ignore", str(PROGRAM), str(folder), str(KILLS), "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=KILLS * 10 + 60, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    return folder, json.loads(done.stdout)


def test_no_case_is_damaged_and_no_accepted_statement_lost(killed):
    folder, told = killed
    assert len(told["statements"]) >= KILLS, told
    glosses = [one.gloss.into("en") for one in read(folder / NEW_NAME).case.statements]
    assert set(told["statements"]) <= set(glosses)
    assert len(glosses) == len(set(glosses)), "nothing is there twice"
    assert told["refused"] == []
    # Comments stay, and each version that the history holds is whole.
    assert (folder / NEW_NAME / "case.yaml").read_text().count("# ") > 5


def test_every_run_ends_and_says_how(killed):
    folder, told = killed
    bench = workbench(folder).app.state.bench
    assert told["runs"]
    workers = Workers(folder)
    workers.start()
    try:
        until = time.monotonic() + 120
        while any(run.is_under_way for run in bench.queue.runs(limit=1_000)) and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        workers.stop()
    for number in set(told["runs"]):
        run = bench.queue.run(number)
        assert run.state == "done" or (run.state == "failed" and run.message), run
