"""Which states hold: stability of every state for every actor, where everybody can rank all states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, CONCEPT, STATE, described
from westphalia.methods.stability.conflict import BoolArray, Conflict, IntArray, Preferences, RankArray
from westphalia.methods.stability.cube import Cube
from westphalia.methods.stability.graph import Graph
from westphalia.methods.stability.sets import FORESIGHT, THREADS, are_known

if TYPE_CHECKING:
    import xarray as xr

CONCEPTS = tuple(FORESIGHT)
"""Nash, general metarational, symmetric metarational, sequential, symmetric sequential."""

Strength = Literal["general", "strong", "weak"]
STRENGTHS = ("general", "strong", "weak")

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many parts of it are done, and of how many."""

MOST_CELLS = 1 << 26
SMALL = 1 << 16
SPARSE = 32
"""Limits of `engine_of`."""


class Flooding(Protocol):
    """Finds the worst that some actors can bring about by legal sequences of their moves."""

    def flood(self, movers: IntArray, values: RankArray) -> RankArray:
        """Return the least of `values` (state) among each state and those the movers reach from it."""


class Engine(Flooding, Protocol):
    """Moves of a conflict: what one actor reaches in one move, and some in legal sequences."""

    def best(self, actor: int, values: RankArray) -> RankArray:
        """Return the largest of `values` (state) among states the actor can move to; LOWEST if none."""

    def improving(self, ranks: RankArray) -> Flooding:
        """Return floods by moves that improve on where they start, by the ranks (actor, state)."""


def engine_of(conflict: Conflict) -> Engine:
    """Return the engine that fits: the cube where moves are free and it is small or full enough.

    A cube looks at infeasible cells too, a graph at every pair of states between which there is a
    move. So it is the cube up to MOST_CELLS cells, unless they are more than SMALL and less than one
    in SPARSE is feasible.
    """
    cells = conflict.combinations
    is_worth_it = cells <= min(MOST_CELLS, max(SMALL, SPARSE * conflict.size))
    is_free = conflict.arcs is None
    return Cube.of(conflict) if is_free and is_worth_it else Graph.of(conflict)


def stability(
    conflict: Conflict,
    preferences: Preferences,
    *,
    concepts: Sequence[str] = CONCEPTS,
    strength: Strength = "general",
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> xr.Dataset:
    """Return which states hold for whom, under each solution concept (docs/methods/stability.md).

    Parameters
    ----------
    conflict: states and moves.
    preferences: ranks without unknown pairs; grades too, for strength.
    concepts: any of CONCEPTS.
    strength: ``general`` counts every sanction that leaves the actor no better off; ``strong`` only
        one that leaves it much worse off, as `grade` tells; ``weak`` is what holds in general but not
        strongly.
    progress: told after each actor and concept.
    engine: what moves are computed by; by default what fits the conflict. The result is the same.

    Returns
    -------
    Dataset with `is_stable` (concept, actor, state) and `is_equilibrium` (concept, state). The
    cost is near-linear in states where moves are free, else linear in moves from state to state.

    Raises
    ------
    CallError: a concept or strength is not known (``unknown-name``); ranks do not fit the conflict, or
        grades the ranks (``preferences-differ``); some pairs are unknown (``preference-unknown``);
        grades are missing where strength is asked for (``input-missing``); the conflict is too large
        (``conflict-too-large``).

    References
    ----------
    fang1993, hamouda2004, rego_vieira2017
    """
    are_known(concepts, CONCEPTS, "concept")
    are_known([strength], STRENGTHS, "strength")
    _fit(conflict, preferences, strength)
    told = _Told(progress, len(conflict.actors) * len(concepts) * (1 + (strength == "weak")))
    moves = engine_of(conflict) if engine is None else engine
    is_stable = _judge(moves, preferences, concepts, strength == "strong", told)
    is_equilibrium = np.asarray(is_stable.all(axis=1))
    if strength == "weak":
        is_strong = _judge(moves, preferences, concepts, True, told)
        is_equilibrium &= ~is_strong.all(axis=1)
        is_stable &= ~is_strong
    return _labelled(conflict, concepts, is_stable, is_equilibrium).assign_attrs(strength=strength)


def _judge(
    moves: Engine, preferences: Preferences, concepts: Sequence[str], is_strong: bool, told: _Told
) -> BoolArray:
    """Return which states are stable (concept, actor, state); actors go over the threads one by one."""
    actors = range(len(preferences.rank))
    is_stable = np.empty((len(concepts), *preferences.rank.shape), dtype=np.bool_)
    needs_improvements = any(FORESIGHT[concept].is_sequential for concept in concepts)
    floods = moves.improving(preferences.rank) if needs_improvements else moves

    def judge(actor: int) -> None:
        grade = preferences.grade[actor] if is_strong and preferences.grade is not None else None
        others = np.flatnonzero(np.arange(len(actors)) != actor)
        focal = _Focal(moves, floods, actor, others, preferences.rank[actor], grade)
        for at, concept in enumerate(concepts):
            is_stable[at, actor] = focal.is_stable(concept)
            told.one()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(judge, actors))
    return is_stable


