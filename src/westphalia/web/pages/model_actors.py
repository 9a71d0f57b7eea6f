"""The actors of a case: their ties, what they can do, what hangs on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.case.schema import Actor, CaseFile
from westphalia.case.text.nodes import Path
from westphalia.case.trees import Tree, capability_parts, has_parts
from westphalia.charts.chart import Chart
from westphalia.charts.ties import Party, Tie, ties
from westphalia.errors import Finding
from westphalia.fields import Quantity, Text
from westphalia.language import marked as _
from westphalia.language import speaking
from westphalia.uncertain import Value
from westphalia.web.asked import case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.items import QUANTITY, Filled, Slot, edits, filled, item, languages_of, typed
from westphalia.web.modelling import (
    Beside,
    Hangs,
    Named,
    again_with,
    choices,
    hangs,
    item_of,
    named,
    new_id,
    refused,
    save,
)
from westphalia.web.page import address, language_of, page
from westphalia.workspace.edits import Edit

KINDS: Final[dict[str, str]] = {
    "state": _("state"),
    "government": _("government"),
    "person": _("person"),
    "bloc": _("bloc"),
    "organisation": _("organisation"),
    "movement": _("movement"),
    "medium": _("medium"),
    "public": _("public"),
}
_OWN: Final = ("stands", "capability", "no_deal")
"""Sections that hold an actor's own values, which go with it."""


@dataclass(frozen=True, slots=True)
class Power:
    """What an actor can do to the outcome: its `value`, and the `issue` it counts on (empty: all).

    It rests on `evidence`, ids of statements, or an `assumption`.
    """

    issue: str
    value: Value
    evidence: tuple[str, ...]
    assumption: str


@dataclass(frozen=True, slots=True)
class Row:
    """An actor of the table.

    `id`, `name`, `kind` (in English, marked), `aliases` and `role` are the case's; `speaks_for`,
    `ratifies_for` and `part_of` its ties; `parts` who is part of it; `powers` its capabilities; `stands` on
    how many issues it stands; `findings` what the check says of it.
    """

    id: str
    name: Text
    kind: str
    aliases: tuple[str, ...]
    role: Text | None
    speaks_for: tuple[Named, ...]
    ratifies_for: tuple[Named, ...]
    part_of: tuple[Named, ...]
    parts: tuple[Named, ...]
    powers: tuple[Power, ...]
    stands: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Actors:
    """The page of all actors: `actors`, the `picture` of their ties, and the form for a new one.

    `base` is the version the form is made from, `slots` its fields, `wrong` what is wrong with them,
    `errors` what would be wrong with the case.
    """

    actors: tuple[Row, ...]
    picture: Chart
    base: str
    slots: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An issue by its `id`, and the `question` it asks."""

    id: str
    question: Text


@dataclass(frozen=True, slots=True)
class ActorPage:
    """The page of one actor: a form for what it is, one for its influence, and what hangs on it.

    `id` and `name` are the actor's; `base` is the version the forms are made from; `slots` the fields of the
    first form, `influence` those of the second; `wrong` and `errors` say what is wrong with what was typed;
    `findings` is what the check says of the actor; `stands` are the issues it has stands on; `hangs` lists
    what else names it and keeps it from being removed.
    """

    id: str
    name: Text
    base: str
    slots: tuple[Filled, ...]
    influence: tuple[Filled, ...]
    wrong: dict[str, str]
    errors: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    stands: tuple[Asked, ...]
    hangs: tuple[Hangs, ...]


# --- the fields of an actor --------------------------------------------------------------------------


def _slots(case: CaseFile, language: str, but: str = "") -> tuple[Slot, ...]:
    """Return what a form asks of an actor; the one it is about is no choice for its own ties."""
    others = tuple(pair for pair in choices(case, language) if pair[0] != but)
    perhaps = (("", "–"), *others)
    texts = languages_of(case)
    return (
        Slot("name", _("Name"), "words", options=texts, is_needed=True),
        Slot("kind", _("Kind"), "one", options=tuple(KINDS.items()), is_needed=True),
        Slot("aliases", _("Other names"), "lines", _("One a line; they find the actor in texts.")),
        Slot("role", _("Role"), "words", _("What it does in this conflict, in a few words."), texts),
        Slot("speaks_for", _("Speaks for"), "one", _("Whose stand it tells."), perhaps),
        Slot("ratifies_for", _("Has to consent at home for"), "one", options=perhaps),
        Slot("part_of", _("Part of"), "many", options=others),
        Slot("evidence", _("Evidence"), "ids", _("Ids of statements, such as s001 s002.")),
        Slot("assumption", _("Assumption"), "text", _("Why it is assumed, where no statement says so.")),
        Slot("note", _("Note"), "text"),
    )


def _influence(case: CaseFile, language: str) -> tuple[Slot, ...]:
    on = (
        Slot(f"on:{issue.id}", issue.question.into(language), "measure", options=QUANTITY)
        for issue in case.issues
    )
    overall = Slot(
        "overall",
        _("Capability"),
        "measure",
        _("Potential influence on the outcome, on any scale: twice the number is twice the influence."),
        QUANTITY,
    )
    no_deal = _("Worth of no deal")
    help_ = _(
        "What failure is worth to it: 1 is all it wants, 0 the worst. Leave it out to take the reversions."
    )
    return overall, *on, Slot("no_deal", no_deal, "measure", help_, QUANTITY)


def _held_influence(document: Document, actor: str) -> Tree:
    """Return what an actor can do, overall and by issue, and its worth of no deal, as the file has them."""
    parts = capability_parts((document.tree.get("capability") or {}).get(actor))
    on = {f"on:{issue}": value for issue, value in (parts.get("by_issue") or {}).items()}
    no_deal = (document.tree.get("no_deal") or {}).get(actor)
    return {"overall": parts.get("overall"), **on, "no_deal": no_deal}


def _influence_edits(document: Document, actor: str, form: Form, slots: Iterable[Slot]) -> list[Edit]:
    """Return the edits of an actor's influence, each at the place that the file has for it."""
    held = (document.tree.get("capability") or {}).get(actor)
    wanted = edits((), slots, _held_influence(document, actor), form)
    found = [Edit(one.verb, ("no_deal", actor), one.value) for one in wanted if one.steps == ("no_deal",)]
    changes = {str(one.steps[0]): one for one in wanted if one.steps != ("no_deal",)}
    if not changes:
        return found
    if held is None or not has_parts(held):
        return [*found, *_whole_capability(held, actor, changes)]
    now = {*_parts_of(held)} | {name for name, one in changes.items() if one.verb == "set"}
    left = now - {name for name, one in changes.items() if one.verb == "remove"}
    if not left:
        return [*found, Edit("remove", ("capability", actor))]
    return [*found, *(Edit(one.verb, _place(actor, name), one.value) for name, one in changes.items())]


