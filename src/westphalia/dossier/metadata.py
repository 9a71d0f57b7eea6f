"""What the first lines of a text say of the text itself, and a header that ran into it.

Everything is proposed with its place; nothing is cut off unless the analyst says so. What a page or a
document says of itself outside its text is proposed by the readers.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from westphalia.dossier.expressions import expressions
from westphalia.dossier.headers import HEAD, Pair, first_lines, glued_pairs, pair_of
from westphalia.dossier.proposals import Meta, Proposal, Stretch, Timed
from westphalia.dossier.repairs import Repair
from westphalia.dossier.sentences import headings
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError

_BYLINE = re.compile(r"^[ \t]*(?:von|by)[ \t]+(?P<value>[A-ZÄÖÜ][^\n.!?:;]{2,80})$", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"“”]{4,300}")
_DATELINE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Header:
    """A header at the beginning of a text: its stretch, from 0 to where the text begins, its fields."""

    end: int
    fields: tuple[Proposal, ...]


def meta_in_text(text: str, language: str | None = None) -> tuple[Proposal, ...]:
    """Return the fields of the source that the first lines give, each at its place, in order.

    ``key: value`` lines and a header glued to the text; a byline; a line with a date; a heading as
    the title; an address. `language` (de or en) lets dates be read in words. A field found twice is
    proposed twice.
    """
    head = text[:HEAD]
    found = [_meta(pair) for pair in glued_pairs(head)]
    for line in first_lines(head, found[-1].end if found else 0):
        found += _of_line(head, line, language)
    if not any(isinstance(one.details, Meta) and one.details.name == "title" for one in found):
        found += _title(head)
    return tuple(sorted(found, key=lambda one: (one.start, -one.end, one.rule)))


def header(text: str) -> Header | None:
    """Return the header that may be split off, or None if the text begins with itself.

    A header is one or several ``key value`` pairs before the first other words, on lines of their
    own or run into the text.
    """
    pairs = glued_pairs(text)
    for line in first_lines(text, pairs[-1].whole[1] if pairs else 0):
        pair = pair_of(text, line)
        if pair is None:
            break
        pairs.append(pair)
    if not pairs:
        return None
    rest = text[pairs[-1].whole[1] :]
    return Header(len(text) - len(rest.lstrip()), tuple(_meta(pair) for pair in pairs))


def without_header(source: SourceText, found: Header) -> SourceText:
    """Return the text without its header, as a new text with its own SHA-256 and a log of the cut.

    Spans of the old text do not fit the new one: split before anything is coded.

    Raises
    ------
    CallError: the header is not the one of this text, or nothing would be left.
    """
    if header(source.text) != found:
        raise CallError(
            "This is not the header of this text.",
            code="wrong-header",
            hint="Look for the header of this very text first.",
        )
    text = source.text[found.end :]
    if not text.strip():
        raise CallError("The text is nothing but a header.", code="empty-text")
    lines = range(1, source.text.count("\n", 0, found.end) + 2)
    log = Repair(f"header of {found.end} characters split off, as told", 1, tuple(lines)[:5])
    return replace(
        source,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        characters=len(text),
        repairs=(*source.repairs, log),
    )


# --- one line ----------------------------------------------------------------------------------


def _of_line(head: str, place: Stretch, language: str | None) -> list[Proposal]:
    pair = pair_of(head, place)
    if pair is not None:
        return [_meta(pair)]
    start, line = place[0], head[place[0] : place[1]]
    byline = _BYLINE.match(line)
    if byline is not None:
        return [_field("author", start, byline.span("value"), line, "meta-byline")]
    found = [_field("url", start, url.span(), line, "meta-address") for url in _URL.finditer(line)]
    if language is not None and len(line.split()) <= _DATELINE_WORDS:
        found += _dates(line, start, language)
    return found


def _dates(line: str, start: int, language: str) -> list[Proposal]:
    found = []
    for one in expressions(line, language):
        timed = one.details
        if isinstance(timed, Timed) and timed.first is not None and timed.first == timed.last:
            span = (start + one.start, start + one.end)
            found.append(Proposal("meta", (span,), "possible", "meta-dateline", Meta("date", timed.first)))
    return found


def _title(head: str) -> list[Proposal]:
    """Return the first line as a title if it looks like a heading."""
    places = headings(head)
    lines = first_lines(head)
    if not places or not lines or not lines[0][0] <= places[0][0] < lines[0][1]:
        return []
    start, end = places[0]
    return [
        Proposal("meta", ((start, end),), "possible", "meta-first-heading", Meta("title", head[start:end]))
    ]


def _meta(pair: Pair) -> Proposal:
    rule = "meta-header-glued" if pair.is_glued else "meta-header-line"
    return Proposal("meta", (pair.span,), "sure", rule, Meta(pair.field, pair.value))


def _field(name: str, start: int, span: Stretch, line: str, rule: str) -> Proposal:
    value = line[span[0] : span[1]].rstrip(" .,;)")
    place = (start + span[0], start + span[0] + len(value))
    return Proposal("meta", (place,), "possible", rule, Meta(name, value))
