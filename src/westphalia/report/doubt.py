"""What the answer hangs on, in words and tables: inputs, the choice of method, single changes, scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.case.schema import CaseFile
from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, listed, number, percent
from westphalia.labels import ANSWER, DRAW, GROUP, ISSUE, METHOD, OTHER_METHOD
from westphalia.language import decimal, marked, said, said_n
from westphalia.registry import find
from westphalia.report.grid import Grid, Part
from westphalia.report.record import record_sentences
from westphalia.report.unknowns import unknown_name
from westphalia.report.values import actor_name, scale_of
from westphalia.report.words import interval, outcomes
from westphalia.runs.doubt import Doubt

SHOWN = 3
"""Values, actors or statements that are named for an issue."""

LITTLE = 0.02
"""A share of the variance below this is not worth naming."""

_HEADS = {
    "actor": marked("of all actors"),
    "source": marked("of all sources"),
    "statement": marked("of all statements"),
}


@dataclass(frozen=True)
class Asked:
    """What was found, with the names of the case in the language of the page."""

    doubt: Doubt
    language: str

    @property
    def case(self) -> CaseFile:
        """The case that was studied."""
        return self.doubt.study.document.case

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """The issues on scales by id, in the order of the case."""
        return {
            issue.id: scale_of(issue, self.language) for issue in self.case.issues if issue.kind != "nominal"
        }

    @cached_property
    def mean(self) -> str:
        """The compromise mean, as it is called within a sentence."""
        return said("compromise mean")

    def named(self, group: str) -> str:
        """Return a value, an actor, a source or a statement in words."""
        statement = self.case.statement.get(group)
        if statement is None:
            return unknown_name(self.case, group, self.language)
        return f"{group} ({actor_name(statement.speaker, self.case, self.language)})"

    def brief(self, group: str) -> str:
        """Return a value in words without the issue it is on, which stands beside it."""
        return unknown_name(self.case, group, self.language, is_brief=True)


def doubt_parts(asked: Asked) -> tuple[Part, ...]:
    """Return the parts that are the same in the page and the terminal, without those on changes."""
    made = (*drivers(asked), *agreeing(asked))
    return tuple(part for part in made if part.sentences or part.grids)


# --- inputs --------------------------------------------------------------------------------------


def drivers(asked: Asked) -> Iterator[Part]:
    """Yield what drives the answer: numbers, actors, sources and statements on each issue."""
    title = said("What drives the answer")
    if not asked.doubt.indices:
        reason = asked.doubt.reasons.get("indices", "")
        told = (said("Nothing can be told apart: {reason}", reason=reason),) if reason else ()
        yield Part("drivers", title, told)
        return
    values = asked.doubt.indices["value"]
    sentences = (*_of_whole(asked), _bounds(asked))
    yield Part("drivers", title, sentences, (_most(asked), _better(asked, values)), "drivers")


def _of_whole(asked: Asked) -> Iterator[str]:
    """Say how much of the default forecast's doubt better inputs could take away at all."""
    study = asked.doubt.study
    if study.outcome is None or DEFAULT_METHOD not in study.results:
        return
    inputs = study.results[DEFAULT_METHOD]["forecast"].var(DRAW)
    whole = study.outcome["outcome"].var(DRAW)
    share = {
        issue: float(inputs.sel({ISSUE: issue})) / max(float(whole.sel({ISSUE: issue})), 1e-300)
        for issue in asked.scales
    }
    least, most = min(share, key=lambda issue: share[issue]), max(share, key=lambda issue: share[issue])
    yield said(
        "By these inputs, their doubt makes between {least} (“{issue_of_least}”) and {most} "
        "(“{issue_of_most}”) of the variance of the default forecast. The rest is the error of such "
        "forecasts: no better report on this case would take it away. What follows is about the first part "
        "alone.",
        least=percent(share[least]),
        issue_of_least=asked.scales[least].question,
        most=percent(share[most]),
        issue_of_most=asked.scales[most].question,
    )


def _bounds(asked: Asked) -> str:
    worst = max(float(found["first_order_error"].max()) for found in asked.doubt.indices.values())
    draws = int(asked.doubt.indices["value"].attrs["draws"])
    return said(
        "A share says how much of the variance of the compromise mean would go on average if something were "
        "known exactly (first-order Sobol index, two samples of {draws} draws; 95 % intervals reach at most "
        "{points} points to either side). It holds within the ranges of the case: a range that is too narrow "
        "hides a driver.",
        draws=decimal(f"{draws:,}"),
        points=f"{100 * worst:.0f}",
    )


def _most(asked: Asked) -> Grid:
    ways = {by: found for by, found in asked.doubt.indices.items() if by in _HEADS}
    head = (said("issue"), *(said(_HEADS[by]) for by in ways))
    rows = tuple(
        (scale.question, *(_top(asked, found, issue) for found in ways.values()))
        for issue, scale in asked.scales.items()
    )
    title = said("Whom and what each answer depends on most")
    if "statement" in ways:
        title = f"{title} ({said('a value that rests on several statements counts for each')})"
    return Grid(title, head, rows)


