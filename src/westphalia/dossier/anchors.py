"""Spans: how one is made from a text, and found again in a text that may have changed.

Nothing is ever attached anew in silence: a place is given only where the very words stand, and
everything else is a candidate for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol

import numpy as np

from westphalia.dossier.outline import WORDS_HASHED, Hashes, Outline, digest, hash_of_words, outlined
from westphalia.dossier.schema import Span, Statement
from westphalia.dossier.sentences import Stretch
from westphalia.errors import CallError

State = Literal["exact", "moved", "to-review", "lost"]

_MOST_CANDIDATES = 20
_MOST_PLACES = 50
# The search for moved words hashes at most this many characters: about a second.
_MOST_HASHED = 40_000_000
_FEWEST_TRIES = 1_000

_QUOTATION = "\"'”“„‚’‘»«›‹"
_DASHES = "-‐‑–—"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a span may belong, and which of its hashes speak for it."""

    start: int
    end: int
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchored:
    """What became of a span in a text.

    `start` and `end` are given only if the very words stand there (states exact and moved).
    `candidates` are for a person to choose from, the likeliest first; `reason` is a sentence.
    """

    state: State
    start: int | None
    end: int | None
    candidates: tuple[Candidate, ...]
    reason: str


class HasText(Protocol):
    """Anything that holds a text, as a source that was read does."""

    @property
    def text(self) -> str:
        """The text."""


def make_span(text: str, start: int, end: int) -> Span:
    """Return the span of `text[start:end]` with all its hashes.

    `words` is taken of the exact characters. The hashes of words and sentences are taken with every
    run of blanks as one, so that a text wrapped anew keeps them.

    Raises
    ------
    CallError: the stretch is empty or does not lie within the text.
    """
    _within(text, start, end)
    words = text[start:end]
    outline = outlined(text)
    before, after = outline.around(start, end)
    return Span(
        start=start,
        end=end,
        words=digest(words, 16),
        sentence=outline.number(start),
        first=hash_of_words(words.split(maxsplit=WORDS_HASHED)[:WORDS_HASHED]),
        last=hash_of_words(words.rsplit(maxsplit=WORDS_HASHED)[-WORDS_HASHED:]),
        before=before,
        after=after,
    )


def anchor(span: Span, text: str) -> Anchored:
    """Return what became of a span in a text: exact, moved, to review or lost.

    exact: the words stand at the place. moved: they stand at one other place and nowhere else.
    to-review: they stand at several places, or hashes of their edges or neighbours point to places,
    or the span has no hash. lost: nothing points anywhere.
    """
    if span.words is None:
        return _unhashed(span, text)
    if span.end <= len(text) and digest(text[span.start : span.end], 16) == span.words:
        return Anchored("exact", span.start, span.end, (), "The words stand where they were coded.")
    outline = outlined(text)
    places = _same_words(span, outline)
    if len(places) == 1:
        start, end = places[0]
        return Anchored("moved", start, end, (), f"The same words stand at [{start}, {end}], and only there.")
    if places:
        reason = f"The same words stand at {_counted(len(places))} other places."
        return Anchored("to-review", None, None, _ranked(places, span, outline), reason)
    return _changed(span, outline)


def anchor_all(
    statements: Iterable[Statement], texts: Mapping[str, str | HasText]
) -> dict[str, dict[str, Anchored]]:
    """Return what became of every span of the statements, by id of the statement and by its part.

    The parts are ``span``, ``date.words`` and ``loaded.0.span``, ``loaded.1.span`` …. Statements
    whose source is not among `texts` (by id of the source) are left out.
    """
    found = {}
    for statement in statements:
        if statement.source in texts:
            held = texts[statement.source]
            text = held if isinstance(held, str) else held.text
            found[statement.id] = {part: anchor(span, text) for part, span in spans_of(statement)}
    return found


