"""The chapter on what answers depend on: a table for each, and a picture of those on scales."""

from __future__ import annotations

import xarray as xr

from westphalia.case.document import Document
from westphalia.charts.chart import Chart
from westphalia.charts.drivers_issues import drivers_of_issues
from westphalia.charts.words import percent
from westphalia.labels import ANSWER, GROUP
from westphalia.language import decimal, said
from westphalia.registry import find
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.sensitivity_data import rows_of
from westphalia.report.unknowns import unknown_name
from westphalia.report.values import actor_name, scale_of
from westphalia.runs.asked import ACCEPTANCE, REST, ZONE

MOST = 15
"""Rows of a table; the CSV file holds them all."""

NEGLIGIBLE = 0.0005
UNSURE = 0.25
"""Half an interval above which a share says little."""


def sensitivity_chapter(found: xr.Dataset, document: Document, language: str) -> Chapter:
    """Return the chapter of indices as `runs.sensitivity.sensitivity` gives them."""
    charts = _charts(found, document, language)
    parts = tuple(
        _part(f"answer-{at}", found.sel({ANSWER: answer}), rows, document, language)
        for at, (answer, rows) in enumerate(rows_of(found).items(), start=1)
    )
    picture = tuple(Part(name, chart.title, (), chart=name) for name, chart in charts.items())
    return Chapter(said("What drives the answer"), "", (*picture, *parts), charts, _terms(found))


def answer_title(answer: str, document: Document, language: str) -> str:
    """Return what an answer is in words, such as ``mean.territory`` or ``acceptance.usa``."""
    case = document.case
    if answer == ZONE:
        return said("Is any package accepted by all?")
    if answer.startswith(REST):
        return said("At rest: {state}", state=answer.removeprefix(REST).strip())
    head, _dot, rest = answer.partition(".")
    if head == ACCEPTANCE:
        return said("{actor} accepts what the mean expects", actor=actor_name(rest, case, language))
    issue, _dot, option = rest.partition(".")
    question = case.issue[issue].question.into(language)
    method = said(find(head).title)
    return f"{question} {method}" + (f": {option}" if option else "")


def named(group: str, document: Document, language: str) -> str:
    """Return an unknown or a group of them in words."""
    statement = document.case.statement.get(group)
    if statement is None:
        return unknown_name(document.case, group, language)
    return f"{group} ({actor_name(statement.speaker, document.case, language)})"


def _terms(found: xr.Dataset) -> str:
    terms = said(
        "“Goes if known” is the share of the variance that would go on average if this were known exactly; "
        "“stays if all else is” the share that would stay if everything but this were. The two differ where "
        "it works together with others. ± is half a 95 % interval, with two samples of {draws} draws. A "
        "range that is too narrow hides a driver.",
        draws=decimal(f"{int(found.attrs['draws']):,}"),
    )
    if found.attrs["by"] not in ("source", "statement"):
        return terms
    return f"{terms} " + said(
        "A value that names several statements counts for each: the shares may sum to more than all."
    )


def _part(
    name: str, one: xr.Dataset, rows: list[dict[str, float]], document: Document, language: str
) -> Part:
    title = answer_title(str(one[ANSWER].values), document, language)
    sentences = [
        said(
            "{mean} on average; the middle 80 % of draws are {width} wide.",
            mean=decimal(f"{float(one['answer_mean']):.3g}"),
            width=decimal(f"{float(one['answer_width']):.3g}"),
        )
    ]
    if float(one["total_order_error"].max()) > UNSURE:
        sentences.append(
            said("The shares are not sure (±): what is asked for changes too rarely for so few draws.")
        )
    shown = [row for row in rows if row["total_order"] > NEGLIGIBLE][:MOST]
    if not shown:
        sentences.append(said("It hangs on nothing: it is the same in every draw."))
    grid = Grid(title, _head(), tuple(_row(row, document, language) for row in shown), (1, 2, 3, 4, 5))
    return Part(name, title, tuple(sentences), (grid,) if shown else ())


def _head() -> tuple[str, ...]:
    return (
        said("what"),
        said("goes if known"),
        "±",
        said("stays if all else is"),
        "± ",
        said("narrows the middle 80 % by"),
    )


def _row(row: dict[str, float], document: Document, language: str) -> tuple[str, ...]:
    cut = row["interval_cut"]
    return (
        named(str(row["group"]), document, language),
        percent(min(max(row["first_order"], 0.0), 1.0)),
        percent(row["first_order_error"]),
        percent(row["total_order"]),
        percent(row["total_order_error"]),
        "" if cut != cut else decimal(f"{max(0.0, cut):.2g}"),
    )


def _charts(found: xr.Dataset, document: Document, language: str) -> dict[str, Chart]:
    """Return the picture of the first method's answers on issues with a scale."""
    scales = {
        issue.id: scale_of(issue, language) for issue in document.case.issues if issue.kind != "nominal"
    }
    of_issues = [answer for answer in found[ANSWER].values.tolist() if answer.partition(".")[2] in scales]
    if not of_issues:
        return {}
    first = of_issues[0].partition(".")[0]
    answers = {name: f"{first}.{name}" for name in scales if f"{first}.{name}" in of_issues}
    names = {str(group): named(str(group), document, language) for group in found[GROUP].values}
    chart = drivers_of_issues({name: scales[name] for name in answers}, answers, found, names)
    return {chart.id: chart}
