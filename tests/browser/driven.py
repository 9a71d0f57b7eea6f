"""A workbench as its own process, and browsers that note whatever goes wrong in a page."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
FLAGSHIP = ROOT / "cases" / "ukraine-2025-02"
FLAGSHIP_NAME = FLAGSHIP.name
CHROMIUM = Path(os.environ.get("WESTPHALIA_CHROMIUM", "/usr/bin/chromium"))
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that a page asked for would lead nowhere; that it was asked for is noted all the same.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_ADDRESS = re.compile(r"http://\S+")
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_PATIENCE = 60.0


class Workbench:
    """A running `westphalia serve`; `address` lets in, `base` is what all its pages begin with."""

    def __init__(self, folder: Path, *, port: int = 0, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._log = (folder.parent / f"{folder.name}.log").open("a+b")
        started = self._log.seek(0, os.SEEK_END)
        command = [sys.executable, "-m", "westphalia", "serve", str(folder), "--no-open", "--port", str(port)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [*command, *options], stderr=self._log, stdin=subprocess.DEVNULL, env=environment
        )
        self.address = self._told(started)
        self.base = self.address.partition("?")[0].rstrip("/")

    def _told(self, started: int) -> str:
        """Return the address that the process prints; it listens by then."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            found = _ADDRESS.search(self.said(started))
            if found:
                return found[0]
            time.sleep(0.05)
        raise RuntimeError(f"The workbench did not start:\n{self.said(started)}")

    def said(self, since: int = 0) -> str:
        """Return what the process wrote to its log."""
        return os.pread(self._log.fileno(), 1_000_000, since).decode("utf-8", "replace")

    def end(self) -> None:
        """Stop it as Ctrl+C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()

    def kill(self) -> None:
        """End it with no warning."""
        self.process.kill()
        self.process.wait(20)


class Caller(httpx.Client):
    """Asks a workbench without a browser, to make ready what a test looks at; to be closed."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(base_url=bench.base, timeout=_PATIENCE, follow_redirects=True, trust_env=False)
        found = _CSRF.search(self.get(bench.address).text)
        assert found is not None
        self._csrf = found[1]

    def submit(self, path: str, files: Any = None, **fields: object) -> str:
        """Send a form and return the path that it leads to."""
        answer = self.post(path, data={"csrf": self._csrf, **fields}, files=files)
        assert answer.status_code == 200, answer.text
        return answer.url.path

    def run(self, case: str, kind: str, **settings: object) -> str:
        """Ask for a run, wait for its end, and return its address."""
        path = self.submit(f"/cases/{case}/runs", kind=kind, **settings)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            run = self.get(f"{path}.json").json()["run"]
            if run["state"] not in ("waiting", "running"):
                assert run["state"] == "done", run
                return path
            time.sleep(0.2)
        raise RuntimeError(f"{path} did not end")


class Faults(list[str]):
    """What went wrong in the pages of a context: errors of scripts, of the policy, requests to elsewhere."""

    def __init__(self, base: str, context: Any) -> None:
        super().__init__()
        self._base = base
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.append(f"error in a script: {error.error}"))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self._base}/", "data:", "blob:", "about:")):
            self.append(f"asked for {request.url}")

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.append(f"{message.text} ({message.location.get('url', '')})")


@contextlib.contextmanager
def visiting(browser: Any, bench: Workbench, **how: Any) -> Iterator[Any]:
    """Give a page of somebody who has come in; at the end nothing may have gone wrong in it."""
    context = browser.new_context(**{"locale": "en-GB", "viewport": WIDE, **how})
    context.set_default_timeout(20_000)
    faults = Faults(bench.base, context)
    try:
        page = context.new_page()
        page.faults = faults
        page.goto(bench.address)
        yield page
        assert faults == []
    finally:
        context.close()


def followed(page: Any, control: Any) -> None:
    """Press what leads to a page, and wait until that page is there."""
    with page.expect_navigation():
        control.click()


def copy_of_flagship(folder: Path) -> Path:
    """Fill a folder with a copy of the flagship."""
    folder.mkdir(parents=True)
    shutil.copytree(FLAGSHIP, folder / FLAGSHIP_NAME)
    return folder
