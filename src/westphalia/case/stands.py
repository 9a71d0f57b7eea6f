"""Every stand of a case resolved: position, salience and capability as values, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from westphalia.case.derive import accounts, derived_choice, derived_position
from westphalia.case.schema import CaseFile, Position, Stand
from westphalia.fields import Backed
from westphalia.uncertain import Point, Value, shifted

Origin = Literal["derived", "analyst"]


@dataclass(frozen=True, slots=True)
class Backing:
    """What a value rests on: statements, or an assumption, or nothing."""

    evidence: tuple[str, ...]
    assumption: str | None

    @property
    def kind(self) -> Literal["evidence", "assumption", "nothing"]:
        """The strongest thing the value rests on."""
        if self.evidence:
            return "evidence"
        return "assumption" if self.assumption else "nothing"


@dataclass(frozen=True, slots=True)
class ResolvedStand:
    """A stand as the methods see it.

    `position` is None on a nominal issue, where `chances` holds the options; `capability` is None
    if the case gives none. `origin` says whether the position is derived from statements or set by
    the analyst.
    """

    actor: str
    issue: str
    position: Value | None
    chances: dict[str, float] | None
    salience: Value
    capability: Value | None
    origin: Origin
    position_backing: Backing
    salience_backing: Backing
    capability_backing: Backing


def resolved(case: CaseFile) -> tuple[ResolvedStand, ...]:
    """Return every stand of a checked case, by actor and issue in the order of the file."""
    return tuple(
        _resolve(case, actor, issue, case.stands[actor][issue])
        for actor in case.actor
        for issue in case.issue
        if issue in case.stands.get(actor, {})
    )


def _resolve(case: CaseFile, actor: str, issue: str, stand: Stand) -> ResolvedStand:
    capability = case.capability[actor].on(issue) if actor in case.capability else None
    position, chances = _position(case, actor, issue, stand.position)
    return ResolvedStand(
        actor=actor,
        issue=issue,
        position=position,
        chances=chances,
        salience=stand.salience.value.within(0.0, 1.0),
        capability=None if capability is None else capability.value.within(0.0, float("inf")),
        origin="derived" if stand.position.is_derived else "analyst",
        position_backing=_position_backing(case, actor, issue, stand),
        salience_backing=_backing(stand.salience, stand),
        capability_backing=Backing((), None) if capability is None else _backing(capability),
    )


def _position(
    case: CaseFile, actor: str, issue: str, position: Position
) -> tuple[Value | None, dict[str, float] | None]:
    question = case.issue[issue]
    if question.kind == "nominal":
        if position.is_derived:
            return None, derived_choice(case, actor, question)
        return None, position.choice.chances if position.choice else None
    if position.is_derived:
        value = derived_position(case, actor, question)
    else:
        value = (position.value or Point(0.0)).within(*question.ends)
    return (shifted(value, position.shift, *question.ends) if value else None), None


def _position_backing(case: CaseFile, actor: str, issue: str, stand: Stand) -> Backing:
    if stand.position.is_derived:
        told = tuple(account.statement for account in accounts(case, actor, issue))
        return Backing(tuple(dict.fromkeys(told)), None)
    return _backing(stand.position, stand)


def _backing(*layers: Backed) -> Backing:
    """Return the first layer's backing that says anything: the value's own, then the stand's."""
    for layer in layers:
        if layer.is_backed:
            return Backing(layer.evidence, layer.assumption)
    return Backing((), None)
