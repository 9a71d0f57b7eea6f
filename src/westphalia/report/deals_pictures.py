"""The pictures of a case's deals."""

from __future__ import annotations

import numpy as np
import xarray as xr

from westphalia.charts.chart import Chart
from westphalia.charts.deals_blocking import blocking
from westphalia.charts.deals_gains import gains
from westphalia.charts.deals_packages import packages
from westphalia.charts.deals_zone import Plane, zone_plane
from westphalia.charts.words import FloatArray
from westphalia.labels import ACTOR, CONFLICT, EFFICIENT
from westphalia.methods.deals.frontier import frontier
from westphalia.methods.deals.space import space_of
from westphalia.report.deals_packages import (
    expected_package,
    names_of,
    parties,
    questions,
    reverted_package,
    solved_packages,
)
from westphalia.report.deals_war import war_charts
from westphalia.runs.deals import Deals

SAMPLE = 4000
"""Packages drawn to show what lies outside the zone; few of them are shown."""

SEED = 1
OF_TWO_SECONDS = 5.0


def deal_charts(deals: Deals, language: str) -> dict[str, Chart]:
    """Return the pictures by id: the zone, the packages, the gains, and who blocks."""
    names = names_of(deals, language)
    solved, expected = solved_packages(deals, language), expected_package(deals, language)
    beside = (*solved, expected, reverted_package(deals, language))
    made = [
        packages(beside, questions(deals, language)),
        gains((*solved, expected), names, parties(deals)),
        blocking(deals.doubt, names),
        *war_charts(deals, language),
    ]
    if len(parties(deals)) > 1:
        two = closest_two(deals)
        made.append(zone_plane(_plane(deals, two, names), two, (*solved, expected)))
    return {chart.id: chart for chart in made}


def closest_two(deals: Deals) -> tuple[str, str]:
    """Return the two parties with least to gain: at the Nash package, or else those that block most."""
    order = list(parties(deals))
    if bool(deals.solutions["has_zone"]):
        gain = deals.solutions["gain"].sel(rule="nash").isel(solution=0)
        order.sort(key=lambda party: float(gain.sel({ACTOR: party})))
    elif deals.zone.sizes[CONFLICT]:
        first = deals.zone["in_conflict"].isel({CONFLICT: 0})
        order.sort(key=lambda party: not bool(first.sel({ACTOR: party})))
    else:
        order.sort(key=lambda party: -float(deals.doubt["block_probability"].sel({ACTOR: party})))
    return order[0], order[1]


def _plane(deals: Deals, two: tuple[str, str], names: dict[str, str]) -> Plane:
    pair = list(two)
    space = space_of(deals.inputs)
    drawn = space.sample(SAMPLE, np.random.default_rng(SEED))
    at = [space.parties.index(party) for party in pair]
    refused = space.slack(drawn)[~space.in_zone(drawn)][:, at]
    return Plane(
        names[two[0]],
        names[two[1]],
        efficient=_gain(deals.frontier, pair),
        refused=refused,
        of_two=_gain(_of_two(deals.inputs, pair), pair),
    )


def _of_two(inputs: xr.Dataset, pair: list[str]) -> xr.Dataset:
    """Return the frontier as it would be if only the two had to agree."""
    alone = inputs.assign(is_party=inputs[ACTOR].isin(pair))
    return frontier(alone, time_limit=OF_TWO_SECONDS)


def _gain(found: xr.Dataset, pair: list[str]) -> FloatArray:
    """Return the gains (efficient, 2) of the two."""
    values: FloatArray = found["gain"].sel({ACTOR: pair}).transpose(EFFICIENT, ACTOR).values
    return values