def _whole_capability(held: object, actor: str, changes: dict[str, Edit]) -> Iterator[Edit]:
    """Yield the edit of a capability that stands for all issues alike, or is not there yet."""
    path: Path = ("capability", actor)
    by_issue = {name.removeprefix("on:"): one.value for name, one in changes.items() if name != "overall"}
    overall = changes["overall"].value if "overall" in changes else held
    if by_issue:
        parts = {} if overall is None else {"overall": overall}
        yield Edit("set", path, {**parts, "by_issue": by_issue})
    elif overall is None:
        yield Edit("remove", path)
    else:
        yield Edit("set", path, overall)


def _parts_of(held: Tree) -> Iterator[str]:
    if held.get("overall") is not None:
        yield "overall"
    yield from (f"on:{issue}" for issue in held.get("by_issue") or {})


def _place(actor: str, name: str) -> Path:
    if name == "overall":
        return "capability", actor, "overall"
    return "capability", actor, "by_issue", name.removeprefix("on:")


# --- the page of all ---------------------------------------------------------------------------------


def actors(request: Request) -> Response:
    """Show the actors, their ties and what they can do."""
    return page(request, "model/actors.html", _actors(request))


def _actors(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> Actors:
    held, document, language = case_of(request), document_of(request), language_of(request)
    slots = (new_id(), *_slots(document.case, language))
    with speaking(language):
        picture = _picture(document.case, language)
    return Actors(
        actors=tuple(_rows(document, Beside(held.findings, document))),
        picture=picture,
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form else filled(slots, {}),
        wrong=form.wrong if form else {},
        errors=errors,
    )


def _picture(case: CaseFile, language: str) -> Chart:
    parties = [Party(actor.id, actor.name.into(language), actor.kind) for actor in case.actors]
    return ties(parties, [tie for actor in case.actors for tie in _ties(actor)])


def _ties(actor: Actor) -> Iterator[Tie]:
    if actor.speaks_for:
        yield Tie(actor.id, actor.speaks_for, "speaks_for")
    if actor.ratifies_for:
        yield Tie(actor.id, actor.ratifies_for, "ratifies_for")
    yield from (Tie(actor.id, whole, "part_of") for whole in actor.part_of)


def _rows(document: Document, beside: Beside) -> Iterator[Row]:
    case = document.case
    parts: dict[str, list[str]] = {actor.id: [] for actor in case.actors}
    for actor in case.actors:
        for whole in actor.part_of:
            parts[whole].append(actor.id)
    for actor in case.actors:
        yield Row(
            id=actor.id,
            name=actor.name,
            kind=KINDS[actor.kind],
            aliases=actor.aliases,
            role=actor.role,
            speaks_for=named(case, filter(None, [actor.speaks_for])),
            ratifies_for=named(case, filter(None, [actor.ratifies_for])),
            part_of=named(case, actor.part_of),
            parts=named(case, parts[actor.id]),
            powers=tuple(_powers(case, actor.id)),
            stands=len(case.stands.get(actor.id, {})),
            findings=(*beside.of("actors", actor.id), *beside.of("capability", actor.id)),
        )


def _powers(case: CaseFile, actor: str) -> Iterator[Power]:
    held = case.capability.get(actor)
    if held is None:
        return
    if held.overall is not None:
        yield _power("", held.overall)
    for issue, quantity in held.by_issue.items():
        yield _power(issue, quantity)


def _power(issue: str, quantity: Quantity) -> Power:
    return Power(issue, quantity.value, quantity.evidence, quantity.assumption or "")


@may("analyst")
def new_actor(request: Request) -> Response:
    """Add an actor."""
    form, document = Form.of(request), document_of(request)
    slots = (new_id(), *_slots(document.case, language_of(request)))
    made = item(slots, form)
    name = str(made.get("id", ""))
    return save(
        request,
        form,
        [Edit("append", "actors", made)],
        f"actor {name} added",
        address(request.path_params["case"], f"actors/{name}"),
        again_with(request, form, "model/actors.html", _actors),
    )


# --- the page of one ---------------------------------------------------------------------------------


def actor(request: Request) -> Response:
    """Show one actor, to be changed."""
    return page(request, "model/actor.html", _actor(request))


def _actor(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> ActorPage:
    held, document, language = case_of(request), document_of(request), language_of(request)
    name, case = request.path_params["item"], document.case
    _path, raw = item_of(document, "actors", name)
    slots, influence = _slots(case, language, name), _influence(case, language)
    part = form.text("part") if form else ""
    beside = Beside(held.findings, document)
    return ActorPage(
        id=name,
        name=case.actor[name].name,
        base=form.text("base") if form else held.digest,
        slots=typed(slots, form) if form and part == "what" else filled(slots, raw),
        influence=typed(influence, form)
        if form and part == "influence"
        else filled(influence, _held_influence(document, name)),
        wrong=form.wrong if form else {},
        errors=errors,
        findings=tuple(one for section in ("actors", *_OWN) for one in beside.of(section, name)),
        stands=tuple(Asked(issue, case.issue[issue].question) for issue in case.stands.get(name, {})),
        hangs=hangs(document, held.name, "actors", name, but=_OWN),
    )


@may("analyst")
def change_actor(request: Request) -> Response:
    """Change what an actor is, or its influence."""
    form, document, name = Form.of(request), document_of(request), request.path_params["item"]
    path, raw = item_of(document, "actors", name)
    case, language = document.case, language_of(request)
    if form.text("part") == "influence":
        wanted = _influence_edits(document, name, form, _influence(case, language))
    else:
        wanted = edits(path, _slots(case, language, name), raw, form)
    to = address(request.path_params["case"], f"actors/{name}")
    again = again_with(request, form, "model/actor.html", _actor)
    return save(request, form, wanted, f"actor {name} changed", to, again)


@may("analyst")
def remove_actor(request: Request) -> Response:
    """Remove an actor with its own stands and capability; not as long as anything else names it."""
    form, document, name = Form.of(request), document_of(request), request.path_params["item"]
    case = request.path_params["case"]
    left = hangs(document, case, "actors", name, but=_OWN)
    if left:
        return refused(request, form, "model/actor.html", _actor)
    path, _raw = item_of(document, "actors", name)
    own = [Edit("remove", (part, name)) for part in _OWN if name in (document.tree.get(part) or {})]
    again = again_with(request, form, "model/actor.html", _actor)
    return save(
        request, form, [Edit("remove", path), *own], f"actor {name} removed", address(case, "actors"), again
    )


ROUTES = [
    Route("/cases/{case}/actors", actors),
    Route("/cases/{case}/actors", new_actor, methods=["POST"]),
    Route("/cases/{case}/actors/{item}", actor),
    Route("/cases/{case}/actors/{item}", change_actor, methods=["POST"]),
    Route("/cases/{case}/actors/{item}/remove", remove_actor, methods=["POST"]),
]
