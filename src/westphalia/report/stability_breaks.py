"""Who would leave the states of rest, alone or together, and what deters whom, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from westphalia.charts.words import listed
from westphalia.labels import ACTOR, CONCEPT, OTHER
from westphalia.language import said, said_n
from westphalia.methods.stability.reasons import CONCEPTS as REASONED
from westphalia.methods.stability.reasons import reason
from westphalia.methods.stability.reasons_words import words
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_states import Teller, counted
from westphalia.runs.graph import held_wishes

TOLD = 4
"""Reasons and coalitions that are told one by one at most."""


@dataclass(frozen=True, slots=True)
class Departure:
    """That members (places of actors) would leave a state for another; `is_open`: nothing deters them."""

    start: int
    end: int
    members: tuple[int, ...]
    is_open: bool


def departures_of(teller: Teller) -> list[Departure]:
    """Return all departures by the leading concept in which each member is needed."""
    found = teller.study.leaving
    if found is None:
        return []
    lead = teller.study.lead
    concept = lead if lead in found[CONCEPT].values else str(found[CONCEPT].values[0])
    is_open = found["is_unpunished"].sel({CONCEPT: concept}).values
    ends = zip(found["from_state"].values, found["to_state"].values, strict=True)
    return [
        Departure(
            int(start),
            int(end),
            tuple(map(int, np.flatnonzero(found["is_member"].values[at]))),
            bool(is_open[at]),
        )
        for at, (start, end) in enumerate(ends)
        if found["is_minimal"].values[at]
    ]


def breaking(teller: Teller) -> Part:
    """Return for each state who would leave it, who is tempted and deterred, and who could together."""
    found = departures_of(teller)
    asked = sorted(dict.fromkeys(one.start for one in found), key=lambda state: state != teller.today)
    rows = tuple(
        (teller.head(state), *_row(teller, [one for one in found if one.start == state])) for state in asked
    )
    if not rows:
        return Part("breaking", said("Who would leave them"), ())
    head = (
        said("the state"),
        said("would leave it"),
        said("tempted, but deterred"),
        said("would leave it together"),
    )
    terms = said(
        "Tempted is who could move to what it prefers; deterred, who by {concept} expects a reply that "
        "leaves it no better off.",
        concept=teller.concept(teller.study.lead),
    )
    grid = Grid(said("Who can break which state"), head, rows)
    sentences = (*_temptations(teller), terms)
    return Part("breaking", said("Who would leave them"), sentences, (grid,), "stability-graph")


def _temptations(teller: Teller) -> Iterator[str]:
    """Say what those who would leave today's state would do, and for which wish."""
    study, today, lead = teller.study, teller.today, teller.study.lead
    if today is None or lead not in REASONED or study.model.preferences.unknown is not None:
        return
    for actor in teller.leavers(today, lead):
        best = reason(*teller.both, lead, actor, today).unpunished[0].state
        wish = deciding(teller, actor, today, best)
        told = said(
            "{actor} would leave today's state ({change}).",
            actor=list(teller.actors.values())[actor],
            change=teller.change(today, best, actor=actor),
        )
        yield f"{told} {said('Its wish “{wish}” then holds.', wish=wish)}" if wish else told


def deciding(teller: Teller, actor: int, start: int, end: int) -> str:
    """Return the first wish that holds at the end and tells the states apart; nothing if none does."""
    terms, name = teller.study.model.terms, teller.conflict.actors[actor]
    held = held_wishes(terms.preferences[name]) if terms.preferences[name].priorities else ()
    ends = np.array([start, end])
    columns = {move: teller.conflict.level(at, ends) for at, move in enumerate(teller.conflict.moves)}
    for wish in held:
        holds = np.broadcast_to(terms.formula(wish.that).truth(columns), 2)
        if holds[0] != holds[1]:
            return wish.that if holds[1] else ""
    return ""


def _row(teller: Teller, own: Sequence[Departure]) -> tuple[str, str, str]:
    leave = [one.members for one in own if one.is_open]
    alone = {members for members in leave if len(members) == 1}
    tempted = {one.members for one in own if len(one.members) == 1} - alone
    together = _smallest([members for members in leave if len(members) > 1])
    first = _groups(teller, together[:3])
    more = len(together) - 3
    return (
        _groups(teller, sorted(alone)) or said("nobody"),
        _groups(teller, sorted(tempted)) or said("nobody"),
        (f"{first} ({said('and {n} more', n=more)})" if more > 0 else first) or said("nobody"),
    )


