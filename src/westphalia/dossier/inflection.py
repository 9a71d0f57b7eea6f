"""The forms that a word of a name takes in German and English texts: *Trumps*, *russischen*, *Ukrainern*.

Forms are generated, not analysed: what a text holds is then found by looking it up, and nothing is
found inside another word. A form that no rule gives is not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Sort = Literal["name", "noun", "adjective", "fixed"]
"""Name: takes a genitive. Noun: takes cases and plurals as well. Adjective. Fixed: as it stands."""

_ADJECTIVE = ("e", "en", "er", "em", "es")
_GENITIVE_AFTER_HISS = ("es", "ens")
_HISS = ("s", "ß", "x", "z", "ce")
_NOUN = ("s", "n", "en", "e", "es", "er", "ern", "ns", "ens")
_SHORTEST_UPPER = 4


def forms(word: str, sort: Sort) -> frozenset[str]:
    """Return all forms of one word, the word itself included.

    A lower-case adjective has its capitalised forms too, for sentences begin with them; a German
    adjective may be given with or without an ending.
    """
    if sort == "fixed" or not word[-1:].isalpha():
        return frozenset({word})
    if sort == "adjective":
        return _adjective(word)
    if word.isupper():
        return frozenset({word, f"{word}s"})
    endings = _NOUN if sort == "noun" else _genitive(word)
    return frozenset({word, *(word + ending for ending in endings), *_derived(word, sort)})


def sort_of(word: str, *, is_last: bool, is_person: bool, is_proper: bool) -> Sort:
    """Return how a word of a name is inflected, judged by its case, its ending and its place.

    `is_proper` says that the whole is a proper name (of a person or state) and not a common noun.
    """
    if len(word) < 3 or word.isdigit():
        return "name" if is_last and word.isalpha() else "fixed"
    if word[0].islower():
        return "noun" if is_last and not _looks_adjectival(word) else "adjective"
    if not is_last:
        return "fixed" if is_person or not _looks_adjectival(word) else "adjective"
    return "name" if is_person or is_proper else "noun"


def is_upper(word: str) -> bool:
    """Tell whether a word is set in capitals throughout and long enough to be no abbreviation."""
    return len(word) >= _SHORTEST_UPPER and word.isupper()


def _adjective(word: str) -> frozenset[str]:
    stem = _stem(word)
    plain = {word, stem, *(stem + ending for ending in _ADJECTIVE)}
    return frozenset(_with_capitals(plain))


def _with_capitals(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield word
        yield word[0].upper() + word[1:]


def _stem(word: str) -> str:
    for ending in ("en", "er", "em", "es", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word


def _looks_adjectival(word: str) -> bool:
    lowered = word.lower()
    return (
        lowered.endswith("e") or _stem(lowered).endswith(("isch", "lich", "deutsch", "ig")) or _is_town(word)
    )


def _is_town(word: str) -> bool:
    # "Münchner", "Berliner", "Genfer" never change: their forms do no harm.
    return word.endswith(("ner", "fer", "ger")) and len(word) > 5


def _genitive(word: str) -> tuple[str, ...]:
    if word.endswith(_HISS):
        return _GENITIVE_AFTER_HISS
    return ("s", "n") if word.endswith("e") else ("s",)


def _derived(word: str, sort: Sort) -> Iterable[str]:
    """Yield what stands for the genitive of names: *trumpsche Politik*, *Grimmsche Märchen*."""
    if word.endswith("nis"):
        yield f"{word}ses"
    if sort == "name":
        for ending in ("", "n", "r", "s", "m"):
            yield f"{word}sche{ending}"
            yield f"{word[0].lower()}{word[1:]}sche{ending}"
