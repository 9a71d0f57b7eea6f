"""Two coders side by side: what each made of a place, how far they agree, and which of the two stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.dossier.anchors import in_context
from westphalia.dossier.matching import Choice, Pair
from westphalia.dossier.reliability import Alpha
from westphalia.dossier.schema import Span, Statement
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError, suggest
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.runs.coding_compare import Comparison, coders, compare
from westphalia.uncertain import Value
from westphalia.web.asked import bench, by, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.later import Later
from westphalia.web.page import address, page, tell

_MOST = 50
_WIDTH = 120
_AT_ONCE = 10
_KEPT: Later[Comparison] = Later(8)


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder made of a place.

    `id`, `tellers`, `addressee`, `mode`, `kind` and `gloss` are those of the case; `speaker` is the name of
    who speaks, None for the author; `about` has actor, issue or event, and value; `is_disputed` whether it
    is marked as disputed.
    """

    id: str
    speaker: Text | None
    tellers: tuple[str, ...]
    addressee: tuple[str, ...]
    mode: str
    kind: str
    about: tuple[tuple[str, str, Value | None], ...]
    gloss: Text
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A place of a `source`, and what both coders made of it.

    `words`, with what stands `before` and `after`, are empty if the text is not at hand. `first` and `second`
    are the two sides, None where that coder has nothing; `differing` the fields in which they differ;
    `overlap` the share of the stretch that both cover.
    """

    source: str
    before: str
    words: str
    after: str
    first: Side | None
    second: Side | None
    overlap: float
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """Alpha of a field: its `name`, `value`, interval from `low` to `high`, and how many `units` it rests on.

    None where nothing can be said.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True, slots=True)
class Beside:
    """The page of two coders.

    `coders` are all of the case with how many statements each; `first` and `second` those compared, empty
    if there are not two. `state` is working while the figures are reckoned. `rows` are those of a `part` of
    `parts`, of all pairs or, if not `is_all`, of those still to be settled; `agreed` pairs are alike, `open`
    are not. `f1` and `f1_any_kind` say how far the places agree, `figures` what was said there.
    """

    coders: dict[str, int]
    first: str = ""
    second: str = ""
    state: Literal["none", "working", "ready"] = "none"
    rows: tuple[Row, ...] = ()
    part: int = 1
    parts: int = 1
    is_all: bool = False
    agreed: int = 0
    open: int = 0
    f1: float | None = None
    f1_any_kind: float | None = None
    figures: tuple[Figure, ...] = ()


def beside(request: Request) -> Response:
    """Show what two coders made of the case's sources."""
    document = document_of(request)
    known = coders(document.case)
    query = request.query_params
    names = list(known)
    first = query.get("a") or next(iter(names), "")
    second = query.get("b") or next((name for name in names if name != first), "")
    if not (first and second):
        return page(request, "coding/compare.html", Beside(known))
    found = _KEPT.get((document.digest, first, second), lambda: compare(document.case, first, second))
    if found is None:
        return page(request, "coding/compare.html", Beside(known, first, second, "working"))
    texts = bench(request).cases.texts(request.path_params["case"])
    return page(request, "coding/compare.html", _beside(known, found, document.case, texts, query))


