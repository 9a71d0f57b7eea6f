"""Power indices on record of real voting bodies.

Shapley and Shubik 1954 (United States, as quoted: the President has 16 % of the power) and the
textbook values of the Security Council (4/2145 an elected member), the Council of 1958 (Luxembourg
is a null player) and the Nassau County Board (Banzhaf 1965: three of six supervisors have none).
Of the Council of 2025, the share of coalitions that pass, 13.2 %, and the indices are as two other
public programs compute them from the same shares.
"""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from westphalia.catalog.voting_bodies import load_bodies, load_body
from westphalia.errors import CallError
from westphalia.methods.power.coalitions import standing
from westphalia.methods.power.indices import power_indices, power_of
from westphalia.methods.power.rules import AllOf, AnyOf, Weighted, at_least, veto


def rule_of(name):
    body = load_body(name)
    members = list(body.weights)
    rule = Weighted(body.weights, body.quota)
    if body.least_members is not None:
        rule = AllOf((rule, at_least(body.least_members, members)))
    if body.always_passes_at is not None:
        rule = AnyOf((rule, at_least(body.always_passes_at, members)))
    return rule


def security_council():
    members = list(load_body("unsc").weights)
    permanent = [name for name in members if name.startswith("permanent")]
    return AllOf((veto(permanent, members), at_least(9, members)))


@pytest.mark.parametrize("rule", [rule_of("unsc"), security_council()], ids=["weights", "vetoes"])
def test_security_council(rule):
    power = power_of(rule)
    shapley, swings = power.shapley_shubik(), power.swings
    assert shapley["elected-1"] == Fraction(4, 2145)
    assert shapley["permanent-1"] == Fraction(421, 2145)
    assert (swings["permanent-1"], swings["elected-1"]) == (848, 84)
    assert power.banzhaf()["permanent-1"] == Fraction(848, 5080)
    assert power.vetoes == tuple(f"permanent-{i}" for i in range(1, 6))
    assert power.minimal_winning == 210
    assert power.minimal_blocking == 5 + 120


def test_council_of_1958():
    power = power_of(rule_of("eec1958"))
    shapley = power.shapley_shubik()
    assert [shapley[name] for name in ("DE", "BE", "LU")] == [Fraction(14, 60), Fraction(9, 60), 0]
    assert [power.banzhaf()[name] for name in ("FR", "NL", "LU")] == [Fraction(5, 21), Fraction(1, 7), 0]
    assert power.null_players == ("LU",)


def test_luxembourg_counts_where_four_members_are_needed():
    rule = rule_of("eec1958")
    power = power_of(AllOf((rule, at_least(4, list(rule.weights)))))
    assert power.null_players == ()


def test_council_of_1995():
    """Values as three public programs give them alike."""
    power = power_of(rule_of("eu1995"))
    expected = {"DE": "7/60", "ES": "860/9009", "PT": "19883/360360", "SE": "743/16380", "LU": "932/45045"}
    shapley = power.shapley_shubik()
    assert {name: shapley[name] for name in expected} == {n: Fraction(x) for n, x in expected.items()}
    assert [power.swings[name] for name in ("UK", "ES", "BE", "AT", "DK", "LU")] == [
        1849, 1531, 973, 793, 595, 375,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "powerful"), [("nassau1958", ["H1", "H2", "NH"]), ("nassau1964", ["H1", "H2", "OB"])]
)
def test_nassau_county(year, powerful):
    power = power_of(rule_of(year))
    banzhaf = power.banzhaf()
    assert all(banzhaf[name] == Fraction(1, 3) for name in powerful)
    assert set(power.null_players) == set(banzhaf) - set(powerful)


def test_council_of_2025():
    started = time.process_time()
    power = power_of(rule_of("eu2025"))
    assert time.process_time() - started < 3
    assert float(power.winning_share) == pytest.approx(0.132, abs=5e-4)
    shapley, banzhaf = power.shapley_shubik(), power.banzhaf()
    expected = {"DE": 0.17555, "FR": 0.13459, "IT": 0.11561, "PL": 0.06731, "SE": 0.02446, "MT": 0.00863}
    assert {name: float(shapley[name]) for name in expected} == pytest.approx(expected, abs=5.1e-6)
    expected = {"DE": 0.12036, "FR": 0.10107, "PL": 0.0634, "LU": 0.01748, "MT": 0.01732}
    assert {name: float(banzhaf[name]) for name in expected} == pytest.approx(expected, abs=5.1e-6)


def test_the_clause_of_four_adds_twenty_coalitions():
    with_clause = rule_of("eu2025")
    without = power_of(with_clause.rules[0])
    power = power_of(with_clause)
    assert power.winning - without.winning == 20
    assert float(without.shapley_shubik()["DE"]) == pytest.approx(0.17757, abs=5.1e-6)


def test_three_large_members_cannot_block_under_the_clause():
    rule = rule_of("eu2025")
    assert not standing(rule, ["DE", "FR", "IT"]).can_block
    assert standing(rule, ["DE", "FR", "IT", "MT"]).can_block
    assert standing(rule.rules[0], ["DE", "FR", "IT"]).can_block


@pytest.mark.parametrize(
    ("has_vice", "expected"),
    [
        (False, {"President": 0.16047, "s0": 0.004374, "r0": 0.000924}),
        (True, {"President": 0.16312, "s0": 0.004141, "r0": 0.000966, "Vice": 0.002651}),
    ],
)
def test_united_states(has_vice, expected):
    house, senate = [f"r{i}" for i in range(435)], [f"s{i}" for i in range(100)]
    members = [*house, *senate, "President", *(["Vice"] if has_vice else [])]
    majority = at_least(51, members, [*senate, *members[536:]])
    signed = AllOf((at_least(218, members, house), majority, veto(["President"], members)))
    overridden = AllOf((at_least(290, members, house), at_least(67, members, senate)))
    shapley = power_of(AnyOf((signed, overridden))).shapley_shubik()
    assert sum(shapley.values()) == 1
    assert {name: float(shapley[name]) for name in expected} == pytest.approx(expected, abs=5.1e-6)
    assert round(float(shapley["President"]), 2) == 0.16


def test_all_bodies_are_proper_and_give_whole_results():
    for name in load_bodies():
        found = power_indices(rule_of(name))
        assert bool(found["is_proper"])
        for index in ("shapley_shubik", "banzhaf", "deegan_packel", "holler"):
            assert float(found[index].sum()) == pytest.approx(1.0, abs=1e-12)


def test_an_unknown_body_names_the_nearest():
    with pytest.raises(CallError, match="Did you mean 'eec1958'"):
        load_body("eec1985")
