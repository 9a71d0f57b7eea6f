"""Sensitivity and levers of a case: closed forms for the compromise mean, groups, and what is not read."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from westphalia.analyses.levers import Scene
from westphalia.analyses.sampling import Ties, unknowns
from westphalia.api import read
from westphalia.case.inputs import build
from westphalia.errors import CallError
from westphalia.methods import load_all
from westphalia.registry import find
from westphalia.runs.answers import forecasts
from westphalia.runs.levers import forecast_levers, opening_levers
from westphalia.runs.sensitivity import grouped, screening, sensitivity

load_all()

CASE = {
    "westphalia": 1,
    "id": "tolls",
    "title": "Tolls",
    "question": "Who pays?",
    "date": "2020",
    "sources": [
        {"id": name, "title": f"The {name}", "kind": "report", "file": f"{name}.txt"}
        for name in ("log", "diary")
    ],
    "actors": [{"id": name, "name": name.title(), "kind": "state"} for name in ("north", "south", "west")],
    "issues": [
        {"id": "toll", "question": "How high?", "scale": {0: "none", 100: "full"}, "reversion": 0},
        {"id": "fee", "question": "How much?", "scale": {0: "none", 10: "full"}, "reversion": 0},
        {"id": "place", "question": "Where?", "kind": "nominal", "scale": {"here": "here", "there": "there"}},
    ],
    "statements": [
        {
            "id": f"s{at}",
            "source": source,
            "speaker": "north",
            "mode": "quote",
            "kind": "demand",
            "gloss": "…",
        }
        for at, source in enumerate(("log", "log", "diary"))
    ],
    "stands": {
        "north": {
            "toll": {"position": {"low": 0, "high": 40, "evidence": ["s0"]}, "salience": 1},
            "fee": {"position": {"low": 0, "high": 4, "evidence": ["s0", "s2"]}, "salience": 0.5},
            "place": {"position": {"chances": {"here": 0.5, "there": 0.5}}, "salience": 1},
        },
        "south": {
            "toll": {"position": {"low": 50, "high": 90, "evidence": ["s1", "s2"]}, "salience": 0.5},
            "fee": {"position": 8, "salience": 0.5},
            "place": {"position": "there", "salience": 1},
        },
        "west": {"toll": {"position": {"low": 20, "high": 30, "assumption": "a guess"}, "salience": 0.25}},
    },
    "capability": {"north": 2, "south": 2, "west": 4},
    "agreement": {"required": ["north", "south"]},
}
WEIGHT = np.array([2.0, 1.0, 1.0]) / 4
RANGE = np.array([40.0, 40.0, 10.0])
POSITIONS = ["north.toll.position", "south.toll.position", "west.toll.position"]


def made(folder: Path, **changes):
    folder.mkdir(exist_ok=True)
    (folder / "case.yaml").write_text(yaml.safe_dump({**copy.deepcopy(CASE), **changes}), encoding="utf-8")
    return read(folder).document


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return made(tmp_path_factory.mktemp("tolls"))


def test_the_mean_splits_by_weight_times_range_squared(case) -> None:
    found = sensitivity(case, of=("toll",), draws=2048).sel(answer="mean.toll")
    variance = (WEIGHT * RANGE) ** 2 / 12
    assert float(found["variance"]) == pytest.approx(variance.sum(), rel=1e-3)
    assert float(found["answer_mean"]) == pytest.approx(WEIGHT @ [20, 70, 25], abs=1e-2)
    for name in ("first_order", "total_order"):
        shares = found[name].sel(group=POSITIONS).values
        np.testing.assert_allclose(shares, variance / variance.sum(), atol=2e-3)
    others = found["total_order"].drop_sel(group=POSITIONS)
    assert not others.values.any()
    assert not found["interval_cut"].sel(group=others["group"]).values.any()


def test_groups_by_actor_issue_source_and_statement(case) -> None:
    share = (WEIGHT * RANGE) ** 2 / ((WEIGHT * RANGE) ** 2).sum()
    wanted = {
        "actor": {"north": share[0], "south": share[1], "west": share[2]},
        "issue": {"toll": 1.0, "fee": 0.0, "place": 0.0},
        "source": {"log": share[0] + share[1], "diary": share[1], "(assumed)": share[2]},
        "statement": {"s0": share[0], "s1": share[1], "s2": share[1], "(assumed)": share[2]},
    }
    for by, shares in wanted.items():
        found = sensitivity(case, of=("toll",), by=by, draws=1024).isel(answer=0)
        told = {name: float(found["first_order"].sel(group=name)) for name in shares}
        assert told == pytest.approx(shares, abs=5e-3), by
    assert set(grouped(case.case, build(case.case), "source", unknowns(build(case.case))).names) == {
        "log",
        "diary",
        "(assumed)",
        "(no evidence)",
    }


def test_all_issues_of_several_methods_are_one_result(case) -> None:
    found = sensitivity(case, methods=("mean", "median"), draws=64)
    assert found["answer"].values.tolist() == ["mean.toll", "mean.fee", "median.toll", "median.fee"]
    assert found.sizes["group"] == 5
    assert found.attrs["case"] == "tolls"
    again = sensitivity(case, methods=("mean", "median"), draws=64, workers=3)
    assert found.identical(again)


def test_methods_that_treat_issues_apart_are_told_from_those_that_do_not(case) -> None:
    inputs = build(case.case)
    for method, parts in {"mean": 2, "median": 2, "challenge": 2, "nash": 1}.items():
        found = forecasts(find(method), ("toll", "fee"), inputs, {})
        assert len(found) == parts, method
    # Of Nash bargaining only the required parties' stands count.
    assert found[0].actors == ("north", "south")
    assert {cell.path for cell in found[0].inputs_of(inputs).cells} == {
        "north.toll.position", "south.toll.position", "north.fee.position"
    }  # fmt: skip


def test_the_zone_acceptance_and_nominal_issues_can_be_asked_for(case) -> None:
    found = sensitivity(case, of=("zone", "acceptance", "place"), draws=64)
    assert found["answer"].values.tolist() == [
        "plurality.place.here", "plurality.place.there", "zone", "acceptance.north", "acceptance.south"
    ]  # fmt: skip
    place = found.sel(answer="plurality.place.here")
    assert float(place["first_order"].sel(group="north.place.position")) == pytest.approx(1, abs=0.02)
    assert float(place["total_order"].sum()) == pytest.approx(1, abs=0.02)


def test_ties_are_unknowns_of_their_own(case) -> None:
    ties = Ties(capability_factor=2.0)
    found = sensitivity(case, of=("toll",), by="actor", ties=ties, draws=1024).isel(answer=0)
    plain = sensitivity(case, of=("toll",), by="actor", draws=1024).isel(answer=0)
    assert float(found["variance"]) > float(plain["variance"])
    value = sensitivity(case, of=("toll",), ties=ties, draws=256).isel(answer=0)
    assert float(value["first_order"].sel(group="south.capability_error")) > 0.05
    evidence = sensitivity(case, of=("toll",), by="source", ties=ties, draws=64)
    assert "(ties)" in evidence["group"].values


def test_screening_ranks_as_the_indices_do(case) -> None:
    found = screening(case, of=("toll",)).isel(answer=0)
    effects = found["mean_effect"].sel(group=POSITIONS).values
    np.testing.assert_allclose(effects, WEIGHT * RANGE)
    assert float(found["effect_size"].sel(group="north.fee.position")) == 0


def test_what_cannot_be_asked_is_refused(case, tmp_path) -> None:
    for how, words in (
        ({"of": ("tol",)}, "Did you mean 'toll'"),
        ({"by": "actors"}, "Did you mean 'actor'"),
        ({"methods": ("plurality",)}, "gives no forecast on a scale"),
        ({"methods": ("mena",)}, "Did you mean 'mean'"),
    ):
        with pytest.raises(CallError, match=words):
            sensitivity(case, draws=8, **how)
    stands = {
        "north": {"toll": {"position": 20, "salience": 1}},
        "south": {"toll": {"position": 40, "salience": 1}},
    }
    certain = made(tmp_path / "certain", stands=stands, issues=CASE["issues"][:1])
    with pytest.raises(CallError, match="Nothing in the case is uncertain"):
        sensitivity(certain)


# --- levers --------------------------------------------------------------------------------------


def test_levers_on_the_mean_are_the_closed_form_and_hold_in_half_the_draws(case) -> None:
    found = forecast_levers(case, "toll", at_least=40, by="west", draws=1024)
    assert found.attrs["at_least"] == 40
    kinds, actors = found["lever_kind"].values, found["lever_actor"].values
    west = found.isel(lever=int(np.flatnonzero((kinds == "position") & (actors == "west"))[0]))
    # F = 33.75 and w/W = 1/4: a shift of 25.
    assert float(west["lever_to"]) == pytest.approx(50)
    assert float(west["lever_forecast"]) == pytest.approx(40)
    assert bool(west["is_own"])
    assert float(west["suffices_probability"]) == pytest.approx(0.5, abs=0.01)
    assert float(found["holds_probability"]) < 0.2


def test_levers_on_other_methods_are_searched_and_land_where_they_say(case) -> None:
    for method in ("median", "challenge", "nash"):
        found = forecast_levers(case, "toll", at_least=45, method=method, draws=32)
        enough = found["is_enough"].values
        assert enough.any(), method
        assert (found["lever_forecast"].values[enough] >= 45).all(), method
        proved = found["is_proved"].values[enough & (found["lever_size"].values > 0)]
        assert proved.all() == (method == "median")


def test_a_search_over_the_mean_through_the_whole_case_is_the_closed_form(case, monkeypatch) -> None:
    exact = forecast_levers(case, "toll", at_least=40, draws=8)
    monkeypatch.setattr("westphalia.runs.levers.DEFAULT_METHOD", "another")
    searched = forecast_levers(case, "toll", at_least=40, method="mean", draws=8)
    assert not searched["is_proved"].values[searched["is_enough"].values].any()
    exactly, by_search = (
        dict(
            zip(
                zip(*(found[name].values.tolist() for name in ("lever_kind", "lever_actor")), strict=True),
                found["lever_to"].values.tolist(),
                strict=True,
            )
        )
        for found in (exact, searched)
    )
    assert by_search == pytest.approx(exactly, rel=1e-5, nan_ok=True)


def test_a_zone_that_is_shut_is_opened_by_a_lower_no_deal(tmp_path) -> None:
    no_deal = {"north": {"low": 0.85, "high": 0.95}, "south": {"low": 0.85, "high": 0.95}}
    shut = made(tmp_path, no_deal=no_deal)
    found = opening_levers(shut, by="north", draws=64)
    kinds, actors = found["lever_kind"].values, found["lever_actor"].values
    own = int(np.flatnonzero((kinds == "no_deal") & (actors == "north"))[0])
    assert bool(found["is_own"][own])
    assert 0 < float(found["lever_size"][own]) < 1
    assert 0.2 < float(found["suffices_probability"][own]) < 0.8
    assert float(found["holds_probability"]) < 0.1


def test_a_wish_that_makes_no_sense_is_refused(case) -> None:
    for how, words in (
        ({"issue": "place", "at_most": 1}, "no issue 'place' on a scale"),
        ({"issue": "toll"}, "needs one outcome"),
        ({"issue": "toll", "at_most": 1, "at_least": 2}, "needs one outcome"),
        ({"issue": "toll", "at_most": 101}, "is not on the scale"),
        ({"issue": "toll", "at_most": float("nan")}, "is not on the scale"),
        ({"issue": "toll", "at_most": 1, "by": "nort"}, "Did you mean 'north'"),
        ({"issue": "toll", "at_most": 1, "method": "winset"}, "gives no forecast"),
    ):
        with pytest.raises(CallError, match=words):
            forecast_levers(case, how.pop("issue"), **how)


def test_the_scene_holds_those_alone_who_take_a_stand(case) -> None:
    assert Scene.of(build(case.case).central, "fee").actors == ("north", "south")
