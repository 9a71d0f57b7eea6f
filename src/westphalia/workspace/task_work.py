"""Doing a task: run what it asks, and keep what the report would show of it.

Loading this loads all that computes: only the worker does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from westphalia.analyses.sampling import sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.errors import CallError
from westphalia.formats.graphml import graphml
from westphalia.language import speaking
from westphalia.report import deals_data, forecast_data, networks_data, stability_data
from westphalia.report.context import context
from westphalia.report.deals import deal_summary
from westphalia.report.deals_chapter import deals_chapter
from westphalia.report.forecast_chapter import forecast_answer, forecast_chapters
from westphalia.report.networks import network_chapter
from westphalia.report.stability_chapter import stability_chapter
from westphalia.report.stability_reasons import state_part
from westphalia.runs.deals import negotiate
from westphalia.runs.engine import Progress, version
from westphalia.runs.networks import graph_of_case, networks
from westphalia.runs.stability import play
from westphalia.workspace.results import Result, finite
from westphalia.workspace.task_asked import MOST_ANSWERED, Asked, Done, first_sentences
from westphalia.workspace.task_commands import command_of
from westphalia.workspace.task_doubting import doubt_task, levers_task, sensitivity_task, whatif_task
from westphalia.workspace.task_report import report_task
from westphalia.workspace.tasks import Kind, Task

NETWORK_FILE = "networks.graphml"


def done(task: Task, document: Document, texts: Mapping[str, str], progress: Progress | None) -> Result:
    """Do a task; see `workspace.tasks.carry_out`."""
    asked = Asked(task, document, texts, progress)
    with speaking(asked.language):
        made = _WORK[task.kind](asked)
    stamp = {
        "kind": task.kind,
        "case": document.case.id,
        "case_digest": document.digest,
        "version": version(),
        "draws": task.settings["draws"],
        "seed": task.settings["seed"],
        "settings": task.settings,
        "command": command_of(task, document.name),
    }
    tables = {name: text for name, text in made.tables.items() if text}
    result = Result(stamp, made.chapters, made.answer, finite(made.values), tables, made.files)
    return Result.from_json(result.to_json())


# --- what the methods say ------------------------------------------------------------------------------


def _forecast(asked: Asked) -> Done:
    study = asked.study(ties=asked.ties)
    c = context(study, asked.language)
    chapters = forecast_chapters(c) | {name: made for name, made in c.chapters.items() if name == "exchanges"}
    return Done(
        chapters,
        forecast_answer(c),
        forecast_data.spreads(study),
        {"forecast.csv": forecast_data.csv_text(study)},
    )


def _deals(asked: Asked) -> Done:
    names = ("draws", "seed", "loss", "points", "ratifiers", "commitments", "linkages", "time_limit")
    deals = negotiate(asked.document, **asked.of(*names), ties=asked.ties, progress=asked.progress)
    return Done(
        chapters={"deals": deals_chapter(deals, asked.language)},
        answer=deal_summary(deals, asked.language)[:MOST_ANSWERED],
        values=deals_data.plain(deals),
        tables={"packages.csv": deals_data.csv_text(deals)},
    )


def _stability(asked: Asked) -> Done:
    found = play(asked.document, **asked.of("draws", "seed", "concepts", "wish"), progress=asked.progress)
    chapter, values = stability_chapter(found, asked.language), stability_data.plain(found)
    answer = chapter.parts[0].sentences[:MOST_ANSWERED] if chapter.parts else ()
    if asked["state"] is not None:
        reasons = state_part(found, asked["state"], asked.language)
        chapter = replace(chapter, parts=(reasons, *chapter.parts))
        values["reasons"] = stability_data.reasons_of(found, asked["state"])
    return Done({"stability": chapter}, answer, values, {"states.csv": stability_data.csv_text(found)})


def _networks(asked: Asked) -> Done:
    case = asked.document.case
    scaled, _nominal = sample(build(case), asked["draws"], asked["seed"])
    found = networks(case, scaled)
    chapter = network_chapter(found, case, asked.language)
    try:
        files = {NETWORK_FILE: graphml(graph_of_case(found))}
    except CallError:  # nobody agrees with anybody: there is nothing to draw
        files = {}
    return Done(
        chapters={"networks": chapter},
        answer=first_sentences(chapter),
        values={"case": case.id, **asked.of("draws", "seed"), **networks_data.plain(found)},
        tables={f"{name}.csv": text for name, text in networks_data.csv_texts(found).items()},
        files=files,
    )


_WORK: Final[Mapping[Kind, Callable[[Asked], Done]]] = {
    "forecast": _forecast,
    "deals": _deals,
    "stability": _stability,
    "networks": _networks,
    "doubt": doubt_task,
    "sensitivity": sensitivity_task,
    "levers": levers_task,
    "whatif": whatif_task,
    "report": report_task,
}