def _beside(
    known: dict[str, int],
    found: Comparison,
    case: CaseFile,
    texts: Mapping[str, SourceText],
    query: Mapping[str, str],
) -> Beside:
    is_all = query.get("show") == "all"
    listed = [pair for pair in found.pairs if is_all or is_open(pair)]
    parts = max(1, -(-len(listed) // _MOST))
    raw = query.get("part", "1")
    part = min(max(1, int(raw)), parts) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1
    here = listed[_MOST * (part - 1) : _MOST * part]
    return Beside(
        coders=known,
        first=found.first,
        second=found.second,
        state="ready",
        rows=tuple(_row(case, pair, texts) for pair in here),
        part=part,
        parts=parts,
        is_all=is_all,
        agreed=sum(pair.is_agreed for pair in found.pairs),
        open=sum(map(is_open, found.pairs)),
        f1=_finite(found.score.f1),
        f1_any_kind=_finite(found.score_any_kind.f1),
        figures=tuple(_figure(name, one) for name, one in found.alphas.items()),
    )


def is_open(pair: Pair) -> bool:
    """Tell whether a pair is still to be settled: not agreed, and not marked as disputed."""
    sides = [one for one in (pair.first, pair.second) if one is not None]
    return not pair.is_agreed and any(one.status != "disputed" for one in sides)


def _figure(name: str, one: Alpha) -> Figure:
    return Figure(name, _finite(one.value), _finite(one.low), _finite(one.high), one.units)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _row(case: CaseFile, pair: Pair, texts: Mapping[str, SourceText]) -> Row:
    sides = [one for one in (pair.first, pair.second) if one is not None]
    spans = [one.span for one in sides if one.span is not None]
    source = sides[0].source
    context = ("", "", "")
    if spans and source in texts and max(span.end for span in spans) <= len(texts[source].text):
        whole = Span(start=min(span.start for span in spans), end=max(span.end for span in spans))
        context = in_context(texts[source].text, whole, _WIDTH)
    first, second = (_side(case, one) if one else None for one in (pair.first, pair.second))
    return Row(source, *context, first, second, pair.overlap, pair.differing)


def _side(case: CaseFile, one: Statement) -> Side:
    speaker = case.actor.get(one.speaker)
    return Side(
        id=one.id,
        speaker=speaker.name if speaker else None,
        tellers=one.tellers,
        addressee=one.addressee,
        mode=one.mode,
        kind=one.kind,
        about=tuple(
            (about.actor or "", about.issue or about.event or "", about.value) for about in one.about
        ),
        gloss=one.gloss,
        is_disputed=one.status == "disputed",
    )


@may("coder")
def settle(request: Request) -> Response:
    """Settle a pair: the one, the other, both as disputed, or neither; or what one coder has alone."""
    form, coder = Form.of(request), by(request)
    first, second, choice = (form.text(name) for name in ("first", "second", "choice"))
    choices: dict[str, Choice] = {each: each for each in get_args(Choice)}
    if choice not in choices:
        raise CallError(
            _("Choose which of the two stands."), code="bad-choice", hint=suggest(choice, choices)
        )
    with bench(request).cases.desk(request.path_params["case"], by=coder) as desk:
        if first and second:
            desk.settle(first, second, choices[choice], coder)
        elif choice == "neither":
            desk.reject([first or second], coder)
        else:
            desk.dispute([first or second], coder)
    return tell(request, _back(request, form), _("Settled."))


@may("coder")
def agree(request: Request) -> Response:
    """Make one statement of each pair on which the two agree: the first few, for each is saved by itself."""
    form, coder = Form.of(request), by(request)
    with bench(request).cases.desk(request.path_params["case"], by=coder) as desk:
        found = compare(desk.document.case, form.text("a"), form.text("b"))
        agreed = [pair for pair in found.pairs if pair.is_agreed]
        desk.agree(agreed[:_AT_ONCE], coder)
    left = max(0, len(agreed) - _AT_ONCE)
    said = _("Pairs made one: {}. Left: {}.")
    return tell(request, _back(request, form), said, min(len(agreed), _AT_ONCE), left)


def _back(request: Request, form: Form) -> str:
    """Return the address of the comparison that a form was sent from."""
    query = {name: form.text(name) for name in ("a", "b", "show", "part") if form.text(name)}
    return address(request.path_params["case"], f"coders?{urlencode(query)}")


ROUTES = [
    Route("/cases/{case}/coders", beside),
    Route("/cases/{case}/coders", settle, methods=["POST"]),
    Route("/cases/{case}/coders/agree", agree, methods=["POST"]),
]
