"""What is costly to make is made once, however many threads ask for it, and kept until it changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Values by name, each with the sign of what it was made of; at most so many, the unused go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, tuple[object, Made]] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, name: str, sign: object, make: Callable[[], Made]) -> Made:
        """Return the value of that name and sign; where there is none, one thread makes it and all get it."""
        found = self._found(name, sign)
        if found is not None:
            return found[1]
        with self._guard:
            making = self._making.setdefault(name, threading.Lock())
        with making:
            found = self._found(name, sign)
            if found is not None:
                return found[1]
            made = make()
            self.put(name, sign, made)
            return made

    def put(self, name: str, sign: object, value: Made) -> None:
        """Keep a value that was made elsewhere."""
        with self._guard:
            self._values[name] = (sign, value)
            self._values.move_to_end(name)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def drop(self, name: str) -> None:
        """Forget the value of a name."""
        with self._guard:
            self._values.pop(name, None)

    def _found(self, name: str, sign: object) -> tuple[object, Made] | None:
        with self._guard:
            found = self._values.get(name)
            if found is None or found[0] != sign:
                return None
            self._values.move_to_end(name)
            return found
