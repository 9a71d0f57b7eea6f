"""How sure verdicts are where preferences are not: over draws of the rankings, and swap by swap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, CONCEPT, DRAW, STATE, SWAP, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.stability import robustness_kernels as kernels
from westphalia.methods.stability.concepts import CONCEPTS, Progress
from westphalia.methods.stability.conflict import (
    BoolArray,
    Conflict,
    IntArray,
    Preferences,
    RankArray,
    joined,
)
from westphalia.methods.stability.graph import Graph, arcs_of
from westphalia.methods.stability.preferences import gapless
from westphalia.methods.stability.sets import are_known, are_ranked, fits
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

USUAL = ("nash", "gmr", "smr", "seq")

_BITS = {
    "nash": kernels.NASH,
    "gmr": kernels.GMR,
    "smr": kernels.SMR,
    "seq": kernels.SEQ,
    "sseq": kernels.SSEQ,
}
_ALONE = kernels.NASH | kernels.GMR | kernels.SMR
_PART = 64
"""Draws that a thread judges at a time."""

Threads = Annotated[int, Param("How many threads judge; the result is the same.", low=1, high=64)]


def robustness(
    conflict: Conflict,
    ranks: RankArray,
    *,
    concepts: Sequence[str] = USUAL,
    threads: Threads = 2,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Return how often each state is stable over draws of everybody's ranking.

    Parameters
    ----------
    conflict: states and moves.
    ranks: (draw, actor, state), larger is better and equal is a tie, as in Preferences.
    concepts: any of nash, gmr, smr, seq, sseq.
    progress: told as draws are judged; rankings and draws that recur are judged once.

    Returns
    -------
    Dataset with `equilibrium_probability` and `equilibrium_error` (concept, state),
    `stable_probability` and `stable_error` (concept, actor, state), `equilibrium_count`
    (concept, draw), and `is_most_robust` (concept, state): nothing is an equilibrium in more draws,
    and it is one in some. Errors are binomial, as of independent draws; evenly spread ones err less.
    Under Nash, GMR and SMR an actor's verdicts follow from its own ranking, so that each is judged
    once; besides, every draw walks once along all moves for each actor and concept. Memory is
    half of that of `ranks`, and all moves listed.

    Raises
    ------
    CallError: a concept is not known (code ``unknown-name``), ranks do not fit the conflict or there
        is no draw (``preferences-differ``), or there are too many moves (``conflict-too-large``).
    """
    are_known(concepts, CONCEPTS, "concept")
    _fit(conflict, ranks)
    judged = _judged(_moves(conflict), ranks, concepts, threads, progress)
    draws = len(ranks)
    stable = judged.counted(judged.verdicts, concepts) / draws
    equilibria = judged.counted(judged.for_all, concepts) / draws
    most = equilibria.max(axis=1, keepdims=True)
    many = np.stack([((judged.for_all & _BITS[concept]) > 0).sum(axis=1) for concept in concepts])
    return _labelled(
        conflict,
        concepts,
        {
            "equilibrium_probability": ((CONCEPT, STATE), equilibria),
            "equilibrium_error": ((CONCEPT, STATE), _error(equilibria, draws)),
            "stable_probability": ((CONCEPT, ACTOR, STATE), stable),
            "stable_error": ((CONCEPT, ACTOR, STATE), _error(stable, draws)),
            "equilibrium_count": ((CONCEPT, DRAW), many[:, judged.which]),
            "is_most_robust": ((CONCEPT, STATE), (equilibria == most) & (most > 0)),
        },
    )


def at_rest(
    conflict: Conflict, ranks: RankArray, states: IntArray, *, concept: str, threads: Threads = 1
) -> BoolArray:
    """Return in which draws each of some states is an equilibrium (draw, state).

    Parameters
    ----------
    conflict, ranks: as for `robustness`, which counts the same verdicts.
    states: places of states; concept: nash, gmr, smr, seq or sseq.

    Raises
    ------
    CallError: as `robustness`.
    """
    are_known([concept], CONCEPTS, "concept")
    _fit(conflict, ranks)
    judged = _judged(_moves(conflict), ranks, [concept], threads, None)
    is_rest = (judged.for_all[:, states] & _BITS[concept]) > 0
    return np.asarray(is_rest[judged.which])


