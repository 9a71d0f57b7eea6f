"""The graph model of a case: its conflict, its preferences, and draws of what is doubtful in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import sample, uniform
from westphalia.case.conflicts import ConflictTerms, Held, conflict_terms
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile
from westphalia.case.stability import MUCH, Preference, Wish
from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE
from westphalia.logic import Constant, Formula
from westphalia.methods.arrays import FloatArray
from westphalia.methods.deals.utility import package_utility
from westphalia.methods.stability.build import Bar, MoveForm, graph_form, option_form
from westphalia.methods.stability.conflict import BoolArray, Conflict, Preferences, RankArray
from westphalia.methods.stability.drawn import prioritised_draws
from westphalia.methods.stability.preferences import (
    Order,
    by_utility,
    place_of,
    preferences,
    ranking,
    with_unknown,
)
from westphalia.methods.stability.statements import prioritised, weighted, weighted_draws
from westphalia.uncertain import Point, Value

_HALF = 0.5
_FIRST = 1e6
"""Strong wishes stand before all others, wherever their place is drawn."""

_STANDS = ("position", "salience", "scale_low", "scale_high", "has_stand")


@dataclass(frozen=True)
class GraphModel:
    """The graph model of a case: `preferences` at central values, `today` the place of today's state."""

    terms: ConflictTerms
    conflict: Conflict
    preferences: Preferences
    today: int | None


def graph_model(case: CaseFile) -> GraphModel:
    """Return the graph model of a checked case.

    A wish counts at the centre of its place and weight, and if its chance is at least a half; a wish
    whose direction is unknown leaves pairs of states unknown.

    Raises
    ------
    CallError: the case has no section `stability`, a ranking leaves out states, no state is
        feasible, or the conflict is too large.
    """
    terms = conflict_terms(case)
    conflict = _conflict(terms)
    orders = {actor: _order(case, terms, conflict, actor) for actor in terms.actors}
    return GraphModel(terms, conflict, preferences(conflict, orders), _today(terms, conflict))


def _conflict(terms: ConflictTerms) -> Conflict:
    if terms.states:
        arcs: dict[str, list[tuple[str, str]]] = {actor: [] for actor in terms.actors}
        for actor, start, end in terms.arcs:
            arcs[terms.actors[actor]].append((terms.states[start], terms.states[end]))
        return graph_form(terms.actors, terms.states, arcs)
    once = {(held.move, held.is_taking) for held in terms.held if held.when is None}
    moves = [
        MoveForm(move.id, move.actor, move.level_count, (at, True) not in once, (at, False) not in once)
        for at, move in enumerate(terms.moves)
    ]
    bars = [_bar(terms, held, held.when) for held in terms.held if held.when is not None]
    return option_form(terms.actors, moves, infeasible=terms.infeasible, bars=bars)


def _bar(terms: ConflictTerms, held: Held, when: Formula) -> Bar:
    return Bar(terms.moves[held.move].id, when, bars_rise=held.is_taking, bars_fall=not held.is_taking)


def _today(terms: ConflictTerms, conflict: Conflict) -> int | None:
    if terms.status_quo is None:
        return None
    name = terms.status_quo
    return place_of(conflict, name if isinstance(name, str) else "".join(map(str, name)))


def held_wishes(stated: Preference) -> tuple[Wish, ...]:
    """Return the wishes that count at central values, in their order; none if they are stated otherwise."""
    if stated.weights:
        return tuple(wish for wish in stated.weights if _is_held(wish))
    held = (wish for wish in stated.priorities if _is_held(wish))
    return tuple(sorted(held, key=_by_place(stated.priorities)))


def held_statements(model: GraphModel, actor: str) -> list[Formula]:
    """Return what the wishes of an actor say that count at central values, in their order."""
    return [model.terms.formula(wish.that) for wish in held_wishes(model.terms.preferences[actor])]


# --- preferences at central values ---------------------------------------------------------------


def _order(case: CaseFile, terms: ConflictTerms, conflict: Conflict, actor: str) -> Order:
    stated = terms.preferences[actor]
    order = _stated(case, terms, conflict, actor, stated)
    pairs = [pair.states for pair in stated.unknown]
    return with_unknown(conflict, order, pairs) if pairs else order


