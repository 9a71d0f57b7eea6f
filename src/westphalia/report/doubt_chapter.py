"""The chapter on what the answer hangs on: its parts with words, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE
from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts.agreement import agreement
from westphalia.charts.calibration import calibration
from westphalia.charts.chart import Chart
from westphalia.charts.drivers_issues import drivers_of_issues
from westphalia.charts.scenarios import Tried, scenarios
from westphalia.errors import CallError
from westphalia.labels import GROUP, ISSUE, METHOD
from westphalia.language import marked, said
from westphalia.registry import find
from westphalia.report.doubt import Asked, doubt_parts, recorded
from westphalia.report.doubt_change import changing, most_moved
from westphalia.report.grid import Chapter, absent
from westphalia.runs.doubt import Doubt

TITLE = marked("What the answer hangs on")

GROUPS = {
    "all": marked("All issues"),
    "spread: 1 near": marked("Positions near each other"),
    "spread: 2 middle": marked("Positions further apart"),
    "spread: 3 wide": marked("Positions furthest apart"),
}
"""The groups of the record in words: all, and thirds by how far positions lay apart."""


def doubt_chapter(doubt: Doubt | CallError, language: str) -> Chapter:
    """Return the chapter of what an answer hangs on; of the error that kept it away, what it says."""
    if isinstance(doubt, CallError):
        return absent(said(TITLE), said("What the answer hangs on is not known"), doubt)
    asked = Asked(doubt, language)
    parts = (*doubt_parts(asked), *changing(asked), recorded())
    terms = said(
        "All that follows is about the compromise mean and the methods beside it, whose spread is the doubt "
        "of the inputs alone. The default forecast, which holds the error of such forecasts too, stands "
        "beside."
    )
    return Chapter(said(TITLE), "", parts, doubt_charts(doubt, language), terms)


def doubt_charts(doubt: Doubt, language: str) -> dict[str, Chart]:
    """Return the pictures by id: drivers, agreement of methods, the issue that scenarios move, the record."""
    return {chart.id: chart for chart in _charts(Asked(doubt, language))}


def _charts(asked: Asked) -> Iterator[Chart]:
    values = asked.doubt.indices.get("value")
    if values is not None:
        names = {str(group): asked.brief(str(group)) for group in values[GROUP].values}
        answers = {issue: f"{DEFAULT_METHOD}.{issue}" for issue in asked.scales}
        yield drivers_of_issues(asked.scales, answers, values, names)
    if asked.doubt.agreement is not None:
        methods = asked.doubt.agreement[METHOD].values.tolist()
        titles = {method: said(find(method).title) for method in methods}
        yield agreement(asked.scales, asked.doubt.agreement, titles)
    yield from _scenarios(asked)
    scores = load_scores().sel({METHOD: PREDICTIVE})
    groups = {group: said(words) for group, words in GROUPS.items()}
    yield calibration(scores, groups, said("Did intervals hold what they promised, on past decisions?"))


def _scenarios(asked: Asked) -> Iterator[Chart]:
    issue, ran = most_moved(asked), asked.doubt.scenarios
    if issue is None:
        return
    mean = {METHOD: DEFAULT_METHOD}
    titles = {each.id: each.title.into(asked.language) for each in asked.case.scenarios}
    tried = {
        name: Tried(
            titles[name],
            one.changed.forecast["forecast"].sel(mean),
            one.difference["difference"].sel(mean),
        )
        for name, one in ran.items()
        if "difference" in one.difference and issue in one.difference[ISSUE].values
    }
    base = next(iter(ran.values())).base.forecast["forecast"].sel(mean)
    yield scenarios(asked.scales[issue], base, tried, said("the compromise mean"))
