"""Who changes a case waits for whoever changes it: threads by a lock, processes by a lock file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from westphalia.errors import FileError

PATIENCE = 30.0
"""Seconds one waits for a case before it is said that it is busy."""


class Locks:
    """One lock for each name, with its lock file in a folder. A thread may take its own again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[threading.RLock, filelock.BaseFileLock]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def of(self, name: str, *, patience: float = PATIENCE) -> Iterator[None]:
        """Keep a name until the block ends; a process that dies lets go of it.

        Raises
        ------
        FileError: another keeps it for longer than `patience` seconds, or the lock file cannot be made.
        """
        threads, processes = self._pair(name)
        if not threads.acquire(timeout=patience):
            raise _busy(name)
        try:
            try:
                processes.acquire(timeout=patience)
            except filelock.Timeout:
                raise _busy(name) from None
            except OSError as error:
                reason = error.strerror or str(error)
                message = f"The folder cannot be written to: {reason}."
                raise FileError(message, code="not-saved", where=str(self._folder)) from None
            try:
                yield
            finally:
                processes.release()
        finally:
            threads.release()

    def _pair(self, name: str) -> tuple[threading.RLock, filelock.BaseFileLock]:
        with self._guard:
            if name not in self._held:
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    message = f"The folder cannot be written to: {error.strerror}."
                    raise FileError(message, code="not-saved", where=str(self._folder)) from None
                lock = filelock.FileLock(self._folder / f"{name}.lock", thread_local=False)
                self._held[name] = (threading.RLock(), lock)
            return self._held[name]


def _busy(name: str) -> FileError:
    hint = "Try again in a moment."
    return FileError("Somebody else is changing this case.", code="case-busy", where=name, hint=hint)
