"""Sobol and Morris against functions whose indices are known, and against SALib's own analysis."""

from __future__ import annotations

import math

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from westphalia.analyses.screening import screen
from westphalia.analyses.sensitivity import Groups, sobol
from westphalia.errors import CallError

SLOPES = np.array([4.0, 2.0, 1.0])


def linear(points):
    return (points @ SLOPES)[:, None]


def ishigami(points):
    """The function of Ishigami and Homma (1990) with a = 7, b = 0.1 on [−π, π]³."""
    x = math.pi * (2 * points - 1)
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def ishigami_indices(a: float = 7.0, b: float = 0.1):
    """Return first-order and total indices in closed form (Saltelli et al. 2008, §4.2)."""
    first = np.array([0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8, 0.0])
    shared = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = first + np.array([shared, 0.0, shared])
    variance = first.sum() + shared
    return first / variance, total / variance, variance


def of(evaluate, names=("a", "b", "c"), groups=None, **how):
    return sobol(evaluate, ["y"], groups or Groups.single(names), **how).isel(answer=0)


def test_ishigami() -> None:
    first, total, variance = ishigami_indices()
    found = of(ishigami, draws=16_384)
    np.testing.assert_allclose(found["first_order"], first, atol=0.01)
    np.testing.assert_allclose(found["total_order"], total, atol=0.005)
    assert float(found["variance"]) == pytest.approx(variance, rel=0.01)
    np.testing.assert_allclose(found["variance_cut"], first * variance, atol=0.15)


def test_a_linear_answer_splits_by_squared_slopes_and_nothing_works_together() -> None:
    found = of(linear, draws=4096)
    share = SLOPES**2 / (SLOPES**2).sum()
    np.testing.assert_allclose(found["first_order"], share, atol=1e-3)
    np.testing.assert_allclose(found["total_order"], share, atol=1e-3)


def test_the_indices_and_intervals_are_those_of_salib() -> None:
    draws = 512
    found = of(ishigami, draws=draws, seed=4)
    from westphalia.analyses.sampling import uniform

    points = uniform(6, draws, 4)
    first, second = points[:, :3], points[:, 3:]
    designs = [first, *(np.where(np.arange(3) == at, second, first) for at in range(3)), second]
    told = np.stack([ishigami(design)[:, 0] for design in designs], axis=1).ravel()
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = salib.analyze(problem, told, calc_second_order=False, num_resamples=400, seed=9)
    # SALib centres on the mean of all five samples, we on that of the two base samples.
    np.testing.assert_allclose(found["first_order"], theirs["S1"], atol=5e-3)
    np.testing.assert_allclose(found["total_order"], theirs["ST"], rtol=1e-9)
    np.testing.assert_allclose(found["first_order_error"], theirs["S1_conf"], rtol=0.25)
    np.testing.assert_allclose(found["total_order_error"], theirs["ST_conf"], rtol=0.25)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    first, _, _ = ishigami_indices()
    held = []
    for seed in range(40):
        found = of(ishigami, draws=256, seed=seed)
        held.append(np.abs(found["first_order"] - first) <= found["first_order_error"])
    assert np.mean(held) >= 0.9


def test_groups_may_overlap_and_hold_what_their_members_share() -> None:
    first, total, _ = ishigami_indices()
    member = np.array([[True, False, True], [False, True, True], [True, True, True], [False, False, False]])
    groups = Groups(("ac", "bc", "all", "none"), member)
    found = of(ishigami, groups=groups, draws=16_384)
    shared = total[0] - first[0]
    np.testing.assert_allclose(found["first_order"], [first[0] + shared, first[1], 1.0, 0.0], atol=0.01)
    np.testing.assert_allclose(found["total_order"], [total[0], first[1] + shared, 1.0, 0.0], atol=0.01)
    assert found["unknown_count"].values.tolist() == [2, 2, 3, 0]
    assert np.isnan(found["interval_cut"]).all()


def test_knowing_a_number_narrows_the_interval_by_what_it_should() -> None:
    # y = u1 + u2/4: known u1 leaves 0.8 · 1/4; known u2 leaves 0.8 · 1; the sum is a trapezoid.
    found = of(lambda points: (points[:, 0] + points[:, 1] / 4)[:, None], ("a", "b"), draws=16_384)
    grid = (np.arange(2000) + 0.5) / 2000
    low, high = np.quantile(grid[:, None] + grid / 4, (0.1, 0.9))
    whole = high - low
    assert float(found["answer_width"]) == pytest.approx(whole, abs=0.005)
    np.testing.assert_allclose(found["interval_cut"], [whole - 0.2, whole - 0.8], atol=0.01)