def spans_of(statement: Statement) -> Iterator[tuple[str, Span]]:
    """Yield every span of a statement with the name of its part."""
    if statement.span is not None:
        yield "span", statement.span
    if statement.date is not None and statement.date.words is not None:
        yield "date.words", statement.date.words
    for place, loaded in enumerate(statement.loaded):
        yield f"loaded.{place}.span", loaded.span


def in_context(text: str, span: Span | Anchored, width: int = 120) -> tuple[str, str, str]:
    """Return the words of a span with up to `width` characters before and after, cut at words.

    Raises
    ------
    CallError: the span has no place in this text.
    """
    if span.start is None or span.end is None:
        raise CallError(
            "A span that is lost or to be reviewed has no place in the text.",
            code="span-without-place",
            hint="Settle it first; its candidates are proposals.",
        )
    _within(text, span.start, span.end)
    before = text[max(0, span.start - width) : span.start]
    after = text[span.end : span.end + width]
    if span.start > width and not text[span.start - width - 1].isspace():
        before = re.sub(r"^\S+", "", before, count=1)
    if span.end + width < len(text) and not text[span.end + width].isspace():
        after = re.sub(r"\S+$", "", after, count=1)
    return before, text[span.start : span.end], after


def locate(text: str, words: str, *, alike: bool = False) -> list[Span]:
    """Return spans of all places where the words stand, to help who codes from pasted words.

    With `alike`, blanks, quotation marks and dashes may be of another kind, as pasting changes them.

    Raises
    ------
    CallError: there are no words to look for.
    """
    if not words.strip():
        raise CallError("There are no words to look for.", code="no-words", hint="Paste some words.")
    pattern = re.escape(words) if not alike else r"\s+".join(map(_loosely, words.split()))
    places = (match.span() for match in re.finditer(pattern, text))
    return [make_span(text, start, end) for start, end in islice(places, _MOST_PLACES)]


