"""Texts of others as a case keeps them, and the way from their offsets to ours.

A case keeps a text with LF ends and in NFC, and counts in code points. Others count in units of UTF-16,
of a text with other line ends, or of one whose accents are characters of their own.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from westphalia.dossier.readers.plain import read_plain
from westphalia.dossier.repairs import repaired
from westphalia.errors import FileError
from westphalia.formats.imported import Ledger

_MARK = "\ufeff"
_LONGEST_CLUSTER = 50


@dataclass(frozen=True)
class Kept:
    """A text as it was given, with LF ends and without byte-order mark, and as the case keeps it."""

    given: str
    text: str

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a stretch of the given text lies in the kept one, None if it cannot be told.

        A stretch that begins or ends within a character made of several is widened to all of it.
        Cost: one pass over the text, where the two differ.
        """
        if not 0 <= start < end <= len(self.given):
            return None
        if self.given == self.text:
            return start, end
        start, end = self._whole(start, -1), self._whole(end, 1)
        head = unicodedata.normalize("NFC", self.given[:start])
        words = unicodedata.normalize("NFC", self.given[start:end])
        stretch = (len(head), len(head) + len(words))
        return stretch if self.text.startswith(head + words) else None

    def _whole(self, place: int, step: int) -> int:
        """Return the nearest place, in the direction of the step, that no combining mark follows."""
        for _ in range(_LONGEST_CLUSTER):
            if not 0 < place < len(self.given) or not unicodedata.combining(self.given[place]):
                break
            place += step
        return place


def lf(text: str) -> str:
    """Return a text with LF ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def keep(given: str, name: str, ledger: Ledger) -> Kept | None:
    """Return a text as it is read again from a file, None if it is none; the ledger says why.

    Byte-order marks at its beginning must be gone: see `unmarked`.
    """
    plain = lf(given)
    if not plain.strip():
        ledger.leave(f"The source '{name}' has no text.")
        return None
    try:
        raw = plain.encode("utf-8")
        text = repaired(read_plain(raw, name).text, is_extracted=False, has_markup=False)[0]
        is_lasting = read_plain(text.encode("utf-8"), name).text == text
    except (FileError, UnicodeEncodeError):
        is_lasting = False
    if not is_lasting or "\0" in plain:
        ledger.leave(f"What the source '{name}' holds is no text; it came over without.")
        return None
    if text != plain:
        ledger.change(f"The text of '{name}' was brought into NFC; its spans were moved with it.")
    return Kept(plain, text)


def unmarked(text: str) -> tuple[str, int]:
    """Return a text without byte-order marks at its beginning, and how many there were."""
    plain = text.lstrip(_MARK)
    return plain, len(text) - len(plain)


class Units:
    """The way from units of UTF-16 to code points of a text; cost: one pass over the text."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        # The k-th character above U+FFFF begins k units later than its place in code points.
        wide = (place for place, letter in enumerate(text) if letter > "\uffff")
        self._wide = [] if text.isascii() else [place + k for k, place in enumerate(wide)]

    def points(self, unit: int) -> int | None:
        """Return the place in code points of a unit; None within a character or out of the text."""
        before = bisect_left(self._wide, unit)
        is_within = before > 0 and self._wide[before - 1] == unit - 1
        point = unit - before
        return None if is_within or not 0 <= point <= self.length else point


def units_of(text: str, point: int) -> int:
    """Return the place in units of UTF-16 of a place in code points."""
    return point + sum(letter > "\uffff" for letter in text[:point])


def at_words(text: str, starts: Iterable[int]) -> int:
    """Return how many of the places begin a word: something stands there, and no letter before it."""
    return sum(
        start < len(text) and not text[start].isspace() and not (start > 0 and text[start - 1].isalnum())
        for start in starts
    )
