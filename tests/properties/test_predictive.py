"""What must hold of the predictive distribution, whatever the numbers of its law."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.analyses.backtest_law import conformal_level, depth, fitted_law
from westphalia.analyses.quantile_scores import LEVELS
from westphalia.errors import CallError
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.mean import compromise_mean
from westphalia.methods.spatial.predictive import SHARES, predictive
from westphalia.methods.spatial.predictive_law import Law, load_law, outcome_at, share_below, staged, terms
from westphalia.testing import labelled_inputs

CELLS = ("position", "salience", "capability", "has_stand", "scale_low", "scale_high")
few = settings(max_examples=40)
seeds = st.integers(0, 10_000)
laws = st.builds(
    lambda agreed, split, camps, lean: Law(agreed, split, camps, lean, (0.0, 1.0), (0.0, 1.0), 1, 1),
    st.floats(1, 12),
    st.floats(0.3, 6),
    st.floats(0, 3),
    st.floats(-2, 2),
)


def foretold(data, **options):
    return predictive(*(data[name] for name in CELLS), **options)


def situation(seed, issues=5, actors=6):
    """Positions on a coarse grid, so that several actors share one, and weights, some of them 0."""
    rng = np.random.default_rng(seed)
    position = rng.integers(0, 5, (2, actors, issues)) / 4
    weight = rng.random((2, actors, issues)) * rng.integers(0, 2, (2, actors, issues))
    weight[:, 0] += 0.1
    return position, weight


def plain_link(x, w, law, t):
    """The definition of the law's Φ⁻¹ at a point, for one issue."""
    w = w / w.sum()
    mean = (w * x).sum()
    order = np.argsort(x)
    reached = np.cumsum(w[order])
    lower, upper = (x[order][np.argmax(reached >= 0.5 + aside)] for aside in (-1e-9, 1e-9))
    parted = 2 * np.sqrt((w * (x - mean) ** 2).sum())
    steep = law.agreed * (1 - parted) + law.split * parted
    return steep * (t - mean) + law.camps * (w[x <= t].sum() - 0.5) + law.lean * (mean - (lower + upper) / 2)


@given(seeds, laws, st.floats(0.001, 0.998))
@few
def test_terms_and_coefficients_make_the_law(seed, law, point):
    position, weight = situation(seed)
    parts = terms(staged(position, weight), np.array([point]))
    link = np.tensordot([law.agreed, law.split, law.camps, law.lean], parts, 1)[..., 0]
    for draw, issue in np.ndindex(2, 5):
        plain = plain_link(position[draw, :, issue], weight[draw, :, issue], law, point)
        assert link[draw, issue] == pytest.approx(plain, abs=1e-9)


@given(seeds, laws, st.floats(0.001, 0.999))
@few
def test_the_outcome_at_a_share_is_where_the_law_first_reaches_it(seed, law, share):
    stage = staged(*situation(seed))
    found = outcome_at(stage, law, np.full((2, 1, 5), share))[:, 0]
    under, upto = share_below(stage, law, found)
    assert (under <= share + 1e-7).all()
    assert (upto >= share - 1e-7).all()
    assert ((found >= 0) & (found <= 1)).all()


@given(seeds, laws)
@few
def test_the_law_turns_with_the_scale(seed, law):
    position, weight = situation(seed)
    shares = np.array([0.05, 0.25, 0.4, 0.75, 0.95])[None, :, None] * np.ones((2, 1, 5))
    ours = outcome_at(staged(position, weight), law, shares)
    turned = outcome_at(staged(1 - position, weight), law, 1 - shares)
    assert turned == pytest.approx(1 - ours, abs=1e-7)


@given(labelled_inputs(), st.floats(0.1, 50), st.integers(-3, 3).map(lambda k: 64 * k))
@few
def test_forecasts_move_with_the_scale_and_do_not_see_the_unit_of_capability(data, unit, by):
    other = data.assign({name: 2 * data[name] + by for name in ("position", "scale_low", "scale_high")})
    before = foretold(data)
    after = foretold(other.assign(capability=unit * data["capability"]))
    size = float(np.abs(data["scale_high"] - data["scale_low"]).max())
    for name in ("forecast", "forecast_quantile", "mean"):
        assert after[name].values == pytest.approx(2 * before[name].values + by, abs=1e-6 * (1 + size))
    assert after["spread"].values == pytest.approx(2 * before["spread"].values, rel=1e-6)


@given(labelled_inputs())
@few
def test_quantiles_rise_on_the_scale_and_the_centre_is_the_compromise_mean(data):
    result = foretold(data)
    quantiles = result["forecast_quantile"].transpose("quantile", "draw", "issue").values
    assert (np.diff(quantiles, axis=0) >= 0).all()
    slack = 1e-9 * (1 + np.abs(data["scale_high"].values) + np.abs(data["scale_low"].values))
    assert (quantiles >= data["scale_low"].values - slack).all()
    assert (quantiles <= data["scale_high"].values + slack).all()
    mean = compromise_mean(*(data[name] for name in CELLS[:4]))["forecast"].values
    assert result["mean"].values == pytest.approx(mean, abs=float(slack.max()))


