"""The bargaining solutions against a full list of packages, and the axioms they are known by."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from random_deals import (
    acceptable,
    best_by_listing,
    every,
    leximin_of,
    random_inputs,
    utilities,
)

from westphalia.errors import CallError
from westphalia.methods.deals.relaxation import Aim, gains_of
from westphalia.methods.deals.search import Clock, search
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.solutions_rules import RULES
from westphalia.methods.deals.space import TOLERANCE, space_of

KINDS = [{}, {"pairs": True}, {"whole": True}, {"whole": True, "pairs": True}, {"parties": 5}]
CASES = [(seed, kind) for seed in range(12) for kind in KINDS]


def listed(data, is_raw=False):
    """Return, by rule, the score of every acceptable package, from the full list."""
    space = space_of(data)
    zone = acceptable(space)
    gain = (utilities(space) - space.floor)[zone]
    ideal = gain.max(axis=0)
    counted = ideal > TOLERANCE
    counted = counted if counted.any() else np.ones_like(counted)
    share = gain / np.where(ideal > TOLERANCE, ideal, 1.0)
    compared = gain if is_raw else share
    least = compared[:, counted].min(axis=1)
    return {
        "packages": every(space)[zone],
        "compared": compared[:, counted],
        "scores": {
            "nash": np.prod(gain[:, counted], axis=1),
            "kalai_smorodinsky": share[:, counted].min(axis=1),
            "egalitarian": least,
            "utilitarian": gain.sum(axis=1),
            "leximin": least,
        },
    }


@pytest.mark.parametrize(("seed", "kind"), CASES)
@pytest.mark.parametrize("is_raw", [False, True])
def test_every_rule_against_the_full_list(seed, kind, is_raw):
    data = random_inputs(seed, **kind)
    found = solutions(data, gains="raw" if is_raw else "normalised", most_ties=1000)
    assert found["has_zone"].item() == acceptable(space_of(data)).any()
    if not found["has_zone"]:
        assert found.sizes["solution"] == 0
        assert found["value"].isnull().all()
        assert found["converged"].all()
        return
    expected = listed(data, is_raw)
    assert found["converged"].all()
    for rule in RULES:
        scores = expected["scores"][rule]
        one = found.sel(rule=rule)
        assert one["value"].item() == pytest.approx(scores.max(), abs=1e-8)
        assert one["gap"].item() <= 1e-8
        if rule != "leximin" and scores.max() > 1e-9:
            ours = {tuple(row) for row in one["package"].values.tolist() if row[0] >= 0}
            slack = 1e-9 * max(1.0, scores.max()) * 3
            theirs = {tuple(map(int, expected["packages"][at])) for at in best_by_listing(scores)}
            assert theirs <= ours
            near = scores >= scores.max() - slack
            assert ours <= {tuple(map(int, row)) for row in expected["packages"][near]}
            assert one["tie_count"].item() == len(ours)
            assert one["is_tie"].item() == (len(ours) > 1)


@pytest.mark.parametrize(("seed", "kind"), CASES)
def test_leximin_against_the_full_list_and_first_among_ties(seed, kind):
    data = random_inputs(seed, **kind)
    found = solutions(data, most_ties=1000)
    if not found["has_zone"]:
        return
    expected = leximin_of(listed(data)["compared"])
    for rule in ("leximin", "egalitarian", "kalai_smorodinsky"):
        first = found["normalised_gain"].sel(rule=rule).isel(solution=0).values
        counted = first[~np.isnan(first)]
        assert tuple(sorted(np.round(counted, 7).tolist())) == pytest.approx(expected, abs=2e-7)


@pytest.mark.parametrize(("seed", "kind"), CASES)
def test_solutions_are_efficient_and_individually_rational(seed, kind):
    data = random_inputs(seed, **kind)
    found = solutions(data)
    if not found["has_zone"]:
        return
    utility = utilities(space_of(data))
    gain = found["gain"].isel(solution=0)
    assert (found["gain"].fillna(0) >= -TOLERANCE).all()
    floor = data["reservation"].values
    for rule in ("nash", "leximin", "utilitarian"):
        better = utility - floor - gain.sel(rule=rule).values
        counted = ~np.isnan(found["normalised_gain"].sel(rule=rule).isel(solution=0).values)
        everywhere = (better >= -1e-8).all(axis=1) & acceptable(space_of(data))
        assert not (everywhere & (better[:, counted] > 1e-7).any(axis=1)).any()


@pytest.mark.parametrize("seed", range(8))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(seed):
    data = random_inputs(seed, parties=3)
    factor, shift = (
        xr.DataArray([3.0, 0.5, 40.0], dims="actor"),
        xr.DataArray([1.0, -7.0, 100.0], dims="actor"),
    )
    moved = data.assign(
        option_value=data["option_value"] * factor,
        base_utility=data["base_utility"] * factor + shift,
        reservation=data["reservation"] * factor + shift,
    )
    one, other = solutions(data), solutions(moved)
    assert one["has_zone"].item() == other["has_zone"].item()
    for rule in ("nash", "kalai_smorodinsky", "leximin"):
        assert one["package"].sel(rule=rule).equals(other["package"].sel(rule=rule))


@pytest.mark.parametrize("seed", range(8))
def test_a_game_that_looks_alike_to_two_parties_treats_them_alike(seed):
    """Two issues that mirror one another: with lotteries the gains are equal."""
    rng = np.random.default_rng(seed)
    table = rng.random((2, 4))
    value = np.stack([[table[0], table[1]], [table[1], table[0]]])
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), value),
            "option_count": ("issue", [4, 4]),
            "base_utility": ("actor", [0.0, 0.0]),
            "reservation": ("actor", [0.6, 0.6]),
            "is_party": ("actor", [True, True]),
        }
    )
    found = solutions(data, outcomes="lotteries")
    for rule in ("nash", "kalai_smorodinsky", "egalitarian", "leximin"):
        gain = found["gain"].sel(rule=rule).values[0]
        # Nash's logarithm is solved to 1e-7, which leaves its square root in the gains.
        assert gain[0] == pytest.approx(gain[1], abs=5e-4 if rule == "nash" else 1e-7)


def restricted(data, keep):
    """Return the inputs with the options of `keep` (issue → places) alone."""
    value, count = data["option_value"].values.copy(), data["option_count"].values.copy()
    for issue, places in keep.items():
        row = np.full_like(value[:, issue], np.nan)
        row[:, : len(places)] = value[:, issue][:, places]
        value[:, issue], count[issue] = row, len(places)
    return data.assign(option_value=(("actor", "issue", "option"), value), option_count=("issue", count))


@pytest.mark.parametrize("seed", range(12))
def test_nash_does_not_depend_on_options_that_it_does_not_pick(seed):
    data = random_inputs(seed)
    found = solutions(data)
    if not found["has_zone"] or found["value"].sel(rule="nash") < 1e-9:
        return
    chosen = found["package"].sel(rule="nash").isel(solution=0).values
    rng = np.random.default_rng(seed)
    keep = {
        issue: sorted({int(chosen[issue]), *rng.integers(0, count, size=2).tolist()})
        for issue, count in enumerate(data["option_count"].values)
    }
    again = solutions(restricted(data, keep))
    picked = again["package"].sel(rule="nash").isel(solution=0).values
    assert [keep[issue][place] for issue, place in enumerate(picked)] == chosen.tolist()
    assert again["value"].sel(rule="nash").item() == pytest.approx(found["value"].sel(rule="nash").item())


@pytest.mark.parametrize("seed", range(12))
def test_more_packages_with_the_same_ideals_hurt_nobody_by_kalai_smorodinsky(seed):
    """Restricted monotonicity, two parties with lotteries: the ideals stay, and nobody gains less."""
    data = random_inputs(seed, parties=2, quantile=0.4)
    rng = np.random.default_rng(seed)
    best = np.nanargmax(data["option_value"].values, axis=2)
    keep = {
        issue: sorted({*best[:, issue].tolist(), int(rng.integers(count))})
        for issue, count in enumerate(data["option_count"].values)
    }
    few, many = (
        solutions(one, outcomes="lotteries", ideal="all").sel(rule="kalai_smorodinsky")
        for one in (restricted(data, keep), data)
    )
    assert few["has_zone"].item()
    assert few["ideal"].values == pytest.approx(many["ideal"].values)
    assert many["value"].item() >= few["value"].item() - 1e-7
    share = few["normalised_gain"].values[0]
    # Where the smaller game ends at equal shares, as the axiom has it, both gain at least as much.
    if share[0] == pytest.approx(share[1], abs=1e-7):
        assert (many["gain"].values[0] >= few["gain"].values[0] - 1e-6).all()


def frontier_inputs(points, floor):
    points = np.asarray(points, dtype=float)
    return xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), points.T[:, None, :]),
            "option_count": ("issue", [len(points)]),
            "base_utility": ("actor", np.zeros(points.shape[1])),
            "reservation": ("actor", np.full(points.shape[1], floor)),
            "is_party": ("actor", np.ones(points.shape[1], dtype=bool)),
        }
    )


def test_a_product_of_two_losses_is_no_gain():
    """Nash's product at (0, 0, 1) is (−.5)(−.5)(.5) > 0; the only package all accept is the other."""
    found = solutions(frontier_inputs([(0, 0, 1), (0.6, 0.6, 0.6)], 0.5))
    assert (found["package"].isel(solution=0) == 1).all()
    assert found["value"].sel(rule="nash").item() == pytest.approx(0.001)


