"""What would make a state stable: the condition, how many rankings meet it, the smallest change that does.

Whether a state s is stable for an actor depends, as to the actor's own ranking, only on what stands
at or below s in it. Under seq and sseq it depends besides on the others' rankings, which are given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from westphalia.methods.stability.concepts import CONCEPTS
from westphalia.methods.stability.conflict import Arcs, BoolArray, Conflict, IntArray, Preferences, RankArray
from westphalia.methods.stability.inverse_counts import (
    BranchesError,
    Clause,
    minimal,
    sets_by_size,
    share_of_orders,
)
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.reasons import actor_place
from westphalia.methods.stability.sets import FORESIGHT, are_known, are_ranked, fits
from westphalia.methods.stability.status_quo import NO_RANKS, search
from westphalia.methods.stability.steps import Steps

MOST_EXACT = 64
"""States in a condition up to which the share of all strict rankings is counted in whole numbers."""

MOST_DRAWN = 10_000
"""Rankings that are drawn where they cannot be counted."""

_SEED = 1
_SECONDS = 10.0


@dataclass(frozen=True)
class Condition:
    """When the actor, by place, does not leave the state: all `clauses` are met, each by any of its terms.

    A term is met if the state is at least as good to the actor as all states of the term. Nothing in
    it is superfluous. Without clauses the actor cannot leave, whatever it prefers.
    """

    concept: str
    actor: int
    state: int
    clauses: tuple[tuple[tuple[int, ...], ...], ...]

    @property
    def states(self) -> tuple[int, ...]:
        """The states with which the state is compared."""
        return tuple(sorted({state for clause in self.clauses for term in clause for state in term}))

    def holds(self, is_below: BoolArray) -> BoolArray:
        """Return whether it is met (…), given what stands at or below the state (…, state)."""
        if not self.clauses:
            return np.ones(is_below.shape[:-1], dtype=np.bool_)
        states, terms, clauses = self._flat
        met = np.logical_and.reduceat(is_below[..., states], terms, axis=-1)
        return np.asarray(np.logical_or.reduceat(met, clauses, axis=-1).all(axis=-1))

    @cached_property
    def _flat(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return all states term by term, where each term starts there, and each clause among the terms."""
        terms = [term for clause in self.clauses for term in clause]
        return np.concatenate([np.array(term) for term in terms]), _starts(terms), _starts(self.clauses)


@dataclass(frozen=True)
class Share:
    """Share of the rankings that meet a condition, and its standard `error`: 0 unless they are drawn.

    `exact` is the share if whole numbers were counted; else `value` is right but for rounding.
    """

    value: float
    exact: Fraction | None
    error: float


@dataclass(frozen=True)
class Fall:
    """Fewest states that must fall to the level of the state, or below it, for the condition to be met.

    No fewer than `bound` are enough; `is_proved` says whether these are fewest.
    """

    states: tuple[int, ...]
    bound: int
    is_proved: bool


@dataclass(frozen=True)
class Inverse:
    """What makes a state stable for an actor.

    `rise` are the states that the state must catch up with, the lowest first, if it rises and the
    rest keeps its order; each costs one swap of neighbours in a strict ranking, and no smaller number
    of swaps is enough.
    """

    condition: Condition
    is_stable: bool
    share: Share
    rise: tuple[int, ...]
    fall: Fall


def what_makes_stable(
    conflict: Conflict,
    preferences: Preferences,
    state: int | str,
    actor: int | str,
    concept: str,
    *,
    among: Sequence[int | str] | None = None,
) -> Inverse:
    """Return what makes the state stable for the actor, and how far that is from the ranking given.

    Parameters
    ----------
    conflict, preferences: as `stability`; only under seq and sseq do the others' ranks matter.
    state, actor: by name or place.
    concept: nash, gmr, smr, seq or sseq.
    among: states whose ranks are permuted, all others keeping theirs, to count the share of rankings
        that meet the condition; by default it is the share of all strict rankings of all states.

    Returns
    -------
    Inverse. The condition takes one search from each state that the actor can move to. Rankings are
    counted, in whole numbers if the condition speaks of up to MOST_EXACT states, unless more than
    MOST_BRANCHES cases would have to be told apart; then MOST_DRAWN are drawn, with a fixed seed. The
    rise is exact (docs/methods/stability.md); the fall is the solution of a covering problem, proved
    unless ten seconds were not enough.

    Raises
    ------
    CallError: a name is not known (code ``unknown-name``, ``unknown-state``, ``infeasible-state``),
        or preferences do not fit (``preferences-differ``) or are unknown (``preference-unknown``).
    """
    met_if = condition(conflict, preferences, state, actor, concept)
    rank = preferences.rank[met_if.actor]
    free = None if among is None else [place_of(conflict, one) for one in among]
    is_stable = bool(met_if.holds(rank <= rank[met_if.state]))
    return Inverse(met_if, is_stable, share(met_if, rank, free), rise(met_if, rank), fall(met_if, rank))


