"""Nash 1950 (Econometrica 18, pp. 155–162): Bill and Jack barter; the printed trade and its neighbours.

Printed: Bill gives book, whip, ball and bat, Jack gives pen, toy and knife, and they gain 12 and 5. The
other figures follow from the table by listing all 512 trades.
"""

from __future__ import annotations

import pytest

from westphalia.catalog.nash1950 import GAINS, GIVEN, load_goods, load_inputs
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.zone import zone


@pytest.fixture(scope="module")
def solved():
    return solutions(load_inputs(), gains="raw")


def gains(result, rule):
    picked = result["gain"].sel(rule=rule).dropna("solution")
    return [tuple(row) for row in picked.values.round(6).tolist()]


def test_the_printed_trade(solved):
    chosen = solved["settled_option"].sel(rule="nash").isel(solution=0)
    given = {good for good in chosen["issue"].values if chosen.sel(issue=good) == "given"}
    assert given == {*GIVEN["Bill"], *GIVEN["Jack"]}
    assert {row["good"] for row in load_goods() if row["owner"] == "Bill"} >= set(GIVEN["Bill"])
    assert gains(solved, "nash") == [(GAINS["Bill"], GAINS["Jack"])]
    assert solved["value"].sel(rule="nash").item() == pytest.approx(60)
    assert solved["gap"].sel(rule="nash").item() < 1e-7
    assert not solved["is_tie"].sel(rule="nash").item()


def test_other_rules_on_the_same_trades(solved):
    assert solved["ideal"].values.tolist() == [18, 8]
    assert gains(solved, "kalai_smorodinsky") == [(12, 5)]
    assert solved["value"].sel(rule="kalai_smorodinsky").item() == pytest.approx(5 / 8)
    assert set(gains(solved, "utilitarian")) == {(14, 4), (16, 2), (18, 0)}
    assert solved["value"].sel(rule="utilitarian").item() == pytest.approx(18)


def test_ties_are_shown_and_leximin_comes_first(solved):
    assert gains(solved, "egalitarian")[0] == (8, 6)
    assert set(gains(solved, "egalitarian")) == {(8, 6), (6, 7), (6, 6)}
    assert solved["is_tie"].sel(rule="egalitarian").item()
    assert set(gains(solved, "leximin")) == {(8, 6)}


def test_with_lotteries():
    drawn = solutions(load_inputs(), gains="raw", outcomes="lotteries")
    assert drawn["ideal"].values == pytest.approx([18.0, 8.5])
    expected = {"nash": (12, 5), "kalai_smorodinsky": (11.172414, 5.275862), "egalitarian": (6.75, 6.75)}
    for rule, pair in expected.items():
        assert drawn["gain"].sel(rule=rule).values[0] == pytest.approx(pair, abs=2e-6)
    assert drawn["value"].sel(rule="kalai_smorodinsky").item() == pytest.approx(0.62069, abs=5e-6)
    assert drawn["converged"].all()


def test_all_trades_are_counted():
    found = zone(load_inputs())
    assert found.attrs["packages"] == "512"
    assert found["is_counted"].item()
    assert found["slack"].sel(best_for="Bill", actor="Bill").item() == 18
    assert found["slack"].sel(best_for="Jack", actor="Jack").item() == 8
