"""The answer in words, on studies whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from tests.report import cases

from westphalia.charts.positions import Scale
from westphalia.dossier.schema import Dated
from westphalia.report.settlement import CAUTION, UNKNOWN, settlement
from westphalia.report.values import dated_text, day_text, nearest_meaning, value_text
from westphalia.report.words import (
    DISAGREEMENT,
    contradictions,
    differing,
    expectations,
    unsettled,
    width_word,
)
from westphalia.runs.study import Study
from westphalia.uncertain import Mixture, Normal, Point, Triangular, Uniform

TITLES = {"mean": "Compromise mean", "median": "Weighted median"}
SCALE = Scale("land", "Where?", "", ((0.0, "west"), (50.0, "middle"), (100.0, "east")))


def accepted(ann: float, bob: float) -> xr.Dataset:
    """Acceptance in which each party accepts in that share of 100 draws, Bob's refusals within Ann's."""
    draws = np.arange(100)
    says = np.stack([draws < 100 * ann, draws < 100 * bob], axis=1)
    return xr.Dataset(
        {"is_accepted": (("draw", "actor"), says), "is_settled": (("draw",), says.all(axis=1))},
        coords={"actor": ["ann", "bob"]},
    ).assign(gain=(("draw", "actor"), np.where(says, 0.1, -0.1)))


def bargain(share: float, *, converged: float = 1.0) -> xr.Dataset:
    draws = np.arange(100)
    gain = np.stack([np.full(100, 0.3), np.full(100, 0.01)], axis=1)
    return xr.Dataset(
        {
            "is_settled": (("draw",), draws < 100 * share),
            "converged": (("draw",), draws < 100 * converged),
            "forecast": (("draw", "issue"), np.linspace(20, 30, 100)[:, None]),
            "gain": (("draw", "actor"), gain),
        },
        coords={"actor": ["ann", "bob"], "issue": ["land"]},
    )


def study(acceptance: xr.Dataset | None, nash: xr.Dataset | None = None) -> Study:
    results = dict(cases.study().results)
    if nash is not None:
        results["nash"] = nash
    return replace(cases.study(), acceptance=acceptance, results=results)


@pytest.mark.parametrize(
    ("ann", "bob", "verdict"),
    [
        (1.0, 1.0, "Yes: on these inputs every required party"),
        (1.0, 0.7, "Probably: the expected package"),
        (1.0, 0.5, "It is open whether every required party"),
        (1.0, 0.2, "Probably not on these terms"),
        (1.0, 0.0, "Not on these terms"),
    ],
)
def test_verdict_follows_the_share_of_draws_in_which_all_accept(ann: float, bob: float, verdict: str) -> None:
    assert settlement(study(accepted(ann, bob)), "en").verdict.startswith(verdict)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (1.0, "There is room for a settlement, but the expected package is mostly not it"),
        (0.5, "It is open whether any package"),
        (0.2, "Probably not: in most draws no package"),
        (0.0, "No: in nearly every draw"),
    ],
)
def test_where_the_expected_package_fails_bargaining_tells_whether_another_would_do(
    share: float, verdict: str
) -> None:
    found = settlement(study(accepted(1.0, 0.1), bargain(share)), "en")
    assert found.verdict.startswith(verdict)
    assert bool(found.package) == (share > 0)


def test_all_accept() -> None:
    found = settlement(study(accepted(1.0, 1.0)), "en")
    assert "In 100 % of the draws every required party" in found.reasons[0]
    assert "No required party refuses it in any draw." in found.reasons
    assert found.caution == CAUTION


def test_who_refuses_most_is_named_with_its_share() -> None:
    reasons = settlement(study(accepted(0.9, 0.25)), "en").reasons
    assert "It is refused most often by Bob: in 75 % of the draws." in reasons
    assert "The others refuse it less often: Ann in 10 %." in reasons


def test_the_package_all_gain_from_has_spread_and_words_of_the_scale() -> None:
    found = settlement(study(accepted(1.0, 0.0), bargain(1.0, converged=0.9)), "en")
    assert found.package[0][0] == "Where is the line?"
    assert found.package[0][1].startswith("25 (90 %: 20 to 30)")
    assert "nearer to" in found.package[0][1]
    assert any("Bob gains least: 0.01" in reason for reason in found.reasons)
    assert "In 10 % of the draws that search did not reach its tolerance." in found.reasons


def test_a_case_that_does_not_say_enough_gets_no_verdict() -> None:
    blank = replace(study(None), skipped={"acceptance": "What no deal is worth to 'ann' is unknown."})
    found = settlement(blank, "en")
    assert found.verdict == UNKNOWN
    assert found.reasons[0] == "What no deal is worth to 'ann' is unknown."


# --- issue by issue ----------------------------------------------------------------------------


def with_forecast(**by_method: np.ndarray) -> Study:
    values = np.stack(list(by_method.values()))[:, :, None]
    made = xr.Dataset(
        {"forecast": (("method", "draw", "issue"), values)},
        coords={"method": list(by_method), "issue": ["land"]},
    )
    outcome = xr.Dataset(
        {"outcome": (("draw", "issue"), np.linspace(0, 100, 200)[:, None])}, coords={"issue": ["land"]}
    )
    return replace(cases.study(), forecast=made, outcome=outcome)


def test_a_sure_forecast_says_so_and_still_shows_its_spread() -> None:
    sure = with_forecast(mean=np.linspace(48, 52, 200))
    land = expectations(sure, TITLES, "en")[0]
    assert land.expected == (
        "Expected: 50 on the scale from 0 to 100 (km), near “in the middle”. Half of the possible outcomes "
        "lie between 25 and 75, 90 % between 5 and 95, a stretch of 90 % of the scale (so wide that it says "
        "little), by these inputs and the error of such forecasts in the past."
    )
    assert land.sureness == (
        "The doubt in the inputs alone leaves a 4 % stretch of the scale open (narrow): "
        "Compromise mean 50 (90 %: 48 to 52)."
    )
    assert land.disagreement == ""


def test_without_a_default_forecast_the_first_method_is_told_with_its_spread() -> None:
    alone = replace(with_forecast(mean=np.linspace(48, 52, 200)), outcome=None)
    land = expectations(alone, TITLES, "en")[0]
    assert land.expected.startswith("Compromise mean: 50 on the scale from 0 to 100 (km)")
    assert "Half of the draws lie between 49 and 51, 90 % between 48 and 52." in land.expected
    assert land.sureness == "The doubt in the inputs alone leaves a 4 % stretch of the scale open (narrow)."


def test_the_default_forecast_is_no_rival_of_the_mean() -> None:
    base = np.linspace(40, 50, 200)
    land = expectations(with_forecast(mean=base, predictive=base + 40), TITLES, "en")[0]
    assert (land.others, land.disagreement) == ("", "")


def test_an_unsure_forecast_says_so() -> None:
    unsure = with_forecast(mean=np.linspace(0, 100, 200))
    assert "(so wide that it says little)" in expectations(unsure, TITLES, "en")[0].sureness


def test_disagreement_follows_the_stated_threshold() -> None:
    apart = 100 * DISAGREEMENT
    base = np.linspace(40, 50, 200)
    agree = expectations(with_forecast(mean=base, median=base + apart - 1), TITLES, "en")[0]
    differ = expectations(with_forecast(mean=base, median=base + apart + 1), TITLES, "en")[0]
    assert agree.disagreement == ""
    assert differ.disagreement == "Weighted median lies 16 % of the scale higher than Compromise mean."
    assert "Weighted median 61 (90 %: 56 to 66)" in differ.others


def test_an_issue_without_any_result_says_so() -> None:
    nothing = replace(with_forecast(mean=np.full(10, np.nan)), outcome=None)
    assert expectations(nothing, TITLES, "en")[0].expected == "No method gives a result."


def test_a_nominal_issue_names_the_leading_option_with_spread() -> None:
    venue = expectations(cases.study(), TITLES, "en")[1]
    assert venue.question == "Where do they meet?"
    assert "has the most weighted support in" in venue.expected
    assert "90 % of draws between" in venue.expected


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.1, "narrow"), (0.3, "moderate"), (0.5, "wide"), (0.9, "so wide that it says little")],
)
def test_width_in_words(share: float, word: str) -> None:
    assert width_word(share) == word


# --- what is open ------------------------------------------------------------------------------


def test_each_contradiction_is_counted_once() -> None:
    assert contradictions(cases.study().document.case) == (("heard", "said"),)


def test_what_the_evidence_leaves_open() -> None:
    said = unsettled(cases.study(), "en")
    assert said[0] == "1 pair of statements contradict each other."
    assert any("rest on an assumption that no statement supports" in one for one in said)
    assert any("rest on nothing the case states" in one for one in said)
    assert differing(cases.study()) == ()


def test_accounts_that_lie_apart_are_named() -> None:
    base = cases.study()
    two = Mixture((Uniform(0, 10), Uniform(80, 90)), (1.0, 1.0))
    stands = tuple(
        replace(stand, position=two) if stand.origin == "derived" else stand for stand in base.stands
    )
    apart = replace(base, stands=stands)
    assert differing(apart) == (("bob", "land"),)
    assert any("Bob on “Where is the line?”" in one for one in unsettled(apart, "en"))


# --- values and dates in words -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Point(3.0), "3"),
        (Uniform(1.0, 2.5), "1 to 2.5"),
        (Triangular(0.0, 1.0, 4.0), "0 to 4, most likely 1"),
        (Normal(5.0, 2.0), "about 5 (standard deviation 2)"),
        (Mixture((Point(1.0), Uniform(2.0, 3.0)), (3.0, 1.0)), "one of: 1 (75 %); 2 to 3 (25 %)"),
        (Point(-0.5), "−0.5"),
    ],
)
def test_values_read_as_an_analyst_says_them(value: Point, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (51.0, "near “middle”"),
        (0.0, "near “west”"),
        (40.0, "between “west” and “middle”, nearer to “middle”"),
        (99.0, "near “east”"),
    ],
)
def test_a_point_is_told_by_the_stated_meanings(value: float, words: str) -> None:
    assert nearest_meaning(value, SCALE) == words


def test_dates_stay_as_exact_as_they_are() -> None:
    case = cases.study().document.case
    assert day_text("2025") == "2025"
    assert day_text("2025-02") == "February 2025"
    assert dated_text(Dated(since="2025-01", until="2025-02"), case, "en") == "January 2025 to February 2025"
    before = Dated(at="2025-02-12", relation="before", event="call", inferred="the header")
    assert dated_text(before, case, "en") == "12 February 2025, before “The call” (inferred)"
    assert dated_text(None, case, "en") == ""
