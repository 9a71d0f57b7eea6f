"""The public test helpers keep what they promise."""

import sys

import numpy as np
import pytest
from hypothesis import given

from westphalia.case.schema import CaseFile
from westphalia.check import is_valid
from westphalia.errors import CallError
from westphalia.testing import assert_same_bits, case_trees, labelled_inputs


@given(data=labelled_inputs())
def test_labelled_inputs_are_valid_and_complete(data):
    assert set(data.data_vars) == {
        "position", "salience", "capability", "has_stand", "is_required", "scale_low", "scale_high",
        "reversion", "has_reversion", "no_deal", "has_no_deal",
    }  # fmt: skip
    for name in ("position", "salience", "capability", "reversion", "no_deal"):
        is_valid(data[name], name)
    assert data["position"].dims == ("draw", "actor", "issue")
    inside = (data["position"] >= data["scale_low"]) & (data["position"] <= data["scale_high"])
    assert bool(inside.where(data["has_stand"], True).all())
    weight = (data["salience"] * data["capability"]).where(data["has_stand"], 0.0)
    assert bool((weight.sum("actor") > 0).all())


@given(data=labelled_inputs(3, 2, None, all_stands=True))
def test_labelled_inputs_keep_the_sizes_asked_for(data):
    assert dict(data.sizes) == {"actor": 3, "issue": 2}
    assert bool(data["has_stand"].all())


@given(tree=case_trees())
def test_case_trees_are_valid_cases(tree):
    assert CaseFile.model_validate(tree).id == "drawn"


def test_without_hypothesis_a_strategy_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(CallError, match="need Hypothesis, which is not installed"):
        labelled_inputs()


@given(data=labelled_inputs(2, 1, 2))
def test_same_bits_tells_minus_zero_from_zero(data):
    assert_same_bits(data, data.copy(deep=True))
    changed = data.copy(deep=True)
    changed["no_deal"] = changed["no_deal"] * 0.0
    negated = changed.copy(deep=True)
    negated["no_deal"] = -negated["no_deal"]
    np.testing.assert_array_equal(changed["no_deal"], negated["no_deal"])
    with pytest.raises(AssertionError, match="'no_deal' differs in its bits"):
        assert_same_bits(changed, negated)
