"""Who speaks, to whom, and who passes it on: phrases of a sentence as parties of reported speech."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from westphalia.dossier.proposals import Asked, Candidate, KnownActor, Mention, Party, Proposal, Stretch
from westphalia.dossier.speech_cues import Cue, is_told_mood
from westphalia.dossier.speech_phrases import Phrase, names_medium, phrase_at
from westphalia.dossier.speech_words import Sentence, closed

_MOST_CANDIDATES = 3
_MOST_SCANNED = 30
_LONGEST_BEFORE = 10
_MOST_LOOKED_BACK = 40
_FARTHEST_BACK = 1_500

# --- who ---------------------------------------------------------------------------------------


def source_of(sentence: Sentence, cue: Cue) -> Phrase | None:
    """Return the phrase that names who says it, by the place of the cue in its clause."""
    if cue.kind == "according":
        return _according_to(sentence, cue)
    if cue.kind == "so":
        return phrase_at(sentence, cue.verb + 1)
    if cue.kind == "noun":
        return _of_noun(sentence, cue)
    return _subject(sentence, cue)


def _according_to(sentence: Sentence, cue: Cue) -> Phrase | None:
    last = cue.places[-1]
    if len(cue.places) == 1:
        if sentence.low(last) == "zufolge":
            return _before(sentence, last)
        return phrase_at(sentence, last + (2 if sentence.low(last + 1) == "to" else 1))
    # "nach Angaben von X", "nach Ansicht der Y", else the noun itself with what stands before it.
    behind = last + 1
    if sentence.is_in(behind, "genitive"):
        found = phrase_at(sentence, behind) or phrase_at(sentence, behind + 1)
        if found is not None:
            return found
    return (
        Phrase(cue.places[0] + 1, last + 1, last + 1) if cue.places[0] < cue.verb else _before(sentence, last)
    )


def _before(sentence: Sentence, end: int) -> Phrase | None:
    """Return the phrase that ends before a place: "Angaben der Polizei zufolge"."""
    first, _ = sentence.clause(end - 1) if end else (0, 0)
    best = None
    for place in range(end - 1, max(first, end - _LONGEST_BEFORE) - 1, -1):
        found = phrase_at(sentence, place)
        if found is not None and found.end >= end:
            best = Phrase(found.first, found.head, end)
    return best


def _of_noun(sentence: Sentence, cue: Cue) -> Phrase | None:
    behind = cue.verb + 1
    if sentence.is_in(behind, "genitive"):
        return phrase_at(sentence, behind) or phrase_at(sentence, behind + 1)
    before = cue.verb - 1
    if before >= 0 and sentence.words[before].is_capital and sentence.low(before).endswith("s"):
        return Phrase(before, cue.verb, cue.verb)
    found = _lead(sentence, sentence.clause(cue.verb)[0], cue.verb)
    return None if found is not None and found.end > cue.verb else found


def _subject(sentence: Sentence, cue: Cue) -> Phrase | None:
    verb = cue.verb
    first, border = sentence.clause(verb)
    if cue.shape == "as":
        return _lead(sentence, first + 1, border)
    if cue.shape == "says-it":
        return _behind(sentence, first, border, "where") or _behind(sentence, 0, first, "where")
    if _is_passive(sentence, cue):
        agent = _behind(sentence, first, border, "agents")
        if agent is not None:
            return agent
    if sentence.is_in(first, "conditions") and verb == border - 1:
        return _lead(sentence, first + 1, verb)
    if sentence.is_in(verb + 1, "subjects"):
        return phrase_at(sentence, verb + 1)
    if verb == first and (above := _above_aside(sentence, first)) is not None:
        return above
    lead = _lead(sentence, first, verb) if first < verb else None
    if lead is not None and not sentence.is_in(first, "subordinators"):
        return lead
    behind = verb + 1 + (sentence.low(verb + 1) in ("sich", "es", "dazu", "am"))
    after = phrase_at(sentence, behind) if behind <= border else None
    if after is not None and _may_speak(sentence, after):
        return after
    return _lead(sentence, verb + 1, border) or _lead(sentence, 0, verb)


def _is_passive(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether the verb is a participle with an auxiliary before or behind it: "wurde … erklärt"."""
    participle = max(cue.places)
    has_before = participle != cue.verb and sentence.is_in(cue.verb, "passive")
    return has_before or sentence.is_in(participle + 1, "passive")


