"""The review of what is suggested for a text: one suggestion after the other, by keys or by buttons."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.dossier.glosses import without_words
from westphalia.dossier.review import Edit
from westphalia.dossier.schema import Source, Span
from westphalia.errors import CallError, WestphaliaError
from westphalia.language import marked as _
from westphalia.runs.coding import Suggestion, Suggestions, known_actors, recoded, suggestions
from westphalia.runs.coding_decisions import Desk
from westphalia.web.asked import bench, by, document_of
from westphalia.web.faults import Fault, fault_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.later import PATIENCE, Later
from westphalia.web.page import address, page, tell
from westphalia.web.pages.dossier import source_asked
from westphalia.web.review import Asked, answered, asked, left_of, open_questions
from westphalia.web.statement_form import Choices, StatementFields, choices, sent, tree_of
from westphalia.workspace.edits import Edit as CaseEdit

_ENOUGH = 120.0
"""Seconds after which a decision no longer waits for the suggestions to be there."""
_FOUND: Later[Suggestions] = Later(8)


@dataclass(frozen=True, slots=True)
class Review:
    """The page of a review of what is suggested for a `source`.

    `state` is working while the suggestions are being made, failed if they cannot be. `one` is the
    suggestion that is asked, number `at` of the `left` ones, of which `doubts` are doubtful; `previous`,
    `next` and `doubt` are where the keys lead. `coded` stand in the case already, `decided` were decided
    on, `waiting` statements have no gloss yet. `last` tells the last decision from any other, empty if none
    can be taken back; `can_redo` whether one can be made again. `choices` is what the form offers. `wrong`
    is what is wrong with what was sent, by field; `refused` why it was not done.
    """

    source: Source
    state: Literal["ready", "working", "failed"]
    one: Asked | None = None
    at: int = 0
    left: int = 0
    doubts: int = 0
    coded: int = 0
    decided: int = 0
    waiting: int = 0
    previous: str = ""
    next: str = ""
    doubt: str = ""
    last: str = ""
    can_redo: bool = False
    choices: Choices | None = None
    wrong: dict[str, str] | None = None
    refused: Fault | None = None


def found_for(request: Request, patience: float = PATIENCE) -> Suggestions | None:
    """Return what is suggested for the text in the address; None while that is being worked out.

    Raises
    ------
    CallError: the text is not at hand, the case has no actors, or the language is not known.
    """
    case, source, text = source_asked(request)
    if text is None:
        hint = _("Put the text in among the sources first.")
        raise CallError(_("The text of the source is not at hand."), code="no-text", hint=hint)
    actors = known_actors(case)
    key = (source.id, source.language, source.date.first if source.date else None, text.sha256, actors)
    found = _FOUND.get(key, lambda: suggestions(case, source, text), patience)
    return None if found is None else recoded(found, case)


def review(request: Request) -> Response:
    """Show the suggestion that is asked next, or the one in the address."""
    _case, source, _text = source_asked(request)
    try:
        found = found_for(request)
    except CallError as error:
        return page(request, "coding/wait.html", Review(source, "failed", refused=fault_of(error)))
    if found is None:
        return page(request, "coding/wait.html", Review(source, "working"))
    return page(request, "coding/review.html", _review(request, found, request.query_params.get("at", "")))


def _review(
    request: Request,
    found: Suggestions,
    name: str,
    fields: StatementFields | None = None,
    wrong: dict[str, str] | None = None,
    refused: Fault | None = None,
) -> Review:
    document = document_of(request)
    desk = Desk(document)
    left = left_of(found, desk, by(request))
    at = left.place(name)
    names = [one.entry.id for one in left.suggestions]
    one = asked(found, desk, left.suggestions[at]) if names else None
    held = [each for each in document.case.statements if each.source == found.source.id]
    return Review(
        source=found.source,
        state="ready",
        one=replace(one, fields=fields) if one and fields and one.id == name else one,
        at=at + 1,
        left=len(names),
        doubts=left.doubts,
        coded=left.coded,
        decided=left.decided,
        waiting=len(without_words(held)),
        previous=names[at - 1] if at else "",
        next=names[at + 1] if at + 1 < len(names) else "",
        doubt=left.doubt_after(at),
        last=last_of(desk),
        can_redo=desk.can_redo,
        choices=choices(document.case),
        wrong=wrong or {},
        refused=refused,
    )


def last_of(desk: Desk) -> str:
    """Return what tells the last decision from any other; empty if there is none to take back."""
    last = repr(desk.journal.history.last).encode("utf-8", "replace")
    return hashlib.sha256(last).hexdigest()[:16] if desk.can_undo else ""


@may("coder")
def decide(request: Request) -> Response:
    """Accept, reject, dispute or change a suggestion, and go on to the next."""
    form, found = Form.of(request), _needed(request)
    name, verb = form.text("id"), form.text("verb")
    one = next((each for each in found.statements if each.entry.id == name), None)
    if one is None or verb not in _SAID:
        raise CallError(f"There is no suggestion '{name[:80]}'.", code="unknown-entry", where=name[:80])
    fields = sent(form)
    refused = _decide(request, form, found, one, fields)
    if form.wrong or refused:
        again = _review(request, found, name, fields, form.wrong, refused)
        return page(request, "coding/review.html", again, refused.status if refused else 400)
    left = left_of(found, Desk(document_of(request)), by(request))
    to = left.after(one.entry.place[2] if verb == "change" else one.entry.place[1])
    return tell(request, _at(request, found, to), _SAID[verb], name)


_SAID: dict[str, str] = {
    "accept": _("Accepted: {}"),
    "reject": _("Rejected: {}"),
    "dispute": _("Disputed: {}"),
    "change": _("Changed, still to be decided: {}"),
}


def _needed(request: Request) -> Suggestions:
    """Return what is suggested, after waiting for it if need be."""
    found = found_for(request, _ENOUGH)
    if found is None:
        hint = _("Wait for the suggestions, then decide.")
        raise CallError(_("The suggestions are still being made."), code="not-ready", hint=hint)
    return found


def _decide(
    request: Request, form: Form, found: Suggestions, one: Suggestion, fields: StatementFields
) -> Fault | None:
    """Do what a form says to a suggestion; return why it could not be done, or note it in the form."""
    try:
        with bench(request).cases.desk(request.path_params["case"], by=by(request)) as desk:
            if desk.is_decided(one):
                return Fault(409, _("Somebody decided on it meanwhile. Nothing was changed."))
            _do(desk, form, found, one, fields, by(request))
    except WestphaliaError as error:
        return fault_of(error)
    return None


def _do(
    desk: Desk, form: Form, found: Suggestions, one: Suggestion, fields: StatementFields, coder: str
) -> None:
    name, verb = one.entry.id, form.text("verb")
    if verb == "reject":
        desk.reject([name], coder, found=found)
        return
    is_final = verb != "change"
    questions = open_questions(desk, one, desk.entry(name, found))
    fields = answered(fields, form, questions, is_needed=is_final)
    start, end = one.entry.place[1:3]
    tree = tree_of(fields, desk.document.case, form, Span(start=start, end=end), None)
    if not is_final and not fields.speaker:
        tree["speaker"] = None
        form.wrong.pop("speaker", None)
    if not form.wrong:
        if verb == "change":
            desk.change(name, tree, coder, found=found)
        else:
            decide = desk.accept if verb == "accept" else desk.dispute
            decide([name], coder, found=found, fields=tree)


@may("coder")
def undo(request: Request) -> Response:
    """Take back the last decision, if it is still the one that the page named."""
    _case, source, _text = source_asked(request)
    with bench(request).cases.desk(request.path_params["case"], by=by(request)) as desk:
        if Form.of(request).text("last") != last_of(desk):
            said = _("Somebody decided something meanwhile: look again at what would be taken back.")
            return tell(request, _home(request, source), said)
        edits = desk.undo()
    return _turned(request, source, edits, _("Taken back: {}"))


@may("coder")
def redo(request: Request) -> Response:
    """Make the decision again that was taken back last."""
    _case, source, _text = source_asked(request)
    with bench(request).cases.desk(request.path_params["case"], by=by(request)) as desk:
        edits = desk.redo()
    return _turned(request, source, edits, _("Done again: {}"))


def _turned(request: Request, source: Source, edits: Sequence[Edit], said: str) -> Response:
    names = [edit.id for edit in edits]
    to = f"{_home(request, source)}?at={names[0]}" if names else _home(request, source)
    return tell(request, to, said, ", ".join(names))


@may("coder")
def speak(request: Request) -> Response:
    """Say in which language a text is, so that its rules can be used."""
    _case, source, _text = source_asked(request)
    language = Form.of(request).text("language")
    wanted = [CaseEdit("set", f"sources.{source.id}.language", language)]
    held = document_of(request)
    name = request.path_params["case"]
    bench(request).cases.change(
        name, held.file_digest, wanted, by=by(request), why=f"the language of {source.id}"
    )
    return tell(request, _home(request, source))


def _home(request: Request, source: Source) -> str:
    return address(request.path_params["case"], f"coding/{source.id}")


def _at(request: Request, found: Suggestions, name: str) -> str:
    to = _home(request, found.source)
    return f"{to}?at={name}" if name else to


ROUTES = [
    Route("/cases/{case}/coding/{source}", review),
    Route("/cases/{case}/coding/{source}", decide, methods=["POST"]),
    Route("/cases/{case}/coding/{source}/undo", undo, methods=["POST"]),
    Route("/cases/{case}/coding/{source}/redo", redo, methods=["POST"]),
    Route("/cases/{case}/coding/{source}/language", speak, methods=["POST"]),
]
