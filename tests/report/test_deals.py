"""The chapter on deals: its words, tables and pictures follow from what was computed, nothing else."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from tests.report import cases
from tests.report.deals_cases import agreeable, at_war, blocked, hostile
from tests.report.test_page import PAYLOAD, Outline

from westphalia.charts.deals import signed
from westphalia.errors import CallError
from westphalia.report import build, write_pictures
from westphalia.report.deals import deal_parts, deal_summary, nash_package, small_share
from westphalia.report.deals_chapter import deals_chapter
from westphalia.report.deals_packages import alike, best_packages, expected_package, solved_packages
from westphalia.report.deals_pictures import closest_two, deal_charts
from westphalia.report.settlement import AT_CENTRE, settlement
from westphalia.runs.deals import Deals
from westphalia.runs.study import Study, conduct


def part(deals: Deals, wanted: str):
    return next(one for one in deal_parts(deals, "en") if one.id == wanted)


def said(deals: Deals, wanted: str) -> str:
    return " ".join(part(deals, wanted).sentences)


def study_of(deals: Deals) -> Study:
    return conduct(deals.document, draws=32, seed=1, only=("mean", "plurality"), workers=1)


# --- a zone --------------------------------------------------------------------------------------


def test_the_zone_is_told_with_its_count_and_its_spread() -> None:
    deals = agreeable()
    count = int(deals.zone["acceptable_count"])
    words = said(deals, "zone")
    assert f"At the central values {count} of 22 packages" in words
    assert "Consent is needed of Ann, Bob and Cid, and at home of Parliament." in words
    assert "100 % of 32 draws" in words
    assert re.search(r"95 % interval of that share: \d+ % to 100 %", words)
    assert "nobody blocks" in said(deals, "blocking")
    assert not deal_parts(deals, "en")[1].grids


def test_the_solutions_are_told_once_for_rules_that_agree() -> None:
    deals = agreeable()
    rules = [rule for group in alike(deals) for rule in group]
    assert sorted(rules) == sorted(deals.solutions["rule"].values.tolist())
    grid = part(deals, "solutions").grids[0]
    assert grid.head == ("issue", *(package.name for package in solved_packages(deals, "en")))
    assert [row[0] for row in grid.rows] == ["Where is the line?", "Where do they meet?"]


def test_the_package_at_the_top_is_that_of_the_nash_rule() -> None:
    deals = agreeable()
    picked = deals.solutions["settled_option"].sel(rule="nash").isel(solution=0)
    words = dict(nash_package(deals, "en"))
    assert words["Where is the line?"].startswith(f"{float(picked.sel(issue='land').item()):.0f},")
    options = {"here": "at home", "there": "abroad"}
    assert words["Where do they meet?"].startswith(options[picked.sel(issue="venue").item()])
    assert all("efficient package" in said for said in words.values())
    assert "Wo treffen sie sich?" in dict(nash_package(deals, "de"))


def test_gains_in_words_are_those_computed() -> None:
    deals = agreeable()
    gain = deals.solutions["gain"].sel(rule="nash").isel(solution=0)
    nash = next(package for package in solved_packages(deals, "en") if package.kind == "nash")
    for actor in ("ann", "bob", "cid", "home"):
        assert nash.gains[actor] == pytest.approx(float(gain.sel(actor=actor)), abs=1e-12)
    best = best_packages(deals)
    assert f"Ann {signed(best['ann'][1]['ann'])}" in said(deals, "gains")


def test_the_expected_package_is_judged_at_its_own_gains() -> None:
    gains = expected_package(agreeable(), "en").gains
    assert gains["ann"] >= 0
    assert "acceptable to all as it stands" in said(agreeable(), "opening")


def test_passing_at_home_is_told_with_the_win_sets() -> None:
    grid = part(agreeable(), "home").grids[0]
    assert [row[0] for row in grid.rows] == ["Ann", "Bob", "Cid"]
    assert "passes at home" in said(agreeable(), "home")
    alone, with_home = (float(re.sub(r"[^\d.]", "", text)) for text in grid.rows[1][1:])
    assert with_home <= alone


# --- no zone -------------------------------------------------------------------------------------


def test_without_a_zone_the_blockers_are_named_and_nothing_is_picked() -> None:
    deals = blocked()
    assert not bool(deals.zone["has_zone"])
    assert "none of the 22 packages is acceptable to all; this is proved" in said(deals, "zone")
    words = said(deals, "blocking")
    assert "Ann and Bob" in words
    assert "Without Ann alone there would be a zone." in words
    assert "The rest could agree without Ann in 100 % of the draws." in words
    assert "no bargaining solution picks one" in said(deals, "solutions")
    assert nash_package(deals, "en") == ()
    assert alike(deals) == {}


def test_without_a_zone_the_smallest_move_that_opens_it_is_told() -> None:
    deals = blocked()
    words = said(deals, "opening")
    lever = deals.levers.isel(lever=0)
    ends = f"{float(lever['lever_to']):.2f} instead of {float(lever['lever_from']):.2f}"
    assert (
        f"The smallest single move that would open a zone: no deal is worth {ends} of utility to Ann" in words
    )
    assert "Side payments that would open a zone: to Ann" in words
    assert part(deals, "opening").title == "What would open a zone"


def test_the_sets_that_cannot_agree_stand_in_a_table_with_their_share() -> None:
    rows = part(blocked(), "blocking").grids[0].rows
    assert ("Ann and Bob", "100 %") in rows


def test_the_plane_is_that_of_two_parties_in_conflict() -> None:
    assert "ann" in closest_two(blocked())
    chart = deal_charts(blocked(), "en")["deal-zone"]
    assert "No package that all accept was found" in chart.sentence
    kinds = {row["kind"] for row in chart.table.rows}
    assert kinds == {"some party refuses", "named"}


def test_an_unfinished_search_says_so() -> None:
    deals = blocked()
    open_zone = deals.zone.assign(is_decided=False)
    words = said(dataclasses.replace(deals, zone=open_zone), "zone")
    assert "the search ended at its time limit" in words
    assert "this is proved" not in words
    unsolved = dataclasses.replace(deals, solutions=deals.solutions.assign(is_decided=False))
    assert "ended at its time limit before" in said(unsolved, "solutions")
    assert "There is no package" not in said(unsolved, "solutions")


def test_a_sampled_zone_is_told_with_its_interval() -> None:
    deals = agreeable()
    sampled = deals.zone.assign(is_counted=False, volume_share=0.002, volume_low=0.001, volume_high=0.003)
    words = said(dataclasses.replace(deals, zone=sampled), "zone")
    assert "about 0.2 % of 22 packages" in words
    assert "95 % interval 0.1 % to 0.3 %, from a sample" in words


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.25, "25 %"), (0.000553, "0.055 %"), (2e-9, "2.0e-09")]
)
def test_small_shares_keep_two_digits(share: float, text: str) -> None:
    assert small_share(share) == text


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("deals", [agreeable(), blocked()], ids=["zone", "no zone"])
def test_the_page_has_the_chapter_and_is_whole(deals: Deals) -> None:
    read = Outline(build(study_of(deals), deals=deals))
    assert read.open == []
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"deals", "deal-zone", "deal-packages", "deal-gains", "deal-blocking"} <= set(ids)
    targets = {one["href"][1:] for one in read.all("a") if one["href"].startswith("#")}
    assert targets <= set(ids)
    for sentence in (s for one in deal_parts(deals, "en") for s in one.sentences):
        assert sentence.replace(" %", "\u00a0%").split()[0] in read.words
    assert "nan" not in read.words.lower().split()
    assert "--no-deals" not in read.words


def test_without_deals_there_is_no_chapter_and_the_command_says_so() -> None:
    read = Outline(build(cases.study()))
    assert "deals" not in {attributes.get("id") for _, attributes in read.elements}
    assert "--no-deals" in read.words


def test_an_error_becomes_the_reason_in_the_chapter() -> None:
    error = CallError("What no deal is worth to 'ann' is unknown.", code="input-missing", hint="State it.")
    read = Outline(build(cases.study(), deals=error))
    assert "Packages could not be judged: What no deal is worth to 'ann' is unknown. State it." in read.words
    assert deals_chapter(error, "en").parts == ()


def test_the_answer_speaks_once_from_the_exact_packages() -> None:
    deals = agreeable()
    study = conduct(deals.document, draws=32, seed=1, only=("mean", "nash"), workers=1)
    alone, told = settlement(study, "en"), settlement(study, "en", deals)
    assert any("Nash bargaining looks for it" in reason for reason in alone.reasons)
    assert not any("Nash bargaining" in reason for reason in told.reasons)
    assert told.reasons[-len(deal_summary(deals, "en")) :] == deal_summary(deals, "en")
    assert told.package_head == AT_CENTRE
    assert told.package == nash_package(deals, "en")


def test_the_verdict_follows_the_share_of_draws_with_a_zone() -> None:
    deals = blocked()
    told = settlement(study_of(deals), "en", deals)
    assert told.verdict.startswith("No: in nearly every draw")
    assert told.package == ()


def test_nothing_of_a_hostile_case_gets_out() -> None:
    deals = hostile(PAYLOAD)
    page = build(study_of(deals), deals=deals)
    read = Outline(page)
    assert read.open == []
    assert not read.all("img")
    assert "alert(1)" in read.words
    assert all("alert(1)" not in script for script in read.scripts if "const looks" in script)


def test_every_picture_of_the_deals_is_written(tmp_path) -> None:
    files = {path.name for path in write_pictures(study_of(agreeable()), tmp_path, "en", agreeable())}
    assert {f"deal-{name}.png" for name in ("zone", "packages", "gains", "blocking")} <= files


def test_places_of_marks_lie_between_the_ends_of_what_is_equally_good() -> None:
    for package in solved_packages(agreeable(), "en"):
        for spot in package.spots.values():
            assert 0 <= spot.low <= spot.at <= spot.high <= 1
    assert np.isfinite(list(expected_package(agreeable(), "en").gains.values())).all()


def test_a_war_as_no_deal_brings_its_range() -> None:
    """Fearon 1995: the range runs from p − c_A to p + c_B, here 0.4 to 0.7."""
    deals = at_war()
    words = said(deals, "war-border")
    assert "Ann 0.40 (90 %: 0.40 to 0.40)" in words
    assert "to Bob 0.30" in words
    assert "span 30 % of it at the median" in words
    chart = deal_charts(deals, "en")["war-range-border"]
    assert "between 40 % and 70 %" in chart.sentence
    assert "war-range-border" in build(study_of(deals), deals=deals)
    assert not [one for one in deal_parts(agreeable(), "en") if one.id.startswith("war")]
