"""What an agreement needs and what can be done: required parties, commitments, exchanges, moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.case.trees import many
from westphalia.errors import Finding
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.uncertain import Value
from westphalia.web.agreement_slots import MOVES, SLOTS, held_of, parts_of
from westphalia.web.asked import case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.items import Filled, Slot, edits, filled, item, typed
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
from westphalia.web.page import address, language_of, page
from westphalia.web.pages.model_issues import points_of
from westphalia.workspace.edits import Edit

_TITLES: Final = {"commitments": _("Commitment"), "moves": _("Move")}


@dataclass(frozen=True, slots=True)
class Party:
    """Whose consent is needed: the `actor`, and the `ratifiers` whose consent it needs at home."""

    actor: Named
    ratifiers: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Reversion:
    """What holds on an `issue` without agreement: a `value`, or `chances` of options by their meanings.

    `question` is what the issue asks; it rests on `evidence` or an `assumption`.
    """

    issue: str
    question: Text
    value: Value | None
    chances: tuple[tuple[Text, float], ...]
    evidence: tuple[str, ...]
    assumption: str


@dataclass(frozen=True, slots=True)
class Tied:
    """A commitment, an exchange or a move.

    `id` and `content` are the case's, `who` acts and `whom` it concerns; `kind` of a move in words; `issue`
    what it is on; `value` is a commitment's strength; `is_taken` tells of a move whether it is taken today,
    None if not known; `evidence` and `assumption` are its grounds; `line` is where the file has it,
    `findings` what the check says.
    """

    id: str
    content: Text
    who: tuple[Named, ...]
    whom: tuple[Named, ...]
    kind: str
    issue: str
    value: Value | None
    is_taken: bool | None
    evidence: tuple[str, ...]
    assumption: str
    line: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """What an agreement needs and what binds or threatens it.

    `parties` are those whose consent is needed; `reversions` say what holds without it, `no_deal` what that
    is worth to whom where it is stated; `commitments`, `linkages` and `moves` are lists; `base` is the
    version that forms are made from; `slots` are the fields of the form for the parties, `new_commitment`
    and `new_move` those for new items; `part` names the form that was sent, `wrong` and `errors` say what
    is wrong with it; `findings` is what the check says of the agreement.
    """

    parties: tuple[Party, ...]
    reversions: tuple[Reversion, ...]
    no_deal: tuple[tuple[Named, Value], ...]
    commitments: tuple[Tied, ...]
    linkages: tuple[Tied, ...]
    moves: tuple[Tied, ...]
    base: str
    slots: tuple[Filled, ...]
    new_commitment: tuple[Filled, ...]
    new_move: tuple[Filled, ...]
    part: str
    wrong: dict[str, str]
    errors: tuple[Finding, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TiedPage:
    """The form of one commitment or move.

    `section` and `id` say which; `title` what such a thing is called, `content` what it is; `base` is the
    version the form is made from, `slots` its fields; `wrong` and `errors` say what is wrong with what was
    typed; `findings` is what the check says; `hangs` lists what else names it; `line` is where the file has
    it.
    """

    section: str
    id: str
    title: str
    content: Text
    base: str
    slots: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    hangs: tuple[Hangs, ...]
    line: int


# --- the page ----------------------------------------------------------------------------------------


def agreement(request: Request) -> Response:
    """Show what an agreement needs, what binds and what threatens."""
    return page(request, "model/agreement.html", _agreement(request))


def _agreement(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> AgreementPage:
    held, document, language = case_of(request), document_of(request), language_of(request)
    case, beside = document.case, Beside(held.findings, document)
    part = _part(request) if form else ""
    fields = {
        "agreement": parts_of(case, language),
        **{section: (new_id(), *slots(case, language)) for section, slots in SLOTS.items()},
    }
    shown = {
        name: typed(slots, form) if form and name == part else filled(slots, _held(document, name))
        for name, slots in fields.items()
    }
    return AgreementPage(
        parties=tuple(_parties(case)),
        reversions=tuple(_reversions(case)),
        no_deal=tuple((named(case, [actor])[0], worth.value) for actor, worth in case.no_deal.items()),
        commitments=tuple(_tied(document, beside, "commitments")),
        linkages=tuple(_tied(document, beside, "linkages")),
        moves=tuple(_tied(document, beside, "moves")),
        base=form.text("base") if form else held.digest,
        slots=shown["agreement"],
        new_commitment=shown["commitments"],
        new_move=shown["moves"],
        part=part,
        wrong=form.wrong if form else {},
        errors=errors,
        findings=beside.of("agreement"),
    )


def _part(request: Request) -> str:
    """Return which form was sent, by its address."""
    return _section(request)


def _held(document: Document, part: str) -> dict[str, Any]:
    return held_of(document.tree.get("agreement")) if part == "agreement" else {}


def _parties(case: CaseFile) -> Iterator[Party]:
    if case.agreement is not None:
        for actor in case.agreement.required:
            yield Party(named(case, [actor])[0], named(case, case.agreement.ratifiers.get(actor, ())))


def _reversions(case: CaseFile) -> Iterator[Reversion]:
    for issue in case.issues:
        back = issue.reversion
        if back is not None:
            meaning = {point.at: point.meaning for point in points_of(issue)}
            chances = back.choice.chances if back.choice else {}
            yield Reversion(
                issue.id,
                issue.question,
                back.value,
                tuple((meaning[option], chance) for option, chance in chances.items()),
                back.evidence,
                back.assumption or "",
            )


def _tied(document: Document, beside: Beside, section: str) -> Iterator[Tied]:
    case = document.case
    for at, one in enumerate(getattr(case, section)):
        who, whom, issue = _sides(one)
        strength = getattr(one, "strength", None)
        yield Tied(
            id=one.id,
            content=one.content,
            who=named(case, who),
            whom=named(case, whom),
            kind=MOVES.get(getattr(one, "kind", ""), ""),
            issue=issue,
            value=strength.value if strength else None,
            is_taken=getattr(one, "is_taken", None),
            evidence=one.evidence,
            assumption=one.assumption or "",
            line=document.place((section, at)).line,
            findings=beside.of(section, one.id),
        )


def _sides(one: Any) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return who acts, whom it concerns, and on which issue, of a commitment, an exchange or a move."""
    if hasattr(one, "gives"):
        return (one.gives.actor,), (one.gets.actor,), f"{one.gives.issue} ↔ {one.gets.issue}"
    if hasattr(one, "by"):
        return one.by, one.to, one.about.issue if one.about else ""
    return (one.actor,), one.against, one.issue or ""


