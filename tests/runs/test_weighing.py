"""What an answer hangs on: computed from the study's own draws, and only for what can be compared."""

from __future__ import annotations

import numpy as np
import pytest

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError
from westphalia.runs.doubt import aimed, central_mean, ways, weigh
from westphalia.runs.study import conduct

CASE = parse(new_case(date="2025-02-12"))
SIZES = {"base_draws": 64, "tried_draws": 32, "workers": 1}

NOMINAL = """
westphalia: 1
id: venue
title: Venue
question: Where?
date: 2025
actors: [{id: ann, name: Ann, kind: state}, {id: bob, name: Bob, kind: state}]
issues: [{id: venue, question: Where do they meet?, kind: nominal, scale: {here: at home, there: abroad}}]
stands:
  ann: {venue: {position: here, salience: 0.5}}
  bob: {venue: {position: there, salience: 0.4}}
capability: {ann: 1, bob: 1}
"""

SURE = """
westphalia: 1
id: land
title: Land
question: Where?
date: 2025
actors: [{id: ann, name: Ann, kind: state}, {id: bob, name: Bob, kind: state}]
issues: [{id: land, question: Where is the line?, scale: {0: west, 40: middle, 100: east}}]
stands:
  ann: {land: {position: 20, salience: 0.5}}
  bob: {land: {position: 90, salience: 0.5}}
capability: {ann: 1, bob: 1}
"""


def studied(*methods: str, **more: object):
    return conduct(CASE, draws=64, seed=5, only=methods, workers=1, **more)


def test_the_default_forecast_is_that_of_the_predictive_method_with_the_seed_of_the_study() -> None:
    study = studied("mean", "predictive")
    told = study.forecast["forecast"].sel({"method": "predictive"})
    np.testing.assert_array_equal(study.outcome["outcome"], told)
    assert '"seed": 5' in study.results["predictive"].attrs["options"]
    assert study.options == {}


def test_it_is_told_of_a_study_of_the_mean_alone_and_is_the_same() -> None:
    alone, both = studied("mean"), studied("mean", "predictive")
    assert alone.forecast["method"].values.tolist() == ["mean"]
    np.testing.assert_array_equal(alone.outcome["outcome"], both.outcome["outcome"])
    assert studied("median").outcome is None


def test_its_spread_holds_more_than_the_inputs() -> None:
    study = studied("mean")
    inputs = study.results["mean"]["forecast"].std("draw")
    assert (study.outcome["outcome"].std("draw") > inputs).all()


def test_only_methods_with_the_doubt_of_inputs_alone_are_compared() -> None:
    doubt = weigh(studied("mean", "median", "predictive"), **SIZES)
    assert doubt.agreement["method"].values.tolist() == ["mean", "median"]
    assert doubt.left_out == ()
    assert not doubt.reasons
    assert set(doubt.levers) <= set(doubt.study.inputs.central["issue"].values.tolist())


def test_one_method_agrees_with_nobody() -> None:
    assert weigh(studied("mean"), **SIZES).agreement is None


def test_a_case_without_any_doubt_says_why_nothing_drives_it() -> None:
    doubt = weigh(conduct(parse(SURE), draws=8, seed=1, only=("mean",), workers=1), **SIZES)
    assert doubt.indices == {}
    assert doubt.reasons["indices"].startswith("Nothing in the case is uncertain")
    assert doubt.levers["land"].attrs["at_most"] == 40
    assert bool(doubt.levers["land"]["is_enough"].values[0])


def test_without_a_scale_there_is_nothing_to_ask() -> None:
    study = conduct(parse(NOMINAL), draws=8, seed=1, workers=1)
    with pytest.raises(CallError, match="no issue with a scale"):
        weigh(study, **SIZES)


def test_the_nearest_stated_point_is_asked_for_but_not_one_it_is_at() -> None:
    issue = CASE.case.issue["force"]
    low, high = issue.ends
    points = sorted(float(point) for point in issue.scale)
    inner = [point for point in points if low < point < high]
    assert aimed(issue, inner[0] + 0.2 * (high - low)) == {"at_most": inner[0]}
    at = aimed(issue, inner[0])
    assert at is not None
    assert inner[0] not in at.values()


def test_the_central_mean_is_the_mean_at_central_values() -> None:
    study = studied("mean")
    central = study.inputs.central
    weight = (central["capability"] * central["salience"]).where(central["has_stand"], 0.0)
    expected = (weight * central["position"]).sum("actor") / weight.sum("actor")
    np.testing.assert_allclose(central_mean(study.inputs, {}), expected)


def test_sources_are_told_apart_only_if_there_are_several() -> None:
    assert ways(CASE.case)[:2] == ("value", "actor")
    assert ("source" in ways(CASE.case)) == (len({one.source for one in CASE.case.statements}) > 1)
