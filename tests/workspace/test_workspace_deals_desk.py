"""The desk judges a package as the methods over packages do, whatever the case and the package."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from westphalia.case.document import parse, read
from westphalia.case.schema import CaseFile
from westphalia.case.template import new_case
from westphalia.case.text import emit
from westphalia.errors import CallError
from westphalia.methods.deals.payments import payments_for
from westphalia.methods.deals.ratification import ratification
from westphalia.methods.deals.solutions_rules import RULES
from westphalia.methods.deals.space import TOLERANCE, space_of
from westphalia.methods.deals.trades import steps
from westphalia.runs.deals import negotiate
from westphalia.testing import case_trees
from westphalia.workspace import deals_desk
from westphalia.workspace.deals_desk import (
    better,
    desk_of,
    gains_over_draws,
    judged,
    labels_of,
    package_of,
    start,
)

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"


@pytest.fixture(scope="module")
def flagship():
    return desk_of(read(FLAGSHIP))


def _labelled(desk, package):
    issues = list(desk.space.issues)
    return xr.DataArray(np.array(package), dims=("issue",), coords={"issue": issues})


def _drawn_package(data, desk):
    return tuple(data.draw(st.integers(0, count - 1)) for count in desk.space.counts)


def _agrees(desk, package):
    """Assert that every part of the judgement is what the methods find."""
    found = judged(desk, package)
    space, at = space_of(desk.inputs), np.array([package])
    gain = dict(zip(space.parties, space.slack(at)[0], strict=True))
    assert {one.actor for one in found.answers} == {
        name for name, value in gain.items() if np.isfinite(value)
    }
    assert all(one.gain == pytest.approx(gain[one.actor], abs=1e-12) for one in found.answers)
    assert found.is_deal == bool(space.in_zone(at)[0]) == (not found.refusing)
    packages = _labelled(desk, package).expand_dims("package")
    accepted = ratification(desk.inputs, packages, desk.home)["is_accepted"].isel(draw=0, package=0)
    willing = {one.actor: one.is_willing for one in found.answers if one.is_needed}
    assert willing == dict(zip(accepted["actor"].values.tolist(), accepted.values.tolist(), strict=True))
    paid = payments_for(desk.inputs, _labelled(desk, package))
    if found.paid is None:
        assert found.is_deal
    else:
        assert found.paid.outside == pytest.approx(float(paid["outside_money"]), abs=1e-12)
        payment = dict(zip(space.parties, paid["payment"].values.tolist(), strict=True))
        assert found.paid.payment == pytest.approx({name: payment[name] for name in willing}, abs=1e-12)
    over_draws = gains_over_draws(desk, package)
    for draw in range(0, len(over_draws), 97):
        np.testing.assert_allclose(over_draws[draw], space_of(desk.drawn, draw).slack(at)[0], atol=1e-12)


@settings(max_examples=15)
@given(tree=case_trees(), data=st.data())
def test_a_package_is_judged_as_the_methods_judge_it(tree, data) -> None:
    try:
        desk = deals_desk._made(CaseFile.model_validate(tree))
    except CallError:  # nobody cares about an issue, so that no mean is known
        reject()
    for _ in range(3):
        _agrees(desk, _drawn_package(data, desk))


@settings(max_examples=25)
@given(data=st.data())
def test_the_flagship_is_judged_as_the_methods_judge_it(flagship, data) -> None:
    _agrees(flagship, _drawn_package(data, flagship))


@settings(max_examples=25)
@given(data=st.data())
def test_labels_of_a_package_give_it_back(flagship, data) -> None:
    package = _drawn_package(data, flagship)
    assert package_of(flagship, labels_of(flagship, package)) == package


@given(wanted=st.dictionaries(st.sampled_from(["territory", "venue", "seat", "nothing"]), st.text()))
def test_any_words_lead_to_a_package(flagship, wanted) -> None:
    assert len(package_of(flagship, wanted)) == len(flagship.space.issues)


def test_a_point_between_two_options_means_the_nearer_one(flagship) -> None:
    named = labels_of(flagship, package_of(flagship, {"territory": "58.5", "venue": "the moon"}))
    assert named["territory"] == "60"
    assert named["venue"] == labels_of(flagship, flagship.expected)["venue"]


def test_starting_points_are_those_of_the_runs(flagship) -> None:
    document = read(FLAGSHIP)
    deals = negotiate(document, draws=2000, time_limit=5.0)
    assert start(flagship, "expected") == tuple(deals.expected.values.tolist())
    assert start(flagship, "no_deal") == tuple(deals.reverted.values.tolist())
    for rule in RULES:
        expected = deals.solutions["package"].sel(rule=rule).values[0].tolist()
        assert start(flagship, rule) == tuple(expected)
    assert start(flagship, "no such rule") is None


def test_steps_lead_to_the_frontier_and_harm_nobody_whose_consent_is_needed(flagship) -> None:
    package, seen = flagship.reverted, 0
    while (found := better(flagship, package))[0] is not None:
        now, then = ({one.actor: one for one in judged(flagship, at).answers} for at in (package, found[0]))
        change = [then[actor].gain - now[actor].gain for actor in now if now[actor].is_needed]
        assert min(change) >= -TOLERANCE
        assert sum(change) > 0
        package, seen = found[0], seen + 1
        assert seen < 50
    assert found == (None, True)
    path = steps(flagship.inputs, _labelled(flagship, flagship.reverted))["package"].values
    assert package == tuple(path[-1].tolist())


def test_commitments_and_exchanges_are_told(flagship) -> None:
    names = {"territory": "100", "timing": "50", "seat": "4", "burden": "50", "resources": "0"}
    found = judged(flagship, package_of(flagship, names))
    assert set(found.broken) == {"accords-2024", "german-accord", "peace-promise", "delegations"}
    assert [(one.gives, one.gets) for one in found.linked] == [(True, False)]
    kept = judged(flagship, package_of(flagship, {"territory": "0", "timing": "0", "seat": "1"}))
    assert kept.broken == ()


def test_whoever_refuses_at_home_is_told_apart(flagship) -> None:
    assert {one.principal: one.ratifiers for one in judged(flagship, flagship.expected).at_home} == {
        "usa": ("us-voters",),
        "ukraine": ("ukrainian-people",),
    }
    found = judged(flagship, package_of(flagship, {"territory": "100", "timing": "100"}))
    assert "ukrainian-people" in {name for one in found.at_home for name in one.refusing}


def test_the_desk_is_made_once_for_a_case_whatever_its_comments() -> None:
    document = parse(new_case())
    again = parse("# another comment\n" + new_case())
    assert document.digest == again.digest
    assert desk_of(document) is desk_of(again)


def test_what_no_deal_is_worth_must_be_known() -> None:
    tree = parse(new_case()).tree
    tree.pop("no_deal", None)
    for issue in tree["issues"]:
        issue.pop("reversion", None)
    with pytest.raises(CallError, match="no deal"):
        desk_of(parse(emit.block(tree, 0, "\n") + "\n"))


def test_judging_takes_milliseconds(flagship) -> None:
    judged(flagship, flagship.expected)
    begun = time.perf_counter()
    for _ in range(10):
        judged(flagship, flagship.expected)
    assert (time.perf_counter() - begun) / 10 < 0.05
