"""The case file as pydantic models: its one definition, from which the JSON Schema is published."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

import pydantic
from pydantic import BeforeValidator, Field, WithJsonSchema

from westphalia.case.scenarios import Scenario
from westphalia.case.stability import Stability
from westphalia.dossier.schema import About, DatedField, Source, Statement
from westphalia.fields import (
    VALUE_SCHEMA,
    Backed,
    DateField,
    Id,
    Ids,
    Model,
    QuantityField,
    TextField,
    ValueField,
    backed_schema,
    parse_value,
    refuse,
)

VERSION = 1
DERIVED = "derived"

ActorKind = Literal["state", "government", "person", "bloc", "organisation", "movement", "medium", "public"]
IssueKind = Literal["continuous", "ordered", "nominal"]
MoveKind = Literal[
    "threat", "offer", "escalation", "concession", "withdrawal", "support", "exclusion", "exit", "other"
]


class Actor(Backed):
    """A party that can influence the outcome."""

    id: Id
    name: TextField
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    role: TextField | None = None
    speaks_for: Id | None = Field(None, description="the principal a person or medium speaks for")
    part_of: Ids = Field((), description="the blocs it is a member of")
    ratifies_for: Id | None = Field(None, description="the principal whose agreements it must accept at home")


# --- stands ------------------------------------------------------------------------------------


class Choice(Model):
    """A stand on a nominal issue: the chance, by our knowledge, that the actor is for each option."""

    chances: dict[str, float]


class Position(Backed):
    """A position: a value on a scale, a choice among options, or derived from statements."""

    value: ValueField | None = None
    choice: Choice | None = None
    is_derived: bool = False
    shift: float = Field(
        0.0, allow_inf_nan=False, description="points it is moved by, cut at the ends of the scale"
    )


def _position(raw: object) -> object:
    if isinstance(raw, Position):
        return raw
    backing: dict[str, Any] = {}
    if isinstance(raw, dict):
        backing = {key: raw[key] for key in ("evidence", "assumption", "note", "shift") if key in raw}
        rest = {key: item for key, item in raw.items() if key not in backing}
        raw = rest["value"] if set(rest) == {"value"} else rest
    if raw == DERIVED:
        return {"is_derived": True, **backing}
    if isinstance(raw, str):
        return {"choice": Choice(chances={raw: 1.0}), **backing}
    if isinstance(raw, dict) and set(raw) == {"chances"}:
        return {"choice": Choice(chances=_chances(raw["chances"])), **backing}
    return {"value": parse_value(raw), **backing}


def _chances(raw: object) -> dict[str, float]:
    fits = isinstance(raw, dict) and raw
    if not fits or not all(isinstance(p, int | float) and not isinstance(p, bool) for p in raw.values()):  # type: ignore[attr-defined]
        raise refuse(
            "bad-chances", "chances takes the options with a chance each: {chances: {here: 0.7, there: 0.3}}."
        )
    chances = {str(option): float(chance) for option, chance in raw.items()}  # type: ignore[attr-defined]
    if any(not 0 <= chance <= 1 for chance in chances.values()) or abs(sum(chances.values()) - 1) > 1e-6:
        raise refuse(
            "bad-chances", f"Chances lie between 0 and 1 and sum to 1, not to {sum(chances.values()):g}."
        )
    return chances


_POSITION_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *VALUE_SCHEMA["anyOf"],
        {"type": "string", "description": "'derived', or the id of an option of a nominal issue"},
        {
            "type": "object",
            "properties": {"chances": {"type": "object", "additionalProperties": {"type": "number"}}},
            "required": ["chances"],
            "additionalProperties": False,
        },
    ]
}


def _with_shift(schema: dict[str, Any]) -> dict[str, Any]:
    for form in schema["anyOf"]:
        if "assumption" in form.get("properties", {}):
            form["properties"]["shift"] = {"type": "number"}
    return schema


PositionField = Annotated[
    Position, BeforeValidator(_position), WithJsonSchema(_with_shift(backed_schema(_POSITION_SCHEMA)))
]


class Issue(Backed):
    """A question in dispute, on a scale whose points have stated meanings.

    The keys of `scale` are numbers for continuous and ordered issues (the least and the largest are
    its ends), and the ids of the options for nominal ones.
    """

    id: Id
    question: TextField
    kind: IssueKind = "continuous"
    scale: dict[float | str, TextField] = Field(min_length=2)
    unit: TextField | None = None
    reversion: PositionField | None = Field(None, description="what holds if nothing is agreed")
    losses: dict[str, dict[str, float]] = Field(
        {},
        description="loss (0 to 1) of who stands for one point if another comes: {here: {there: 0.4}}",
    )

    @pydantic.model_validator(mode="after")
    def _keys_fit_kind(self) -> Issue:
        words = [key for key in self.scale if isinstance(key, str)]
        if self.kind == "nominal" and len(words) != len(self.scale):
            raise refuse("bad-scale", f"'{self.id}' is nominal: the keys of its scale are names of options.")
        if self.kind != "nominal" and words:
            raise refuse(
                "bad-scale",
                f"'{self.id}' is {self.kind}: the keys of its scale are numbers, not '{words[0]}'.",
            )
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest point of a continuous or ordered scale."""
        points = [float(key) for key in self.scale]
        return min(points), max(points)

    @property
    def points(self) -> tuple[str, ...]:
        """The points or options of the scale as texts, in the order of the file."""
        return tuple(key if isinstance(key, str) else f"{key:g}" for key in self.scale)

    @property
    def options(self) -> tuple[str, ...]:
        """The options of a nominal issue, in the order of the file."""
        return tuple(map(str, self.scale))


