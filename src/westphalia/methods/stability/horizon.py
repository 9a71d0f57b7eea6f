"""Stability for actors that look a given number of moves ahead, and for those who look to the end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, HORIZON, STATE, described
from westphalia.methods.stability import horizon_kernels as kernels
from westphalia.methods.stability.conflict import BoolArray, Conflict, Preferences, RankArray, joined
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.sets import are_ranked, fits
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Horizon = Annotated[int, Param("How many moves the actors look ahead, from 1 on.", "moves", 1, 1000)]
MostHorizon = Annotated[
    int, Param("After how many moves to give up waiting for verdicts to recur.", "moves", 2, 100_000)
]
Expects = Annotated[
    Literal["worst", "best"],
    Param("What an actor expects where several others would move, or one has equally good moves."),
]

_KEPT = 1 << 28
"""Bytes of verdicts that are kept."""


def limited_stability(
    conflict: Conflict, preferences: Preferences, *, horizon: Horizon = 4, expects: Expects = "worst"
) -> xr.Dataset:
    """Return which states hold for actors that look one move ahead, two, … up to the horizon.

    Whoever is to move looks for the move after which, with one move less to come, it expects the
    best end, and stays unless that is better than where it stands. With two actors they alternate;
    with more, after each move any other may go on who would gain by it; play ends where nobody
    would. An actor counts on the end that is worst for itself among those that the others' moves
    can lead to (docs/methods/stability.md).

    Parameters
    ----------
    conflict: states and moves, legal or not in any order: nobody moves twice running.
    preferences: ranks, without unknown pairs.
    horizon, expects: see the sentence of each.

    Returns
    -------
    Dataset with `is_stable` (horizon, actor, state) and `is_equilibrium` (horizon, state). A
    horizon of 1 is Nash stability. Costs a look at each move for each actor and horizon.

    Raises
    ------
    CallError: a horizon is below 1 (``bad-horizon``) or too long to be held
        (``conflict-too-large``); some preferences are unknown (``preference-unknown``); what
        `graph.arcs_of` and `sets.fits` raise.

    References
    ----------
    kilgour1985, fang1993
    """
    _is_long_enough(horizon, 1)
    _fits_in_memory(conflict, horizon)
    foresight = _Foresight(conflict, preferences, expects)
    found = np.stack([foresight.look_further() for _ in range(horizon)])
    variables = {
        "is_stable": ((HORIZON, ACTOR, STATE), found),
        "is_equilibrium": ((HORIZON, STATE), found.all(axis=1)),
    }
    return _labelled(conflict, variables, {HORIZON: np.arange(1, horizon + 1)}, expects=expects)


def nonmyopic_stability(
    conflict: Conflict,
    preferences: Preferences,
    *,
    most_horizon: MostHorizon = 1000,
    expects: Expects = "worst",
) -> xr.Dataset:
    """Return which states hold for actors that look ahead as far as it matters.

    What is expected at one horizon follows from the one before, so it recurs in the end: with always
    the same, or in a cycle of horizons. A state is non-myopically stable for an actor if it is
    stable at all horizons that recur.

    Parameters
    ----------
    conflict, preferences, expects: as in `limited_stability`.
    most_horizon: see its sentence.

    Returns
    -------
    Dataset with `is_nonmyopic` (actor, state), `is_equilibrium` (state), `is_horizon_settled`
    (actor, state): all recurring horizons agree; `stable_share` (actor, state): the share of them at which
    the state is stable; and the attributes `first_horizon` and `period`, from where and how often
    expectations recur, 0 and 0 if they had not in `tried_horizons`: `most_horizon`, or as many as
    there is memory for. Nothing is settled then, and `stable_share` is that of the last half of them.

    Raises
    ------
    CallError: as `limited_stability`.

    References
    ----------
    kilgour1985, fang1993, rego2025
    """
    _is_long_enough(most_horizon, 2)
    run = _run(_Foresight(conflict, preferences, expects), most_horizon)
    share = run.stable.mean(axis=0)
    has_recurred = run.period > 0
    is_settled = np.full(share.shape, has_recurred) & ((share == 0) | (share == 1))
    is_nonmyopic = is_settled & (share == 1)
    variables = {
        "is_nonmyopic": ((ACTOR, STATE), is_nonmyopic),
        "is_equilibrium": ((STATE,), is_nonmyopic.all(axis=0)),
        "is_horizon_settled": ((ACTOR, STATE), is_settled),
        "stable_share": ((ACTOR, STATE), share),
    }
    recurs = {"first_horizon": run.first, "period": run.period, "tried_horizons": run.tried}
    return _labelled(conflict, variables, {}, expects=expects, **recurs)


class _Foresight:
    """What actors expect `horizon` moves ahead: `ends` (actor, mover, state), in the actor's ranks.

    It is the rank of the end that the actor expects where the mover has just brought about the state.
    """

    def __init__(self, conflict: Conflict, preferences: Preferences, expects: str) -> None:
        fits(conflict, preferences)
        are_ranked(preferences)
        self.rank = np.ascontiguousarray(preferences.rank, dtype=np.int32)
        self.starts, self.targets = joined(arcs_of(conflict))
        self.is_hopeful = expects == "best"
        self.ends: RankArray = np.repeat(self.rank[:, None], len(self.rank), axis=1)

    def look_further(self) -> BoolArray:
        """Look one move further; return where (actor, state) the actor, if it is to move, stays."""
        would_move = np.empty(self.rank.shape, dtype=np.bool_)
        ends = np.empty_like(self.ends)
        kernels.look_further(
            self.starts, self.targets, self.rank, self.ends, self.is_hopeful, would_move, ends
        )
        self.ends = ends
        return ~would_move


class _Run(NamedTuple):
    """Verdicts `stable` (horizon, actor, state) of the horizons that recur, the first, and how many.

    `tried` counts the horizons that were looked at.
    """

    stable: BoolArray
    first: int
    period: int
    tried: int


def _run(foresight: _Foresight, most: int) -> _Run:
    """Look further and further until what is expected was expected before."""
    known = {_digest(foresight.ends): 0}
    found: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = []
    shape = foresight.rank.shape
    keep = max(2, _KEPT // max(1, foresight.rank.size // 8))
    for horizon in range(1, min(most, keep) + 1):
        found.append(np.packbits(foresight.look_further()))
        first = known.setdefault(_digest(foresight.ends), horizon)
        if first < horizon:
            return _Run(_unpacked(found[first:], shape), first + 1, horizon - first, horizon)
    return _Run(_unpacked(found[len(found) // 2 :], shape), 0, 0, len(found))


def _digest(ends: RankArray) -> bytes:
    return hashlib.blake2b(ends.tobytes(), digest_size=16).digest()


def _unpacked(
    verdicts: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], shape: tuple[int, ...]
) -> BoolArray:
    bits = np.unpackbits(np.stack(verdicts), axis=1, count=int(np.prod(shape)))
    return bits.astype(np.bool_).reshape(-1, *shape)


def _fits_in_memory(conflict: Conflict, horizon: int) -> None:
    cells = horizon * len(conflict.actors) * conflict.size
    if cells > _KEPT:
        raise CallError(
            f"{horizon:,} horizons for {conflict.size:,} states are more than can be held.",
            code="conflict-too-large",
            where="horizon",
            hint=f"Look at most {max(1, _KEPT * horizon // cells):,} moves ahead.",
        )


def _is_long_enough(horizon: int, least: int) -> None:
    if horizon < least:
        raise CallError(
            f"A horizon of {horizon} is too short.",
            code="bad-horizon",
            where="horizon",
            hint=f"It counts moves, and {least} is the least.",
        )


def _labelled(
    conflict: Conflict, variables: dict[str, Any], coords: dict[str, Any], **attrs: str | int
) -> xr.Dataset:
    import xarray as xr

    coords = {**coords, ACTOR: list(conflict.actors), STATE: conflict.coordinate()}
    return described(xr.Dataset(variables, coords=coords), **attrs)
