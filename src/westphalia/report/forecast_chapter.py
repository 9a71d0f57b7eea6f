"""The chapters on a forecast: the answer, each issue, who would accept, how models get there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from westphalia.charts.chart import Chart
from westphalia.language import said
from westphalia.report.context import Context
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.words import Expectation


def forecast_chapters(c: Context) -> dict[str, Chapter]:
    """Return the chapters on what the methods expect by id: as the report has them, without its listings."""
    found = {"answer": _answer(c), "issues": _issues(c)}
    for gallery in c.galleries:
        if gallery.id in ("accepting", "paths"):
            found[gallery.id] = _pictures(gallery.title, gallery.charts)
    return found


def forecast_answer(c: Context) -> tuple[str, ...]:
    """Return the answer in a few sentences: whether there is a settlement, and what is expected where."""
    first = f"{c.settlement.verdict}."
    return (first, *c.settlement.reasons[:2], *(f"{e.question} {e.expected}" for e in c.expectations))


def _answer(c: Context) -> Chapter:
    parts = (
        Part(
            "settlement", said("Is there a settlement?"), (f"{c.settlement.verdict}.", *c.settlement.reasons)
        ),
        *_glances(c),
        Part("trust", said("How far to trust it"), c.record),
        Part("open", said("What the evidence does not settle"), c.unsettled),
    )
    return Chapter(said("The answer"), "", parts, {}, c.settlement.caution)


def _glances(c: Context) -> Iterator[Part]:
    if not c.glances:
        return
    head = (
        said("issue"),
        said("expected"),
        said("half of the outcomes"),
        said("90 % of the outcomes"),
        said("by the inputs alone (90 %)"),
        said("methods that lie elsewhere"),
    )
    rows = tuple(
        (g.question, g.expected, g.half, g.most, g.inputs, "; ".join(g.apart) or "–") for g in c.glances
    )
    yield Part("glance", said("At a glance"), (), (Grid(said("Issue by issue"), head, rows, (1,)),))


def _issues(c: Context) -> Chapter:
    charts = {
        chart.id: chart for gallery in c.galleries if gallery.id == "issues" for chart in gallery.charts
    }
    parts = tuple(_expected(one, charts) for one in c.expectations)
    return Chapter(said("Issue by issue"), "", parts, charts, c.disagreement_rule)


def _expected(one: Expectation, charts: dict[str, Chart]) -> Part:
    sentences = [one.expected, one.sureness, one.others]
    if one.disagreement:
        sentences.append(said("The methods disagree: {what}", what=one.disagreement))
    names = (f"positions-{one.issue}", f"shares-{one.issue}")
    chart = next((name for name in names if name in charts), "")
    return Part(one.issue, one.question, tuple(filter(None, sentences)), chart=chart)


def _pictures(title: str, charts: Sequence[Chart]) -> Chapter:
    """Return a chapter of pictures alone, each under its own title."""
    parts = tuple(Part(chart.id, chart.title, (), chart=chart.id) for chart in charts)
    return Chapter(title, "", parts, {chart.id: chart for chart in charts}, "")