def example(draws=1):
    data = xr.Dataset.from_dict(SCALED)
    return data.assign_coords(draw=np.arange(draws)).assign(
        position=data["position"].expand_dims(draw=np.arange(draws))
    )


def test_a_thousand_draws_have_the_quantiles_that_are_told():
    result = foretold(example(1000))
    drawn = np.quantile(result["forecast"].values, SHARES, axis=0)
    assert drawn == pytest.approx(result["forecast_quantile"].values[0], abs=0.6)


def test_draws_of_two_issues_do_not_go_together_and_seeds_differ():
    result = foretold(example(1000))["forecast"].values
    assert abs(np.corrcoef(result.T)[0, 1]) < 0.1
    assert (foretold(example(1000), seed=2)["forecast"].values != result).any()


def test_any_part_of_the_draws_is_the_same_alone():
    data = example(2300)
    whole = foretold(data)
    part = foretold(data.isel(draw=slice(900, 2100)))
    assert part.identical(whole.isel(draw=slice(900, 2100)))


def test_the_forecast_is_narrow_where_all_agree_and_wide_where_camps_face_one_another():
    data = example()
    agreed = foretold(data.assign(position=0 * data["position"] + 40))
    split = foretold(data.assign(position=data["position"].copy(data=[[[0, 0], [100, 100], [50, 50]]])))
    low, high = (agreed["forecast_quantile"].sel(quantile=q).values for q in (0.05, 0.95))
    assert (high - low < 40).all()
    low, high = (split["forecast_quantile"].sel(quantile=q).values for q in (0.05, 0.95))
    assert low.tolist() == [[0.0, 0.0]]
    assert (high > 99).all()


def test_one_actor_alone_is_enough():
    data = example().isel(actor=[1])
    assert foretold(data)["mean"].values.tolist() == [[100.0, 20.0]]


def test_a_position_off_the_scale_is_refused_by_name():
    data = example()
    data["position"].loc[{"actor": "south", "issue": "fund"}] = -1.0
    with pytest.raises(CallError, match="position of 'south' on 'fund' lies off the scale"):
        foretold(data)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"split": 0.0}, "would fall"),
        ({"camps": -0.1}, "would fall"),
        ({"meant": (0.0, 0.9, 0.8, 0.95, 1.0)}, "do not rise"),
        ({"told": (0.0, 1.0)}, "do not rise"),
    ],
)
def test_numbers_that_make_no_distribution_are_refused(numbers, message):
    law = load_law()
    own = {name: getattr(law, name) for name in Law.__dataclass_fields__}
    with pytest.raises(ValueError, match=message):
        Law(**{**own, **numbers})


# --- intervals that hold -------------------------------------------------------------------------


def decisions(rng, count, scatter):
    """Decisions whose outcomes scatter about the mean in a way that the law does not know."""
    position = rng.integers(0, 11, (6, count)) / 10
    weight = rng.random((6, count)) + 0.05
    centre = (weight * position).sum(axis=0) / weight.sum(axis=0)
    return position, weight, np.clip(centre + scatter(rng, count), 0, 1)


SCATTERS = {
    "narrow": lambda rng, count: rng.normal(0, 0.05, count),
    "wide and askew": lambda rng, count: rng.exponential(0.3, count) - 0.1,
    "two-sided": lambda rng, count: rng.choice([-0.4, 0.4], count) + rng.normal(0, 0.05, count),
}


@pytest.mark.parametrize("kind", SCATTERS)
def test_calibrated_intervals_hold_on_new_decisions_even_if_the_law_is_wrong(kind):
    """Conformal calibration promises the level on average over samples of past and new decisions."""
    rng = np.random.default_rng(7)
    law = Law(5.0, 2.0, 0.5, 0.0, (0.0, 1.0), (0.0, 1.0), 1, 1)
    held = np.zeros(len(LEVELS))
    rounds, past, new = 60, 99, 200
    for _ in range(rounds):
        position, weight, outcome = decisions(rng, past + new, SCATTERS[kind])
        depths = depth(staged(position[None], weight[None]), law, outcome)
        for at, level in enumerate(LEVELS):
            held[at] += (depths[past:] <= conformal_level(depths[:past], level)).mean() / rounds
    assert (held >= np.array(LEVELS) - 0.015).all()
    assert (held <= np.array(LEVELS) + 0.03).all()


@pytest.mark.parametrize("kind", SCATTERS)
def test_the_whole_fit_holds_on_new_decisions(kind):
    rng = np.random.default_rng(3)
    position, weight, outcome = decisions(rng, 1500, SCATTERS[kind])
    seen = np.arange(1500) < 500
    law = fitted_law(position[:, seen], weight[:, seen], outcome[seen], np.arange(500) // 3)
    stage = staged(position[None][..., ~seen], weight[None][..., ~seen])
    for level in LEVELS:
        ends = law.own_share(np.array([(1 - level) / 2, (1 + level) / 2]))
        low, high = outcome_at(stage, law, np.broadcast_to(ends[:, None], (1, 2, 1000)))[0]
        held = ((low - 1e-9 <= outcome[~seen]) & (outcome[~seen] <= high + 1e-9)).mean()
        assert held == pytest.approx(level, abs=0.05)
