"""Trades: who gives what for what, what exchange across issues adds, and steps that leave nobody worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np

from westphalia.labels import ACTOR, ISSUE, SIDE, STEP, TRADE, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.payments import package_of
from westphalia.methods.deals.relaxation import Aim, Gains, gains_of
from westphalia.methods.deals.search import Clock, search
from westphalia.methods.deals.solutions import TimeLimit
from westphalia.methods.deals.space import TOLERANCE, IntArray, Space, space_of
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Most = Annotated[int, Param("Trades to list, the most worthwhile first.", low=1)]
Others = Annotated[bool, Param("Whether a trade must leave no third party worse.")]


class Swaps(NamedTuple):
    """Exchanges (n): the two parties, the two issues, the options moved to, and gains (n, party).

    On the first issue the first party gives way and the second gains, on the second issue the
    reverse.
    """

    parties: IntArray
    issues: IntArray
    options: IntArray
    gains: FloatArray


def trades(
    inputs: xr.Dataset, package: xr.DataArray, *, most: Most = 50, spare_others: Others = False
) -> xr.Dataset:
    """List the exchanges on two issues by which two parties both gain over a package.

    Each gives way on one issue to the other's gain; all other issues stay as they are. For each two
    parties and two issues the pair of options with the largest smaller gain is taken (of equals,
    that with the larger sum).

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    package: (issue), places of options; what is exchanged from.
    most, spare_others: see the sentence of each.

    Returns
    -------
    Dataset over `trade`, the largest smaller gain first: `trade_actor` (trade, side), the two
    parties; `trade_issue` (trade, side), the issue on which that party gives way; `option_from`,
    `option_to` (trade, side), that issue's option before and after; `trade_gain` (trade, actor).
    Exact: every exchange is looked at. Time grows with the squares of parties, issues and options.

    Raises
    ------
    CallError: the inputs do not describe a space of packages; the package names an option an issue
        does not have (code ``unknown-option``).

    References
    ----------
    raiffa1982, froman1970
    """
    space = space_of(inputs)
    places = package_of(space, package)
    return _labelled_trades(space, places, swaps(space, places, most, spare_others))


def swaps(space: Space, package: IntArray, most: int, spare_others: bool) -> Swaps:
    """Return the best exchange for each two parties and two issues by which both gain."""
    found: list[_Swap] = []
    for k, m in combinations(range(len(space.issues)), 2):
        found += _swaps_on(space, package, (k, m), spare_others)
    found = sorted(found, key=lambda swap: swap[:5])[:most]
    shape = (len(found), 2)
    return Swaps(
        np.array([swap.parties for swap in found], dtype=np.int64).reshape(shape),
        np.array([swap.issues for swap in found], dtype=np.int64).reshape(shape),
        np.array([swap.options for swap in found], dtype=np.int64).reshape(shape),
        np.array([swap.gains for swap in found]).reshape(len(found), len(space.parties)),
    )


class _Swap(NamedTuple):
    """One exchange; the first five fields put the most worthwhile first."""

    least: float
    total: float
    parties: tuple[int, int]
    issues: tuple[int, int]
    options: tuple[int, int]
    gains: FloatArray


def _swaps_on(
    space: Space, package: IntArray, issues: tuple[int, int], spare_others: bool
) -> Iterator[_Swap]:
    party = np.flatnonzero(space.must)
    first, second = (_changes(space, package, issue) for issue in issues)
    joint = _joint_changes(space, package, *issues)
    spared = (joint[:, :, party] >= -TOLERANCE).all(axis=2) if spare_others else np.True_
    for p, q in permutations(map(int, party), 2):
        gives = (first[:, None, p] < -TOLERANCE) & (second[None, :, q] < -TOLERANCE)
        gets = (first[:, None, q] > TOLERANCE) & (second[None, :, p] > TOLERANCE)
        best = _best_of(joint, p, q, gives & gets & spared)
        if best is not None:
            change = joint[best]
            least, total = min(change[p], change[q]), change[p] + change[q]
            yield _Swap(-round(float(least), 9), -float(total), (p, q), issues, best, change)


def _best_of(joint: FloatArray, p: int, q: int, fits: Array) -> tuple[int, int] | None:
    """Return the two options by which the one that gains less gains most, if both gain."""
    least = np.where(fits, np.minimum(joint[..., p], joint[..., q]), -np.inf)
    if least.max(initial=-np.inf) <= TOLERANCE:
        return None
    close = least >= least.max() - TOLERANCE
    total = np.where(close, joint[..., p] + joint[..., q], -np.inf)
    first, second = np.unravel_index(int(np.argmax(total)), total.shape)
    return int(first), int(second)


def _changes(space: Space, package: IntArray, issue: int) -> FloatArray:
    """Return what settling one issue otherwise changes (option, party)."""
    rows = np.tile(package, (space.counts[issue], 1))
    rows[:, issue] = np.arange(space.counts[issue])
    return space.utility(rows) - space.utility(package[None])


def _joint_changes(space: Space, package: IntArray, one: int, other: int) -> FloatArray:
    """Return what settling two issues otherwise changes (option, other option, party)."""
    first, second = np.indices((space.counts[one], space.counts[other]))
    rows = np.tile(package, (first.size, 1))
    rows[:, one], rows[:, other] = first.ravel(), second.ravel()
    change = space.utility(rows) - space.utility(package[None])
    return change.reshape(*first.shape, len(space.parties))


def exchange(inputs: xr.Dataset, package: xr.DataArray, *, time_limit: TimeLimit = 60.0) -> xr.Dataset:
    """Say what settling all issues in one package adds over settling each issue alone.

    Alone, an issue moves from the reference only to an option that leaves no party worse, and of
    those to the one whose least gain is largest (of equals, with the largest sum). Together, the
    package is taken that leaves nobody below that and has the largest sum of utilities.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    package: (issue), places of options; what holds to begin with.
    time_limit: see its sentence.

    Returns
    -------
    Dataset with `package_alone` and `package` (issue), `utility_alone`, `utility` and
    `exchange_gain` (actor), and `is_proved`. Exact; one search, milliseconds for a dozen issues.

    Raises
    ------
    CallError: as `trades`.

    References
    ----------
    raiffa1982, sebenius1983
    """
    import xarray as xr

    space = space_of(inputs)
    alone = settled_alone(space, package_of(space, package))
    best, is_proved = improved(space, alone, Clock.of(time_limit))
    utility = space.utility(np.stack([alone, best]))
    result = xr.Dataset(
        {
            "package_alone": ((ISSUE,), alone),
            "package": ((ISSUE,), best),
            "utility_alone": ((ACTOR,), utility[0]),
            "utility": ((ACTOR,), utility[1]),
            "exchange_gain": ((ACTOR,), utility[1] - utility[0]),
            "is_proved": is_proved,
        },
        coords={ACTOR: list(space.parties), ISSUE: list(space.issues)},
    )
    return described(result, method="exchange")


def settled_alone(space: Space, package: IntArray) -> IntArray:
    """Return the package (issue) that results if each issue is settled with all others as they were.

    Interactions are valued with the other issues at the reference.
    """
    alone = package.copy()
    for issue in range(len(space.issues)):
        change = _changes(space, package, issue)[:, space.must]
        least = change.min(axis=1)
        best = np.flatnonzero(least >= max(float(least.max()), 0.0) - TOLERANCE)
        total = change[best].sum(axis=1)
        total[best == package[issue]] += TOLERANCE  # of equals, what holds stays
        alone[issue] = best[int(np.argmax(total))]
    return alone


def improved(space: Space, package: IntArray, clock: Clock) -> tuple[IntArray, bool]:
    """Return an efficient package at least as good for all parties, with the largest sum; and the proof."""
    gains = gains_of(space)
    held, everyone = _held(space, gains, package)
    found = search(held, Aim(everyone, k=len(everyone)), clock)
    reached = space.utility(package[None])[0, space.must].sum()
    if not len(found.places):
        return package, found.is_proved
    best = gains.packages(found.places[:1])[0]
    if space.utility(best[None])[0, space.must].sum() <= reached + TOLERANCE:
        return package, found.is_proved
    return best, found.is_proved


def _held(space: Space, gains: Gains, package: IntArray) -> tuple[Gains, Array]:
    """Return gains whose floors are what the package gives every party."""
    reached = space.slack(package[None])[0, space.must]
    return replace(gains, low=reached - TOLERANCE), np.ones(len(reached), dtype=bool)


def steps(inputs: xr.Dataset, package: xr.DataArray, *, time_limit: TimeLimit = 60.0) -> xr.Dataset:
    """Go from a package to the frontier in steps that leave no party worse and make one better.

    Each step changes one issue if that is possible, else two, else as many as it takes; of the
    steps of one size, the one with the largest least gain is taken (of equals, the largest sum).
    The last package is efficient: a search proves that no other gives all as much and one more.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    package: (issue), places of options; where the steps begin. It need not be accepted.
    time_limit: see its sentence.

    Returns
    -------
    Dataset over `step` (0 is the start): `package` and `is_changed` (step, issue), `utility` and
    `step_gain` (step, actor), and `is_proved` (the last is efficient). Time grows with steps times
    the squares of issues and options, and one search a step that changes more than two issues.

    Raises
    ------
    CallError: as `trades`.

    References
    ----------
    raiffa1985, ehtamo2001
    """
    space = space_of(inputs)
    clock = Clock.of(time_limit)
    path = [package_of(space, package)]
    is_proved = False
    while not is_proved:
        found = _small_step(space, path[-1])
        if found is None:
            found, is_proved = improved(space, path[-1], clock)
        if np.array_equal(found, path[-1]):
            break
        path.append(found)
        if clock.is_over:
            break
    return _labelled_steps(space, np.stack(path), is_proved)


def _small_step(space: Space, package: IntArray) -> IntArray | None:
    """Return the best package that differs on one issue, or on two, and leaves no party worse."""
    one = [(_changes(space, package, k)[:, None], (k, k)) for k in range(len(space.issues))]
    best = _best_step(space, package, one)
    if best is None:
        pairs = [(k, m) for k in range(len(space.issues)) for m in range(k + 1, len(space.issues))]
        best = _best_step(space, package, [(_joint_changes(space, package, k, m), (k, m)) for k, m in pairs])
    return best


def _best_step(
    space: Space, package: IntArray, moves: list[tuple[FloatArray, tuple[int, int]]]
) -> IntArray | None:
    best, most = None, (TOLERANCE, TOLERANCE)
    for change, (one, other) in moves:
        gain = change[..., space.must]
        harmless = (gain >= -TOLERANCE).all(axis=-1)
        total = np.where(harmless, gain.sum(axis=-1), -np.inf)
        least = np.where(total > TOLERANCE, gain.min(axis=-1), -np.inf)
        top = np.lexsort((total.ravel(), np.round(least.ravel(), 9)))[-1]
        first, second = np.unravel_index(int(top), total.shape)
        rank = (round(float(least[first, second]), 9), float(total[first, second]))
        if rank[1] > TOLERANCE and (best is None or rank > most):
            best, most = package.copy(), rank
            best[other] = second
            best[one] = first
    return best


# --- names -------------------------------------------------------------------------------------


def _labelled_trades(space: Space, package: IntArray, found: Swaps) -> xr.Dataset:
    import xarray as xr

    parties, issues = np.array(space.parties), np.array(space.issues)
    sides = (TRADE, SIDE)
    result = xr.Dataset(
        {
            "trade_actor": (sides, parties[found.parties]),
            "trade_issue": (sides, issues[found.issues]),
            "option_from": (sides, package[found.issues]),
            "option_to": (sides, found.options),
            "trade_gain": ((TRADE, ACTOR), found.gains),
        },
        coords={ACTOR: list(space.parties)},
    )
    return described(result, method="trades")


def _labelled_steps(space: Space, path: IntArray, is_proved: bool) -> xr.Dataset:
    import xarray as xr

    utility = space.utility(path)
    before = np.concatenate([path[:1], path[:-1]])
    result = xr.Dataset(
        {
            "package": ((STEP, ISSUE), path),
            "is_changed": ((STEP, ISSUE), path != before),
            "utility": ((STEP, ACTOR), utility),
            "step_gain": ((STEP, ACTOR), utility - space.utility(before)),
            "is_proved": is_proved,
        },
        coords={ACTOR: list(space.parties), ISSUE: list(space.issues)},
    )
    return described(result, method="steps")