def test_where_not_all_can_gain_the_product_is_zero_and_leximin_decides():
    found = solutions(frontier_inputs([(1, 0), (0, 1), (0.5, 0), (1, 0)], 0.0)).sel(rule="nash")
    assert found["value"].item() == 0
    assert found["converged"].item()
    assert sorted(found["package"].values[:3, 0].tolist()) == [0, 1, 3]
    assert found["tie_count"].item() == 3


def test_a_party_that_cannot_gain_must_accept_and_does_not_count():
    found = solutions(frontier_inputs([(0, 3, 1), (0, 1, 3), (0, 2, 2)], 0.0))
    assert found["gain"].sel(rule="nash").values[0].tolist() == [0, 2, 2]
    assert np.isnan(found["normalised_gain"].sel(rule="nash").values[0, 0])


def test_weights_pull_the_nash_solution():
    data = frontier_inputs([(1, 3), (2, 2), (3, 1)], 0.0)
    pull = xr.DataArray([4.0, 1.0], dims="actor")
    assert solutions(data)["package"].sel(rule="nash").values[0, 0] == 1
    weighted = solutions(data, pull).sel(rule="nash")
    assert weighted["package"].values[0, 0] == 2
    assert weighted["value"].item() == pytest.approx(3**4 * 1)


def test_ideal_over_all_packages_is_an_option():
    data = frontier_inputs([(10, -1), (4, 2), (2, 3)], 0.0)
    assert solutions(data)["ideal"].values.tolist() == [4, 3]
    assert solutions(data, ideal="all")["ideal"].values.tolist() == [10, 3]


