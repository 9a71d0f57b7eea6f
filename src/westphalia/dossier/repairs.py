"""Repairs of a text before its offsets are fixed. Each says what it did, how often and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

LINES_SHOWN = 5
_LONGEST_WORD = 64

# "Vor- und Nachteile": the hyphen stands for a word to come and stays.
_HANGING = frozenset({"und", "oder", "bzw", "bis", "sowie", "and", "or", "to"})

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# The acute is left alone: in "geht´s" and "d´accord" it stands for an apostrophe.
_COMBINING = {"ˆ": "\u0302", "˜": "\u0303", "˚": "\u030a", "ˇ": "\u030c", "¸": "\u0327"}
_ACCENTED = re.compile("ˆ[aeiouAEIOU]|˜[anoANO]|˚[aAuU]|ˇ[cnrszCNRSZ]|¸[cCsS]")
_BROKEN = re.compile(r"[-\u2010][ \t]*\n[ \t]*")
_COMPOUND = re.compile(r"(?<![\w-])[^\W\d_]{1,64}-[^\W\d_]{1,64}(?![\w-])")
_WORD_END = re.compile(r"\w+$")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of repair: what was done, how often, and the first lines (from 1) concerned."""

    what: str
    count: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    what: str
    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]


def _composed(match: re.Match[str]) -> str:
    vowel = match.group(1).replace("ı", "i")
    return unicodedata.normalize("NFC", f"{vowel}\u0308")


def _accented(match: re.Match[str]) -> str:
    pair = match.group()
    return unicodedata.normalize("NFC", pair[1] + _COMBINING[pair[0]])


_LINE_ENDS = _Rule("line ends CRLF or CR made LF", re.compile(r"\r\n?"), lambda _: "\n")
_MARKUP = (_Rule("soft hyphen taken out", re.compile("\u00ad"), lambda _: ""),)
_EXTRACTED = (
    _Rule("U+FFFE at a line's end read as hyphen", re.compile("\ufffe\n?"), lambda _: "-\n"),
    _Rule("ligature spelt out", re.compile("[ﬀ-ﬆ]"), lambda match: _LIGATURES[match.group()]),
    _Rule("spacing diaeresis joined to its vowel", re.compile("\u00a8([aeiouyAEIOUYı])"), _composed),
    _Rule(
        "spacing diaeresis joined to its vowel", re.compile("(?<=\\w)([aeouAEOU])\u00a8(?=\\w)"), _composed
    ),
    _Rule("spacing accent joined to its letter", _ACCENTED, _accented),
    _Rule("word broken at a soft hyphen joined", re.compile("\u00ad[ \\t]*\n[ \\t]*"), lambda _: ""),
    *_MARKUP,
)


def repaired(text: str, *, is_extracted: bool, has_markup: bool) -> tuple[str, tuple[Repair, ...]]:
    """Return the text with LF ends, in NFC and repaired, and the log of what was done.

    `is_extracted` says that the text was taken from a PDF, where words are broken at line ends and
    umlauts may be two characters; `has_markup`, that it comes from a page or a document, where
    soft hyphens are layout. A plain text is touched by neither.
    """
    log: list[Repair] = []
    text = _applied(_LINE_ENDS, text, log)
    text = _normalised(text, log)
    for rule in _EXTRACTED if is_extracted else _MARKUP if has_markup else ():
        text = _applied(rule, text, log)
    if is_extracted:
        text = _joined(text, log)
    return _normalised(text, log), tuple(log)


def first_lines(text: str, places: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers (from 1) of the first few lines that hold the places, given in order."""
    lines: list[int] = []
    line, seen = 1, 0
    for place in places:
        line += text.count("\n", seen, place)
        seen = place
        if not lines or lines[-1] != line:
            lines.append(line)
        if len(lines) == LINES_SHOWN:
            break
    return tuple(lines)


def _applied(rule: _Rule, text: str, log: list[Repair]) -> str:
    places = [match.start() for match in islice(rule.pattern.finditer(text), 10 * LINES_SHOWN)]
    if not places:
        return text
    mended, count = rule.pattern.subn(rule.replace, text)
    log.append(Repair(rule.what, count, first_lines(text, places)))
    return mended


def _normalised(text: str, log: list[Repair]) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    lines = text.split("\n")
    changed = [n for n, line in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", line)]
    log.append(Repair("line brought into NFC", len(changed), tuple(changed[:LINES_SHOWN])))
    return unicodedata.normalize("NFC", text)


def _joined(text: str, log: list[Repair]) -> str:
    """Mend words broken at line ends; the hyphen stays in compounds that are written with it."""
    compounds = {match.group().lower() for match in _COMPOUND.finditer(text)}
    places: dict[str, list[int]] = {"": [], "-": [], "- ": []}
    parts: list[str] = []
    done = 0
    for match in _BROKEN.finditer(text):
        between = _between(text, match, compounds)
        if between is not None:
            parts += (text[done : match.start()], between)
            places[between].append(match.start())
            done = match.end()
    names = {
        "": "word broken at a line's end joined",
        "-": "compound broken at its hyphen joined",
        "- ": "line's end after a hanging hyphen made a blank",
    }
    for between, found in places.items():
        if found:
            log.append(Repair(names[between], len(found), first_lines(text, found)))
    return "".join([*parts, text[done:]])


def _between(text: str, match: re.Match[str], compounds: set[str]) -> str | None:
    """Return what stands between the halves of a broken word, or None if it is no broken word."""
    left = _WORD_END.search(text[max(0, match.start() - _LONGEST_WORD) : match.start()])
    right = _WORD.match(text[match.end() : match.end() + _LONGEST_WORD])
    if left is None or right is None:
        return None
    if right.group().lower() in _HANGING:
        return "- "
    are_lower = left.group()[-1].islower() and right.group()[0].islower()
    is_compound = f"{left.group()}-{right.group()}".lower() in compounds
    return "" if are_lower and not is_compound else "-"