class Stand(Backed):
    """Where an actor stands on an issue. Evidence given here covers what has none of its own."""

    position: PositionField
    salience: QuantityField


class Capability(Model):
    """Potential influence: overall, or for single issues, which go before the overall one."""

    overall: QuantityField | None = None
    by_issue: dict[Id, QuantityField] = Field({})

    def on(self, issue: str) -> Any:
        """Return the quantity that counts on an issue, or None."""
        return self.by_issue.get(issue, self.overall)


def _capability(raw: object) -> object:
    has_parts = isinstance(raw, dict) and bool(raw) and set(raw) <= {"overall", "by_issue"}
    return raw if has_parts or isinstance(raw, Capability) else {"overall": raw}


CapabilityField = Annotated[
    Capability,
    BeforeValidator(_capability),
    WithJsonSchema(
        {
            "anyOf": [
                *backed_schema(VALUE_SCHEMA)["anyOf"],
                {
                    "type": "object",
                    "properties": {
                        "overall": backed_schema(VALUE_SCHEMA),
                        "by_issue": {"type": "object", "additionalProperties": backed_schema(VALUE_SCHEMA)},
                    },
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


# --- ties between actors, issues and time ----------------------------------------------------------


class Aim(Model):
    """A point on an issue, or an option of a nominal one."""

    issue: Id
    value: ValueField | None = None
    option: Id | None = None


class Term(Model):
    """How long a commitment binds."""

    since: DateField | None = None
    until: DateField | None = None
    years: float | None = Field(None, gt=0)


class Commitment(Backed):
    """A promise or treaty that ties an actor to a position."""

    id: Id
    by: Ids
    to: Ids = ()
    about: Aim | None = None
    content: TextField
    strength: QuantityField | None = Field(None, description="0: words only, 1: cannot be broken")
    term: Term | None = None
    broken_by: Ids = Field((), description="ids of the statements that break it")


class Half(Aim):
    """One half of an exchange: who moves, on which issue, to where."""

    actor: Id


class Linkage(Backed):
    """An exchange across issues; it counts only if both halves hold."""

    id: Id
    content: TextField
    gives: Half
    gets: Half


class War(Backed):
    """A war between two parties as a costly lottery over the whole dispute (Fearon 1995).

    Without agreement the first of `between` is worth win_chance − cost, the second
    1 − win_chance − cost, on the scale of utility on which 1 is all one wants.
    """

    id: Id
    between: Ids
    win_chance: QuantityField = Field(description="chance that the first of the two wins, 0 to 1")
    costs: dict[Id, QuantityField] = Field(description="cost of fighting to each of the two, in utility")


class Move(Backed):
    """An option that an actor can take or drop by itself."""

    id: Id
    actor: Id
    kind: MoveKind
    content: TextField
    against: Ids = ()
    issue: Id | None = None
    is_reversible: bool = True
    is_taken: bool | None = Field(None, description="whether it is taken today, if known")
    levels: tuple[TextField, ...] = Field(
        (), description="what its levels mean, from not taken upwards, if there are more than two"
    )
    brings: ValueField | None = Field(None, description="where it brings its issue if it is taken")

    @property
    def level_count(self) -> int:
        """How many levels the move has: two, not taken and taken, if it lists none."""
        return len(self.levels) or 2


class Event(Backed):
    """Something that happened or is to come. The list is in order of time as far as it is known."""

    id: Id
    name: TextField
    date: DatedField | None = None
    place: TextField | None = None
    participants: Ids = ()
    after: Ids = Field((), description="events known to lie before this one")


class Consultation(Backed):
    """Who asked or informed whom, when, and who was left out."""

    id: Id
    by: Id
    how: Literal["asked", "informed", "called", "met"]
    whom: Ids = ()
    left_out: Ids = Field((), description="who could expect to be among them and was not")
    event: Id | None = None
    date: DatedField | None = None
    order: int | None = Field(None, ge=1, description="place in the order of consultations, if known")
    about: TextField | None = None


class Agreement(Backed):
    """Whose consent an agreement needs, and whose consent those need at home."""

    required: Ids
    ratifiers: dict[Id, Ids] = Field({})


class CaseFile(Model):
    """A conflict as the case file holds it."""

    westphalia: Literal[1] = Field(description="version of the file's form")
    id: Id
    title: TextField
    question: TextField
    date: DateField = Field(description="the day, month or year the case describes")
    summary: TextField | None = None
    note: str | None = None
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]
    stands: dict[Id, dict[Id, Stand]] = Field({})
    capability: dict[Id, CapabilityField] = Field({})
    no_deal: dict[Id, QuantityField] = Field({}, description="utility without agreement, at most 1")
    wars: tuple[War, ...] = Field((), description="no deal as the lottery of a war")
    commitments: tuple[Commitment, ...] = ()
    linkages: tuple[Linkage, ...] = ()
    moves: tuple[Move, ...] = ()
    stability: Stability | None = Field(None, description="the graph model that the moves make")
    events: tuple[Event, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    agreement: Agreement | None = None
    statements: tuple[Statement, ...] = ()
    scenarios: tuple[Scenario, ...] = Field((), description="sets of changes to try")

    @cached_property
    def actor(self) -> dict[str, Actor]:
        """The actors by id, in the order of the file."""
        return {actor.id: actor for actor in self.actors}

    @cached_property
    def issue(self) -> dict[str, Issue]:
        """The issues by id, in the order of the file."""
        return {issue.id: issue for issue in self.issues}

    @cached_property
    def statement(self) -> dict[str, Statement]:
        """The statements by id, in the order of the file."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def coded(self) -> tuple[Statement, ...]:
        """The statements that are evidence: not those only suggested, nor those rejected."""
        return tuple(statement for statement in self.statements if statement.counts)

    @cached_property
    def placing(self) -> dict[str, list[tuple[Statement, About]]]:
        """By issue, the statements that are evidence of where somebody stands, with what each says."""
        found: dict[str, list[tuple[Statement, About]]] = {}
        for statement in self.coded:
            for about in statement.about:
                if about.issue is not None and (about.value is not None or about.option is not None):
                    found.setdefault(about.issue, []).append((statement, about))
        return found

    @cached_property
    def source(self) -> dict[str, Source]:
        """The sources by id, in the order of the file."""
        return {source.id: source for source in self.sources}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the case file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CaseFile.model_json_schema()}
