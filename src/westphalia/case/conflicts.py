"""What the graph model of a case is made of: decision makers, moves in play, what cannot be, wishes.

It says what the case holds; which states and moves that makes is for `westphalia.methods.stability`
to compute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from westphalia.case.schema import CaseFile, Move
from westphalia.case.stability import Preference, Stability
from westphalia.errors import CallError
from westphalia.logic import Formula, parse

_TWO = ("dropped", "taken")


@dataclass(frozen=True)
class Held:
    """A move, by its place among those in play, that cannot be taken or dropped where `when` holds."""

    move: int
    is_taking: bool
    when: Formula | None


@dataclass(frozen=True)
class ConflictTerms:
    """The graph model of a case, with its formulas read.

    `actors` are the decision makers, `moves` those in play, grouped as the case lists them;
    `owner` is the place of the actor that controls each. In graph form `states` are named, `arcs`
    give who moves from which to which, and there are no moves. `status_quo` is the level of each
    move, or the name of a state; None where the case leaves today's state open.
    """

    actors: tuple[str, ...]
    moves: tuple[Move, ...]
    infeasible: tuple[Formula, ...]
    held: tuple[Held, ...]
    preferences: dict[str, Preference]
    states: tuple[str, ...]
    arcs: tuple[tuple[int, int, int], ...]
    status_quo: tuple[int, ...] | str | None

    @cached_property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """The names of the levels of each move in play, as formulas use them."""
        return levels_of(self.moves)

    @property
    def owner(self) -> tuple[int, ...]:
        """The place of the actor that controls each move."""
        return tuple(self.actors.index(move.actor) for move in self.moves)

    def formula(self, text: str) -> Formula:
        """Return a statement over the moves in play, read.

        Raises
        ------
        FormulaError: the text is no statement over them.
        """
        return parse(text, self.levels)


def level_names(move: Move) -> tuple[str, ...]:
    """Return what the levels of a move are called, from not taken upwards."""
    return tuple(str(level) for level in move.levels) or _TWO


def levels_of(moves: Iterable[Move]) -> dict[str, tuple[str, ...]]:
    """Return the names of the levels of each move, as formulas use them."""
    return {move.id: level_names(move) for move in moves}


def known_levels(model: Stability, moves: Iterable[Move]) -> dict[str, int]:
    """Return today's level of each move, if known: the section goes before what the moves say."""
    stated = model.status_quo if isinstance(model.status_quo, dict) else {}
    return {move.id: int(move.is_taken) for move in moves if move.is_taken is not None} | stated


def decision_makers(case: CaseFile, model: Stability) -> tuple[str, ...]:
    """Return who decides, in the order of the file: as stated, else who has moves in play or arcs."""
    named = set(model.actors)
    if not named:
        named = {arc.actor for arc in model.arcs} if model.states else _owners(case, model)
    return tuple(actor.id for actor in case.actors if actor.id in named)


def _owners(case: CaseFile, model: Stability) -> set[str]:
    return {move.actor for move in case.moves if not model.moves or move.id in model.moves}


def moves_in_play(case: CaseFile, model: Stability) -> tuple[Move, ...]:
    """Return the moves that make the states, in the order of the file."""
    if model.states:
        return ()
    actors = decision_makers(case, model)
    named = model.moves or tuple(move.id for move in case.moves)
    return tuple(move for move in case.moves if move.id in named and move.actor in actors)


def conflict_terms(case: CaseFile) -> ConflictTerms:
    """Return what the graph model of a checked case is made of.

    Raises
    ------
    CallError: the case has no section `stability` (``no-stability``).
    FormulaError: a statement cannot be read; the check of the case reports it with its line.
    """
    model = case.stability
    if model is None:
        raise CallError(
            f"The case '{case.id}' does not say who prefers which states.",
            code="no-stability",
            where="stability",
            hint="Add a section 'stability' with preferences; see docs/case-file.md.",
        )
    moves = moves_in_play(case, model)
    levels = levels_of(moves)
    actors = decision_makers(case, model)
    states = tuple(state.id for state in model.states)
    return ConflictTerms(
        actors=actors,
        moves=moves,
        infeasible=tuple(parse(item.that, levels) for item in model.infeasible),
        held=_held(model, moves, levels),
        preferences={actor: model.preferences[actor] for actor in actors if actor in model.preferences},
        states=states,
        arcs=tuple(
            (actors.index(arc.actor), states.index(arc.leaves), states.index(end))
            for arc in model.arcs
            for end in arc.reaches
        ),
        status_quo=_status_quo(model, moves),
    )


def _held(model: Stability, moves: tuple[Move, ...], levels: dict[str, tuple[str, ...]]) -> tuple[Held, ...]:
    places = {move.id: at for at, move in enumerate(moves)}
    once = [Held(at, False, None) for at, move in enumerate(moves) if not move.is_reversible]
    stated = [
        Held(places[item.move], item.cannot_be == "taken", parse(item.when, levels) if item.when else None)
        for item in model.irreversible
    ]
    return (*once, *stated)


def _status_quo(model: Stability, moves: tuple[Move, ...]) -> tuple[int, ...] | str | None:
    """Return today's state, or None where the case leaves it open."""
    if isinstance(model.status_quo, str):
        if model.states:
            return model.status_quo
        return tuple(int(digit) for digit in model.status_quo)
    known = known_levels(model, moves)
    if not moves or set(known) != {move.id for move in moves}:
        return None
    return tuple(known[move.id] for move in moves)
