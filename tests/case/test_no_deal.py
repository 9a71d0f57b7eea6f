"""What holds without agreement: reversions of nominal issues, stated losses, and the lottery of a war."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from westphalia.analyses.sampling import sample
from westphalia.case.document import parse
from westphalia.case.inputs import build
from westphalia.case.packages import package_terms
from westphalia.case.schema import CaseFile
from westphalia.case.text import emit
from westphalia.errors import CaseError

TREE = {
    "westphalia": 1,
    "id": "river",
    "title": "River",
    "question": "Who gets the valley?",
    "date": "2020",
    "actors": [{"id": name, "name": name, "kind": "state"} for name in ("north", "south")],
    "issues": [
        {
            "id": "venue",
            "question": "Where?",
            "kind": "nominal",
            "scale": {"here": "here", "near": "near", "far": "far"},
            "reversion": {"value": "far", "assumption": "nobody travels"},
            "losses": {"here": {"near": 0.25}},
        },
        {
            "id": "rank",
            "question": "Which?",
            "kind": "ordered",
            "scale": {0: "low", 1: "middle", 2: "high"},
            "reversion": 0,
            "losses": {"2": {"1": 0.9}},
        },
    ],
    "stands": {
        "north": {"venue": {"position": "here", "salience": 1}, "rank": {"position": 2, "salience": 1}},
        "south": {"venue": {"position": "far", "salience": 1}, "rank": {"position": 0, "salience": 1}},
    },
    "capability": {"north": 1, "south": 1},
    "wars": [
        {
            "id": "war",
            "between": ["north", "south"],
            "win_chance": {"low": 0.5, "high": 0.7},
            "costs": {"north": 0.1, "south": {"low": 0.1, "high": 0.3}},
            "assumption": "as the staff reckons",
        }
    ],
    "agreement": {"required": ["north", "south"]},
}


def terms(tree):
    case = CaseFile.model_validate(tree)
    inputs = build(case)
    return package_terms(case, inputs.central, inputs.nominal)


def test_stated_losses_go_before_distance() -> None:
    found = terms(TREE)["distance"]
    assert found.sel(actor="north", issue="venue").values[:3].tolist() == [0.0, 0.25, 1.0]
    assert found.sel(actor="south", issue="venue").values[:3].tolist() == [1.0, 1.0, 0.0]
    assert found.sel(actor="north", issue="rank").values[:3].tolist() == [1.0, 0.9, 0.0]
    assert found.sel(actor="south", issue="rank").values[:3].tolist() == [0.0, 0.5, 1.0]


def test_a_nominal_reversion_is_what_no_deal_is_worth() -> None:
    fallen = terms(TREE)["reversion_distance"].sel(issue="venue")
    assert fallen.values.tolist() == [1.0, 0.0]
    open_tree = copy.deepcopy(TREE)
    del open_tree["issues"][0]["reversion"]
    assert terms(open_tree)["reversion_distance"].sel(issue="venue").values == pytest.approx(
        [1.25 / 3, 2 / 3]
    )


def test_a_war_is_worth_its_chance_less_its_cost() -> None:
    inputs = build(CaseFile.model_validate(TREE))
    assert inputs.central["no_deal"].values == pytest.approx([0.6 - 0.1, 0.4 - 0.2])
    assert inputs.central["has_no_deal"].values.all()
    drawn = sample(inputs, 512, seed=1)[0]["no_deal"]
    north, south = drawn.sel(actor="north"), drawn.sel(actor="south")
    assert (float(north.min()), float(north.max())) == pytest.approx((0.4, 0.6), abs=2e-3)
    cost_of_south = 1 - (north + 0.1) - south
    assert float(cost_of_south.min()) >= 0.1 - 1e-9
    assert float(cost_of_south.max()) <= 0.3 + 1e-9
    assert float(south.mean()) == pytest.approx(0.2, abs=1e-3)
    assert np.unique(north).size > 500


def broken(change) -> dict:
    tree = copy.deepcopy(TREE)
    change(tree)
    return tree


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda t: t["wars"][0].update(between=["north"]), "war-not-between-two", "between 1 actors"),
        (lambda t: t["wars"][0].update(between=["north", "soth"]), "unknown-actor", "Did you mean 'south'?"),
        (lambda t: t["wars"][0]["costs"].pop("south"), "war-costs", "Give costs for north and south"),
        (lambda t: t["wars"][0].update(win_chance=1.5), "out-of-range", "between 0 and 1"),
        (lambda t: t["wars"][0]["costs"].update(north=-1), "out-of-range", "at least 0"),
        (lambda t: t.update(no_deal={"north": 0.3}), "no-deal-twice", "worth two things to 'north'"),
        (lambda t: t["issues"][0].update(reversion="fra"), "unknown-option", "Did you mean 'far'?"),
        (lambda t: t["issues"][0].update(reversion="derived"), "reversion-derived", "cannot be derived"),
        (lambda t: t["issues"][1].update(reversion="far"), "option-on-scale", "is a number"),
        (lambda t: t["issues"][0].update(losses={"here": {"naer": 0.5}}), "unknown-option", "'near'"),
        (lambda t: t["issues"][0].update(losses={"here": {"near": 1.5}}), "out-of-range", "between 0 and 1"),
        (
            lambda t: t["issues"][1].update(kind="continuous"),
            "losses-on-continuous",
            "Make it ordered or nominal",
        ),
    ],
)
def test_what_is_wrong_is_told(change, code: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse(emit.block(broken(change), 0, "\n"))
    fitting = [found for found in caught.value.findings if found.code == code]
    assert fitting, caught.value
    assert any(words in str(found) for found in fitting), caught.value
    assert all(found.place.line > 0 for found in fitting)


def test_the_whole_is_sound() -> None:
    assert parse(emit.block(TREE, 0, "\n")).case.wars[0].between == ("north", "south")
