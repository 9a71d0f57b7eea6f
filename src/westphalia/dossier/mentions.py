"""Where a text names the actors of a case: by name, adjective, office, people or compound.

The longest name wins; a people is not its state; a capital after *in* or *nach* may be but a place.
Time is linear in the text, whatever the number of actors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from westphalia.dossier.lexicon import table
from westphalia.dossier.mentions_index import WORD, Meaning, NameIndex, index_of, offices, seats
from westphalia.dossier.proposals import KnownActor, Mention, NewActor, Proposal, Stretch, Tier

_BLANK = r"(?:[ \t\u00a0\u202f]{1,3}|[ \t]?\n[ \t]?)"
_JOINT = re.compile(rf"{_BLANK}[„“\"‚‘«»]?|[-\u2010\u2011]|['’]|\.[ \u00a0]?")
_OPENED = re.compile(rf"{_BLANK}[„“\"‚‘«»(]")
_CLOSED = re.compile(rf"[“”\"‘’«»)]{_BLANK}")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_BEGINS = re.compile(r"(?:^|[.!?:…\n])[\s„“\"‚‘«»(\[–—-]*$")
_WINDOW = 12
_WORDS_TO_OFFICE = 3


class Words:
    """The words of a text and what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Stretch] = [found.span() for found in WORD.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, place: int) -> str:
        """Return what stands after a word, up to the next one; empty at the end of the text."""
        if not 0 <= place < len(self.spans) - 1:
            return ""
        start, end = self.spans[place][1], self.spans[place + 1][0]
        return self.text[start : min(end, start + _WINDOW)]

    def following(self, place: int) -> tuple[int, ...]:
        """Return the words that may go on with a name: the next, or the one after a nickname."""
        gap = self.gap(place)
        if not gap:
            return ()
        found = []
        if _JOINT.fullmatch(gap) and (gap[0] != "." or len(self.words[place]) <= 2):
            found.append(place + 1)
        if _OPENED.fullmatch(gap) and _CLOSED.fullmatch(self.gap(place + 1)):
            found.append(place + 2)
        return tuple(found)

    def begins_sentence(self, place: int) -> bool:
        """Tell whether a word may be capitalised only for its place."""
        start = self.spans[place][0]
        return _BEGINS.search(self.text[max(0, start - _WINDOW) : start]) is not None or start == 0


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name in the text, by its first and last word."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]


def mentions(text: str, actors: Sequence[KnownActor]) -> tuple[Proposal, ...]:
    """Return where the text names the actors, and peoples that are none of the actors.

    Spans are in order; one span may name two actors, if a name is shared, and an office in a
    compound names the person and, in its first part, the state. Time: linear in the text.
    """
    index = index_of(tuple(actors))
    words = Words(text)
    hits = _hits(words, index)
    offices = _offices(hits, words, index)
    within = {place for office in offices for place in range(office.start, office.end)}
    found = [
        proposal
        for hit in hits
        for proposal in _proposals(hit, words)
        # An office that its state makes plain is named once, with its state.
        if hit.meanings[0].via != "role" or proposal.start not in within
    ]
    found += offices
    return tuple(sorted(found, key=lambda one: (one.start, -one.end, one.rule)))


def _hits(words: Words, index: NameIndex) -> list[_Hit]:
    hits = []
    place = 0
    while place < len(words):
        hit = longest(words, place, index)
        if hit is None:
            place += 1
        else:
            hits.append(hit)
            place = hit.last + 1
    return hits


def longest(words: Words, place: int, index: NameIndex) -> _Hit | None:
    """Return the longest name that begins at a word, None if there is none."""
    best: _Hit | None = None
    reached = [(index.root, place)]
    while reached:
        onward = []
        for node, at in reached:
            for key in index.keys_of(words.words[at]):
                child = node.children.get(key)
                if child is None:
                    continue
                if child.meanings and not _is_language(words, place, at):
                    if best is None or at > best.last:
                        best = _Hit(place, at, tuple(child.meanings))
                    elif at == best.last:
                        best = _Hit(place, at, tuple(dict.fromkeys((*best.meanings, *child.meanings))))
                onward += [(child, after) for after in words.following(at) if after < len(words)]
        reached = onward
    return best


def _is_language(words: Words, first: int, last: int) -> bool:
    """Tell whether a capitalised bare stem is the name of a language: *auf Russisch*, *Deutsch*."""
    word = words.words[last]
    is_bare = word[0].isupper() and word.lower().endswith(("isch", "deutsch"))
    return first == last and is_bare and not _HYPHEN.match(words.gap(last))


# --- what a name means in its place ------------------------------------------------------------


def _proposals(hit: _Hit, words: Words) -> list[Proposal]:
    meanings = _preferred(hit.meanings)
    span = (words.spans[hit.first][0], words.spans[hit.last][1])
    actors = dict.fromkeys(meaning.actor for meaning in meanings)
    if len(actors) > 1:
        via = meanings[0].via
        # An office that several hold says nothing without its state.
        return [] if via == "role" else [_mention(span, a, via, "shared", "possible") for a in actors if a]
    meaning = meanings[0]
    if meaning.actor is None:
        alike = (meaning.of,) if meaning.of else ()
        details = NewActor(words.text[span[0] : span[1]], alike)
        return [Proposal("new-actor", (span,), "possible", "people-without-actor", details)]
    via, rule, tier = _in_place(hit, meaning, words)
    return [_mention(span, meaning.actor, via, rule, tier)]