def condition(
    conflict: Conflict, preferences: Preferences, state: int | str, actor: int | str, concept: str
) -> Condition:
    """Return when the actor does not leave the state. Raises what `what_makes_stable` does."""
    are_known([concept], CONCEPTS, "concept")
    fits(conflict, preferences)
    are_ranked(preferences)
    focal, start = actor_place(conflict, actor), place_of(conflict, state)
    own = Steps(conflict, focal)
    clauses = []
    for target in own.out_of(np.array([start]))[1]:
        clauses.append(_clause(conflict, preferences, own, start, int(target), concept))
    kept = [sorted((tuple(sorted(term)) for term in clause), key=_short_first) for clause in minimal(clauses)]
    ordered = sorted((tuple(clause) for clause in kept), key=lambda clause: (len(clause), clause))
    return Condition(concept, focal, start, tuple(ordered))


def share(met_if: Condition, rank: RankArray, among: Sequence[int] | None = None) -> Share:
    """Return the share of rankings that meet the condition (see `what_makes_stable`)."""
    try:
        if among is None and len(met_if.states) > MOST_EXACT:
            return Share(share_of_orders(_clauses(met_if), met_if.states), None, 0.0)
        exact = _counted(met_if, rank, among)
    except BranchesError:
        return _drawn(met_if, rank, among)
    return Share(float(exact), exact, 0.0)


def rise(met_if: Condition, rank: RankArray) -> tuple[int, ...]:
    """Return the states that the state must catch up with, the lowest first; tied ones all together."""
    levels = np.unique(rank[rank >= rank[met_if.state]])
    level = next(level for level in levels if met_if.holds(rank <= level))
    passed = np.flatnonzero((rank > rank[met_if.state]) & (rank <= level))
    return tuple(int(at) for at in passed[np.argsort(rank[passed], kind="stable")])


def fall(met_if: Condition, rank: RankArray) -> Fall:
    """Return the fewest states that must fall to the state's level, by integer programming.

    Variables are states and terms, 0 or 1: a term is no more than any of its states, and the terms of
    each clause that is not met already sum to 1 or more.
    """
    is_below = rank <= rank[met_if.state]
    open_clauses = [
        terms
        for clause in met_if.clauses
        if all(terms := [[at for at in term if not is_below[at]] for term in clause])
    ]
    if not open_clauses:
        return Fall((), 0, True)
    states = sorted({at for clause in open_clauses for term in clause for at in term})
    terms = [term for clause in open_clauses for term in clause]
    cost = np.concatenate([np.ones(len(states)), np.zeros(len(terms))])
    found = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        constraints=_covering(open_clauses, states),
        options={"time_limit": _SECONDS},
    )
    if found.x is None:
        return Fall(tuple(states), 1, False)
    chosen = tuple(at for at, is_in in zip(states, found.x > 0.5, strict=False) if is_in)
    bound = math.ceil(found.mip_dual_bound - 1e-6)
    return Fall(chosen, bound, bound >= len(chosen))


def _starts(parts: Sequence[Sequence[object]]) -> IntArray:
    return np.asarray(np.cumsum([0, *map(len, parts)])[:-1], dtype=np.int64)


# --- the condition -------------------------------------------------------------------------------


def _clause(
    conflict: Conflict, preferences: Preferences, own: Steps, start: int, target: int, concept: str
) -> Clause:
    """Return what keeps the actor from moving to the target: it is no better, or some reply deters."""
    terms = [{target}]
    if concept != "nash":
        sight = FORESIGHT[concept]
        replies = _replies(conflict, preferences, own.actor, target, sight.is_sequential)
        found = {int(reply): {int(reply)} for reply in replies}
        if sight.is_symmetric:
            for origin, escape in zip(*own.out_of(replies), strict=True):
                found[int(replies[origin])].add(int(escape))
        terms += found.values()
    return frozenset(frozenset(term - {start}) for term in terms)