def test_more_ties_than_are_shown_are_said_to_be_more():
    data = frontier_inputs([(1, 1)] * 30, 0.0)
    found = solutions(data, most_ties=5).sel(rule="nash")
    assert found["tie_count"].item() == 30
    assert found.sizes["solution"] == 5
    assert not found["ties_complete"].item()


def test_leximin_where_ties_do_not_fit_on_a_list():
    """An issue the first party is blind to, beside one that binds it: thousands tie for the smallest gain."""
    rng = np.random.default_rng(4)
    value = rng.random((3, 6, 6))
    value[0, 1:] = 0.0
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), value),
            "option_count": ("issue", [6] * 6),
            "base_utility": ("actor", np.zeros(3)),
            "reservation": ("actor", [value[0, 0].max() - 0.05, 1.0, 1.0]),
            "is_party": ("actor", [True] * 3),
        }
    )
    found = solutions(data, gains="raw").sel(rule="leximin")
    assert found["converged"].item()
    space = space_of(data)
    gain = space.slack(space.enumerate_all(50_000))
    best = leximin_of(gain[(gain >= -TOLERANCE).all(axis=1)])
    assert tuple(sorted(found["gain"].values[0].tolist())) == pytest.approx(best, abs=2e-7)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_bound_of_a_search_cut_short_holds(k, monkeypatch):
    rng = np.random.default_rng(k)
    value = rng.random((4, 7, 5))
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), value),
            "option_count": ("issue", [5] * 7),
            "base_utility": ("actor", np.zeros(4)),
            "reservation": ("actor", np.full(4, 3.4)),
            "is_party": ("actor", [True] * 4),
        }
    )
    gains, aim = gains_of(space_of(data)), Aim(np.ones(4, dtype=bool), k)
    whole = search(gains, aim, Clock.of(60))
    assert whole.is_proved
    for steps in (1, 7, 20, 60):
        monkeypatch.setattr("westphalia.methods.deals.search._STEPS", steps)
        part = search(gains, aim, Clock.of(0))
        assert part.bound >= whole.score - 1e-9
        assert part.score <= whole.score + 1e-9
        assert part.is_proved <= (part.score == pytest.approx(whole.score))


