"""The section `stability` of a case file: how the moves make a graph, and who prefers which states."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import BeforeValidator, Field, WithJsonSchema

from westphalia.fields import Backed, Id, Ids, Model, QuantityField, TextField, ValueField, refuse

MUCH = ">>"
"""In a ranking: what comes before it is much better than what comes after."""

_LONGEST = 4000


def _formula(raw: object) -> object:
    if isinstance(raw, bool):
        return str(raw).lower()
    if not isinstance(raw, str) or not raw.strip():
        raise refuse(
            "bad-formula", "A statement over moves is needed, like: withdraw and not (strike or blockade)."
        )
    if len(raw) > _LONGEST:
        raise refuse("bad-formula", f"The statement has {len(raw):,} characters, more than {_LONGEST:,}.")
    return raw.strip()


FormulaField = Annotated[str, BeforeValidator(_formula), WithJsonSchema({"type": "string", "minLength": 1})]
"""A statement over moves: not, and, or, if, iff, brackets, levels; see `westphalia.logic`."""


def _state(raw: object) -> object:
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


_ONE_STATE: list[dict[str, Any]] = [{"type": "string"}, {"type": "integer"}]
StateField = Annotated[str, BeforeValidator(_state), WithJsonSchema({"anyOf": _ONE_STATE})]


class Infeasible(Backed):
    """States that cannot be: those in which a statement holds."""

    that: FormulaField


class Irreversible(Backed):
    """A move that cannot be taken, or dropped, where a statement holds; everywhere without one."""

    move: Id
    cannot_be: Literal["taken", "dropped"] = "dropped"
    when: FormulaField | None = None


class Wish(Backed):
    """A statement that an actor would have hold. The order of the list is its priority."""

    that: FormulaField
    weight: QuantityField | None = Field(None, description="what it is worth, where weights are added up")
    place: ValueField | None = Field(
        None, description="its priority, 1 the first, if in doubt; else its place"
    )
    chance: ValueField | None = Field(
        None, description="how sure we are that the actor has this wish, 0 to 1"
    )
    is_strong: bool = Field(False, description="a state in which it holds is much better")
    is_unknown: bool = Field(False, description="whether the actor wants it or its contrary is not known")


class UnknownPair(Backed):
    """Two states whose order an actor is not known to have."""

    states: tuple[StateField, StateField]


def _group(raw: object) -> object:
    return [raw] if isinstance(raw, str | int) and not isinstance(raw, bool) else raw


Group = Annotated[
    tuple[StateField, ...],
    BeforeValidator(_group),
    WithJsonSchema({"anyOf": [*_ONE_STATE, {"type": "array", "items": {"anyOf": _ONE_STATE}}]}),
]


class Preference(Backed):
    """What one actor prefers, in one of four ways."""

    priorities: tuple[Wish, ...] = Field((), description="wishes in order, the most important first")
    weights: tuple[Wish, ...] = Field((), description="wishes with weights that are added up")
    ranking: tuple[Group, ...] = Field(
        (), description=f"states, best first; a list is a tie, '{MUCH}' stands before what is much worse"
    )
    from_issues: bool = Field(False, description="derived from positions and salience on the moves' issues")
    unknown: tuple[UnknownPair, ...] = ()

    @pydantic.model_validator(mode="after")
    def _one_way(self) -> Preference:
        ways = [way for way in ("priorities", "weights", "ranking", "from_issues") if getattr(self, way)]
        if len(ways) != 1:
            stated = f"in {len(ways)} ways: {', '.join(ways)}" if ways else "in no way"
            raise refuse(
                "bad-preference",
                f"Preferences are stated {stated}. Give one of priorities, weights, ranking, from_issues.",
            )
        return self


class State(Backed):
    """A state given directly, in a conflict that has no options."""

    id: Id
    name: TextField


class Arc(Backed):
    """That an actor can move from one state to others."""

    actor: Id
    leaves: Id
    reaches: Ids


class Stability(Model):
    """The graph model of a conflict: states, moves between them, preferences."""

    actors: Ids = Field((), description="the decision makers; without it those who have moves in play")
    moves: Ids = Field((), description="the moves in play; without it all of the decision makers")
    infeasible: tuple[Infeasible, ...] = ()
    irreversible: tuple[Irreversible, ...] = ()
    preferences: dict[Id, Preference] = Field({})
    status_quo: dict[Id, int] | StateField | None = Field(
        None, description="moves taken today (0 or 1, or a level), over what the moves say; or a state"
    )
    states: tuple[State, ...] = Field((), description="states given directly, with arcs")
    arcs: tuple[Arc, ...] = ()

    @pydantic.model_validator(mode="after")
    def _one_form(self) -> Stability:
        if self.states and (self.moves or self.infeasible or self.irreversible):
            raise refuse(
                "two-forms",
                "States are given directly: moves, infeasible and irreversible have no place here.",
            )
        if self.arcs and not self.states:
            raise refuse("two-forms", "Arcs need states. Without states the moves make the graph.")
        return self
