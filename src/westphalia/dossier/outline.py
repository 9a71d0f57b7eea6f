"""What a text offers to find a span again: its sentences, and hashes of three words at every place."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from functools import cached_property, lru_cache

import numpy as np

from westphalia.dossier.sentences import Stretch, sentences

WORDS_HASHED = 3
LONGEST_WORD = 64
"""A longer word counts in the hashes of words with its first 64 characters, which bounds the cost."""

Hashes = np.ndarray[tuple[int], np.dtype[np.uint32]]


def digest(words: str, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the words in UTF-8."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def hash_of_words(words: list[str]) -> str:
    """Return the hash, 8 hexadecimal digits, of words parted by single blanks."""
    return digest(" ".join(word[:LONGEST_WORD] for word in words), 8)


class Outline:
    """The sentences of a text, by number and by hash, and the hashes of its words."""

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
        """Return the hash of a sentence, blanks evened out, or None if there is none of that number."""
        if not 0 <= number < len(self.sentences):
            return None
        start, end = self.sentences[number]
        return digest(" ".join(self.text[start:end].split()), 8)

    def around(self, start: int, end: int) -> tuple[str | None, str | None]:
        """Return the hashes of the sentences before and after those that a stretch lies in."""
        first, last = self.number(start), self.number(end - 1)
        if first is None or last is None:
            return None, None
        return self.hash_of(first - 1), self.hash_of(last + 1)

    @cached_property
    def by_hash(self) -> dict[str, list[int]]:
        """The numbers of the sentences that have a hash."""
        numbers: dict[str, list[int]] = {}
        for number in range(len(self.sentences)):
            numbers.setdefault(str(self.hash_of(number)), []).append(number)
        return numbers

    @cached_property
    def from_here(self) -> Hashes:
        """Hash of the first three words of the text from each place on, shape (characters,)."""
        return _three_from(self.text)

    @cached_property
    def up_to_here(self) -> Hashes:
        """Hash of the last three words of the text up to each place, shape (characters + 1,)."""
        return _three_up_to(self.text)


@lru_cache(maxsize=4)
def outlined(text: str) -> Outline:
    """Return the outline of a text; those of the last few texts are kept."""
    return Outline(text)


def _number(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:4], "big")


def _words(text: str) -> list[Stretch]:
    return [word.span() for word in re.finditer(r"\S+", text)]


def _three_from(text: str) -> Hashes:
    hashes = np.full(len(text), _number(""), dtype=np.uint32)
    words = _words(text)
    shown = [text[start : min(end, start + LONGEST_WORD)] for start, end in words]
    before = 0
    for place, (start, end) in enumerate(words):
        tail = "".join(f" {word}" for word in shown[place + 1 : place + WORDS_HASHED])
        for at in range(start, end):
            hashes[at] = _number(text[at : min(end, at + LONGEST_WORD)] + tail)
        hashes[before:start] = hashes[start]
        before = end
    return hashes


def _three_up_to(text: str) -> Hashes:
    hashes = np.full(len(text) + 1, _number(""), dtype=np.uint32)
    words = _words(text)
    shown = [text[start : min(end, start + LONGEST_WORD)] for start, end in words]
    following = [start for start, _ in words[1:]] + [len(text)]
    for place, (start, end) in enumerate(words):
        head = "".join(f"{word} " for word in shown[max(0, place + 1 - WORDS_HASHED) : place])
        for at in range(start + 1, end + 1):
            hashes[at] = _number(head + text[start : min(at, start + LONGEST_WORD)])
        hashes[end + 1 : following[place] + 1] = hashes[end]
    return hashes
