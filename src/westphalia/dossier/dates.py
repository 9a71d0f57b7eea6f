"""Dates in order and in words: a month stays a month, an order of events stays an order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from westphalia.dossier.schema import Dated
from westphalia.fields import first_day, last_day, precision

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
}
_WORDS = {
    "en": {
        "before": "before {event}",
        "after": "after {event}",
        "during": "during {event}",
        "same time": "at the same time as {event}",
        "inferred": "{date} (inferred)",
        "since": "since {date}",
        "until": "until {date}",
        "unknown": "date unknown",
    },
    "de": {
        "before": "vor: {event}",
        "after": "nach: {event}",
        "during": "während: {event}",
        "same time": "gleichzeitig mit: {event}",
        "inferred": "{date} (erschlossen)",
        "since": "seit {date}",
        "until": "bis {date}",
        "unknown": "Datum unbekannt",
    },
}

Interval = tuple[datetime.date, datetime.date]


def interval(dated: Dated | None) -> Interval | None:
    """Return the first and last day a date covers; None if no calendar date is known.

    An interval open at one end is taken as the day at its other end. The pairs sort in order of time.
    """
    if dated is None or (dated.first is None and dated.last is None):
        return None
    first, last = dated.first or dated.last, dated.last or dated.first
    return first_day(str(first)), last_day(str(last))


def in_words(dated: Dated | None, language: str = "en", events: Mapping[str, str] | None = None) -> str:
    """Return a date as a reader writes it, as exact as it is known.

    `events` gives the names of events by id, for times told by an event; a language other than
    German (``de``) gets English.
    """
    words = _WORDS.get(language, _WORDS["en"])
    parts = []
    if dated is not None:
        date = _calendar(dated, language, words)
        if date and dated.inferred:
            date = words["inferred"].format(date=date)
        parts = [date] if date else []
        if dated.relation and dated.event:
            name = (events or {}).get(dated.event, dated.event)
            parts.append(words[dated.relation].format(event=name))
    return ", ".join(parts) or words["unknown"]


def _calendar(dated: Dated, language: str, words: Mapping[str, str]) -> str:
    if dated.at:
        return _date(dated.at, language)
    if dated.since and dated.until:
        return f"{_date(dated.since, language)} – {_date(dated.until, language)}"
    if dated.since:
        return words["since"].format(date=_date(dated.since, language))
    if dated.until:
        return words["until"].format(date=_date(dated.until, language))
    return ""


def _date(date: str, language: str) -> str:
    day = first_day(date)
    month = _MONTHS.get(language, _MONTHS["en"])[day.month - 1]
    stop = "." if language == "de" else ""
    forms = {
        "year": f"{day.year}",
        "month": f"{month} {day.year}",
        "day": f"{day.day}{stop} {month} {day.year}",
    }
    return forms[precision(date)]
