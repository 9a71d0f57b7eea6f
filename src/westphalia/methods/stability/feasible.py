"""Which combinations of moves can be: all but those that some rule excludes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from westphalia.errors import CallError
from westphalia.methods.stability.conflict import BoolArray, IntArray

MOST_CELLS = 1 << 26
"""Combinations up to which each is looked at; above, states are grown rule by rule."""

MOST_STATES = 1 << 24
"""States that may be grown."""

MOST_CODES = 1 << 62
"""Combinations that have a code of 64 bits."""

_MOST_TRIED = 1 << 30
_BLOCK = 1 << 22
_CHEAP = 1 << 28
_LISTED = 8


class Rule(Protocol):
    """A statement over moves, such as `westphalia.logic.Formula`; its text is what messages show."""

    @property
    def names(self) -> frozenset[str]:
        """The moves it speaks of."""

    def truth(self, columns: Mapping[str, IntArray]) -> BoolArray:
        """Return where it holds, given the level of each move; the arrays broadcast."""


class Removed(NamedTuple):
    """Combinations a rule excludes: `alone`, and `in_order` beyond those before it; None if too many."""

    alone: int | None
    in_order: int | None


class Space(NamedTuple):
    """Moves and how many levels each has. The code of a combination is as in Conflict."""

    moves: tuple[str, ...]
    levels: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return math.prod(self.levels)

    @property
    def strides(self) -> tuple[int, ...]:
        """What one level of each move adds to a code."""
        return tuple(math.prod(self.levels[:at]) for at in range(len(self.levels)))

    def only(self, names: frozenset[str]) -> Space:
        """Return the space of some of the moves alone."""
        kept = [at for at, move in enumerate(self.moves) if move in names]
        return Space(tuple(self.moves[at] for at in kept), tuple(self.levels[at] for at in kept))

    def codes_of(self, names: frozenset[str]) -> IntArray:
        """Return the codes of all combinations of the moves named, the others at their lowest level."""
        codes = np.zeros(1, dtype=np.int64)
        for move, stride, count in zip(self.moves, self.strides, self.levels, strict=True):
            if move in names:
                codes = np.add.outer(np.arange(count) * stride, codes).ravel()
        return codes

    def columns(self) -> dict[str, IntArray]:
        """Return the levels of each move along its own axis; the first move has the last axis."""
        axes = len(self.moves)
        return {
            move: np.arange(count).reshape([-1 if axis == at else 1 for axis in range(axes - 1, -1, -1)])
            for at, (move, count) in enumerate(zip(self.moves, self.levels, strict=True))
        }

    def columns_of(self, codes: IntArray, names: frozenset[str]) -> dict[str, IntArray]:
        """Return the levels of the moves named in the combinations with these codes."""
        return {
            move: codes // stride % count
            for move, stride, count in zip(self.moves, self.strides, self.levels, strict=True)
            if move in names
        }


def feasible_codes(space: Space, rules: Sequence[Rule]) -> IntArray | None:
    """Return the codes (state) of the combinations that no rule excludes, ascending; None if all.

    Up to MOST_CELLS combinations each rule costs one look at each. With more, states grow rule by
    rule, the shortest first, and a rule strikes as soon as its moves are decided.

    Raises
    ------
    CallError: nothing is feasible (code ``no-feasible-state``), or too much (``conflict-too-large``).
    """
    if not rules and space.size <= MOST_CELLS:
        return None
    codes = _by_mask(space, rules) if space.size <= MOST_CELLS else _by_growth(space, rules)
    if not len(codes):
        raise _nothing_left(space, rules)
    return None if len(codes) == space.size else codes


def count_removed(space: Space, rules: Sequence[Rule]) -> tuple[Removed, ...]:
    """Return how many combinations each rule excludes, alone and beyond those before it.

    `alone` is None where the rule's own moves have over MOST_CELLS combinations, `in_order` where all
    moves have.
    """
    alone = [_alone(space, rule) for rule in rules]
    if space.size > MOST_CELLS:
        return tuple(Removed(count, None) for count in alone)
    left = [int(np.count_nonzero(mask)) for mask in _masks(space, rules)]
    return tuple(Removed(count, left[at] - left[at + 1]) for at, count in enumerate(alone))


def _alone(space: Space, rule: Rule) -> int | None:
    own = space.only(rule.names)
    if own.size > MOST_CELLS:
        return None
    shape = own.levels[::-1]
    held = int(np.count_nonzero(np.broadcast_to(rule.truth(own.columns()), shape)))
    return held * (space.size // own.size)


def _masks(space: Space, rules: Sequence[Rule]) -> Iterator[BoolArray]:
    """Yield what is feasible before any rule and after each, always the same array, an axis a move."""
    columns = space.columns()
    mask = np.ones(space.levels[::-1], dtype=np.bool_)
    yield mask
    for rule in rules:
        np.logical_and(mask, ~rule.truth(columns), out=mask)
        yield mask


def _by_mask(space: Space, rules: Sequence[Rule]) -> IntArray:
    *_, mask = _masks(space, rules)
    return np.flatnonzero(mask)


def _by_growth(space: Space, rules: Sequence[Rule]) -> IntArray:
    codes: IntArray = np.zeros(1, dtype=np.int64)
    for moves, decided in _schedule(space, rules):
        added = space.only(moves)
        if space.size > MOST_CODES or added.size > MOST_STATES:
            raise _too_large(space)
        among = [rule for rule in decided if rule.names <= moves]
        across = [rule for rule in decided if not rule.names <= moves]
        codes = _joined(space, codes, _kept(space, space.codes_of(moves), among), across)
        if not len(codes):
            break
    return np.sort(codes)


def _joined(space: Space, codes: IntArray, added: IntArray, rules: Sequence[Rule]) -> IntArray:
    """Return each of the codes with each of what is added to it, where no rule excludes it."""
    if len(codes) * len(added) > (_MOST_TRIED if rules else MOST_STATES):
        raise _too_large(space)
    rows, count = max(1, _BLOCK // max(1, len(added))), 0
    kept: list[IntArray] = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(codes), rows):
        kept.append(_kept(space, np.add.outer(codes[start : start + rows], added).ravel(), rules))
        count += len(kept[-1])
        if count > MOST_STATES:
            raise _too_large(space)
    return np.concatenate(kept)


def _kept(space: Space, codes: IntArray, rules: Sequence[Rule]) -> IntArray:
    for rule in rules:
        is_out = rule.truth(space.columns_of(codes, rule.names))
        codes = codes[~np.broadcast_to(is_out, codes.shape)]
    return codes


def _schedule(space: Space, rules: Sequence[Rule]) -> Iterator[tuple[frozenset[str], list[Rule]]]:
    """Yield moves to decide together, and the rules they complete: first what the shortest rule lacks.

    Last come the moves that no rule names.
    """
    known: frozenset[str] = frozenset()
    waiting = list(rules)
    while waiting:
        lacking = min((rule.names - known for rule in waiting), key=len)
        known |= lacking
        yield lacking, [rule for rule in waiting if rule.names <= known]
        waiting = [rule for rule in waiting if not rule.names <= known]
    yield frozenset(space.moves) - known, []


# --- refusals --------------------------------------------------------------------------------------


def _too_large(space: Space) -> CallError:
    return CallError(
        f"There are {space.size:,} combinations of {len(space.moves)} moves, too many to list those "
        "that can be.",
        code="conflict-too-large",
        where="moves",
        hint=f"Up to {MOST_CELLS:,} combinations anything goes; of more, {MOST_STATES:,} can be feasible. "
        "Leave moves out, or rule out more combinations.",
    )


def _nothing_left(space: Space, rules: Sequence[Rule]) -> CallError:
    blamed = _smallest(space, rules)
    names = "; ".join(f"'{rule}'" for rule in blamed[:_LISTED])
    more = f"; and {len(blamed) - _LISTED} more" if len(blamed) > _LISTED else ""
    verb, which = ("exclude", "one of them") if len(blamed) > 1 else ("excludes", "it")
    return CallError(
        f"No combination of moves is left: {names}{more} {verb} all of them.",
        code="no-feasible-state",
        where="infeasible",
        hint=f"Drop or narrow {which}.",
    )


def _smallest(space: Space, rules: Sequence[Rule]) -> list[Rule]:
    """Return rules that exclude everything, none of which can be spared; all of them if that is dear."""
    blamed = list(rules)
    for rule in rules:
        rest = [other for other in blamed if other is not rule]
        own = space.only(frozenset().union(*(other.names for other in rest)))
        if own.size * len(rules) > _CHEAP:
            continue
        if not len(_by_mask(own, rest)):
            blamed = rest
    return blamed
