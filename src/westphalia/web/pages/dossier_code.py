"""A passage of a source and the form that codes it: a new statement, or one that is there already."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.dossier.anchors import in_context, locate, make_span
from westphalia.dossier.review import Edit
from westphalia.dossier.schema import Source, Span
from westphalia.dossier.sentences import Stretch
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError, WestphaliaError, suggest
from westphalia.language import marked as _
from westphalia.runs.coding_decisions import Desk
from westphalia.runs.coding_entries import Cut
from westphalia.web.asked import bench, by, document_of
from westphalia.web.faults import Fault, fault_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.margins import block_at
from westphalia.web.page import address, page, tell
from westphalia.web.pages.dossier import source_asked
from westphalia.web.statement_form import (
    Choices,
    StatementFields,
    Tree,
    changed_fields,
    choices,
    fields_of,
    normal,
    sent,
    tree_of,
)
from westphalia.workspace.edits import ClashError

_WIDTH = 300
_NEW = StatementFields(mode="indirect", kind="fact")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, `start` to `end` in code points: its `words`, what is `before` and `after`."""

    start: int
    end: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class CodeForm:
    """The page on which a passage of a `source` is coded.

    `passage` is the place, None where it has none or the text is not at hand; `places` are those to choose
    from if words that were given stand at several; `statement` the id of the statement to change, empty
    for a new one, and `was` its fields as the form was made from them. `fields` are what the form shows,
    `choices` what it offers. `wrong` is what is wrong, by field; `refused` why it was not saved.
    """

    source: Source
    passage: Passage | None
    places: tuple[Passage, ...]
    statement: str
    was: str
    fields: StatementFields
    choices: Choices
    wrong: dict[str, str]
    refused: Fault | None = None


@may("coder")
def ask(request: Request) -> Response:
    """Show the form for a passage: given by start and end, by a paragraph and words, or by a statement."""
    case, source, text = source_asked(request)
    name = request.query_params.get("statement", "")
    if name:
        return page(request, "dossier/code.html", _existing(request, case, source, text, name))
    text = _at_hand(text)
    passages = tuple(_passage(text, place) for place in _places(request.query_params, text))
    passage = passages[0] if len(passages) == 1 else None
    places = passages if len(passages) > 1 else ()
    context = CodeForm(source, passage, places, "", "", _NEW, choices(case), {})
    return page(request, "dossier/code.html", context)


def _existing(
    request: Request, case: CaseFile, source: Source, text: SourceText | None, name: str
) -> CodeForm:
    tree = _tree(document_of(request), source, name)
    words = text.text if text else None
    span = case.statement[name].span
    passage = _passage(text, (span.start, span.end)) if text and span and span.end <= len(text.text) else None
    was = json.dumps(normal(tree, case, span, words))
    return CodeForm(source, passage, (), name, was, fields_of(tree, words), choices(case), {})


def _tree(document: Document, source: Source, name: str) -> dict[str, Any]:
    """Return a statement of a source as the case file writes it."""
    trees = {str(tree["id"]): tree for tree in document.tree.get("statements") or ()}
    if name not in trees or trees[name].get("source") != source.id:
        hint = suggest(name, (one for one, tree in trees.items() if tree.get("source") == source.id))
        raise CallError(f"There is no statement '{name}'.", code="unknown-entry", where=name, hint=hint)
    return dict(trees[name])


def _places(query: Mapping[str, str], text: SourceText) -> list[Stretch]:
    """Return the places that an address means: none if it names none.

    Raises
    ------
    CallError: there is no such place, or the words do not stand there.
    """
    if query.get("start"):
        return [_stretch(query, text)]
    words = query.get("words", "").strip()
    return _standing(text.text, words, query.get("paragraph", "")) if words else []


def _at_hand(text: SourceText | None) -> SourceText:
    if text is None:
        hint = _("Put the text in among the sources first.")
        raise CallError(_("The text of the source is not at hand."), code="no-text", hint=hint)
    return text


def _stretch(given: Mapping[str, Any], text: SourceText) -> Stretch:
    """Return the stretch from ``start`` to ``end``; CallError if it does not lie in the text."""
    ends = [str(given.get(name, "")) for name in ("start", "end")]
    if not all(map(_is_number, ends)):
        raise CallError(_("Choose a passage first."), code="no-passage", where="start")
    span = make_span(text.text, int(ends[0]), int(ends[1]))
    return span.start, span.end


