"""When: the expressions of time in a text, as exact as they are told and no more.

A month stays a month, a time told by another event keeps its relation and asks which event is meant,
and what counts from the document's date stays open where that date is unknown or less exact.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from westphalia.dossier.expressions_grammar import Grammar, Rule, grammar
from westphalia.dossier.lexicon import LANGUAGES
from westphalia.dossier.proposals import Asked, Candidate, Proposal, Stretch, Timed
from westphalia.errors import CallError, suggest
from westphalia.fields import first_day, precision

_START = re.compile(r"(?<![\w.,/:-])\w+|(?<=[(„“\"–-])\w+")
_EXACT = {"year": 0, "month": 1, "day": 2}
_NEEDED = {"week": "day", "season": "day", "decade": "year"}
_MONTHS_A_YEAR, _YEARS_A_DECADE, _DAYS_A_WEEK = 12, 10, 7
_FARTHEST = 3000


def expressions(text: str, language: str, document: str | None = None) -> tuple[Proposal, ...]:
    """Return the expressions of time in a text, in order; at one place the longest is taken.

    `language` is de or en; `document` the date of the text as a year, month or day, None if unknown.
    Time: linear in the text.

    Raises
    ------
    CallError: there are no rules for the language.
    """
    if language not in LANGUAGES:
        raise CallError(
            f"There are no rules of times for the language '{language}'.",
            code="unknown-language",
            hint=suggest(language, LANGUAGES),
        )
    rules = grammar(language)
    found = []
    done = 0
    for word in _START.finditer(text):
        if word.start() < done:
            continue
        first = word.group().lower()
        if not first[0].isdigit() and first not in rules.vocabulary:
            continue
        proposal = _longest(text, word.start(), rules, document)
        if proposal is not None:
            found.append(proposal)
            done = proposal.end
    return tuple(found)


def _longest(text: str, place: int, rules: Grammar, document: str | None) -> Proposal | None:
    matches = ((rule, rule.pattern.match(text, place)) for rule in rules.rules)
    hits = [(rule, match) for rule, match in matches if match is not None]
    # Of equally long ones the rule that stands first in the list is the more exact one.
    for rule, match in sorted(hits, key=lambda hit: -hit[1].end()):
        timed = _timed(rule, match, rules, document)
        if timed is not None:
            tier = "possible" if rule.gives.get("tier") or (timed.counted_from and _is_open(rule)) else "sure"
            return Proposal("date", (match.span(),), tier, rule.id, timed)  # type: ignore[arg-type]
    return None


def _is_open(rule: Rule) -> bool:
    return rule.id.endswith("without-year") or rule.gives.get("weekday") == "open"


def _timed(rule: Rule, match: re.Match[str], rules: Grammar, document: str | None) -> Timed | None:
    """Return what a match says; None if it is no date of the calendar."""
    words = {slot: word for slot, word in match.groupdict().items() if word is not None}
    if "year" in words or "month" in words:
        return _calendar(rule, words, rules, document)
    if "weekday" in rule.gives:
        return _weekday(rule, int(rules.values["weekday"][words["weekday"].lower()]), document)
    return _relative(rule, match, words, rules, document)


# --- dates of the calendar ---------------------------------------------------------------------


def _calendar(rule: Rule, words: dict[str, str], rules: Grammar, document: str | None) -> Timed | None:
    name = words.get("month", "").lower()
    month = rules.values["month"].get(name) or words.get("monthnumber")
    day = words.get("day")
    unit: Any = rule.gives.get("unit") or ("day" if day else "month" if month else "year")
    if "year" not in words:
        return _without_year(int(month or 1), day, unit, document)
    if rule.id == "time-date-slashes":
        return _slashes(int(words["day"]), int(words["monthnumber"]), words["year"])
    date = _iso(words["year"], month, day)
    last = words.get("yearlast", date)
    if unit == "decade" and date is not None:
        if not date.endswith("0"):
            return None
        last = str(int(date) + _YEARS_A_DECADE - 1)
    if date is None or last is None or last < date:
        return None
    gives = rule.gives
    first = None if gives.get("begin") == "open" else date
    relation: Any = gives.get("relation")
    return Timed(first, None if gives.get("end") == "open" else last, relation, unit=unit)


def _without_year(month: int, day: str | None, unit: Any, document: str | None) -> Timed | None:
    """Return a date of the document's year if it lies not after the document, else with open year."""
    asked = Asked("of which year?")
    if _iso("2024", str(month), day) is None:
        return None
    if document is None or precision(document) == "year" or month > int(document[5:7]):
        return Timed(unit=unit, asked=asked)
    date = _iso(document[:4], str(month), day)
    return None if date is None else Timed(date, date, unit=unit, counted_from=document, asked=asked)


