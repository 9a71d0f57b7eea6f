"""Building a conflict: from moves that actors take or drop, or from states and moves between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.methods.stability import feasible
from westphalia.methods.stability.conflict import Arcs, BoolArray, Conflict, IntArray
from westphalia.methods.stability.feasible import Removed, Rule, Space
from westphalia.methods.stability.graph import arcs_of


@dataclass(frozen=True)
class MoveForm:
    """A move: who owns it, how many levels it has, and whether it can be taken or raised, and dropped."""

    id: str
    owner: str
    levels: int = 2
    can_rise: bool = True
    can_fall: bool = True


@dataclass(frozen=True)
class Bar:
    """In states where `where` holds, the move cannot be raised, or lowered, or changed at all.

    What counts is where the change starts, whatever else the owner changes with it.
    """

    move: str
    where: Rule
    bars_rise: bool = True
    bars_fall: bool = True


def option_form(
    actors: Sequence[str],
    moves: Sequence[MoveForm],
    *,
    infeasible: Sequence[Rule] = (),
    is_feasible: BoolArray | None = None,
    bars: Sequence[Bar] = (),
) -> Conflict:
    """Return the conflict in which the actors take and drop their moves.

    Parameters
    ----------
    actors, moves: in the order results keep; an actor may have no move.
    infeasible: what cannot be; a combination is feasible where none of them holds.
    is_feasible: (combination), by code; given instead of `infeasible`.
    bars: where a move cannot be changed. The conflict then has arcs, and engines keep track of who
        moved last.

    Raises
    ------
    CallError: names are repeated or unknown (``name-repeated``, ``unknown-name``), a move has fewer
        than two levels (``value-out-of-range``), there are no actors or moves (``input-missing``),
        `is_feasible` does not fit (``labels-differ``), nothing is feasible (``no-feasible-state``), or
        the conflict is too large (``conflict-too-large``). See `feasible.feasible_codes` for the cost.
    """
    space = space_of(moves)
    _are_named("actor", actors)
    for move in moves:
        _is_known("actor", move.owner, actors, f"owner of '{move.id}'")
    for rule in (*infeasible, *(bar.where for bar in bars)):
        for name in sorted(rule.names):
            _is_known("move", name, space.moves, str(rule))
    codes = feasible.feasible_codes(space, infeasible) if is_feasible is None else _given(space, is_feasible)
    free = Conflict(
        tuple(actors),
        space.moves,
        np.array([list(actors).index(move.owner) for move in moves], dtype=np.int64),
        np.array(space.levels, dtype=np.int64),
        np.array([move.can_rise for move in moves], dtype=np.bool_),
        np.array([move.can_fall for move in moves], dtype=np.bool_),
        codes,
    )
    return _barred(free, space, bars) if bars else free


def count_removed(moves: Sequence[MoveForm], infeasible: Sequence[Rule]) -> tuple[Removed, ...]:
    """Return how many combinations each rule excludes, alone and beyond those before it.

    Costs one look at each combination for each rule; counts are None where they would be too many.
    """
    return feasible.count_removed(space_of(moves), infeasible)


def graph_form(
    actors: Sequence[str], states: Sequence[str], arcs: Mapping[str, Iterable[tuple[str, str]]]
) -> Conflict:
    """Return the conflict with these states, in which each actor can go from state to state as `arcs` say.

    Actors without arcs cannot move. Repeated arcs count once. Costs the square of what leaves each
    state, to see whether moves are transitive.

    Raises
    ------
    CallError: names are repeated or unknown (``name-repeated``, ``unknown-name``), there are none
        (``input-missing``), or a move leads from a state to itself (``move-to-itself``).
    """
    _are_named("actor", actors)
    _are_named("state", states)
    for actor in arcs:
        _is_known("actor", actor, actors, "moves")
    place = {state: at for at, state in enumerate(states)}
    leads = [_leads(actor, states, place, arcs.get(actor, ())) for actor in actors]
    nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return Conflict(
        *(tuple(actors), (), nothing, nothing, none, none),
        arcs=tuple(_arcs(ends) for ends in leads),
        names=tuple(states),
        is_transitive=all(map(_is_transitive, leads)),
    )


def space_of(moves: Sequence[MoveForm]) -> Space:
    """Return the combinations of the moves' levels. Raises as `option_form`."""
    _are_named("move", [move.id for move in moves])
    for move in moves:
        if move.levels < 2:
            raise CallError(
                f"The move '{move.id}' has {move.levels} level{'s' if move.levels != 1 else ''}.",
                code="value-out-of-range",
                where=move.id,
                hint="A move has at least two: not taken, and taken.",
            )
    return Space(tuple(move.id for move in moves), tuple(move.levels for move in moves))


