"""Stability by sets of states: for relations that are no ranking, and for actors that move together.

Sets are rows of bits, one a state, so all of them take n²/8 bytes: 32 MiB for MOST_STATES.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.methods.arrays import Array
from westphalia.methods.stability import sets_kernels as kernels
from westphalia.methods.stability.conflict import (
    Arcs,
    BoolArray,
    Conflict,
    IntArray,
    Preferences,
    RankArray,
)
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.sets_kernels import Rows

MOST_STATES = 16_384
"""States of a conflict whose sets fit in memory, two dozen tables of them at a time."""

MOST_STEPS = 1 << 25
"""Moves that walks are searched over; they take some 30 bytes each meanwhile."""


THREADS = 2
"""Actors or coalitions judged at a time; the result does not depend on it."""


@dataclass(frozen=True)
class Foresight:
    """What a focal actor looks at before it moves.

    `replies`: what the others may do, nothing, any moves or improvements only. `is_symmetric`: it
    also looks for a way to escape the sanction.
    """

    replies: str
    is_symmetric: bool

    @property
    def is_sequential(self) -> bool:
        """Whether the others' replies are improvements only."""
        return self.replies == "improvements"


FORESIGHT = {
    "nash": Foresight("none", False),
    "gmr": Foresight("any", False),
    "smr": Foresight("any", True),
    "seq": Foresight("improvements", False),
    "sseq": Foresight("improvements", True),
}


@dataclass(frozen=True)
class Relation:
    """What a focal actor thinks of other states, seen from each: sets of states, one a state.

    `tempting`: those it would move to. `deterring`: those it does not want to end in.
    """

    tempting: Rows
    deterring: Rows


def moves_in(conflict: Conflict) -> tuple[Arcs, ...]:
    """Return every actor's moves as arcs, for a conflict that sets can serve.

    Raises
    ------
    CallError: there are more than MOST_STATES states or MOST_STEPS moves (``conflict-too-large``).
    """
    if conflict.size > MOST_STATES:
        raise CallError(
            f"The conflict has {conflict.size:,} states; sets of states are kept for {MOST_STATES:,}.",
            code="conflict-too-large",
            hint="Rule out combinations that cannot be, or leave out moves that hardly matter.",
        )
    arcs = arcs_of(conflict)
    are_few(sum(len(one.targets) for one in arcs))
    return arcs


def are_few(steps: int) -> None:
    """Raise CallError if there are more steps than MOST_STEPS."""
    if steps > MOST_STEPS:
        raise CallError(
            f"{steps:,} moves from state to state are more than the {MOST_STEPS:,} that can be searched.",
            code="conflict-too-large",
            hint="Rule out combinations that cannot be, or ask for fewer coalitions.",
        )


def are_known(names: Sequence[str], known: Sequence[str], kind: str) -> None:
    """Raise CallError if some name is not among the known ones of that kind."""
    for name in names:
        if name not in known:
            raise CallError(
                f"There is no {kind} '{name}' here.",
                code="unknown-name",
                where=name,
                hint=suggest(name, known),
            )


def fits(conflict: Conflict, preferences: Preferences) -> None:
    """Raise CallError unless there is a rank for every actor and state, and tables of pairs fit them."""
    size, actors = conflict.size, len(conflict.actors)
    shapes: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
        ("rank", preferences.rank.shape, (actors, size))
    ]
    if preferences.unknown is not None:
        shapes.append(("unknown", (len(preferences.unknown),), (actors,)))
        shapes += [
            ("unknown", pairs.shape, (size, size)) for pairs in preferences.unknown if pairs is not None
        ]
    for name, got, needed in shapes:
        if got != needed:
            raise CallError(
                f"'{name}' of the preferences is {got}; the conflict needs {needed}.",
                code="preferences-differ",
                where=name,
                hint="Make the preferences for this very conflict.",
            )


def are_ranked(preferences: Preferences) -> None:
    """Raise CallError if the order of some states is unknown to somebody."""
    if preferences.unknown is not None and any(pairs is not None for pairs in preferences.unknown):
        raise CallError(
            "Some preferences are unknown.",
            code="preference-unknown",
            hint="Every actor must rank all states here; unknown preference takes an attitude to it.",
        )


# --- sets --------------------------------------------------------------------------------------


