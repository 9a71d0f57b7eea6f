"""Deal inputs for tests, and the plain way to answer: list every package."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from westphalia.methods.deals.space import TOLERANCE, space_of


def deal(values, floor, *, must=None, interaction=None, points=None):
    """Inputs from a list of tables (actor, option), one an issue; interaction {(k, l): (actor, o, o)}."""
    actors, issues = len(floor), len(values)
    widest = max(np.shape(value)[1] for value in values)
    table = np.full((actors, issues, widest), np.nan)
    for k, value in enumerate(values):
        table[:, k, : np.shape(value)[1]] = value
    data = {
        "option_value": (("actor", "issue", "option"), table),
        "option_count": (("issue",), [np.shape(value)[1] for value in values]),
        "reservation": (("actor",), np.asarray(floor, dtype=float)),
        "base_utility": (("actor",), np.zeros(actors)),
        "is_party": (("actor",), np.ones(actors, dtype=bool) if must is None else np.asarray(must)),
    }
    if points is not None:
        data["option_point"] = (("issue", "option"), np.asarray(points, dtype=float))
    if interaction is not None:
        ties = np.zeros((len(interaction), actors, widest, widest))
        for at, value in enumerate(map(np.asarray, interaction.values())):
            ties[at, :, : value.shape[1], : value.shape[2]] = value
        data["linked_issue"] = ("linkage", [f"issue-{k}" for k, _ in interaction])
        data["other_issue"] = ("linkage", [f"issue-{m}" for _, m in interaction])
        data["interaction"] = (("linkage", "actor", "option", "other_option"), ties)
    coords = {
        "actor": [f"party-{p}" for p in range(actors)],
        "issue": [f"issue-{k}" for k in range(issues)],
    }
    return xr.Dataset(data, coords=coords)


@st.composite
def deals(draw, parties=(1, 4), issues=(1, 4), options=(1, 4), *, ties=True, coarse=None):
    """Random deal inputs; coarse values make equal utilities common, fine ones make them rare."""
    n, m = draw(st.integers(*parties)), draw(st.integers(*issues))
    counts = [draw(st.integers(*options)) for _ in range(m)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    is_coarse = draw(st.booleans()) if coarse is None else coarse
    top = 5 if is_coarse else 10_000

    def table(*shape):
        return rng.integers(-top, top + 1, size=shape) / top

    values = [table(n, count) for count in counts]
    low = sum(value.min(axis=1) for value in values)
    high = sum(value.max(axis=1) for value in values)
    share = draw(st.sampled_from([0.0, 0.3, 0.5, 0.6, 0.75, 0.9]))
    floor = np.round((low + share * (high - low)) * top) / top
    interaction = None
    if ties and m > 1 and draw(st.booleans()):
        interaction = {(0, m - 1): table(n, counts[0], counts[-1])}
    must = np.ones(n, dtype=bool)
    if n > 1 and draw(st.booleans()):
        must[-1] = False
    return deal(values, floor, must=must, interaction=interaction)


def listed(inputs):
    """All packages (n, issue) and the utilities (n, party) and floors of those that must accept."""
    space = space_of(inputs)
    packages = space.enumerate_all(1_000_000)
    return packages, space.utility(packages)[:, space.must], space.floor[space.must]


def accepted(utility, floor):
    return (utility >= floor - TOLERANCE).all(axis=1)


def undominated(utility):
    """Which rows no other row dominates, by comparing all with all; differences below 1e-10 are none."""
    better = utility[:, None] - utility[None]
    dominates = (better >= -1e-10).all(axis=2) & (better > 1e-10).any(axis=2)
    return ~dominates.any(axis=0)


def minimal_conflicts(utility, floor):
    """The minimal sets of parties that accept no common package."""
    takes = utility >= floor - TOLERANCE

    def can(members):
        return takes[:, list(members)].all(axis=1).any()

    found = []
    for size in range(1, len(floor) + 1):
        for members in combinations(range(len(floor)), size):
            if not can(members) and not any(set(smaller) <= set(members) for smaller in found):
                found.append(members)
    return found
