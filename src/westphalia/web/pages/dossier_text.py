"""A source as text with its statements in the margin, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.dossier.glosses import waits, without_words
from westphalia.dossier.schema import Kind, Mode, Source, Statement, Status
from westphalia.dossier.texts import SourceText
from westphalia.fields import Text
from westphalia.web.margins import Block, blocks_of, is_as_coded, part_at, parts
from westphalia.web.page import page
from westphalia.web.pages.dossier import source_asked

_NOTES = 200
"""How many statements a part holds where there is no text to cut."""


@dataclass(frozen=True, slots=True)
class Note:
    """A statement in the margin.

    `id`, `mode`, `kind`, `gloss`, `status` and `coder` are those of the case; `speaker` is the name of who
    speaks, None for the author of the source; `tellers` are the names of those it comes through.
    `is_as_coded` says whether the words that were coded stand at the place, `waits` whether the gloss is
    still to be written.
    """

    id: str
    mode: Mode
    kind: Kind
    speaker: Text | None
    tellers: tuple[Text, ...]
    gloss: Text
    status: Status
    coder: str
    is_as_coded: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The page of a source.

    `source` is what the case says of it, `has_text` whether its text is at hand. `part` of `parts`, from 1;
    `blocks` are its paragraphs with the statements over them, `notes` the statements by id that begin in
    them; `placeless` those that stand nowhere in the text, or all of a part if the text is not at hand.
    `statements` counts all of the source, `modes` by mode, `waiting` those without a gloss. `lit` is the
    statement that was asked for.
    """

    source: Source
    has_text: bool
    part: int
    parts: int
    blocks: tuple[Block, ...]
    notes: dict[str, Note]
    placeless: tuple[Note, ...]
    modes: dict[str, int]
    statements: int
    waiting: int
    lit: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What one part shows: its number from 1, of how many, its blocks, its notes, and what has no place."""

    number: int
    of: int
    blocks: tuple[Block, ...] = ()
    notes: dict[str, Note] = field(default_factory=dict)
    placeless: tuple[Note, ...] = ()


def read(request: Request) -> Response:
    """Show a part of a source with its statements."""
    case, source, text = source_asked(request)
    held = [one for one in case.statements if one.source == source.id and one.status != "rejected"]
    lit = next((one for one in held if one.id == request.query_params.get("statement")), None)
    part = (
        _without_text(request, case, held, lit) if text is None else _of_text(request, case, held, lit, text)
    )
    context = Reading(
        source=source,
        has_text=text is not None,
        part=part.number,
        parts=part.of,
        blocks=part.blocks,
        notes=part.notes,
        placeless=part.placeless,
        modes=dict(Counter(one.mode for one in held)),
        statements=len(held),
        waiting=len(without_words(held)),
        lit=lit.id if lit else "",
    )
    return page(request, "dossier/text.html", context)


def _of_text(
    request: Request, case: CaseFile, held: Sequence[Statement], lit: Statement | None, read: SourceText
) -> _Part:
    """Return the part of a text that is asked for, or that holds the statement asked for."""
    text, last = read.text, len(parts(read.text))
    place = lit.span.start if lit and lit.span else _number(request, "place")
    number = min(_number(request, "part") or 1, last) if place is None else part_at(text, place) + 1
    blocks = blocks_of(text, number - 1, held)
    begun = {name for block in blocks for name in block.begins}
    notes = {one.id: _note(case, one, text) for one in held if one.id in begun}
    lost = [one for one in held if one.span is None or one.span.start >= len(text)] if number == last else []
    return _Part(number, last, blocks, notes, tuple(_note(case, one, text) for one in lost))


def _without_text(
    request: Request, case: CaseFile, held: Sequence[Statement], lit: Statement | None
) -> _Part:
    """Return so many statements of a source whose text is not at hand."""
    last = max(1, -(-len(held) // _NOTES))
    number = held.index(lit) // _NOTES + 1 if lit else min(_number(request, "part") or 1, last)
    here = held[_NOTES * (number - 1) : _NOTES * number]
    return _Part(number, last, placeless=tuple(_note(case, one, None) for one in here))


def _number(request: Request, name: str) -> int | None:
    """Return a whole number of the query, None if there is none."""
    raw = request.query_params.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def _note(case: CaseFile, one: Statement, text: str | None) -> Note:
    speaker = case.actor.get(one.speaker)
    return Note(
        id=one.id,
        mode=one.mode,
        kind=one.kind,
        speaker=speaker.name if speaker else None,
        tellers=tuple(case.actor[name].name for name in one.tellers if name in case.actor),
        gloss=one.gloss,
        status=one.status,
        coder=one.coder or "",
        is_as_coded=text is None or is_as_coded(one, text),
        waits=waits(str(one.gloss)),
    )


ROUTES = [Route("/cases/{case}/sources/{source}", read)]
