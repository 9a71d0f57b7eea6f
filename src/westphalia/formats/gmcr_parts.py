"""A conflict as files of GMCR+ hold it, and what its conditions make: feasible states, moves, order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

PROGRAM, VERSION = "gmcr-py", "0.4.1"
"""The program, and its version, whose form of file is read and written."""

MOST_OPTIONS = 62
"""Codes of states fit in 63 bits."""

MOST_LISTED = 65_536
"""Feasible states are listed up to so many, and only then does a ranking have a meaning."""

Condition = tuple[tuple[int, bool], ...]
"""Options by place, each with whether it is taken; all of it holds."""

Anyone = tuple[Condition, ...]
"""Conditions, one or more of which hold."""


@dataclass(frozen=True)
class Statement:
    """Something that holds or not in a state, and where the file says it."""

    anyone: Anyone
    path: str


@dataclass(frozen=True)
class Option:
    """What its owner (by place) may take and drop (``both``), only take (``fwd``) or only drop (``back``)."""

    name: str
    owner: int
    direction: str


@dataclass(frozen=True)
class Maker:
    """A decision maker: `statements` most important first, `ranking` of numbers of states, best first.

    `unseen` are states it does not perceive: it cannot move to or from there.
    """

    name: str
    statements: tuple[Statement, ...]
    ranking: tuple[tuple[int, ...], ...]
    unseen: tuple[Statement, ...]
    path: str


@dataclass(frozen=True)
class Game:
    """A conflict in option form; options stand grouped by their owners, as the program counts states."""

    options: tuple[Option, ...]
    makers: tuple[Maker, ...]
    infeasible: tuple[Statement, ...]
    is_ranked: bool
    coalitions: tuple[tuple[int, ...], ...]


def feasible_codes(statements: Iterable[Statement], count: int) -> IntArray | None:
    """Return the codes of the states in which no statement holds, ascending; None if there are too many.

    The first of `count` options is the lowest bit. Options are added one by one and what cannot be goes
    as soon as it shows, so that many options with few states cost little.
    """
    ending: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for statement in statements:
        for condition in statement.anyone:
            ending[max(option for option, _ in condition)].append(_bits(condition))
    codes: IntArray = np.zeros(1, dtype=np.int64)
    for option in range(count):
        codes = np.concatenate([codes, codes | (1 << option)])
        for mask, value in ending[option]:
            codes = codes[(codes & mask) != value]
        if len(codes) > MOST_LISTED:
            return None
    return codes


def holds(statement: Statement, codes: IntArray) -> BoolArray:
    """Return in which of the states a statement holds."""
    found = np.zeros(len(codes), dtype=np.bool_)
    for mask, value in map(_bits, statement.anyone):
        found |= (codes & mask) == value
    return found


def _bits(condition: Condition) -> tuple[int, int]:
    """Return the bits that a condition speaks of, and those of them that are set where it holds."""
    return sum(1 << option for option, _ in condition), sum(
        1 << option for option, is_taken in condition if is_taken
    )


def name_of_state(code: int, count: int) -> str:
    """Return a digit for each option, the first first: 1 where it is taken."""
    return "".join(str(code >> option & 1) for option in range(count))


def groups_of(maker: Maker, codes: IntArray) -> list[IntArray]:
    """Return the states by prioritised statements, best first, in groups that tie."""
    groups = [codes]
    for statement in maker.statements:
        halves = ((group, holds(statement, group)) for group in groups)
        groups = [part for group, held in halves for part in (group[held], group[~held]) if len(part)]
    return groups


def arcs(game: Game, maker: int, codes: IntArray) -> Iterator[tuple[int, list[int]]]:
    """Yield each state that a decision maker can leave, and where it can go, all as codes."""
    place = [(at, option) for at, option in enumerate(game.options) if option.owner == maker]
    own, only_up, only_down = (
        sum(1 << at for at, option in place if option.direction in directions)
        for directions in (("both", "fwd", "back"), ("fwd",), ("back",))
    )
    is_seen = np.ones(len(codes), dtype=np.bool_)
    for statement in game.makers[maker].unseen:
        is_seen &= ~holds(statement, codes)
    seen = codes[is_seen]
    for code in seen:
        is_near = ((seen & ~own) == (code & ~own)) & (seen != code)
        is_open = ((code & only_up & ~seen) == 0) & ((seen & only_down & ~code) == 0)
        ends = seen[is_near & is_open].tolist()
        if ends:
            yield int(code), ends
