"""Kill servers at random while they save: forked from a process that has everything loaded.

Called with a folder, how many servers to kill, and a seed. Prints what was accepted, as JSON: of each
statement the words, of each run the number.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import sys
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from westphalia.report.script import prepared
from westphalia.web.serving import Server, ready, run

CASE = "/cases/a-new-case"
LONGEST = 1.2
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


class Caller:
    """Somebody with a browser that stays open while servers come and go at one port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.headers: dict[str, str] = {}
        self._csrf = ""

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, Any, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, path, body, {**self.headers, **(_HEADERS if body else {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def come_in(self, address: str) -> None:
        """Take the cookie that the address gives, and what proves our forms."""
        status, headers, _text = self.ask("GET", address[address.index("/", 8) :])
        assert status == 303
        self.headers = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
        found = _CSRF.search(self.ask("GET", "/")[2])
        assert found is not None
        self._csrf = found[1]

    def submit(self, path: str, **fields: object) -> tuple[int, str]:
        """Send a form; return the status and where it leads."""
        status, headers, _text = self.ask(
            "POST", path, urllib.parse.urlencode({"csrf": self._csrf, **fields})
        )
        return status, headers.get("Location", "")


def begun(folder: Path, port: int) -> tuple[int, Server]:
    """Fork a server that listens at the port."""
    server = ready(folder, port=port)
    pid = os.fork()
    if not pid:
        run(server)
        os._exit(0)
    server.listening.close()
    return pid, server


class Coder(threading.Thread):
    """Codes statements and asks for runs until its server is gone; keeps what was accepted."""

    def __init__(self, caller: Caller, chance: random.Random, told: dict[str, list[Any]], turn: int) -> None:
        super().__init__(daemon=True)
        self._caller, self._chance, self._told, self._turn = caller, chance, told, turn
        self.has_begun = threading.Event()

    def run(self) -> None:
        at = 0
        while True:
            try:
                at += 1
                self._caller.ask("GET", CASE)
                self.has_begun.set()
                self._code(f"kept {self._turn}.{at}") if self._chance.random() < 0.7 else self._ask()
            except (OSError, http.client.HTTPException):
                return

    def _code(self, words: str) -> None:
        form = {
            "start": 21,
            "end": 43,
            "kind": "fact",
            "mode": "narration",
            "speaker": "author",
            "gloss": words,
        }
        status, _to = self._caller.submit(f"{CASE}/sources/talks/code", **form)
        self._told["statements" if status == 303 else "refused"].append(words)

    def _ask(self) -> None:
        status, to = self._caller.submit(
            f"{CASE}/runs", kind="networks", draws=20, seed=self._chance.randrange(10**6)
        )
        if status == 303:
            self._told["runs"].append(int(to.rpartition("/")[2]))


def kill_at_random(folder: Path, kills: int, seed: int) -> dict[str, list[Any]]:
    """Return what was accepted by servers that were killed."""
    chance = random.Random(seed)
    told: dict[str, list[Any]] = {"statements": [], "refused": [], "runs": []}
    port, caller = 0, None
    prepared()
    for turn in range(kills):
        pid, server = begun(folder, port)
        if caller is None:
            port = server.settings.port
            caller = Caller(port)
            caller.come_in(server.address)
        coder = Coder(caller, chance, told, turn)
        coder.start()
        # Most are killed at work, some before they answered anything.
        coder.has_begun.wait(chance.choice((0.2, 30, 30, 30)))
        time.sleep(chance.uniform(0.05, LONGEST))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        coder.join(30)
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(kill_at_random(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
