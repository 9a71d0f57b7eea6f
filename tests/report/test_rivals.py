"""The chapters on exchanges and networks, and the rounds of the models: true to their results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.report.cases import study as small_study

from westphalia.api import read
from westphalia.charts import draw
from westphalia.report import build
from westphalia.report.drawing import Helper
from westphalia.report.exchanges import Exchanges, exchange_chapter, exchange_parts, rows_of
from westphalia.report.networks import network_chapter
from westphalia.report.rivals import rival_chapters
from westphalia.runs.networks import graph_of_case, networks
from westphalia.runs.rivals import MOST_ROUNDS, paths, realised

FLAGSHIP = Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02"


@pytest.fixture(scope="module")
def study():
    return read(FLAGSHIP).study(draws=40, methods=["mean", "challenge", "smp", "exchange"])


def test_rounds_begin_and_end_where_the_methods_do(study) -> None:
    found = paths(study)
    assert list(found) == ["challenge", "smp", "exchange"]
    for method, path in found.items():
        assert path.dims == ("draw", "round", "issue")
        assert path.sizes["round"] <= MOST_ROUNDS + 1
        assert np.isfinite(path.values).all(), method
    mean = study.results["mean"]["forecast"].values
    for method in ("smp", "exchange"):
        np.testing.assert_allclose(found[method].isel(round=0).values, mean, rtol=1e-9)
    end = found["exchange"].isel(round=-1).values
    np.testing.assert_array_equal(end, study.results["exchange"]["forecast"].values)
    np.testing.assert_array_equal(found["challenge"].values, study.results["challenge"]["median"].values)


def test_methods_that_were_not_run_have_no_rounds_and_no_exchanges() -> None:
    alone = read(FLAGSHIP).study(draws=4, methods=["mean"])
    assert paths(alone) == {}
    assert list(rival_chapters(alone, "en")) == ["networks"]


def test_exchanges_are_those_of_the_method_and_gain_alike(study) -> None:
    result = realised(study.inputs, study.options)
    found = Exchanges(result, study.document.case, "en")
    rows = list(rows_of(found))
    assert len(rows) == int(result["realised_count"].sum())
    for row in rows:
        first, second = row["sides"]
        assert first["gain"] == pytest.approx(second["gain"], abs=1e-6)
        assert first["issue"] != second["issue"]
        assert first["actor"] != second["actor"]
    whole, short = exchange_parts(found)[0], exchange_parts(found, most=3)[0]
    assert len(whole.grids[0].rows) == len(rows)
    assert short.grids[0].rows == whole.grids[0].rows[:3]
    assert "The first 3 are listed." in short.sentences[0]


def test_what_exchanges_brought_adds_up_in_the_table(study) -> None:
    chapter = exchange_chapter(realised(study.inputs, study.options), study.document.case, "en")
    grid = chapter.parts[1].grids[0]
    for row in grid.rows:
        *parts, whole = (float(text.replace("−", "-")) for text in row[1:])
        assert sum(parts) == pytest.approx(whole, abs=0.2)
    assert list(chapter.charts) == ["exchange-costs"]


def test_networks_of_the_flagship_say_who_and_with_what_limits(study) -> None:
    case = study.document.case
    found = networks(case, study.draws)
    chapter = network_chapter(found, case, "en")
    assert list(chapter.charts) == ["affiliation", "agreement", "hearing"]
    words = {part.id: " ".join(part.sentences) for part in chapter.parts}
    assert f"{found.statement_count} statements put" in words["speaking"]
    assert "2 blocs: United States, American voters and Russia" in words["agreeing"]
    assert "That shows who could speak to both, not who does." in words["agreeing"]
    assert "Esteban and Ray" in words["polarised"]
    assert "talks that no source tells of are missing" in words["hearing"]
    assert "a line is no influence" in chapter.terms


def test_one_graph_holds_all_networks(study) -> None:
    found = networks(study.document.case, study.draws)
    whole = graph_of_case(found)
    assert {"congruence", "conflict", "mentions", "hears", "bloc", "camp", "betweenness"} <= set(whole)
    assert whole["actor"].values.tolist() == whole["other_actor"].values.tolist()
    assert float(whole["hears"].sum()) == float(found.hears.sum())
    assert float(whole["mentions"].sum()) == float(found.affiliation["mentions"].sum())
    by_positions = graph_of_case(found, "positions")
    assert not by_positions["congruence"].equals(whole["congruence"])


def test_a_small_case_has_chapters_that_say_what_is_missing() -> None:
    small = small_study(methods=("mean", "exchange"))
    chapters = rival_chapters(small, "en")
    said = " ".join(" ".join(part.sentences) for part in chapters["exchanges"].parts)
    assert "No two actors have an exchange of positions by which both gain" in said
    assert chapters["exchanges"].charts == {}
    page = build(small)
    assert '<h2 id="exchanges">' in page
    assert '<h2 id="networks">' in page


def test_a_helper_that_fails_costs_no_picture(study, monkeypatch) -> None:
    chapters = rival_chapters(study, "en")
    charts = [chart for chapter in chapters.values() for chart in chapter.charts.values()]
    with Helper() as helper:
        drawn = helper.svgs(charts)
    monkeypatch.setattr("westphalia.report.drawing._WORK", "raise SystemExit(3)")
    with Helper() as broken:
        assert broken.svgs(charts) == drawn
    assert drawn == {chart.id: draw.svg(chart) for chart in charts}