@may("analyst")
def change_agreement(request: Request) -> Response:
    """Change whose consent an agreement needs."""
    form, document = Form.of(request), document_of(request)
    slots = parts_of(document.case, language_of(request))
    held = document.tree.get("agreement")
    wanted = edits((), slots, held_of(held), form)
    if wanted and not form.wrong:
        wanted = [*_whole(slots, held, form)]
    to = address(request.path_params["case"], "agreement")
    again = again_with(request, form, "model/agreement.html", _agreement)
    return save(request, form, wanted, "agreement changed", to, again)


def _whole(slots: tuple[Slot, ...], held: Any, form: Form) -> Iterator[Edit]:
    """Yield the edit of the agreement, the parties with those who have to consent at home."""
    made = item(slots, form)
    required = made.pop("required")
    ratifiers = {name.removeprefix("home:"): many(names) for name, names in made.items()}
    if held is None:
        yield Edit(
            "set", "agreement", {"required": required, **({"ratifiers": ratifiers} if ratifiers else {})}
        )
        return
    yield Edit("set", "agreement.required", required)
    if ratifiers:
        yield Edit("set", "agreement.ratifiers", ratifiers)
    elif held.get("ratifiers") is not None:
        yield Edit("remove", "agreement.ratifiers")


# --- one commitment or move --------------------------------------------------------------------------


def tied(request: Request) -> Response:
    """Show the form of a commitment or move."""
    return page(request, "model/tied.html", _one(request))


def _section(request: Request) -> str:
    """Return which list of the case the address is about: ``/cases/name/moves/…``."""
    return request.url.path.split("/")[3]


def _one(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> TiedPage:
    held, document, section = case_of(request), document_of(request), _section(request)
    name = request.path_params["item"]
    _path, raw = item_of(document, section, name)
    slots = SLOTS[section](document.case, language_of(request))
    at = [str(one["id"]) for one in document.tree[section]].index(name)
    is_typed = form is not None and form.text("part") == "what"
    return TiedPage(
        section=section,
        id=name,
        title=_TITLES[section],
        content=getattr(document.case, section)[at].content,
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form and is_typed else filled(slots, _read(section, raw)),
        wrong=form.wrong if form else {},
        errors=errors,
        findings=Beside(held.findings, document).of(section, name),
        hangs=hangs(document, held.name, "moves" if section == "moves" else "commitments", name),
        line=document.place((section, at)).line,
    )


def _read(section: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Return an item as the file has it, with what holds where the file does not say."""
    return {"is_reversible": True, **raw} if section == "moves" else raw


@may("analyst")
def new_tied(request: Request) -> Response:
    """Add a commitment or a move."""
    form, document, section = Form.of(request), document_of(request), _section(request)
    made = item((new_id(), *SLOTS[section](document.case, language_of(request))), form)
    name = made.get("id", "")
    to = address(request.path_params["case"], f"{section}/{name}")
    again = again_with(request, form, "model/agreement.html", _agreement)
    why = f"{section.removesuffix('s')} {name} added"
    return save(request, form, [Edit("append", section, made)], why, to, again)


@may("analyst")
def change_tied(request: Request) -> Response:
    """Change a commitment or a move."""
    form, document, section = Form.of(request), document_of(request), _section(request)
    name = request.path_params["item"]
    path, raw = item_of(document, section, name)
    wanted = edits(path, SLOTS[section](document.case, language_of(request)), _read(section, raw), form)
    to = address(request.path_params["case"], f"{section}/{name}")
    again = again_with(request, form, "model/tied.html", _one)
    return save(request, form, wanted, f"{section.removesuffix('s')} {name} changed", to, again)


@may("analyst")
def remove_tied(request: Request) -> Response:
    """Remove a commitment or a move; not as long as anything names it."""
    form, document, section = Form.of(request), document_of(request), _section(request)
    name, case = request.path_params["item"], request.path_params["case"]
    path, _raw = item_of(document, section, name)
    if hangs(document, case, "moves" if section == "moves" else "commitments", name):
        return refused(request, form, "model/tied.html", _one)
    again = again_with(request, form, "model/tied.html", _one)
    why = f"{section.removesuffix('s')} {name} removed"
    return save(request, form, [Edit("remove", path)], why, address(case, "agreement"), again)


ROUTES = [
    Route("/cases/{case}/agreement", agreement),
    Route("/cases/{case}/agreement", change_agreement, methods=["POST"]),
    *(
        route
        for section in SLOTS
        for route in (
            Route(f"/cases/{{case}}/{section}", new_tied, methods=["POST"]),
            Route(f"/cases/{{case}}/{section}/{{item}}", tied),
            Route(f"/cases/{{case}}/{section}/{{item}}", change_tied, methods=["POST"]),
            Route(f"/cases/{{case}}/{section}/{{item}}/remove", remove_tied, methods=["POST"]),
        )
    ),
]