def _given(space: Space, is_feasible: BoolArray) -> IntArray | None:
    if is_feasible.shape != (space.size,):
        raise CallError(
            f"'is_feasible' has the shape {is_feasible.shape}; there are {space.size:,} combinations.",
            code="labels-differ",
            where="is_feasible",
            hint="Give one truth value for each, in the order of codes.",
        )
    if not is_feasible.any():
        raise CallError(
            "No combination of moves is feasible.",
            code="no-feasible-state",
            where="is_feasible",
            hint="At least one must be.",
        )
    return None if is_feasible.all() else np.flatnonzero(is_feasible)


def _barred(free: Conflict, space: Space, bars: Sequence[Bar]) -> Conflict:
    """Return the conflict without the moves that start where they are barred."""
    for bar in bars:
        _is_known("move", bar.move, free.moves, "bars")
    codes = free.code_of(np.arange(free.size))
    kept = []
    for actor, arcs in enumerate(arcs_of(free)):
        sources = arcs.sources
        is_open = np.ones(len(sources), dtype=np.bool_)
        for bar in bars:
            move = free.moves.index(bar.move)
            if free.owner[move] != actor:
                continue
            held = bar.where.truth(space.columns_of(codes, bar.where.names))
            level = free.level(move)
            step = level[arcs.targets] - level[sources]
            is_barred = (bar.bars_rise & (step > 0)) | (bar.bars_fall & (step < 0))
            is_open &= ~(np.broadcast_to(held, free.size)[sources] & is_barred)
        kept.append(arcs.only(is_open))
    return replace(free, arcs=tuple(kept), is_transitive=False)


def _leads(
    actor: str, states: Sequence[str], place: Mapping[str, int], pairs: Iterable[tuple[str, str]]
) -> list[set[int]]:
    """Return where the actor can go from each state."""
    leads: list[set[int]] = [set() for _ in states]
    for pair in pairs:
        for state in pair:
            _is_known("state", state, states, f"moves of '{actor}'")
        if pair[0] == pair[1]:
            raise CallError(
                f"A move of '{actor}' leads from '{pair[0]}' to itself.",
                code="move-to-itself",
                where=actor,
                hint="Leave it out: staying is always possible.",
            )
        leads[place[pair[0]]].add(place[pair[1]])
    return leads


def _arcs(leads: list[set[int]]) -> Arcs:
    starts = np.cumsum([0, *map(len, leads)], dtype=np.int64)
    return Arcs(starts, np.array([end for ends in leads for end in sorted(ends)], dtype=np.int64))


def _is_transitive(leads: list[set[int]]) -> bool:
    return all(leads[there] <= ends | {state} for state, ends in enumerate(leads) for there in ends)


def _are_named(kind: str, names: Sequence[str]) -> None:
    if not names:
        raise CallError(f"There is no {kind}.", code="input-missing", hint=f"Give at least one {kind}.")
    repeated = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if repeated is not None:
        raise CallError(
            f"The {kind} '{repeated}' is named twice.",
            code="name-repeated",
            where=repeated,
            hint=f"Every {kind} needs a name of its own.",
        )


def _is_known(kind: str, name: str, known: Sequence[str], where: str) -> None:
    if name not in known:
        raise CallError(
            f"There is no {kind} '{name}'.", code="unknown-name", where=where, hint=suggest(name, known)
        )
