"""Reasons in words, in the language asked for; names of actors and moves come from the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from westphalia.methods.stability.conflict import Conflict, Preferences
from westphalia.methods.stability.reasons import Improvement, Reason, Sanction
from westphalia.methods.stability.sets import FORESIGHT

_WORDS = {
    "en": {
        "stays": "{actor} stays in {state}: it can move to nothing it prefers.",
        "deterred": "{actor} stays in {state}: each of its improvements would be punished.",
        "leaves": "{actor} leaves {state}.",
        "improves": "It could {change}, and so reach {state}, which it prefers.",
        "answer": "The others can answer: {path}. That ends in {end}, which it likes {than}.",
        "at once": "Meanwhile the others can improve: {path}. That ends in {end}, which it likes {than}.",
        "escape": "The others can answer: {path}. But from {end} it could {change}, "
        "and so reach {state}, which it prefers.",
        "nobody": "Whatever the others reply, it remains better off than in {state}.",
        "nobody credible": "Whatever others reply to their own good, it remains better off than in {state}.",
        "unforeseen": "It does not look at what the others might reply.",
        "no escape": "From there it has no way out that is better than staying.",
        "less": "less than {state}",
        "as much": "no more than {state}",
        "step": "{actor} ({change})",
        "take": "take “{move}”",
        "drop": "drop “{move}”",
        "set": "set “{move}” to level {level}",
        "go": "move to {state}",
        "and": " and ",
        "then": ", then ",
    },
    "de": {
        "stays": "{actor}: Verbleib in {state}, denn kein besserer Zustand ist erreichbar.",
        "deterred": "{actor}: Verbleib in {state}, denn jede Verbesserung würde bestraft.",
        "leaves": "{actor}: kein Verbleib in {state}.",
        "improves": "Möglich wäre: {change}; das führt zu {state} und wäre besser.",
        "answer": "Die anderen können antworten: {path}. Das endet in {end}, {than}.",
        "at once": "Zugleich können die anderen sich verbessern: {path}. Das endet in {end}, {than}.",
        "escape": "Die anderen können antworten: {path}. Aus {end} führt aber ein Weg "
        "zum besseren {state}: {change}.",
        "nobody": "Was die anderen auch antworten: es bleibt besser als {state}.",
        "nobody credible": "Was andere zum eigenen Vorteil auch antworten: es bleibt besser als {state}.",
        "unforeseen": "Antworten der anderen werden nicht bedacht.",
        "no escape": "Von dort führt kein Ausweg zu einem Zustand, der besser wäre als zu bleiben.",
        "less": "schlechter als {state}",
        "as much": "nicht besser als {state}",
        "step": "{actor} ({change})",
        "take": "„{move}“ ergreifen",
        "drop": "„{move}“ aufgeben",
        "set": "„{move}“ auf Stufe {level} setzen",
        "go": "zu {state} übergehen",
        "and": " und ",
        "then": ", dann ",
    },
}
_CREDIBLE = (*(concept for concept, sight in FORESIGHT.items() if sight.is_sequential), "sim")
_SYMMETRIC = tuple(concept for concept, sight in FORESIGHT.items() if sight.is_symmetric)


@dataclass(frozen=True)
class Names:
    """What actors, moves and states are called in sentences, by their ids; ids stand where none is given."""

    actors: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


def words(
    conflict: Conflict,
    preferences: Preferences,
    given: Reason,
    names: Names | None = None,
    language: str = "en",
    *,
    most: int = 3,
) -> str:
    """Return the reason in sentences.

    Parameters
    ----------
    conflict, preferences: those that the reason was found for.
    given: the reason.
    names: of actors, moves and states.
    language: en or de; English for any other.
    most: how many improvements to tell of, the ones that decide first.
    """
    teller = _Teller(conflict, preferences, given, names or Names(), _WORDS.get(language, _WORDS["en"]))
    return " ".join(teller.sentences(most))


@dataclass(frozen=True)
class _Teller:
    conflict: Conflict
    preferences: Preferences
    given: Reason
    names: Names
    table: Mapping[str, str]

    def sentences(self, most: int) -> list[str]:
        """Return the verdict, and what there is to say about each improvement."""
        given = self.given
        verdict = "leaves" if given.unpunished else "deterred" if given.improvements else "stays"
        told = [self._say(verdict, actor=self._actor(given.actor), state=self._state(given.state))]
        for one in (given.unpunished or given.improvements)[:most]:
            told += self._of(one)
        return told

    def _of(self, one: Improvement) -> list[str]:
        change = self._change(self.given.state, one.state)
        told = [self._say("improves", change=change, state=self._state(one.state))]
        if one.sanction is not None:
            return told + self._of_sanction(one, one.sanction)
        if one.escaped is not None and one.escape is not None:
            way = {"path": self._path(one, one.escaped), "end": self._state(one.escaped.state)}
            change = self._change(one.escaped.state, one.escape)
            return [*told, self._say("escape", **way, change=change, state=self._state(one.escape))]
        if self.given.concept == "nash":
            return [*told, self._say("unforeseen")]
        is_credible = self.given.concept in _CREDIBLE
        left = self._state(self.given.state)
        return [*told, self._say("nobody credible" if is_credible else "nobody", state=left)]

    def _of_sanction(self, one: Improvement, sanction: Sanction) -> list[str]:
        rank = self.preferences.rank[self.given.actor]
        is_worse = rank[sanction.state] < rank[self.given.state]
        than = self._say("less" if is_worse else "as much", state=self._state(self.given.state))
        told = self._say(
            "at once" if sanction.is_simultaneous else "answer",
            path=self._path(one, sanction),
            end=self._state(sanction.state),
            than=than,
        )
        return [told, self._say("no escape")] if self.given.concept in _SYMMETRIC else [told]

    def _path(self, one: Improvement, sanction: Sanction) -> str:
        steps, at = [], one.state
        for mover, target in sanction.path:
            start = self.given.state if sanction.is_simultaneous else at
            change = self._change(start, target)
            steps.append(self._say("step", actor=self._actor(mover), change=change))
            at = target
        return self._say("and" if sanction.is_simultaneous else "then").join(steps)

    def _change(self, start: int, end: int) -> str:
        """Return what is done between two states: the moves taken, dropped or set to another level."""
        if not self.conflict.moves:
            return self._say("go", state=self._state(end))
        changes = []
        for at, move in enumerate(self.conflict.moves):
            before, after = (int(level) for level in self.conflict.level(at, np.array([start, end])))
            if before != after:
                kind = "set" if self.conflict.levels[at] > 2 and after else "take" if after else "drop"
                changes.append(self._say(kind, move=self.names.moves.get(move, move), level=after))
        return self._say("and").join(changes)

    def _actor(self, at: int) -> str:
        name = self.conflict.actors[at]
        return self.names.actors.get(name, name)

    def _state(self, at: int) -> str:
        name = self.conflict.name(at)
        return self.names.states.get(name, name)

    def _say(self, key: str, **parts: object) -> str:
        return self.table[key].format(**parts)
