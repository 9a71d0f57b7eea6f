"""States of the graph model in words and signs: what each is called, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from westphalia.charts.stability import CONCEPTS as DRAWN
from westphalia.charts.stability_states import letter_of
from westphalia.charts.words import listed, percent
from westphalia.labels import CONCEPT, STATE
from westphalia.language import decimal, marked, said
from westphalia.methods.stability.conflict import IntArray
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.reasons_words import Names
from westphalia.report.grid import Grid
from westphalia.report.values import actor_name
from westphalia.runs.stability import GraphStudy
from westphalia.runs.wished import leavers

CONCEPTS = {**DRAWN, "sim": marked("simultaneous"), "tableau": marked("tableau")}
"""The solution concepts by the names of the field."""

STABILITY = {
    "nash": marked("Nash stability"),
    "seq": marked("sequential stability"),
    "sseq": marked("symmetric sequential stability"),
    "smr": marked("symmetric metarational stability"),
    "gmr": marked("general metarational stability"),
    "sim": marked("simultaneous stability"),
    "tableau": marked("tableau stability"),
}
"""The concepts as kinds of stability."""

LOOKS = {
    "nash": marked("actors look at their own move only"),
    "gmr": marked("actors fear any reply"),
    "smr": marked("actors fear any reply from which they cannot escape"),
    "seq": marked("actors fear replies that pay those who reply"),
    "sseq": marked("actors fear replies that pay and from which they cannot escape"),
    "sim": marked("actors fear what others do at the same time"),
    "tableau": marked("actors fear what the unsettled do at the same time"),
}
"""What a concept supposes, in words that follow 'if'."""

KEY = marked(
    "Y taken, N not; r nothing better to move to, s deterred by moves that pay those who make them, "
    "g by some moves, u unstable"
)

LETTERS = "ABCDEFGHJKLMN"
"""What states are called; I is left out, as it reads as a word or a one."""

TAKE, DROP, SET = marked("take {moves}"), marked("drop {moves}"), marked("set {moves}")
"""What is done to moves between two states."""

SETTLES = ("concession",)
SPOILS = ("escalation", "exit", "threat")
"""Kinds of moves that make a state read as a settlement, or keep it from being one."""


def quoted(text: str) -> str:
    """Return the words of a case in quotation marks."""
    return said("“{words}”", words=text)


def counted(many: int) -> str:
    """Return how many there are in figures."""
    return decimal(f"{many:,}")


class Teller:
    """Tells of a study's states, actors and moves by the names of its case."""

    def __init__(self, study: GraphStudy, language: str) -> None:
        self.study = study
        self.language = language
        self.conflict = study.model.conflict
        case = study.document.case
        self.actors = {one: actor_name(one, case, language) for one in self.conflict.actors}
        self.moves = {move.id: move.content.into(language) for move in study.model.terms.moves}
        others = [state for state in study.shown if state != self.today]
        self.label = dict(zip(others, LETTERS, strict=False))
        self.both = (study.model.conflict, study.model.preferences)

    @property
    def today(self) -> int | None:
        """The place of today's state, if the case says."""
        return self.study.model.today

    def concept(self, concept: str) -> str:
        """Return what a solution concept is called as a kind of stability."""
        return said(STABILITY[concept])

    @property
    def is_led(self) -> bool:
        """Whether the first state shown is one to which improvements lead from today's."""
        ends, shown = self.study.ends, self.study.shown
        return ends is not None and bool(shown) and shown[0] in ends["attractor_state"].values

    # --- states --------------------------------------------------------------------------------

    def state(self, state: int) -> str:
        """Return what a state is called in a sentence: by its letter in the table, or by its signs."""
        if state == self.today:
            return said("today's state")
        if state in self.label:
            return said("state {letter}", letter=self.label[state])
        return said("the state {signs}", signs=self.signs(state))

    def told(self, state: int) -> str:
        """Return a state by its letter, or else by what it is."""
        has_name = state == self.today or state in self.label
        return self.state(state) if has_name else said("the state {what}", what=self.described(state))

    def brief(self, state: int) -> str:
        """Return what a state is called in a table."""
        if state == self.today or state in self.label:
            return self.head(state)
        return self.signs(state)

    def signs(self, state: int) -> str:
        """Return a state as the literature writes it: Y or N a move (or its level), or its name."""
        return "".join(self.sign(move, state) for move in range(len(self.moves))) or self.named(state)

    def sign(self, move: int, state: int) -> str:
        """Return Y or N for a move in a state, or at which level it stands where there are several."""
        level = self._level(move, state)
        return "NY"[level] if self.conflict.levels[move] == 2 else str(level)

    def named(self, state: int) -> str:
        """Return the name that the case gives a state in graph form."""
        stated = self.study.document.case.stability
        names = {one.id: one.name.into(self.language) for one in stated.states} if stated else {}
        name = self.conflict.name(state)
        return names.get(name, name)

    def names(self) -> Names:
        """Return the names that reasons are told with."""
        return Names(self.actors, self.moves, _StateNames(self))

    # --- what changes ----------------------------------------------------------------------------

    def change(self, start: int, end: int, *, actor: int | None = None) -> str:
        """Return who does what between two states; of one actor only what, without its name."""
        if not self.moves:
            return said("go to “{state}”", state=self.named(end))
        if actor is not None:
            return self._steps(start, end, actor)
        done = [(name, self._steps(start, end, at)) for at, name in enumerate(self.actors.values())]
        return listed(f"{name} ({steps})" for name, steps in done if steps)

    def _steps(self, start: int, end: int, actor: int) -> str:
        """Return what the actor takes, drops or sets between two states."""
        done: dict[str, list[str]] = {}
        for move in self._changed(start, end, actor):
            form = self.study.model.terms.moves[move]
            level, content = self._level(move, end), form.content.into(self.language)
            if level and form.levels:
                set_to = said(
                    "“{move}” to “{level}”", move=content, level=form.levels[level].into(self.language)
                )
                done.setdefault(SET, []).append(set_to)
            else:
                done.setdefault(TAKE if level else DROP, []).append(quoted(content))
        return listed(said(what, moves=listed(contents)) for what, contents in done.items())

    def _changed(self, start: int, end: int, actor: int) -> list[int]:
        ends = np.array([start, end])
        own = np.flatnonzero(self.conflict.owner == actor)
        return [int(move) for move in own if np.ptp(self.conflict.level(int(move), ends))]

    def _level(self, move: int, state: int) -> int:
        return self.conflict.levels_at(state)[move]

    def described(self, state: int) -> str:
        """Return what a state is: how it differs from today's, or what is taken in it."""
        if not self.moves:
            return quoted(self.named(state))
        if self.today is None:
            taken = [move for move in range(len(self.moves)) if self.sign(move, state) not in "N0"]
            return "; ".join(self._holds(move, state) for move in taken) or said("nobody has taken any move")
        if state == self.today:
            return said("as things stand today")
        return said("as today but for {change}", change=self.change(self.today, state))

    def _holds(self, move: int, state: int) -> str:
        form = self.study.model.terms.moves[move]
        name = list(self.actors.values())[int(self.conflict.owner[move])]
        level = self._level(move, state)
        at = f" ({form.levels[level].into(self.language)})" if form.levels else ""
        return f"{name}: {quoted(form.content.into(self.language))}{at}"

    # --- verdicts --------------------------------------------------------------------------------

    def is_at_rest(self, state: int, concept: str) -> bool:
        """Return whether nobody leaves the state at central values, by a concept."""
        return bool(self.study.verdicts["is_equilibrium"].sel({CONCEPT: concept}).values[state])

    def mark(self, actor: int, state: int) -> str:
        """Return the sign of an actor's verdict on a state at central values."""
        verdicts = self.study.verdicts
        return letter_of(verdicts, self.conflict.actors[actor], verdicts[STATE].values[state])

    def leavers(self, state: int, concept: str) -> list[int]:
        """Return the places of the actors who leave a state at central values, by a concept."""
        return leavers(self.study.verdicts, concept, state)

    def share(self, state: int, concept: str) -> float | None:
        """Return the share of draws in which nobody leaves the state, if draws were judged by the concept."""
        robust = self.study.robust
        if robust is None or concept not in robust[CONCEPT].values:
            return None
        return float(robust["equilibrium_probability"].sel({CONCEPT: concept}).values[state])

    def share_words(self, state: int, concept: str) -> str:
        """Return that share with twice its standard error; nothing if draws were not judged."""
        share = self.share(state, concept)
        if share is None or self.study.robust is None:
            return ""
        error = float(self.study.robust["equilibrium_error"].sel({CONCEPT: concept}).values[state])
        return percent(share) if error == 0 else f"{percent(share)} ± {percent(2 * error)}"

    @cached_property
    def has_doubt(self) -> bool:
        """Whether verdicts differ between draws at all."""
        robust = self.study.robust
        if robust is None:
            return False
        shares = robust["equilibrium_probability"].values
        return bool(((shares > 0) & (shares < 1)).any())

    # --- settlements -----------------------------------------------------------------------------

    @cached_property
    def settlements(self) -> IntArray | None:
        """The places of states that read as settlements; None if no move of the model is a concession.

        Somebody has conceded, and nobody whose consent an agreement needs escalates, threatens or
        walks out; if the case names none, nobody among the decision makers does.
        """
        stated = self.study.document.case.agreement
        needed = stated.required if stated is not None else self.conflict.actors
        forms = self.study.model.terms.moves
        gives = [at for at, move in enumerate(forms) if move.kind in SETTLES and move.actor in needed]
        spoils = [at for at, move in enumerate(forms) if move.kind in SPOILS and move.actor in needed]
        if not gives:
            return None
        is_given = np.logical_or.reduce([self.conflict.level(at) > 0 for at in gives])
        is_spoilt = np.zeros(self.conflict.size, dtype=bool)
        for at in spoils:
            is_spoilt |= self.conflict.level(at) > 0
        return np.flatnonzero(is_given & ~is_spoilt)

    # --- the table -------------------------------------------------------------------------------

    def columns(self, most: int) -> list[int]:
        """Return the states of the table: today's, then as many of those shown as fit."""
        rest = [state for state in self.study.shown if state != self.today][:most]
        return rest if self.today is None else [self.today, *rest]

    def head(self, state: int) -> str:
        """Return what heads the column of a state."""
        return said("today") if state == self.today else self.label[state]

    def grid(self, most: int) -> Grid:
        """Return the states with their moves and verdicts, states across; in graph form down."""
        states = self.columns(most)
        if not self.moves:
            return self._down(states)
        rows: list[tuple[str, ...]] = []
        for move, content in enumerate(self.moves.values()):
            owner = list(self.actors.values())[int(self.conflict.owner[move])]
            rows.append((f"{owner}: {content}", *(self.sign(move, state) for state in states)))
        rows += self._verdicts(states)
        head = (said("move"), *(self.head(state) for state in states))
        return Grid(said("The states move by move ({key})", key=said(KEY)), head, tuple(rows), is_drawn=True)

    def _verdicts(self, states: Sequence[int]) -> list[tuple[str, ...]]:
        rows = [
            (said("verdict of {actor}", actor=name), *(self.mark(actor, state) for state in states))
            for actor, name in enumerate(self.actors.values())
        ]
        alike: dict[tuple[str, ...], list[str]] = {}
        for concept in self.study.concepts:
            held = tuple(said("yes") if self.is_at_rest(state, concept) else said("no") for state in states)
            alike.setdefault(held, []).append(said(CONCEPTS[concept]))
        rows += [
            (said("at rest: {concepts}", concepts=", ".join(concepts)), *held)
            for held, concepts in alike.items()
        ]
        if self.has_doubt:
            shares = (self._cell(state, self.study.lead) for state in states)
            lead = said(CONCEPTS[self.study.lead])
            rows.append((said("% of draws at rest, {concept}", concept=lead), *shares))
        return rows

    def _cell(self, state: int, concept: str) -> str:
        share = self.share(state, concept) or 0.0
        if 0 < share <= 0.005:
            return "<1"
        return ">99" if 0.995 <= share < 1 else percent(share).removesuffix(" %")

    def _down(self, states: Sequence[int]) -> Grid:
        across = [[self.head(state), self.named(state)] for state in states]
        rows = self._verdicts(states)
        body = tuple((*own, *(row[at + 1] for row in rows)) for at, own in enumerate(across))
        head = (said("the state"), said("name"), *(row[0] for row in rows))
        return Grid(said("The states and who stays in them ({key})", key=said(KEY)), head, body)


@dataclass(frozen=True)
class _StateNames(Mapping[str, str]):
    """What states are called in reasons, by the names that results give them."""

    teller: Teller

    def __getitem__(self, name: str) -> str:
        return self.teller.state(place_of(self.teller.conflict, name))

    def __iter__(self) -> Iterator[str]:
        return (self.teller.conflict.name(state) for state in range(len(self)))

    def __len__(self) -> int:
        return self.teller.conflict.size
