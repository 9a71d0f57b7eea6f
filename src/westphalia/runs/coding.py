"""Help with coding a text: everything the dossier proposes for it, bound to a case.

No draw and no seed: the same text and case give the same suggestions, in time linear in the text. A
suggestion becomes a statement only where a person says so (`westphalia.runs.coding_decisions`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from westphalia.case.schema import CaseFile
from westphalia.dossier.acts import acts
from westphalia.dossier.anchors import make_span
from westphalia.dossier.assistant import Assisted
from westphalia.dossier.expressions import expressions
from westphalia.dossier.lexicon import LANGUAGES, language_of
from westphalia.dossier.loaded import loaded_words
from westphalia.dossier.mentions import mentions
from westphalia.dossier.metadata import meta_in_text
from westphalia.dossier.newcomers import new_actors
from westphalia.dossier.overlap import LEAST_OVERLAP, common_share
from westphalia.dossier.proposals import Act, KnownActor, Meta, Party, Proposal, Sheet, Speech, Stretch
from westphalia.dossier.quotations import propose_quotations
from westphalia.dossier.review import Entry
from westphalia.dossier.schema import Source, Statement
from westphalia.dossier.speech import propose_speech
from westphalia.dossier.texts import SourceText
from westphalia.errors import CallError, suggest
from westphalia.fields import first_day

Part = Literal["speaker", "teller", "addressee"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a suggestion leaves open: which part, the question, where the text names it, likely actors."""

    part: Part
    question: str
    words: Stretch | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that is suggested: what is known of it, and what has to be asked first.

    `line` counts from 1; `coded_as` is the id of a statement of the case at the same place.
    """

    entry: Entry
    line: int
    questions: tuple[Question, ...] = ()
    coded_as: str | None = None


@dataclass(frozen=True)
class Suggestions:
    """All that is proposed for one text of a case: the sheet, and the statements made of its speech."""

    source: Source
    text: SourceText
    language: str
    sheet: Sheet
    statements: tuple[Suggestion, ...]

    @cached_property
    def lines(self) -> list[int]:
        """Where each line of the text ends."""
        return _line_ends(self.text.text)

    def line(self, place: int) -> int:
        """Return the number of the line at a place, from 1."""
        return bisect_right(self.lines, place) + 1

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """How many proposals there are, by kind and tier."""
        found: dict[tuple[str, str], int] = {}
        for one in self.sheet:
            found[one.kind, one.tier] = found.get((one.kind, one.tier), 0) + 1
        return dict(sorted(found.items()))


def suggestions(case: CaseFile, source: Source, text: SourceText, language: str = "auto") -> Suggestions:
    """Return everything proposed for a text of a case. Time and memory: linear in the text.

    Parameters
    ----------
    source: the source of the case, or to be, that the text belongs to.
    language: de, en, or auto for that of the source, else that of the text's small words.

    Raises
    ------
    CallError: the case has no actors, or the language is neither German nor English.
    """
    actors = known_actors(case)
    if not actors:
        hint = "Name at least one in the case file; speakers are looked for among them."
        raise CallError("The case has no actors.", code="no-actors", where="actors", hint=hint)
    chosen = _language(language, source, text.text)
    sheet = sheet_of(text.text, actors, chosen, _day(source, text.text, chosen))
    held = [one for one in case.statements if one.source == source.id and one.span is not None]
    made = tuple(_statements(text.text, source.id, sheet, held))
    return Suggestions(source, text, chosen, sheet, made)


def recoded(found: Suggestions, case: CaseFile) -> Suggestions:
    """Return the suggestions with what the case has at their places by now. Time: linear in both."""
    source = found.source.id
    coded = _Coded([one for one in case.statements if one.source == source and one.span is not None])
    statements = []
    for one in found.statements:
        start, end = one.entry.place[1:3]
        speaker = str(one.entry.fields.get("speaker") or "") or None
        statements.append(replace(one, coded_as=coded.at(start, end, speaker)))
    return replace(found, statements=tuple(statements))


def known_actors(case: CaseFile) -> tuple[KnownActor, ...]:
    """Return the actors of a case as the plain data that the rules look for."""
    return tuple(
        KnownActor(
            id=actor.id,
            names=tuple(dict.fromkeys(actor.name.by_language.values())),
            kind=actor.kind,
            aliases=actor.aliases,
            roles=tuple(dict.fromkeys(actor.role.by_language.values())) if actor.role else (),
            speaks_for=actor.speaks_for,
        )
        for actor in case.actors
    )


def sheet_of(text: str, actors: Sequence[KnownActor], language: str, document: str | None) -> Sheet:
    """Return all proposals for a text in one sheet; `document` is its date, if that is known."""
    quotations = propose_quotations(text, actors)
    mentioned = mentions(text, actors)
    loaded = loaded_words(text, language)
    return Sheet.of(
        meta_in_text(text, language),
        quotations,
        propose_speech(text, actors, quotations=quotations, mentioned=mentioned, language=language),
        mentioned,
        expressions(text, language, document),
        acts(text, language, loaded=loaded),
        loaded,
        new_actors(text, actors, mentioned=mentioned),
    )


def with_assisted(found: Suggestions, assisted: Assisted) -> Suggestions:
    """Return the suggestions with those of an assistant among them, in the order of the text."""
    more = [_of_assistant(found, entry) for entry in assisted.entries]
    known = {one.entry.id for one in more}
    others = (one for one in found.statements if one.entry.id not in known)
    every = sorted((*others, *more), key=lambda one: one.entry.place)
    sheet = Sheet.of(found.sheet.proposals, assisted.sheet.proposals)
    return Suggestions(found.source, found.text, found.language, sheet, tuple(every))


def _of_assistant(found: Suggestions, entry: Entry) -> Suggestion:
    is_open = entry.fields.get("speaker") is None
    questions = (Question("speaker", "who speaks?", None, ()),) if is_open else ()
    return Suggestion(entry, found.line(entry.place[1]), questions)


def _language(wanted: str, source: Source, text: str) -> str:
    if wanted in LANGUAGES:
        return wanted
    if wanted != "auto":
        hint = suggest(wanted, (*LANGUAGES, "auto"))
        raise CallError(f"There are no rules for '{wanted}'.", code="unknown-language", hint=hint)
    found = source.language or language_of(text)
    if found not in LANGUAGES:
        told = f"The source is in '{found}'." if found else "The text seems neither German nor English."
        hint = "If it is one of them nevertheless, say which: --language de or --language en."
        raise CallError(told, code="unknown-language", where=source.id, hint=hint)
    return found


def _day(source: Source, text: str, language: str) -> str | None:
    """Return the date of the document: that of the source, else the one that its header states."""
    if source.date is not None:
        return source.date.first
    stated = {
        one.details.value
        for one in meta_in_text(text, language)
        if one.tier == "sure" and isinstance(one.details, Meta) and one.details.name == "date"
    }
    return next(iter(stated)) if len(stated) == 1 and is_date(*stated) else None


def is_date(words: str) -> bool:
    """Tell whether words are a year, month or day that there is, as a case file writes them."""
    try:
        first_day(words)
    except ValueError:
        return False
    return True


# --- statements --------------------------------------------------------------------------------


def _statements(text: str, source: str, sheet: Sheet, held: Sequence[Statement]) -> Iterator[Suggestion]:
    ends = _line_ends(text)
    kinds = _Acts(sheet.of_kind("act"))
    coded = _Coded(held)
    times: dict[str, int] = {}
    for one in sheet.of_kind("speech"):
        if isinstance(one.details, Speech):
            start, end = extent(one.details, one)
            entry = _entry(text, source, one, one.details, (start, end), kinds, times)
            speaker = one.details.source.actor
            yield Suggestion(
                entry, bisect_right(ends, start) + 1, _questions(one.details), coded.at(start, end, speaker)
            )


def extent(speech: Speech, proposal: Proposal) -> Stretch:
    """Return the stretch of a statement: what is said, or all of the words where it is only summarised."""
    spans = speech.contents or proposal.spans
    return spans[0][0], max(end for _, end in spans)


def _entry(
    text: str,
    source: str,
    proposal: Proposal,
    speech: Speech,
    place: Stretch,
    kinds: _Acts,
    times: dict[str, int],
) -> Entry:
    fields: dict[str, Any] = {
        "source": source,
        "span": make_span(text, *place).model_dump(exclude_none=True),
        "mode": speech.mode,
        "kind": kinds.within(*proposal.spans, *speech.cue, *speech.contents) or "fact",
    }
    tellers = [one.actor for one in speech.tellers if one.actor is not None]
    whom = speech.addressee.actor if speech.addressee is not None else None
    known = {"speaker": speech.source.actor, "tellers": tellers, "addressee": [whom] if whom else []}
    fields |= {name: value for name, value in known.items() if value}
    name = _free(place_id(source, *place), times)
    return Entry(id=name, fields=fields, rule=proposal.rule, tier=proposal.tier)


def place_id(source: str, start: int, end: int) -> str:
    """Return the id of what is coded at a place of a source, if nothing else has it."""
    return f"{source[:40]}-{start}-{end}"


def _free(name: str, times: dict[str, int]) -> str:
    """Return the name, numbered from its second time on; a place has no third part, so none meets another."""
    times[name] = times.get(name, 0) + 1
    return name if times[name] == 1 else f"{name}-{times[name]}"


def _questions(speech: Speech) -> tuple[Question, ...]:
    """Return a question for everyone whom the text leaves open or names with none of the case's names."""
    parties: list[tuple[Part, Party]] = [("speaker", speech.source)]
    parties += [("teller", one) for one in speech.tellers]
    if speech.addressee is not None:
        parties.append(("addressee", speech.addressee))
    found = []
    for part, party in parties:
        if party.actor is None:
            asked = party.asked
            likely = [one.actor for one in asked.candidates if one.actor] if asked else []
            question = asked.question if asked else "who is this?"
            found.append(Question(part, question, party.words, tuple(dict.fromkeys(likely))))
    return tuple(found)


