"""The chapter on stability: its parts with words, tables and pictures, or why there is none."""

from __future__ import annotations

from westphalia.errors import CallError
from westphalia.language import marked, said, said_n
from westphalia.report.grid import Chapter, absent
from westphalia.report.stability import stability_parts
from westphalia.report.stability_pictures import stability_charts
from westphalia.report.stability_states import counted
from westphalia.runs.stability import GraphStudy

TITLE = marked("Stability")


def stability_chapter(study: GraphStudy | CallError, language: str) -> Chapter:
    """Return the chapter of a case's graph model; of the error that kept it away, what it says."""
    if isinstance(study, CallError):
        return absent(said(TITLE), said("Where the conflict comes to rest is not judged"), study)
    charts = stability_charts(study, language)
    return Chapter(said(TITLE), "", stability_parts(study, language), charts, stability_terms(study))


def stability_terms(study: GraphStudy) -> str:
    """Return on what terms states were judged, in one paragraph."""
    actors, size = len(study.model.conflict.actors), study.model.conflict.size
    terms = said_n(
        "The graph model: {n} decision maker, {states} states, moves between them, and who prefers which. A "
        "state is at rest if nobody would leave it, as far as each looks ahead; by these preferences, and no "
        "other.",
        "The graph model: {n} decision makers, {states} states, moves between them, and who prefers which. A "
        "state is at rest if nobody would leave it, as far as each looks ahead; by these preferences, and no "
        "other.",
        actors,
        states=counted(size),
    )
    return f"{terms} {_over(study)}"


def _over(study: GraphStudy) -> str:
    """Return what shares are of, and at which values the rest is told."""
    if study.robust is None:
        return said("Everything is told at the central values of the preferences.")
    return said_n(
        "Shares are of {n} draw (seed {seed}) of what is doubtful in the preferences, ± twice the standard "
        "error; everything else is told at their central values.",
        "Shares are of {n} draws (seed {seed}) of what is doubtful in the preferences, ± twice the standard "
        "error; everything else is told at their central values.",
        study.draws,
        seed=study.seed,
    )
