"""Spans: how one is made from a text, and found again in a text that may have changed."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from functools import lru_cache

from westphalia.dossier.schema import Span
from westphalia.dossier.sentences import Stretch, sentences
from westphalia.errors import CallError

_WORDS_HASHED = 3
LONGEST_WORD = 64
"""A longer word counts in the hashes of first and last words with its first 64 characters."""


def digest(words: str, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the words in UTF-8."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def make_span(text: str, start: int, end: int) -> Span:
    """Return the span of `text[start:end]` with all its hashes.

    `words` is taken of the exact characters. The hashes of words and sentences are taken with every
    run of blanks as one, so that a text wrapped anew keeps them.

    Raises
    ------
    CallError: the stretch is empty or does not lie within the text.
    """
    if not 0 <= start < end <= len(text):
        raise CallError(
            f"The span [{start}, {end}] does not lie within the text of {len(text)} characters.",
            code="span-out-of-range",
            where=f"[{start}, {end}]",
            hint="start counts from 0 and lies before end; end is at most the length of the text.",
        )
    words = text[start:end].split()
    outline = outlined(text)
    first, last = outline.number(start), outline.number(end - 1)
    return Span(
        start=start,
        end=end,
        words=digest(text[start:end], 16),
        sentence=first,
        first=_of_words(words[:_WORDS_HASHED]),
        last=_of_words(words[-_WORDS_HASHED:]),
        before=None if first is None else outline.hash_of(first - 1),
        after=None if last is None else outline.hash_of(last + 1),
    )


def _of_words(words: list[str]) -> str:
    return digest(" ".join(word[:LONGEST_WORD] for word in words), 8)


class Outline:
    """The sentences of a text with what is needed to name them by number and by hash."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences: list[Stretch] = sentences(text)
        self._ends = [end for _, end in self.sentences]

    def number(self, place: int) -> int | None:
        """Return the number of the sentence at a place, or of the next one; None in a blank text."""
        if not self._ends:
            return None
        return min(bisect_right(self._ends, place), len(self._ends) - 1)

    def hash_of(self, number: int) -> str | None:
        """Return the hash of a sentence, or None if there is none of that number."""
        if not 0 <= number < len(self.sentences):
            return None
        start, end = self.sentences[number]
        return digest(" ".join(self.text[start:end].split()), 8)


@lru_cache(maxsize=4)
def outlined(text: str) -> Outline:
    """Return the outline of a text; those of the last few texts are kept."""
    return Outline(text)