def _stated(
    case: CaseFile, terms: ConflictTerms, conflict: Conflict, actor: str, stated: Preference
) -> Order:
    if stated.ranking:
        return _ranked(conflict, stated)
    if stated.weights:
        wishes = held_wishes(stated)
        return weighted(conflict, _formulas(terms, wishes), [_weight(wish).central for wish in wishes])
    if stated.from_issues:
        return Order(by_utility(_utility(build(case).central, terms, conflict, actor)[0]))
    wishes = held_wishes(stated)
    strong = sum(wish.is_strong for wish in wishes)
    unknown = [at for at, wish in enumerate(wishes) if wish.is_unknown]
    return prioritised(conflict, _formulas(terms, wishes), strong=strong, unknown=unknown)


def _ranked(conflict: Conflict, stated: Preference) -> Order:
    groups: list[tuple[str, ...]] = []
    much_after = []
    for group in stated.ranking:
        if group == (MUCH,):
            much_after.append(len(groups))
        else:
            groups.append(group)
    return ranking(conflict, groups, much_after=much_after)


def _utility(inputs: xr.Dataset, terms: ConflictTerms, conflict: Conflict, actor: str) -> FloatArray:
    """Return the utility (draw, state) of each state by the backbone: where it brings each issue on a scale.

    An issue lies at the mean of what the moves taken bring; with none taken, at what holds without
    agreement, or else in the middle of its scale. States that bring all issues to the same points
    are judged once.
    """
    if actor not in inputs[ACTOR].values:
        raise CallError(
            f"The preferences of '{actor}' are to follow from issues, but it has no stand on any.",
            code="input-missing",
            where=f"stability.preferences.{actor}",
            hint="State its wishes, or its stands.",
        )
    own = inputs[list(_STANDS)].sel({ACTOR: [actor]})
    kinds, kind_of = np.unique(_brought(inputs, terms, conflict), axis=0, return_inverse=True)
    middle = (inputs["scale_low"] + inputs["scale_high"]) / 2
    without = inputs["reversion"].where(inputs["has_reversion"], middle)
    worth = []
    for kind in kinds:
        brought = xr.DataArray(kind, dims=ISSUE, coords={ISSUE: inputs[ISSUE]})
        outcome = without.where(np.isnan(brought), brought)
        stands: dict[str, Any] = {name: own[name] for name in _STANDS}
        worth.append(package_utility(outcome, **stands).values[:, 0])
    return np.stack(worth, axis=1)[:, kind_of.ravel()]


def _brought(inputs: xr.Dataset, terms: ConflictTerms, conflict: Conflict) -> FloatArray:
    """Return where each state brings each issue (state, issue); NaN where no move taken does."""
    brought = np.full((conflict.size, inputs.sizes[ISSUE]), np.nan)
    for at, issue in enumerate(inputs[ISSUE].values):
        total, count = np.zeros(conflict.size), np.zeros(conflict.size)
        for place, move in enumerate(terms.moves):
            if move.issue == issue and move.brings is not None:
                taken = conflict.level(place) / (move.level_count - 1)
                total += taken * move.brings.central
                count += taken
        np.divide(total, count, out=brought[:, at], where=count > 0)
    return brought


def _formulas(terms: ConflictTerms, wishes: Iterable[Wish]) -> list[Formula]:
    return [terms.formula(wish.that) for wish in wishes] or [Constant(True)]


def _is_held(wish: Wish) -> bool:
    return wish.chance is None or wish.chance.central >= _HALF


def _weight(wish: Wish) -> Value:
    return Point(0.0) if wish.weight is None else wish.weight.value


def _by_place(wishes: tuple[Wish, ...]) -> Callable[[Wish], tuple[bool, float]]:
    """Return the key that sorts wishes by the centre of their place; a strong one stays before the rest."""
    own = {id(wish): float(at + 1) for at, wish in enumerate(wishes)}
    return lambda wish: (not wish.is_strong, own[id(wish)] if wish.place is None else wish.place.central)


# --- draws of preferences ------------------------------------------------------------------------


KINDS = ("place", "chance", "direction", "weight")
"""What may be doubtful in a wish."""


class Doubt(NamedTuple):
    """What is doubtful in a wish: whose, its place from 0 in the list given, and what of it."""

    actor: str
    wish: int
    kind: str

    @property
    def name(self) -> str:
        """What the unknown is called, such as ``usa.wish-3.place``."""
        return f"{self.actor}.wish-{self.wish + 1}.{self.kind}"


