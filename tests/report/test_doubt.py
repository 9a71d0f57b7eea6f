"""The chapter on what the answer hangs on: what was computed is what is told, always with its doubt."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pytest
from tests.report import cases

from westphalia.case.document import parse
from westphalia.errors import CallError
from westphalia.report import build
from westphalia.report.doubt import LITTLE, Asked
from westphalia.report.doubt_change import most_moved, wish_words
from westphalia.report.doubt_chapter import doubt_chapter, doubt_charts
from westphalia.report.grid import Grid, Part
from westphalia.runs.doubt import Doubt, weigh
from westphalia.runs.study import conduct

SCENARIOS = """
scenarios:
  - id: thaw
    title: {en: A thaw, de: Tauwetter}
    changes: [{shift: bob, on: land, by: -20}]
    evidence: [heard]
    assumption: he was heard to waver
  - id: nothing
    title: Nothing happens
    changes: [{scale_capability: [ann, bob], by: 2}]
"""


@lru_cache
def found() -> Doubt:
    document = parse(cases.CASE.replace("50: in the middle", "30: in the middle") + SCENARIOS)
    study = conduct(document, draws=256, seed=3, only=("mean", "median", "predictive"), workers=1)
    return weigh(study, base_draws=256, tried_draws=128, workers=1)


@lru_cache
def parts() -> dict[str, Part]:
    return {part.id: part for part in doubt_chapter(found(), "en").parts}


def grid(part: str, title: str) -> Grid:
    return next(one for one in parts()[part].grids if one.title.startswith(title))


def test_the_chapter_has_its_parts_in_order_and_every_picture_is_there() -> None:
    chapter = doubt_chapter(found(), "en")
    assert [part.id for part in chapter.parts] == ["drivers", "methods", "levers", "scenarios", "record"]
    assert {part.chart for part in chapter.parts if part.chart} == set(chapter.charts)
    assert set(doubt_charts(found(), "en")) == {
        "drivers",
        "method-agreement",
        "scenarios-land",
        "calibration",
    }


def test_drivers_are_those_of_the_indices_with_their_number_of_draws_and_their_error() -> None:
    said = " ".join(parts()["drivers"].sentences)
    assert "two samples of 256 draws" in said
    worst = max(float(one["first_order_error"].max()) for one in found().indices.values())
    assert f"at most {100 * worst:.0f} points" in said
    (row,) = grid("drivers", "Whom and what").rows
    actors = found().indices["actor"].sel(answer="mean.land")
    most = str(actors["group"].values[int(np.argmax(actors["first_order"].values))])
    assert row[1].startswith({"ann": "Ann", "bob": "Bob"}[most])
    assert all(int(share) >= 100 * LITTLE for share in re.findall(r"(\d+) %", row[1]))


def test_the_inputs_share_of_the_default_forecast_is_that_of_the_variances() -> None:
    study = found().study
    inputs = study.results["mean"]["forecast"].sel(issue="land").var()
    share = float(inputs / study.outcome["outcome"].sel(issue="land").var())
    assert f"{100 * share:.0f} % (“Where is the line?”)" in parts()["drivers"].sentences[0]
    assert "no better report" in parts()["drivers"].sentences[0]


def test_a_better_estimate_narrows_and_its_width_is_told_beside_the_width_now() -> None:
    ((_, name, now, then),) = grid("drivers", "What a better estimate").rows
    assert "Bob" in name
    assert float(then) <= float(now)
    wide = float(found().indices["value"]["answer_width"].sel(answer="mean.land"))
    assert float(now) == pytest.approx(wide, abs=0.5)


def test_the_default_forecast_is_told_beside_the_methods_and_is_none_of_them() -> None:
    assert "predictive" not in found().agreement["method"].values
    (row,) = grid("methods", "Methods apart").rows
    share = float(found().agreement["method_share"].sel(issue="land"))
    assert row[1] == f"{100 * share:.0f} %"
    assert re.fullmatch(r"\d+ \(90 %: \d+ to \d+\)", row[4])
    assert "2 methods on the same draws" in parts()["methods"].sentences[0]


def test_levers_are_those_that_were_found_and_own_moves_stand_apart() -> None:
    levers = found().levers["land"]
    (row,) = grid("levers", "The cheapest").rows
    assert row[0] == wish_words(Asked(found(), "en"), "land", levers)
    first = levers.isel(lever=0)
    assert f"cost {float(first['lever_cost']):.2g}" in row[1]
    assert f"enough in {float(first['suffices_probability']) * 100:.0f} %" in row[1]
    own = grid("levers", "What each party could do alone")
    assert own.head[1:] == ("Ann", "Bob")
    assert all("enough" in cell for cell in own.rows[0][1:])


def test_scenarios_are_told_with_grounds_and_the_spread_of_the_difference() -> None:
    said = parts()["scenarios"].sentences
    assert "over 128 draws that both share" in said[0]
    assert said[1] == (
        "“A thaw”: Bob -20 on “Where is the line?”. It rests on evidence heard; assumption: he was heard "
        "to waver"
    )
    assert "nothing that the case states" in said[2]
    (row,) = grid("scenarios", "What each scenario moves").rows
    difference = found().scenarios["thaw"].difference["difference"].sel({"method": "mean"})
    assert row[2].startswith(f"−{abs(float(np.median(difference))):.0f} (")
    assert "falls in 100 %" in row[2]
    assert row[3] == "does not move it"
    assert most_moved(Asked(found(), "en")) == "land"


def test_the_record_is_the_measured_one() -> None:
    assert "Track record" in parts()["record"].sentences[0]
    assert parts()["record"].chart == "calibration"


def test_names_come_in_the_language_of_the_page() -> None:
    words = " ".join(doubt_chapter(found(), "de").parts[3].sentences)
    assert "“Tauwetter”" in words


def test_the_page_has_the_chapter_and_says_how_to_leave_it_out() -> None:
    page = build(found().study, doubt=found())
    assert '<h2 id="doubt">What the answer hangs on</h2>' in page
    assert page.count('id="calibration"') == 1
    assert "--no-doubt" not in page
    assert "--no-doubt" in build(found().study)


def test_what_cannot_be_known_is_said_with_its_reason() -> None:
    error = CallError("The case has no issue with a scale.", code="input-missing")
    chapter = doubt_chapter(error, "en")
    assert chapter.reason == "What the answer hangs on is not known: The case has no issue with a scale."
    assert not chapter.parts