def _preferred(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Return the meanings that the case states, or else all of the best kind."""
    stated = tuple(meaning for meaning in meanings if meaning.is_stated)
    rank = ("surname", "adjective", "government", "people", "capital", "role")
    return stated or tuple(sorted(meanings, key=lambda meaning: rank.index(meaning.via)))


def _mention(span: Stretch, actor: str, via: str, rule: str, tier: Tier) -> Proposal:
    return Proposal("mention", (span,), tier, f"mention-{rule}", Mention(actor, via))


def _in_place(hit: _Hit, meaning: Meaning, words: Words) -> tuple[str, str, Tier]:
    """Return by what the actor is named here, the rule, and how sure that is."""
    word, via = words.words[hit.first], meaning.via
    if hit.first == hit.last and word.lower().endswith(_ADJECTIVAL) and via != "people":
        return "adjective", "adjective", _tier(word[0].islower() or words.begins_sentence(hit.first))
    if via == "role":
        return "role", "role", "possible"
    after, before = words.gap(hit.last), words.gap(hit.first - 1)
    has_tail = _HYPHEN.fullmatch(after) is not None
    if has_tail or (hit.first and _HYPHEN.fullmatch(before)):
        is_body = has_tail and _heads().fullmatch(words.words[hit.last + 1].lower()) is not None
        return "compound", "compound", _tier(is_body)
    is_seat = words.text[words.spans[hit.first][0] : words.spans[hit.last][1]] in seats()
    if is_seat and hit.first and words.words[hit.first - 1].lower() in _places():
        return "capital", "capital-as-place", "possible"
    return via, via, "sure"


def _tier(is_sure: bool) -> Tier:
    return "sure" if is_sure else "possible"


_ADJECTIVAL = tuple(
    f"{stem}{end}" for stem in ("isch", "deutsch") for end in ("e", "en", "er", "em", "es", "")
)


@cache
def _places() -> frozenset[str]:
    return frozenset(table("collectives")["place"])


@cache
def _heads() -> re.Pattern[str]:
    """Return the pattern of words that, after a hyphen, are a body of the actor itself."""
    rows = table("collectives")
    heads = {word.lower() for key in ("government", "member") for word in rows[key]}
    return re.compile(
        rf"\w*(?:{'|'.join(sorted(heads, key=len, reverse=True))})(?:n|en|s|es)?|{offices().pattern}"
    )


# --- offices -----------------------------------------------------------------------------------


def _offices(hits: list[_Hit], words: Words, index: NameIndex) -> list[Proposal]:
    """Return persons named by an office with its state: *US-Minister X*, *the Russian president*."""
    begins = {hit.first: hit for hit in hits}
    found = []
    for hit in hits:
        state = _preferred(hit.meanings)[0].actor
        place = _office_after(hit, words, begins)
        if state is None or place is None:
            continue
        span = (words.spans[hit.first][0], words.spans[place][1])
        bearer = _bearer(begins.get(place + 1), words, place, state, index)
        if bearer is not None:
            found.append(_mention(span, bearer, "role", "office-and-name", "sure"))
            continue
        holders = index.persons_with(words.words[place], state)
        found += [_mention(span, holder, "role", "office-of-state", "possible") for holder in holders]
    return found


def _office_after(hit: _Hit, words: Words, begins: dict[int, _Hit]) -> int | None:
    """Return the word of an office that follows a name within three words, None if there is none."""
    reached = None
    for place in range(hit.last + 1, min(hit.last + 1 + _WORDS_TO_OFFICE, len(words))):
        other = begins.get(place)
        is_named = other is not None and _preferred(other.meanings)[0].via != "role"
        if is_named or not re.fullmatch(rf"{_BLANK}|[-\u2010\u2011]", words.gap(place - 1)):
            break
        if _is_office(words.words[place].lower()):
            reached = _with_department(words, place, begins)
    return reached


def _with_department(words: Words, place: int, begins: dict[int, _Hit]) -> int:
    """Return the last word of an office such as *Secretary of Defense*."""
    last = place
    if place + 2 < len(words) and words.words[place + 1] == "of":
        last = place + 2
        while (
            last < len(words) and last not in begins and words.words[last][0].isupper() and last <= place + 4
        ):
            last += 1
        last -= 1
    return last if last > place + 1 else place


@cache
def _is_office(word: str) -> bool:
    return offices().fullmatch(word) is not None


def _bearer(name: _Hit | None, words: Words, place: int, state: str, index: NameIndex) -> str | None:
    """Return the person whose name follows an office without a mark between them."""
    if name is None or not re.fullmatch(_BLANK, words.gap(place)):
        return None
    actor = index.actors.get(_preferred(name.meanings)[0].actor or "")
    return actor.id if actor is not None and actor.kind == "person" and actor.id != state else None
