"""How sure the zone of agreement is: over draws of the inputs, whether there is one, and who blocks it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import (
    ACTOR,
    CONFLICT,
    DRAW,
    ISSUE,
    LINKAGE,
    OPTION,
    OTHER_OPTION,
    described,
)
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.doubt_kernels import NO, UNKNOWN, YES, judge
from westphalia.methods.deals.space import (
    IntArray,
    Pair,
    Part,
    Space,
    draws_of,
    linked_issues,
    parts,
    space_of,
)
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

MOST_PARTIES = 12
"""Beyond it the sets of parties that may block one another are too many to look through."""
_CHUNK = 256
_NORMAL = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""

Workers = Annotated[int, Param("Threads; the answer does not depend on them.", "threads", 1, 256)]
Steps = Annotated[
    int,
    Param("Steps of search after which a set of parties in a draw is left undecided.", "steps", 1, 10**12),
]


class Judged(NamedTuple):
    """For each draw: the answer (YES, NO, UNKNOWN), and which sets of parties are minimal conflicts.

    `conflict` (draw, 2^party) is indexed by sets as bits; index 0 marks draws without zone some of
    whose sets could not be decided.
    """

    answer: IntArray
    conflict: Array


def doubt(inputs: xr.Dataset, *, workers: Workers = 2, most_steps: Steps = 1_000_000) -> xr.Dataset:
    """Say in which draws some package is accepted by all, and who stands in the way in the others.

    In a draw without zone, a party blocks if it belongs to a minimal set of parties that cannot
    agree (all but any one of them can); it blocks alone if without it the others could agree, that
    is, if it belongs to every such set.

    Parameters
    ----------
    inputs: deal inputs (docs/methods/deals.md), with a leading `draw` on what is not known.
    workers, most_steps: see the sentence of each.

    Returns
    -------
    Dataset with `has_zone` and `is_decided` (draw), `blocks` and `blocks_alone` (draw, actor; of
    actors whose acceptance is needed), `zone_probability` with the ends of its 95 % interval
    (Wilson; undecided draws count against both), `block_probability`, `block_alone_probability`
    (actor), and `conflict_probability` (conflict) of each minimal set with `is_member` (conflict,
    actor), the likeliest first. Every answer is exact; each draw is judged on its own, so that
    chunks and threads change nothing. Time is linear in draws: tens of microseconds for one with a
    zone, and up to 2^parties small searches for one without.

    Raises
    ------
    CallError: the inputs do not describe a space of packages; more than 12 actors' acceptance is
        needed (code ``too-many-parties``).

    References
    ----------
    wilson1927, liffiton2016
    """
    draws = draws_of(inputs)
    names = stacked(inputs, 0, min(draws, 1)).parties
    if len(names) > MOST_PARTIES:
        raise CallError(
            f"The acceptance of {len(names)} actors is needed, more than {MOST_PARTIES}.",
            code="too-many-parties",
            where="is_party",
            hint="Take together those who want the same, or ask for single draws.",
        )

    def chunk(start: int) -> Judged:
        return judged(stacked(inputs, start, min(start + _CHUNK, draws)), most_steps)

    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(chunk, range(0, draws, _CHUNK)))
    answer = np.concatenate([part.answer for part in done])
    conflict = np.concatenate([part.conflict for part in done])
    return _labelled(inputs, names, Judged(answer, conflict))


@dataclass(frozen=True)
class Stack:
    """Some draws as arrays, of the parties whose acceptance is needed.

    `values` (draw, part, option, party), `need` (draw, party): what the options must add up to,
    `counts` (part).
    """

    parties: tuple[str, ...]
    values: FloatArray
    need: FloatArray
    counts: IntArray


def stacked(inputs: xr.Dataset, start: int, stop: int) -> Stack:
    """Return the draws from start to stop as arrays; issues that interactions tie together are one part.

    Raises
    ------
    CallError: as `space_of`, for any of the draws.
    """
    some = inputs.isel({DRAW: slice(start, stop)}) if DRAW in inputs.dims else inputs
    space = space_of(some, 0)
    must = space.must
    needed = {name: _drawn(some[name], dims)[:, must] for name, dims in _READ.items() if name in inputs}
    _are_known(needed, space, start)
    ends = linked_issues(some)
    merged = parts(replace(space, pairs=_ever_tied(needed, ends, space)))
    counts = np.array([len(part.packages) for part in merged])
    values = np.zeros((stop - start, len(counts), int(counts.max()), int(must.sum())))
    for at, part in enumerate(merged):
        values[:, at, : counts[at]] = np.moveaxis(_part_values(needed, ends, part), 1, 2)
    need = needed["reservation"] - needed["base_utility"]
    names = tuple(np.asarray(space.parties, dtype=object)[must])
    need = np.ascontiguousarray(np.broadcast_to(need, (stop - start, need.shape[1])))
    return Stack(names, values, need, counts)


def judged(stack: Stack, most_steps: int) -> Judged:
    """Judge draws one by one. Each costs a few thousand operations where a package suits all."""
    parties = len(stack.parties)
    sets = np.arange(1, 1 << parties)
    sets = sets[np.argsort(np.bitwise_count(sets), kind="stable")]
    answer = np.zeros(len(stack.need), dtype=np.int64)
    conflict = np.zeros((len(stack.need), 1 << parties), dtype=bool)
    judge(stack.values, stack.need, stack.counts, sets, most_steps, answer, conflict)
    return Judged(answer, conflict)


_READ = {
    "option_value": (ACTOR, ISSUE, OPTION),
    "reservation": (ACTOR,),
    "base_utility": (ACTOR,),
    "interaction": (ACTOR, LINKAGE, OPTION, OTHER_OPTION),
}


def _drawn(array: xr.DataArray, dims: tuple[str, ...]) -> FloatArray:
    """Return a variable with a leading axis of draws, of length 1 where it is the same in all."""
    if DRAW not in array.dims:
        array = array.expand_dims(DRAW)
    return np.asarray(array.transpose(DRAW, *dims).values, dtype=float)


def _are_known(needed: dict[str, FloatArray], space: Space, start: int) -> None:
    """Raise CallError at the first number that counts and is not finite, in any draw."""
    table = needed["option_value"]
    for issue, count in enumerate(space.counts):
        table[:, :, issue, count:] = 0.0
    for name in ("option_value", "reservation", "base_utility"):
        wrong = ~np.isfinite(needed[name])
        if wrong.any():
            at = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
            party = np.asarray(space.parties, dtype=object)[space.must][at[1]]
            raise CallError(
                f"'{name}' of '{party}' is {needed[name][at]} in draw {start + int(at[0])}.",
                code="value-out-of-range",
                where=name,
                hint="A finite number is needed in every draw.",
            )


def _ever_tied(needed: dict[str, FloatArray], ends: IntArray, space: Space) -> tuple[Pair, ...]:
    """Return as pairs the issues that interact in some draw; their values are not read."""
    if not len(ends):
        return ()
    table = needed["interaction"]
    is_tied = ((table != 0) & ~np.isnan(table)).any(axis=(0, 1, 3, 4))
    parties, counts = len(space.parties), space.counts
    pairs = dict.fromkeys((min(pair), max(pair)) for pair in ends[is_tied].tolist())
    return tuple((k, m, np.zeros((parties, counts[k], counts[m]))) for k, m in pairs)


def _part_values(needed: dict[str, FloatArray], ends: IntArray, part: Part) -> FloatArray:
    """Return what each combination of a part's options adds (draw, party, combination)."""
    table = needed["option_value"]
    chosen = dict(zip(part.issues, part.packages.T, strict=True))
    values = sum(table[:, :, issue, options] for issue, options in chosen.items())
    for at, (one, other) in enumerate(ends.tolist()):
        if one in chosen and other in chosen:
            tied = needed["interaction"][:, :, at, chosen[one], chosen[other]]
            values = values + np.nan_to_num(tied)
    return np.asarray(values)


