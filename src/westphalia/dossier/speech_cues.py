"""Cues: the words by which a sentence shows that it passes on what someone says or thinks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from westphalia.dossier.lexicon import table, words
from westphalia.dossier.speech_words import Sentence

CueKind = Literal["according", "so", "verb", "act", "noun", "subjunctive", "hearsay", "claim", "told"]
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_IS_TO = ("soll", "sollen")
_FARTHEST_NOUN = 5
_FARTHEST_PARTICLE = 25
_FARTHEST_INFINITIVE = 60


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of a sentence, by the places of its words.

    `verb` is the place of the finite verb or of the word at which its source is looked for;
    `shape` says how what is said hangs on a verb: clause, colon, aside ("…, sagte sie"), as
    ("wie er sagte"), bare.
    """

    kind: CueKind
    places: tuple[int, ...]
    verb: int
    shape: str = "bare"


def cues_of(sentence: Sentence) -> list[Cue]:
    """Return the cues outside quoted speech, in order; of two at one word the first kind wins."""
    finders = (_according, _so, _says_it, _verbs, _nouns, _subjunctives, _hearsay)
    found: dict[int, Cue] = {}
    for finder in finders:
        for cue in finder(sentence):
            if not any(place in found for place in cue.places):
                found |= dict.fromkeys(cue.places, cue)
    return sorted(set(found.values()), key=lambda cue: cue.places)


# --- according to ------------------------------------------------------------------------------


def _open(sentence: Sentence) -> Iterator[int]:
    """Yield the places of the words outside quoted speech."""
    return (place for place, word in enumerate(sentence.words) if not (word.is_quoted or word.is_mark))


def _according(sentence: Sentence) -> Iterator[Cue]:
    rows = table("according", sentence.language)
    nouns = frozenset(rows["nouns"])
    for place in _open(sentence):
        low = sentence.low(place)
        if low in rows.get("behind", ()) or (low in rows["before"] and _names(sentence, place)):
            yield Cue("according", (place,), place)
        elif low in ("nach", "in", "aus"):
            noun = _noun_after(sentence, place, nouns)
            if noun is not None and (low == "nach" or sentence.is_in(noun + 1, "genitive")):
                yield Cue("according", (place, noun), noun)
        elif sentence.words[place].text in nouns and sentence.low(place + 1) == "nach":
            yield Cue("according", (place, place + 1), place)


def _names(sentence: Sentence, place: int) -> bool:
    """Tell whether a name or article follows, so that "laut" is no adjective."""
    if sentence.language == "en":
        return sentence.low(place + 1) == "to"
    following = sentence.words[place + 1] if place + 1 < len(sentence.words) else None
    before = sentence.is_in(place - 1, "nominative") or sentence.low(place - 1) in ("zu", "sehr", "so")
    return following is not None and not before and (following.is_capital or _is_article(sentence, place + 1))


def _is_article(sentence: Sentence, place: int) -> bool:
    low = sentence.low(place)
    is_adjective = low.endswith(_ADJECTIVE_ENDINGS) and not sentence.is_in(place, "prepositions")
    return any(sentence.is_in(place, row) for row in ("nominative", "oblique", "dative")) or is_adjective


def _noun_after(sentence: Sentence, place: int, nouns: frozenset[str]) -> int | None:
    """Return the place of a noun of saying in the phrase that begins behind a preposition."""
    for at in range(place + 1, min(place + _FARTHEST_NOUN, len(sentence.words))):
        word = sentence.words[at]
        if word.text in nouns or word.text.rpartition("-")[2] in nouns:
            return at
        if word.is_mark or word.is_capital or not _is_article(sentence, at):
            return None
    return None


def _so(sentence: Sentence) -> Iterator[Cue]:
    if sentence.language != "de":
        return
    for place in _open(sentence):
        is_behind = place > 0 and sentence.words[place - 1].is_mark and sentence.words[place - 1].text != "("
        if sentence.low(place) == "so" and is_behind and place + 1 < len(sentence.words):
            following = sentence.words[place + 1]
            names = following.is_capital or sentence.is_in(place + 1, "nominative")
            if names and not sentence.low(place + 1).startswith(("viel", "manch")):
                yield Cue("so", (place,), place)