def swaps(conflict: Conflict, preferences: Preferences, *, concepts: Sequence[str] = USUAL) -> xr.Dataset:
    """Return what becomes of the equilibria if two neighbouring ranks of one actor change places.

    Of an actor's ranks, each and the next below are swapped, with all states that tie there; what
    else is preferred stays. In a strict ranking it is two states. Only swaps that make or unmake an
    equilibrium are listed, an actor's best ranks first.

    Returns
    -------
    Dataset with `is_gained`, `is_lost` (concept, swap, state): the state becomes an equilibrium, or
    no longer is one; `swap_actor` (swap), its name; `is_raised`, `is_lowered` (swap, state): which
    states change places. Attribute `swaps_judged`: how many swaps there are. A swap costs a
    judgement of the actor's own ranking, under `seq` and `sseq` of all actors if the actor can move
    between states that are swapped.

    Raises
    ------
    CallError: as `robustness`; a preference is unknown (code ``preference-unknown``).
    """
    are_known(concepts, CONCEPTS, "concept")
    fits(conflict, preferences)
    are_ranked(preferences)
    moves, rank = _moves(conflict), gapless(preferences.rank)
    pairs = [(actor, low) for actor, own in enumerate(rank) for low in range(int(own.max()) - 1, -1, -1)]
    today = _judged(moves, rank[np.newaxis], concepts, 1, None)
    now, concerns = today.for_all, _concerned(conflict, rank)
    changed, after = [], [now[:0]]
    for start in range(0, len(pairs), _PART):
        part = pairs[start : start + _PART]
        drawn = np.stack([_swapped(rank, *pair) for pair in part])
        known = _Known(today.verdicts[0], np.stack([concerns(*pair) for pair in part]))
        judged = _judged(moves, drawn, concepts, 2, None, known)
        found = judged.for_all[judged.which]
        matters = (found != now).any(axis=1)
        changed += [pair for pair, is_so in zip(part, matters, strict=True) if is_so]
        after.append(found[matters])
    return _of_swaps(conflict, rank, concepts, changed, now, np.concatenate(after)).assign_attrs(
        swaps_judged=len(pairs)
    )


# --- judging -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judged:
    """Verdicts as bits: `verdicts` (distinct, actor, state) of distinct draws, `for_all` (distinct, state).

    `which` (draw) says which of the distinct draws each is, `times` (distinct) how often it is drawn.
    """

    verdicts: Array
    for_all: Array
    which: IntArray
    times: IntArray

    def counted(self, verdicts: Array, concepts: Sequence[str]) -> IntArray:
        """Return in how many draws the verdicts (distinct, …) hold (concept, …)."""
        totals = np.zeros((len(_BITS), int(np.prod(verdicts.shape[1:]))), dtype=np.int64)
        kernels.count(verdicts.reshape(len(verdicts), -1), self.times, totals)
        places = [list(_BITS).index(concept) for concept in concepts]
        return totals[places].reshape(len(places), *verdicts.shape[1:])


@dataclass(frozen=True)
class _Known:
    """What depends on everybody's ranking is as in `verdicts` (actor, state) but for `whom` (draw, actor)."""

    verdicts: Array
    whom: BoolArray


