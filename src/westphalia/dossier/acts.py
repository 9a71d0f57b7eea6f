"""What a statement does: threat, offer, promise, demand, commitment … by words that point to it.

A word shows the kind of act no more than a gesture does; the lists say which words are plain (*sure*) and
which only point somewhere (*possible*). An agreement is coded as a commitment, and its rule says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from westphalia.dossier.lexicon import entries
from westphalia.dossier.loaded import loaded_words
from westphalia.dossier.phrases import Phrases, rows_of
from westphalia.dossier.proposals import Act, Loaded, Proposal


def acts(text: str, language: str, *, loaded: Sequence[Proposal] | None = None) -> tuple[Proposal, ...]:
    """Return the words of a text that point to a kind of statement, in order.

    A loaded wording points, possibly, to an evaluation; `loaded` are those of `loaded_words`, if they
    are there already. Time: linear in the text.
    """
    heads, phrases = _list(language)
    found = []
    for one in phrases.find(text):
        kind, tier, rule = heads[one.row]
        act = Act(kind, one.phrase)
        found.append(Proposal("act", ((one.start, one.end),), tier, f"act-{rule}", act))
    for word in loaded_words(text, language) if loaded is None else loaded:
        listed = word.details.word if isinstance(word.details, Loaded) else ""
        details = Act("evaluation", listed)
        found.append(Proposal("act", word.spans, "possible", "act-evaluation-loaded", details))
    return _widest(found)


@cache
def _list(language: str) -> tuple[list[tuple[Any, Any, str]], Phrases]:
    rows = rows_of(entries("acts", language))
    return [(kind, tier, rule) for (kind, tier, rule), _ in rows], Phrases(phrases for _, phrases in rows)


def _widest(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals without those that lie within another of the same kind of act."""
    kept: list[Proposal] = []
    reach: dict[str, int] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end, one.tier != "sure", one.rule)):
        kind = one.details.act if isinstance(one.details, Act) else ""
        if one.end > reach.get(kind, 0):
            reach[kind] = one.end
            kept.append(one)
    return tuple(kept)