def _behind(sentence: Sentence, first: int, border: int, row: str) -> Phrase | None:
    """Return the first phrase behind one of a row of prepositions: who says it, or the text that does."""
    for place in range(first, min(border, first + _MOST_SCANNED)):
        if sentence.is_in(place, row):
            found = phrase_at(sentence, place + 1)
            if found is not None and not found.is_pronoun:
                return found
    return None


def is_aside(sentence: Sentence, verb: int) -> bool:
    """Tell whether a verb behind a mark follows what is said, not an apposition: "Er gehe, sagte X"."""
    if sentence.clause(verb)[0] != verb or not verb or sentence.is_in(0, "conditions"):
        return False
    return _parted(sentence, verb) is None


def _above_aside(sentence: Sentence, border: int) -> Phrase | None:
    """Return the subject that an apposition or relative clause parts from its verb: "X, der Y, sagt"."""
    found = _parted(sentence, border)
    is_led = found is not None and sentence.is_in(found.first - 1, "prepositions")
    return None if is_led else found


def _parted(sentence: Sentence, border: int) -> Phrase | None:
    """Return the first phrase of a sentence if all between it and the border only says more of it."""
    first = 0
    while first < min(border, _LONGEST_BEFORE) and (
        sentence.is_in(first, "starters") or sentence.is_in(first, "prepositions")
    ):
        first += 1
    found = phrase_at(sentence, first)
    if found is None or found.is_pronoun or found.end >= border - 1 or sentence.low(found.end) != ",":
        return None
    behind = found.end + 1
    if any(
        sentence.is_in(at, "relatives") and not sentence.words[at + 1].is_capital
        for at in (behind, behind + 1)
    ):
        return found
    aside = phrase_at(sentence, behind)
    return replace(found, apposition=aside) if aside is not None and aside.end >= border - 1 else None


def lead_of(sentence: Sentence) -> Phrase | None:
    """Return the phrase that is most likely the subject of the sentence's first clause."""
    return _lead(sentence, 0, sentence.clause(0)[1])


def above_of(sentence: Sentence, place: int) -> Phrase | None:
    """Return the subject of the main clause if a word stands in a clause that depends on it."""
    first, _ = sentence.clause(place)
    border = sentence.clause(0)[1]
    is_told = any(is_told_mood(sentence, at) for at in range(min(border, _MOST_SCANNED)))
    found = _lead(sentence, 0, border) if first > border and not is_told else None
    # A phrase alone before the comma has its verb behind it: "Die Toten, so viele es waren, seien …"
    return found if found is not None and found.end < border else None


def _lead(sentence: Sentence, first: int, end: int) -> Phrase | None:
    """Return the first phrase of a stretch that may be the subject: no object, no time, no place."""
    place = first
    last = min(end, first + _MOST_SCANNED)
    while place < last:
        found = phrase_at(sentence, place)
        if found is not None:
            if _may_speak(sentence, found) and found.first < end:
                return found
            place = max(found.end, place + 1)
        elif sentence.is_in(place, "prepositions"):
            behind = phrase_at(sentence, place + 1)
            place = behind.end if behind is not None and not behind.is_pronoun else place + 1
        else:
            place += 1
    return None


def _may_speak(sentence: Sentence, phrase: Phrase) -> bool:
    is_oblique = sentence.is_in(phrase.first, "oblique")
    is_time = any(sentence.is_in(at, "times") for at in range(phrase.first, phrase.head))
    is_mute = phrase.end == phrase.first + 1 and sentence.is_in(phrase.first, "mute")
    # Without an article, "-en" is the end of a verb or of a case that no speaker stands in.
    first = sentence.words[phrase.first]
    is_bent = not phrase.is_pronoun and not first.is_capital and first.low.endswith(("en", "em"))
    is_bent = is_bent and sentence.language == "de"
    return not (is_oblique or is_time or is_mute or is_bent or _is_adverb(sentence, phrase))


def _is_adverb(sentence: Sentence, phrase: Phrase) -> bool:
    """Tell whether a single word is capitalised only as the first of its sentence: "Ursprünglich"."""
    endings = tuple(closed("adverbs", sentence.language))
    return phrase.first == 0 and phrase.head == 1 and sentence.low(0).endswith(endings)


