"""Composing a deal: a package stands in the address, the page says who would take it and who refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile, Issue
from westphalia.errors import CallError
from westphalia.fields import Text
from westphalia.labels import ISSUE, OPTION
from westphalia.language import marked as _
from westphalia.web.asked import document_of
from westphalia.web.faults import Fault, fault_of
from westphalia.web.page import address, page, tell
from westphalia.workspace.deals_desk import (
    STARTS,
    Answer,
    DealsDesk,
    Halves,
    Judgement,
    Package,
    better,
    desk_of,
    judged,
    labels_of,
    package_of,
    start,
)

_THEN, _THAN, _START = "_then", "_than", "_start"
"""Names in the query beside those of issues, which never begin so."""

BETTER = "better"
_START_NAMES = {
    "expected": _("The expected package"),
    "no_deal": _("What holds without agreement"),
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": _("Egalitarian"),
    "leximin": _("Leximin"),
    "utilitarian": _("Utilitarian"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """An option of an issue.

    `value` names it in the address, `point` is its place on the scale, if it has one, `meaning` what the case
    says of it.
    """

    value: str
    point: float | None
    meaning: Text | None


@dataclass(frozen=True, slots=True)
class Control:
    """How an issue is settled.

    `issue` is its id, `question` what it asks, `kind` that of its scale, `unit` what the scale counts;
    `options` are in order, and `chosen` is the value of one of them.
    """

    issue: str
    question: Text
    kind: str
    unit: Text | None
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An issue that is settled otherwise than in the package before.

    `question` is what it asks, `kind` that of its scale; `before` and `after` are the two options.
    """

    question: Text
    kind: str
    before: Option
    after: Option


@dataclass(frozen=True, slots=True)
class Told:
    """What a package is worth to an actor.

    `name` is the actor's, `answer` what it gains and whether it is willing; `ratifies_for` is the principal
    that it ratifies for, `change` what it gains over the package that this one is held against, `payment`
    what it would have to receive (below 0: pay) so that all accept.
    """

    name: Text
    answer: Answer
    ratifies_for: Text | None
    change: float | None
    payment: float | None


@dataclass(frozen=True, slots=True)
class Deal:
    """The page on which a package is composed.

    Attributes
    ----------
    controls: the issues and how each is settled. judgement: what follows from the package.
    told: the actors, those whose consent is needed first. reach: the largest gain or loss to be drawn.
    names: of actors, by id. broken: commitments that the package breaks: what was promised, and by whom.
    linked: exchanges across issues, with the halves that the package holds.
    moved: issues settled otherwise than in the package it is held against.
    starts: packages to start from, by name. than: the options of the package it is held against.
    fault: why there is nothing to compose.
    """

    controls: tuple[Control, ...] = ()
    judgement: Judgement | None = None
    told: tuple[Told, ...] = ()
    reach: float = 1.0
    names: Mapping[str, Text] | None = None
    broken: tuple[tuple[Text, tuple[Text, ...]], ...] = ()
    linked: tuple[tuple[Text, Halves], ...] = ()
    moved: tuple[Moved, ...] = ()
    starts: tuple[tuple[str, str], ...] = ()
    than: tuple[str, ...] = ()
    fault: Fault | None = None


def deals(request: Request) -> Response:
    """Show a package and what follows from it; go on to another one if the address asks for that."""
    document = document_of(request)
    try:
        desk = desk_of(document)
    except CallError as error:
        return page(request, "deals/deal.html", Deal(fault=fault_of(error)))
    wanted = request.query_params
    package = package_of(desk, wanted)
    if _START in wanted:
        return _started(request, desk, wanted[_START])
    if wanted.get(_THEN) == BETTER:
        return _improved(request, desk, package)
    return page(request, "deals/deal.html", _deal(desk, package, wanted.get(_THAN, "")))


def _started(request: Request, desk: DealsDesk, name: str) -> Response:
    found = start(desk, name)
    if found is None:
        none = _("There is no such package: no package that all accept was found.")
        return tell(request, address(request.path_params["case"], "deals"), none)
    return RedirectResponse(_to(request, desk, found), status_code=303)


