"""What every registered method over packages owes beside the documents: results that can be trusted."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import DIMENSIONS, VARIABLES
from westphalia.methods import load_all
from westphalia.registry import registered

load_all()
SPECS = [spec for spec in registered() if spec.takes == "packages"]
every = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)


def example(spec):
    return xr.Dataset.from_dict(spec.example)


def test_there_are_methods_over_packages():
    assert {"zone", "solutions", "frontier"} <= {spec.id for spec in SPECS}


@every
def test_example_runs_and_gives_what_is_promised(spec):
    result = spec.run(example(spec))
    assert set(spec.outputs) <= set(result.data_vars)
    assert result.attrs["method"] == spec.id
    for name, array in result.data_vars.items():
        assert set(array.dims) <= set(DIMENSIONS), name
        assert array.attrs["long_name"] == VARIABLES[name].long_name, name
        assert array.attrs["units"] == VARIABLES[name].unit, name


@every
def test_every_choice_of_every_option_runs(spec):
    for option in spec.options:
        for choice in option.choices:
            spec.run(example(spec), **{option.name: choice})


@every
def test_inputs_are_not_changed_and_bits_repeat(spec):
    data = example(spec)
    before = data.copy(deep=True)
    first = spec.run(data)
    assert data.identical(before)
    assert first.identical(spec.run(data))


@every
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["option_value", "reservation"])
def test_what_is_not_finite_is_refused_by_name(spec, name, bad):
    data = example(spec)
    spoilt = data[name].copy()
    spoilt[(0,) * spoilt.ndim] = bad
    with pytest.raises(CallError):
        spec.run(data.assign({name: spoilt}))


@every
def test_a_party_without_a_no_deal_or_no_party_at_all_is_told(spec):
    data = example(spec)
    with pytest.raises(CallError, match="reservation"):
        spec.run(data.drop_vars("reservation"))
    with pytest.raises(CallError):
        spec.run(data.assign(is_party=data["is_party"] & False))


@every
def test_result_survives_a_save(spec, tmp_path):
    result = spec.run(example(spec))
    result.to_netcdf(tmp_path / "result.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "result.nc", engine="scipy") as read:
        again = read.load()
    for name in result.data_vars:
        if result[name].dtype.kind in "biuf":
            np.testing.assert_array_equal(again[name].values, result[name].values)
