"""Word lists as data, one file a list and language: `<language>/<name>.txt`, loaded once.

A line holds one entry; lines that begin with ``#`` are comments. A line `key: words …` is a row of a
table.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

LANGUAGES = ("de", "en")


@cache
def entries(name: str, language: str) -> tuple[str, ...]:
    """Return the entries of a list in one language, in the order of the file."""
    home = resources.files("westphalia.dossier.lexicon").joinpath(language, f"{name}.txt")
    lines = (line.strip() for line in home.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def words(name: str, language: str) -> frozenset[str]:
    """Return the single words of a list in one language, whatever lines they stand on."""
    return frozenset(word for line in entries(name, language) for word in line.split())


@cache
def table(name: str, language: str | None = None) -> dict[str, tuple[str, ...]]:
    """Return the rows of a list, in one language or in all: words by key; rows of one key are joined."""
    rows: dict[str, tuple[str, ...]] = {}
    chosen = LANGUAGES if language is None else (language,)
    for line in (line for one in chosen for line in entries(name, one)):
        key, _, rest = line.partition(":")
        rows[key.strip()] = rows.get(key.strip(), ()) + tuple(rest.split())
    return rows


def language_of(text: str) -> str | None:
    """Return the language whose small words are more frequent, None if neither has the lead.

    The first 20,000 characters decide.
    """
    found = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    votes = {language: sum(word in _small(language) for word in found) for language in LANGUAGES}
    first, second = sorted(votes, key=lambda language: -votes[language])[:2]
    return first if votes[first] > votes[second] else None


@cache
def _small(language: str) -> frozenset[str]:
    rows = table("grammar", language)
    return frozenset(rows["nominative"] + rows["oblique"] + rows["prepositions"] + rows["pronouns"])
