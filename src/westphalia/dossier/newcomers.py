"""Names in a text that none of the case's actors bears, and actors whose names look like them.

German writes every noun with a capital, so that a capital alone shows nothing there: a name is what
recurs without article, stands behind a form of address, or is written in capitals. All of it is but
possible; a likeness in spelling is never more than a hint.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache

from westphalia.dossier.inflection import forms
from westphalia.dossier.lexicon import table
from westphalia.dossier.mentions import Words, mentions
from westphalia.dossier.mentions_index import index_of, offices
from westphalia.dossier.proposals import KnownActor, NewActor, Proposal, Stretch

ALIKE = 0.8
"""Share of letters in common, by the measure of Ratcliff and Obershelp, from which names look alike."""
_MOST_ALIKE = 3
_MOST_COMPARED = 8
_LONGEST = 5
_OFTEN = 2
_SHORTEST = 5
_ACRONYM = re.compile(r"[A-ZÄÖÜ]{2,6}")
_JOINT = re.compile(r"[ \u00a0]|-|\. ?")


def new_actors(
    text: str, actors: Sequence[KnownActor], *, mentioned: Sequence[Proposal] | None = None
) -> tuple[Proposal, ...]:
    """Return names that are none of the actors', each where it first stands, and whom they resemble.

    A name is a row of capitalised words, not at the beginning of a sentence, that stands at two
    places (a single word: three) or more, or behind a form of address or an office, or resembles an
    actor's name. `mentioned` are the mentions of `mentions`, if they are there already.
    """
    words = Words(text)
    taken = _taken(words, mentions(text, actors) if mentioned is None else mentioned)
    every = list(_rows(words, taken))
    common = {words.words[last] for first, last in every if first == last and _has_article(words, first)}
    rows = [row for row in every if not _is_common(words, row, common)]
    # "Keir Starmer" and later "Starmer" are one name: the last word counts.
    often = Counter(words.words[last] for _, last in rows)
    likeness = _Likeness(index_of(tuple(actors)).names())
    seen: set[str] = set()
    found = []
    for row in rows:
        name, key = _name(words, row), words.words[row[1]]
        if key in seen:
            continue
        rule, alike = _why(words, row, often[key], likeness.of(name))
        if rule is not None:
            seen.add(key)
            span = (words.spans[row[0]][0], words.spans[row[1]][1])
            found.append(Proposal("new-actor", (span,), "possible", rule, NewActor(name, alike)))
    return tuple(found)


def _taken(words: Words, mentioned: Sequence[Proposal]) -> frozenset[int]:
    """Return the places of words, by number, that name an actor already."""
    spans = [(one.start, one.end) for one in mentioned]
    taken: set[int] = set()
    at = 0
    for start, end in sorted(spans):
        while at < len(words) and words.spans[at][1] <= start:
            at += 1
        place = at
        while place < len(words) and words.spans[place][0] < end:
            taken.add(place)
            place += 1
    return frozenset(taken)


def _rows(words: Words, taken: frozenset[int]) -> Iterable[Stretch]:
    """Yield the rows of capitalised words as (first, last), not those that name an actor."""
    place = 0
    while place < len(words):
        if not _is_capital(words, place, taken):
            place += 1
            continue
        last = place
        while (
            last - place < _LONGEST - 1
            and _JOINT.fullmatch(words.gap(last))
            and _is_capital(words, last + 1, taken)
            and not words.begins_sentence(last + 1)
        ):
            last += 1
        # The first word of a sentence is capitalised whatever it is.
        first = place + 1 if words.begins_sentence(place) and last > place else place
        while first < last and (_is_title(words.words[first]) or words.words[first] in _row("common")):
            first += 1
        yield first, last
        place = last + 1


def _is_capital(words: Words, place: int, taken: frozenset[int]) -> bool:
    word = words.words[place]
    return place not in taken and len(word) > 1 and word[0].isupper() and word[0].isalpha()


def _has_article(words: Words, place: int) -> bool:
    """Tell whether an article, a number or an adjective makes a common noun of the word behind it."""
    before = words.words[place - 1] if place else ""
    is_adjective = before.islower() and before.endswith(("er", "es", "em")) and before not in _row("unlike")
    return before.lower() in _row("article") or before.isdigit() or is_adjective


def _is_common(words: Words, row: Stretch, common: set[str]) -> bool:
    """Tell whether a row looks like common nouns: an article before it, a common ending, a month."""
    first, last = row
    word = words.words[last]
    if first == last and word in _row("calendar"):
        return True
    if _ACRONYM.fullmatch(word):
        return False
    if first == last and words.begins_sentence(first):
        return True
    if first == last and (word in common or word in _row("common")):
        return True
    return _has_article(words, first) or word.endswith(_endings()) or _is_title(word)


def _why(
    words: Words, row: Stretch, often: int, alike: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the rule that proposes a name, None if none does, and the actors it resembles."""
    before = words.words[row[0] - 1] if row[0] else ""
    if alike:
        return "name-alike", alike
    if _is_title(before):
        return "name-after-title", ()
    is_plain = row[0] == row[1] and not _ACRONYM.fullmatch(words.words[row[1]])
    return ("name-recurring" if often >= (_OFTEN + is_plain) else None), ()


def _is_title(word: str) -> bool:
    return word in _row("before") or (word[:1].isupper() and offices().fullmatch(word.lower()) is not None)


def _name(words: Words, row: Stretch) -> str:
    return words.text[words.spans[row[0]][0] : words.spans[row[1]][1]]


@cache
def _row(key: str) -> frozenset[str]:
    return frozenset(table("titles")[key])


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_row("endings")))


class _Likeness:
    """Which actors have names that are spelt like a word; compares few, by pairs of letters."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        self._names = list(dict.fromkeys(names))
        for place, (name, _) in enumerate(self._names):
            for pair in _pairs(name):
                self._by_pair[pair].append(place)

    def of(self, word: str) -> tuple[str, ...]:
        """Return up to three actors whose names look like the word, the likest first."""
        if len(word) < _SHORTEST:
            return ()
        shared = Counter(place for pair in _pairs(word) for place in self._by_pair.get(pair, ()))
        likeness: dict[str, float] = {}
        for place, _ in shared.most_common(_MOST_COMPARED):
            name, actor = self._names[place]
            ratio = SequenceMatcher(None, word.lower(), name.lower(), autojunk=False).ratio()
            if len(name) >= _SHORTEST and ratio >= ALIKE and word not in forms(name, "name"):
                likeness[actor] = max(ratio, likeness.get(actor, 0.0))
        return tuple(sorted(likeness, key=lambda actor: (-likeness[actor], actor))[:_MOST_ALIKE])


def _pairs(word: str) -> set[str]:
    lowered = word.lower()[:64]
    return {lowered[at : at + 2] for at in range(len(lowered) - 1)}
