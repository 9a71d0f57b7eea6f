"""The smallest change of an actor's list of wishes that makes a state stable for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.logic import Formula
from westphalia.methods.stability.conflict import BoolArray, Conflict, Preferences
from westphalia.methods.stability.inverse import Condition, condition
from westphalia.methods.stability.statements import truths
from westphalia.registry import Param

MOST_LISTS = 200_000
"""Lists of wishes that are tried before the search is given up."""

Listed = tuple[tuple[int, bool], ...]
"""Wishes in order: the place of each, from 0, in the list given, and whether it is wished for or against."""


@dataclass(frozen=True)
class Edit:
    """One change: a wish, by its place in the list given, goes to place `to`, is dropped or turned round."""

    kind: Literal["move", "drop", "turn"]
    wish: int
    to: int | None = None


@dataclass(frozen=True)
class Edited:
    """A list of wishes by which the state is stable, and the changes that lead to it."""

    edits: tuple[Edit, ...]
    wishes: Listed


@dataclass(frozen=True)
class SmallestEdit:
    """The lists found, all with the same number of changes, in the order of the search.

    If there are none, no list with fewer changes than `edits_tried` + 1 makes the state stable.
    `is_complete` says whether all lists with that many changes were tried.
    """

    found: tuple[Edited, ...]
    edits_tried: int
    is_complete: bool


def smallest_edit(
    conflict: Conflict,
    preferences: Preferences,
    statements: Sequence[Formula],
    state: int | str,
    actor: int | str,
    concept: str,
    *,
    most_edits: Annotated[int, Param("How many changes are tried.", low=0, high=6)] = 2,
) -> SmallestEdit:
    """Return the fewest changes of a list of wishes, first the most important, that make the state stable.

    A change moves one wish to another place, drops one, or turns one into its contrary. Lists are
    tried breadth first, those with one change before those with two. So what is found is smallest,
    and all that is as small is found, unless MOST_LISTS were tried before. A list of n wishes has
    about n² neighbours; each costs a look at each wish and state that the condition speaks of.

    Parameters
    ----------
    conflict, preferences, state, actor, concept: as `what_makes_stable`; the others rank as given.
    statements: the actor's wishes, as `prioritised` takes them.

    Raises
    ------
    CallError: as `what_makes_stable`; a statement names a move there is not (code ``unknown-move``);
        there are none (``input-missing``).
    """
    if not statements:
        raise CallError(
            f"'{actor}' has no wishes that could be changed.",
            code="input-missing",
            where=str(actor),
            hint="Give its wishes, most important first.",
        )
    judge = _Judge.of(conflict, statements, condition(conflict, preferences, state, actor, concept))
    start: Listed = tuple((wish, True) for wish in range(len(statements)))
    level: dict[Listed, tuple[Edit, ...]] = {start: ()}
    seen = {start}
    tried = 0
    while not (found := judge.stable_of(level)) and tried < most_edits and len(seen) < MOST_LISTS:
        level = _beyond(level, seen)
        tried += 1
    return SmallestEdit(found, tried, len(seen) < MOST_LISTS)


@dataclass(frozen=True)
class _Judge:
    """Which wishes hold in all states (wish, state), and in the state judged (wish)."""

    met_if: Condition
    holds: BoolArray
    holds_there: BoolArray

    @classmethod
    def of(cls, conflict: Conflict, statements: Sequence[Formula], met_if: Condition) -> _Judge:
        holds = np.stack(list(truths(conflict, statements)))
        return cls(met_if, holds, holds[:, met_if.state])

    def stable_of(self, level: Mapping[Listed, tuple[Edit, ...]]) -> tuple[Edited, ...]:
        """Return the lists of a level by which the state is stable."""
        return tuple(Edited(edits, wishes) for wishes, edits in level.items() if self.is_stable(wishes))

    def is_stable(self, wishes: Listed) -> bool:
        """Compare by the first wish that tells the state from another."""
        is_below = np.ones(self.holds.shape[1], dtype=np.bool_)
        states = np.array(self.met_if.states, dtype=np.int64)
        if wishes:
            order = np.array([wish for wish, _ in wishes])
            is_wanted = np.array([wanted for _, wanted in wishes])
            differs = self.holds[np.ix_(order, states)] != self.holds_there[order, None]
            is_better = (self.holds_there[order] == is_wanted)[differs.argmax(axis=0)]
            is_below[states] = is_better | ~differs.any(axis=0)
        return bool(self.met_if.holds(is_below))


def _beyond(level: dict[Listed, tuple[Edit, ...]], seen: set[Listed]) -> dict[Listed, tuple[Edit, ...]]:
    """Return the lists one change beyond those of a level, and mark them as seen; up to MOST_LISTS."""
    beyond: dict[Listed, tuple[Edit, ...]] = {}
    for wishes, edits in level.items():
        for edit, changed in _changes(wishes):
            if changed not in seen and len(seen) < MOST_LISTS:
                seen.add(changed)
                beyond[changed] = (*edits, edit)
    return beyond


def _changes(wishes: Listed) -> Iterator[tuple[Edit, Listed]]:
    """Yield every single change of the list: moves, the shortest first, then drops, then turns."""
    places = range(len(wishes))
    jumps = [(at, to) for at in places for to in places if at != to]
    for at, to in sorted(jumps, key=lambda jump: abs(jump[0] - jump[1])):
        rest = [*wishes[:at], *wishes[at + 1 :]]
        yield Edit("move", wishes[at][0], to), (*rest[:to], wishes[at], *rest[to:])
    for at in places:
        yield Edit("drop", wishes[at][0]), (*wishes[:at], *wishes[at + 1 :])
    for at, (wish, is_wanted) in enumerate(wishes):
        yield Edit("turn", wish), (*wishes[:at], (wish, not is_wanted), *wishes[at + 1 :])
