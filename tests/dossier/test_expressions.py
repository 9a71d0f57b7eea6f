"""Expressions of time: read as exactly as they are told, and no more."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dossier.english import SENTENCES

from westphalia.dossier.expressions import expressions
from westphalia.dossier.proposals import Proposal, Timed
from westphalia.errors import CallError
from westphalia.fields import first_day, last_day


def timed(one: Proposal) -> Timed:
    assert isinstance(one.details, Timed)
    return one.details


def only(text: str, language: str, document: str | None = None) -> tuple[str, Timed]:
    [one] = expressions(text, language, document)
    return text[one.start : one.end], timed(one)


@pytest.mark.parametrize(
    ("words", "language", "first", "last"),
    [
        ("am 12. Februar 2025", "de", "2025-02-12", "2025-02-12"),
        ("12.02.2025", "de", "2025-02-12", "2025-02-12"),
        ("Ende März 2025", "de", "2025-03", "2025-03"),
        ("im Winter 2024", "de", "2024", "2024"),
        ("von 2014 bis 2022", "de", "2014", "2022"),
        ("2014–2022", "de", "2014", "2022"),
        ("seit März 2024", "de", "2024-03", None),
        ("bis 2030", "de", None, "2030"),
        ("vor 2014", "de", None, "2014"),
        ("1990er Jahre", "de", "1990", "1999"),
        ("on 12 February 2025", "en", "2025-02-12", "2025-02-12"),
        ("March 5th, 2024", "en", "2024-03-05", "2024-03-05"),
        ("between 2014 and 2022", "en", "2014", "2022"),
        ("23/04/2025", "en", "2025-04-23", "2025-04-23"),
        ("03/04/2025", "en", "2025", "2025"),
        ("2025-02", "en", "2025-02", "2025-02"),
        ("since May 2022", "en", "2022-05", None),
    ],
)
def test_dates_of_the_calendar(words: str, language: str, first: str | None, last: str | None) -> None:
    found, when = only(f"Es war {words}, oder?", language)
    assert found == words
    assert (when.first, when.last) == (first, last)
    assert when.counted_from is None


@pytest.mark.parametrize(
    ("words", "language", "document", "first", "last"),
    [
        ("im letzten Jahr", "de", "2025-02", "2024", "2024"),
        ("im letzten Jahr", "de", None, None, None),
        ("vor zwei Wochen", "de", "2025-02", None, None),
        ("vor zwei Wochen", "de", "2025-02-12", "2025-01-27", "2025-02-02"),
        ("nächsten Monat", "de", "2025-12", "2026-01", "2026-01"),
        ("gestern", "de", "2025-03-01", "2025-02-28", "2025-02-28"),
        ("heute", "de", "2025-02", None, None),
        ("am vergangenen Montag", "de", "2025-02-12", "2025-02-10", "2025-02-10"),
        ("am kommenden Freitag", "de", "2025-02-12", "2025-02-14", "2025-02-14"),
        ("three years ago", "en", "2025", "2022", "2022"),
        ("in the last ten years", "en", "2025", "2015", "2025"),
        ("next Monday", "en", "2025-02-12", "2025-02-17", "2025-02-17"),
        ("last week", "en", "2025-02-12", "2025-02-03", "2025-02-09"),
        ("two months ago", "en", "2025-01-31", "2024-11", "2024-11"),
    ],
)
def test_times_that_count_from_the_document(
    words: str, language: str, document: str | None, first: str | None, last: str | None
) -> None:
    found, when = only(f"Es war {words}, ja.", language, document)
    assert found == words
    assert (when.first, when.last) == (first, last)
    assert when.counted_from == (document if first else None)
    assert when.unit is not None


@pytest.mark.parametrize(
    ("text", "language", "words", "relation", "anchor"),
    [
        ("Kurz nach seiner Wahl drohte er.", "de", "Kurz nach seiner Wahl", "after", "seiner Wahl"),
        ("Stunden zuvor war er da.", "de", "Stunden zuvor", "before", None),
        (
            "Fast zeitgleich zu den Reden kam er.",
            "de",
            "Fast zeitgleich zu den Reden",
            "same time",
            "den Reden",
        ),
        ("Während der Sitzung schwieg er.", "de", "Während der Sitzung", "during", "der Sitzung"),
        ("Zwei Tage nach dem Gipfel ging er.", "de", "Zwei Tage nach dem Gipfel", "after", "dem Gipfel"),
        (
            "Ahead of the port conference he left.",
            "en",
            "Ahead of the port conference",
            "before",
            "the port conference",
        ),
        ("Two days later he left.", "en", "Two days later", "after", None),
        ("During the talks he slept.", "en", "During the talks", "during", "the talks"),
    ],
)
def test_a_time_told_by_an_event_keeps_its_relation_and_asks(
    text: str, language: str, words: str, relation: str, anchor: str | None
) -> None:
    for document in (None, "2025-02-12"):
        found, when = only(text, language, document)
        assert found == words
        assert (when.relation, when.first, when.last) == (relation, None, None)
        assert when.asked is not None
        assert when.asked.question == "which event?"
        assert (text[slice(*when.anchor)] if when.anchor else None) == anchor
        assert [text[slice(*one.words)] for one in when.asked.candidates] == ([anchor] if anchor else [])


def test_a_day_without_year_asks_for_it() -> None:
    _, open_year = only("Am 3. Mai kam er.", "de", "2025-02-12")
    assert (open_year.first, open_year.asked and open_year.asked.question) == (None, "of which year?")
    [past] = expressions("Am 3. Januar kam er.", "de", "2025-02-12")
    assert (past.tier, timed(past).first) == ("possible", "2025-01-03")
    assert timed(past).asked is not None


def test_what_is_no_time_is_none() -> None:
    for text in (
        "Er ging nach Moskau vor die Tür.",
        "Die Zahl 12.345 und 3,2020 und B-2014x.",
        "99/99/2025x",
    ):
        assert expressions(text, "de") == ()
    assert expressions("It may march on; we us in.", "en") == ()
    [month] = expressions("am 31. Februar 2025", "de")
    assert timed(month).first == "2025-02"
    [number] = expressions("mit 2000 Soldaten", "de")
    assert number.tier == "possible"
    with pytest.raises(CallError, match="no rules of times for the language 'fr'"):
        expressions("hier", "fr")


def test_the_seed_is_read_as_by_hand() -> None:
    folder = os.environ.get("WESTPHALIA_SOURCES")
    if not folder:
        pytest.skip("WESTPHALIA_SOURCES names no folder with the text, which is not ours to pass on")
    text = (Path(folder) / "report.txt").read_bytes().decode("utf-8")
    found = {one.start: timed(one) for one in expressions(text, "de", "2025-02")}
    # The calendar: the month of the header, the year of the borders, last year.
    assert found[6].first == "2025-02"
    borders = found[text.index("vor 2014")]
    assert (borders.last, borders.relation) == ("2014", "before")
    assert found[2953].first == "2024"
    # Counted from the day of writing, which is unknown.
    assert (found[309].unit, found[309].first) == ("day", None)
    # Told by events, in the places that the flagship codes: before, only after, shortly after …
    relations = {742: "before", 875: "after", 1045: "after", 1360: "after", 1489: "before", 3665: "before"}
    assert {place: found[place].relation for place in relations} == relations
    assert next(found[place].relation for place in found if 3565 <= place <= 3572) == "same time"
    assert all(found[place].asked for place in relations)
    assert {599, 3479, 3963} <= set(found)


def test_the_report_of_our_own_is_read_whole() -> None:
    for sentence, _, _, times in SENTENCES:
        assert tuple(sentence[one.start : one.end] for one in expressions(sentence, "en")) == times, sentence


WORDS = [
    "am 12. Februar 2025",
    "Februar 2025",
    "2025",
    "vor zwei Wochen",
    "letztes Jahr",
    "gestern",
    "nächsten Monat",
    "seit 2014",
    "am Montag",
    "vor drei Jahren",
    "bis",
    "und",
    "Anfang",
    "31.",
    "in den letzten fünf Tagen",
    "diese Woche",
]
LENGTHS = {"day": 1, "week": 7, "month": 28, "season": 90, "year": 365, "decade": 3652}
DOCUMENTS = st.one_of(
    st.none(),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)).map(str),
    st.sampled_from(["2025", "2025-02"]),
)


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), DOCUMENTS)
def test_no_date_is_more_exact_than_its_words(text: str, document: str | None) -> None:
    end = 0
    for one in expressions(text, "de", document):
        assert end <= one.start < one.end <= len(text)
        end = one.end
        when = timed(one)
        if when.first is None or when.last is None:
            continue
        days = (last_day(when.last) - first_day(when.first)).days + 1
        assert days >= LENGTHS[when.unit or "day"]
        if when.offset is not None:
            assert when.counted_from == document is not None


@pytest.mark.parametrize(
    "unit", ["vor ", "1. ", "2024-", "nach dem ", "zwei Wochen später ", "a ", "Am 3. Mai 2024 "]
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    begin = time.process_time()
    expressions(unit * (200_000 // len(unit)), "de")
    assert time.process_time() - begin < 4
