"""Parsegov, Proskurnikov, Tempo and Friedkin 2017 (IEEE Trans. Automatic Control 62, pp. 2270–2285).

W of their equation 2 is the empirical network of Friedkin and Johnsen 1999; stubbornness is the weight of
one's own opinion. First opinions (equation 15) on two issues and where they settle (equation 16) are as
printed in the version arXiv:1505.04920v5.
"""

from __future__ import annotations

import pytest
import xarray as xr

from westphalia.methods.spatial.influence import total_influence

PERSONS = ["one", "two", "three", "four"]
WEIGHTS = [
    [0.220, 0.120, 0.360, 0.300],
    [0.147, 0.215, 0.344, 0.294],
    [0, 0, 1, 0],
    [0.090, 0.178, 0.446, 0.286],
]


@pytest.mark.parametrize(
    ("first", "settled", "unit"),
    [([25, 25, 75, 85], [60, 60, 75, 75], 1.0), ([25, 15, -50, 5], [-19.3, -21.5, -50.0, -23.2], 0.1)],
)
def test_where_opinions_settle(first, settled, unit):
    coords = {"actor": PERSONS, "other_actor": PERSONS}
    rows = xr.DataArray(WEIGHTS, coords=coords, dims=("actor", "other_actor"))
    stubborn = xr.DataArray([WEIGHTS[at][at] for at in range(4)], coords={"actor": PERSONS}, dims="actor")
    part = total_influence(rows, stubborn)["influence_weight"].values
    assert part @ first == pytest.approx(settled, abs=unit / 2)
