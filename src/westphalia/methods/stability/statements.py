"""What an actor prefers, from statements that hold or not: by priority, or by weight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.logic import Formula
from westphalia.methods.arrays import FloatArray
from westphalia.methods.stability.conflict import BoolArray, Conflict, IntArray, RankArray
from westphalia.methods.stability.preferences import (
    TOLERANCE,
    Order,
    are_places,
    by_utility,
    is_finite,
    no_pairs,
)


def prioritised(
    conflict: Conflict, statements: Sequence[Formula], *, strong: int = 0, unknown: Collection[int] = ()
) -> Order:
    """Return the order by statements, most important first.

    Of two states the better is the one for which the first statement that tells them apart holds.
    Any number of statements may be given. Cost is linear in states times statements; with `unknown`
    it is so in pairs of states.

    Parameters
    ----------
    strong: states that differ in one of so many first statements differ much.
    unknown: places (from 0) of statements of which is not known whether the actor wants them true or
        false: of states that first differ there neither is known to be better.

    Raises
    ------
    CallError: a statement names a move there is not (code ``unknown-move``), `strong` or `unknown`
        counts more statements than there are (``unknown-place``), or there are more than
        `MOST_PAIRED` states with `unknown` (``too-many-states``).

    References
    ----------
    fang2003 (option prioritisation), hamouda2004 (strength)
    """
    are_places([at + 1 for at in unknown], len(statements))
    are_places([strong] if strong else [], len(statements))
    pairs = no_pairs(conflict) if unknown else None
    grade = None
    rank: RankArray = np.zeros(conflict.size, dtype=np.int32)
    for at, (holds, finer) in enumerate(_refined(conflict, statements)):
        if pairs is not None and at in unknown:
            pairs |= (rank[:, None] == rank) & (holds[:, None] != holds)
        rank = finer
        if at + 1 == strong:
            grade = rank
    return Order(rank, grade, pairs)


def weighted(
    conflict: Conflict, statements: Sequence[Formula], weights: Sequence[float], tolerance: float = TOLERANCE
) -> Order:
    """Return the order by the sum of the weights of the statements that hold. Weights may be negative.

    Raises
    ------
    CallError: as `weighted_draws`.
    """
    return Order(weighted_draws(conflict, statements, np.asarray([weights], dtype=float), tolerance)[0])


def weighted_draws(
    conflict: Conflict, statements: Sequence[Formula], weights: FloatArray, tolerance: float = TOLERANCE
) -> RankArray:
    """Return ranks (draw, state) by sums of weights (draw, statement), each draw by itself.

    Sums closer than `tolerance` times the sum of all absolute weights tie.

    Raises
    ------
    CallError: weights and statements differ in number (code ``labels-differ``), a weight is not
        finite (``value-out-of-range``), or a statement names a move there is not (``unknown-move``).
    """
    if weights.ndim != 2 or weights.shape[1] != len(statements):
        raise CallError(
            f"There are {weights.shape[-1]} weights for {len(statements)} statements.",
            code="labels-differ",
            where="weights",
            hint="Each statement has one weight.",
        )
    is_finite(weights, "weights")
    total = np.zeros((len(weights), conflict.size))
    for at, holds in enumerate(truths(conflict, statements)):
        total += weights[:, at, None] * holds
    return by_utility(total, tolerance * np.abs(weights).sum(axis=1))


@dataclass(frozen=True)
class Idle:
    """A statement, by its place from 0, that orders no two states, and why.

    "true" or "false": it is so in all feasible states; "decided": states that differ in it differ
    in an earlier one.
    """

    statement: int
    reason: Literal["true", "false", "decided"]


def idle_statements(conflict: Conflict, statements: Sequence[Formula]) -> tuple[Idle, ...]:
    """Return the prioritised statements that cannot matter. Cost is linear in states times statements."""
    found = []
    classes = 1
    for at, (holds, rank) in enumerate(_refined(conflict, statements)):
        finer = int(rank.max(initial=0)) + 1
        if holds.all() or not holds.any():
            found.append(Idle(at, "true" if holds.all() else "false"))
        elif finer == classes:
            found.append(Idle(at, "decided"))
        classes = finer
    return tuple(found)


def truths(conflict: Conflict, statements: Sequence[Formula]) -> Iterator[BoolArray]:
    """Yield where each statement holds (state).

    Raises
    ------
    CallError: a statement names a move there is not (code ``unknown-move``).
    """
    places = {move: at for at, move in enumerate(conflict.moves)}
    for name in sorted(frozenset().union(*(statement.names for statement in statements))):
        if name not in places:
            raise CallError(
                f"A preference speaks of '{name}', which is no move.",
                code="unknown-move",
                where=name,
                hint=suggest(name, conflict.moves),
            )
    columns: dict[str, IntArray] = {}
    for statement in statements:
        columns.update({name: _column(conflict, places[name]) for name in statement.names - columns.keys()})
        yield _listed(conflict, statement.truth(columns))


def _refined(conflict: Conflict, statements: Sequence[Formula]) -> Iterator[tuple[BoolArray, RankArray]]:
    """Yield where each statement holds, and the ranks (from 0, without gaps) by all up to it."""
    rank: RankArray = np.zeros(conflict.size, dtype=np.int32)
    for holds in truths(conflict, statements):
        key = 2 * rank + holds
        taken = np.zeros(int(key.max(initial=0)) + 1, dtype=bool)
        taken[key] = True
        rank = (np.cumsum(taken, dtype=np.int32) - np.int32(1))[key]
        yield holds, rank


def _column(conflict: Conflict, move: int) -> IntArray:
    """Return the level of a move (state); along its own axis of the cube where all states are feasible."""
    count = int(conflict.levels[move])
    if conflict.codes is not None:
        return conflict.level(move).astype(np.min_scalar_type(count))
    axes = [1] * len(conflict.moves)
    axes[-1 - move] = count
    return np.arange(count).reshape(axes)


def _listed(conflict: Conflict, truth: BoolArray) -> BoolArray:
    is_cube = conflict.codes is None and not conflict.names
    shape = conflict.levels[::-1] if is_cube else [conflict.size]
    return np.broadcast_to(truth, tuple(shape)).reshape(-1)
