"""Dates in order and in words."""

from __future__ import annotations

import datetime

import pytest

from westphalia.dossier.dates import in_words, interval
from westphalia.dossier.schema import Dated

NAMES = {"call": "the call"}


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        ({"at": "2025"}, "2025", "2025"),
        ({"at": "2025-03"}, "March 2025", "März 2025"),
        ({"at": "2025-02-12"}, "12 February 2025", "12. Februar 2025"),
        (
            {"at": "2025-02-12", "inferred": "header"},
            "12 February 2025 (inferred)",
            "12. Februar 2025 (erschlossen)",
        ),
        ({"relation": "before", "event": "call"}, "before the call", "vor: the call"),
        (
            {"at": "2025-02", "relation": "same time", "event": "call"},
            "February 2025, at the same time as the call",
            "Februar 2025, gleichzeitig mit: the call",
        ),
        ({"since": "2024", "until": "2034"}, "2024 – 2034", "2024 – 2034"),
        ({"since": "2024-05"}, "since May 2024", "seit Mai 2024"),
        ({"until": "2024"}, "until 2024", "bis 2024"),
        ({}, "date unknown", "Datum unbekannt"),
    ],
)
def test_a_date_is_as_exact_in_words_as_it_is_known(
    fields: dict[str, str], english: str, german: str
) -> None:
    dated = Dated.model_validate(fields)
    assert in_words(dated, "en", NAMES) == english
    assert in_words(dated, "de", NAMES) == german


def test_an_event_without_name_and_a_language_without_words() -> None:
    dated = Dated.model_validate({"relation": "after", "event": "summit"})
    assert in_words(dated) == "after summit"
    assert in_words(Dated(at="2025-01"), "fr") == "January 2025"
    assert in_words(None) == "date unknown"


def test_a_month_covers_all_its_days() -> None:
    assert interval(Dated(at="2024-02")) == (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))


def test_dates_sort_in_order_of_time_and_unknown_ones_have_no_place() -> None:
    dates = [Dated(at="2025-02-12"), Dated(at="2024"), Dated(since="2025-02", until="2025-03")]
    ordered = sorted(dates, key=lambda one: interval(one) or (datetime.date.max, datetime.date.max))
    assert [one.first for one in ordered] == ["2024", "2025-02", "2025-02-12"]
    assert interval(Dated.model_validate({"relation": "before", "event": "call"})) is None
    assert interval(Dated(until="2025")) == (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
