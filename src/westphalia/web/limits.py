"""How much and how often anybody may ask: sizes of a request, and rates by token buckets."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

_MOST_KEYS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and at most `burst` at once."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a request: bytes, pieces, seconds; and how often one may come.

    `body` is a form, `upload` a form with files, `stranger` a form of somebody who has not come in;
    `field` is one field of an upload, large enough for the largest case file. `attempts` are passwords
    tried for one name from one address, `addressed` those from one address for any name: a class of
    fifty behind one address can sign in at once.
    """

    address: int = 8_192
    headers: int = 32_768
    header_lines: int = 100
    body: int = 1_000_000
    upload: int = 60_000_000
    stranger: int = 8_192
    field: int = 16_000_000
    fields: int = 1_000
    files: int = 20
    body_seconds: float = 120.0
    requests: Rate = Rate(50.0, 200.0)
    attempts: Rate = Rate(5 / 60, 5.0)
    addressed: Rate = Rate(60 / 60, 60.0)


class Buckets:
    """A bucket of tokens for each key: it fills at the rate, a request takes one out.

    Not for several threads. The keys used last are kept, at most 20,000. `clock` gives seconds.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: dict[Hashable, tuple[float, float]] = {}

    def wait(self, key: Hashable) -> int:
        """Take a token and return 0, or return after how many whole seconds there is one again."""
        now = self._clock()
        level, at = self._levels.pop(key, (self._rate.burst, now))
        level = min(self._rate.burst, level + (now - at) * self._rate.per_second)
        is_enough = level >= 1
        self._levels[key] = (level - 1 if is_enough else level, now)
        if len(self._levels) > _MOST_KEYS:
            del self._levels[next(iter(self._levels))]
        return 0 if is_enough else math.ceil((1 - level) / self._rate.per_second)
