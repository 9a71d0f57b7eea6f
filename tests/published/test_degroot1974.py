"""DeGroot 1974 (JASA 69, pp. 118–121): the examples of his section on reaching a consensus.

The matrices are the paper's; the weights in the limit are the stationary distribution of each closed group,
a fraction in each case.
"""

from __future__ import annotations

import pytest
import xarray as xr

from westphalia.methods.spatial.influence import total_influence

THIRD = 1 / 3
EXAMPLES = {
    "two experts": ([[1 / 2, 1 / 2], [1 / 4, 3 / 4]], [[1 / 3, 2 / 3]] * 2),
    "a third whom nobody heeds": (
        [[1 / 2, 1 / 2, 0], [1 / 4, 3 / 4, 0], [THIRD, THIRD, THIRD]],
        [[1 / 3, 2 / 3, 0]] * 3,
    ),
    "two pairs that never meet": (
        [[1 / 2, 1 / 2, 0, 0], [1 / 2, 1 / 2, 0, 0], [0, 0, 1 / 2, 1 / 2], [0, 0, 1 / 2, 1 / 2]],
        [[1 / 2, 1 / 2, 0, 0]] * 2 + [[0, 0, 1 / 2, 1 / 2]] * 2,
    ),
    "two who heed only themselves": ([[1, 0], [0, 1]], [[1, 0], [0, 1]]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_weights_in_the_limit(name):
    weights, expected = EXAMPLES[name]
    names = [f"expert {at}" for at in range(len(weights))]
    rows = xr.DataArray(weights, coords={"actor": names, "other_actor": names}, dims=("actor", "other_actor"))
    stubborn = xr.DataArray([0.0] * len(names), coords={"actor": names}, dims="actor")
    result = total_influence(rows, stubborn)
    for found, row in zip(result["influence_weight"].values, expected, strict=True):
        assert found == pytest.approx(row, abs=1e-12)
    assert bool(result["converged"])
