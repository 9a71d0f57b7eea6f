"""The frontier: the packages that cannot be made better for one party without being worse for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import numpy as np

from westphalia.labels import ACTOR, EFFICIENT, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.frontier_merge import Efficient, merge
from westphalia.methods.deals.frontier_sample import sample
from westphalia.methods.deals.search import Clock
from westphalia.methods.deals.solutions import TimeLimit
from westphalia.methods.deals.space import IntArray, Space, space_of
from westphalia.methods.examples import DEAL
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

Most = Annotated[
    int,
    Param(
        "Efficient packages to list; where there are more, a sample of them is given.",
        "packages",
        1,
        5_000_000,
    ),
]
SampleSize = Annotated[
    int, Param("Efficient packages to give where there are too many to list.", "packages", 0, 10_000)
]
Equal = Annotated[
    Literal["one", "all"],
    Param("Whether packages that are worth the same to every party are given once or all."),
]


class _Listed(NamedTuple):
    packages: IntArray
    multiplicity: FloatArray
    is_proved: Array
    is_complete: bool
    has_zone: bool | None


def frontier(
    inputs: xr.Dataset,
    *,
    most: Most = 250_000,
    sample_size: SampleSize = 30,
    equal: Equal = "one",
    time_limit: TimeLimit = 60.0,
) -> xr.Dataset:
    """List the efficient packages among those that every party accepts.

    A package is efficient if no other is worth at least as much to every party whose acceptance is
    needed, and more to one. Utilities are compared as multiples of 1e-12 (of a coarser unit above
    1000), acceptance is u ≥ d − 1e-9. The list is exact and complete unless it, or a list of
    efficient parts on the way to it, is longer than `most`, or the time is up: then a sample is
    given that spreads evenly over directions of gain.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    most, sample_size, equal, time_limit: see the sentence of each.

    Returns
    -------
    Dataset with `package` (efficient, issue; places of options), `utility` and `gain` (efficient,
    actor; all actors, gain NaN where the no deal is not known), `multiplicity` (efficient; how many
    packages are worth the same to the parties, NaN in a sample), `is_proved` (efficient; its
    efficiency is proved), `is_complete` (these are all), `has_zone` (some package is accepted by
    all; NaN if not known).
    Time: a second or two for 100,000 efficient packages of 5 parties; it grows with the number of
    efficient partial packages times options, and steeply with parties. A sample takes two searches
    a package.

    Raises
    ------
    CallError: the inputs do not describe a space of packages; interactions tie together more
        combinations of options than can be listed (code ``space-too-large``).

    References
    ----------
    ehrgott2005, kung1975
    """
    space = space_of(inputs)
    clock = Clock.of(time_limit)
    exact = merge(space, most=most, keep_equal=equal == "all", time_limit=time_limit)
    listed = _all(exact) if exact.is_complete else _some(space, sample_size, clock)
    return _labelled(space, listed)


def _all(exact: Efficient) -> _Listed:
    count = len(exact.packages)
    return _Listed(exact.packages, exact.multiplicity, np.ones(count, dtype=bool), True, count > 0)


def _some(space: Space, count: int, clock: Clock) -> _Listed:
    found = sample(space, count, clock)
    unknown = np.full(len(found.packages), np.nan)
    return _Listed(found.packages, unknown, found.is_proved, found.has_zone is False, found.has_zone)


def _labelled(space: Space, listed: _Listed) -> xr.Dataset:
    import xarray as xr

    of_actor, of_package = (EFFICIENT, ACTOR), (EFFICIENT,)
    result = xr.Dataset(
        {
            "package": ((EFFICIENT, ISSUE), listed.packages),
            "utility": (of_actor, space.utility(listed.packages)),
            "gain": (of_actor, space.slack(listed.packages)),
            "multiplicity": (of_package, listed.multiplicity),
            "is_proved": (of_package, listed.is_proved),
            "is_complete": listed.is_complete,
            "has_zone": np.nan if listed.has_zone is None else float(listed.has_zone),
        },
        coords={ACTOR: list(space.parties), ISSUE: list(space.issues)},
    )
    return described(result, method=SPEC.id)


SPEC = register(
    MethodSpec(
        id="frontier",
        title="Efficient packages",
        question="Which packages cannot be made better for one party without being worse for another?",
        family="deals",
        run=frontier,
        outputs=("package", "utility", "gain", "multiplicity", "is_proved", "is_complete", "has_zone"),
        takes="packages",
        sources=("ehrgott2005", "kung1975"),
        limits=(
            "Takes utilities and no-deal values as known. With many parties nearly every package is "
            "efficient, and the list says little; efficiency is silent on fairness."
        ),
        cost="A second or two for 100,000 efficient packages of 5 parties; two searches a sampled package.",
        aliases=("pareto", "pareto_frontier", "efficient_packages"),
        example=DEAL,
    )
)