def _slashes(one: int, other: int, year: str) -> Timed | None:
    """Return a date with slashes: British and American order differ, so that the day may stay open."""
    if one > _MONTHS_A_YEAR or one == other:
        date = _iso(year, str(other), str(one))
        return None if date is None else Timed(date, date, unit="day")
    return Timed(year, year, unit="year")


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    parts = [int(part) for part in (year, month, day) if part is not None]
    try:
        datetime.date(*([*parts, 1, 1])[:3])
    except ValueError:
        return None
    return "-".join([year, *(f"{part:02d}" for part in parts[1:])])


# --- dates that count from the document or from an event ---------------------------------------


def _weekday(rule: Rule, weekday: int, document: str | None) -> Timed:
    if document is None or precision(document) != "day":
        side: Any = {"before": "before", "after": "after"}.get(rule.gives["weekday"])
        return Timed(relation=side, unit="day")
    today = first_day(document)
    ahead = (weekday - today.weekday()) % _DAYS_A_WEEK
    # A bare weekday in a report is most often the last one; it stays but possible.
    days = (ahead or _DAYS_A_WEEK) if rule.gives["weekday"] == "after" else ahead - _DAYS_A_WEEK
    if rule.gives["weekday"] == "open" and ahead == 0:
        days = 0
    date = (today + datetime.timedelta(days)).isoformat()
    return Timed(date, date, unit="day", counted_from=document)


def _relative(
    rule: Rule, match: re.Match[str], words: dict[str, str], rules: Grammar, document: str | None
) -> Timed:
    unit = _unit(rule, words, rules)
    offset = _offset(rule, words, rules)
    relation: Any = (rule.gives.get("relation") or "").replace("-", " ") or None
    if "ask" in rule.gives:
        anchor: Stretch | None = match.span("event") if "event" in words else None
        candidates = (Candidate(anchor),) if anchor else ()
        asked = Asked("which event?", candidates)
        return Timed(None, None, relation, anchor, unit, offset, None, asked)
    ends = _counted(unit, offset, document) if offset is not None and unit is not None else None
    if ends is None:
        return Timed(relation=relation, unit=unit, offset=offset)
    return Timed(*ends, relation=relation, unit=unit, offset=offset, counted_from=document)


def _unit(rule: Rule, words: dict[str, str], rules: Grammar) -> Any:
    given = rule.gives.get("unit")
    return rules.values[given][words[given].lower()] if given in words else given


def _offset(rule: Rule, words: dict[str, str], rules: Grammar) -> tuple[int, int] | None:
    given = rule.gives.get("offset")
    if given is None:
        return None
    word = words.get("n", "1").lower()
    number = word if word.isdigit() else rules.values["n"][word]
    first, last = (int(end.replace("n", number)) for end in given.split(","))
    return first, last


def _counted(unit: str, offset: tuple[int, int], document: str | None) -> tuple[str, str] | None:
    """Return the two ends counted from the document, None if its date is not exact enough for that."""
    needed = _NEEDED.get(unit, unit)
    if document is None or needed not in _EXACT or _EXACT[precision(document)] < _EXACT[needed]:
        return None
    today = first_day(document)
    try:
        ends = [_moved(today, unit, count) for count in offset]
    except (ValueError, OverflowError):
        return None
    return ends[0][0], ends[1][1]


def _moved(day: datetime.date, unit: str, count: int) -> tuple[str, str]:
    """Return the first and last date of the unit that lies so many units from a day."""
    if unit == "day":
        moved = (day + datetime.timedelta(count)).isoformat()
        return moved, moved
    if unit == "week":
        monday = day - datetime.timedelta(day.weekday()) + datetime.timedelta(_DAYS_A_WEEK * count)
        return monday.isoformat(), (monday + datetime.timedelta(_DAYS_A_WEEK - 1)).isoformat()
    if unit == "month":
        months = day.year * _MONTHS_A_YEAR + day.month - 1 + count
        moved = f"{months // _MONTHS_A_YEAR:04d}-{months % _MONTHS_A_YEAR + 1:02d}"
        first_day(moved)
        return moved, moved
    years = count if unit == "year" else count * _YEARS_A_DECADE
    start = day.year + years if unit == "year" else (day.year + years) // _YEARS_A_DECADE * _YEARS_A_DECADE
    end = start if unit == "year" else start + _YEARS_A_DECADE - 1
    if not 1 <= start <= end <= _FARTHEST:
        raise ValueError
    return f"{start:04d}", f"{end:04d}"
