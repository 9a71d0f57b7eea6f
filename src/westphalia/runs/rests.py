"""Whether states of a case's graph model are at rest, draw by draw, and what would bring them to rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from westphalia.case.document import Document
from westphalia.errors import CallError
from westphalia.methods.stability.concepts import CONCEPTS
from westphalia.methods.stability.conflict import IntArray, RankArray
from westphalia.methods.stability.drawn import prioritised_draws
from westphalia.methods.stability.inverse import condition
from westphalia.methods.stability.inverse_edits import Edited, SmallestEdit, smallest_edit
from westphalia.methods.stability.inverse_joint import what_makes_equilibrium
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.robustness import at_rest
from westphalia.methods.stability.sets import are_known
from westphalia.runs.asked import CONCEPT
from westphalia.runs.engine import version
from westphalia.runs.graph import (
    GraphModel,
    graph_model,
    held_statements,
    held_wishes,
    rank_draws,
    ranks_at,
)
from westphalia.runs.wished import states_of
from westphalia.uncertain import FloatArray

TODAY = "today"

Rests = Callable[[xr.Dataset, xr.Dataset, FloatArray], FloatArray]


def meant(model: GraphModel, text: str) -> IntArray:
    """Return the places of the states that are meant: ``today``, a state, or all in which a statement holds.

    Raises
    ------
    CallError: the case leaves open what today's state is (code ``today-open``), the state is not feasible
        (``infeasible-state``), or in graph form there is no such state (``unknown-state``).
    FormulaError: it is neither a state nor a statement over the moves.
    """
    if text == TODAY and model.today is None:
        raise CallError(
            "The case does not say of every move whether it is taken today.",
            code="today-open",
            hint="Name a state, or give a statement over moves.",
        )
    if text == TODAY:
        return np.array([model.today])
    try:
        return np.array([place_of(model.conflict, text)])
    except CallError as error:
        if error.code != "unknown-state" or not model.terms.moves:
            raise
    return states_of(model, text)


def rests_of(model: GraphModel, text: str, concept: str = CONCEPT) -> Rests:
    """Return what says of draws whether some of the states that are meant is at rest: (draw, 1), 0 or 1.

    It takes draws of the inputs on scales, of those on nominal issues, which it does not read, and
    points (draw, doubt) of what is doubtful in wishes, in the order of `runs.graph.doubts`.

    Raises
    ------
    CallError, FormulaError: as `meant`; the concept is not known (code ``unknown-name``).
    """
    are_known([concept], CONCEPTS, "concept")
    states = meant(model, text)

    def judge(scaled: xr.Dataset, _nominal: xr.Dataset, points: FloatArray) -> FloatArray:
        ranks = ranks_at(model, points, scaled)
        is_rest = at_rest(model.conflict, ranks, states, concept=concept)
        return is_rest.any(axis=1, keepdims=True).astype(float)

    return judge


# --- levers ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Persuasion:
    """What would have to change in the wishes of an actor who would leave the state, others as they are.

    `wishes` are its own, first the most important; `smallest` is None where it has no list of wishes.
    """

    actor: str
    wishes: tuple[str, ...]
    smallest: SmallestEdit | None


@dataclass(frozen=True)
class RestLevers:
    """What would bring a state to rest by a concept.

    `persuasions` are of those who would leave it, `by` is the actor who asks; `together` says how far it
    is from everybody's stability (`methods.stability.inverse_joint`). `is_enough` says whether the first
    change found for each, all made together, brings it to rest: under seq and sseq what one does hangs
    on the others. `holds_probability` is the share of draws in which it is at rest without any change.
    """

    state: str
    concept: str
    by: str | None
    persuasions: tuple[Persuasion, ...]
    together: xr.Dataset
    is_enough: bool
    holds_probability: float
    attrs: dict[str, Any]

    def is_own(self, one: Persuasion) -> bool:
        """Return whether the change is `by`'s own to make; any other takes persuasion."""
        return one.actor == self.by