class _Acts:
    """The kinds of statement that sure words point to, by place."""

    def __init__(self, proposals: Iterable[Proposal]) -> None:
        self._found: list[tuple[int, int, str]] = [
            (one.start, one.end, one.details.act)
            for one in proposals
            if one.tier == "sure" and isinstance(one.details, Act)
        ]
        self._starts = [start for start, _, _ in self._found]

    def within(self, *stretches: Stretch) -> str | None:
        """Return the kind that the first word within the stretches points to, None without any."""
        firsts = (self._first(*stretch) for stretch in stretches)
        found = [one for one in firsts if one is not None]
        return min(found)[2] if found else None

    def _first(self, start: int, end: int) -> tuple[int, int, str] | None:
        for at in range(bisect_left(self._starts, start), bisect_left(self._starts, end)):
            if self._found[at][1] <= end:
                return self._found[at]
        return None


class _Coded:
    """The statements that a case has of a text, in order."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        rows = [(one.span.start, one.span.end, one) for one in statements if one.span is not None]
        self._rows = sorted(rows, key=lambda row: (row[0], row[1], row[2].id))
        self._starts = [start for start, _, _ in self._rows]
        self._longest = max((end - start for start, end, _ in self._rows), default=0)

    def at(self, start: int, end: int, speaker: str | None) -> str | None:
        """Return the statement of the same speaker, if that is known, that covers most of a stretch."""
        best, most = None, LEAST_OVERLAP
        near = range(bisect_left(self._starts, start - self._longest), bisect_left(self._starts, end))
        for first, last, one in (self._rows[at] for at in near):
            share = common_share((first, last), (start, end))
            if share >= most and one.status != "rejected" and speaker in (None, one.speaker):
                best, most = one.id, share
        return best


def _line_ends(text: str) -> list[int]:
    return [mark.end() for mark in re.finditer("\n", text)]
