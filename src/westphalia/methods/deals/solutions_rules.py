"""The bargaining solutions over packages: which are best by each rule, with ties and proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, gains_of
from westphalia.methods.deals.search import Clock, search
from westphalia.methods.deals.space import TOLERANCE, IntArray, Space

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "leximin", "utilitarian")

_LISTED = 1000
"""How many tied packages a search keeps, so that leximin can choose among them."""


class Solved(NamedTuple):
    """What a rule picks: tied packages (n, issue), the one leximin prefers first.

    `value` is what the rule makes largest, `bound` what no package exceeds. `is_proved`: nothing
    is better; `is_complete`: every tied package is listed.
    """

    packages: IntArray
    value: float
    bound: float
    is_proved: bool
    is_complete: bool


@dataclass(frozen=True)
class Table:
    """The parties at the table, and what each can gain at most.

    `gains` are in utility, `ideal` (party) is the largest gain in utility, `counted` (party) who can
    gain at all. `unit` (party) is the ideal of those, 1 for the others.
    `has_zone` is None if time ran out before a package was found.
    """

    gains: Gains
    ideal: FloatArray
    counted: Array
    has_zone: bool | None
    is_proved: bool

    @property
    def unit(self) -> FloatArray:
        """What a gain is divided by to be normalised."""
        return np.where(self.ideal > TOLERANCE, self.ideal, 1.0)

    @property
    def normalised(self) -> Gains:
        """The gains as shares of the ideal."""
        return self.gains.in_units(self.unit)


def table_of(space: Space, ideal: str, clock: Clock) -> Table:
    """Return what each party can gain at most, over acceptable packages or over all (`ideal`)."""
    gains = gains_of(space)
    parties = len(gains.start)
    best = [search(gains, Aim(np.arange(parties) == p), clock) for p in range(parties)]
    is_proved = all(found.is_proved for found in best)
    has_zone = any(len(found.places) for found in best)
    seen = np.concatenate([found.places for found in best])
    reached = gains.of(seen).max(axis=0, initial=-np.inf)
    counted = reached > TOLERANCE
    if ideal == "all":
        reached = gains.highest
    if not counted.any():
        counted = np.ones(parties, dtype=bool)
    known = has_zone if has_zone or any(found.is_proved for found in best) else None
    return Table(gains, reached, counted, known, is_proved)


def solve(table: Table, rule: str, weight: FloatArray, is_raw: bool, clock: Clock) -> Solved:
    """Return what a rule picks at a table with a zone.

    `weight` (party) are bargaining weights for Nash; `is_raw` says whether egalitarian and leximin
    compare gains in utility instead of shares of the ideal.
    """
    compared = table.gains if is_raw else table.normalised
    if rule == "nash":
        return _nash(table, compared, weight, clock)
    if rule == "utilitarian":
        every = np.ones(len(table.ideal), dtype=bool)
        return _best(table.gains, Aim(every, len(every)), compared, table.counted, clock)
    on_shares = rule == "kalai_smorodinsky" or not is_raw
    measured = table.normalised if rule == "kalai_smorodinsky" else compared
    solved = leximin(measured, table.counted, clock, keeps_weak=rule != "leximin")
    if on_shares and not table.is_proved:
        return solved._replace(bound=np.nan, is_proved=False)
    return solved


def _nash(table: Table, compared: Gains, weight: FloatArray, clock: Clock) -> Solved:
    """Maximise the product; where no package lets all gain it is 0 for every one, and leximin decides."""
    weighed = table.counted & (weight > 0)
    joint = search(table.normalised, Aim(weighed), clock)
    if joint.score <= TOLERANCE:
        fallback = leximin(compared, table.counted, clock, keeps_weak=False)
        is_proved = fallback.is_proved and joint.is_proved
        return fallback._replace(value=0.0, bound=0.0 if joint.is_proved else np.nan, is_proved=is_proved)
    solved = _best(table.normalised, Aim(weighed, 0, weight), compared, table.counted, clock)
    size = float(weight[weighed] @ np.log(table.unit[weighed]))
    return solved._replace(value=float(np.exp(solved.value + size)), bound=float(np.exp(solved.bound + size)))


def _best(gains: Gains, aim: Aim, compared: Gains, counted: Array, clock: Clock) -> Solved:
    found = search(gains, aim, clock, most=_LISTED)
    places = found.places[in_leximin_order(compared.of(found.places)[:, counted])]
    return Solved(gains.packages(places), found.score, found.bound, found.is_proved, found.is_complete)


def leximin(gains: Gains, counted: Array, clock: Clock, *, keeps_weak: bool) -> Solved:
    """Maximise the smallest gain, then the second smallest, and so on.

    Stage k makes the sum of the k smallest gains largest among packages that keep the sums before;
    it ends as soon as all that are left fit on a list. `keeps_weak` lists all packages with the
    largest smallest gain, the leximin ones first. The value is the smallest gain.
    """
    first = found = search(gains, Aim(counted), clock, most=_LISTED)
    sums: list[float] = []
    while found.is_proved and not found.is_complete and len(sums) < counted.sum() - 1:
        sums.append(found.score)
        found = search(gains, Aim(counted, len(sums) + 1, sums=tuple(sums)), clock, most=_LISTED)
    compared = gains.of(found.places)[:, counted]
    order = in_leximin_order(compared)
    places = found.places[order]
    if not keeps_weak:
        places = places[_ties_of_first(compared[order])]
    elif found is not first:
        places = np.concatenate([places, first.places])
        places = places[np.sort(np.unique(places, axis=0, return_index=True)[1])]
    is_complete = (first if keeps_weak else found).is_complete
    is_proved = first.is_proved and found.is_proved
    return Solved(gains.packages(places), first.score, first.bound, is_proved, is_complete)


def in_leximin_order(gains: FloatArray) -> IntArray:
    """Return the places of rows (n, party) from the leximin-largest down; equal ones keep their order.

    Gains that differ by rounding count as equal.
    """
    rounded = np.round(np.sort(gains, axis=1) / TOLERANCE) if gains.size else gains
    return np.lexsort(tuple(-column for column in rounded.T[::-1])) if gains.size else np.arange(len(gains))


def _ties_of_first(ordered: FloatArray) -> Array:
    """Return which rows (n, party), in leximin order, are as good as the first."""
    if len(ordered) == 0:
        return np.zeros(0, dtype=bool)
    ranked = np.sort(ordered, axis=1)
    return np.asarray((np.abs(ranked - ranked[0]) <= 2 * TOLERANCE).all(axis=1))
