"""Lines such as ``title: …`` at the head of a text, and pairs that lost their line end and ran into it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from westphalia.dossier.sentences import Stretch

HEAD = 5000
"""How many characters count as the head of a text."""
_LINES = 12
_FIELDS = {
    "title": "title",
    "titel": "title",
    "author": "author",
    "autor": "author",
    "autorin": "author",
    "date": "date",
    "datum": "date",
    "url": "url",
    "publisher": "publisher",
    "outlet": "publisher",
    "quelle": "publisher",
    "medium": "publisher",
    "language": "language",
    "sprache": "language",
}
_KEYS = "|".join(sorted(_FIELDS, key=len, reverse=True))
_LINE = re.compile(rf"[ \t]*(?P<key>{_KEYS})[ \t]*:[ \t]*(?P<value>\S.{{0,300}})$", re.IGNORECASE)
# Only dates and addresses end by themselves where a line end got lost.
_GLUED = re.compile(
    r"\s{0,8}(?P<key>date|datum|url)[ \t]{0,4}:?[ \t]{1,4}"
    r"(?P<value>\d{4}(?:-\d{2}){0,2}(?![\w-])|https?://\S{1,300})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A field of the source with its value, where the value stands, and where the pair stands."""

    field: str
    value: str
    span: Stretch
    whole: Stretch
    is_glued: bool


def first_lines(text: str, begin: int = 0) -> list[Stretch]:
    """Return the first lines of a text that are not blank, of the twelve from `begin` on."""
    lines = []
    start = begin
    for line in text[begin:HEAD].split("\n")[:_LINES]:
        if line.strip():
            lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines


def glued_pairs(text: str) -> list[Pair]:
    """Return the pairs with which a text begins and that have no line end of their own."""
    head = text[:HEAD]
    pairs: list[Pair] = []
    place = 0
    while (match := _GLUED.match(head, place)) is not None:
        has_own_line = head[match.end() : match.end() + 1] == "\n" and ":" in match.group()
        if has_own_line:
            break
        pairs.append(_pair(match, 0, is_glued=True))
        place = match.end()
    return pairs


def pair_of(text: str, line: Stretch) -> Pair | None:
    """Return the pair that a line is, None if it is none."""
    match = _LINE.match(text[line[0] : line[1]])
    return None if match is None else _pair(match, line[0], is_glued=False)


def _pair(match: re.Match[str], start: int, *, is_glued: bool) -> Pair:
    value = match.group("value").rstrip()
    begin = start + match.start("value")
    whole = (start + match.start("key"), begin + len(value))
    return Pair(_FIELDS[match.group("key").lower()], value, (begin, begin + len(value)), whole, is_glued)
