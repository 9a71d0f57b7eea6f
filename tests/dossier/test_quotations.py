"""Quotation marks: pairs of all kinds, and what stands between them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.proposals import KnownActor, Proposal, Quotation
from westphalia.dossier.quotations import propose_quotations
from westphalia.dossier.sentences import paragraphs

SOURCES = os.environ.get("WESTPHALIA_SOURCES")
MARKS = st.sampled_from([*"\"„“”»«›‹‚‘’'", "''", " ", ". ", ": ", "\n\n", "(", "), "])
TEXTS = st.lists(st.one_of(MARKS, st.sampled_from(["Wort", "nein", "sagt", "é", "🕊️"])), max_size=40)


def quotation(proposal: Proposal) -> Quotation:
    assert isinstance(proposal.details, Quotation)
    return proposal.details


def roles(text: str, *actors: KnownActor) -> list[tuple[str, str, int]]:
    found = [(quotation(one), one) for one in propose_quotations(text, actors)]
    return [(text[slice(*held.content)], held.role, held.depth) for held, _ in found]


@given(TEXTS.map("".join))
def test_pairs_lie_in_one_paragraph_and_nest(text: str) -> None:
    found = propose_quotations(text)
    around = paragraphs(text)
    for one in found:
        (start, end), held = one.spans[0], quotation(one)
        assert 0 <= start < held.content[0] <= held.content[1] <= end <= len(text)
        assert sum(first <= start and end <= last for first, last in around) == 1
    for one in found:
        outside = [o for o in found if o.start < one.start < o.end]
        assert all(one.end <= o.end for o in outside)
        assert quotation(one).depth == len(outside)


@pytest.mark.parametrize(
    "text",
    [
        "„Wir bleiben hier.“",
        "„Wir bleiben hier.”",
        '„Wir bleiben hier."',
        '"Wir bleiben hier."',
        "“Wir bleiben hier.”",
        "»Wir bleiben hier.«",
        "«Wir bleiben hier.»",
        "« Wir bleiben hier. »",
        "‚Wir bleiben hier.‘",
        "‘Wir bleiben hier.’",
        "›Wir bleiben hier.‹",
    ],
)
def test_marks_of_every_kind_pair(text: str) -> None:
    [(content, role, depth)] = roles(f"Er sagte: {text} Dann ging er.")
    assert (content.strip(), role, depth) == ("Wir bleiben hier.", "speech", 0)


def test_nested_marks_have_depth() -> None:
    text = "„Sie rief ‚Halt, wer ist da?‘ und lief“, sagte er."
    assert [(content, depth) for content, _, depth in roles(text)] == [
        ("Sie rief ‚Halt, wer ist da?‘ und lief", 0),
        ("Halt, wer ist da?", 1),
    ]


def test_straight_marks_within_low_ones() -> None:
    assert [depth for _, _, depth in roles('„Das ist "viel zu viel" für uns.“')] == [0, 1]


@pytest.mark.parametrize(
    "text", ["It's John's and the players’ fault.", 'Das 5" Rohr fehlt.', "Rock'n'Roll, wie geht's?"]
)
def test_apostrophes_and_inches_are_no_marks(text: str) -> None:
    assert roles(text) == []


def test_an_apostrophe_within_single_marks_closes_nothing() -> None:
    assert [content for content, _, _ in roles("‘I don't know them.’ She left.")] == ["I don't know them."]


def test_a_mark_that_nothing_closes_takes_nothing_with_it() -> None:
    assert [content for content, _, _ in roles("Er sagte „offen. Und „das ist zu viel“ dazu.")] == [
        "das ist zu viel"
    ]


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_possible() -> None:
    text = "“We have waited long enough.\n\n“Now it is time to act.”"
    first, second = propose_quotations(text)
    assert (first.rule, first.tier, first.end) == ("quotation.goes-on", "possible", text.index("\n"))
    assert (second.rule, second.tier) == ("quotation.sentence", "sure")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Der Minister Karl „Kalle“ Berg kam.", "nickname"),
        ("Das steht in der Zeitung „Nordischer Bote“ von heute.", "name"),
        ("Mehr dazu (s. „Häfen: Wem gehören sie“) morgen.", "title"),
        ("Sie las aus dem Roman „Die lange Nacht“ vor.", "title"),
        ("Das ist die Münchner „Friedensmesse“ FRM.", "distance"),
        ("Er nannte es einen „schäbigen Handel“ zwischen Nachbarn.", "fragment"),
        ("„Wir wollen den Frieden und keinen Handel“, sagte er.", "speech"),
        ("Er rief: „Niemals aufgeben!“", "speech"),
    ],
)
def test_what_marks_hold(text: str, role: str) -> None:
    assert [found for _, found, _ in roles(text)] == [role]


def test_a_name_of_the_case_is_a_name() -> None:
    actor = KnownActor("bund", ("Bund der Häfen",), aliases=("die Häfen",))
    text = "Auch der „Bund der  Häfen“ schwieg."
    assert [role for _, role, _ in roles(text)] == ["fragment"]
    assert [role for _, role, _ in roles(text, actor)] == ["name"]


@pytest.mark.skipif(SOURCES is None, reason="the report is not ours: name its folder in WESTPHALIA_SOURCES")
def test_the_marks_of_the_report() -> None:
    text = (Path(SOURCES or "") / "report.txt").read_text("utf-8")
    assert [(one.start, quotation(one).role) for one in propose_quotations(text)] == [
        (1446, "fragment"),
        (1577, "nickname"),
        (1712, "speech"),
        (2523, "speech"),
        (3533, "title"),
        (3725, "name"),
        (3883, "fragment"),
        (3984, "distance"),
    ]


@pytest.mark.parametrize("unit", ["„", '"a ', "‘a’ ", "'a ", '"Ja." ', '„a" ', "«", "''"])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    begin = time.process_time()
    propose_quotations(unit * (200_000 // len(unit)))
    assert time.process_time() - begin < 10
