"""Tasks that ask what an answer hangs on: drivers, levers, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE
from westphalia.case.document import Document
from westphalia.case.scenarios import Change, change_of, new_scenario
from westphalia.errors import CallError
from westphalia.report import levers_data, sensitivity_data, whatif_data
from westphalia.report.doubt_chapter import doubt_chapter
from westphalia.report.levers_chapter import levers_answer, levers_chapter
from westphalia.report.sensitivity_chapter import sensitivity_chapter
from westphalia.report.whatif_chapter import whatif_answer, whatif_chapter
from westphalia.runs.asked import REST, ZONE
from westphalia.runs.doubt import weigh
from westphalia.runs.levers import forecast_levers, opening_levers
from westphalia.runs.rests import RestLevers, rest_levers
from westphalia.runs.sensitivity import sensitivity
from westphalia.runs.whatif import WhatIf, run_scenarios, what_if, with_scenario
from westphalia.workspace.task_asked import MOST_ANSWERED, Asked, Done, first_sentences, pictured


def doubt_task(asked: Asked) -> Done:
    """Say what the answer hangs on: inputs, methods, single changes, scenarios."""
    study = asked.study()
    found = weigh(study, **asked.of("base_draws", "tried_draws"), progress=asked.progress)
    chapter = doubt_chapter(found, asked.language)
    values = {
        "case": asked.document.case.id,
        "indices": {by: sensitivity_data.plain(one) for by, one in found.indices.items()},
        "levers": {issue: levers_data.plain(one) for issue, one in found.levers.items()},
        "scenarios": {name: whatif_data.plain(one) for name, one in found.scenarios.items()},
        "left_out": list(found.left_out),
        "reasons": dict(found.reasons),
    }
    tables = {f"drivers-by-{by}.csv": sensitivity_data.csv_text(one) for by, one in found.indices.items()}
    tables |= {f"levers-{issue}.csv": levers_data.csv_text(one) for issue, one in found.levers.items()}
    tables["scenarios.csv"] = whatif_data.csv_text(found.scenarios)
    return Done({"doubt": chapter}, pictured(chapter) or first_sentences(chapter), values, tables)


def sensitivity_task(asked: Asked) -> Done:
    """Say which numbers drive each answer."""
    found = sensitivity(
        asked.document,
        methods=tuple(asked["methods"]),
        of=tuple(asked["of"]),
        **asked.of("by", "concept", "draws", "seed", "options"),
        ties=asked.ties,
        progress=asked.progress,
    )
    chapter = sensitivity_chapter(found, asked.document, asked.language)
    return Done(
        chapters={"sensitivity": chapter},
        answer=pictured(chapter) or first_sentences(chapter),
        values=sensitivity_data.plain(found),
        tables={"drivers.csv": sensitivity_data.csv_text(found)},
    )


def levers_task(asked: Asked) -> Done:
    """Say what would bring about what is wished for."""
    found = _levers_of(asked)
    chapters = {"levers": levers_chapter(found, asked.document, asked.language)}
    answer = levers_answer(found, asked.document, asked.language)
    if isinstance(found, RestLevers):
        return Done(chapters, answer, levers_data.plain_rest(found))
    tables = {"levers.csv": levers_data.csv_text(found)}
    return Done(chapters, answer, levers_data.plain(found), tables)


def _levers_of(asked: Asked) -> xr.Dataset | RestLevers:
    of, shared = asked["of"], asked.of("by", "draws", "seed")
    if of.startswith(REST):
        state = of.removeprefix(REST).strip()
        return rest_levers(asked.document, state, **asked.of("concept", "most_edits"), **shared)
    if of == ZONE:
        return opening_levers(asked.document, ties=asked.ties, **shared)
    return forecast_levers(
        asked.document,
        of,
        **asked.of("at_most", "at_least", "method", "options"),
        costs={
            "position": asked["cost_of_position"],
            "salience": asked["cost_of_salience"],
            "capability": asked["cost_of_capability"],
        },
        ties=asked.ties,
        **shared,
    )


# --- what if -------------------------------------------------------------------------------------------


def whatif_task(asked: Asked) -> Done:
    """Set scenarios, or changes, beside the case as it is."""
    ran = _tried(asked)
    return Done(
        chapters={"whatif": whatif_chapter(ran, asked.language)},
        answer=whatif_answer(ran, asked.language)[:MOST_ANSWERED],
        values={"what_if": {name: whatif_data.plain(one) for name, one in ran.items()}},
        tables={"scenarios.csv": whatif_data.csv_text(ran)},
    )


def _tried(asked: Asked) -> Mapping[str, WhatIf]:
    """Return the scenarios, or the changes as one more, run with the mean and its predictive distribution."""
    only = dict.fromkeys([DEFAULT_METHOD, PREDICTIVE, *asked["methods"]]) if asked["methods"] else ()
    how: dict[str, Any] = {**asked.of("draws", "seed", "options"), "only": tuple(only)}
    how["progress"] = asked.progress
    if not asked["changes"]:
        if not asked.document.case.scenarios:
            raise CallError(
                "The case has no scenarios, and no change is given.",
                code="no-change",
                where="changes",
                hint="Give a change, or keep some as a scenario of the case.",
            )
        return run_scenarios(asked.document, asked["scenarios"], **how)
    changes = tuple(change_of(dict(one), str(at)) for at, one in enumerate(asked["changes"], start=1))
    title = asked["title"] or "; ".join(map(str, changes))
    ran = what_if(asked.document, changes, title=title, **how)
    name, noted = _noted(asked.document, changes, title)
    return {name: replace(ran, base=replace(ran.base, document=noted))}


def _noted(document: Document, changes: tuple[Change, ...], title: str) -> tuple[str, Document]:
    """Return the case with the changes noted as a scenario, as the chapter tells of them, and its name."""
    taken = {scenario.id for scenario in document.case.scenarios}
    name = next(
        name
        for name in ("changes", *(f"changes-{at}" for at in range(2, len(taken) + 3)))
        if name not in taken
    )
    return name, with_scenario(document, new_scenario(name, title, changes))
