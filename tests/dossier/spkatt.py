"""German news with reported speech marked (SpkAtt-2023, task 2): read, made text again, and scored against.

Training part of the Shared Task on Speaker Attribution 2023 (KONVENS), uhh-lt/news-speaker-attribution-2023.
The articles are CC BY-NC-SA and not part of the project.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from westphalia.dossier.proposals import Proposal, Speech
from westphalia.dossier.speech import propose_speech

_NO_BLANK_BEFORE = {*",.!?:;)]}…“”«’‘", "..."}
_COUNTED = ("marked", "found", "named_right", "named_wrong", "pronoun_right", "first_right")
_NO_BLANK_BEHIND = {*"([{„»‚"}


@dataclass(frozen=True)
class Article:
    """A text, the places of the tokens of its sentences, and the marked speech."""

    text: str
    tokens: list[list[tuple[int, int]]]
    speech: list[dict[str, list[str]]]

    def places(self, references: Iterable[str]) -> list[int]:
        """Return where the tokens begin that references ("sentence:token") name."""
        return [self.tokens[int(s)][int(t)][0] for s, _, t in (r.partition(":") for r in references)]

    def holding_speech(self) -> set[int]:
        """Return the numbers of the sentences that hold a cue or message."""
        return {int(r.split(":")[0]) for one in self.speech for r in one["Message"] + one["Cue"]}


def articles(path: Path, *, parts_headings: bool = False) -> Iterator[Article]:
    """Yield the articles, their tokens set as German is; with a line of its own for each heading if asked."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            rows = [sentence["Tokens"] for sentence in raw["Sentences"]]
            text, tokens = _text(rows, "\n" if parts_headings else " ")
            yield Article(text, tokens, raw["Annotations"])


def _text(rows: list[list[str]], behind_heading: str) -> tuple[str, list[list[tuple[int, int]]]]:
    text, tokens, wants_blank, is_open = "", [], False, False
    for row in rows:
        places = []
        for token in row:
            is_open = is_open != (token == '"')
            is_closing = token == '"' and not is_open
            if text and wants_blank and token not in _NO_BLANK_BEFORE and not is_closing:
                ends_heading = not places and text[-1].isalnum()
                text += behind_heading if ends_heading else " "
            places.append((len(text), len(text) + len(token)))
            text += token
            wants_blank = token not in _NO_BLANK_BEHIND and not (token == '"' and is_open)
        tokens.append(places)
    return text, tokens


def sentence_scores(
    found: Iterable[list[tuple[int, int]]], read: list[Article]
) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the ends of sentences."""
    hits = proposed = marked = 0
    for stretches, article in zip(found, read, strict=True):
        gold = {row[-1][1] for row in article.tokens if row}
        ends = {end for _, end in stretches}
        hits, proposed, marked = hits + len(gold & ends), proposed + len(ends), marked + len(gold)
    precision, recall = hits / proposed, hits / marked
    return precision, recall, 2 * precision * recall / (precision + recall)


@dataclass(frozen=True)
class Hit:
    """A sentence in which speech is proposed: by which rules, and whether it is marked."""

    rules: frozenset[str]
    is_right: bool


@dataclass(frozen=True)
class Scored:
    """The sentences with proposals, the number of marked sentences, and what became of the sources.

    Of the `found` marked speech with a marked source: named by the proposal, rightly or wrongly; a pronoun
    at the marked place, who it is being asked; nobody, and the first candidate of the question is right.
    """

    hits: list[Hit]
    marked: int
    found: int
    named_right: int
    named_wrong: int
    pronoun_right: int
    first_right: int

    @property
    def right(self) -> float:
        """The share whose source is named rightly."""
        return self.named_right / self.found

    @property
    def right_or_asked(self) -> float:
        """The share whose source is named rightly, or stands first in what is asked."""
        return (self.named_right + self.pronoun_right + self.first_right) / self.found

    def of(self, rules: Iterable[str]) -> tuple[float, float]:
        """Return precision and recall of the sentences that any of the rules proposes."""
        wanted = frozenset(rules)
        chosen = [hit.is_right for hit in self.hits if hit.rules & wanted]
        return sum(chosen) / max(1, len(chosen)), sum(chosen) / self.marked


def scored(read: Iterable[Article]) -> Scored:
    """Return how the proposals of speech agree with what is marked."""
    hits: list[Hit] = []
    counts = dict.fromkeys(_COUNTED, 0)
    for article in read:
        proposals = propose_speech(article.text)
        gold = article.holding_speech()
        counts["marked"] += len(gold)
        rules: dict[int, set[str]] = {}
        for proposal in proposals:
            for number in _sentences_of(article, proposal):
                rules.setdefault(number, set()).add(proposal.rule)
        hits += [Hit(frozenset(named), number in gold) for number, named in rules.items()]
        _count_sources(article, proposals, counts)
    return Scored(hits, **counts)


def _sentences_of(article: Article, proposal: Proposal) -> set[int]:
    numbered = [(row[0][0], number) for number, row in enumerate(article.tokens) if row]
    starts = [start for start, _ in numbered]
    details = proposal.details
    assert isinstance(details, Speech)
    body = [*details.cue, *details.contents]
    if not details.contents or details.form == "free-indirect":
        body.append(proposal.spans[0])
    return {
        numbered[at][1]
        for start, end in body
        for at in range(max(0, bisect_right(starts, start) - 1), bisect_right(starts, end - 1))
    }


def _count_sources(article: Article, proposals: list[Proposal], counts: dict[str, int]) -> None:
    """Count sources of the marked speech that a proposal meets: named, a pronoun, or the first one asked.

    A name and the pronoun that was asked with it as first candidate count as the same source.
    """
    details = [one.details for one in proposals if isinstance(one.details, Speech)]
    same: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one in details:
        if one.source.words and one.source.asked and one.source.asked.candidates:
            same.setdefault(one.source.asked.candidates[0].words, []).append(one.source.words)
    for marked in article.speech:
        met = _met(article, marked, details) if marked["Source"] else None
        if met is None:
            continue
        gold = article.places(marked["Source"])
        counts["found"] += 1
        if met.source.words is not None:
            is_right = any(met.source.words[0] <= at < met.source.words[1] for at in gold)
            if met.source.asked is None:
                counts["named_right" if is_right else "named_wrong"] += 1
            else:
                counts["pronoun_right"] += is_right
        elif met.source.asked and met.source.asked.candidates:
            words = met.source.asked.candidates[0].words
            places = [words, *same.get(words, ())]
            counts["first_right"] += any(start <= at < end for start, end in places for at in gold)


def _met(article: Article, marked: dict[str, list[str]], details: list[Speech]) -> Speech | None:
    """Return the proposal that shares most with marked speech, a shared cue before shared content."""
    cue, message = article.places(marked["Cue"]), article.places(marked["Message"])
    cue_and_message = cue + message

    def shared(one: Speech) -> float:
        by_cue = sum(start <= at < end for start, end in one.cue for at in cue)
        by_content = sum(start <= at < end for start, end in one.contents for at in cue_and_message)
        return 30 * by_cue + by_content

    best = max(details, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None
