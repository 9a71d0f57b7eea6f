"""Phrases that can name someone: an article, adjectives, names and what belongs to them; or a pronoun."""

from __future__ import annotations

from dataclasses import dataclass

from westphalia.dossier.lexicon import words
from westphalia.dossier.speech_cues import is_verb_form
from westphalia.dossier.speech_words import Sentence

_ADJECTIVE = ("e", "en", "er", "es", "em")
_MOST_ADJECTIVES = 5
_MOST_EXTENSIONS = 3
_LONGEST_NAME = 60
_NAME_PARTS = frozenset({"van", "de", "al", "bin", "del", "da", "bint"})
_POSSESSIVE = ("'s", "’s")
_PAIRED = frozenset('"„“”»«')
_INSIDE_NAMES = frozenset("\"„“”»«'’./")
_SMALL_ENDS = ("prepositions", "starters", "subordinators", "auxiliaries", "personal", "times")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase or pronoun: its first word, the end of its head, the end of all that belongs to it.

    `apposition` names the same one again: "the minister, Anna Weber,".
    """

    first: int
    head: int
    end: int
    is_pronoun: bool = False
    apposition: Phrase | None = None


def phrase_at(sentence: Sentence, place: int) -> Phrase | None:
    """Return the noun phrase or pronoun that begins at a place, None if none does."""
    if place >= len(sentence.words) or sentence.words[place].is_quoted:
        return None
    if sentence.is_in(place, "personal"):
        return Phrase(place, place + 1, place + 1, is_pronoun=True)
    if sentence.is_in(place, "subordinators"):
        return None
    at = place
    has_article = any(sentence.is_in(at, row) for row in ("nominative", "oblique", "dative"))
    if has_article:
        at += 1
    elif sentence.is_in(at, "prepositions") or sentence.is_in(at, "starters"):
        return None
    if sentence.language == "en" and has_article:
        end = at = _past_small_nouns(sentence, at)
        end = max(end, _past_names(sentence, end))
        at = place + 1
    else:
        at = _past_adjectives(sentence, at)
        end = _past_names(sentence, at)
    if end == at and sentence.is_in(place, "pronouns"):
        return Phrase(place, place + 1, place + 1, is_pronoun=True)
    if end == at or sentence.is_in(at, "times"):
        return None
    if sentence.language == "en" and sentence.words[end - 1].low.endswith(_POSSESSIVE):
        end = max(end, _past_small_nouns(sentence, end))
    return Phrase(place, end, _past_extensions(sentence, end))


def _past_adjectives(sentence: Sentence, at: int) -> int:
    for place in range(at, min(at + _MOST_ADJECTIVES, len(sentence.words))):
        word = sentence.words[place]
        is_word = not word.is_mark and not word.is_capital
        is_other = not is_word or not (word.low.endswith(_ADJECTIVE) or word.low[0].isdigit())
        if is_other or (place > at and sentence.is_in(place, "prepositions")):
            return place
    return at


def _past_small_nouns(sentence: Sentence, at: int) -> int:
    """Return the place behind English nouns and adjectives, which begin small: "the foreign minister"."""
    for place in range(at, min(at + _MOST_ADJECTIVES, len(sentence.words))):
        word = sentence.words[place]
        ends = word.is_mark or word.is_quoted or is_verb_form(word.low, "en")
        if ends or any(sentence.is_in(place, row) for row in _SMALL_ENDS) or word.low.endswith("ly"):
            return place
    return min(at + _MOST_ADJECTIVES, len(sentence.words))


def _past_names(sentence: Sentence, at: int) -> int:
    """Return the place behind a run of capitalised words, with initials and names in marks."""
    end = at
    place = at
    while place < len(sentence.words) and place < at + _LONGEST_NAME:
        word = sentence.words[place]
        if word.is_quoted:
            break
        is_name = word.is_capital or (place > at and word.text.isdigit() and len(word.text) < 3)
        row = "times" if place > at else "nominative"
        if is_name and not sentence.is_in(place, row):
            end = place + 1
        elif not (end > at and _goes_on(sentence, place)):
            break
        place += 1
    marks = sum(word.text in _PAIRED for word in sentence.words[at:end])
    return end + (marks % 2 == 1 and sentence.low(end) in _PAIRED and not sentence.words[end].is_quoted)


def _goes_on(sentence: Sentence, place: int) -> bool:
    """Tell whether a small word or mark may stand inside a name, as a capital follows."""
    word = sentence.words[place]
    following = sentence.words[place + 1] if place + 1 < len(sentence.words) else None
    if following is None or not (following.is_capital or following.text in _INSIDE_NAMES):
        return False
    if word.text == ".":
        return len(sentence.words[place - 1].text) <= 2
    return word.text in _INSIDE_NAMES or word.low in _NAME_PARTS


def _past_extensions(sentence: Sentence, end: int) -> int:
    """Return the place behind genitives and the like: "Sprecher des Ministeriums für Verkehr (X)"."""
    for _ in range(_MOST_EXTENSIONS):
        if sentence.low(end) == "(" and sentence.low(end + 2) == ")":
            end += 3
        if not sentence.is_in(end, "genitive"):
            break
        at = end + 1
        at += any(sentence.is_in(at, row) for row in ("nominative", "oblique", "dative"))
        if sentence.language == "en":
            further = _past_names(sentence, _past_small_nouns(sentence, at))
        else:
            further = _past_names(sentence, _past_adjectives(sentence, at))
        # "sagte X der Zeitung": one speaks to a medium, one is seldom of it.
        if further <= at or (sentence.low(end) == "der" and names_medium(sentence, at, further)):
            break
        end = further
    return end


def names_medium(sentence: Sentence, first: int, end: int) -> bool:
    """Tell whether words name a medium: a newspaper, a broadcaster, an agency."""
    media = words("media", sentence.language)
    return any(sentence.low(place).rpartition("-")[2] in media for place in range(first, end))