@dataclass(frozen=True)
class _Focal:
    """One actor whose states are judged; `grade` is given where only strong sanctions count."""

    moves: Engine
    floods: Flooding
    actor: int
    others: IntArray
    rank: RankArray
    grade: RankArray | None

    def is_stable(self, concept: str) -> BoolArray:
        """Return in which states nothing that the actor can move to is worth more than staying."""
        worth = self.rank if concept == "nash" else self._worth(concept)
        return np.asarray(self.moves.best(self.actor, worth) <= self.rank)

    def _worth(self, concept: str) -> RankArray:
        """Return what moving to each state is worth to the actor, in ranks, once the others have replied.

        Only the worst that they can do counts, and of that only whether it deters: a state from
        which the actor improves is worth its rank, or less if the reply leaves less.
        """
        sight = FORESIGHT[concept]
        scale = self.rank if self.grade is None else self.grade
        value = np.maximum(scale, self.moves.best(self.actor, scale)) if sight.is_symmetric else scale
        floods = self.floods if sight.is_sequential else self.moves
        least = floods.flood(self.others, value)
        if self.grade is not None:
            least = _least_rank_above(self.rank, self.grade, least)
        return np.minimum(self.rank, least)


def _least_rank_above(rank: RankArray, grade: RankArray, floor: RankArray) -> RankArray:
    """Return for each floor, a grade, the least rank that a state must have to be undeterred by it.

    A reply that leaves the grade g deters strongly from leaving s where grade(s) > g: just where s
    ranks above all states of grade g or lower. So the result exceeds rank(s) just where it does not.
    """
    grades, place = np.unique(grade, return_inverse=True)
    highest = np.full(len(grades), np.iinfo(np.int32).min, dtype=np.int32)
    np.maximum.at(highest, place, rank)
    # Nothing ranks above the largest number there is, so that capping it there tells nothing apart.
    above = np.minimum(np.maximum.accumulate(highest), np.iinfo(np.int32).max - 1) + 1
    return np.asarray(above[np.searchsorted(grades, floor)], dtype=np.int32)


class _Told:
    """Tells how much is done."""

    def __init__(self, progress: Progress | None, parts: int) -> None:
        self.progress, self.parts, self.done = progress, parts, 0
        self.lock = Lock()

    def one(self) -> None:
        """Count one more part."""
        with self.lock:
            self.done += 1
            if self.progress is not None:
                self.progress("stability", self.done, self.parts)


# --- what goes in and comes out --------------------------------------------------------------------


def _fit(conflict: Conflict, preferences: Preferences, strength: str) -> None:
    shape = (len(conflict.actors), conflict.size)
    for name, array in (("rank", preferences.rank), ("grade", preferences.grade)):
        if array is not None and (array.shape != shape or array.dtype != np.int32):
            raise CallError(
                f"'{name}' is {array.dtype} {array.shape}; the conflict has {shape[0]} actors and "
                f"{shape[1]:,} states.",
                code="preferences-differ",
                where=name,
                hint=f"A whole number (int32) is needed for each, in the shape {shape}.",
            )
    if preferences.unknown is not None and any(pairs is not None for pairs in preferences.unknown):
        raise CallError(
            "Some preferences are unknown.",
            code="preference-unknown",
            hint="Ask for stability under unknown preference, which takes an attitude to it.",
        )
    if strength != "general" and preferences.grade is None:
        raise CallError(
            "The preferences do not say how strong they are.",
            code="input-missing",
            where="grade",
            hint="Give grades, or ask for general stability.",
        )
    if strength != "general" and preferences.grade is not None:
        for actor in range(shape[0]):
            _agree(conflict, actor, preferences.rank[actor], preferences.grade[actor])


def _agree(conflict: Conflict, actor: int, rank: RankArray, grade: RankArray) -> None:
    """Raise CallError if a state is graded above one that ranks as high or higher."""
    order = np.lexsort((grade, rank))
    falls = np.diff(grade[order]) < 0
    parts = (np.diff(rank[order]) == 0) & (np.diff(grade[order]) > 0)
    if (falls | parts).any():
        at = int(np.argmax(falls | parts))
        low, high = (
            (int(order[at]), int(order[at + 1])) if parts[at] else (int(order[at + 1]), int(order[at]))
        )
        raise CallError(
            f"'{conflict.actors[actor]}' much prefers {conflict.name(high)} to {conflict.name(low)}, by its "
            "grades, but does not rank it higher.",
            code="preferences-differ",
            where="grade",
            hint="What is much better must rank higher.",
        )


def _labelled(
    conflict: Conflict, concepts: Sequence[str], is_stable: BoolArray, is_equilibrium: BoolArray
) -> xr.Dataset:
    import xarray as xr

    return described(
        xr.Dataset(
            {
                "is_stable": ((CONCEPT, ACTOR, STATE), is_stable),
                "is_equilibrium": ((CONCEPT, STATE), is_equilibrium),
            },
            coords={
                CONCEPT: list(concepts),
                ACTOR: list(conflict.actors),
                STATE: conflict.coordinate(),
            },
        )
    )
