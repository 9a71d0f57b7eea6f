"""The names of a case's actors as one automaton: words with their forms, and what each way through means.

Beside the names that the case gives stand those that follow from them: a surname, the adjective and
the people of a state, *the Ukrainian government*, *President* of a person whose role says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from westphalia.dossier.inflection import Sort, forms, is_upper, sort_of
from westphalia.dossier.lexicon import LANGUAGES, entries, table
from westphalia.dossier.proposals import KnownActor

WORD = re.compile(r"\w+")
Key = tuple[str, Sort]
_LONGEST = 12
_INITIALS = re.compile(r"^(?:\w\. ?)+")
_STATES = frozenset({"state", "bloc", "organisation", None})
_PROPER = frozenset({"state", "person"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means: the actor, by what, and whether the case itself says so.

    `actor` is None for the people of a state that the case has no actor for; `of` is the state.
    """

    actor: str | None
    via: str
    is_stated: bool = False
    of: str | None = None


@dataclass(slots=True)
class _Node:
    children: dict[Key, _Node] = field(default_factory=dict)
    meanings: dict[Meaning, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _State:
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    seats: tuple[str, ...]
    language: str


class NameIndex:
    """All names of the actors; made once for a case, then read for each text."""

    def __init__(self, actors: Sequence[KnownActor]) -> None:
        self.root = _Node()
        self.keys: dict[str, tuple[Key, ...]] = {}
        self.actors = {actor.id: actor for actor in actors}
        for actor in actors:
            self._add_stated(actor)
        for actor in actors:
            self._add_surname(actor)
            self._add_roles(actor)
        for actor in actors:
            for state in _states_of(actor):
                self._add_state(actor, state)

    def keys_of(self, word: str) -> tuple[Key, ...]:
        """Return the words of names of which this is a form; capitals throughout are looked through."""
        found = self.keys.get(word, ())
        return found if found or not is_upper(word) else self.keys.get(word.capitalize(), ())

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield each stated name and alias, and the surnames of persons, with the id of the actor."""
        for actor in self.actors.values():
            for name in (*actor.names, *actor.aliases):
                yield name, actor.id
                if actor.kind == "person" and " " in name:
                    yield name.split()[-1], actor.id

    def persons_with(self, role: str, state: str) -> list[str]:
        """Return the persons who speak for a state and whose role has the word."""
        sought = role.casefold()
        return [
            actor.id
            for actor in self.actors.values()
            if actor.speaks_for == state
            and any(sought in WORD.findall(one.casefold()) for one in actor.roles)
        ]

    # --- filling ---------------------------------------------------------------------------------

    def _add(self, words: Iterable[Key], meaning: Meaning) -> None:
        node = self.root
        for key in words:
            for form in forms(*key):
                if key not in self.keys.get(form, ()):
                    self.keys[form] = (*self.keys.get(form, ()), key)
            node = node.children.setdefault(key, _Node())
        node.meanings[meaning] = None

    def _add_stated(self, actor: KnownActor) -> None:
        for name in (*actor.names, *actor.aliases):
            words = _keys(name, actor)
            if 0 < len(words) <= _LONGEST:
                self._add(words, Meaning(actor.id, "name", is_stated=True))

    def _add_surname(self, actor: KnownActor) -> None:
        if actor.kind != "person":
            return
        for name in actor.names:
            words = WORD.findall(_INITIALS.sub("", name))
            if len(words[-1:]) and len(WORD.findall(name)) > 1 and len(words[-1]) > 2:
                self._add([(words[-1], "name")], Meaning(actor.id, "surname"))

    def _add_roles(self, actor: KnownActor) -> None:
        if actor.kind != "person":
            return
        principal = self.actors.get(actor.speaks_for or "")
        for role in actor.roles:
            words = _office(role, principal)
            if words:
                keys: list[Key] = [(word, "fixed") for word in words[:-1]]
                self._add([*keys, (words[-1], "noun")], Meaning(actor.id, "role"))

    def _add_state(self, actor: KnownActor, state: _State) -> None:
        for seat in state.seats:
            self._add([(word, "name") for word in WORD.findall(seat)], Meaning(actor.id, "capital"))
        folk = self._people_of(state)
        crowd = Meaning(folk, "people", of=actor.id)
        for people in state.people:
            self._add(_noun(people), crowd)
        rows = table("collectives", state.language)
        rulers = self._government_of(actor.id)
        for adjective in state.adjectives:
            stem = _adjective(adjective)
            self._add(stem, Meaning(actor.id, "adjective"))
            for noun in rows["people"]:
                self._add([*stem, (noun, "noun")], crowd)
            for noun in rows["government"] if rulers else ():
                self._add([*stem, (noun, "noun")], Meaning(rulers, "government"))
        for name in state.names:
            for noun in rows["people"]:
                for link in (("of",), ("of", "the"), ("der",), ("des",), ("von",), ("in", "der")):
                    keys: list[Key] = [(noun, "noun"), *((word, "fixed") for word in link)]
                    self._add([*keys, *((word, "name") for word in WORD.findall(name))], crowd)

    def _people_of(self, state: _State) -> str | None:
        """Return the public whose own names are those of the state's people."""
        for actor in self.actors.values():
            if actor.kind == "public" and not set(state.people).isdisjoint((*actor.names, *actor.aliases)):
                return actor.id
        return None

    def _government_of(self, state: str) -> str | None:
        own = [a.id for a in self.actors.values() if a.kind == "government" and a.speaks_for == state]
        return own[0] if len(own) == 1 else None


@lru_cache(maxsize=8)
def index_of(actors: tuple[KnownActor, ...]) -> NameIndex:
    """Return the index of a case's actors; those of the last few cases are kept."""
    return NameIndex(actors)


@lru_cache(maxsize=1)
def seats() -> frozenset[str]:
    """Return the capitals that stand for a state or only for a place."""
    return frozenset(seat for state in _all_states() for seat in state.seats)


@cache
def offices() -> re.Pattern[str]:
    """Return the pattern of a word, lower case, that is an office or ends in one."""
    words = (word.lower() for word in table("collectives")["role"])
    return re.compile(rf"\w*(?:{'|'.join(sorted(words, key=len, reverse=True))})(?:s|es|en|n|innen)?")


def _keys(name: str, actor: KnownActor) -> list[Key]:
    words = WORD.findall(name)
    is_person = actor.kind == "person"
    is_proper = actor.kind in _PROPER or actor.kind is None
    last = len(words) - 1
    return [
        (word, sort_of(word, is_last=place == last, is_person=is_person, is_proper=is_proper))
        for place, word in enumerate(words)
    ]


def _adjective(words: str) -> list[Key]:
    return [(word, "fixed" if word.isupper() else "adjective") for word in WORD.findall(words)]


def _noun(words: str) -> list[Key]:
    parts = WORD.findall(words)
    return [*((part, "fixed") for part in parts[:-1]), (parts[-1], "noun")]


def _office(role: str, principal: KnownActor | None) -> list[str]:
    """Return the words of an office without the state it is held in; empty if the role is none."""
    bare = role
    for name in sorted(principal.names if principal else (), key=len, reverse=True):
        bare = re.sub(rf"(?:\b(?:of|der|des|von|for)\b(?: the| der)? )?{re.escape(name)}s?", "", bare)
    words = WORD.findall(bare)
    is_office = 0 < len(words) <= 4 and any(offices().fullmatch(word.lower()) for word in words)
    return words if is_office and words[0][0].isupper() else []


@lru_cache(maxsize=1)
def _all_states() -> tuple[_State, ...]:
    return tuple(_state(row, language) for language in LANGUAGES for row in entries("states", language))


def _state(row: str, language: str) -> _State:
    names, adjectives, people, capitals = (part.strip() for part in row.split("|"))
    return _State(
        names=tuple(name.strip() for name in names.split(",")),
        adjectives=_listed(adjectives),
        people=_listed(people),
        seats=_listed(capitals),
        language=language,
    )


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in words.split())


def _states_of(actor: KnownActor) -> list[_State]:
    """Return the rows of the list of states that the actor's names belong to."""
    if actor.kind not in _STATES:
        return []
    own = {*actor.names, *actor.aliases}
    return [state for state in _all_states() if not own.isdisjoint(state.names)]
