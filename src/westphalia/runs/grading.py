"""Entering what came of a sealed forecast, and the track record of a ledger."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from westphalia.analyses.quantile_scores import LEVELS, scores
from westphalia.errors import CallError, suggest
from westphalia.runs.ledger import Entry, Ledger, add, read_ledger
from westphalia.runs.sealed import OUTCOME, Entered, ScoredIssue, Sealed, said, sealed
from westphalia.runs.sealing import time_of


def enter_outcomes(
    ledger: str | Path,
    entry: str,
    outcomes: Mapping[str, float],
    *,
    note: str | None = None,
    now: datetime.datetime | None = None,
) -> Entry:
    """Enter what came of a sealed forecast, graded, as a new entry; the forecast's own stays as it is.

    An outcome may be entered again, to correct it: the last one counts.

    Raises
    ------
    CallError: no such entry, it is no forecast, an unknown issue, or an outcome off its scale.
    FileError: the ledger does not hold or cannot be written.
    """
    forecast, content = sealed(read_ledger(ledger), entry)
    if not outcomes:
        raise CallError("No outcome is given.", code="no-outcome", where=entry, hint="Give ISSUE=VALUE.")
    graded = {issue: _graded(content, issue, value).model_dump() for issue, value in outcomes.items()}
    entered = {"kind": OUTCOME, "time": time_of(now), "of": forecast.hash, "issues": graded}
    return add(ledger, {**entered, **({"note": note} if note else {})})


def _graded(content: Sealed, issue: str, outcome: float) -> ScoredIssue:
    if issue not in content.issues:
        message = f"The forecast has no issue '{issue}'."
        raise CallError(message, code="unknown-issue", where=issue, hint=suggest(issue, content.issues))
    held = content.issues[issue]
    if not held.low <= outcome <= held.high:
        message = f"The outcome {outcome:g} is off the scale of '{issue}'."
        hint = f"The scale runs from {held.low:g} to {held.high:g}."
        raise CallError(message, code="off-scale", where=issue, hint=hint)
    found = scores(held.quantiles, held.mean, outcome)
    return ScoredIssue(
        outcome=outcome,
        error_median=found.error_median,
        error_mean=found.error_mean,
        crps=found.crps,
        inside={f"{level:.0%}": is_in for level, is_in in zip(LEVELS, found.inside, strict=True)},
        share_below=found.share_below,
    )


@dataclass(frozen=True)
class Grade:
    """How one sealed forecast of one issue did; `scores` is None while its outcome is open."""

    number: int
    forecast: Sealed
    issue: str
    scores: ScoredIssue | None
    is_corrected: bool


def grades(ledger: Ledger) -> tuple[Grade, ...]:
    """Return every sealed forecast by issue with its scores, in the order of the ledger.

    Raises
    ------
    FileError: an entry is neither a forecast nor an outcome.
    """
    contents = [(entry, said(ledger, entry)) for entry in ledger.entries]
    entered: dict[tuple[str, str], list[ScoredIssue]] = {}
    for _, content in contents:
        if isinstance(content, Entered):
            for issue, one in content.issues.items():
                entered.setdefault((content.of, issue), []).append(one)
    found = []
    for entry, content in contents:
        if isinstance(content, Sealed):
            for issue in content.issues:
                scored = entered.get((entry.hash, issue), [])
                last = scored[-1] if scored else None
                found.append(Grade(entry.number, content, issue, last, len(scored) > 1))
    return tuple(found)


@dataclass(frozen=True)
class Calibration:
    """How all graded forecasts of one method did; errors and CRPS as shares of the issues' scales."""

    method: str
    count: int
    error_median: float
    error_mean: float
    crps: float
    coverage: Mapping[str, float]


def calibration(graded: tuple[Grade, ...]) -> tuple[Calibration, ...]:
    """Return the track record of each method in a ledger; methods without any outcome are left out."""
    by_method: dict[str, list[tuple[ScoredIssue, float]]] = {}
    for grade in graded:
        if grade.scores is not None:
            length = grade.forecast.issues[grade.issue].length
            by_method.setdefault(grade.forecast.method, []).append((grade.scores, length))
    return tuple(_calibrated(method, scored) for method, scored in by_method.items())


def _calibrated(method: str, scored: list[tuple[ScoredIssue, float]]) -> Calibration:
    means = {
        name: float(np.mean([getattr(held, name) / length for held, length in scored]))
        for name in ("error_median", "error_mean", "crps")
    }
    levels = [f"{level:.0%}" for level in LEVELS]
    coverage = {
        level: float(np.mean([held.inside.get(level, False) for held, _ in scored])) for level in levels
    }
    return Calibration(method, len(scored), **means, coverage=coverage)
