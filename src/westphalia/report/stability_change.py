"""What the answer hangs on: lines that rule out states, wishes that never matter, preferences that decide."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.charts.words import listed, percent, times
from westphalia.labels import CONCEPT, SWAP
from westphalia.methods.stability.inverse import Share
from westphalia.methods.stability.statements import Idle
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_states import Teller
from westphalia.runs.graph import held_wishes
from westphalia.runs.wished import Rest, Wished

IDLE = {
    "true": "it holds in every state",
    "false": "it holds in no state",
    "decided": "the wishes before it decide wherever it could",
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
        "What shapes the states",
        (*_counted(teller), *_idle(teller)),
        tuple(_removed(teller)),
    )


def _counted(teller: Teller) -> Iterator[str]:
    if teller.moves:
        total, size = teller.conflict.combinations, teller.conflict.size
        out = f"; ruled out: {total - size:,}" if total > size else ""
        yield f"Of {total:,} combinations of {times(len(teller.moves), 'move')} {size:,} are states{out}."


def _idle(teller: Teller) -> Iterator[str]:
    if not any(
        stated.priorities or stated.weights for stated in teller.study.model.terms.preferences.values()
    ):
        return
    said = [
        sentence for actor, idle in teller.study.idle.items() for sentence in _of_actor(teller, actor, idle)
    ]
    yield from said or ["Every wish orders some states: at the central values none is without effect."]


def _of_actor(teller: Teller, actor: str, idle: tuple[Idle, ...]) -> Iterator[str]:
    held = held_wishes(teller.study.model.terms.preferences[actor])
    for one in idle:
        wish = f"“{held[one.statement].that}”"
        yield f"{teller.actors[actor]}'s wish {wish} never matters at the central values: {IDLE[one.reason]}."


def _removed(teller: Teller) -> Iterator[Grid]:
    stated = teller.study.document.case.stability
    removed = teller.study.removed
    if stated is not None and removed:
        rows = tuple(
            (line.that, _number(one.alone), _number(one.in_order))
            for line, one in zip(stated.infeasible, removed, strict=True)
        )
        head = ("cannot be", "rules out alone", "beyond the lines above")
        yield Grid("Combinations that each line rules out", head, rows, (1, 2))


def _number(count: int | None) -> str:
    return "not counted" if count is None else f"{count:,}"


# --- what would bring a state to rest --------------------------------------------------------------


def wishing(teller: Teller) -> Part:
    """Return whether a state at rest has what was wished for, and what would bring one to rest."""
    found = teller.study.wished
    sentences = [] if found is None else list(_wished(teller, found))
    return Part("wished", "What would bring the wish to rest", tuple(sentences))


def _wished(teller: Teller, found: Wished) -> Iterator[str]:
    wish = f"“{found.text}”"
    if found.nearest is None:
        yield f"No state that can be has {wish}."
        return
    many = f"{wish} holds in {len(found.states):,} of {times(teller.conflict.size, 'state')}"
    by, state = teller.concept(found.nearest.concept), found.nearest.state
    if len(found.at_rest):
        yield f"{many}, of which {len(found.at_rest):,} are at rest at the central values ({by})."
        share = teller.share_words(state, teller.study.lead) if teller.has_doubt else ""
        often = f", in {share} of the draws" if share else ""
        yield f"The nearest to today's is {teller.state(state)}{often}: {teller.described(state)}."
        return
    yield f"{many}; none of these is at rest at the central values ({by})."
    yield f"The least seems to be lacking for {teller.state(state)}: {teller.described(state)}."
    yield from needed(teller, found.nearest)


def needed(teller: Teller, rest: Rest) -> Iterator[str]:
    """Say for each actor who leaves the state what it would have to value less in order to stay."""
    names = list(teller.actors.values())
    for need in rest.needs:
        name, fallen = names[need.condition.actor], need.fall.states
        least = "" if need.fall.is_proved else f" (or fewer: at least {need.fall.bound} are needed)"
        yield (
            f"{name} would stay in {teller.state(rest.state)} if it held no better than that: "
            f"{_several(teller, fallen)}{least}. {_orders(need.share)}"
        )
    if len(rest.needs) > 1:
        yield "Each of these is judged with everybody else's preferences as they are."


def _several(teller: Teller, states: tuple[int, ...]) -> str:
    """Return the states by what they are called, the first few in words."""
    more = f" and {times(len(states) - SPELT, 'more state')}" if len(states) > SPELT else ""
    return f"{listed(teller.told(state) for state in states[:SPELT])}{more}"


def _orders(share: Share) -> str:
    error = f" ± {percent(2 * share.error)}" if share.error else ""
    of_all = f"{percent(share.value)}{error} of all orders"
    return f"It would stay by {of_all} that it could have of the states this hangs on."


# --- preferences that decide -----------------------------------------------------------------------


def changing(teller: Teller) -> Part:
    """Return which single swap of neighbouring ranks would change what is at rest."""
    found, lead = teller.study.swapped, teller.study.lead
    if found is None or lead not in found[CONCEPT].values:
        return Part("changing", "What would change the answer", tuple(_staying(teller)))
    own = found.sel({CONCEPT: lead})
    many = int((own["is_gained"].any("state") | own["is_lost"].any("state")).sum())
    said = (
        f"Of {times(int(found.attrs['swaps_judged']), 'swap')} of two neighbouring ranks of one actor, "
        f"{many} would change which states are at rest ({teller.concept(lead)}).",
    )
    sentences = (*_staying(teller), *said, *_of_today(teller, own))
    return Part("changing", "What would change the answer", sentences, tuple(_swaps(teller, own)))


def _staying(teller: Teller) -> Iterator[str]:
    if teller.study.stay is not None:
        yield from needed(teller, teller.study.stay)


def _of_today(teller: Teller, own: xr.Dataset) -> Iterator[str]:
    if teller.today is None or teller.leavers(teller.today, teller.study.lead) == []:
        return
    gained = own["is_gained"].values[:, teller.today]
    if not gained.any():
        yield "No single one of them would bring today's state to rest."
        return
    who = dict.fromkeys(teller.actors[str(actor)] for actor in own["swap_actor"].values[gained])
    yield f"Today's state would come to rest by {times(int(gained.sum()), 'swap')}, of {listed(who)}."


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
                    _some(teller, gained) or "none",
                    _some(teller, lost) or "none",
                )
            )
    if rows:
        head = ("actor", "would rather have", "than", "then at rest", "no longer at rest")
        yield Grid("Preferences that the answer hangs on", head, tuple(rows[:SWAPS]))


def _some(teller: Teller, states: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> str:
    named = [teller.brief(int(state)) for state in states[:SPELT]]
    return f"{', '.join(named)}{f' and {len(states) - SPELT} more' if len(states) > SPELT else ''}"