def _within(text: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(text):
        raise CallError(
            f"The span [{start}, {end}] does not lie within the text of {len(text)} characters.",
            code="span-out-of-range",
            where=f"[{start}, {end}]",
            hint="start counts from 0 and lies before end; end is at most the length of the text.",
        )


def _loosely(word: str) -> str:
    """Return the pattern of a word in which marks of a kind stand for one another."""
    kinds = {mark: f"[{re.escape(kind)}]" for kind in (_QUOTATION, _DASHES) for mark in kind}
    return "".join(kinds.get(character, re.escape(character)) for character in word)


def _unhashed(span: Span, text: str) -> Anchored:
    if span.end > len(text):
        reason = f"The span ends at {span.end}, the text at {len(text)}; it has no hash to find it by."
        return Anchored("lost", None, None, (), reason)
    reason = "The span has no hash of its words: nothing shows that these are the words that were coded."
    return Anchored("to-review", None, None, (Candidate(span.start, span.end),), reason)


def _counted(number: int) -> str:
    return str(number) if number < _MOST_PLACES else f"{number} or more"


# --- the same words elsewhere ------------------------------------------------------------------


def _same_words(span: Span, outline: Outline) -> list[Stretch]:
    """Return the places (at most 50) where the very words of the span stand."""
    text, length = outline.text, span.end - span.start
    tries = islice(_likely(span, outline), max(_FEWEST_TRIES, _MOST_HASHED // length))
    hit = next((at for at in tries if digest(text[at : at + length], 16) == span.words), None)
    if hit is None:
        return []
    # One hit tells the words; from here on the plain search is exact and faster.
    words = text[hit : hit + length]
    places: list[Stretch] = []
    at = text.find(words)
    while at >= 0 and len(places) < _MOST_PLACES:
        places.append((at, at + length))
        at = text.find(words, at + 1)
    return places


def _likely(span: Span, outline: Outline) -> Iterator[int]:
    """Yield the places at which the words of the span can begin.

    More than three words begin where their first three do. Up to three words may end within a word
    of the text, so that every place must be tried; equal hashes of both ends give them away.
    """
    last = len(outline.text) - (span.end - span.start)
    if span.first is not None:
        yield from (at for at in _places(outline.from_here, span.first) if at <= last)
    if span.first is None or span.first == span.last:
        yield from range(last + 1)


def _places(hashes: Hashes, wanted: str) -> list[int]:
    found: list[int] = np.flatnonzero(hashes == int(wanted, 16)).tolist()
    return found


# --- changed words -----------------------------------------------------------------------------


def _changed(span: Span, outline: Outline) -> Anchored:
    proposed = {*_by_edges(span, outline), *_by_neighbours(span, outline)}
    candidates = _ranked(proposed, span, outline)
    if candidates:
        named = ", ".join(candidates[0].grounds)
        reason = f"The words have changed; what is left points to a place: {named}."
        return Anchored("to-review", None, None, candidates, reason)
    return Anchored("lost", None, None, (), "Neither the words nor their edges or neighbours are there.")


def _near(places: Iterable[int], target: int) -> list[int]:
    return sorted(sorted(places, key=lambda at: abs(at - target))[:_MOST_PLACES])


def _by_edges(span: Span, outline: Outline) -> Iterator[Stretch]:
    """Yield stretches that begin or end with the first or last three words of the span."""
    text, length = outline.text, span.end - span.start
    firsts = _places(outline.from_here, span.first) if span.first else []
    lasts = _places(outline.up_to_here, span.last) if span.last else []
    starts = _near((at for at in firsts if not text[at].isspace()), span.start)
    ends = _near((at for at in lasts if at and not text[at - 1].isspace()), span.end)
    for start in starts:
        fitting = [end for end in ends if start < end <= start + _reach(span)]
        yield start, (fitting[0] if fitting else min(start + length, len(text)))
    for end in ends:
        if not any(start < end <= start + _reach(span) for start in starts):
            yield max(0, end - length), end


def _by_neighbours(span: Span, outline: Outline) -> Iterator[Stretch]:
    """Yield the sentences that stand after or before the neighbours of the span."""
    sentences, reach = outline.sentences, _reach(span)
    befores = _near(outline.by_hash.get(span.before or "", []), span.sentence or 0)
    afters = _near(outline.by_hash.get(span.after or "", []), span.sentence or 0)
    for number in befores:
        start = sentences[min(number + 1, len(sentences) - 1)][0]
        ends = [sentences[after - 1][1] for after in afters if after > number + 1]
        if ends and ends[0] - start <= reach:
            yield start, ends[0]
        # Neighbours that touch show that what stood between them is gone.
        elif number + 1 < len(sentences) and number + 1 not in afters:
            yield sentences[number + 1]
    for number in afters:
        if number > 0 and number - 1 not in befores:
            yield sentences[number - 1]


def _reach(span: Span) -> int:
    """Return how long the changed words may be, in characters, to count as the same passage."""
    return 3 * (span.end - span.start) + 200


def _ranked(places: Iterable[Stretch], span: Span, outline: Outline) -> tuple[Candidate, ...]:
    """Return the places as candidates, those with most grounds and nearest to the old place first."""
    found = [Candidate(start, end, _grounds(start, end, span, outline)) for start, end in places]
    found.sort(key=lambda one: (-len(one.grounds), abs(one.start - span.start), one.start, one.end))
    return tuple(found[:_MOST_CANDIDATES])


def _grounds(start: int, end: int, span: Span, outline: Outline) -> tuple[str, ...]:
    before, after = outline.around(start, end)
    words = outline.text[start:end].split()
    claims = {
        "first words": hash_of_words(words[:WORDS_HASHED]) == span.first,
        "last words": hash_of_words(words[-WORDS_HASHED:]) == span.last,
        "sentence before": before is not None and before == span.before,
        "sentence after": after is not None and after == span.after,
        "number of the sentence": span.sentence is not None and outline.number(start) == span.sentence,
    }
    return tuple(ground for ground, holds in claims.items() if holds)