def _smallest(groups: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the groups of which no part is among them, small ones first."""
    ordered = sorted(set(groups), key=lambda group: (len(group), group))
    return [
        group for group in ordered if not any(set(other) < set(group) for other in ordered if other != group)
    ]


def _groups(teller: Teller, groups: Sequence[tuple[int, ...]]) -> str:
    names = list(teller.actors.values())
    return "; ".join(" + ".join(names[at] for at in group) for group in groups)


# --- what deters whom ------------------------------------------------------------------------------


def deterring(teller: Teller) -> Part:
    """Return why those who are tempted stay, and whom that is owed to."""
    sentences = [*_reasons(teller), *_owed(teller)]
    if not sentences and teller.study.deterrence is not None:
        sentences.append(said("No actor alone keeps another from leaving a state at rest."))
    return Part("deterring", said("What deters whom"), tuple(sentences), (), "stability-deterrence")


def _reasons(teller: Teller) -> Iterator[str]:
    lead = teller.study.lead
    if lead not in REASONED or teller.study.model.preferences.unknown is not None:
        return
    seen: set[int] = set()
    for one in departures_of(teller):
        actor = one.members[0]
        is_new = len(one.members) == 1 and actor not in seen and one.start in teller.study.shown
        if is_new and not teller.leavers(one.start, lead) and len(seen) < TOLD:
            seen.add(actor)
            given = reason(*teller.both, lead, actor, one.start)
            yield words(*teller.both, given, teller.names(), teller.language, most=1)


def _owed(teller: Teller) -> Iterator[str]:
    found, lead = teller.study.deterrence, teller.study.lead
    if found is None or lead not in found[CONCEPT].values:
        return
    own, names = found.sel({CONCEPT: lead}), list(teller.actors.values())
    for actor, held in enumerate(own["deterred_count"].values.tolist()):
        needed = own["needed_count"].transpose(ACTOR, OTHER).values[actor]
        owed = [
            said("{n} only {actor} can deter", n=int(many), actor=names[other])
            for other, many in enumerate(needed)
            if many
        ]
        if held and owed:
            yield said_n(
                "In states at rest ({concept}) {actor} forgoes {n} improvement, of which {owed}.",
                "In states at rest ({concept}) {actor} forgoes {n} improvements, of which {owed}.",
                held,
                concept=teller.concept(lead),
                actor=names[actor],
                owed=listed(owed),
            )


# --- coalitions ----------------------------------------------------------------------------------


def coalitions(teller: Teller) -> Part:
    """Return which states hold against every coalition, and who breaks the others together."""
    found, lead, title = teller.study.coalitions, teller.study.lead, said("Against coalitions")
    if found is None or lead not in found[CONCEPT].values:
        return Part("coalitions", title, ())
    is_held = found["is_universally_stable"].sel({CONCEPT: lead}).values
    held = [teller.state(state) for state in teller.study.shown if is_held[state]]
    told = said(
        "{n} of {all} states hold against every group of actors ({concept})",
        n=counted(int(is_held.sum())),
        all=counted(teller.conflict.size),
        concept=teller.concept(lead),
    )
    if held:
        told = said("{told}; of those shown {states}", told=told, states=listed(held))
    elif teller.study.shown:
        told = said("{told}; none of those shown", told=told)
    return Part("coalitions", title, (f"{told}.", *_joint(teller)))


def _joint(teller: Teller) -> Iterator[str]:
    names = list(teller.actors.values())
    told: set[int] = set()
    for one in departures_of(teller):
        is_joint = len(one.members) > 1 and one.is_open and not teller.leavers(one.start, teller.study.lead)
        if is_joint and one.start not in told and len(told) < TOLD:
            told.add(one.start)
            yield said(
                "{actors} together would leave {state}: {change}.",
                actors=listed(names[at] for at in one.members),
                state=teller.state(one.start),
                change=teller.change(one.start, one.end),
            )
