"""What takes longer than a page may: worked out once, in a thread of its own, and kept for who asks next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

from westphalia.errors import WestphaliaError

T = TypeVar("T")

PATIENCE = 0.15
"""Seconds that a page waits before it says that the work goes on."""


class Later(Generic[T]):
    """Values by key, the latest `most` of them; one is worked on at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T], patience: float = PATIENCE) -> T | None:
        """Return the value, or None while it is being worked on; what `make` raises is raised.

        What failed is forgotten, so that it is tried anew when it is next asked for.
        """
        future = self._future(key, make)
        try:
            return future.result(patience)
        except TimeoutError:
            return None
        except (WestphaliaError, CancelledError):
            with self._lock:
                self._kept.pop(key, None)
            raise

    def _future(self, key: Hashable, make: Callable[[], T]) -> Future[T]:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = Future()
                threading.Thread(target=self._work, args=(found, make), daemon=True).start()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def _work(self, future: Future[T], make: Callable[[], T]) -> None:
        with self._turn:
            try:
                future.set_result(make())
            except WestphaliaError as error:
                future.set_exception(error)
            finally:
                # What nobody foresaw goes into the log; whoever waits is let go.
                future.cancel()
