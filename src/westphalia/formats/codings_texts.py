"""Texts of others as a case keeps them, and the way from their offsets to ours.

A case keeps a text with LF ends and in NFC, and counts in code points. Others count in units of UTF-16,
of a text with other line ends, or of one whose accents are characters of their own.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from westphalia.dossier.readers.plain import read_plain
from westphalia.dossier.repairs import repaired
from westphalia.errors import FileError
from westphalia.formats.imported import Ledger
from westphalia.formats.raw import lf

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


class Reading(NamedTuple):
    """A way to count in a text: in units of UTF-16 or code points, line ends joined to LF or as stored."""

    in_units: bool
    is_joined: bool


class Offsets:
    """The way from the offsets of a file to places in the text as it is kept.

    Of several readings of the offsets the one is taken in which most stretches begin and end at words;
    where they do not differ, the first.
    """

    def __init__(
        self, raw: str, kept: Kept | None, readings: Sequence[Reading], spans: Sequence[tuple[int, int]]
    ) -> None:
        self.kept = kept
        self.skipped = unmarked(raw)[1]
        texts = {reading: lf(raw) if reading.is_joined else raw for reading in readings}
        ways = {reading: Units(text if reading.in_units else "") for reading, text in texts.items()}
        fits = {reading: _fit(texts[reading], ways[reading], reading, spans) for reading in readings}
        self.reading = max(readings, key=lambda reading: fits[reading])
        self.raw, self.units = texts[self.reading], ways[self.reading]

    def place(self, start: int, stop: int) -> tuple[int, int] | None:
        """Return where a stretch lies in the kept text, None if it does not lie in it."""
        points = [_points(self.raw, self.units, self.reading, offset) for offset in (start, stop)]
        if self.kept is None or points[0] is None or points[1] is None:
            return None
        first, last = (len(lf(self.raw[:point])) - self.skipped for point in points)
        return self.kept.place(max(first, 0), last)


def _points(text: str, units: Units, reading: Reading, offset: int) -> int | None:
    if reading.in_units:
        return units.points(offset)
    return offset if 0 <= offset <= len(text) else None


def _fit(text: str, units: Units, reading: Reading, spans: Sequence[tuple[int, int]]) -> int:
    """Return how many of the stretches' ends fall on the edges of words."""
    edges = 0
    for start, stop in spans:
        first, last = _points(text, units, reading, start), _points(text, units, reading, stop)
        if first is None or last is None or not first < last:
            continue
        edges += not text[first].isspace() and not text[max(first - 1, 0) : first].isalnum()
        edges += not text[last - 1].isspace() and not text[last : last + 1].isalnum()
    return edges