def test_an_unknown_that_does_nothing_is_worth_nothing() -> None:
    found = of(lambda points: points[:, :1] ** 2, draws=8192)
    assert found["total_order"].values[1:].tolist() == [0.0, 0.0]
    assert found["first_order"].values[1:].tolist() == [0.0, 0.0]
    assert np.abs(found["interval_cut"].values[1:]).max() < 0.01 * float(found["answer_width"])


def test_an_answer_that_never_varies_has_indices_of_zero() -> None:
    found = sobol(
        lambda p: np.stack([p[:, 0], np.full(len(p), 7.0)], axis=1), ["y", "z"], Groups.single("ab")
    )
    still = found.sel(answer="z")
    for name in (
        "first_order",
        "total_order",
        "first_order_error",
        "variance_cut",
        "interval_cut",
        "variance",
    ):
        assert not still[name].values.any(), name
    assert float(found["first_order"].sel(answer="y", group="a")) == pytest.approx(1, abs=1e-3)


def test_workers_and_batches_change_no_bit(monkeypatch) -> None:
    one = of(ishigami, draws=1000, workers=1)
    assert one.identical(of(ishigami, draws=1000, workers=3))
    monkeypatch.setattr("westphalia.analyses.sensitivity._BATCH", 64)
    assert one.identical(of(ishigami, draws=1000, workers=2))
    assert not one.equals(of(ishigami, draws=1000, seed=2))


def test_evaluations_grow_with_draws_times_groups() -> None:
    seen = []

    def counting(points):
        seen.append(len(points))
        return linear(points)

    for draws in (100, 200):
        of(counting, draws=draws)
    assert sum(seen) == (100 + 200) * (3 + 2)


def test_many_draws_are_resampled_in_blocks() -> None:
    found = of(linear, draws=20_000)
    small = of(linear, draws=5_000)
    ratio = found["total_order_error"].values / small["total_order_error"].values
    np.testing.assert_allclose(ratio, 0.5, atol=0.15)


@pytest.mark.parametrize("how", [{"draws": 1}, {"seed": -1}, {"workers": 0}, {"draws": 10**9}])
def test_absurd_numbers_are_refused(how) -> None:
    with pytest.raises(CallError, match=r"draws|seed|workers"):
        of(linear, **how)


def test_an_answer_that_is_no_number_is_named() -> None:
    with pytest.raises(CallError, match="'y' is not a number in some draw"):
        of(lambda points: np.where(points[:, :1] > 0.5, np.nan, 1.0))


# --- screening -----------------------------------------------------------------------------------


def test_effects_of_a_linear_answer_are_its_slopes_and_do_not_scatter() -> None:
    found = screen(lambda p: np.hstack([linear(p), -linear(p)]), ["up", "down"], list("abc"))
    np.testing.assert_allclose(found["mean_effect"], [SLOPES, -SLOPES])
    np.testing.assert_allclose(found["effect_size"], [SLOPES, SLOPES])
    np.testing.assert_allclose(found["effect_spread"], 0, atol=1e-12)


def test_what_works_together_scatters_and_what_does_nothing_does_not_move() -> None:
    found = screen(lambda p: (p[:, 0] * p[:, 1])[:, None], ["y"], list("abc"), trajectories=400).isel(
        answer=0
    )
    # The effect of a on a·b is b, which is 1/2 on average over the levels.
    np.testing.assert_allclose(found["mean_effect"], [0.5, 0.5, 0], atol=0.03)
    assert float(found["effect_spread"].sel(group="a")) > 0.2
    assert float(found["effect_size"].sel(group="c")) == 0


def test_screening_is_the_same_for_a_seed_and_leaves_numpy_s_own_draws_alone() -> None:
    np.random.seed(1)
    before = np.random.get_state()[1].tolist()
    first, again = (screen(ishigami, ["y"], list("abc"), seed=0) for _ in range(2))
    assert first.identical(again)
    assert np.random.get_state()[1].tolist() == before


def test_hundreds_of_unknowns_are_screened_in_few_runs() -> None:
    weights = np.zeros(400)
    weights[[3, 250]] = (5.0, 2.0)
    found = screen(lambda p: (p @ weights)[:, None], ["y"], [f"x{at}" for at in range(400)], trajectories=4)
    order = np.argsort(-found["effect_size"].values[0])
    assert order[:2].tolist() == [3, 250]


@pytest.mark.parametrize("how", [{"trajectories": 1}, {"seed": -2}])
def test_screening_refuses_absurd_numbers(how) -> None:
    with pytest.raises(CallError, match=r"trajectories|seed"):
        screen(linear, ["y"], list("abc"), **how)
