"""What the answer hangs on: lines that rule out states, wishes that never matter, preferences that decide."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.charts.words import listed, percent
from westphalia.labels import CONCEPT, SWAP
from westphalia.language import marked, said, said_n
from westphalia.methods.stability.inverse import Share
from westphalia.methods.stability.statements import Idle
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_states import Teller, counted, quoted
from westphalia.runs.graph import held_wishes
from westphalia.runs.wished import Rest, Wished

IDLE = {
    "true": marked("it holds in every state"),
    "false": marked("it holds in no state"),
    "decided": marked("the wishes before it decide wherever it could"),
}
"""Why a wish orders no two states."""

SPELT = 2
"""States that are told in words at most."""

SWAPS = 8
"""Swaps of ranks that are listed at most."""


def rules(teller: Teller) -> Part:
    """Return how many states each line rules out, and which wishes never matter."""
    return Part(
        "rules",
        said("What shapes the states"),
        (*_counted(teller), *_idle(teller)),
        tuple(_removed(teller)),
    )


def _counted(teller: Teller) -> Iterator[str]:
    if teller.moves:
        total, size = teller.conflict.combinations, teller.conflict.size
        told = said_n(
            "Of {total} combinations of {n} move {states} are states",
            "Of {total} combinations of {n} moves {states} are states",
            len(teller.moves),
            total=counted(total),
            states=counted(size),
        )
        if total > size:
            told = said("{told}; ruled out: {n}", told=told, n=counted(total - size))
        yield f"{told}."


def _idle(teller: Teller) -> Iterator[str]:
    if not any(
        stated.priorities or stated.weights for stated in teller.study.model.terms.preferences.values()
    ):
        return
    told = [
        sentence for actor, idle in teller.study.idle.items() for sentence in _of_actor(teller, actor, idle)
    ]
    yield from told or [said("Every wish orders some states: at the central values none is without effect.")]


def _of_actor(teller: Teller, actor: str, idle: tuple[Idle, ...]) -> Iterator[str]:
    held = held_wishes(teller.study.model.terms.preferences[actor])
    for one in idle:
        yield said(
            "{actor}'s wish “{wish}” never matters at the central values: {reason}.",
            actor=teller.actors[actor],
            wish=held[one.statement].that,
            reason=said(IDLE[one.reason]),
        )


def _removed(teller: Teller) -> Iterator[Grid]:
    stated = teller.study.document.case.stability
    removed = teller.study.removed
    if stated is not None and removed:
        rows = tuple(
            (line.that, _number(one.alone), _number(one.in_order))
            for line, one in zip(stated.infeasible, removed, strict=True)
        )
        head = (said("cannot be"), said("rules out alone"), said("beyond the lines above"))
        yield Grid(said("Combinations that each line rules out"), head, rows, (1, 2))


def _number(count: int | None) -> str:
    return said("not counted") if count is None else counted(count)


# --- what would bring a state to rest --------------------------------------------------------------


def wishing(teller: Teller) -> Part:
    """Return whether a state at rest has what was wished for, and what would bring one to rest."""
    found = teller.study.wished
    sentences = [] if found is None else list(_wished(teller, found))
    return Part("wished", said("What would bring the wish to rest"), tuple(sentences))


def _wished(teller: Teller, found: Wished) -> Iterator[str]:
    if found.nearest is None:
        yield said("No state that can be has {wish}.", wish=quoted(found.text))
        return
    many = said_n(
        "“{wish}” holds in {states} of {n} state",
        "“{wish}” holds in {states} of {n} states",
        teller.conflict.size,
        wish=found.text,
        states=counted(len(found.states)),
    )
    concept, state = teller.concept(found.nearest.concept), found.nearest.state
    what = {"state": teller.state(state), "what": teller.described(state)}
    if not len(found.at_rest):
        yield said(
            "{many}; none of these is at rest at the central values ({concept}).", many=many, concept=concept
        )
        yield said("The least seems to be lacking for {state}: {what}.", **what)
        yield from needed(teller, found.nearest)
        return
    yield said(
        "{many}, of which {n} are at rest at the central values ({concept}).",
        many=many,
        n=counted(len(found.at_rest)),
        concept=concept,
    )
    share = teller.share_words(state, teller.study.lead) if teller.has_doubt else ""
    if share:
        yield said("The nearest to today's is {state}, in {share} of the draws: {what}.", share=share, **what)
    else:
        yield said("The nearest to today's is {state}: {what}.", **what)


def needed(teller: Teller, rest: Rest) -> Iterator[str]:
    """Say for each actor who leaves the state what it would have to value less in order to stay."""
    names = list(teller.actors.values())
    for need in rest.needs:
        name, fallen = names[need.condition.actor], need.fall.states
        states = _several(teller, fallen)
        if not need.fall.is_proved:
            states += f" ({said('or fewer: at least {n} are needed', n=need.fall.bound)})"
        told = said(
            "{actor} would stay in {state} if it held no better than that: {states}.",
            actor=name,
            state=teller.state(rest.state),
            states=states,
        )
        yield f"{told} {_orders(need.share)}"
    if len(rest.needs) > 1:
        yield said("Each of these is judged with everybody else's preferences as they are.")


def _several(teller: Teller, states: tuple[int, ...]) -> str:
    """Return the states by what they are called, the first few in words."""
    first, left = listed(teller.told(state) for state in states[:SPELT]), len(states) - SPELT
    if left <= 0:
        return first
    return said_n("{first} and {n} more state", "{first} and {n} more states", left, first=first)


def _orders(share: Share) -> str:
    error = f" ± {percent(2 * share.error)}" if share.error else ""
    return said(
        "It would stay by {share} of all orders that it could have of the states this hangs on.",
        share=f"{percent(share.value)}{error}",
    )


# --- preferences that decide -----------------------------------------------------------------------


def changing(teller: Teller) -> Part:
    """Return which single swap of neighbouring ranks would change what is at rest."""
    found, lead = teller.study.swapped, teller.study.lead
    if found is None or lead not in found[CONCEPT].values:
        return Part("changing", said("What would change the answer"), tuple(_staying(teller)))
    own = found.sel({CONCEPT: lead})
    many = int((own["is_gained"].any("state") | own["is_lost"].any("state")).sum())
    judged = said_n(
        "Of {n} swap of two neighbouring ranks of one actor, {changing} would change which states are at "
        "rest ({concept}).",
        "Of {n} swaps of two neighbouring ranks of one actor, {changing} would change which states are at "
        "rest ({concept}).",
        int(found.attrs["swaps_judged"]),
        changing=many,
        concept=teller.concept(lead),
    )
    sentences = (*_staying(teller), judged, *_of_today(teller, own))
    return Part("changing", said("What would change the answer"), sentences, tuple(_swaps(teller, own)))


def _staying(teller: Teller) -> Iterator[str]:
    if teller.study.stay is not None:
        yield from needed(teller, teller.study.stay)


def _of_today(teller: Teller, own: xr.Dataset) -> Iterator[str]:
    if teller.today is None or teller.leavers(teller.today, teller.study.lead) == []:
        return
    gained = own["is_gained"].values[:, teller.today]
    if not gained.any():
        yield said("No single one of them would bring today's state to rest.")
        return
    who = dict.fromkeys(teller.actors[str(actor)] for actor in own["swap_actor"].values[gained])
    yield said_n(
        "Today's state would come to rest by {n} swap, of {actors}.",
        "Today's state would come to rest by {n} swaps, of {actors}.",
        int(gained.sum()),
        actors=listed(who),
    )


def _swaps(teller: Teller, own: xr.Dataset) -> Iterator[Grid]:
    rows = []
    for at in range(own.sizes[SWAP]):
        gained, lost = (np.flatnonzero(own[name].values[at]) for name in ("is_gained", "is_lost"))
        if len(gained) or len(lost):
            raised, lowered = (np.flatnonzero(own[name].values[at]) for name in ("is_raised", "is_lowered"))
            rows.append(
                (
                    teller.actors[str(own["swap_actor"].values[at])],
                    _some(teller, raised),
                    _some(teller, lowered),
                    _some(teller, gained) or said("none"),
                    _some(teller, lost) or said("none"),
                )
            )
    if rows:
        head = (
            said("actor"),
            said("would rather have"),
            said("than"),
            said("then at rest"),
            said("no longer at rest"),
        )
        yield Grid(said("Preferences that the answer hangs on"), head, tuple(rows[:SWAPS]))


def _some(teller: Teller, states: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> str:
    first, left = ", ".join(teller.brief(int(state)) for state in states[:SPELT]), len(states) - SPELT
    return f"{first} {said('and {n} more', n=left)}" if left > 0 else first
