"""The chapter on stability: its parts with words, tables and pictures, or why there is none."""

from __future__ import annotations

from westphalia.charts.words import times
from westphalia.errors import CallError
from westphalia.report.grid import Chapter, absent
from westphalia.report.stability import stability_parts
from westphalia.report.stability_pictures import stability_charts
from westphalia.runs.stability import GraphStudy

TITLE = "Stability"


def stability_chapter(study: GraphStudy | CallError, language: str) -> Chapter:
    """Return the chapter of a case's graph model; of the error that kept it away, what it says."""
    if isinstance(study, CallError):
        return absent(TITLE, "Where the conflict comes to rest is not judged", study)
    charts = stability_charts(study, language)
    return Chapter(TITLE, "", stability_parts(study, language), charts, stability_terms(study))


def stability_terms(study: GraphStudy) -> str:
    """Return on what terms states were judged, in one paragraph."""
    actors, size = len(study.model.conflict.actors), study.model.conflict.size
    over = (
        f" Shares are of {times(study.draws, 'draw')} (seed {study.seed}) of what is doubtful in the "
        "preferences, ± twice the standard error; everything else is told at their central values."
        if study.robust is not None
        else " Everything is told at the central values of the preferences."
    )
    return (
        f"The graph model: {times(actors, 'decision maker')}, {size:,} states, moves between them, and who "
        "prefers which. A state is at rest if nobody would leave it, as far as each looks ahead; by these "
        f"preferences, and no other.{over}"
    )
