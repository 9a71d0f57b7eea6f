"""Sanctions made at the same time as the improvement: simultaneous stability and the Fraser–Hipel tableau."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, CONCEPT, STATE, described
from westphalia.methods.stability import simultaneous_kernels as kernels
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Arcs, BoolArray, Conflict, Preferences, joined
from westphalia.methods.stability.graph import Graph
from westphalia.methods.stability.sets import moves_in
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

SIMULTANEOUS = ("sim", "tableau")

MOST_WORK = 1_000_000_000
"""Combinations of improvements that are tried, in the worst case: what takes a minute or so."""

Movers = Annotated[
    Literal["all", "some"],
    Param("Whether all others who can improve do so at once, or some of them, at least one."),
]


def simultaneous(conflict: Conflict, preferences: Preferences, *, movers: Movers = "all") -> xr.Dataset:
    """Return which states hold where the others may improve at the same time as the focal actor.

    In state s the focal actor improves to q while others make improvements of their own, all from s.
    That is added up: each changes its own moves. A combination deters if it can be and is no better
    for the focal actor than s. A state is stable by `sim` if each improvement is deterred by some
    combination. It is stable by `tableau` for an actor that is Nash or sequentially stable there,
    and for the others, two or more of them, if each of them is deterred by improvements of the rest
    of them alone.

    Parameters
    ----------
    conflict: states and moves in option form, at most `sets.MOST_STATES` states.
    preferences: ranks, without unknown pairs.
    movers: see its sentence; whoever cannot improve stays in any case. Published figures do not tell
        the two apart.

    Returns
    -------
    Dataset with `is_stable` (concept, actor, state) and `is_equilibrium` (concept, state). The worst
    case tries every combination of improvements of all actors in every state.

    Raises
    ------
    CallError: moves are given from state to state (``no-options``); the work is too much
        (``conflict-too-large``); what `concepts.stability` raises.

    References
    ----------
    fraser_hipel1984
    """
    if not conflict.moves:
        raise CallError(
            "Moves made at the same time can only be added up where states are made of moves.",
            code="no-options",
            hint="Describe the conflict by moves, or ask for sequential stability.",
        )
    others = stability(conflict, preferences, concepts=("nash", "seq"))["is_stable"].values
    improvements = Graph(moves_in(conflict), True).improving(preferences.rank).arcs
    _is_little(conflict, improvements)
    is_settled = np.asarray(others.any(axis=0))
    everybody = np.ones_like(is_settled)
    sim = _deterred(conflict, preferences, improvements, everybody, movers)
    rest = _deterred(conflict, preferences, improvements, ~is_settled, movers)
    is_left_stable = (rest | is_settled).all(axis=0)
    return _labelled(conflict, np.stack([sim, is_settled | is_left_stable]), movers)


def _deterred(
    conflict: Conflict,
    preferences: Preferences,
    improvements: tuple[Arcs, ...],
    takes_part: BoolArray,
    movers: str,
) -> BoolArray:
    """Return where (actor, state) each improvement is deterred by those of others that take part."""
    codes = conflict.code_of(np.arange(conflict.size))
    is_deterred = np.ones(preferences.rank.shape, dtype=np.bool_)
    kernels.deter(codes, *joined(improvements), preferences.rank, takes_part, movers == "some", is_deterred)
    return is_deterred


def _is_little(conflict: Conflict, improvements: tuple[Arcs, ...]) -> None:
    choices = np.ones(conflict.size)
    for arcs in improvements:
        choices *= np.diff(arcs.starts) + 1.0
    work = len(improvements) * float(choices.sum())
    if work > MOST_WORK:
        raise CallError(
            f"Up to {work:.1e} combinations of improvements would have to be tried, over {MOST_WORK:.1e}.",
            code="conflict-too-large",
            hint="Ask for sequential stability, which takes the same improvements one after another.",
        )


def _labelled(conflict: Conflict, is_stable: BoolArray, movers: str) -> xr.Dataset:
    import xarray as xr

    return described(
        xr.Dataset(
            {
                "is_stable": ((CONCEPT, ACTOR, STATE), is_stable),
                "is_equilibrium": ((CONCEPT, STATE), is_stable.all(axis=1)),
            },
            coords={
                CONCEPT: list(SIMULTANEOUS),
                ACTOR: list(conflict.actors),
                STATE: conflict.coordinate(),
            },
        ),
        movers=movers,
    )
