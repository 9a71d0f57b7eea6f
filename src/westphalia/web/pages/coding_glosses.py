"""Statements that were accepted before anybody put them into words: a list to write their glosses in."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.dossier.anchors import in_context
from westphalia.dossier.glosses import waits, without_words
from westphalia.dossier.schema import Kind, Mode, Source, Statement
from westphalia.dossier.texts import SourceText
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.web.asked import bench, by
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, page, tell
from westphalia.web.pages.dossier import source_asked

_MOST = 20
_WIDTH = 160


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement whose gloss waits.

    `id`, `kind` and `mode` are those of the case, `speaker` the name of who speaks, None for the author.
    `words` with what stands `before` and `after` them are empty if the text is not at hand.
    """

    id: str
    speaker: Text | None
    kind: Kind
    mode: Mode
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Glosses:
    """What waits for words: of a `source` the first ones `waiting`, and how many there are in `all`."""

    source: Source
    waiting: tuple[Waiting, ...]
    all: int


def glosses(request: Request) -> Response:
    """Show the statements of a source whose gloss waits."""
    case, source, text = source_asked(request)
    every = without_words(one for one in case.statements if one.source == source.id)
    waiting = tuple(_waiting(case, one, text) for one in every[:_MOST])
    return page(request, "coding/glosses.html", Glosses(source, waiting, len(every)))


def _waiting(case: CaseFile, one: Statement, text: SourceText | None) -> Waiting:
    actor = case.actor.get(one.speaker)
    has_place = text is not None and one.span is not None and one.span.end <= len(text.text)
    context = in_context(text.text, one.span, _WIDTH) if text and one.span and has_place else ("", "", "")
    return Waiting(one.id, actor.name if actor else None, one.kind, one.mode, *context)


@may("coder")
def write(request: Request) -> Response:
    """Write the glosses that were filled in; what got one meanwhile is left as it is."""
    _case, source, _text = source_asked(request)
    form = Form.of(request)
    given = {name.removeprefix("gloss-"): form.text(name) for name in form.data if name.startswith("gloss-")}
    done = 0
    with bench(request).cases.desk(request.path_params["case"], by=by(request), why="glosses") as desk:
        for name, words in given.items():
            held = desk.document.case.statement.get(name)
            if words and held and held.source == source.id and waits(str(held.gloss)):
                desk.change(name, {"gloss": words}, by(request))
                done += 1
    to = address(request.path_params["case"], f"coding/{source.id}/glosses")
    return tell(request, to, _("Glosses written: {}"), done)


ROUTES = [
    Route("/cases/{case}/coding/{source}/glosses", glosses),
    Route("/cases/{case}/coding/{source}/glosses", write, methods=["POST"]),
]