def _says_it(sentence: Sentence) -> Iterator[Cue]:
    """Yield "heißt es" and "hieß es", where a text speaks."""
    for place in _open(sentence):
        around = (sentence.low(place - 1), sentence.low(place + 1))
        if sentence.low(place) in ("heißt", "hieß") and "es" in around and sentence.language == "de":
            yield Cue("verb", (place, place + 1 if around[1] == "es" else place - 1), place, "says-it")


# --- verbs -------------------------------------------------------------------------------------


def _verbs(sentence: Sentence) -> Iterator[Cue]:
    forms = _verb_forms(sentence.language)
    for place in _open(sentence):
        word = sentence.words[place]
        if word.low not in forms or (word.is_capital and place > 0) or _is_adjective(sentence, place):
            continue
        verb = forms[word.low]
        particle = _particle(sentence, place, frozenset(verb.with_particle))
        kind = verb.alone if particle is None else verb.with_particle[sentence.low(particle)]
        if kind is not None:
            places = (place,) if particle is None else tuple(sorted((place, particle)))
            yield Cue(kind, places, _finite(sentence, place), _shape(sentence, place))


@dataclass(frozen=True, slots=True)
class _VerbForm:
    """What a form of a verb is a cue of: by itself, and with each separable particle."""

    alone: CueKind | None
    with_particle: dict[str, CueKind]


@cache
def _verb_forms(language: str) -> dict[str, _VerbForm]:
    forms: dict[str, _VerbForm] = {}
    kinds: tuple[tuple[str, CueKind], ...] = (("verbs-act", "act"), ("verbs-say", "verb"))
    for name, kind in kinds:
        for key, row in table(name, language).items():
            particle, _, _ = key.rpartition("+")
            for form in row:
                known = forms.get(form, _VerbForm(None, {}))
                if particle and not form.startswith(particle):
                    forms[form] = _VerbForm(known.alone, {**known.with_particle, particle: kind})
                else:
                    forms[form] = _VerbForm(kind, known.with_particle)
    return forms


def is_verb_form(word: str, language: str) -> bool:
    """Tell whether a small word is a form of a verb of saying."""
    return word in _verb_forms(language)


def _is_adjective(sentence: Sentence, place: int) -> bool:
    """Tell whether a participle stands before its noun, "das erklärte Ziel", or is no verb: "as saying"."""
    if sentence.language == "en" and sentence.low(place - 1) == "as" and sentence.low(place).endswith("ing"):
        return True
    if place + 1 >= len(sentence.words) or not place:
        return False
    follows_article = any(sentence.is_in(place - 1, row) for row in ("nominative", "oblique"))
    return follows_article and (sentence.words[place + 1].is_capital or sentence.language == "en")


def _particle(sentence: Sentence, place: int, particles: frozenset[str]) -> int | None:
    if not particles:
        return None
    if sentence.low(place - 1) in particles:
        return place - 1
    last = min(sentence.clause(place)[1], place + _FARTHEST_PARTICLE)
    for at in range(last - 1, place, -1):
        if sentence.low(at) in particles:
            return at
    return None


def _finite(sentence: Sentence, place: int) -> int:
    """Return the place of the auxiliary before a participle in its clause, else the verb's own."""
    first, _ = sentence.clause(place)
    for at in range(place - 1, max(first, place - _FARTHEST_PARTICLE) - 1, -1):
        if sentence.is_in(at, "auxiliaries"):
            return at
    return place


def _shape(sentence: Sentence, place: int) -> str:
    """Return how what is said hangs on the verb."""
    first, border = sentence.clause(place)
    opener = sentence.low(first)
    behind = sentence.low(border)
    if opener == "wie" or (opener in ("as", "like") and sentence.language == "en"):
        return "as"
    if behind == ":" and border + 1 < len(sentence.words):
        return "colon"
    if behind == "," and sentence.is_in(border + 1, "subordinators"):
        return "clause"
    if sentence.language == "en" and bare_clause(sentence, place, border) is not None:
        return "clause"
    if behind == "," and _has_infinitive(sentence, border + 1):
        return "infinitive"
    if place == first and first > 0:
        return "aside"
    if _is_passive(sentence, place):
        return "passive"
    return "bare"


