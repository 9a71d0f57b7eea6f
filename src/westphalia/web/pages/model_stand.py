"""One stand: the form of an actor's position and salience on an issue, with what the statements say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.derive import Account, accounts, derived_choice, derived_position
from westphalia.case.document import Document
from westphalia.case.schema import DERIVED, CaseFile, Issue
from westphalia.case.text.nodes import Path
from westphalia.case.trees import Tree, capability_parts, has_parts
from westphalia.errors import CallError, Finding, suggest
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.uncertain import Value
from westphalia.web.asked import case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.items import QUANTITY, Filled, Slot, edits, filled, item, typed
from westphalia.web.measures import (
    KINDS,
    NONE,
    measure_of,
)
from westphalia.web.modelling import Beside, Named, Told, again_with, chances_said, named, save, told
from westphalia.web.page import address, page
from westphalia.web.pages.model_issues import OPTIONS, Point, points_of
from westphalia.workspace.edits import Edit

_DERIVED: Final = (DERIVED, _("derived from the statements"))


@dataclass(frozen=True, slots=True)
class Accounted:
    """A statement's account of where an actor stands.

    `told` is the statement; `value` or `option` where it puts the actor; `weight` and `widening` (a share of
    the scale) what the rule of derived positions makes of it.
    """

    told: Told
    value: Value | None
    option: Text | None
    weight: float
    widening: float


@dataclass(frozen=True, slots=True)
class StandPage:
    """The form of one stand.

    `actor`, `issue`, `question`, `unit` say whose and on what; `points` are those of the scale; `is_new` says
    that there is no stand yet; `is_derived` that the position follows from the `accounts` now, which give
    `derived` or, on a nominal issue, `chances`. `base` is the version the form is made from, `slots` its
    fields; `wrong` and `errors` say what is wrong with what was typed, `findings` what the check says.
    """

    actor: Named
    issue: str
    question: Text
    unit: Text | None
    points: tuple[Point, ...]
    is_new: bool
    is_derived: bool
    accounts: tuple[Accounted, ...]
    derived: Value | None
    chances: tuple[tuple[Text, float], ...]
    base: str
    slots: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]
    findings: tuple[Finding, ...]


def stand(request: Request) -> Response:
    """Show the form of one stand, there already or new."""
    return page(request, "model/stand.html", _stand(request))


def _place(request: Request, case: CaseFile) -> tuple[str, str]:
    """Return the actor and the issue in the address; those that the case does not have raise."""
    actor, issue = request.path_params["actor"], request.path_params["issue"]
    for name, known in ((actor, case.actor), (issue, case.issue)):
        if name not in known:
            hint = suggest(name, known)
            raise CallError(f"There is no '{name}'.", code="unknown-entry", where=name, hint=hint)
    return actor, issue


def _stand(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> StandPage:
    held, document = case_of(request), document_of(request)
    case = document.case
    actor, issue = _place(request, case)
    raw, asked = _raw(document, actor, issue), case.issue[issue]
    found = accounts(case, actor, issue)
    slots = _slots(case, actor, asked, has_accounts=bool(found), is_new=raw is None)
    is_nominal = asked.kind == "nominal"
    return StandPage(
        actor=named(case, [actor])[0],
        issue=issue,
        question=asked.question,
        unit=asked.unit,
        points=points_of(asked),
        is_new=raw is None,
        is_derived=raw is not None and case.stands[actor][issue].position.is_derived,
        accounts=tuple(_accounted(case, asked, one) for one in found),
        derived=None if is_nominal else derived_position(case, actor, asked),
        chances=chances_said(asked, derived_choice(case, actor, asked)) if is_nominal else (),
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form else filled(slots, raw or {}),
        wrong=form.wrong if form else {},
        errors=errors,
        findings=Beside(held.findings, document).of("stands", actor, issue),
    )


def _raw(document: Document, actor: str, issue: str) -> Tree | None:
    """Return a stand as the file has it, None if there is none."""
    held = (document.tree.get("stands") or {}).get(actor) or {}
    return next((stand for key, stand in held.items() if str(key) == issue), None)


def _accounted(case: CaseFile, issue: Issue, account: Account) -> Accounted:
    meaning = {str(key): text for key, text in issue.scale.items()}
    option = meaning.get(account.option) if account.option else None
    first = told(case, [account.statement])[0]
    return Accounted(first, account.value, option, account.weight, account.widening)


def _slots(case: CaseFile, actor: str, issue: Issue, *, has_accounts: bool, is_new: bool) -> tuple[Slot, ...]:
    ways = OPTIONS[1:] if issue.kind == "nominal" else tuple(KINDS.items())
    derived = (_DERIVED,) if has_accounts else ()
    where = _("Where it stands on the scale.")
    matters = _("How much the issue matters to it: 0 not at all, 1 more than all else.")
    slots = [
        Slot("position", _("Position"), "measure", where, (*derived, *ways), True),
        Slot("salience", _("Salience"), "measure", matters, tuple(KINDS.items()), True),
        Slot("evidence", _("Evidence for both"), "ids", _("Ids of statements, such as s001 s002.")),
        Slot("assumption", _("Assumption for both"), "text", _("For what names no ground of its own.")),
        Slot("note", _("Note"), "text"),
    ]
    if is_new and _needs_capability(case, actor, issue.id):
        said = _("It has none yet, and without one no method can weigh its stand.")
        slots.append(Slot("capability", _("Capability"), "measure", said, QUANTITY, True))
    return tuple(slots)


def _needs_capability(case: CaseFile, actor: str, issue: str) -> bool:
    held = case.capability.get(actor)
    return held is None or held.on(issue) is None


@may("analyst")
def change_stand(request: Request) -> Response:
    """Save a stand; a derived position gives way to a judgement only if that was said."""
    form, document = Form.of(request), document_of(request)
    actor, issue = _place(request, document.case)
    raw, asked = _raw(document, actor, issue), document.case.issue[issue]
    has_accounts = bool(accounts(document.case, actor, issue))
    slots = _slots(document.case, actor, asked, has_accounts=has_accounts, is_new=raw is None)
    _knowingly(form, raw)
    wanted = [*_new(document, actor, issue, slots, form)] if raw is None else edits(
        ("stands", actor, issue), slots, raw, form
    )  # fmt: skip
    to = address(request.path_params["case"], f"stands#{issue}")
    again = again_with(request, form, "model/stand.html", _stand)
    return save(request, form, wanted, f"stand of {actor} on {issue}", to, again)


def _knowingly(form: Form, raw: Tree | None) -> None:
    """Note that what is derived is replaced, unless it is said to be meant."""
    is_derived = raw is not None and measure_of(raw["position"]).kind == DERIVED
    if is_derived and form.text("position-kind") not in (DERIVED, NONE) and not form.text("replace"):
        form.wrong["replace"] = _(
            "This position follows from statements. Say that you put yours in its place."
        )


def _new(document: Document, actor: str, issue: str, slots: tuple[Slot, ...], form: Form) -> Iterator[Edit]:
    made = item(slots, form)
    capability = made.pop("capability", None)
    yield Edit("set", ("stands", actor, issue), made)
    if capability is None:
        return
    held = (document.tree.get("capability") or {}).get(actor)
    path: Path = ("capability", actor)
    if has_parts(held):
        on = capability_parts(held).get("by_issue") or {}
        yield Edit("set", (*path, "by_issue"), {**on, issue: capability})
    else:
        yield Edit("set", path, capability)


@may("analyst")
def remove_stand(request: Request) -> Response:
    """Take a stand out: the actor takes no part in the issue then."""
    form, document = Form.of(request), document_of(request)
    actor, issue = _place(request, document.case)
    held = document.case.stands.get(actor, {})
    if issue not in held:
        raise HTTPException(404)
    path = ("stands", actor, issue) if len(held) > 1 else ("stands", actor)
    to = address(request.path_params["case"], f"stands#{issue}")
    again = again_with(request, form, "model/stand.html", _fresh)
    return save(request, form, [Edit("remove", path)], f"stand of {actor} on {issue} removed", to, again)


def _fresh(request: Request, form: Form | None, errors: tuple[Finding, ...]) -> StandPage:
    """Return the page of a stand as it is, with the errors that its removal would bring."""
    return replace(_stand(request), errors=errors)


ROUTES = [
    Route("/cases/{case}/stands/{actor}/{issue}", stand),
    Route("/cases/{case}/stands/{actor}/{issue}", change_stand, methods=["POST"]),
    Route("/cases/{case}/stands/{actor}/{issue}/remove", remove_stand, methods=["POST"]),
]
