"""Loaded wordings: words that judge where they seem to name, with what a neutral reader should know."""

from __future__ import annotations

from functools import cache

from westphalia.dossier.lexicon import entries
from westphalia.dossier.phrases import Phrases, rows_of
from westphalia.dossier.proposals import Loaded, Proposal


def loaded_words(text: str, language: str) -> tuple[Proposal, ...]:
    """Return the loaded wordings of a text, in order; all are possible, for a list knows no context.

    Time: linear in the text.
    """
    sorts, phrases, notes = _list(language)
    found = []
    done = 0
    for one in sorted(phrases.find(text), key=lambda one: (one.start, -one.end)):
        if one.start < done:
            continue
        done = one.end
        sort = sorts[one.row]
        details = Loaded(one.phrase, notes[sort])
        found.append(Proposal("loaded", ((one.start, one.end),), "possible", f"loaded-{sort}", details))
    return tuple(found)


@cache
def _list(language: str) -> tuple[list[str], Phrases, dict[str, str]]:
    rows = rows_of(entries("loaded", language))
    parts = (line.partition(":") for line in entries("loaded-notes", language))
    notes = {sort: note.strip() for sort, _, note in parts}
    return [head[0] for head, _ in rows], Phrases(phrases for _, phrases in rows), notes
