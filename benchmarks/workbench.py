"""How fast the workbench answers, how many at once, and what it takes of memory.

    python benchmarks/workbench.py [CASE]

A real server on a copy of a case. Pages: the shortest of three. Fifty readers of a team ask for pages one
after another for ten seconds, each at most 40 a second, as the rate of one reader is bounded. A report of
600,000 characters with 5,000 statements, made up. Two hundred small runs, the memory of the server and of
its worker as they go by.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from timing import show

from westphalia.workspace.database import Database
from westphalia.workspace.people import People

CASE = Path("cases/ukraine-2025-02")
PASSWORD = "a long enough password"
READERS, SECONDS, RUNS = 50, 10.0, 200
CHARACTERS, STATEMENTS = 600_000, 5_000
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_NAMES = ("sources", "actors", "issues", "stands", "agreement", "file", "history", "runs", "deals")
_ASKED = ("stability", "doubt", "report", "export")
PARTS = ("", *(f"/{name}" for name in (*_NAMES, *_ASKED)))


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Start a server and return it with the address that lets in."""
    command = [sys.executable, "-m", "westphalia", "serve", str(folder), "--port", "0", "--no-open", *options]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    return server, re.findall(r"http://\S+", server.stderr.readline())[0]


def caller(address: str) -> httpx.Client:
    """Return a client that has come in."""
    base = address.partition("?")[0]
    made = httpx.Client(base_url=base, follow_redirects=True, trust_env=False, timeout=120)
    made.get(address)
    return made


def submit(client: httpx.Client, path: str, files: Any = None, **fields: object) -> httpx.Response:
    """Send a form with what proves that a page of ours made it."""
    found = CSRF.search(client.get("/login" if path == "/login" else "/").text)
    assert found is not None
    answer = client.post(path, data={"csrf": found[1], **fields}, files=files)
    answer.raise_for_status()
    return answer


def seconds_of(client: httpx.Client, path: str) -> float:
    """Return the shortest of three times that a page takes, warm."""
    client.get(path).raise_for_status()
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        client.get(path)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def pages(client: httpx.Client, case: str) -> None:
    """Print how long each page takes."""
    show(("page", "ms"), [[part or "/", 1000 * seconds_of(client, f"/cases/{case}{part}")] for part in PARTS])


def long_text(client: httpx.Client, folder: Path) -> None:
    """Print how long a page of a long source with many statements takes."""
    sentence = "North said that it would keep every soldier in the valley, and so it went on. "
    text = "\n\n".join([sentence * 10] * (CHARACTERS // (10 * len(sentence)) + 1))[:CHARACTERS]
    submit(client, "/cases", title="A long report")
    submit(client, "/cases/a-long-report/sources", {"file": ("long.txt", text.encode(), "text/plain")})
    file = folder / "a-long-report" / "case.yaml"
    step = CHARACTERS // STATEMENTS
    made = "".join(
        f"  - {{id: l{at}, gloss: It stays., kind: fact, mode: indirect, speaker: north, source: long, "
        f"span: {{start: {at * step}, end: {at * step + 60}}}}}\n"
        for at in range(STATEMENTS)
    )
    file.write_text(file.read_text(encoding="utf-8").rstrip() + "\n" + made, encoding="utf-8")
    begun = time.perf_counter()
    client.get("/cases/a-long-report/sources/long").raise_for_status()
    first = time.perf_counter() - begun
    rest = [seconds_of(client, f"/cases/a-long-report/sources/long?part={part}") for part in (1, 2, 9)]
    show(
        ("600,000 characters, 5,000 statements", "s"), [["first opened", first], ["a part later", max(rest)]]
    )


def many(folder: Path, case: str) -> None:
    """Print what fifty readers get of one server."""
    people = People(Database(folder / ".westphalia" / "workspace.sqlite"))
    for number in range(READERS):
        people.add(f"reader-{number}", f"Reader {number}", PASSWORD, "reader")
    server, address = started(folder, "--team")
    taken: list[float] = []

    def read(client: httpx.Client, until: float) -> None:
        at = 0
        while time.perf_counter() < until:
            begun = time.perf_counter()
            answer = client.get(f"/cases/{case}{PARTS[at % len(PARTS)]}")
            answer.raise_for_status()
            taken.append(time.perf_counter() - begun)
            time.sleep(max(0.0, 0.025 - taken[-1]))
            at += 1

    try:
        clients = []
        for number in range(READERS):
            clients.append(caller(address))
            submit(clients[-1], "/login", name=f"reader-{number}", password=PASSWORD)
            time.sleep(2.0 if number >= 25 else 0.0)  # an address may try 30 passwords a minute
        until = time.perf_counter() + SECONDS
        readers = [threading.Thread(target=read, args=(each, until)) for each in clients]
        for one in readers:
            one.start()
        for one in readers:
            one.join()
    finally:
        ended(server)
    figures = [READERS, len(taken) / SECONDS, *(1000 * np.percentile(taken, share) for share in (50, 95))]
    show(("readers", "pages a second", "median, ms", "95 %, ms"), [figures])


def resident(pid: int) -> float:
    """Return the memory in use by a process, in MB."""
    pages_used = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages_used * os.sysconf("SC_PAGE_SIZE") / 1e6


def child(pid: int) -> int:
    """Return the worker of a server, which a thread of it has begun."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return int(next(found for each in threads for found in each.read_text().split()))


def runs(server: subprocess.Popen[str], client: httpx.Client, case: str) -> None:
    """Print the memory of server and worker as runs go by."""
    rows = []
    for number in range(RUNS + 1):
        path = submit(client, f"/cases/{case}/runs", kind="networks", draws=20, seed=number).url.path
        while client.get(f"{path}.json").json()["run"]["state"] in ("waiting", "running"):
            time.sleep(0.1)
        client.get(path)
        if number % 50 == 1 or number == RUNS:
            rows.append([number, resident(server.pid), resident(child(server.pid))])
    show(("runs", "server, MB", "worker, MB"), rows)


def ended(server: subprocess.Popen[str]) -> None:
    """Stop a server as Ctrl+C does."""
    server.send_signal(signal.SIGINT)
    server.wait(30)


def main() -> None:
    """Print all of it."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else CASE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "cases"
        shutil.copytree(source, folder / source.name)
        server, address = started(folder)
        try:
            with contextlib.closing(caller(address)) as client:
                pages(client, source.name)
                long_text(client, folder)
                runs(server, client, source.name)
        finally:
            ended(server)
        many(folder, source.name)


if __name__ == "__main__":
    main()
