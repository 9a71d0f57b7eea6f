"""The task that asks everything: the report as one file, and its chapters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from westphalia.errors import CallError
from westphalia.language import speaking
from westphalia.report import deals_data, forecast_data, stability_data
from westphalia.report.context import context
from westphalia.report.drawing import Helper
from westphalia.report.forecast_chapter import forecast_answer, forecast_chapters
from westphalia.report.page import build
from westphalia.report.script import prepared
from westphalia.runs.deals import Deals, negotiate
from westphalia.runs.doubt import Doubt, weigh
from westphalia.runs.stability import REPORTED, GraphStudy, play
from westphalia.runs.study import Study
from westphalia.workspace.task_asked import Asked, Done

REPORT_FILE = "report.html"


def report_task(asked: Asked) -> Done:
    """Run every method and write the report; as `westphalia report` does."""
    prepared()
    with Helper() as helper, ThreadPoolExecutor(max_workers=1) as aside:
        negotiated = aside.submit(partial(_deals, asked)) if asked["deals"] else None
        played = aside.submit(partial(_stability, asked)) if asked["stability"] else None
        study = asked.study()
        doubt = _doubt(asked, study) if asked["doubt"] else None
        deals = None if negotiated is None else negotiated.result()
        stability = None if played is None else played.result()
        text = build(study, asked.language, deals, stability, doubt, helper)
    with speaking(asked.language):
        c = context(study, asked.language, deals, stability, doubt)
    return Done(
        chapters=forecast_chapters(c) | c.chapters,
        answer=forecast_answer(c),
        values=_values(study, deals, stability),
        tables=_tables(study, deals, stability),
        files={REPORT_FILE: text.encode("utf-8")},
    )


def _deals(asked: Asked) -> Deals | CallError:
    """Return the deals, or the error that says why there are none."""
    try:
        return negotiate(asked.document, **asked.of("draws", "seed"), progress=asked.progress)
    except CallError as error:
        return error


def _stability(asked: Asked) -> GraphStudy | CallError:
    """Return what the graph model answers, or the error that says why there is none."""
    draws = min(asked["draws"], REPORTED)
    try:
        return play(asked.document, draws=draws, seed=asked["seed"], progress=asked.progress)
    except CallError as error:
        return error


def _doubt(asked: Asked, study: Study) -> Doubt | CallError:
    """Return what the answer hangs on, or the error that says why that is not known."""
    try:
        return weigh(study, progress=asked.progress)
    except CallError as error:
        return error


def _values(study: Study, deals: object, stability: object) -> dict[str, Any]:
    values: dict[str, Any] = {"forecast": forecast_data.spreads(study)}
    if isinstance(deals, Deals):
        values["deals"] = deals_data.plain(deals)
    if isinstance(stability, GraphStudy):
        values["stability"] = stability_data.plain(stability)
    return values


def _tables(study: Study, deals: object, stability: object) -> dict[str, str]:
    tables = {"forecast.csv": forecast_data.csv_text(study)}
    if isinstance(deals, Deals):
        tables["packages.csv"] = deals_data.csv_text(deals)
    if isinstance(stability, GraphStudy):
        tables["states.csv"] = stability_data.csv_text(stability)
    return tables
