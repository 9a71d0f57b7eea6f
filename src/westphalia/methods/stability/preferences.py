"""What an actor prefers, as ranks of states: from a ranking, or from utilities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.stability.conflict import BoolArray, Conflict, IntArray, Preferences, RankArray

TOLERANCE = 1e-9
"""Utilities closer than this tie: what lies between them is rounding."""

MOST_PAIRED = 8_192
"""Pairs of states are written out, for what is not known, up to so many states."""


@dataclass(frozen=True)
class Order:
    """What one actor prefers: `rank`, `grade` (state) and `unknown` (state, state), as in Preferences."""

    rank: RankArray
    grade: RankArray | None = None
    unknown: BoolArray | None = None


def preferences(conflict: Conflict, orders: Mapping[str, Order]) -> Preferences:
    """Return the preferences of all actors, given the order of each by name.

    Raises
    ------
    CallError: an actor has no order (code ``input-missing``), a name is no actor
        (``unknown-actor``), or an order is one of other states (``labels-differ``).
    """
    strange = next((name for name in orders if name not in conflict.actors), None)
    if strange is not None:
        raise CallError(
            f"Preferences are given for '{strange}', who is no decision maker.",
            code="unknown-actor",
            where=strange,
            hint=suggest(strange, conflict.actors),
        )
    for actor in conflict.actors:
        _fits(conflict, actor, orders.get(actor))
    found = [orders[actor] for actor in conflict.actors]
    return Preferences(
        np.stack([order.rank for order in found]),
        np.stack([_grade(order) for order in found]) if any(o.grade is not None for o in found) else None,
        tuple(o.unknown for o in found) if any(o.unknown is not None for o in found) else None,
    )


def indifferent(conflict: Conflict) -> Order:
    """Return the order of an actor to whom all states are alike."""
    return Order(np.zeros(conflict.size, dtype=np.int32))


def ranking(
    conflict: Conflict,
    groups: Sequence[Sequence[int | str]],
    *,
    rest: Literal["error", "worst"] = "error",
    much_after: Collection[int] = (),
) -> Order:
    """Return the order of states listed best first, those of one group being tied.

    Parameters
    ----------
    groups: states by name, or by place from 0.
    rest: what to make of states in no group: an error, or one more group at the end.
    much_after: numbers of groups, from 1; what stands up to there is much better than what follows.

    Raises
    ------
    CallError: a name or place is no state (code ``unknown-state``), a state is not feasible
        (``infeasible-state``), stands twice (``state-repeated``), or in no group
        (``states-missing``); `much_after` names no group (``unknown-place``).
    """
    group_of = np.full(conflict.size, -1, dtype=np.int64)
    for at, group in enumerate(groups):
        for state in group:
            place = place_of(conflict, state)
            if group_of[place] >= 0:
                raise CallError(
                    f"State '{conflict.name(place)}' stands twice in the ranking, at places "
                    f"{group_of[place] + 1} and {at + 1}.",
                    code="state-repeated",
                    where=conflict.name(place),
                    hint="Each state has one place; tied states share theirs.",
                )
            group_of[place] = at
    if rest == "error":
        _is_complete(conflict, group_of)
    group_of[group_of < 0] = len(groups)
    are_places(much_after, len(groups))
    rank = (group_of.max(initial=0) - group_of).astype(np.int32)
    if not much_after:
        return Order(rank)
    passed = np.searchsorted(sorted(set(much_after)), group_of + 1, side="left")
    return Order(rank, (len(set(much_after)) - passed).astype(np.int32))


def by_utility(utility: Array, tolerance: float | FloatArray = TOLERANCE) -> RankArray:
    """Return the ranks (…, state) of utilities (…, state), from 0 and without gaps.

    Utilities that follow one another at no more than `tolerance` (… or one for all) tie. Cost is
    that of sorting.

    Raises
    ------
    CallError: a utility is not finite (code ``value-out-of-range``).
    """
    is_finite(utility, "utility")
    order = np.argsort(utility, axis=-1, kind="stable")
    steps = np.diff(np.take_along_axis(utility, order, axis=-1), axis=-1)
    above = np.cumsum(steps > np.asarray(tolerance)[..., None], axis=-1, dtype=np.int32)
    rank = np.zeros(utility.shape, dtype=np.int32)
    np.put_along_axis(rank, order[..., 1:], above, axis=-1)
    return rank


def gapless(values: Array) -> RankArray:
    """Return ranks (…, state) that order as the whole numbers given do, from 0 and without gaps."""
    return by_utility(values.astype(np.int64), 0.0)


def with_unknown(conflict: Conflict, order: Order, pairs: Collection[tuple[int | str, int | str]]) -> Order:
    """Return the order with the preference between each pair of states unknown, besides what was.

    Raises
    ------
    CallError: as `ranking` for states; a state is paired with itself (code ``state-repeated``).
    """
    unknown = no_pairs(conflict) if order.unknown is None else order.unknown.copy()
    for pair in pairs:
        one, other = (place_of(conflict, state) for state in pair)
        if one == other:
            raise CallError(
                f"State '{conflict.name(one)}' is paired with itself.",
                code="state-repeated",
                where=conflict.name(one),
                hint="What is unknown is which of two states is better.",
            )
        unknown[one, other] = unknown[other, one] = True
    return replace(order, unknown=unknown)


def place_of(conflict: Conflict, state: int | str) -> int:
    """Return the place of a state given by name or place; Y and N may stand for 1 and 0.

    Raises
    ------
    CallError: it is no state (code ``unknown-state``), or not a feasible one (``infeasible-state``).
    """
    if not isinstance(state, str):
        if 0 <= state < conflict.size:
            return int(state)
        hint = f"Places go from 0 to {conflict.size - 1}."
    elif conflict.names:
        if state in conflict.names:
            return conflict.names.index(state)
        hint = suggest(state, conflict.names)
    else:
        levels = _levels(conflict, state)
        if levels is not None:
            return _feasible(conflict, state, int(np.dot(levels, conflict.strides)))
        hint = f"A state has one level for each of {', '.join(conflict.moves)}, such as '{conflict.name(0)}'."
    raise CallError(f"'{state}' is no state.", code="unknown-state", where=str(state), hint=hint)


def _levels(conflict: Conflict, state: str) -> list[int] | None:
    """Return the level of each move in a state by name, or None if there is no such state."""
    signs = state.split(".") if "." in state else list(state.upper().replace("Y", "1").replace("N", "0"))
    if len(signs) != len(conflict.moves) or not all(sign.isascii() and sign.isdigit() for sign in signs):
        return None
    levels = [int(sign) for sign in signs]
    return levels if (np.array(levels) < conflict.levels).all() else None


def _feasible(conflict: Conflict, state: str, code: int) -> int:
    place = conflict.place_of(code)
    if place is None:
        raise CallError(
            f"State '{state}' is not feasible.",
            code="infeasible-state",
            where=state,
            hint="Leave it out, or change what is infeasible.",
        )
    return place


def _grade(order: Order) -> RankArray:
    return np.zeros_like(order.rank) if order.grade is None else order.grade


def no_pairs(conflict: Conflict) -> BoolArray:
    """Return a table (state, state) of pairs, none marked.

    Raises
    ------
    CallError: there are more than `MOST_PAIRED` states (code ``too-many-states``).
    """
    if conflict.size > MOST_PAIRED:
        raise CallError(
            f"There are {conflict.size:,} states, too many to say of each pair what is unknown.",
            code="too-many-states",
            hint=f"Up to {MOST_PAIRED:,} states can be handled; draw the preferences instead.",
        )
    return np.zeros((conflict.size, conflict.size), dtype=bool)


def _fits(conflict: Conflict, actor: str, order: Order | None) -> None:
    if order is None:
        raise CallError(
            f"The preferences of '{actor}' are missing.",
            code="input-missing",
            where=actor,
            hint="Say that the actor is indifferent, if it is.",
        )
    if order.rank.shape != (conflict.size,):
        raise CallError(
            f"The preferences of '{actor}' rank {order.rank.size} states; the conflict has {conflict.size}.",
            code="labels-differ",
            where=actor,
            hint="Rank the feasible states of this conflict.",
        )


def _is_complete(conflict: Conflict, group_of: IntArray) -> None:
    missing = np.flatnonzero(group_of < 0)
    if len(missing):
        names = ", ".join(conflict.name(int(at)) for at in missing[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise CallError(
            f"The ranking leaves out {len(missing)} of {conflict.size} states: {names}{more}.",
            code="states-missing",
            where="ranking",
            hint="Rank them, or say that the rest is worst.",
        )


def are_places(places: Collection[int], count: int) -> None:
    """Raise CallError (code ``unknown-place``) unless all places are from 1 to `count`."""
    wrong = next((place for place in places if not 1 <= place <= count), None)
    if wrong is not None:
        raise CallError(
            f"There is no place {wrong} among {count}.",
            code="unknown-place",
            where=str(wrong),
            hint=f"Places go from 1 to {count}." if count else "There are none.",
        )


def is_finite(values: Array, name: str) -> None:
    """Raise CallError (code ``value-out-of-range``) unless all values are finite."""
    if not np.isfinite(values).all():
        raise CallError(
            f"'{name}' holds a value that is not finite.",
            code="value-out-of-range",
            where=name,
            hint="A finite number is needed.",
        )