def nothing(size: int) -> Rows:
    """Return an empty set for each of `size` states."""
    return np.zeros((size, (size + 63) // 64), dtype=np.uint64)


def packed(flags: BoolArray) -> Rows:
    """Return a table (set, state) of booleans as sets."""
    rows = np.zeros((len(flags), (flags.shape[1] + 63) // 64), dtype=np.uint64)
    kernels.pack(np.ascontiguousarray(flags), rows)
    return rows


def members(rows: Rows) -> Arcs:
    """Return sets, one a state, as arcs to their members.

    Raises
    ------
    CallError: there are more than MOST_STEPS (``conflict-too-large``).
    """
    counts = sizes(rows)
    are_few(int(counts.sum()))
    targets = np.empty(counts.sum(), dtype=np.int32)
    kernels.fill_members(rows, targets)
    return Arcs(np.concatenate([[0], np.cumsum(counts)]), targets.astype(np.int64))


def sizes(rows: Rows) -> IntArray:
    """Return how many members each set has."""
    return np.asarray(np.bitwise_count(rows).sum(axis=1), dtype=np.int64)


def not_in(rows: Rows) -> Rows:
    """Return the complement of each set, one a state."""
    size, words = rows.shape
    whole = np.full(words, ~np.uint64(0))
    if size % 64:
        whole[-1] = (np.uint64(1) << np.uint64(size % 64)) - np.uint64(1)
    return np.asarray(~rows & whole)


def better(rank: RankArray) -> Rows:
    """Return for each state those that rank (state) higher."""
    rows = nothing(len(rank))
    kernels.rank_above(np.argsort(-rank.astype(np.int64), kind="stable"), rank, rows)
    return rows


def ends(arcs: Arcs) -> Rows:
    """Return for each state those an actor can move to."""
    rows = nothing(len(arcs.starts) - 1)
    kernels.ends_of(arcs.starts, arcs.targets, rows)
    return rows


def within(arcs: Arcs, rows: Rows) -> Arcs:
    """Return the arcs whose target is in the set of their source."""
    is_kept = np.empty(len(arcs.targets), dtype=np.bool_)
    kernels.is_in(arcs.starts, arcs.targets, rows, is_kept)
    return arcs.only(is_kept)


# --- legal sequences -----------------------------------------------------------------------------


def reached(arcs: Sequence[Arcs], size: int, *, is_free: bool) -> Rows:
    """Return for each state those reached by legal sequences of one move or more.

    Parameters
    ----------
    arcs: the moves of each mover; a mover may be a group that moves together.
    size: how many states there are.
    is_free: movers may move twice running. Where whoever moves twice could have moved at once this
        is quicker and differs at most in whether a state is reached from itself.

    Costs a look at each move for each mover (once where free), and the joining of two sets for each.
    """
    rows = nothing(size)
    if not arcs:
        return rows
    width = 1 if is_free else len(arcs)
    starts, nodes = _steps(arcs, size, width)
    component = np.empty(size * width, dtype=np.int32)
    total = kernels.components(starts, nodes, width, is_free, component)
    closed = np.zeros((total, rows.shape[1]), dtype=np.uint64)
    order = np.argsort(component, kind="stable")
    kernels.closures(starts, nodes, width, is_free, component, order, closed)
    kernels.first_steps(starts, nodes, component, closed, rows)
    return rows


def _steps(arcs: Sequence[Arcs], size: int, width: int) -> tuple[IntArray, kernels.Nodes]:
    """Return all movers' arcs together, by where they start; a node is target · width + mover."""
    are_few(sum(len(one.targets) for one in arcs))
    counts = np.sum([np.diff(one.starts) for one in arcs], axis=0)
    origin = np.concatenate([one.sources for one in arcs])
    nodes = np.concatenate([one.targets * width + mover % width for mover, one in enumerate(arcs)])
    order = np.argsort(origin, kind="stable")
    return np.concatenate([[0], np.cumsum(counts)]), nodes[order].astype(np.int32)


# --- verdicts --------------------------------------------------------------------------------------


def unpunished(
    relation: Relation,
    reach: Rows,
    replies: Rows,
    *,
    is_symmetric: bool,
    states: Array | None = None,
    is_first_only: bool = True,
) -> Rows:
    """Return for each state the moves that tempt a focal actor and that no reply deters it from.

    Parameters
    ----------
    relation: what tempts and what deters it.
    reach: where it can move to, and on from a sanction.
    replies: where the others can move to.
    is_symmetric: a sanction deters only if all it can move on to deters too.
    states: those asked about; all if None.
    is_first_only: one such move a state is enough.
    """
    asked = np.arange(len(reach)) if states is None else np.asarray(states, dtype=np.int64)
    found = np.zeros((len(asked), reach.shape[1]), dtype=np.uint64)
    kernels.unpunished(
        asked,
        reach & relation.tempting,
        replies,
        relation.deterring,
        reach,
        packed(reach != 0),
        is_symmetric,
        is_first_only,
        found,
    )
    return found
