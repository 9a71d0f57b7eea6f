"""What would bring a state to rest: today's, or one in which a statement holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from westphalia.labels import CONCEPT
from westphalia.methods.stability.concepts import CONCEPTS
from westphalia.methods.stability.conflict import IntArray
from westphalia.methods.stability.inverse import Inverse, what_makes_stable
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.statements import truths
from westphalia.runs.graph import GraphModel

TRIED = 8
"""States in which a wish holds that are looked at closely."""


@dataclass(frozen=True)
class Rest:
    """What would bring a state, by place, to rest by a concept: `needs` of each actor who would leave it."""

    state: int
    concept: str
    needs: tuple[Inverse, ...]


@dataclass(frozen=True)
class Wished:
    """A statement, the states in which it holds, those of them at rest, and the one nearest to it.

    `nearest` is a state at rest that differs least from today's; if none is at rest, the one of those
    looked at in which the fewest states would have to be worth less to those who leave. None if the
    statement holds in no state.
    """

    text: str
    states: IntArray
    at_rest: IntArray
    nearest: Rest | None


def rest_of(model: GraphModel, verdicts: xr.Dataset, concept: str, state: int) -> Rest:
    """Return what would bring a state to rest, actor by actor, everybody else's preferences as they are.

    Raises
    ------
    CallError: preferences are unknown (code ``preference-unknown``).
    """
    asked = concept if concept in CONCEPTS else "nash"
    needs = (
        what_makes_stable(model.conflict, model.preferences, state, actor, asked)
        for actor in leavers(verdicts, concept, state)
    )
    return Rest(state, asked, tuple(needs))


def wished(model: GraphModel, verdicts: xr.Dataset, concept: str, text: str) -> Wished:
    """Return the states in which a statement holds, and what would bring one of them to rest.

    In graph form the statement is the id of a state.

    Raises
    ------
    FormulaError: the text is no statement over the moves (code ``bad-formula``).
    CallError: it is no state (``unknown-state``), or preferences are unknown (``preference-unknown``).
    """
    states = states_of(model, text)
    is_rest = verdicts["is_equilibrium"].sel({CONCEPT: concept}).values
    at_rest = states[is_rest[states]]
    candidates = at_rest if len(at_rest) else states
    leaving = (~verdicts["is_stable"].sel({CONCEPT: concept}).values[:, candidates]).sum(axis=0)
    order = np.lexsort((candidates, changes(model, candidates), leaving))
    tried = [rest_of(model, verdicts, concept, int(candidates[at])) for at in order[:TRIED]]
    return Wished(text, states, at_rest, min(tried, key=_lacking, default=None))


def states_of(model: GraphModel, text: str) -> IntArray:
    """Return the places of the states in which a statement holds. Raises as `wished`."""
    if model.terms.moves:
        return np.flatnonzero(next(truths(model.conflict, [model.terms.formula(text)])))
    return np.array([place_of(model.conflict, text)])


def changes(model: GraphModel, states: IntArray) -> IntArray:
    """Return in how many moves each state differs from today's; 0 if that is not known."""
    count = np.zeros(len(states), dtype=np.int64)
    if model.today is not None:
        for move, now in enumerate(model.conflict.levels_at(model.today)):
            count += model.conflict.level(move, states) != now
    return count


def leavers(verdicts: xr.Dataset, concept: str, state: int) -> list[int]:
    """Return the places of the actors who leave a state by a concept."""
    stays = verdicts["is_stable"].sel({CONCEPT: concept}).values[:, state]
    return [int(at) for at in np.flatnonzero(~stays)]


def _lacking(rest: Rest) -> int:
    return sum(len(need.fall.states) for need in rest.needs)