def _top(asked: Asked, found: xr.Dataset, issue: str) -> str:
    share = found["first_order"].sel({ANSWER: f"{DEFAULT_METHOD}.{issue}"}).values
    first = [at for at in np.argsort(-share, kind="stable")[:SHOWN] if share[at] >= LITTLE]
    groups = found[GROUP].values
    told = (f"{asked.named(str(groups[at]))} {percent(min(share[at], 1))}" for at in first)
    return "; ".join(told) or said("none")


def _better(asked: Asked, values: xr.Dataset) -> Grid:
    """Return which single number, known exactly, would narrow the answer most."""
    rows = []
    for issue, scale in asked.scales.items():
        one = values.sel({ANSWER: f"{DEFAULT_METHOD}.{issue}"})
        cut = np.nan_to_num(one["interval_cut"].values)
        best = int(np.argmax(cut))
        wide = float(one["answer_width"])
        name = asked.named(str(one[GROUP].values[best])) if cut[best] > 0 else said("none")
        left = max(wide - max(float(cut[best]), 0.0), 0.0)
        rows.append((scale.question, name, number(wide, scale.length), number(left, scale.length)))
    head = (
        said("issue"),
        said("the one number most worth knowing"),
        said("middle 80 % of the compromise mean, wide"),
        said("wide if it were known, about"),
    )
    return Grid(said("What a better estimate would be worth"), head, tuple(rows), (2, 3))


# --- methods -------------------------------------------------------------------------------------


def agreeing(asked: Asked) -> Iterator[Part]:
    """Yield how far the methods agree, and who stands apart."""
    found = asked.doubt.agreement
    if found is None:
        return
    names = {str(method): said(find(str(method)).title) for method in found[METHOD].values}
    head = (
        said("issue"),
        said("due to method"),
        said("furthest from the others"),
        said("mean distance to them"),
        said("default forecast: median (90 %), its own error included"),
    )
    rows = tuple(_apart(asked, found, issue, names) for issue in asked.scales)
    grid = Grid(said("Methods apart"), head, rows, (1, 3))
    sentences = tuple(_compared(asked, found))
    yield Part("methods", said("Where the methods agree"), sentences, (grid,), "method-agreement")


def _compared(asked: Asked, found: xr.Dataset) -> Iterator[str]:
    """Say how methods were compared, where their choice matters most, and which were left out."""
    yield said_n(
        "{n} method on the same draws, each counting the same: of the variance of all of them together, the "
        "share below is due to the choice of method, the rest to what the inputs leave open. Agreement is no "
        "proof: methods that share an assumption err together.",
        "{n} methods on the same draws, each counting the same: of the variance of all of them together, the "
        "share below is due to the choice of method, the rest to what the inputs leave open. Agreement is no "
        "proof: methods that share an assumption err together.",
        found.sizes[METHOD],
    )
    shares = found["method_share"]
    above = [
        said("“{question}”", question=scale.question)
        for issue, scale in asked.scales.items()
        if float(shares.sel({ISSUE: issue})) > 0.5
    ]
    if above:
        yield said_n(
            "On {n} issue of {all} the choice of method matters more than all doubt in the inputs: {issues}.",
            "On {n} issues of {all} the choice of method matters more than all doubt in the inputs: "
            "{issues}.",
            len(above),
            all=len(asked.scales),
            issues=listed(above),
        )
    else:
        yield said("On no issue does the choice of method matter more than the doubt in the inputs.")
    left = [said(find(method).title) for method in asked.doubt.left_out]
    if left:
        yield said("Left out, as they find nothing in some draws: {methods}.", methods=listed(left))


def _apart(asked: Asked, found: xr.Dataset, issue: str, names: dict[str, str]) -> tuple[str, ...]:
    one = found.sel({ISSUE: issue})
    share = one["apart_share"].transpose(METHOD, OTHER_METHOD).values
    mean = share.sum(axis=1) / (len(share) - 1)
    far = int(np.argmax(mean))
    scale, told = asked.scales[issue], outcomes(asked.doubt.study, issue)
    return (
        scale.question,
        percent(float(one["method_share"])),
        names[str(one[METHOD].values[far])],
        said("{share} of the scale", share=percent(float(mean[far]))),
        "" if told is None else interval(told, scale),
    )


# --- record --------------------------------------------------------------------------------------


def recorded() -> Part:
    """Return how far forecasts of this kind held in the past."""
    return Part("record", said("How far such forecasts held"), record_sentences(), chart="calibration")


def shares_of(difference: FloatArray) -> str:
    """Return in how many draws something rises, or falls if that is more often."""
    rises, falls = float((difference > 0).mean()), float((difference < 0).mean())
    if rises >= falls:
        return said("rises in {share}", share=percent(rises))
    return said("falls in {share}", share=percent(falls))