def largest_smallest_share(space, ideal):
    """Return max z with g_p ≥ z · ideal_p by mixed-integer programming, one binary an option."""
    from scipy.optimize import LinearConstraint, milp

    table = np.concatenate(space.values, axis=1)
    width = table.shape[1]
    share = np.hstack([table / ideal[:, None], -np.ones((len(ideal), 1))])
    once = np.zeros((len(space.issues), width + 1))
    once[np.repeat(np.arange(len(space.issues)), space.counts), np.arange(width)] = 1
    rules = [
        LinearConstraint(share, lb=(space.floor - space.base) / ideal),
        LinearConstraint(once, lb=1, ub=1),
    ]
    cost = np.zeros(width + 1)
    cost[-1] = -1
    integrality = np.append(np.ones(width), 0)
    answer = milp(cost, constraints=rules, integrality=integrality, options={"mip_rel_gap": 0})
    return -answer.fun


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_to_the_twelve_packages_against_a_mixed_integer_program(seed):
    rng = np.random.default_rng(seed)
    value = rng.random((5, 12, 10)) * rng.dirichlet(np.ones(12), size=5)[:, :, None]
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), value),
            "option_count": ("issue", [10] * 12),
            "base_utility": ("actor", np.zeros(5)),
            "reservation": ("actor", np.full(5, 0.55)),
            "is_party": ("actor", [True] * 5),
        }
    )
    found = solutions(data)
    assert found["converged"].all()
    ideal = (found["ideal"] - found["reservation"]).values
    expected = largest_smallest_share(space_of(data), ideal)
    assert found["value"].sel(rule="kalai_smorodinsky").item() == pytest.approx(expected, abs=2e-6)


def test_out_of_time_no_proof_is_claimed(monkeypatch):
    monkeypatch.setattr("westphalia.methods.deals.search._STEPS", 1)
    found = solutions(random_inputs(3, parties=3, quantile=0.3), time_limit=0.0)
    assert not found["is_decided"].item()
    assert not found["has_zone"].item()
    assert not found["converged"].any()


def test_a_weight_below_zero_is_refused():
    data = frontier_inputs([(1, 3), (2, 2)], 0.0)
    with pytest.raises(CallError, match="bargaining_weight"):
        solutions(data, xr.DataArray([-1.0, 1.0], dims="actor"))
    with pytest.raises(CallError, match="No party has a bargaining weight above 0"):
        solutions(data, xr.DataArray([0.0, 0.0], dims="actor"))