def _improved(request: Request, desk: DealsDesk, package: Package) -> Response:
    """Go one step toward the frontier, or say that this package lies on it."""
    found, is_proved = better(desk, package)
    if found is not None:
        return RedirectResponse(_to(request, desk, found, than=package), status_code=303)
    if is_proved:
        said = _("This package is efficient: no other is as good for all and better for one.")
    else:
        said = _("In the time allowed no package was found that is as good for all and better for one.")
    return tell(request, _to(request, desk, package), said)


def _to(request: Request, desk: DealsDesk, package: Package, than: Package | None = None) -> str:
    query = labels_of(desk, package)
    if than is not None:
        query[_THAN] = _listed(than)
    return f"{address(request.path_params['case'], 'deals')}?{urlencode(query)}"


def _listed(package: Package) -> str:
    return "-".join(map(str, package))


def _reference(desk: DealsDesk, than: str) -> Package | None:
    """Return the package that the address names by places of options, None if it is none."""
    parts = than.split("-")
    counts = desk.space.counts
    if len(parts) != len(counts) or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    found = tuple(int(part[:9]) for part in parts)
    return found if all(at < count for at, count in zip(found, counts, strict=True)) else None


# --- the context -----------------------------------------------------------------------------------


def _deal(desk: DealsDesk, package: Package, than: str) -> Deal:
    case, found = desk.case, judged(desk, package)
    before = _reference(desk, than)
    return Deal(
        controls=tuple(_controls(desk, package)),
        judgement=found,
        told=tuple(_told(desk, found, before)),
        reach=_reach(found.answers),
        names={actor.id: actor.name for actor in case.actors},
        broken=tuple(_broken(case, found.broken)),
        linked=tuple(_linked(case, found.linked)),
        moved=tuple(_moved(desk, before, package)) if before is not None else (),
        starts=tuple((name, _START_NAMES[name]) for name in STARTS),
        than=desk.space.label(np.array(before)) if before is not None else (),
    )


def _controls(desk: DealsDesk, package: Package) -> Iterator[Control]:
    for at, issue in enumerate(desk.case.issues):
        options = _options(desk, at)
        chosen = options[package[at]].value
        yield Control(issue.id, issue.question, issue.kind, issue.unit, options, chosen)


def _moved(desk: DealsDesk, before: Package, package: Package) -> Iterator[Moved]:
    for at, issue in enumerate(desk.case.issues):
        if before[at] != package[at]:
            options = _options(desk, at)
            yield Moved(issue.question, issue.kind, options[before[at]], options[package[at]])


def _options(desk: DealsDesk, at: int) -> tuple[Option, ...]:
    points = desk.inputs["option_point"].transpose(ISSUE, OPTION).values[at]
    labels = desk.space.options[at]
    return tuple(
        _option(desk.case.issues[at], label, float(point))
        for label, point in zip(labels, points, strict=False)
    )


def _option(issue: Issue, label: str, point: float) -> Option:
    if issue.kind == "nominal":
        return Option(label, None, issue.scale[label])
    stated = {float(key): meaning for key, meaning in issue.scale.items()}
    return Option(label, point, stated.get(point))


def _told(desk: DealsDesk, found: Judgement, before: Package | None) -> Iterator[Told]:
    actors = desk.case.actor
    held = {one.actor: one.gain for one in judged(desk, before).answers} if before is not None else {}
    heads = {name: one.principal for one in found.at_home for name in one.ratifiers}
    paid = found.paid.payment if found.paid is not None else {}
    for answer in found.answers:
        one = answer.actor
        yield Told(
            name=actors[one].name,
            answer=answer,
            ratifies_for=actors[heads[one]].name if one in heads else None,
            change=answer.gain - held[one] if held else None,
            payment=paid.get(one),
        )


def _reach(answers: Iterable[Answer]) -> float:
    return max((abs(end) for one in answers for end in (one.gain, one.low, one.high)), default=1.0) or 1.0


def _broken(case: CaseFile, broken: tuple[str, ...]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    for commitment in case.commitments:
        if commitment.id in broken:
            yield commitment.content, tuple(case.actor[name].name for name in commitment.by)


def _linked(case: CaseFile, linked: tuple[Halves, ...]) -> Iterator[tuple[Text, Halves]]:
    content = {linkage.id: linkage.content for linkage in case.linkages}
    for one in linked:
        yield content[one.linkage], one


ROUTES = [Route("/cases/{case}/deals", deals)]
