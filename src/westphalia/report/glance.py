"""The answer at a glance: a row an issue, with what is expected, how sure, and who says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, number, spread
from westphalia.language import said
from westphalia.report.values import scale_of
from westphalia.report.words import DISAGREEMENT, by_method, outcomes
from westphalia.runs.study import Study


@dataclass(frozen=True, slots=True)
class Glance:
    """One issue in one line; every figure with its spread, on the issue's own scale.

    `expected`, `half` and `most` tell the default forecast, the middle 50 % and 90 % of possible
    outcomes; `inputs` the compromise mean with what the inputs alone leave open; `apart` names the
    methods whose median lies elsewhere. Without a default forecast the compromise mean takes its place.
    """

    issue: str
    question: str
    expected: str
    half: str
    most: str
    inputs: str
    apart: tuple[str, ...]


def glances(study: Study, titles: Mapping[str, str], language: str) -> Iterator[Glance]:
    """Yield a line for each issue with a scale, in the order of the case."""
    if "forecast" not in study.forecast:
        return
    for issue in study.document.case.issues:
        if issue.kind != "nominal":
            yield from _glance(study, scale_of(issue, language), titles)


def _glance(study: Study, scale: Scale, titles: Mapping[str, str]) -> Iterator[Glance]:
    draws = by_method(study, scale.issue)
    outcome = outcomes(study, scale.issue)
    if not draws:
        return
    first, *others = draws
    told = draws[first] if outcome is None else outcome
    middle = float(np.median(draws[first]))
    yield Glance(
        issue=scale.issue,
        question=scale.question,
        expected=number(spread(told)["median"], scale.length),
        half=_between(told, "50", scale),
        most=_between(told, "90", scale),
        inputs=_with_most(draws[first], scale),
        apart=tuple(
            f"{titles.get(method, method)}: {_with_most(draws[method], scale)}"
            for method in others
            if abs(float(np.median(draws[method])) - middle) > DISAGREEMENT * scale.length
        ),
    )


def _with_most(values: FloatArray, scale: Scale) -> str:
    return f"{number(spread(values)['median'], scale.length)} ({_between(values, '90', scale)})"


def _between(values: FloatArray, share: str, scale: Scale) -> str:
    held = spread(values)
    low, high = (number(held[f"{end}{share}"], scale.length) for end in ("low", "high"))
    return said("{low} to {high}", low=low, high=high)
