"""Scores from quantiles are those of the forecast they stand for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.analyses.quantile_scores import LEVELS, SLICES, interval, middles, scores

rising = st.lists(st.floats(0, 100), min_size=1, max_size=60).map(sorted)


@given(held=rising, outcome=st.floats(0, 100))
def test_crps_is_twice_the_mean_pinball_loss(held, outcome) -> None:
    """Two definitions agree: over equal slices, and by distances from and within the forecast."""
    x, u = np.array(held), middles(len(held))
    pinball = 2 * ((outcome < x) - u) * (x - outcome)
    found = scores(held, float(x.mean()), outcome)
    assert found.crps == pytest.approx(pinball.mean(), abs=1e-9)
    apart = np.abs(x[:, None] - x[None, :]).mean()
    assert found.crps == pytest.approx(np.abs(x - outcome).mean() - apart / 2, abs=1e-9)
    assert found.crps <= np.abs(x - outcome).mean() + 1e-9
    assert 0 <= found.share_below <= 1


def test_a_forecast_without_spread_has_its_error_as_crps() -> None:
    found = scores([40.0] * SLICES, 40.0, 55.0)
    assert (found.crps, found.error_median, found.error_mean) == pytest.approx((15, 15, 15))
    assert found.inside == (False, False, False)
    assert found.share_below == 1.0


@pytest.mark.parametrize("outcome", [-1.0, 0.0, 0.7, 2.5])
def test_a_normal_forecast_has_the_score_in_closed_form(outcome) -> None:
    """CRPS of the standard normal: y (2 Φ(y) − 1) + 2 φ(y) − 1/√π (Gneiting and Raftery 2007, eq. 21)."""
    from scipy.stats import norm

    exact = outcome * (2 * norm.cdf(outcome) - 1) + 2 * norm.pdf(outcome) - 1 / math.sqrt(math.pi)
    found = scores(norm.ppf(middles()).tolist(), 0.0, outcome)
    assert found.crps == pytest.approx(exact, abs=0.002)


def test_intervals_hold_as_often_as_they_say() -> None:
    """The ends of a uniform forecast are where they belong, so outcomes spread alike fall in by share."""
    held = (100 * middles()).tolist()
    ends = [end for level in LEVELS for end in interval(held, level)]
    assert ends == pytest.approx([25, 75, 10, 90, 5, 95])
    outcomes = np.linspace(0, 100, 2001)
    inside = np.array([scores(held, 50, outcome).inside for outcome in outcomes])
    assert inside.mean(axis=0) == pytest.approx(LEVELS, abs=0.002)
    below = [scores(held, 50, outcome).share_below for outcome in outcomes]
    assert np.mean(below) == pytest.approx(0.5, abs=0.001)
