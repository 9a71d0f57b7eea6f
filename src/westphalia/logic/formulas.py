"""Formulas: where they hold, and as text that reads back."""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

Column = np.ndarray[tuple[int, ...], np.dtype[Any]]
Truth = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

WORDS = frozenset(
    {"and", "or", "xor", "not", "if", "iff", "implies", "true", "false"}
    | {"at", "most", "least", "exactly", "of"}
)
"""Words of the language, which no plain name may be."""

_PLAIN = re.compile(r"\w[\w-]*")

RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_BOUNDS: dict[str, Callable[[Any, Any], Any]] = {
    "at most": operator.le,
    "at least": operator.ge,
    "exactly": operator.eq,
}
_JOINS: dict[str, Callable[[Truth, Truth], Truth]] = {
    "and": np.logical_and,
    "xor": np.logical_xor,
    "or": np.logical_or,
    "if": np.greater_equal,
    "implies": np.less_equal,
    "iff": np.equal,
}
_TIGHTNESS = {"iff": 0, "implies": 0, "if": 0, "or": 1, "xor": 2, "and": 3, "not": 4}
_ATOM = 5


@dataclass(frozen=True)
class Formula(ABC):
    """A statement that holds or not where every move it names stands at some level."""

    @property
    def operands(self) -> tuple[Formula, ...]:
        """The statements it is made of."""
        return ()

    @property
    def tightness(self) -> int:
        """How closely its parts hold together; what is looser needs parentheses within it."""
        return _ATOM

    @cached_property
    def names(self) -> frozenset[str]:
        """The moves it speaks of."""
        return frozenset().union(*(part.names for part in self.operands))

    @abstractmethod
    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return where it holds, given the level (integer array) of every move in `names`.

        The arrays broadcast against one another; the result has the shape of those it needs.
        """

    @abstractmethod
    def __str__(self) -> str:
        """Return text that reads back to the same formula."""


@dataclass(frozen=True)
class Constant(Formula):
    """Holds always, or never."""

    value: bool

    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return the value, without dimensions."""
        return np.array(self.value)

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True)
class Level(Formula):
    """A move stands at, above or below a level; `word` is how the level was written, if it was."""

    move: str
    relation: str
    level: int
    word: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The one move."""
        return frozenset([self.move])

    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return where the comparison holds."""
        return np.asarray(RELATIONS[self.relation](columns[self.move], self.level))

    def __str__(self) -> str:
        return (
            f"{_quoted(self.move)} {self.relation} {_quoted(self.word)}" if self.word else _quoted(self.move)
        )


@dataclass(frozen=True)
class Not(Formula):
    """Holds where its part does not."""

    part: Formula

    @property
    def operands(self) -> tuple[Formula, ...]:
        """The part."""
        return (self.part,)

    @property
    def tightness(self) -> int:
        """Looser only than what needs no parentheses at all."""
        return _TIGHTNESS["not"]

    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return where the part does not hold."""
        return np.logical_not(self.part.truth(columns))

    def __str__(self) -> str:
        return f"not {_within(self.part, self.tightness)}"


@dataclass(frozen=True)
class Joined(Formula):
    """Parts joined by one word: two or more by and, or, xor (an odd number holds), else just two."""

    word: str
    parts: tuple[Formula, ...]

    @property
    def operands(self) -> tuple[Formula, ...]:
        """The parts."""
        return self.parts

    @property
    def tightness(self) -> int:
        """That of the word."""
        return _TIGHTNESS[self.word]

    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return the parts' truth joined, from left to right."""
        return np.asarray(reduce(_JOINS[self.word], (part.truth(columns) for part in self.parts)))

    def __str__(self) -> str:
        return f" {self.word} ".join(_within(part, self.tightness + 1) for part in self.parts)


@dataclass(frozen=True)
class Count(Formula):
    """At most, at least or exactly so many of the parts hold."""

    bound: str
    number: int
    parts: tuple[Formula, ...]

    @property
    def operands(self) -> tuple[Formula, ...]:
        """The parts."""
        return self.parts

    def truth(self, columns: Mapping[str, Column]) -> Truth:
        """Return where the count of parts that hold is within the bound."""
        held: Column = np.zeros((), dtype=np.int64)
        for part in self.parts:
            held = held + part.truth(columns)
        return np.asarray(_BOUNDS[self.bound](held, self.number))

    def __str__(self) -> str:
        return f"{self.bound} {self.number} of ({', '.join(map(str, self.parts))})"


def _quoted(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.lower() not in WORDS:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _within(part: Formula, tightness: int) -> str:
    return str(part) if part.tightness >= tightness else f"({part})"
