"""Scores against closed forms and plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from westphalia.analyses.scores import crps, is_held, mae, rmse, skill, skill_interval

numbers = st.floats(-100, 100)


def test_errors():
    error = np.array([3.0, -4.0])
    assert mae(error) == 3.5
    assert rmse(error) == pytest.approx(12.5**0.5)


@given(arrays(float, (3, 7), elements=numbers), arrays(float, 3, elements=numbers))
@settings(deadline=None)
def test_crps_is_its_definition_over_pairs(sample, outcome):
    distance = np.abs(sample - outcome[:, None]).mean(axis=1)
    within = np.abs(sample[:, :, None] - sample[:, None, :]).mean(axis=(1, 2))
    assert crps(sample, outcome) == pytest.approx(distance - within / 2, abs=1e-9)


def test_crps_of_a_single_point_is_its_absolute_error():
    assert crps(np.array([[2.0], [5.0]]), np.array([4.5, 5.0])).tolist() == [2.5, 0.0]


def test_crps_of_the_normal_law_is_the_closed_form():
    """Gneiting and Raftery 2007: σ [z (2Φ(z) − 1) + 2φ(z) − 1/√π]."""
    sample = norm.ppf((np.arange(20_000) + 0.5) / 20_000, 3, 2)
    z = (np.array([3.0, 4.0, -1.0]) - 3) / 2
    closed = 2 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(np.tile(sample, (3, 1)), np.array([3.0, 4.0, -1.0])) == pytest.approx(closed, abs=1e-3)


def test_an_interval_holds_its_ends():
    low, high = np.array([0.0, 0.3, 0.3]), np.array([0.2, 0.6, 0.6])
    assert is_held(low, high, np.array([0.2, 0.3, 0.61])).tolist() == [True, True, False]


def test_skill_and_its_interval():
    reference = np.array([4.0, 4.0, 2.0, 2.0])
    assert skill(reference / 2, reference) == 0.5
    assert skill(reference * 2, reference) == -1.0
    assert skill_interval(reference / 2, reference, np.arange(4)) == (0.5, 0.5)


def test_issues_of_one_proposal_make_the_interval_wider():
    rng = np.random.default_rng(0)
    saved = np.repeat(rng.normal(0, 1, 40), 5)
    reference = np.full(200, 10.0)
    together = skill_interval(reference - saved, reference, np.repeat(np.arange(40), 5))
    apart = skill_interval(reference - saved, reference, np.arange(200))
    assert together[1] - together[0] > 1.8 * (apart[1] - apart[0])
