"""Stability against coalitions: what groups of actors would do together, and who breaks which state."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, COALITION, CONCEPT, DEPARTURE, STATE, described
from westphalia.methods.stability.conflict import Arcs, BoolArray, Conflict, IntArray, Preferences
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.sets import (
    FORESIGHT,
    THREADS,
    Relation,
    are_known,
    are_ranked,
    better,
    ends,
    fits,
    members,
    moves_in,
    not_in,
    nothing,
    reached,
    sizes,
    unpunished,
    within,
)
from westphalia.methods.stability.sets_kernels import Rows

if TYPE_CHECKING:
    import xarray as xr

Group = tuple[int, ...]
Improvement = Literal["all-better", "each-step"]
Replies = Literal["coalitions", "actors"]

IMPROVEMENTS = ("all-better", "each-step")
REPLIES = ("coalitions", "actors")

MOST_WORK = 1 << 36
"""Coalitions times the square of states: what takes minutes."""

MOST_ACTORS = 12
"""Actors whose coalitions are all listed."""

_KEPT = 1 << 28
"""Bytes of sets that are kept between coalitions."""


@dataclass(frozen=True)
class _Reading:
    """How coalitions are read: what is an improvement, who sanctions, and whether members jump."""

    improvement: str
    replies: str
    joint_jump: bool


def coalition_stability(
    conflict: Conflict,
    preferences: Preferences,
    *,
    concepts: Sequence[str] = tuple(FORESIGHT),
    coalitions: Sequence[Sequence[str]] | None = None,
    improvement: Improvement = "all-better",
    replies: Replies = "actors",
    joint_jump: bool = False,
) -> xr.Dataset:
    """Return which states hold against each coalition of actors, and which against all.

    A coalition improves where it can go, by a legal sequence of its members' moves, to a state that
    is better for all of them. It is deterred where the others can reply with a state that is not
    better than the first for some member.

    Parameters
    ----------
    conflict: states and moves, at most `sets.MOST_STATES` states.
    preferences: ranks, without unknown pairs.
    concepts: any of nash, gmr, smr, seq, sseq.
    coalitions: members by name; by default every set of actors but the empty one.
    improvement: ``each-step`` asks besides that each move is better for whoever makes it.
    replies: in seq and sseq the others reply by improvements: of one actor at a time (``actors``;
        a coalition of one is then judged as the actor is), or of any group of them (``coalitions``).
    joint_jump: any group changes all its moves at once, through states that cannot be; option form
        only.

    Returns
    -------
    Dataset with `is_member` (coalition, actor), `is_coalition_stable` (concept, coalition, state),
    `exit_count` (coalition, state), the improvements there are, deterred or not, and
    `is_universally_stable` (concept, state): against all coalitions listed. The cost grows with
    coalitions times the square of states, and faster for symmetric concepts.

    Raises
    ------
    CallError: what `sets.moves_in` and `sets.fits` raise; a name is not known (``unknown-name``);
        some preferences are unknown (``preference-unknown``); joint jumps are asked for in graph form
        (``no-joint-jump``); the work is too much (``conflict-too-large``).

    References
    ----------
    kilgour2001, inohara_hipel2008
    """
    are_known(concepts, list(FORESIGHT), "concept")
    groups = _groups_of(conflict, coalitions)
    board = _board(conflict, preferences, _Reading(improvement, replies, joint_jump), len(groups))
    is_stable = np.empty((len(concepts), len(groups), conflict.size), dtype=np.bool_)
    exits = np.empty((len(groups), conflict.size), dtype=np.int64)

    def judge(at: int) -> None:
        exits[at] = sizes(board.exits(groups[at]))
        for row, concept in enumerate(concepts):
            is_stable[row, at] = ~board.unpunished(groups[at], concept).any(axis=1)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(judge, range(len(groups))))
    variables = {
        "is_coalition_stable": ((CONCEPT, COALITION, STATE), is_stable),
        "exit_count": ((COALITION, STATE), exits),
        "is_universally_stable": ((CONCEPT, STATE), is_stable.all(axis=1)),
        "is_member": ((COALITION, ACTOR), _membership(conflict, groups)),
    }
    names = [" + ".join(conflict.actors[at] for at in group) for group in groups]
    coords = {CONCEPT: list(concepts), COALITION: names, ACTOR: list(conflict.actors)}
    return _labelled(variables, {**coords, STATE: conflict.coordinate()}, board.reading)


def departures(
    conflict: Conflict,
    preferences: Preferences,
    states: Sequence[int | str],
    *,
    concepts: Sequence[str] = tuple(FORESIGHT),
    coalitions: Sequence[Sequence[str]] | None = None,
    improvement: Improvement = "all-better",
    replies: Replies = "actors",
    joint_jump: bool = False,
) -> xr.Dataset:
    """Return who would leave the states, for where, and under which concepts nothing deters them.

    Parameters
    ----------
    states: the states asked about, by place or name.
    The others: as in `coalition_stability`.

    Returns
    -------
    Dataset over departures, in the order of states, coalitions and targets: `from_state` and
    `to_state` (departure), places; `is_member` (departure, actor); `is_unpunished` (concept,
    departure); `is_minimal` (departure): no part of the coalition that was listed goes there too.

    Raises
    ------
    CallError: as `coalition_stability`; there is no such state (``unknown-state``,
        ``infeasible-state``).
    """
    are_known(concepts, list(FORESIGHT), "concept")
    groups = _groups_of(conflict, coalitions)
    board = _board(conflict, preferences, _Reading(improvement, replies, joint_jump), len(groups))
    asked = _places(conflict, states)
    found = [
        (int(at), place, int(target))
        for place, group in enumerate(groups)
        for at, target in zip(*_pairs(board.exits(group)[asked]), strict=True)
    ]
    found.sort()
    left = np.zeros((len(concepts), len(found)), dtype=np.bool_)
    for row, concept in enumerate(concepts):
        open_to = [_flags(board.unpunished(group, concept, asked), conflict.size) for group in groups]
        left[row] = [open_to[place][at, target] for at, place, target in found]
    return _labelled(
        _of_departures(conflict, groups, asked, found) | {"is_unpunished": ((CONCEPT, DEPARTURE), left)},
        {CONCEPT: list(concepts), ACTOR: list(conflict.actors)},
        board.reading,
    )


def _of_departures(
    conflict: Conflict, groups: Sequence[Group], asked: IntArray, found: Sequence[tuple[int, int, int]]
) -> dict[str, Any]:
    """Describe departures (place among the states asked about, place of the coalition, target)."""
    at, place, target = np.array(found, dtype=np.int64).reshape(-1, 3).T
    ways = {(origin, groups[group], end) for origin, group, end in found}
    is_minimal = [
        not any((origin, part, end) in ways for part in _parts(groups[group])[:-1])
        for origin, group, end in found
    ]
    return {
        "from_state": (DEPARTURE, asked[at]),
        "to_state": (DEPARTURE, target),
        "is_member": ((DEPARTURE, ACTOR), _membership(conflict, groups)[place]),
        "is_minimal": (DEPARTURE, np.array(is_minimal, dtype=np.bool_)),
    }


@dataclass(frozen=True)
class _Board:
    """Moves and preferences of the actors, and what groups of them can do; some are kept."""

    conflict: Conflict
    moves: tuple[Arcs, ...]
    above: tuple[Rows, ...]
    reading: _Reading

    def unpunished(self, group: Group, concept: str, states: IntArray | None = None) -> Rows:
        """Return for each state (all, or those given) improvements of the group that nothing deters.

        One of them is enough where all states are asked about.
        """
        sight = FORESIGHT[concept]
        return unpunished(
            Relation(self.exits(group), not_in(self._above_for_all(group))),
            self.reach(group),
            self._replies(group, sight.replies),
            is_symmetric=sight.is_symmetric,
            states=states,
            is_first_only=states is None,
        )

    def exits(self, group: Group) -> Rows:
        """Return for each state those that the group can improve to."""
        return self._kept.exits(group)

    def reach(self, group: Group) -> Rows:
        """Return for each state those that the group can move to."""
        return self._kept.reach(group)

    def find_reach(self, group: Group) -> Rows:
        """Return for each state those that the group can move to, by legal sequences or at a jump."""
        if self.reading.joint_jump and group:
            owner = np.where(np.isin(self.conflict.owner, group), group[0], self.conflict.owner)
            return ends(arcs_of(replace(self.conflict, owner=owner))[group[0]])
        return self._reached([self.moves[member] for member in group])

    def find_exits(self, group: Group) -> Rows:
        """Return for each state those that the group can move to and that are better for all of it."""
        ways = self._by_improvements(group) if self.reading.improvement == "each-step" else self.reach(group)
        return np.asarray(ways & self._above_for_all(group))

    def _above_for_all(self, group: Group) -> Rows:
        return np.asarray(np.bitwise_and.reduce([self.above[member] for member in group]))

    def _replies(self, group: Group, kind: str) -> Rows:
        others = tuple(at for at in range(len(self.moves)) if at not in group)
        if kind == "none" or not others:
            return nothing(self.conflict.size)
        return self.reach(others) if kind == "any" else self._kept.improvements(others)

    def find_improvements(self, others: Group) -> Rows:
        """Return for each state those reached by improvements, of one or of any group of the others."""
        if self.reading.replies == "actors":
            return self._by_improvements(others)
        parts = [self.exits(part) for part in _parts(others)]
        if self.conflict.is_transitive:
            return self._reached([members(np.bitwise_or.reduce(parts))])
        return self._reached([members(part) for part in parts])

    def _by_improvements(self, group: Group) -> Rows:
        return self._reached([within(self.moves[member], self.above[member]) for member in group])

    def _reached(self, arcs: Sequence[Arcs]) -> Rows:
        return reached(arcs, self.conflict.size, is_free=self.conflict.is_transitive)

    @cached_property
    def _kept(self) -> _Kept:
        return _Kept(self)


class _Kept:
    """What groups can do, found once while there is memory to keep it."""

    def __init__(self, board: _Board) -> None:
        most = max(4, _KEPT // (3 * 8 * max(1, board.above[0].size)))
        self.reach = lru_cache(most)(board.find_reach)
        self.exits = lru_cache(most)(board.find_exits)
        self.improvements = lru_cache(most)(board.find_improvements)


# --- what goes in and comes out --------------------------------------------------------------------


def _board(conflict: Conflict, preferences: Preferences, reading: _Reading, groups: int) -> _Board:
    """Return what coalitions are judged by, after checking that they can be."""
    are_known([reading.improvement], IMPROVEMENTS, "reading of improvement")
    are_known([reading.replies], REPLIES, "reading of replies")
    fits(conflict, preferences)
    are_ranked(preferences)
    if reading.joint_jump and conflict.arcs is not None:
        raise CallError(
            "Actors cannot jump together where moves are given from state to state.",
            code="no-joint-jump",
            hint="Leave joint jumps out: coalitions then go by legal sequences of their members' moves.",
        )
    moves = moves_in(conflict)
    if groups * conflict.size**2 > MOST_WORK:
        raise CallError(
            f"{groups:,} coalitions over {conflict.size:,} states are too many to judge.",
            code="conflict-too-large",
            hint="Name the coalitions that matter.",
        )
    return _Board(conflict, moves, tuple(better(rank) for rank in preferences.rank), reading)


def _groups_of(conflict: Conflict, coalitions: Sequence[Sequence[str]] | None) -> list[Group]:
    """Return coalitions as places of their members, each once; all of them if none are named."""
    if coalitions is None:
        _are_few(len(conflict.actors))
        return _parts(tuple(range(len(conflict.actors))))
    place = {name: at for at, name in enumerate(conflict.actors)}
    are_known([name for group in coalitions for name in group], conflict.actors, "actor")
    if not all(coalitions):
        raise CallError(
            "A coalition has no members.", code="empty-coalition", hint="Name at least one actor."
        )
    return list(dict.fromkeys(tuple(sorted({place[name] for name in group})) for group in coalitions))


def _are_few(actors: int) -> None:
    if actors > MOST_ACTORS:
        raise CallError(
            f"{actors} actors form {2**actors - 1:,} coalitions.",
            code="conflict-too-large",
            hint=f"All coalitions are judged for up to {MOST_ACTORS} actors; name those that matter.",
        )


def _parts(group: Group) -> list[Group]:
    """Return all parts of a group but the empty one, small ones first, the whole last."""
    return list(chain.from_iterable(combinations(group, many) for many in range(1, len(group) + 1)))


def _places(conflict: Conflict, states: Sequence[int | str]) -> IntArray:
    return np.array(list(dict.fromkeys(place_of(conflict, state) for state in states)), dtype=np.int64)


def _flags(rows: Rows, size: int) -> BoolArray:
    """Return sets as booleans (set, state)."""
    bits = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    return bits[:, :size].astype(np.bool_)


def _pairs(rows: Rows) -> tuple[IntArray, IntArray]:
    """Return the members of all sets: the place of the set, ascending, and the state."""
    origins, targets = np.nonzero(_flags(rows, 64 * rows.shape[1]))
    return origins, targets


def _membership(conflict: Conflict, groups: Sequence[Group]) -> BoolArray:
    is_member = np.zeros((len(groups), len(conflict.actors)), dtype=np.bool_)
    for at, group in enumerate(groups):
        is_member[at, list(group)] = True
    return is_member


def _labelled(variables: dict[str, Any], coords: dict[str, Any], reading: _Reading) -> xr.Dataset:
    import xarray as xr

    return described(
        xr.Dataset(variables, coords=coords),
        improvement=reading.improvement,
        replies=reading.replies,
        joint_jump=int(reading.joint_jump),
    )
