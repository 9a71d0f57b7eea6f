"""Sentences as the rules of speech see them: words with places, clauses, and which words are quoted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from westphalia.dossier.lexicon import table
from westphalia.dossier.proposals import Proposal, Quotation, Stretch

_TOKEN = re.compile(r"\w+(?:[-/’'&]\w+)*-?|[^\w\s]")
_CLAUSE_ENDS = frozenset(",:;–—")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of the text; `is_quoted` if it stands within quoted speech."""

    start: int
    end: int
    text: str
    low: str
    is_quoted: bool

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_mark(self) -> bool:
        """Whether it is no word."""
        return not (self.text[0].isalnum() or self.text[0] == "_")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a paragraph: its words, its language, and the quoted speech that touches it.

    `names` are names and titles in marks, in which no clause begins or ends.
    """

    start: int
    end: int
    language: str
    words: tuple[Word, ...]
    quotations: tuple[Proposal, ...]
    names: tuple[Stretch, ...] = ()

    def low(self, place: int) -> str:
        """Return the word at a place in small letters, an empty text outside the sentence."""
        return self.words[place].low if 0 <= place < len(self.words) else ""

    def stretch(self, first: int, end: int) -> Stretch:
        """Return the stretch of the words from `first` up to but without `end`."""
        return self.words[first].start, self.words[end - 1].end

    @cached_property
    def _borders(self) -> list[int]:
        """The places of marks at which clauses end: commas and the like, and marks of quoted speech."""
        edges = {edge for one in self.quotations for edge in (one.start, one.end - 1)}
        return [
            place
            for place, word in enumerate(self.words)
            if (word.text in _CLAUSE_ENDS and not self._is_named(word.start)) or word.start in edges
        ]

    def _is_named(self, place: int) -> bool:
        at = bisect_right(self.names, (place, place)) - 1
        return at >= 0 and self.names[at][0] <= place < self.names[at][1]

    def clause(self, place: int) -> tuple[int, int]:
        """Return the places of the first word of the clause around a word and of the border behind it."""
        at = bisect_left(self._borders, place)
        first = self._borders[at - 1] + 1 if at else 0
        return first, self._borders[at] if at < len(self._borders) else len(self.words)

    def is_in(self, place: int, row: str) -> bool:
        """Tell whether the word at a place belongs to a closed class of the language."""
        return self.low(place) in closed(row, self.language)


@cache
def closed(row: str, language: str) -> frozenset[str]:
    """Return a closed class of small words (pronouns, prepositions …) of a language."""
    return frozenset(table("grammar", language).get(row, ()))


def is_speech(quotation: Proposal) -> bool:
    """Tell whether a pair of marks holds speech, whole or in part."""
    details = quotation.details
    return isinstance(details, Quotation) and details.role in ("speech", "fragment")


def dissected(
    text: str, sentences: Iterable[Stretch], quotations: list[Proposal], language: str
) -> Iterator[Sentence]:
    """Yield the sentences with their words; `quotations` are those of the text in order."""
    speech = [one for one in quotations if is_speech(one) and _depth(one) == 0]
    others = [one.spans[0] for one in quotations if not is_speech(one)]
    begin = 0
    for start, end in sentences:
        while begin < len(speech) and speech[begin].end <= start:
            begin += 1
        last = begin
        while last < len(speech) and speech[last].start < end:
            last += 1
        touching = speech[begin:last]
        words = tuple(_words(text, start, end, touching))
        names = others[bisect_left(others, (start, start)) : bisect_left(others, (end, end))]
        if words:
            yield Sentence(start, end, language, words, tuple(touching), tuple(names))


def _depth(quotation: Proposal) -> int:
    return quotation.details.depth if isinstance(quotation.details, Quotation) else 0


def _words(text: str, start: int, end: int, quotations: list[Proposal]) -> Iterator[Word]:
    outer = [one.spans[0] for one in quotations]
    at = 0
    for match in _TOKEN.finditer(text, start, end):
        while at < len(outer) and outer[at][1] <= match.start():
            at += 1
        is_quoted = at < len(outer) and outer[at][0] <= match.start()
        yield Word(match.start(), match.end(), match.group(), match.group().lower(), is_quoted)
