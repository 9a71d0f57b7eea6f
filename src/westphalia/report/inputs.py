"""Every input value with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from westphalia.case.schema import CaseFile, Issue, Position, War
from westphalia.case.stands import Backing, ResolvedStand
from westphalia.charts.backing import Backing as Count
from westphalia.charts.words import listed
from westphalia.fields import Backed, Quantity
from westphalia.language import said
from westphalia.report.values import actor_name, chances_text, value_text


@dataclass(frozen=True, slots=True)
class Input:
    """One input value: what it is, in which words, set by whom, resting on what."""

    what: str
    value: str
    origin: str
    evidence: tuple[str, ...]
    assumption: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class InputGroup:
    """The inputs of one issue, or those of the actors as a whole."""

    title: str
    inputs: tuple[Input, ...]


def input_groups(case: CaseFile, stands: tuple[ResolvedStand, ...], language: str) -> tuple[InputGroup, ...]:
    """Return every input value of the case, issue by issue, then those that belong to actors."""
    groups = []
    for issue in case.issues:
        own = [stand for stand in stands if stand.issue == issue.id]
        rows = [row for stand in own for row in _of_stand(case, stand, language)]
        if issue.reversion is not None:
            rows.append(_of_place(said("What holds if nothing is agreed"), issue.reversion, issue, language))
        groups.append(InputGroup(issue.question.into(language), tuple(rows)))
    groups.append(InputGroup(said("Actors and commitments"), tuple(_of_actors(case, language))))
    return tuple(group for group in groups if group.inputs)


def _of_stand(case: CaseFile, stand: ResolvedStand, language: str) -> Iterator[Input]:
    name = actor_name(stand.actor, case, language)
    held = case.stands[stand.actor][stand.issue]
    position = value_text(stand.position) if stand.position is not None else said("none")
    if stand.chances is not None:
        position = chances_text(stand.chances, case.issue[stand.issue], language)
    by_analyst = said("set by the analyst")
    origin = said("derived from statements") if stand.origin == "derived" else by_analyst
    note = " ".join(filter(None, (held.position.note, held.note)))
    yield _row(said("{actor}: position", actor=name), position, origin, stand.position_backing, note)
    what, salience = said("{actor}: salience", actor=name), value_text(stand.salience)
    yield _row(what, salience, by_analyst, stand.salience_backing, held.salience.note)
    own = case.capability[stand.actor].by_issue if stand.actor in case.capability else {}
    if stand.issue in own and stand.capability is not None:
        capability = value_text(stand.capability)
        backing, note = stand.capability_backing, own[stand.issue].note or ""
        what = said("{actor}: capability on this issue", actor=name)
        yield _row(what, capability, by_analyst, backing, note)


def _row(what: str, value: str, origin: str, backing: Backing, note: str | None) -> Input:
    return Input(what, value, origin, backing.evidence, backing.assumption or "", note or "")


def _of_actors(case: CaseFile, language: str) -> Iterator[Input]:
    for actor, capability in case.capability.items():
        if capability.overall is not None:
            what = said("{actor}: capability", actor=actor_name(actor, case, language))
            yield _of_quantity(what, capability.overall)
    for actor, quantity in case.no_deal.items():
        what = said("{actor}: utility without agreement", actor=actor_name(actor, case, language))
        yield _of_quantity(what, quantity)
    for war in case.wars:
        yield from _of_war(war, case, language)
    for commitment in case.commitments:
        if commitment.strength is not None:
            content = commitment.content.into(language)
            what = said("Strength of the commitment “{commitment}”", commitment=content)
            yield _of_quantity(what, commitment.strength, commitment)


def _of_war(war: War, case: CaseFile, language: str) -> Iterator[Input]:
    sides = [actor_name(actor, case, language) for actor in war.between]
    chance = said("War between {sides}: chance that {first} wins", sides=listed(sides), first=sides[0])
    yield _of_quantity(chance, war.win_chance, war)
    for actor, cost in war.costs.items():
        what = said("{actor}: cost of the war", actor=actor_name(actor, case, language))
        yield _of_quantity(what, cost, war)


def _of_place(what: str, place: Position, issue: Issue, language: str) -> Input:
    told = value_text(place.value) if place.value is not None else said("none")
    if place.choice is not None:
        told = chances_text(place.choice.chances, issue, language)
    backing = Backing(place.evidence, place.assumption)
    return _row(what, told, said("set by the analyst"), backing, place.note or "")


def _of_quantity(what: str, quantity: Quantity, around: Backed | None = None) -> Input:
    backed = quantity if quantity.is_backed or around is None else around
    return Input(
        what=what,
        value=value_text(quantity.value),
        origin=said("set by the analyst"),
        evidence=backed.evidence,
        assumption=backed.assumption or "",
        note=quantity.note or "",
    )


def backing_counts(case: CaseFile, stands: tuple[ResolvedStand, ...], language: str) -> tuple[Count, ...]:
    """Return, for each issue, how many of the values it takes in rest on what."""
    counts = []
    for issue in case.issues:
        kinds = [
            backing.kind
            for stand in stands
            if stand.issue == issue.id
            for backing in (stand.position_backing, stand.salience_backing, stand.capability_backing)
        ]
        if issue.reversion is not None:
            kinds.append(Backing(issue.reversion.evidence, issue.reversion.assumption).kind)
        many = {kind: kinds.count(kind) for kind in ("evidence", "assumption", "nothing")}
        counts.append(Count(issue.id, issue.question.into(language), **many))
    return tuple(counts)
