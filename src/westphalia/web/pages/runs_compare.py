"""Two runs side by side: what they find, and what differed between them that may be the cause."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.registry import find
from westphalia.web.asked import bench, case_of
from westphalia.web.page import address, page, tell
from westphalia.web.pages.runs_form import ASKED
from westphalia.web.pages.runs_one import given, run_of
from westphalia.workspace.differences import Difference, differences
from westphalia.workspace.queue import Run
from westphalia.workspace.results import Result

_MOST_VALUES, _MOST_CHANGES, _LONGEST = 200, 100, 120
_SHOWN: Final = ("median", "q05", "q95")
_OF_FORECAST: Final = "forecast"
_OF_THE_RUN: Final = ("run", "quantiles")
"""Parts of the values that say how they were made; settings are told apart from them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its `run`, the `title` of its kind, its `answer` in words."""

    run: Run
    title: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The `median` of the draws; nine in ten of them lie between `low` and `high`."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """What both runs expect on an `issue` by a `method`.

    `a` and `b` are the forecasts, None where a run has none; `difference` is that of the medians.
    """

    issue: Text | str
    method: str
    a: Spread | None
    b: Spread | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class Value:
    """A value that differs: its `path`, what it is in `a` and `b`, and the `difference` of numbers."""

    path: str
    a: str
    b: str
    difference: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    Attributes
    ----------
    a, b: the two runs. lines: forecasts by issue and method.
    values: other values that differ, so many of them; more: how many are not shown.
    settings: those that differ, with both values. changed: where the versions of the case differ.
    more_changed: how many such places are not shown.
    """

    a: Side
    b: Side
    lines: tuple[Line, ...]
    values: tuple[Value, ...]
    more: int
    settings: tuple[tuple[str, str, str], ...]
    changed: tuple[Difference, ...]
    more_changed: int


def compare(request: Request) -> Response:
    """Show two runs of the case side by side."""
    held, asked = case_of(request), request.query_params
    numbers = [asked.get(name, "") for name in ("a", "b")]
    if not all(number.isascii() and number.isdigit() and len(number) < 19 for number in numbers):
        return tell(request, address(held.name, "runs"), _("Choose two runs to compare."))
    runs = [run_of(request, int(number)) for number in numbers]
    queue = bench(request).queue
    found = [queue.result(run.id) for run in runs]
    changed: tuple[Difference, ...] = ()
    if runs[0].version != runs[1].version:
        changed = _changed(*(queue.text(run.id) for run in runs))
    case = held.document.case if held.document else None
    return page(request, "runs/compare.html", _comparison(runs, found, changed, case))


@lru_cache(maxsize=16)
def _changed(old: str, new: str) -> tuple[Difference, ...]:
    """Return where two versions of the case differ; reading them anew takes a second."""
    return differences(old.encode("utf-8"), new.encode("utf-8"))


def _comparison(
    runs: list[Run], found: list[Result], changed: tuple[Difference, ...], case: CaseFile | None
) -> Comparison:
    sides = [Side(run, ASKED[run.task.kind][0], one.answer) for run, one in zip(runs, found, strict=True)]
    forecasts = [_forecast(one.values) for one in found]
    apart = list(_values(*(_leaves(one.values, _by_issue(one.values)) for one in found)))
    return Comparison(
        a=sides[0],
        b=sides[1],
        lines=tuple(_lines(forecasts[0], forecasts[1], case)),
        values=tuple(apart[:_MOST_VALUES]),
        more=max(len(apart) - _MOST_VALUES, 0),
        settings=tuple(_settings(*(given(run) for run in runs))),
        changed=tuple(_short(one) for one in changed[:_MOST_CHANGES]),
        more_changed=max(len(changed) - _MOST_CHANGES, 0),
    )


# --- forecasts -------------------------------------------------------------------------------------


def _forecast(values: Mapping[str, Any]) -> dict[tuple[str, str], Spread]:
    """Return the forecasts that a result holds, by issue and method."""
    return {
        (issue, method): Spread(*(float(figures[name]) for name in _SHOWN))
        for issue, methods in _by_issue(values).items()
        for method, figures in methods.items()
        if all(figures.get(name) is not None for name in _SHOWN)
    }


def _by_issue(values: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return quantiles by issue and method; those of a report stand one level below."""
    own = values.get(_OF_FORECAST)
    if not isinstance(own, Mapping):
        return {}
    deeper = own.get(_OF_FORECAST)
    return deeper if isinstance(deeper, Mapping) else own


def _lines(
    a: Mapping[tuple[str, str], Spread], b: Mapping[tuple[str, str], Spread], case: CaseFile | None
) -> Iterator[Line]:
    issues = case.issue if case is not None else {}
    for key in dict.fromkeys([*a, *b]):
        issue, method = key
        one, other = a.get(key), b.get(key)
        difference = None if one is None or other is None else other.median - one.median
        question = issues[issue].question if issue in issues else issue
        yield Line(question, find(method).title, one, other, difference)


# --- everything else ---------------------------------------------------------------------------------


def _leaves(values: Any, told: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return single values by path, a list of single values as one; not what is `told` already."""
    if isinstance(values, Mapping):
        steps = [(str(name), part) for name, part in values.items() if name not in _OF_THE_RUN]
    elif isinstance(values, list) and any(isinstance(one, Mapping | list) for one in values):
        steps = [(str(at), part) for at, part in enumerate(values)]
    else:
        return {path: values}
    found: dict[str, Any] = {}
    for name, part in steps:
        if part is not told:
            found |= _leaves(part, told, f"{path}.{name}" if path else name)
    return found


def _values(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Value]:
    for path in dict.fromkeys([*a, *b]):
        one, other = a.get(path), b.get(path)
        if one != other:
            yield Value(path, _written(one), _written(other), _difference(one, other))


def _difference(one: Any, other: Any) -> float | None:
    are_numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (one, other))
    return float(other) - float(one) if are_numbers else None


def _settings(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*a, *b]):
        if a.get(name) != b.get(name):
            yield name, _written(a.get(name)), _written(b.get(name))


def _short(one: Difference) -> Difference:
    return Difference(one.path, _written(one.before), _written(one.after))


def _written(value: Any) -> str:
    """Return a value in few letters, a dash for what is not there."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list) and not any(isinstance(one, Mapping | list) for one in value):
        said = ", ".join(map(_written, value))
    else:
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


ROUTES = [Route("/cases/{case}/runs/compare", compare)]
