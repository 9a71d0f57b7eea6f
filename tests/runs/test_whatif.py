"""What changes do to forecasts, against closed forms; the case and its file stay."""

from __future__ import annotations

import numpy as np
import pytest

from westphalia.case.document import parse
from westphalia.case.scenarios import (
    new_scenario,
    read_actor,
    read_removal,
    read_scaling,
    read_setting,
    read_shift,
)
from westphalia.case.template import new_case
from westphalia.errors import CallError
from westphalia.runs.whatif import run_scenarios, what_if, with_scenario

CASE = parse(new_case(date="2025-02-12"))
HOW = {"draws": 128, "seed": 4, "only": ("mean",)}


def moved(*changes, issue="force"):
    ran = what_if(CASE, changes, **HOW)
    return ran, ran.difference["difference"].sel({"method": "mean", "issue": issue}).values


def share_of(ran, actor, issue):
    one = ran.base.draws.sel(issue=issue)
    weight = one["capability"] * one["salience"]
    return (weight.sel(actor=actor) / weight.sum("actor")).values


def test_a_shift_moves_the_compromise_mean_by_its_share_of_weight() -> None:
    """w_i · d / Σw in every draw, as nothing is cut at the ends of the scale."""
    ran, by = moved(read_shift("alliance:force:+5"))
    np.testing.assert_allclose(by, 5 * share_of(ran, "alliance", "force"), rtol=1e-9)
    _, elsewhere = moved(read_shift("alliance:force:+5"), issue="border")
    assert not elsewhere.any()


def test_a_shift_of_all_moves_it_by_all_of_it_until_the_end_cuts() -> None:
    _, by = moved(read_shift("north,south,alliance:force:-0.5"))
    ran, cut = moved(read_shift("north,south,alliance:force:+100"))
    assert (by <= 0).all()
    np.testing.assert_allclose(cut, 100 - ran.base.forecast["forecast"].sel(issue="force").values[0])


def test_a_removed_actor_takes_its_weight_away() -> None:
    ran, by = moved(read_removal("alliance"))
    base = ran.base.forecast["forecast"].sel(issue="force").values[0]
    share = share_of(ran, "alliance", "force")
    np.testing.assert_allclose(base + by, (base - share * 60) / (1 - share), rtol=1e-9)
    assert ran.accepting()["alliance"][1] is None


def test_an_actor_that_is_scaled_counts_as_one_that_is_added_with_the_same_stand() -> None:
    twin = (
        "{id: twin, name: Twin, kind: state, stands: {force: {position: 60, salience: 0.4}}, capability: 5}"
    )
    _, added = moved(read_actor(twin))
    _, scaled = moved(read_setting("alliance.capability={low: 25, high: 55}"))
    np.testing.assert_allclose(added, scaled, atol=1e-9)
    _, doubled = moved(read_scaling("north,south,alliance:2"))
    np.testing.assert_allclose(doubled, 0, atol=1e-9)


def test_the_base_is_the_plain_forecast_and_the_result_says_what_was_changed() -> None:
    from westphalia.runs.study import conduct

    ran, _ = moved(read_removal("alliance"))
    assert ran.base.forecast.identical(conduct(CASE, **HOW).forecast)
    assert ran.difference.attrs["changes"] == ["without alliance"]
    assert ran.difference.attrs["case_digest"] == CASE.digest
    assert ran.changed.document.digest != CASE.digest
    again, _ = moved(read_removal("alliance"))
    assert again.difference.identical(ran.difference)


def test_saved_scenarios_run_as_their_changes_do_and_the_base_runs_once() -> None:
    changes = (read_shift("alliance:force:+5"), read_removal("north"))
    document = with_scenario(CASE, new_scenario("one", "One", changes[:1]))
    document = with_scenario(document, new_scenario("two", "Two", changes))
    ran = run_scenarios(document, **HOW)
    assert list(ran) == ["one", "two"]
    assert ran["one"].base is ran["two"].base
    direct = what_if(CASE, changes, **HOW)
    np.testing.assert_array_equal(ran["two"].difference["difference"], direct.difference["difference"])
    assert list(run_scenarios(document, ("two",), **HOW)) == ["two"]
    with pytest.raises(CallError, match="Did you mean 'two'"):
        run_scenarios(document, ("twoo",), **HOW)


def test_a_scenario_without_effect_differs_by_nothing() -> None:
    _, by = moved(read_shift("alliance:force:+5"), read_shift("alliance:force:-5"))
    assert not by.any()