def _replies(
    conflict: Conflict, preferences: Preferences, actor: int, target: int, is_sequential: bool
) -> IntArray:
    """Return where legal sequences of the others lead from the target, it itself among them."""
    ranks = preferences.rank if is_sequential else NO_RANKS
    return np.flatnonzero(search(_without(conflict, actor), target, ranks).is_reached)


def _without(conflict: Conflict, actor: int) -> Conflict:
    """Return the conflict in which the actor cannot move."""
    if conflict.arcs is not None:
        nowhere = Arcs(np.zeros(conflict.size + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))
        arcs = tuple(nowhere if at == actor else own for at, own in enumerate(conflict.arcs))
        return replace(conflict, arcs=arcs)
    is_other = conflict.owner != actor
    return replace(conflict, can_rise=conflict.can_rise & is_other, can_fall=conflict.can_fall & is_other)


def _short_first(term: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(term), term


# --- the share -----------------------------------------------------------------------------------


def _counted(met_if: Condition, rank: RankArray, among: Sequence[int] | None) -> Fraction:
    """Return the exact share: the state takes each of the ranks in turn, the others are dealt out below it.

    In a strict ranking of all states only those of the condition matter: among them and the state
    every order is as frequent.
    """
    clauses = _clauses(met_if)
    if among is None:
        sizes = sets_by_size(clauses, met_if.states)
        shares = [Fraction(many, math.comb(len(sizes) - 1, k)) for k, many in enumerate(sizes)]
        return sum(shares, Fraction(0)) / len(shares)
    others = sorted(set(among) - {met_if.state})
    levels = rank[sorted(set(among) | {met_if.state})] if met_if.state in among else rank[[met_if.state]]
    dealt = rank[sorted(set(among))]
    counted = [_at_level(clauses, rank, others, dealt, int(level)) for level in levels]
    return sum(counted, Fraction(0)) / len(counted)


def _clauses(met_if: Condition) -> frozenset[Clause]:
    return frozenset(frozenset(frozenset(term) for term in clause) for clause in met_if.clauses)


def _at_level(
    clauses: frozenset[Clause], rank: RankArray, others: Sequence[int], dealt: RankArray, level: int
) -> Fraction:
    """Return the share where the state stands at the level, and `others` share the rest of what is dealt."""
    below = int((dealt <= level).sum()) - (len(dealt) - len(others))
    is_fixed = np.ones(len(rank), dtype=np.bool_)
    is_fixed[others] = False
    left = []
    for clause in clauses:
        terms = (frozenset(at for at in term if not (is_fixed[at] and rank[at] <= level)) for term in clause)
        left.append(frozenset(term for term in terms if not any(is_fixed[at] for at in term)))
    sizes = sets_by_size(left, others)
    return Fraction(sizes[below], math.comb(len(others), below))


def _drawn(met_if: Condition, rank: RankArray, among: Sequence[int] | None) -> Share:
    """Return the share among rankings that are drawn."""
    rng = np.random.default_rng(_SEED)
    free = np.array(sorted(set(among)) if among is not None else [*met_if.states, met_if.state])
    values = rank[free] if among is not None else np.arange(len(free), dtype=np.int32)
    met = 0
    for _ in range(MOST_DRAWN):
        drawn = rank.copy()
        drawn[free] = rng.permutation(values)
        met += bool(met_if.holds(drawn <= drawn[met_if.state]))
    value = met / MOST_DRAWN
    return Share(value, None, math.sqrt(value * (1 - value) / MOST_DRAWN))


# --- the fall ------------------------------------------------------------------------------------


def _covering(clauses: Sequence[list[list[int]]], states: Sequence[int]) -> list[LinearConstraint]:
    """Return the constraints of `fall`; variables are the states, then the terms clause by clause."""
    place = {at: column for column, at in enumerate(states)}
    inside: list[tuple[int, int]] = []
    chosen: list[tuple[int, int]] = []
    term_at = len(states)
    for row, clause in enumerate(clauses):
        for term in clause:
            inside += [(place[at], term_at) for at in term]
            chosen.append((row, term_at))
            term_at += 1
    rows = np.arange(len(inside)).repeat(2)
    columns = np.array(inside).ravel()
    signs = np.tile([1.0, -1.0], len(inside))
    is_met = coo_array((signs, (rows, columns)), shape=(len(inside), term_at))
    counted, at = np.array(chosen).T
    is_chosen = coo_array((np.ones(len(at)), (counted, at)), shape=(len(clauses), term_at))
    return [LinearConstraint(is_met.tocsr(), lb=0), LinearConstraint(is_chosen.tocsr(), lb=1)]