def doubts(model: GraphModel) -> tuple[Doubt, ...]:
    """Return what is doubtful in the wishes, in the order in which it is drawn."""
    return tuple(
        Doubt(actor, at, kind)
        for actor in model.terms.actors
        for at, wish in enumerate(_wishes(model.terms.preferences[actor]))
        for kind in KINDS
        if _is_doubtful(wish, kind)
    )


def followers(model: GraphModel) -> tuple[str, ...]:
    """Return the actors whose preferences follow from their stands on the issues."""
    return tuple(actor for actor in model.terms.actors if model.terms.preferences[actor].from_issues)


def rank_draws(case: CaseFile, model: GraphModel, *, draws: int, seed: int) -> RankArray:
    """Return ranks (draw, actor, state) with what is doubtful drawn: places, chances, directions, weights.

    Each doubt is one dimension of a scrambled Sobol sequence. A ranking has no doubt; pairs of states
    whose order is unknown are drawn as tied. Memory is 4 bytes a draw, actor and state.
    """
    scaled = sample(build(case), draws, seed)[0] if followers(model) else None
    return ranks_at(model, uniform(len(doubts(model)), draws, seed), scaled)


def ranks_at(model: GraphModel, points: FloatArray, scaled: xr.Dataset | None) -> RankArray:
    """Return ranks (draw, actor, state) at points of the unit cube, (draw, doubt) in the order of `doubts`.

    `scaled` are as many draws of the inputs on scales, read where preferences follow from issues.
    Row for row: no draw sees another.
    """
    drawn = {doubt: points[:, at] for at, doubt in enumerate(doubts(model))}
    rank = np.empty((len(points), len(model.terms.actors), model.conflict.size), dtype=np.int32)
    for at, actor in enumerate(model.terms.actors):
        if scaled is not None and model.terms.preferences[actor].from_issues:
            rank[:, at] = by_utility(_utility(scaled, model.terms, model.conflict, actor))
        else:
            own = {(doubt.wish, doubt.kind): drawn[doubt] for doubt in drawn if doubt.actor == actor}
            rank[:, at] = _drawn(model, actor, own, len(points))
    return rank


def _wishes(stated: Preference) -> tuple[Wish, ...]:
    return stated.priorities or stated.weights


def _is_doubtful(wish: Wish, kind: str) -> bool:
    if kind == "direction":
        return wish.is_unknown
    value = {"place": wish.place, "chance": wish.chance, "weight": wish.weight and wish.weight.value}[kind]
    return value is not None and not (kind != "chance" and isinstance(value, Point))


def _drawn(model: GraphModel, actor: str, points: dict[tuple[int, str], FloatArray], draws: int) -> RankArray:
    stated = model.terms.preferences[actor]
    wishes = _wishes(stated)
    if not wishes:
        own = model.preferences.rank[model.terms.actors.index(actor)]
        return np.repeat(own[np.newaxis], draws, axis=0)
    formulas = _formulas(model.terms, wishes)
    columns = [_wish_draws(wish, at, points, draws) for at, wish in enumerate(wishes)]
    place, is_held, is_wanted, weight = (np.stack(column, axis=1) for column in zip(*columns, strict=True))
    if stated.weights:
        worth = np.where(is_held, np.where(is_wanted, weight, -weight), 0.0)
        return weighted_draws(model.conflict, formulas, worth)
    return prioritised_draws(model.conflict, formulas, place, is_held, is_wanted)


def _wish_draws(
    wish: Wish, at: int, points: dict[tuple[int, str], FloatArray], draws: int
) -> tuple[FloatArray, BoolArray, BoolArray, FloatArray]:
    """Return place, presence, direction and weight of a wish in each draw."""

    def drawn(value: Value, kind: str) -> FloatArray:
        point = points.get((at, kind))
        return np.full(draws, value.central) if point is None else value.quantile(point)

    place = drawn(wish.place or Point(at + 1.0), "place") - (_FIRST if wish.is_strong else 0.0)
    held = np.ones(draws, dtype=np.bool_)
    if wish.chance is not None:
        held = points[at, "chance"] < wish.chance.central
    wanted = points[at, "direction"] < _HALF if wish.is_unknown else np.ones(draws, dtype=np.bool_)
    return place, held, wanted, drawn(_weight(wish), "weight")