def bare_clause(sentence: Sentence, place: int, border: int) -> int | None:
    """Return where what is said begins within the clause of an English verb: "said (that) it was"."""
    last = min(border, place + _FARTHEST_INFINITIVE)
    for at in range(place + 1, last):
        if sentence.is_in(at, "subordinators"):
            return at
        if at > place + 1 and sentence.is_in(at, "auxiliaries"):
            return place + 1
    return None


def _is_passive(sentence: Sentence, place: int) -> bool:
    """Tell whether it is said of nobody by whom: "wurde bestätigt"."""
    finite = _finite(sentence, place)
    has_agent = any(sentence.low(at) in ("von", "vom", "durch", "by") for at in range(finite, place))
    return finite != place and not has_agent and sentence.is_in(finite, "passive")


def _has_infinitive(sentence: Sentence, place: int) -> bool:
    if place >= len(sentence.words):
        return False
    border = min(sentence.clause(place)[1], place + _FARTHEST_INFINITIVE)
    lows = [sentence.low(at) for at in range(place, border)]
    return any(a == "zu" and b.endswith("n") for a, b in pairwise(lows)) or any(
        "zu" in low[2:-3] and low.endswith("en") for low in lows
    )


# --- nouns, moods ------------------------------------------------------------------------------


def _nouns(sentence: Sentence) -> Iterator[Cue]:
    nouns = words("nouns", sentence.language)
    for place in _open(sentence):
        word = sentence.words[place]
        tail = word.text.rpartition("-")[2]
        if word.text in nouns or tail in nouns or (sentence.language == "en" and word.low in nouns):
            yield Cue("noun", (place,), place, _shape(sentence, place))


def _subjunctives(sentence: Sentence) -> Iterator[Cue]:
    if sentence.language != "de":
        return
    first, second = words("subjunctive", "de"), words("subjunctive-second", "de")
    for place in _open(sentence):
        word = sentence.words[place]
        if word.is_capital and place > 0:
            continue
        if word.low in first and not _is_other_mood(sentence, place):
            yield Cue("subjunctive", (place,), place, "first")
        elif word.low in second:
            yield Cue("subjunctive", (place,), place, "second")


def is_told_mood(sentence: Sentence, place: int) -> bool:
    """Tell whether a verb passes on what another said, so that its own subject is not the one who said it."""
    low = sentence.low(place)
    return low in words("subjunctive", "de") or low in words("subjunctive-second", "de") or low in _IS_TO


def _is_other_mood(sentence: Sentence, place: int) -> bool:
    """Tell whether the form is no report: "ich habe", "es sei denn", "sei es", a wish at the start."""
    around = {sentence.low(place - 1), sentence.low(place + 1)}
    low = sentence.low(place)
    return (
        "ich" in around or (low == "sei" and bool(around & {"denn", "dank"})) or (low == "sei" and place == 0)
    )


def _hearsay(sentence: Sentence) -> Iterator[Cue]:
    """Yield *soll* (is said to), and *will* with a perfect infinitive (claims to have)."""
    if sentence.language != "de":
        return
    for place in _open(sentence):
        low = sentence.low(place)
        if low in _IS_TO and not _is_asked_for(sentence, place):
            yield Cue("hearsay", (place,), place)
        elif low in ("will", "wollen") and _has_perfect(sentence, place):
            yield Cue("claim", (place,), place)


def _is_asked_for(sentence: Sentence, place: int) -> bool:
    """Tell whether *soll* stands in a clause of purpose or a question, where nothing is passed on."""
    first, _ = sentence.clause(place)
    return sentence.is_in(first, "purposes") or sentence.words[-1].text == "?"


def _has_perfect(sentence: Sentence, place: int) -> bool:
    _, border = sentence.clause(place)
    if border - place < 3 or sentence.low(border - 1) == ".":
        border -= 1
    last, participle = sentence.low(border - 1), sentence.low(border - 2)
    return last in ("haben", "sein") and participle.endswith(("t", "en"))