def addressee_of(sentence: Sentence, cue: Cue, source: Phrase | None, known: Known) -> Phrase | None:
    """Return whom it is said to: behind *gegenüber*, a medium in the dative, behind *told*, a known actor."""
    start, (_, border) = cue.verb + 1, sentence.clause(cue.verb)
    for place in range(start, min(border, start + _MOST_SCANNED)):
        if source is not None and source.first <= place < source.end:
            continue
        low = sentence.low(place)
        if low == "gegenüber" or (low == "mit" and sentence.low(place - 1) in ("interview", "gespräch")):
            return phrase_at(sentence, place + 1)
        if not sentence.is_in(place - 1, "prepositions") and sentence.is_in(place, "dative"):
            found = phrase_at(sentence, place)
            if found is not None and is_medium(sentence, found):
                return found
        is_behind = source is not None and place == source.end and not sentence.is_in(place, "prepositions")
        is_told = sentence.language == "en" and low != "to" and sentence.low(place - 1) in ("told", "tells")
        if is_behind or is_told:
            found = phrase_at(sentence, place)
            if found is not None and not found.is_pronoun and (is_told or known.actor(sentence, found)):
                return found
    return None


def cited_by(sentence: Sentence, cue: Cue, source: Phrase) -> Phrase | None:
    """Return whom a source cites: "die Zeitung zitiert den Minister", "der Minister wird zitiert"."""
    if not any(sentence.is_in(place, "citing") for place in cue.places):
        return None
    first, border = sentence.clause(cue.verb)
    if _is_passive(sentence, cue):
        subject = _lead(sentence, first, cue.verb) or _lead(sentence, cue.verb + 1, border)
        return None if subject == source else subject
    place = cue.verb + 1 if source.end <= cue.verb else source.end
    return None if sentence.is_in(place, "prepositions") else phrase_at(sentence, place)


def is_medium(sentence: Sentence, phrase: Phrase) -> bool:
    """Tell whether the head of a phrase is a medium: a newspaper, a broadcaster, an agency."""
    return names_medium(sentence, phrase.first, phrase.head)


