"""The process that works on runs, one after another, and what starts it, watches it and ends it."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import filelock

from westphalia.case.document import parse
from westphalia.errors import FileError, WestphaliaError
from westphalia.language import marked as _
from westphalia.workspace.database import HIDDEN, Database
from westphalia.workspace.queue import Queue
from westphalia.workspace.run_rows import Run
from westphalia.workspace.tasks import Result, carry_out

LOOKED = 0.2
"""Seconds between two looks: for a run that waits, for a cancellation, after the child."""

PATIENCE = 3.0
"""Seconds a run that was cancelled has to stop by itself."""

MOST_RUNS = 50
MOST_BYTES = 3_000_000_000
"""After so many runs, or so much memory in use, a worker is replaced."""

_LOCK, _LOG = "worker.lock", "worker.log"
_MOST_LOG = 1_000_000
_STEADY = 10.0
"""Seconds after which a child counts as up; one that ends sooner is started again later and later."""

_LONGEST_PAUSE = 5.0


class Cancelled(BaseException):
    """A run was told to stop; it is no error, so nothing on the way catches it."""


# --- the process that works ----------------------------------------------------------------------------


def main(folder: Path, sources: Path | None = None) -> None:
    """Work on the runs of a folder of cases until the parent ends, or it is time to be replaced."""
    own = folder / HIDDEN
    threading.Thread(target=_end_with_parent, daemon=True).start()
    faulthandler.enable()
    _stand_back()
    log = _log(own)
    queue = Queue(Database.of(folder), own / "runs")
    with _alone(own):
        queue.recover()
        Worker(queue, folder, sources, log).work()


def _end_with_parent() -> None:
    """End at once when the parent does: its end of the pipe closes."""
    sys.stdin.buffer.read()
    os._exit(0)


def _stand_back() -> None:
    """Let pages go before runs, where the system knows how."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)


@contextlib.contextmanager
def _alone(own: Path) -> Iterator[None]:
    """Wait until no other process works for this folder; the system frees the lock of one that dies."""
    with filelock.FileLock(own / _LOCK, poll_interval=LOOKED):
        yield


def _log(own: Path) -> logging.Logger:
    log = logging.getLogger("westphalia.worker")
    handler = logging.handlers.RotatingFileHandler(
        own / _LOG, maxBytes=_MOST_LOG, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
    return log


class Worker:
    """Takes runs and does them; what goes wrong with one is told in its row."""

    def __init__(self, queue: Queue, folder: Path, sources: Path | None, log: logging.Logger) -> None:
        self.queue = queue
        self.folder = folder
        self.sources = sources
        self.log = log

    def work(self) -> None:
        """Do the runs that wait, and wait for more, until it is time to be replaced."""
        import_module("westphalia.workspace.task_work")  # slow to load, so before anybody waits for it
        done = 0
        while done < MOST_RUNS and _memory() < MOST_BYTES:
            run = self.queue.begin() if self.queue.has_waiting() else None
            if run is None:
                time.sleep(LOOKED)
                continue
            self.do(run)
            gc.collect()
            done += 1

    def do(self, run: Run) -> None:
        """Do a run, and keep its result or why there is none."""
        pid = os.getpid()
        try:
            self.queue.keep(run.id, self._result(run))
        except Cancelled:
            self.queue.end(run.id, "cancelled", pid=pid)
        except WestphaliaError as error:
            self.queue.end(run.id, "failed", str(error), pid=pid)
        except MemoryError:
            said = _("There is not enough memory for it. Ask for fewer draws.")
            self.queue.end(run.id, "failed", said, pid=pid)
        except Exception:  # whatever it is, the next run is not to suffer from it
            self.log.exception("Run %d (%s of %s)", run.id, run.task.kind, run.case)
            said = _("Something unexpected happened; .westphalia/worker.log says what.")
            self.queue.end(run.id, "failed", said, pid=pid)

    def _result(self, run: Run) -> Result:
        document = parse(self.queue.text(run.id), run.case)
        tells = Tells(self.queue, run.id)
        return carry_out(run.task, document, self._texts(run), tells)

    def _texts(self, run: Run) -> Mapping[str, str]:
        """Return the words of the sources at hand; only a report quotes them."""
        if run.task.kind != "report":
            return {}
        from westphalia.workspace.cases import Cases

        try:
            found = Cases(self.folder, sources=self.sources).texts(run.case)
        except WestphaliaError:
            return {}
        return {source: text.text for source, text in found.items()}


class Tells:
    """Keeps the progress of a run, five times a second at most, and stops a run that was cancelled."""

    def __init__(self, queue: Queue, run: int) -> None:
        self.queue = queue
        self.run = run
        self.told_at = -LOOKED
        self.lock = threading.Lock()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell of progress. Raises Cancelled."""
        with self.lock:
            now = time.monotonic()
            if now - self.told_at < LOOKED:
                return
            self.told_at = now
            goes_on = self.queue.report(self.run, what, done, total)
        if not goes_on:
            raise Cancelled


def _memory() -> int:
    """Return the most memory that this process has held, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


# --- the process that serves ---------------------------------------------------------------------------


class Workers:
    """Keeps one worker at work on the runs of a folder of cases.

    Parameters
    ----------
    folder: the folder of cases.
    sources: another folder with texts of sources, which reports quote.
    """

    def __init__(self, folder: Path, *, sources: Path | None = None) -> None:
        self.folder = folder
        self.sources = sources
        own = folder / HIDDEN
        self.queue = Queue(Database.of(folder), own / "runs")
        self._log = own / _LOG
        self._ending = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process that works, None if there is none now."""
        child = self._child
        return None if child is None or child.poll() is not None else child.pid

    def start(self) -> None:
        """Start the worker, and keep one at work until `stop`."""
        self._ending.clear()
        self._watcher = threading.Thread(target=self._watch, name="worker-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """End the worker; a run under way waits to be taken up at the next start."""
        self._ending.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        self.queue.database.close()

    def _watch(self) -> None:
        failures = 0
        while not self._ending.is_set():
            began, is_well = time.monotonic(), False
            try:
                with self._spawned() as child:
                    self._attend(child)
                    is_well = child.poll() == 0
            except OSError as error:
                self._note(f"The worker cannot be started: {error}")
            failures = 0 if is_well or time.monotonic() - began > _STEADY else failures + 1
            self._ending.wait(min(0.05 * 2**failures, _LONGEST_PAUSE) if failures else 0)

    @contextlib.contextmanager
    def _spawned(self) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a child that works; it is gone at the end."""
        command = [sys.executable, "-m", "westphalia.workspace.worker", str(self.folder)]
        command += [] if self.sources is None else [str(self.sources)]
        with self._log.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own module, on the folder that is served
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self._child = child
        try:
            yield child
        finally:
            child.kill()
            child.communicate()
            self._child = None

    def _attend(self, child: subprocess.Popen[bytes]) -> None:
        """Stay until the child ends, or is to end: with the server, or as it does not heed a cancellation."""
        while child.poll() is None and not self._ending.wait(LOOKED):
            try:
                overdue = self.queue.overdue(child.pid, PATIENCE)
            except FileError as error:
                self._note(str(error))
                continue
            if overdue:
                child.kill()
                child.wait()
                for run in overdue:
                    self.queue.end(run, "cancelled", pid=child.pid)

    def _note(self, said: str) -> None:
        with contextlib.suppress(OSError), self._log.open("a", encoding="utf-8") as log:
            log.write(f"{said}\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
