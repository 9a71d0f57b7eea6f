"""Why a state holds or does not: what the actor could do, and by what path of moves it is punished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.methods.stability.conflict import Conflict, IntArray, Preferences, RankArray
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.sets import FORESIGHT, are_known, are_ranked, fits
from westphalia.methods.stability.steps import Steps

CONCEPTS = (*FORESIGHT, "sim")

_PIECE = 1 << 14
"""States whose moves are looked up in one go."""

_MOST_TOGETHER = 1_000_000


@dataclass(frozen=True)
class Sanction:
    """Where the others' reply ends, and how: `path` holds (actor, state it moves to), both as places.

    `is_simultaneous`: the others improve from the state that the focal actor leaves, at the same
    time; the states of the path are then where each would be alone.
    """

    state: int
    path: tuple[tuple[int, int], ...]
    is_simultaneous: bool = False


@dataclass(frozen=True)
class Improvement:
    """A state the actor prefers and can move to, and the sanction that deters it, if one does.

    In symmetric concepts, where none does: `escaped` is a reply that leaves the actor no better off
    at first, and `escape` the better state to which it could then go on.
    """

    state: int
    sanction: Sanction | None = None
    escaped: Sanction | None = None
    escape: int | None = None


@dataclass(frozen=True)
class Reason:
    """Why an actor stays in a state, or does not, by a solution concept; actor and states are places.

    Stable without improvements: there is nothing better to move to. Stable with them: a sanction
    deters from each. Unstable: nothing deters from some.
    """

    concept: str
    actor: int
    state: int
    improvements: tuple[Improvement, ...]

    @property
    def is_stable(self) -> bool:
        """Whether the actor stays."""
        return not self.unpunished

    @property
    def unpunished(self) -> tuple[Improvement, ...]:
        """The improvements from which nothing deters, the best one for the actor first."""
        return tuple(one for one in self.improvements if one.sanction is None)

    @property
    def path(self) -> tuple[tuple[int, int], ...]:
        """The moves that tell the story: of the best unpunished improvement, else of the best deterred one.

        Each is (actor, state it moves to); the first is the improvement itself. Empty where there is
        none.
        """
        for one in (*self.unpunished, *self.improvements):
            return ((self.actor, one.state), *(one.sanction.path if one.sanction else ()))
        return ()


def reason(
    conflict: Conflict, preferences: Preferences, concept: str, actor: int | str, state: int | str
) -> Reason:
    """Return why the actor stays in the state, or does not, by one concept.

    Parameters
    ----------
    conflict: states and moves, of any size.
    preferences: ranks, without unknown pairs.
    concept: nash, gmr, smr, seq, sseq or sim (all others who can improve do so at the same time).
    actor, state: by name or place.

    Returns
    -------
    Reason with all improvements, the best for the actor first. Of the sanctions from one, it gives
    one by the fewest moves; of these one that is worst for the actor; of these the first. A search
    looks at each move that the others can come to, at most once for each of them.

    Raises
    ------
    CallError: a name is not known (``unknown-name``, ``unknown-state``,
        ``infeasible-state``), the preferences do not fit
        or hold unknown pairs, or too many improvements could be made at once
        (``conflict-too-large``).
    """
    are_known([concept], CONCEPTS, "concept")
    fits(conflict, preferences)
    are_ranked(preferences)
    judge = _Judge(conflict, preferences, concept, actor_place(conflict, actor), place_of(conflict, state))
    return Reason(concept, judge.actor, judge.state, tuple(map(judge.judged, judge.temptations())))


def actor_place(conflict: Conflict, actor: int | str) -> int:
    """Return the place of an actor given by name or place. Raises CallError (``unknown-name``)."""
    names = conflict.actors
    if actor in names:
        return names.index(str(actor))
    if not isinstance(actor, str) and 0 <= actor < len(names):
        return int(actor)
    raise CallError(
        f"There is no actor '{actor}'.",
        code="unknown-name",
        where=str(actor),
        hint=suggest(str(actor), names),
    )


# --- the search ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layer:
    """Nodes that replies reach in the same number of moves: state, who moved there, and from which node.

    `source` is a place in the layer before.
    """

    states: IntArray
    movers: IntArray
    source: IntArray


@dataclass(frozen=True)
class _Judge:
    """One actor in one state, by one concept, and the moves of all."""

    conflict: Conflict
    preferences: Preferences
    concept: str
    actor: int
    state: int

    def temptations(self) -> list[int]:
        """Return the improvements, the best first."""
        _, targets = self._steps[self.actor].out_of(np.array([self.state]))
        better = targets[self._rank[targets] > self._rank[self.state]]
        return [int(target) for target in better[np.lexsort((better, -self._rank[better]))]]

    def judged(self, target: int) -> Improvement:
        """Return the improvement with what deters from it."""
        if self.concept == "nash":
            return Improvement(target)
        return self._together(target) if self.concept == "sim" else self._in_turn(target)

    def _in_turn(self, target: int) -> Improvement:
        """Look for a sanction in the order of the moves it takes."""
        escaped: Sanction | None = None
        escape: int | None = None
        layers = [_Layer(np.array([target]), np.array([-1]), np.array([-1]))]
        seen = np.zeros((self.conflict.size, len(self.conflict.actors)), dtype=np.bool_)
        while len(layers[-1].states):
            layers.append(self._next_layer(layers[-1], seen))
            reached = layers[-1].states
            worse = np.flatnonzero(self._rank[reached] <= self._rank[self.state])
            worse = worse[np.lexsort((reached[worse], self._rank[reached[worse]]))]
            ways_out = self._ways_out(reached[worse])
            held = worse[ways_out < 0]
            if len(held):
                return Improvement(target, _sanction(layers, int(held[0])))
            if escaped is None and len(worse):
                escaped, escape = _sanction(layers, int(worse[0])), int(ways_out[0])
        return Improvement(target, None, escaped, escape)

    def _next_layer(self, layer: _Layer, seen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> _Layer:
        """Return what any of the others reaches by one move more, where it did not before, and mark it."""
        found = []
        for mover in self._others:
            free = np.flatnonzero(layer.movers != mover)
            for low in range(0, len(free), _PIECE):
                piece = free[low : low + _PIECE]
                origin, target = self._replies(mover, layer.states[piece])
                is_new = ~seen[target, mover]
                target, first = np.unique(target[is_new], return_index=True)
                seen[target, mover] = True
                found.append(_Layer(target, np.full(len(target), mover), piece[origin[is_new][first]]))
        if not found:
            return _Layer(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
        return _Layer(
            np.concatenate([one.states for one in found]),
            np.concatenate([one.movers for one in found]),
            np.concatenate([one.source for one in found]),
        )

    def _replies(self, mover: int, states: IntArray) -> tuple[IntArray, IntArray]:
        """Return the moves of another actor, or its improvements, as the concept has it."""
        origin, target = self._steps[mover].out_of(states)
        if FORESIGHT[self.concept].replies == "any":
            return origin, target
        rank = self.preferences.rank[mover]
        is_better = rank[target] > rank[states[origin]]
        return origin[is_better], target[is_better]

    def _ways_out(self, states: IntArray) -> IntArray:
        """Return for each sanction the best state to which the actor would escape from it, or -1."""
        ways = np.full(len(states), -1, dtype=np.int64)
        if not FORESIGHT[self.concept].is_symmetric or not len(states):
            return ways
        origin, target = self._steps[self.actor].out_of(states)
        is_better = self._rank[target] > self._rank[self.state]
        origin, target = origin[is_better], target[is_better]
        # The last one written for each is the best, and the first of those.
        order = np.lexsort((-target, self._rank[target]))
        ways[origin[order]] = target[order]
        return ways

    def _together(self, target: int) -> Improvement:
        """Look for improvements of the others that deter when made at the same time."""
        codes = self.conflict.code_of(np.arange(self.conflict.size))
        here = codes[self.state]
        for path in product(*self._choices):
            moved = tuple(one for one in zip(self._others, path, strict=True) if one[1] >= 0)
            code = codes[target] + sum(int(codes[end] - here) for _, end in moved)
            end = self.conflict.place_of(int(code)) if moved else None
            if end is not None and self._rank[end] <= self._rank[self.state]:
                return Improvement(target, Sanction(end, moved, is_simultaneous=True))
        return Improvement(target)

    @cached_property
    def _choices(self) -> list[list[int]]:
        """Return the improvements that each of the others can make at once; -1 where there are none."""
        if not self.conflict.moves:
            raise CallError(
                "Moves made at the same time can only be added up where states are made of moves.",
                code="no-options",
                hint="Ask for sequential stability.",
            )
        choices = []
        for mover in self._others:
            rank = self.preferences.rank[mover]
            _, target = self._steps[mover].out_of(np.array([self.state]))
            better = target[rank[target] > rank[self.state]]
            choices.append([int(end) for end in better] or [-1])
        if np.prod([float(len(ends)) for ends in choices]) > _MOST_TOGETHER:
            raise CallError(
                "Too many improvements could be made at the same time.",
                code="conflict-too-large",
                hint="Ask for sequential stability.",
            )
        return choices

    @cached_property
    def _steps(self) -> tuple[Steps, ...]:
        return tuple(Steps(self.conflict, actor) for actor in range(len(self.conflict.actors)))

    @property
    def _others(self) -> list[int]:
        return [actor for actor in range(len(self.conflict.actors)) if actor != self.actor]

    @property
    def _rank(self) -> RankArray:
        return np.asarray(self.preferences.rank[self.actor])


def _sanction(layers: list[_Layer], at: int) -> Sanction:
    """Return the sanction at a place of the last layer, with the moves that lead there."""
    end, path = int(layers[-1].states[at]), []
    for layer in reversed(layers[1:]):
        path.append((int(layer.movers[at]), int(layer.states[at])))
        at = int(layer.source[at])
    return Sanction(end, tuple(reversed(path)))
