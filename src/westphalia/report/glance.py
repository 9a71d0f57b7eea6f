"""The answer at a glance: a row an issue, with what is expected, how sure, and who says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, number, spread
from westphalia.labels import ISSUE, METHOD
from westphalia.report.values import scale_of
from westphalia.report.words import DISAGREEMENT, finite
from westphalia.runs.study import Study


@dataclass(frozen=True, slots=True)
class Glance:
    """One issue in one line; every figure with its spread, on the issue's own scale.

    `half` and `most` hold the middle 50 % and 90 % of draws, `recorded` the middle 90 % with the
    method's own record of error; `apart` names the methods whose median lies elsewhere.
    """

    issue: str
    question: str
    expected: str
    half: str
    most: str
    recorded: str
    apart: tuple[str, ...]


def glances(study: Study, titles: Mapping[str, str], language: str) -> Iterator[Glance]:
    """Yield a line for each issue with a scale, in the order of the case."""
    if "forecast" not in study.forecast:
        return
    for issue in study.document.case.issues:
        if issue.kind != "nominal":
            yield from _glance(study, scale_of(issue, language), titles)


def _glance(study: Study, scale: Scale, titles: Mapping[str, str]) -> Iterator[Glance]:
    forecast = study.forecast["forecast"].sel({ISSUE: scale.issue})
    by_method = {
        str(method): finite(forecast.sel({METHOD: method}).values) for method in forecast[METHOD].values
    }
    first, *others = by_method
    if not by_method[first].size:
        return
    middle = spread(by_method[first])["median"]
    outcome = None if study.outcome is None else study.outcome["outcome"].sel({ISSUE: scale.issue}).values
    yield Glance(
        issue=scale.issue,
        question=scale.question,
        expected=number(middle, scale.length),
        half=_between(by_method[first], "50", scale),
        most=_between(by_method[first], "90", scale),
        recorded="" if outcome is None else _between(outcome, "90", scale),
        apart=tuple(
            f"{titles.get(method, method)}: {number(spread(by_method[method])['median'], scale.length)} "
            f"({_between(by_method[method], '90', scale)})"
            for method in others
            if by_method[method].size
            and abs(spread(by_method[method])["median"] - middle) > DISAGREEMENT * scale.length
        ),
    )


def _between(values: FloatArray, share: str, scale: Scale) -> str:
    held = spread(values)
    return f"{number(held[f'low{share}'], scale.length)} to {number(held[f'high{share}'], scale.length)}"
