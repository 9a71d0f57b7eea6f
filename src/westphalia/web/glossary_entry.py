"""What an entry of the glossary is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A term: `id` is its anchor on the page of words, `sentence` says what it means."""

    id: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that belong together, under a heading."""

    id: str
    title: str
    entries: tuple[Entry, ...]
