"""Speech that is told in a noun alone, with no verb of saying: a declared aim, and what fills the media."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.dossier.lexicon import words
from westphalia.dossier.speech_cues import Cue, is_verb_form
from westphalia.dossier.speech_phrases import Phrase, names_medium, phrase_at
from westphalia.dossier.speech_words import Sentence
from westphalia.dossier.tellers import lead_of

_LONGEST_CLAUSE = 60
_ENDINGS = ("e", "en", "er", "es", "em")


def told(sentence: Sentence) -> Iterator[tuple[str, Cue, Phrase]]:
    """Yield what nouns tell of in a sentence: the rule, the cue, and whose words they are; a rule once."""
    for rule, source_of in (("declared", _declared), ("reports", _reports)):
        found = ((place, source_of(sentence, place)) for place in _places(sentence, rule))
        first = next(((place, source) for place, source in found if source is not None), None)
        if first is not None:
            place, source = first
            yield rule, Cue("told", (place,), place), source


def _places(sentence: Sentence, rule: str) -> Iterator[int]:
    """Yield where nouns of the list of a rule stand; a German one may be a last part: "Kriegsziel"."""
    nouns = words(f"nouns-{rule}", sentence.language)
    for place, word in enumerate(sentence.words):
        is_compound = sentence.language == "de" and word.low.endswith(tuple(nouns))
        if not word.is_quoted and (word.low in nouns or is_compound):
            yield place


def _declared(sentence: Sentence, place: int) -> Phrase | None:
    """Return whose declared aim it is: "das erklärte Ziel der Regierung", "its stated aim"."""
    if not _is_participle(sentence, place - 1):
        return None
    is_pronoun = sentence.is_in(place - 2, "possessives")
    if is_pronoun or sentence.low(place - 2).endswith(("'s", "’s")):
        return Phrase(place - 2, place - 1, place - 1, is_pronoun)
    if sentence.is_in(place + 1, "genitive"):
        return phrase_at(sentence, place + 1) or phrase_at(sentence, place + 2)
    return None


def _is_participle(sentence: Sentence, place: int) -> bool:
    low = sentence.low(place)
    if sentence.language == "en":
        return is_verb_form(low, "en")
    return any(low.endswith(end) and is_verb_form(low.removesuffix(end), "de") for end in _ENDINGS)


def _reports(sentence: Sentence, place: int) -> Phrase | None:
    """Return the medium whose clause speaks of reports: "Die Zeitungen sind voll von Meldungen"."""
    subject = lead_of(sentence)
    border = min(sentence.clause(0)[1], _LONGEST_CLAUSE)
    if subject is None or not subject.end <= place < border:
        return None
    others = (sentence.low(at) for at in range(border) if at != place)
    has_verb = any(is_verb_form(low, sentence.language) for low in others)
    return subject if names_medium(sentence, subject.first, subject.head) and not has_verb else None