def _standing(text: str, words: str, paragraph: str) -> list[Stretch]:
    block = block_at(text, int(paragraph)) if _is_number(paragraph) else (0, len(text))
    first, last = block or (0, 0)
    inside = locate(text[first:last], words, alike=True)
    if not inside:
        hint = _("Copy them from the text, and look at the number beside the paragraph.")
        raise CallError(_("These words do not stand there."), code="no-such-words", where="words", hint=hint)
    return [(first + span.start, first + span.end) for span in inside]


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 10


def _passage(text: SourceText, place: Stretch) -> Passage:
    return Passage(*place, *in_context(text.text, Span(start=place[0], end=place[1]), _WIDTH))


@may("coder")
def code(request: Request) -> Response:
    """Make a statement of a passage."""
    case, source, text = source_asked(request)
    form = Form.of(request)
    text = _at_hand(text)
    place = _stretch(form.data, text)
    fields = sent(form)
    tree = tree_of(fields, case, form, Span(start=place[0], end=place[1]), text.text)
    cut = Cut(*place, {name: value for name, value in tree.items() if value is not None})
    done = _kept(
        request, form, lambda desk: desk.add([desk.new_entry(source.id, text.text, cut)], by(request))
    )
    if isinstance(done, Fault):
        again = CodeForm(source, _passage(text, place), (), "", "", fields, choices(case), form.wrong, done)
        return page(request, "dossier/code.html", again, done.status)
    return tell(request, at_statement(request, source.id, done), _("Coded as {}."), done)


@may("coder")
def change(request: Request) -> Response:
    """Change a statement; where somebody else changed the same fields meanwhile, both changes are shown."""
    case, source, text = source_asked(request)
    name, form = request.path_params["statement"], Form.of(request)
    shown = _existing(request, case, source, text, name)
    span, words, fields = case.statement[name].span, text.text if text else None, sent(form)
    tree = tree_of(fields, case, form, span, words)
    was = _sent_tree(form)

    def act(desk: Desk) -> tuple[Edit, ...]:
        now = normal(_tree(desk.document, source, name), case, span, words)
        changed = changed_fields(name, tree, was, now)
        return desk.change(name, changed, by(request)) if changed else ()

    done = _kept(request, form, act)
    if isinstance(done, Fault):
        again = replace(shown, was=form.text("was"), fields=fields, wrong=form.wrong, refused=done)
        return page(request, "dossier/code.html", again, done.status)
    return tell(request, at_statement(request, source.id, name), _("Saved."))


@may("coder")
def take_out(request: Request) -> Response:
    """Reject a statement: it is taken out of the case, and can be brought back by undo."""
    _case, source, _text = source_asked(request)
    name = request.path_params["statement"]
    with bench(request).cases.desk(request.path_params["case"], by=by(request)) as desk:
        _tree(desk.document, source, name)
        desk.reject([name], by(request))
    return tell(request, at_statement(request, source.id), _("{} was taken out."), name)


def _kept(request: Request, form: Form, act: Callable[[Desk], tuple[Edit, ...]]) -> str | Fault:
    """Do something at the desk; return the id of what was edited, or why not. A clash is raised."""
    if form.wrong:
        return Fault(400, "")
    try:
        with bench(request).cases.desk(request.path_params["case"], by=by(request)) as desk:
            return next((edit.id for edit in act(desk)), "")
    except ClashError:
        raise
    except WestphaliaError as error:
        return fault_of(error)


def _sent_tree(form: Form) -> Tree:
    """Return the fields from which a form was made, as it was sent with them."""
    try:
        was = json.loads(form.text("was") or "{}")
    except (ValueError, RecursionError):
        was = None
    if not isinstance(was, dict):
        raise CallError(_("The form is damaged."), code="bad-form", hint=_("Open the page anew."))
    return was


def at_statement(request: Request, source: str, name: str = "") -> str:
    """Return the address of a source, at a statement if one is named."""
    to = address(request.path_params["case"], f"sources/{source}")
    return f"{to}?statement={name}#text-{name}" if name else to


ROUTES = [
    Route("/cases/{case}/sources/{source}/code", ask),
    Route("/cases/{case}/sources/{source}/code", code, methods=["POST"]),
    Route("/cases/{case}/sources/{source}/statements/{statement}", change, methods=["POST"]),
    Route("/cases/{case}/sources/{source}/statements/{statement}/reject", take_out, methods=["POST"]),
]
