"""Estimates of power lie within their error of the exact indices, and are the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from westphalia.errors import CallError
from westphalia.methods.power.indices import power_of
from westphalia.methods.power.rules import AllOf, Weighted, at_least, majority
from westphalia.methods.power.sampled import sampled_power

NAMES = [f"p{i}" for i in range(12)]
RULE = AllOf((Weighted({n: 3 + i**2 for i, n in enumerate(NAMES)}, 300), at_least(7, NAMES)))


def test_estimates_are_within_four_standard_errors():
    power, found = power_of(RULE), sampled_power(RULE, samples=20_000)
    for name in ("shapley_shubik", "banzhaf_absolute"):
        exact = np.array([float(own) for own in getattr(power, name)().values()])
        off = np.abs(found[name].values - exact) / found[f"{name}_error"].values
        assert off.max() < 4
        assert (found[f"{name}_error"].values < 0.004).all()


def test_a_seed_gives_the_same_estimate():
    assert sampled_power(RULE, samples=500).identical(sampled_power(RULE, samples=500))
    assert not sampled_power(RULE, samples=500).equals(sampled_power(RULE, samples=500, seed=2))


def test_a_game_that_cannot_be_counted_is_estimated():
    weights = {f"p{i}": 10**9 + i**5 for i in range(60)}
    found = sampled_power(majority(weights), samples=2000)
    assert float(found["shapley_shubik"].sum()) == pytest.approx(1.0)
    assert found["shapley_shubik"].values == pytest.approx(1 / 60, abs=0.02)


def test_too_few_samples_are_refused():
    with pytest.raises(CallError, match="1 samples were asked for"):
        sampled_power(RULE, samples=1)
