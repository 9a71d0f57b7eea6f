"""Events and consultations in order of time, as far as the case knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from westphalia.case.schema import CaseFile, Consultation, Event
from westphalia.charts.consultations import Moment
from westphalia.charts.words import broken
from westphalia.dossier.schema import Dated
from westphalia.fields import first_day, last_day
from westphalia.language import marked, said
from westphalia.report.values import dated_text, short_day

_HOW = {
    "asked": (marked("asked"), marked("not asked")),
    "informed": (marked("informed"), marked("not informed")),
    "called": (marked("called"), marked("not called")),
    "met": (marked("met"), marked("not met")),
}
"""What was done, and what was not."""


def moments_of(case: CaseFile, language: str) -> Iterator[Moment]:
    """Return events with participants and consultations in order of time as far as the case knows it.

    A consultation at an event stands with it, before it if its date says so; others stand before the
    first later event, or at the end where nothing dates them. `order` settles what dates leave open.
    Who speaks for another stands under that other, as the question is which party was asked.
    """
    waiting = sorted(case.consultations, key=lambda told: told.order or len(case.consultations) + 1)
    for event in case.events:
        before = [told for told in waiting if told.event is None and _is_earlier(told.date, event.date)]
        at = sorted((told for told in waiting if told.event == event.id), key=_follows)
        waiting = [told for told in waiting if told not in before and told not in at]
        yield from (_of_consultation(told, case, language) for told in before)
        yield from _of_event(event, at, case, language)
    yield from (_of_consultation(told, case, language) for told in waiting)


def _follows(told: Consultation) -> bool:
    return told.date is None or told.date.relation != "before"


def _is_earlier(first: Dated | None, second: Dated | None) -> bool:
    if first is None or second is None or first.last is None or second.first is None:
        return False
    return last_day(first.last) < first_day(second.first)


def _of_event(event: Event, at: Sequence[Consultation], case: CaseFile, language: str) -> Iterator[Moment]:
    if not at and event.participants:
        when, day = _when(event.date, case, language)
        present = _parties(event.participants, case)
        yield Moment(f"event-{event.id}", when, day, event.name.into(language), present=present)
    for told in at:
        yield _of_consultation(told, case, language, event)


def _of_consultation(told: Consultation, case: CaseFile, language: str, event: Event | None = None) -> Moment:
    date = told.date or (event.date if event else None)
    at = (event.name if event and told.whom else None) or told.about or (event.name if event else None)
    done, not_done = _HOW[told.how]
    how = said(done if told.whom else not_done)
    when, day = _when(date, case, language)
    return Moment(
        id=f"consultation-{told.id}",
        when=when,
        day=day,
        what=f"{how}: {at.into(language)}" if at else how,
        by=_parties((told.by,), case),
        whom=_parties(told.whom, case),
        present=_parties(event.participants, case) if event and told.whom else (),
        left_out=_parties(told.left_out, case),
    )


def _when(date: Dated | None, case: CaseFile, language: str) -> tuple[str, str]:
    """Return a date in full, and alone in short."""
    full = dated_text(date, case, language) or said("date not known")
    if date is None or not (date.first or date.until):
        return full, broken(full, lines=1)
    if date.at:
        return full, short_day(date.at)
    return full, _between(date)


def _between(date: Dated) -> str:
    """Return in short from when to when something was, one of which is known."""
    if date.since and date.until:
        return said("{low} to {high}", low=short_day(date.since), high=short_day(date.until))
    if date.since:
        return said("from {day}", day=short_day(date.since))
    return said("until {day}", day=short_day(date.until or ""))


def _parties(actors: tuple[str, ...], case: CaseFile) -> tuple[str, ...]:
    """Return the actors with each voice replaced by whom it speaks for, each once."""
    return tuple(dict.fromkeys(_principal(actor, case) for actor in actors))


def _principal(actor: str, case: CaseFile) -> str:
    seen = {actor}
    while (above := case.actor[actor].speaks_for if actor in case.actor else None) and above not in seen:
        actor = above
        seen.add(actor)
    return actor
