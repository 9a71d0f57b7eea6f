"""The issues of a case: what is asked, on which scale, what holds if nothing is agreed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile, Issue, Position
from westphalia.case.text.moving import moved_item
from westphalia.case.trees import Tree
from westphalia.errors import Finding
from westphalia.fields import Text
from westphalia.language import catalogue
from westphalia.language import marked as _
from westphalia.uncertain import Value
from westphalia.web.asked import bench, by, case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.items import QUANTITY, Filled, Slot, edits, filled, item, languages_of, typed
from westphalia.web.measures import CHANCES, figure
from westphalia.web.modelling import (
    Beside,
    Hangs,
    Named,
    again_with,
    hangs,
    item_of,
    named,
    new_id,
    refused,
    save,
)
from westphalia.web.page import address, language_of, page, tell
from westphalia.workspace.edits import Edit

KINDS: Final[dict[str, str]] = {
    "continuous": _("on a scale, any point of it"),
    "ordered": _("steps in an order"),
    "nominal": _("options without an order"),
}
OPTIONS: Final = (("", "–"), (CHANCES, _("an option, or chances of several")))
"""The ways to write a value on a nominal issue."""

_NOT_JUDGED: Final = _("not judged yet: anything is possible")
_OWN: Final = ("stands", "capability")
"""Sections that hold values on an issue, which go with it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a scale or an option: its name `at` in the file, and its `meaning`."""

    at: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class Row:
    """An issue of the list.

    `id`, `question`, `unit` are the case's, `kind` says in words what its scale is; `points` are the points
    of the scale; `reversion` is what holds if nothing is agreed, as a value or, on a nominal issue, as
    `chances` (option, share), resting on `evidence` or an `assumption`; `stands` counts who stands on it;
    `findings` is what the check says of it.
    """

    id: str
    question: Text
    kind: str
    unit: Text | None
    points: tuple[Point, ...]
    reversion: Value | None
    chances: tuple[tuple[str, float], ...]
    evidence: tuple[str, ...]
    assumption: str
    stands: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Issues:
    """The page of all issues, `issues`, with the form for a new one.

    `base` is the version the form is made from, `slots` its fields, `wrong` what is wrong with them,
    `errors` what would be wrong with the case.
    """

    issues: tuple[Row, ...]
    base: str
    slots: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class IssuePage:
    """The page of one issue: the form that changes it, and what hangs on it.

    `id` and `question` are the issue's; `points` its points, as a choice of options needs them; `base` is
    the version the form is made from, `slots` its fields; `wrong` and `errors` say what is wrong with what
    was typed; `findings` is what the check says; `stands` are the actors with a stand on it; `hangs` lists
    what else names it and keeps it from being removed.
    """

    id: str
    question: Text
    points: tuple[Point, ...]
    base: str
    slots: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    stands: tuple[Named, ...]
    hangs: tuple[Hangs, ...]


# --- the fields of an issue --------------------------------------------------------------------------


def _slots(case: CaseFile, issue: Issue | None) -> tuple[Slot, ...]:
    """Return what a form asks of an issue; of a new one it asks for the reversion later."""
    texts = languages_of(case)
    first = (
        Slot("question", _("Question"), "words", options=texts, is_needed=True),
        Slot("kind", _("What its scale is"), "one", options=tuple(KINDS.items())),
        Slot("unit", _("Unit"), "words", _("Such as: share of the claim, in per cent."), texts),
        Slot("scale", _("Points of the scale"), "scale", _("Say what each point means."), texts, True),
    )
    if issue is None:
        return first
    ways = OPTIONS if issue.kind == "nominal" else QUANTITY
    said = _("What holds if nothing is agreed.")
    return (*first, Slot("reversion", _("Reversion"), "measure", said, ways), Slot("note", _("Note"), "text"))


def _who(case: CaseFile, language: str) -> Slot:
    able = ((one.id, one.name.into(language)) for one in case.actors if one.id in case.capability)
    said = _("At least one; each begins with the whole scale, marked as not judged yet.")
    return Slot("who", _("Who stands on it"), "many", said, tuple(able), is_needed=True)


def _read(raw: Tree) -> Tree:
    """Return an issue as the file has it, with the kind it has if the file names none."""
    return {"kind": "continuous", **raw}


def points_of(issue: Issue) -> tuple[Point, ...]:
    """Return the points of a scale, or the options, in the order of the file."""
    return tuple(Point(at, text) for at, text in zip(issue.points, issue.scale.values(), strict=True))


# --- the page of all ---------------------------------------------------------------------------------


def issues(request: Request) -> Response:
    """Show the issues with their scales."""
    return page(request, "model/issues.html", _issues(request))


def _issues(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> Issues:
    held, document = case_of(request), document_of(request)
    case, beside = document.case, Beside(held.findings, document)
    slots = (new_id(), *_slots(case, None), _who(case, language_of(request)))
    return Issues(
        issues=tuple(_rows(case, beside)),
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form else filled(slots, {}),
        wrong=form.wrong if form else {},
        errors=errors,
    )


def _rows(case: CaseFile, beside: Beside) -> Iterator[Row]:
    for issue in case.issues:
        back = issue.reversion or Position()
        yield Row(
            id=issue.id,
            question=issue.question,
            kind=KINDS[issue.kind],
            unit=issue.unit,
            points=points_of(issue),
            reversion=back.value,
            chances=tuple(back.choice.chances.items()) if back.choice else (),
            evidence=back.evidence,
            assumption=back.assumption or "",
            stands=sum(issue.id in stands for stands in case.stands.values()),
            findings=beside.of("issues", issue.id),
        )


@may("analyst")
def new_issue(request: Request) -> Response:
    """Add an issue, with a stand of each actor that was chosen."""
    form, document = Form.of(request), document_of(request)
    made = item((new_id(), *_slots(document.case, None), _who(document.case, language_of(request))), form)
    name, who = str(made.get("id", "")), made.pop("who", [])
    why = catalogue(language_of(request)).gettext(_NOT_JUDGED)
    first = [Edit("set", ("stands", actor, name), _first_stand(made, why)) for actor in who]
    to = address(request.path_params["case"], f"issues/{name}")
    again = again_with(request, form, "model/issues.html", _issues)
    return save(request, form, [Edit("append", "issues", made), *first], f"issue {name} added", to, again)


def _first_stand(issue: Tree, why: str) -> Tree:
    """Return the stand of somebody whose stand is not judged: the whole scale, any salience."""
    points = list(issue.get("scale") or {})
    if not points:
        return {}
    if issue.get("kind") == "nominal" or not all(isinstance(point, int | float) for point in points):
        even = [round(1 / len(points), 6) for _point in points]
        even[:1] = [round(1 - sum(even[1:]), 6)]
        position: dict[str, Any] = {CHANCES: dict(zip(map(str, points), even, strict=True))}
    else:
        position = {"low": min(points, default=0), "high": max(points, default=0)}
    return {"position": position, "salience": {"low": 0, "high": 1}, "assumption": why}


# --- the page of one ---------------------------------------------------------------------------------


def issue(request: Request) -> Response:
    """Show one issue, to be changed."""
    return page(request, "model/issue.html", _issue(request))


def _issue(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> IssuePage:
    held, document, name = case_of(request), document_of(request), request.path_params["item"]
    _path, raw = item_of(document, "issues", name)
    one = document.case.issue[name]
    slots = _slots(document.case, one)
    is_typed = form is not None and form.text("part") == "what"
    return IssuePage(
        id=name,
        question=one.question,
        points=points_of(one),
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form and is_typed else filled(slots, _read(raw)),
        wrong=form.wrong if form else {},
        errors=errors,
        findings=Beside(held.findings, document).of("issues", name),
        stands=named(document.case, (actor for actor, on in document.case.stands.items() if name in on)),
        hangs=hangs(document, held.name, "issues", name, but=_OWN),
    )


@may("analyst")
def change_issue(request: Request) -> Response:
    """Change an issue."""
    form, document, name = Form.of(request), document_of(request), request.path_params["item"]
    path, raw = item_of(document, "issues", name)
    wanted = edits(path, _slots(document.case, document.case.issue[name]), _read(raw), form)
    to = address(request.path_params["case"], f"issues/{name}")
    again = again_with(request, form, "model/issue.html", _issue)
    return save(request, form, wanted, f"issue {name} changed", to, again)


@may("analyst")
def remove_issue(request: Request) -> Response:
    """Remove an issue with the stands on it; not as long as anything else names it."""
    form, document, name = Form.of(request), document_of(request), request.path_params["item"]
    case = request.path_params["case"]
    if hangs(document, case, "issues", name, but=_OWN):
        return refused(request, form, "model/issue.html", _issue)
    path, _raw = item_of(document, "issues", name)
    wanted = [Edit("remove", path), *_values_on(document, name)]
    again = again_with(request, form, "model/issue.html", _issue)
    return save(request, form, wanted, f"issue {name} removed", address(case, "issues"), again)


def _values_on(document: Document, issue: str) -> Iterator[Edit]:
    """Yield what removes the stands and capabilities on an issue, with a section that is left empty."""
    for actor, stands in document.case.stands.items():
        if issue in stands:
            yield Edit("remove", ("stands", actor, issue) if len(stands) > 1 else ("stands", actor))
    for actor, capability in document.case.capability.items():
        if issue in capability.by_issue:
            is_last = len(capability.by_issue) == 1
            path = ("capability", actor, "by_issue")
            yield Edit("remove", path if is_last else (*path, issue))


@may("analyst")
def move_issue(request: Request) -> Response:
    """Put an issue one place up or down in the file, its comments with it."""
    form, held, document = Form.of(request), case_of(request), document_of(request)
    ids = list(document.case.issue)
    at = ids.index(str(item_of(document, "issues", request.path_params["item"])[1]["id"]))
    to = at + (1 if form.one_of("by", ("up", "down")) == "down" else -1)
    form.settle()
    text = moved_item(document.places, ("issues",), at, min(max(to, 0), len(ids) - 1)).text
    bench(request).cases.write_text(held.name, held.digest, text, by=by(request))
    return tell(request, address(held.name, "issues"), _("Saved."))


def ends_of(issue: Issue) -> tuple[str, str]:
    """Return the ends of a scale as a form writes them, empty for options."""
    if issue.kind == "nominal":
        return "", ""
    low, high = issue.ends
    return figure(low), figure(high)


ROUTES = [
    Route("/cases/{case}/issues", issues),
    Route("/cases/{case}/issues", new_issue, methods=["POST"]),
    Route("/cases/{case}/issues/{item}", issue),
    Route("/cases/{case}/issues/{item}", change_issue, methods=["POST"]),
    Route("/cases/{case}/issues/{item}/remove", remove_issue, methods=["POST"]),
    Route("/cases/{case}/issues/{item}/move", move_issue, methods=["POST"]),
]