class Known:
    """The mentions of known actors in a text, and the parties met on the way through it."""

    def __init__(self, mentioned: Sequence[Proposal], actors: Sequence[KnownActor]) -> None:
        self._mentions = [(one.start, one.end, one.details) for one in mentioned]
        self._starts = [start for start, _, _ in self._mentions]
        self._people = {actor.id for actor in actors if actor.kind in ("person", "medium")}
        self._owners = {actor.id for actor in actors if actor.kind == "person"}
        self._names = {
            word.casefold()
            for actor in actors
            for name in (*actor.names, *actor.aliases)
            for word in name.split()
        }
        self._media = [actor.id for actor in actors if actor.kind == "medium"]
        self._sides: dict[str | None, str | None] = {actor.id: actor.speaks_for for actor in actors}
        self._recent: list[Candidate] = []
        self._seen: list[Candidate] = []

    def within(self, start: int, end: int) -> Iterator[tuple[Stretch, str]]:
        """Yield the mentions of actors that lie in a stretch."""
        at = bisect_left(self._starts, start)
        while at < len(self._mentions) and self._mentions[at][0] < end:
            first, last, details = self._mentions[at]
            if last <= end and isinstance(details, Mention) and details.via != "people":
                yield (first, last), details.actor
            at += 1

    def actor(self, sentence: Sentence, phrase: Phrase) -> str | None:
        """Return the actor that the head of a phrase names, a person before its state."""
        found = [actor for _, actor in self._heads(sentence, phrase)]
        if phrase.apposition is not None:
            found += [actor for _, actor in self._heads(sentence, phrase.apposition) if actor in self._people]
        return min(found, key=lambda actor: actor not in self._people) if found else None

    def _heads(self, sentence: Sentence, phrase: Phrase) -> Iterator[tuple[Stretch, str]]:
        """Yield the mentions in the head of a phrase but for persons to whom it only belongs."""
        start, end = sentence.stretch(phrase.first, phrase.end)
        for (first, last), actor in self.within(start, end):
            if first >= sentence.words[phrase.head - 1].end:
                return
            at = bisect_right(sentence.words, first, key=lambda word: word.start) - 1
            while at + 1 < phrase.head and sentence.words[at + 1].start < last:
                at += 1
            is_owner = sentence.low(at).endswith("s") and at + 1 < phrase.head
            if not (is_owner and actor in self._owners and self._bends(sentence.words[at].text)):
                yield (first, last), actor

    def _bends(self, word: str) -> bool:
        """Tell whether a word is no name as it stands, but the genitive of one: "Webers"."""
        return word.casefold() not in self._names

    def is_medium(self, actor: str | None) -> bool:
        """Tell whether an actor is a medium."""
        return actor in self._media

    def cut(self, sentence: Sentence, phrase: Phrase) -> Phrase:
        """Return a phrase up to where another known name begins: "Trump | Putin"."""
        names = list(self.within(*sentence.stretch(phrase.first, phrase.head)))
        for (one, actor), (two, other) in pairwise(names):
            if actor != other and {actor, other} <= self._people and one[1] < two[0]:
                end = next(p for p in range(phrase.first, phrase.end) if sentence.words[p].start >= two[0])
                return Phrase(phrase.first, end, end)
        return phrase

    def party(self, sentence: Sentence, phrase: Phrase | None, likely: Phrase | None = None) -> Party:
        """Return who a phrase is; a pronoun, or no phrase, is asked and not guessed.

        `likely` is the first candidate where there is no phrase.
        """
        if phrase is None:
            first = [] if likely is None else [self._candidate(sentence, likely)]
            return Party(asked=Asked("who speaks?", _different([*first, *self.candidates(sentence.start)])))
        words = sentence.stretch(phrase.first, phrase.end)
        if phrase.is_pronoun:
            return Party(words, asked=Asked("who is this?", self.nearest(words[0])))
        actor = self.actor(sentence, phrase)
        media = self._media_meant(sentence, phrase) if actor is None else []
        asked = Asked("who is this?", tuple(media[:_MOST_CANDIDATES])) if media else None
        return Party(words, actor, asked)

    def _media_meant(self, sentence: Sentence, phrase: Phrase) -> list[Candidate]:
        """Return the media of the case that "his media" may be, those of the side named last first."""
        if not (sentence.is_in(phrase.first, "possessives") and is_medium(sentence, phrase)):
            return []
        words = sentence.stretch(phrase.first, phrase.end)
        sides = [self._sides.get(one.actor) for one in self._named(words[0])]
        nearest: dict[str | None, int] = {
            side: at for at, side in reversed(list(enumerate(sides))) if side is not None
        }
        media = sorted(self._media, key=lambda actor: nearest.get(self._sides.get(actor), len(sides)))
        return [Candidate(words, actor) for actor in media]

    def met(self, party: Party) -> None:
        """Remember who spoke, as the first candidate for the next who is not named."""
        candidate = None
        if party.words is not None and party.asked is None:
            candidate = Candidate(party.words, party.actor)
        elif party.asked is not None and party.asked.candidates:
            candidate = party.asked.candidates[0]
        if candidate is not None:
            rest = [one for one in self._recent if one.words != candidate.words]
            self._recent = [candidate, *rest][:_MOST_CANDIDATES]

    def saw(self, sentence: Sentence) -> None:
        """Remember the subject of a sentence, as a further candidate."""
        lead = lead_of(sentence)
        if lead is None or lead.is_pronoun:
            return
        candidate = self._candidate(sentence, lead)
        # A single first word without article may be capitalised only for its place.
        if candidate.actor is not None or lead.head - lead.first > 1:
            self._seen = [candidate, *self._seen][:_MOST_CANDIDATES]

    def _candidate(self, sentence: Sentence, phrase: Phrase) -> Candidate:
        return Candidate(sentence.stretch(phrase.first, phrase.end), self.actor(sentence, phrase))

    def nearest(self, place: int) -> tuple[Candidate, ...]:
        """Return who a pronoun at a place may be: known actors, the one named last first, then others."""
        before = [one for one in (*self._named(place), *self._recent, *self._seen) if one.words[1] <= place]
        before = [one for one in before if not self.is_medium(one.actor)]
        return _different(sorted(before, key=lambda one: (one.actor is None, -one.words[0])))

    def candidates(self, place: int) -> tuple[Candidate, ...]:
        """Return who may speak at a place: who spoke last, then the actors named last, then others."""
        return _different([*self._recent, *self._named(place), *self._seen])

    def _named(self, place: int) -> Iterator[Candidate]:
        """Yield the persons and media of the case that are named before a place, the last first."""
        at = bisect_left(self._starts, place) - 1
        for _ in range(_MOST_LOOKED_BACK):
            if at < 0 or place - self._starts[at] > _FARTHEST_BACK:
                return
            start, end, details = self._mentions[at]
            if isinstance(details, Mention) and details.actor in self._people:
                yield Candidate((start, end), details.actor)
            at -= 1


def _different(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Return the first few of the candidates, each actor or place once."""
    unique: dict[str | Stretch, Candidate] = {}
    for one in candidates:
        unique.setdefault(one.actor or one.words, one)
    return tuple(unique.values())[:_MOST_CANDIDATES]
