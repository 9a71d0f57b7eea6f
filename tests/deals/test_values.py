"""From a case to deal inputs: options, parties, utility against its plain definition, ties of the case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from westphalia.analyses.sampling import sample
from westphalia.api import read
from westphalia.case.inputs import build
from westphalia.case.packages import package_terms
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.space import space_of
from westphalia.methods.deals.utility import package_utility, reservation
from westphalia.methods.deals.values import deal_inputs

FLAGSHIP = Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02" / "case.yaml"

TREE = {
    "westphalia": 1,
    "id": "made",
    "title": "A made case",
    "question": "Who gets what?",
    "date": 2025,
    "actors": [
        {"id": "north", "name": "North", "kind": "state"},
        {"id": "south", "name": "South", "kind": "state"},
        {"id": "voters", "name": "Voters", "kind": "public", "ratifies_for": "south"},
        {"id": "press", "name": "Press", "kind": "medium"},
    ],
    "issues": [
        {
            "id": "land",
            "question": "How much?",
            "scale": {0: "none", 30: "some", 100: "all"},
            "reversion": 80,
        },
        {
            "id": "rank",
            "question": "Who?",
            "kind": "ordered",
            "scale": {1: "a", 2: "b", 4: "c"},
            "reversion": 1,
        },
        {
            "id": "place",
            "question": "Where?",
            "kind": "nominal",
            "scale": {"here": "x", "there": "y", "far": "z"},
        },
    ],
    "stands": {
        "north": {
            "land": {"position": 100, "salience": 0.6},
            "rank": {"position": 1, "salience": 0.3},
            "place": {"position": {"chances": {"here": 0.75, "far": 0.25}}, "salience": 0.1},
        },
        "south": {"land": {"position": 0, "salience": 0.5}, "rank": {"position": 4, "salience": 0.5}},
        "voters": {"land": {"position": 20, "salience": 1.0}},
        "press": {"place": {"position": "there", "salience": 0.5}},
    },
    "no_deal": {"voters": 0.3},
    "agreement": {"required": ["north", "south"]},
    "commitments": [
        {
            "id": "vow",
            "by": "south",
            "about": {"issue": "land", "value": {"low": 0, "high": 30}},
            "content": "Never more",
            "strength": 0.4,
        }
    ],
    "linkages": [
        {
            "id": "swap",
            "content": "Land for rank",
            "gives": {"actor": "south", "issue": "land", "value": {"low": 50, "high": 100}},
            "gets": {"actor": "north", "issue": "rank", "value": 4},
        }
    ],
}


@pytest.fixture(scope="module")
def case():
    return CaseFile.model_validate(TREE)


def terms_of(case, **options):
    inputs = build(case)
    return package_terms(case, inputs.central, inputs.nominal, **options)


def test_options_are_stated_points_and_a_grid(case):
    terms = terms_of(case, points=5)
    assert terms["option_point"].sel(issue="land").values.tolist() == [0, 25, 30, 50, 75, 100]
    assert terms["option_label"].sel(issue="rank").values[:3].tolist() == ["1", "2", "4"]
    assert terms["option_label"].sel(issue="place").values[:3].tolist() == ["here", "there", "far"]
    assert terms["option_count"].values.tolist() == [6, 3, 3]
    assert len(terms_of(case)["option_point"].sel(issue="land").dropna("option")) == 11


def test_parties_are_the_required_and_those_who_ratify(case):
    assert terms_of(case)["is_party"].values.tolist() == [True, True, True, False]
    assert terms_of(case, ratifiers=False)["is_party"].values.tolist() == [True, True, False, False]


def test_utility_of_a_package_by_hand(case):
    space = space_of(deal_inputs(terms_of(case), commitments=False, linkages=False))
    package = np.array([[space.options[0].index("50"), 1, 2]])
    north = 1 - 0.6 * 0.5 - 0.3 * (1 / 3) - 0.1 * 0.75
    south = 1 - 0.5 * 0.5 - 0.5 * (2 / 3)
    assert space.utility(package)[0] == pytest.approx([north, south, 0.7, 0.0])


def test_no_deal_by_hand(case):
    """Nobody says where they meet without agreement: any of the three places is as likely."""
    inputs = deal_inputs(terms_of(case))
    unsettled = (0.25 + 1.0 + 0.75) / 3
    north = 1 - 0.6 * 0.2 - 0.0 - 0.1 * unsettled
    assert inputs["reservation"].values[:3] == pytest.approx([north, 1 - 0.5 * 0.8 - 0.5, 0.3])


def test_a_broken_commitment_costs_its_share(case):
    with_cost, without = (
        deal_inputs(terms_of(case), commitments=flag, linkages=False)["option_value"]
        for flag in (True, False)
    )
    cost = (without - with_cost).sel(issue="land")
    points = terms_of(case)["option_point"].sel(issue="land").values
    south = cost.sel(actor="south").values
    assert south[points <= 30] == pytest.approx(0)
    assert south[points > 30] == pytest.approx(0.4 * 0.5)
    assert cost.drop_sel(actor="south").sum().item() == 0
    assert (without - with_cost).drop_sel(issue="land").sum().item() == 0


def test_half_an_exchange_is_not_carried_out(case):
    plain = space_of(deal_inputs(terms_of(case), commitments=False, linkages=False))
    tied = space_of(deal_inputs(terms_of(case), commitments=False))
    at = [label for label in plain.options[0]]
    land, rank = {"30": at.index("30"), "80": at.index("80"), "60": at.index("60")}, {"1": 0, "4": 2}

    def worth(space, here, there):
        return space.utility(np.array([[land[here], rank[there], 0]]))[0]

    # Both halves or none: as without the linkage.
    assert worth(tied, "60", "4") == pytest.approx(worth(plain, "60", "4"))
    assert worth(tied, "30", "1") == pytest.approx(worth(plain, "30", "1"))
    # Land alone falls back to 80, rank alone to 1.
    assert worth(tied, "60", "1") == pytest.approx(worth(plain, "80", "1"))
    assert worth(tied, "30", "4") == pytest.approx(worth(plain, "30", "1"))


def test_draws_are_what_each_draw_gives_alone(case):
    flagship = read(FLAGSHIP).file
    scaled, nominal = sample(build(flagship), 4, 1)
    drawn = deal_inputs(package_terms(flagship, scaled, nominal))
    for draw in range(4):
        alone = package_terms(flagship, scaled.isel(draw=[draw]), nominal.isel(draw=[draw]))
        one, other = space_of(drawn, draw), space_of(deal_inputs(alone))
        packages = one.sample(40, np.random.default_rng(draw))
        assert np.array_equal(one.utility(packages), other.utility(packages))
        assert np.array_equal(one.floor, other.floor)


@pytest.mark.parametrize("loss", ["linear", "quadratic"])
def test_it_is_the_backbone_where_all_issues_have_a_scale(case, loss):
    fewer = {**TREE, "issues": TREE["issues"][:2], "linkages": []}
    fewer["stands"] = {
        actor: {issue: stand for issue, stand in stands.items() if issue != "place"}
        for actor, stands in TREE["stands"].items()
        if actor != "press"
    }
    inputs = build(CaseFile.model_validate(fewer))
    terms = package_terms(CaseFile.model_validate(fewer), inputs.central, inputs.nominal)
    data = deal_inputs(terms, loss=loss, commitments=False)
    space, central = space_of(data), inputs.central
    names = ("position", "salience", "scale_low", "scale_high", "has_stand")
    stands = {name: central[name] for name in names}
    for package in space.sample(10, np.random.default_rng(0)):
        outcome = central["reversion"].copy(
            data=[terms["option_point"].values[k, o] for k, o in enumerate(package)]
        )
        expected = package_utility(outcome, **stands, loss=loss).values[0]
        assert space.utility(package[None])[0] == pytest.approx(expected)
    floors = ("reversion", "has_reversion", "no_deal", "has_no_deal")
    expected = reservation(**stands, **{name: central[name] for name in floors}, loss=loss).values[0]
    assert space.floor == pytest.approx(expected)


def test_a_party_whose_no_deal_is_unknown_is_named(case):
    tree = {**TREE, "issues": [{**TREE["issues"][0], "reversion": None}, *TREE["issues"][1:]]}
    data = deal_inputs(terms_of(CaseFile.model_validate(tree)))
    with pytest.raises(CallError, match="What no deal is worth to 'north' is unknown"):
        solutions(data)


def test_a_grid_needs_two_points(case):
    with pytest.raises(CallError, match="A grid of 1 points"):
        terms_of(case, points=1)
