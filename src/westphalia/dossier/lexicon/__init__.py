"""Word lists as data, one file a list and language: `<language>/<name>.txt`, loaded once.

A line holds one entry; lines that begin with ``#`` are comments. A line `key: words …` is a row of a
table.
"""

from __future__ import annotations

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
def words(name: str, language: str | None = None) -> frozenset[str]:
    """Return the single words of a list, in one language or in all, whatever lines they stand on."""
    chosen = LANGUAGES if language is None else (language,)
    return frozenset(word for one in chosen for line in entries(name, one) for word in line.split())


@cache
def table(name: str, language: str) -> dict[str, tuple[str, ...]]:
    """Return the rows of a list in one language: the words by their key."""
    rows = (line.partition(":") for line in entries(name, language))
    return {key.strip(): tuple(rest.split()) for key, _, rest in rows}
