"""Values, dates and scale points in words."""

from __future__ import annotations

from collections.abc import Mapping

from westphalia.case.schema import CaseFile, Issue
from westphalia.charts.positions import Scale
from westphalia.charts.words import percent
from westphalia.dossier.schema import AUTHOR, Dated
from westphalia.fields import precision
from westphalia.language import decimal, marked, said
from westphalia.uncertain import Mixture, Normal, Point, Shifted, Triangular, Uniform, Value

_RELATION = {
    "before": marked("before “{event}”"),
    "after": marked("after “{event}”"),
    "during": marked("during “{event}”"),
    "same time": marked("at the same time as “{event}”"),
}


_MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)


def value_text(value: Value) -> str:
    """Return a value as an analyst would say it."""
    if isinstance(value, Uniform):
        return said("{low} to {high}", low=_plain(value.low), high=_plain(value.high))
    if isinstance(value, Triangular):
        return said(
            "{low} to {high}, most likely {mode}",
            low=_plain(value.low),
            high=_plain(value.high),
            mode=_plain(value.mode),
        )
    if isinstance(value, Normal):
        return said("about {mean} (standard deviation {sd})", mean=_plain(value.mean), sd=_plain(value.sd))
    if isinstance(value, Mixture):
        return _accounts(value)
    if isinstance(value, Shifted):
        return said("{value}; moved by {by}", value=value_text(value.of), by=decimal(f"{value.by:+g}"))
    return _plain(value.value) if isinstance(value, Point) else _plain(value.central)


def _accounts(value: Mixture) -> str:
    total = sum(value.weights)
    accounts = (
        f"{value_text(part)} ({percent(weight / total)})"
        for part, weight in zip(value.components, value.weights, strict=True)
    )
    return said("one of: {accounts}", accounts="; ".join(accounts))


def _plain(value: float) -> str:
    return decimal(f"{value:.4g}".replace("-", "−"))


def chances_text(chances: Mapping[str, float], issue: Issue, language: str) -> str:
    """Return the chances of options with the meaning of each."""
    meaning = {str(key): text.into(language) for key, text in issue.scale.items()}
    if len(chances) == 1:
        return meaning.get(next(iter(chances)), next(iter(chances)))
    return "; ".join(
        f"{meaning.get(option, option)} ({percent(chance)})" for option, chance in chances.items()
    )


def scale_of(issue: Issue, language: str) -> Scale:
    """Return the scale of a continuous or ordered issue with its meanings in order."""
    points = sorted((float(point), meaning.into(language)) for point, meaning in issue.scale.items())
    unit = issue.unit.into(language) if issue.unit else ""
    return Scale(issue.id, issue.question.into(language), unit, tuple(points))


def nearest_meaning(value: float, scale: Scale) -> str:
    """Return where a value lies among the stated points: at one of them, or between two."""
    points = scale.points
    near = min(points, key=lambda point: abs(point[0] - value))
    if abs(near[0] - value) <= 0.05 * scale.length:
        return said("near “{point}”", point=near[1])
    below = max((point for point in points if point[0] <= value), default=points[0])
    above = min((point for point in points if point[0] >= value), default=points[-1])
    return said(
        "between “{below}” and “{above}”, nearer to “{near}”", below=below[1], above=above[1], near=near[1]
    )


def day_text(date: str) -> str:
    """Return a date as exact as it is written: 2025, February 2025, 12 February 2025."""
    parts = [int(part) for part in date.split("-")]
    kind = precision(date)
    if kind == "year":
        return date
    month = said(_MONTHS[parts[1] - 1])
    if kind == "month":
        return f"{month} {parts[0]}"
    return said("{day} {month} {year}", day=parts[2], month=month, year=parts[0])


def short_day(date: str) -> str:
    """Return a date with the month's name cut to three letters: 2025, Feb 2025, 12 Feb 2025."""
    return " ".join(part[:3] if part.isalpha() else part for part in day_text(date).split())


def dated_text(dated: Dated | None, case: CaseFile, language: str) -> str:
    """Return when something was, with its precision, or the empty text if nothing is known."""
    if dated is None:
        return ""
    parts = []
    if dated.at:
        parts.append(day_text(dated.at))
    elif dated.since and dated.until:
        parts.append(said("{low} to {high}", low=day_text(dated.since), high=day_text(dated.until)))
    elif dated.since or dated.until:
        parts.append(
            said("from {day}", day=day_text(dated.since))
            if dated.since
            else said("until {day}", day=day_text(dated.until or ""))
        )
    if dated.relation and dated.event:
        name = next(
            (event.name.into(language) for event in case.events if event.id == dated.event), dated.event
        )
        parts.append(said(_RELATION[dated.relation], event=name))
    told = ", ".join(parts)
    return said("{day} (inferred)", day=told) if dated.inferred and parts else told


def actor_name(actor: str, case: CaseFile, language: str) -> str:
    """Return an actor's name, or what stands for the author of a source."""
    if actor in case.actor:
        return case.actor[actor].name.into(language)
    return said("the author") if actor == AUTHOR else actor
