"""Paragraphs, headings and sentences of a German or English text, as spans of code points.

The rules are light and do not ask for the language: a paragraph is never crossed; a full stop after
an abbreviation, an initial or an ordinal ends nothing; closing marks of every kind stay with the
sentence they close. The words of the rules are data, in `dossier/data`. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

Stretch = tuple[int, int]

_WORDS_OF_A_HEADING = 15
_LONGEST_ABBREVIATION = 24

_QUOTATION = "\"'”“„‚’‘»«›‹"
_CLOSING = f"{_QUOTATION})]}}"
_OPENING = f"{_QUOTATION}([{{–—-"
_END = re.compile(rf"[.!?…]+(?:[\u00a0\u202f]?[{re.escape(_CLOSING)}])*")
_BEGIN = re.compile(rf"[–—-][^\S\n]|[{re.escape(_OPENING)}]{{0,4}}[\u00a0\u202f]?")
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,3}")
_UNIT = re.compile(r"[\d/²³]$")
_WORD = re.compile(r"\w+")


def paragraphs(text: str) -> list[Stretch]:
    """Return the paragraphs as (start, end), without the blanks around them.

    A blank line parts paragraphs. A text without any blank line has one paragraph a line.
    """
    lines = [(*_trimmed(text, start, end), start) for start, end in _lines(text)]
    filled = [place for place, (start, end, _) in enumerate(lines) if start < end]
    has_blank_lines = len(filled) < 2 or filled[-1] - filled[0] + 1 > len(filled)
    found: list[Stretch] = []
    last = -2
    for place in filled:
        start, end, _ = lines[place]
        if has_blank_lines and place == last + 1:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        last = place
    return found


def headings(text: str) -> list[Stretch]:
    """Return the paragraphs that look like headings.

    One line of at most 15 words, not the last of the text, and without a final mark, or ending in
    a question or exclamation mark.
    """
    return [
        (start, end)
        for start, end in paragraphs(text)[:-1]
        if text[end - 1] not in f".…;,:{_CLOSING}"
        and text.find("\n", start, end) < 0
        and len(text[start:end].split(maxsplit=_WORDS_OF_A_HEADING)) <= _WORDS_OF_A_HEADING
    ]


def sentences(text: str) -> list[Stretch]:
    """Return the sentences as (start, end), in order; every character but blanks lies in just one."""
    return [stretch for start, end in paragraphs(text) for stretch in _split(text, start, end)]


def _lines(text: str) -> Iterator[Stretch]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield start, end
        start = end + 1
    yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> Stretch:
    """Return the stretch without blanks at its ends; empty if there is nothing else."""
    line = text[start:end]
    left = len(line) - len(line.lstrip())
    return start + left, start + max(left, len(line.rstrip()))


def _split(text: str, start: int, end: int) -> Iterator[Stretch]:
    begin = start
    for mark in _END.finditer(text, start, end):
        after = mark.end()
        if after >= end or not text[after].isspace():
            continue
        following = _after_blanks(text, after, end)
        if _ends_here(text, begin, mark, following):
            yield begin, after
            begin = following
    if begin < end:
        yield begin, end


def _after_blanks(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place


def _ends_here(text: str, begin: int, mark: re.Match[str], following: int) -> bool:
    opened = _BEGIN.match(text, following)
    first = opened.end() if opened else following
    if first < len(text) and text[first].islower():
        return False
    if mark.group() != ".":
        return True
    words = text[max(begin, mark.start() - 3 * _LONGEST_ABBREVIATION) : mark.start()].split()
    if not words:
        return True
    last = words[-1].lstrip(_OPENING)
    before = words[-2] if len(words) > 1 else ""
    if _ORDINAL.fullmatch(last):
        return not _is_ordinal(before, text, following)
    if len(last) == 1 and last.islower() and _UNIT.search(before):
        return True
    return not (_LETTERS_WITH_STOPS.fullmatch(last) or last.lower() in _abbreviations())


def _is_ordinal(before: str, text: str, following: int) -> bool:
    """Tell whether a number with a full stop counts something that the next word names."""
    if text[following : following + 1].isdigit():
        return True
    word = _WORD.match(text, following)
    after = word.group().lower() if word else ""
    return before.lower() in _around_ordinals("before") or after in _around_ordinals("after")


def _data(name: str) -> list[str]:
    lines = resources.files("westphalia.dossier").joinpath("data", name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(_data("abbreviations.txt"))


@cache
def _around_ordinals(side: str) -> frozenset[str]:
    rows = [line.partition(": ") for line in _data("ordinals.txt")]
    return frozenset(word for key, _, words in rows if key == side for word in words.split())
