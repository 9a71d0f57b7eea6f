"""What is said: the stretches of a sentence that hang on a cue."""

from __future__ import annotations

from westphalia.dossier.proposals import Stretch
from westphalia.dossier.speech_cues import Cue, bare_clause
from westphalia.dossier.speech_phrases import Phrase
from westphalia.dossier.speech_words import Sentence

_AROUND = " \t\n\r\u00a0\u202f,;:–—.!?…"


def trimmed(text: str, start: int, end: int) -> Stretch:
    """Return a stretch without the blanks and marks at its ends; empty if nothing else is there."""
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip(_AROUND))
    return start + left, start + max(left, len(inside.rstrip(_AROUND)))


def contents_of(text: str, sentence: Sentence, cue: Cue, source: Phrase | None) -> tuple[Stretch, ...]:
    """Return what is said, in one stretch or several, none if the speech is only summarised."""
    cut = _cut(sentence, cue, source)
    if cut is None:
        return ()
    first, end = cut
    stretches = [
        trimmed(text, sentence.start, _start(sentence, first)),
        trimmed(text, _start(sentence, end), sentence.end),
    ]
    return tuple(one for one in stretches if one[0] < one[1])


def _start(sentence: Sentence, place: int) -> int:
    return sentence.words[place].start if place < len(sentence.words) else sentence.end


def _cut(sentence: Sentence, cue: Cue, source: Phrase | None) -> tuple[int, int] | None:
    """Return the places of the words that are not said: the cue, its source, all that frames them."""
    first, border = sentence.clause(cue.verb)
    if cue.kind == "according":
        places = [*cue.places, *((source.first, source.end - 1) if source else ())]
        return min(places), max(places) + 1
    if cue.kind == "told":
        return None
    if cue.kind in ("hearsay", "claim") or cue.kind == "subjunctive":
        return 0, 0
    if cue.kind == "so":
        return first, border
    if sentence.language == "en" and (opener := bare_clause(sentence, cue.verb, border)) is not None:
        return 0, opener
    if cue.shape in ("clause", "colon", "infinitive"):
        return 0, min(border + (sentence.low(border) in (",", ":")), len(sentence.words))
    if cue.shape in ("aside", "as"):
        return first, border
    if border < len(sentence.words) - 1 and sentence.low(border) in (",", ":"):
        return (0, border) if cue.kind != "act" else None
    return None
