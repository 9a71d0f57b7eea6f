"""Levers: the smallest single change of a no-deal value, a position or a commitment that opens the zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from westphalia.check import has_dimensions, same_labels
from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, LEVER, OPTION, described
from westphalia.methods.arrays import Array, FloatArray, Frame, framed
from westphalia.methods.deals.levers_moves import Best, Stance, best_for, nearest, with_only
from westphalia.methods.deals.payments import package_of
from westphalia.methods.deals.relaxation import Gains, gains_of
from westphalia.methods.deals.search import Clock
from westphalia.methods.deals.solutions import TimeLimit
from westphalia.methods.deals.space import TOLERANCE, Space, space_of
from westphalia.methods.deals.utility import Loss, power_of, shares
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Cost = Annotated[float, Param("What a move costs, to rank moves of different kinds.", "per unit", low=0.0)]


@dataclass(frozen=True)
class Lever:
    """One change: whose, of what kind, on which issues, how far (`size`), from where to where.

    `bound` is what the size cannot be less than; both are infinite if no such change is enough.
    `package` (issue) becomes acceptable by it; place −1 where there is none.
    """

    actor: str
    kind: str
    issues: tuple[str, ...]
    size: float
    bound: float
    start: float
    end: float
    package: Array


def levers(
    inputs: xr.Dataset,
    position: xr.DataArray | None = None,
    salience: xr.DataArray | None = None,
    scale_low: xr.DataArray | None = None,
    scale_high: xr.DataArray | None = None,
    has_stand: xr.DataArray | None = None,
    reversion: xr.DataArray | None = None,
    has_reversion: xr.DataArray | None = None,
    no_deal: xr.DataArray | None = None,
    has_no_deal: xr.DataArray | None = None,
    package: xr.DataArray | None = None,
    commitment_cost: xr.DataArray | None = None,
    *,
    loss: Loss = "linear",
    cost_of_no_deal: Cost = 1.0,
    cost_of_position: Cost = 1.0,
    cost_of_commitment: Cost = 1.0,
    time_limit: TimeLimit = 60.0,
) -> xr.Dataset:
    """Rank the single changes after which some package (or the one wished for) is accepted by all.

    A no-deal value is lowered, in utility. A position moves along its scale, in shares of it; the
    no deal moves with it where that follows from a reversion point. A commitment, or a linkage that
    costs the party utility, is let go by a share of its cost. Everything else stays as it is, so a
    change of one party helps only if all others already agree on something.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    position … has_no_deal: (actor, issue), (issue) or (actor), one draw; without them positions are
        not moved. Issues that are not on a scale are left out.
    package: (issue), places of options; the package wished for. Any package will do without it.
    commitment_cost: (actor, issue, option), utility; what a commitment takes off `option_value`.
    loss, cost_…, time_limit: see the sentence of each.

    Returns
    -------
    Dataset over `lever`, the cheapest first: `lever_kind`, `lever_actor`, `lever_issue` (empty for a
    no deal), `lever_size`, `bound` (what the size cannot be less than), `lever_from`, `lever_to`,
    `lever_cost`, `is_enough`, `is_proved`, and `package` (lever, issue), the package it makes
    acceptable. Sizes are exact: one search for each party and option, and closed form from there.

    Raises
    ------
    CallError: the inputs do not describe a space of packages, do not fit together, or are given in
        part only (code ``input-missing``).

    References
    ----------
    raiffa1982, sebenius1983
    """
    space = space_of(inputs)
    places = None if package is None else package_of(space, package)
    given = {
        "position": position,
        "salience": salience,
        "scale_low": scale_low,
        "scale_high": scale_high,
        "has_stand": has_stand,
        "reversion": reversion,
        "has_reversion": has_reversion,
        "no_deal": no_deal,
        "has_no_deal": has_no_deal,
    }
    stances = _stances(space, given, power_of(loss))
    points = np.asarray(inputs["option_point"].transpose(ISSUE, OPTION).values) if stances else None
    finder = _Finder(space, gains_of(space), Clock.of(time_limit), places)
    found = finder.no_deals() + finder.linkages()
    if points is not None:
        found += finder.positions(stances, points)
    if commitment_cost is not None:
        has_dimensions(commitment_cost, "commitment_cost", (ACTOR, ISSUE, OPTION))
        same_labels(inputs["option_value"], commitment_cost, ("option_value", "commitment_cost"))
        found += finder.commitments(np.nan_to_num(commitment_cost.transpose(ACTOR, ISSUE, OPTION).values))
    prices = {"no_deal": cost_of_no_deal, "position": cost_of_position, "commitment": cost_of_commitment}
    return _labelled(space, found, prices)


class _Finder:
    """Finds the levers of every party; holds what each party can get at best with the others content."""

    def __init__(self, space: Space, gains: Gains, clock: Clock, wished: Array | None) -> None:
        self.space, self.clock = space, clock
        if wished is not None:
            for at, part in enumerate(gains.parts):
                same = (gains.parts[at].packages == wished[list(part.issues)]).all(axis=1)
                gains = with_only(gains, at, np.flatnonzero(same))
        self.gains = gains
        self.party = np.flatnonzero(space.must)
        self.best = [best_for(gains, p, clock) for p in range(len(self.party))]

    def no_deals(self) -> list[Lever]:
        """Return for each party how much lower its no-deal value must be."""
        found = []
        for p, best in enumerate(self.best):
            size, bound = max(0.0, -best.gain), max(0.0, -best.bound)
            size, bound = (0.0 if value <= TOLERANCE else value for value in (size, bound))
            floor = float(self.space.floor[self.party[p]])
            found.append(self._lever(p, "no_deal", (), (size, bound), (floor, floor - size), best.package))
        return found

    def positions(self, stances: dict[tuple[int, int], Stance], points: FloatArray) -> list[Lever]:
        """Return for each party and issue with a stand how far its position must move."""
        found = []
        for p, actor in enumerate(self.party):
            for issue in range(len(self.space.issues)):
                stance = stances.get((int(actor), issue))
                if stance is None:
                    continue
                options = [(best, float(points[issue, option])) for option, best in self._by_option(p, issue)]
                found.append(self._position(p, issue, stance, options))
        return found

    def _position(self, p: int, issue: int, stance: Stance, options: list[tuple[Best, float]]) -> Lever:
        length = stance.high - stance.low
        ends, bounds = [np.inf], [np.inf]
        package, end = None, np.nan
        for best, point in options:
            to = nearest(stance, point, -best.gain) if best.package is not None else np.nan
            least = nearest(stance, point, -best.bound) if np.isfinite(best.bound) else np.nan
            bounds.append(abs(least - stance.at) / length if np.isfinite(least) else np.inf)
            size = abs(to - stance.at) / length if np.isfinite(to) else np.inf
            if size < min(ends):
                package, end = best.package, to
            ends.append(size)
        issues = (self.space.issues[issue],)
        return self._lever(p, "position", issues, (min(ends), min(bounds)), (stance.at, end), package)

    def commitments(self, cost: FloatArray) -> list[Lever]:
        """Return for each commitment which share of its cost must go."""
        found = []
        for p, actor in enumerate(self.party):
            for issue in range(len(self.space.issues)):
                taken = cost[actor, issue, : self.space.counts[issue]]
                if taken.any():
                    options = [(best, float(taken[option])) for option, best in self._by_option(p, issue)]
                    found.append(self._share(p, (self.space.issues[issue],), options))
        return found

    def linkages(self) -> list[Lever]:
        """Return for each stated interaction that costs a party utility which share of it must go."""
        found = []
        for one, other, value in self.space.pairs:
            for p, actor in enumerate(self.party):
                if (value[actor] < 0).any():
                    part = self._part_of(one)
                    inner = self.gains.parts[part]
                    rows = inner.packages[:, [inner.issues.index(one), inner.issues.index(other)]]
                    taken = np.maximum(-value[actor][rows[:, 0], rows[:, 1]], 0.0)
                    options = [
                        (self._best(p, part, np.flatnonzero(taken == cost)), float(cost))
                        for cost in np.unique(taken)
                    ]
                    issues = (self.space.issues[one], self.space.issues[other])
                    found.append(self._share(p, issues, options))
        return found

    def _share(self, p: int, issues: tuple[str, ...], options: list[tuple[Best, float]]) -> Lever:
        size, bound, package = np.inf, np.inf, None
        for best, cost in options:
            needed = _share_of(-best.gain, cost)
            bound = min(bound, _share_of(-best.bound, cost))
            if needed < size:
                size, package = needed, best.package
        return self._lever(p, "commitment", issues, (size, bound), (1.0, 1.0 - size), package)

    def _by_option(self, p: int, issue: int) -> list[tuple[int, Best]]:
        """Return the best for a party at each option of an issue that is still to be had."""
        part = self._part_of(issue)
        column = self.gains.parts[part].packages[:, self.gains.parts[part].issues.index(issue)]
        return [
            (int(option), self._best(p, part, np.flatnonzero(column == option)))
            for option in np.unique(column)
        ]

    def _best(self, p: int, part: int, keep: Array) -> Best:
        # Where the others agree on nothing, no part of the packages can change that.
        if self.best[p].package is None or not len(keep):
            return Best(-np.inf, self.best[p].bound if len(keep) else -np.inf, None)
        return best_for(with_only(self.gains, part, keep), p, self.clock)

    def _part_of(self, issue: int) -> int:
        return next(at for at, part in enumerate(self.gains.parts) if issue in part.issues)

    def _lever(
        self,
        p: int,
        kind: str,
        issues: tuple[str, ...],
        sizes: tuple[float, float],
        ends: tuple[float, float],
        package: Array | None,
    ) -> Lever:
        if package is None:
            package = np.full(len(self.space.issues), -1)
        return Lever(self.space.parties[self.party[p]], kind, issues, *sizes, *ends, package)


def _share_of(needed: float, cost: float) -> float:
    if needed <= TOLERANCE:
        return 0.0
    return needed / cost if cost > 0 and needed <= cost + TOLERANCE else np.inf


def _stances(
    space: Space, given: dict[str, xr.DataArray | None], power: int
) -> dict[tuple[int, int], Stance]:
    """Return the stances by places of actor and issue in the space; none if no position is given."""
    there = {name: array for name, array in given.items() if array is not None}
    if not there:
        return {}
    if len(there) < len(given):
        name = next(name for name in given if name not in there)
        raise CallError(
            f"To move positions, '{name}' is needed too.",
            code="input-missing",
            where=name,
            hint="Give all inputs from 'position' to 'has_no_deal', or none.",
        )
    frame = framed(**there)
    share = shares(frame)[0]
    stances = {}
    actors, issues = (
        _places(frame, dim, names) for dim, names in ((ACTOR, space.parties), (ISSUE, space.issues))
    )
    for i, k in np.argwhere(frame["has_stand"] & (share > 0)):
        if i in actors and k in issues:
            stances[actors[i], issues[k]] = _stance(frame, share, int(i), int(k), power)
    return stances


def _places(frame: Frame, dim: str, names: tuple[str, ...]) -> dict[int, int]:
    """Return where the labels of a dimension stand among `names`; those that do not are left out."""
    return {
        at: names.index(name) for at, name in enumerate(map(str, frame.labels[dim].values)) if name in names
    }


def _stance(frame: Frame, share: FloatArray, i: int, k: int, power: int) -> Stance:
    follows = frame["has_reversion"][k] and not frame["has_no_deal"][i]
    return Stance(
        float(frame["position"][0, i, k]),
        float(share[i, k]),
        float(frame["scale_low"][0, k]),
        float(frame["scale_high"][0, k]),
        power,
        float(frame["reversion"][0, k]) if follows else np.nan,
    )


def _labelled(space: Space, found: list[Lever], prices: dict[str, float]) -> xr.Dataset:
    import xarray as xr

    costs = [lever.size * prices[lever.kind] if np.isfinite(lever.size) else np.inf for lever in found]
    order = sorted(range(len(found)), key=lambda at: (costs[at], found[at].bound, at))
    ranked = [found[at] for at in order]
    package = np.array([lever.package for lever in ranked], dtype=np.int64)

    def column(values: list[Any]) -> tuple[tuple[str], Array]:
        return (LEVER,), np.array(values)

    result = xr.Dataset(
        {
            "lever_kind": column([lever.kind for lever in ranked]),
            "lever_actor": column([lever.actor for lever in ranked]),
            "lever_issue": column([" + ".join(lever.issues) for lever in ranked]),
            "lever_size": column([lever.size for lever in ranked]),
            "bound": column([lever.bound for lever in ranked]),
            "lever_from": column([lever.start for lever in ranked]),
            "lever_to": column([lever.end if np.isfinite(lever.end) else np.nan for lever in ranked]),
            "lever_cost": column([costs[at] for at in order]),
            "is_enough": column([bool(np.isfinite(lever.size)) for lever in ranked]),
            "is_proved": column([_is_proved(lever) for lever in ranked]),
            "package": ((LEVER, ISSUE), package),
        },
        coords={ISSUE: list(space.issues)},
    )
    return described(result, method="levers")


def _is_proved(lever: Lever) -> bool:
    return bool(lever.size == lever.bound or lever.size - lever.bound <= 1e-6)