def wilson(hits: float, among: int) -> tuple[float, float]:
    """Return the 95 % interval of a probability from a share of independent draws."""
    share, square = hits / among, _NORMAL**2 / among
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL / (1 + square) * np.sqrt(share * (1 - share) / among + square / (4 * among))
    # At shares of 0 and 1 an end is the share itself, but for rounding.
    return max(0.0, min(share, float(middle - half))), min(1.0, max(share, float(middle + half)))


def _labelled(inputs: xr.Dataset, names: tuple[str, ...], found: Judged) -> xr.Dataset:
    import xarray as xr

    draws, parties = len(found.answer), len(names)
    bits = (np.arange(1 << parties)[:, None] >> np.arange(parties) & 1).astype(bool)
    some, unsure = found.conflict[:, 1:], found.conflict[:, 0]
    blocks = (some[:, :, None] & bits[1:]).any(axis=1)
    alone = (~some[:, :, None] | bits[1:]).all(axis=1) & (found.answer == NO)[:, None]
    times = some.sum(axis=0)
    listed = np.lexsort((np.arange(len(times)), -times))[: np.count_nonzero(times)]
    settled, open_ = int((found.answer == YES).sum()), int((found.answer == UNKNOWN).sum())
    result = xr.Dataset(
        {
            "has_zone": ((DRAW,), found.answer == YES),
            "is_decided": ((DRAW,), (found.answer != UNKNOWN) & ~unsure),
            "blocks": ((DRAW, ACTOR), blocks),
            "blocks_alone": ((DRAW, ACTOR), alone),
            "zone_probability": settled / draws,
            "zone_probability_low": wilson(settled, draws)[0],
            "zone_probability_high": wilson(settled + open_, draws)[1],
            "block_probability": ((ACTOR,), blocks.mean(axis=0)),
            "block_alone_probability": ((ACTOR,), alone.mean(axis=0)),
            "conflict_probability": ((CONFLICT,), times[listed] / draws),
            "is_member": ((CONFLICT, ACTOR), bits[1:][listed]),
        },
        coords={ACTOR: list(names)} | ({DRAW: inputs[DRAW]} if DRAW in inputs.coords else {}),
    )
    return described(result, method="doubt")
