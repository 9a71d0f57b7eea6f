"""The chapter on stability: its words, tables and pictures follow from what was computed, nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from tests.report.stability_cases import ARMS, arms, open_gates, peace, unknown
from tests.report.test_page import PAYLOAD

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError
from westphalia.language import speaking
from westphalia.report import build, write_pictures
from westphalia.report.stability import stability_parts
from westphalia.report.stability_chapter import stability_chapter, stability_terms
from westphalia.report.stability_data import plain, reasons_of
from westphalia.report.stability_states import Teller
from westphalia.runs.stability import GraphStudy, play
from westphalia.runs.study import Study, conduct


def part(study: GraphStudy, wanted: str, language: str = "en"):
    return next(one for one in stability_parts(study, language) if one.id == wanted)


def said(study: GraphStudy, wanted: str) -> str:
    return " ".join(part(study, wanted).sentences)


def study_of(study: GraphStudy) -> Study:
    return conduct(study.document, draws=16, seed=1, only=("mean",), workers=1)


# --- the answer ----------------------------------------------------------------------------------


def test_today_is_told_with_who_would_leave_it() -> None:
    words = said(arms(), "rest")
    assert "Today's state is not at rest at the central values, by sequential stability" in words
    assert "it would be left by The South." in words
    assert "Improvements lead from there to state A, 1 move away, and end nowhere else" in words


def test_what_is_not_in_doubt_gets_no_share_of_draws() -> None:
    words = " ".join(sentence for one in stability_parts(arms(), "en") for sentence in one.sentences)
    assert "draw" not in words
    assert all(
        "draws" not in head for one in stability_parts(arms(), "en") for g in one.grids for head in g.head
    )


def test_shares_of_draws_carry_their_error() -> None:
    study = open_gates()
    teller = Teller(study, "en")
    quiet = study.model.conflict.place_of(0)
    assert quiet is not None
    assert teller.share_words(quiet, "seq") == "50 % ± 12 %"
    assert teller.share_words(quiet, "sim") == ""
    assert "± twice the standard error" in stability_terms(study)


def test_a_settlement_is_told_by_its_rule() -> None:
    words = said(open_gates(), "rest")
    assert "A settlement is among them: 1 of the 2 states at rest read as one" in words
    assert "Improvements alone lead from today to none of them" in words
    # Where no move is a concession nothing is said of settlements.
    assert "settlement" not in said(arms(), "rest")


def test_where_today_holds_improvements_are_those_of_who_looks_no_further() -> None:
    words = said(peace(), "rest")
    assert "Today's state is at rest" in words
    assert "Improvements of actors who do not look ahead would lead from there to state A" in words


# --- the states ----------------------------------------------------------------------------------


def test_the_table_writes_states_and_verdicts_as_the_literature_does() -> None:
    grid = part(arms(), "states").grids[0]
    assert grid.head == ("move", "today", "A", "B")
    rows = {row[0]: row[1:] for row in grid.rows}
    assert rows["The North: Arm the North"] == ("Y", "Y", "N")
    assert rows["verdict of The North"] == ("r", "r", "s")
    assert rows["verdict of The South"] == ("u", "r", "s")
    assert rows["at rest: Nash"] == ("no", "yes", "no")
    assert "Den Norden rüsten" in part(arms(), "states", "de").grids[0].rows[0][0]


def test_the_table_has_as_many_states_as_fit() -> None:
    (states, *_) = (one for one in stability_parts(arms(), "en", most=1) if one.id == "states")
    assert states.grids[0].head == ("move", "today", "A")


def test_a_conflict_without_moves_names_its_states() -> None:
    grid = part(peace(), "states").grids[0]
    assert {row[:2] for row in grid.rows} == {("today", "Peace at last"), ("A", "Ruin <b>&")}


# --- ways, deterrence, coalitions ------------------------------------------------------------------


def test_ways_tell_which_moves_are_no_improvement() -> None:
    words = said(arms(), "ways")
    assert "To state A in 1 move, by improvements alone: The South (take “Arm the South”)." in words
    assert "The North (drop “Arm the North”; no improvement for it)" in words


def test_who_breaks_what_and_who_deters_whom() -> None:
    rows = part(arms(), "breaking").grids[0].rows
    assert ("A", "nobody", "nobody", "The North + The South") in rows
    assert ("B", "nobody", "The North; The South", "nobody") in rows
    assert "of which 1 only The South can deter" in said(arms(), "deterring")
    assert "The North and The South together would leave state A" in said(arms(), "coalitions")


def test_a_wish_that_never_matters_is_told_with_its_reason() -> None:
    words = said(open_gates(), "rules")
    assert "The North's wish “march and open-gates” never matters" in words
    assert "it holds in no state" in words
    assert part(open_gates(), "rules").grids[0].rows == (("march and open-gates", "1", "1"),)


def test_what_would_keep_somebody_is_what_must_be_no_better() -> None:
    words = said(arms(), "changing")
    assert "The South would stay in today's state if it held no better than that: state A." in words
    assert "It would stay by 50 % of all orders" in words


def test_unknown_preferences_are_told_by_attitude_and_reasons_once() -> None:
    assert "leaves out of account what is not known" in said(unknown(), "unknown")
    skipped = part(unknown(), "skipped").sentences
    assert len(skipped) == len({one.partition(": ")[2] for one in skipped})


# --- the chapter ---------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [arms, open_gates, peace, unknown])
def test_the_chapter_stands_in_the_page(made) -> None:
    study = made()
    chapter = stability_chapter(study, "en")
    page = build(study_of(study), stability=study)
    assert '<h2 id="stability">Stability</h2>' in page
    for one in chapter.parts:
        assert f'<h3 id="stability-{one.id}">' in page
    for chart in chapter.charts:
        assert f'<figure id="{chart}">' in page
    assert "--no-stability" not in page
    assert build(study_of(study), stability=study) == page


def test_a_part_names_only_pictures_that_can_be() -> None:
    named = {one.chart for one in stability_parts(open_gates(), "en") if one.chart}
    assert set(stability_chapter(open_gates(), "en").charts) <= named


def test_without_it_the_page_says_how_it_was_run() -> None:
    page = build(study_of(arms()))
    assert 'id="stability"' not in page
    assert "--no-stability" in page


def test_a_case_without_a_graph_model_says_how_to_add_it() -> None:
    document = parse(new_case())
    with pytest.raises(CallError) as caught:
        play(document)
    chapter = stability_chapter(caught.value, "en")
    assert chapter.parts == ()
    assert "Add a section 'stability' with preferences" in chapter.reason
    assert "Add a section" in build(conduct(document, draws=8, only=("mean",)), stability=caught.value)


def test_texts_of_the_case_stay_text() -> None:
    quoted = json.dumps(PAYLOAD)
    text = ARMS.replace("content: Arm the South", f"content: {quoted}")
    study = play(parse(text.replace("name: The South", f"name: {quoted}")), draws=4)
    page = build(study_of(study), stability=study)
    assert PAYLOAD not in page
    assert "Ruin <b>" not in build(study_of(peace()), stability=peace())


def test_pictures_are_written_beside_the_others(tmp_path) -> None:
    drawn = write_pictures(study_of(arms()), tmp_path, stability=arms())
    assert "stability-states.svg" in {file.name for file in drawn}


def test_still_pictures_are_drawn_to_a_tenth_of_a_point() -> None:
    page = build(study_of(open_gates()), stability=open_gates())
    still = page[page.index('<figure id="stability-states">') :]
    tags = re.findall(r"<[a-z][^<>]*>", still[still.index("<svg") : still.index("</svg>")])
    assert any(re.search(r"\d\.\d", tag) for tag in tags)
    assert not [tag for tag in tags if re.search(r"\d\.\d{3,}", tag)]


# --- in German -----------------------------------------------------------------------------------


def test_the_chapter_speaks_the_language_that_is_spoken() -> None:
    english = stability_chapter(open_gates(), "en")
    with speaking("de"):
        chapter = stability_chapter(open_gates(), "de")
        words = said(arms(), "rest")
    assert chapter.title == "Stabilität"
    alike = zip(chapter.parts, english.parts, strict=True)
    assert not [german.title for german, one in alike if german.title == one.title]
    assert {name: chart.sentence for name, chart in chapter.charts.items()}.keys() == english.charts.keys()
    assert all(chart.key != english.charts[name].key for name, chart in chapter.charts.items())
    assert "ist bei mittleren Werten nicht in Ruhe (sequenzielle Stabilität)" in words
    assert "Verbesserungen führen von dort zu Zustand A, 1 Zug entfernt" in words


def test_data_keep_their_names_whatever_is_spoken() -> None:
    with speaking("de"):
        told = plain(arms())
        assert reasons_of(arms(), "heute")["state"] == told["today"]
    assert told == plain(arms())
    assert told["states"][0]["label"] in ("today", "A")


def test_where_no_state_is_held_none_is_named() -> None:
    study = arms()
    limited = study.limited.assign(is_equilibrium=study.limited["is_equilibrium"] & False)
    words = said(replace(study, limited=limited), "foresight")
    assert "moves ahead, there is no state that nobody leaves." in words