def _judged(
    moves: kernels.Moves,
    ranks: RankArray,
    concepts: Sequence[str],
    threads: int,
    progress: Progress | None,
    known: _Known | None = None,
) -> _Judged:
    is_within = ranks.min(initial=0) >= 0 and ranks.max(initial=0) < ranks.shape[2]
    ranks = np.ascontiguousarray(ranks if is_within else gapless(ranks))
    wanted = sum(_BITS[concept] for concept in set(concepts))
    own = [_distinct(ranks[:, actor]) for actor in range(ranks.shape[1])]
    kinds = np.stack([which for _, which in own], axis=1)
    _, first, which, times = np.unique(
        kinds, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    whom = np.ones((len(first), ranks.shape[1]), dtype=np.bool_) if known is None else known.whom[first]
    verdicts = np.zeros((len(first), *ranks.shape[1:]), dtype=np.uint8)
    if known is not None:
        verdicts[:] = np.where(whom[:, :, np.newaxis], 0, known.verdicts & np.uint8(~_ALONE & 0xFF))
    work: list[Callable[[], None]] = []
    alone = [np.zeros((len(firsts), ranks.shape[2]), dtype=np.uint8) for firsts, _ in own]
    for actor, (firsts, _) in enumerate(own):
        work += _alone(actor, firsts, ranks, wanted, moves, alone[actor])
    work += _together(first, ranks, whom, wanted, moves, verdicts)
    _done(work, threads, progress)
    for actor, verdict in enumerate(alone):
        verdicts[:, actor] |= verdict[kinds[first, actor]]
    for_all = np.bitwise_and.reduce(verdicts, axis=1)
    return _Judged(verdicts, for_all, which.reshape(-1), times)


def _alone(
    actor: int, firsts: IntArray, ranks: RankArray, wanted: int, moves: kernels.Moves, verdicts: Array
) -> list[Callable[[], None]]:
    """Return the work of judging one actor's distinct rankings, a part each."""
    if not wanted & _ALONE:
        return []
    return [
        partial(kernels.judge_alone, actor, firsts[part], ranks, wanted, moves, verdicts[part])
        for part in _parts(len(firsts))
    ]


def _together(
    first: IntArray, ranks: RankArray, whom: BoolArray, wanted: int, moves: kernels.Moves, verdicts: Array
) -> list[Callable[[], None]]:
    """Return the work of judging distinct draws by what depends on everybody, a part each."""
    if not wanted & ~_ALONE:
        return []
    return [
        partial(kernels.judge_together, first[part], ranks, whom[part], wanted, moves, verdicts[part])
        for part in _parts(len(first))
    ]


def _parts(count: int) -> list[slice]:
    return [slice(start, start + _PART) for start in range(0, count, _PART)]


def _done(work: Sequence[Callable[[], None]], threads: int, progress: Progress | None) -> None:
    """Do all parts of the work, each of which writes to places of its own."""
    with ThreadPoolExecutor(threads) as pool:
        for done, _ in enumerate(pool.map(lambda part: part(), work), start=1):
            if progress is not None:
                progress("preferences judged", done, len(work))


def _moves(conflict: Conflict) -> kernels.Moves:
    arcs = arcs_of(conflict)
    actors = np.arange(len(arcs))
    others = np.array([actors[actors != actor] for actor in actors], dtype=np.int64)
    turned = Graph(arcs, conflict.is_transitive).turned
    return kernels.Moves(*joined(arcs), *turned, others, conflict.is_transitive)


def _distinct(ranks: RankArray) -> tuple[IntArray, IntArray]:
    """Return the first draw of each distinct ranking (draw, state), and which of them each draw has."""
    seen: dict[bytes, int] = {}
    which = np.array([seen.setdefault(rank.tobytes(), len(seen)) for rank in ranks], dtype=np.int64)
    return np.unique(which, return_index=True)[1], which


def _fit(conflict: Conflict, ranks: RankArray) -> None:
    needed = (len(conflict.actors), conflict.size)
    if ranks.ndim != 3 or ranks.shape[1:] != needed or not len(ranks) or ranks.dtype != np.int32:
        raise CallError(
            f"'ranks' is {ranks.dtype} {ranks.shape}; the conflict has {needed[0]} actors and "
            f"{needed[1]:,} states.",
            code="preferences-differ",
            where="ranks",
            hint=f"One draw or more of whole numbers (int32) is needed, each in the shape {needed}.",
        )


# --- swapping ------------------------------------------------------------------------------------


def _swapped(rank: RankArray, actor: int, low: int) -> RankArray:
    """Return the ranks (actor, state) with rank `low` of the actor and the next above it exchanged."""
    swapped = rank.copy()
    swapped[actor, rank[actor] == low] = low + 1
    swapped[actor, rank[actor] == low + 1] = low
    return swapped


def _concerned(conflict: Conflict, rank: RankArray) -> Callable[[int, int], BoolArray]:
    """Return what tells whose sequential stability (actor) a swap of an actor's ranks can change.

    Its own; and that of others if it can move between states that are swapped, as only then its
    improvements differ.
    """
    linked = []
    for own, arcs in zip(rank, arcs_of(conflict), strict=True):
        source, target = own[arcs.sources], own[arcs.targets]
        linked.append(set(np.minimum(source, target)[np.abs(source - target) == 1].tolist()))

    def concerned(actor: int, low: int) -> BoolArray:
        return np.asarray((np.arange(len(rank)) == actor) | (low in linked[actor]))

    return concerned


def _of_swaps(
    conflict: Conflict,
    rank: RankArray,
    concepts: Sequence[str],
    changed: Sequence[tuple[int, int]],
    now: Array,
    after: Array,
) -> xr.Dataset:
    bits = np.array([_BITS[concept] for concept in concepts], dtype=np.uint8)[:, None, None]
    own = rank[[actor for actor, _ in changed]]
    low = np.array([low for _, low in changed], dtype=np.int32)[:, None]
    return _labelled(
        conflict,
        concepts,
        {
            "is_gained": ((CONCEPT, SWAP, STATE), (after & ~now & bits) > 0),
            "is_lost": ((CONCEPT, SWAP, STATE), (now & ~after & bits) > 0),
            "swap_actor": (SWAP, np.array([conflict.actors[actor] for actor, _ in changed], dtype=str)),
            "is_raised": ((SWAP, STATE), own == low),
            "is_lowered": ((SWAP, STATE), own == low + 1),
        },
    )


def _labelled(
    conflict: Conflict, concepts: Sequence[str], found: dict[str, tuple[object, Array]]
) -> xr.Dataset:
    import xarray as xr

    data = xr.Dataset(found, coords={CONCEPT: list(concepts), STATE: conflict.coordinate()})
    return described(data.assign_coords({ACTOR: list(conflict.actors)}) if ACTOR in data.dims else data)


def _error(share: FloatArray, draws: int) -> FloatArray:
    """Return the standard error of a share of independent draws."""
    return np.asarray(np.sqrt(share * (1 - share) / draws))
