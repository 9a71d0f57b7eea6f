"""Finding the phrases of a list in a text: words with open endings and a few words between.

``droh*`` is any word that begins so, ``lehnt … ab`` has up to 80 characters between its words and never
crosses the end of a sentence. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BLANK = r"\s{1,3}"
_GAP = r"\b[^.!?\n]{1,80}?\b"
_WORD = re.compile(r"\w+")
_KEY = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in the text: its place, the row of the list it belongs to, the phrase as listed."""

    start: int
    end: int
    row: int
    phrase: str


class Phrases:
    """The phrases of the rows of a list, ready to be looked for."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._by_key: dict[str, list[tuple[re.Pattern[str], int, str]]] = {}
        for row, phrases in enumerate(rows):
            for phrase in (part.strip() for part in phrases.split(";")):
                entry = (re.compile(_pattern(phrase), re.IGNORECASE), row, phrase)
                self._by_key.setdefault(phrase[:_KEY].lower(), []).append(entry)

    def find(self, text: str) -> Iterator[Found]:
        """Yield all places of all phrases, by where they begin; they may overlap."""
        for word in _WORD.finditer(text):
            start = word.start()
            for pattern, row, phrase in self._by_key.get(text[start : start + _KEY].lower(), ()):
                match = pattern.match(text, start)
                if match is not None:
                    yield Found(start, match.end(), row, phrase)


def rows_of(lines: Iterable[str]) -> list[tuple[tuple[str, ...], str]]:
    """Return the rows ``words | phrases`` of a list as (words, phrases)."""
    parts = (line.partition("|") for line in lines)
    return [(tuple(head.split()), phrases.strip()) for head, _, phrases in parts]


def _pattern(phrase: str) -> str:
    pieces = (
        _BLANK.join(re.escape(word).replace(r"\*", r"\w*") for word in piece.split())
        for piece in phrase.split("…")
    )
    return _GAP.join(pieces) + r"(?!\w)"