def rest_levers(
    document: Document,
    state: str,
    *,
    concept: str = CONCEPT,
    by: str | None = None,
    most_edits: int = 2,
    draws: int = 500,
    seed: int = 1,
) -> RestLevers:
    """Return the smallest changes of wishes that bring a state to rest, actor by actor.

    Parameters
    ----------
    document: a checked case with a graph model.
    state: ``today``, a state, or a statement over moves that holds in one state alone.
    concept: nash, gmr, smr, seq or sseq.
    by: the actor whose own wishes are told from those of others, whom it would have to persuade.
    most_edits: changes of one list that are tried at most.
    draws, seed: of what is doubtful in preferences, on which the state is judged as it is.

    Raises
    ------
    CallError: the case has no graph model, or preferences are unknown (``preference-unknown``); more
        states than one are meant, or none (``state-open``); as `rests_of`.
    """
    are_known([concept], CONCEPTS, "concept")
    model = graph_model(document.case)
    if by is not None:
        are_known([by], model.terms.actors, "actor")
    place = _one(model, state)
    leaving = [actor for actor in model.terms.actors if not _stays(model, place, actor, concept)]
    found = tuple(_persuasion(model, place, actor, concept, most_edits) for actor in leaving)
    ranks = rank_draws(document.case, model, draws=draws, seed=seed)
    held = at_rest(model.conflict, ranks, np.array([place]), concept=concept)
    case = {"case": document.case.id, "case_digest": document.digest}
    return RestLevers(
        state=model.conflict.name(place),
        concept=concept,
        by=by,
        persuasions=found,
        together=what_makes_equilibrium(model.conflict, model.preferences, place, concepts=[concept]),
        is_enough=_is_enough(model, place, found, concept),
        holds_probability=float(held.mean()),
        attrs={
            **case,
            **({"by": by} if by else {}),
            "draws": draws,
            "seed": seed,
            "most_edits": most_edits,
            "version": version(),
        },
    )


def _one(model: GraphModel, text: str) -> int:
    states = meant(model, text)
    if len(states) != 1:
        raise CallError(
            f"'{text}' holds in {len(states):,} states.",
            code="state-open",
            where=text,
            hint="Name one state, such as " + repr(model.conflict.name(int(states[0] if len(states) else 0))),
        )
    return int(states[0])


def _stays(model: GraphModel, place: int, actor: str, concept: str) -> bool:
    met_if = condition(model.conflict, model.preferences, place, actor, concept)
    rank = model.preferences.rank[met_if.actor]
    return bool(met_if.holds(rank <= rank[place]))


def _persuasion(model: GraphModel, place: int, actor: str, concept: str, most: int) -> Persuasion:
    stated = model.terms.preferences[actor]
    if not stated.priorities:
        return Persuasion(actor, (), None)
    statements = held_statements(model, actor)
    both = (model.conflict, model.preferences)
    smallest = smallest_edit(*both, statements, place, actor, concept, most_edits=most)
    return Persuasion(actor, tuple(wish.that for wish in held_wishes(stated)), smallest)


def _is_enough(model: GraphModel, place: int, made: tuple[Persuasion, ...], concept: str) -> bool:
    """Return whether the state is at rest once the first change of each is made; False if one has none."""
    ranks = model.preferences.rank[np.newaxis].copy()
    for one in made:
        if one.smallest is None or not one.smallest.found:
            return False
        ranks[:, model.terms.actors.index(one.actor)] = _edited(model, one.actor, one.smallest.found[0])
    return bool(at_rest(model.conflict, ranks, np.array([place]), concept=concept).all())


def _edited(model: GraphModel, actor: str, edited: Edited) -> RankArray:
    """Return the ranks (1, state) by an edited list of wishes."""
    statements = held_statements(model, actor)
    chosen = [statements[wish] for wish, _ in edited.wishes]
    place = np.arange(len(chosen), dtype=float)[np.newaxis]
    wanted = np.array([[is_wanted for _, is_wanted in edited.wishes]], dtype=np.bool_)
    return prioritised_draws(
        model.conflict, chosen, place, np.ones_like(wanted), wanted.reshape(1, len(chosen))
    )
