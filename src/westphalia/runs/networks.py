"""The networks of a case, computed once: who speaks about what, who agrees with whom, who hears whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from westphalia.case.networks import hearing, statement_table
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER, STATEMENT, WINDOW
from westphalia.methods.networks.discourse import one_mode, two_mode
from westphalia.methods.networks.positions import esteban_ray, position_network
from westphalia.methods.networks.structure import blocs, brokers, two_camps
from westphalia.methods.spatial.influence import listening_weights, total_influence

SEED = 1
"""Seed of the search for blocs."""

STUBBORNNESS = 0.5
"""How far actors hold on to their first opinion when shares of settled opinion are told: the default of
`influence`."""


@dataclass(frozen=True)
class Agreement:
    """Who agrees with whom: ties (actor, other_actor), and the blocs, camps and brokers they show."""

    ties: xr.Dataset
    blocs: xr.Dataset
    camps: xr.Dataset
    brokers: xr.Dataset


@dataclass(frozen=True)
class Networks:
    """What the networks of a case show; None where the case tells too little for one.

    `affiliation` has `mentions` and `mean_stance` (actor, issue); `by_statements` compares what actors
    are told to want, `by_positions` where they stand; `polarisation` (draw, issue) is by positions; `hears`
    (actor, other_actor) counts consultations, `share` (actor) is the share of settled opinion that began
    as this actor's.
    """

    statement_count: int
    affiliation: xr.Dataset | None
    by_statements: Agreement | None
    by_positions: Agreement | None
    polarisation: xr.DataArray | None
    hears: xr.DataArray | None
    share: xr.DataArray | None


def networks(case: CaseFile, draws: xr.Dataset) -> Networks:
    """Return the networks of a checked case; `draws` are its sampled inputs on issues with a scale.

    Cost: statements, and draws × issues × actors².
    """
    table = statement_table(case)
    told = table.sizes[STATEMENT] > 0
    hears = hearing(case, [actor.id for actor in case.actors])
    present = (hears.values.sum(axis=0) + hears.values.sum(axis=1)) > 0
    heard = hears[present][:, present] if present.any() else None
    positions, polarised = _positions(draws)
    return Networks(
        statement_count=len({name.partition("#")[0] for name in table[STATEMENT].values.tolist()}),
        affiliation=two_mode(table).isel({WINDOW: 0}, drop=True) if told else None,
        by_statements=_agreement(one_mode(table, normalisation="cosine").isel({WINDOW: 0}, drop=True))
        if told
        else None,
        by_positions=positions,
        polarisation=polarised,
        hears=heard,
        share=None if heard is None else _share(heard),
    )


def graph_of_case(found: Networks, by: str | None = None) -> xr.Dataset:
    """Return one network of all: who mentions which issue, agreement and conflict, and who heard whom.

    `by` says whether agreement rests on ``statements`` or ``positions``; None takes statements where there
    are enough. Of the actors it tells `bloc` (-1: none), `camp` and `betweenness`. Ties among actors who
    are in none of the networks are 0.

    Raises
    ------
    CallError: the case has no such network.
    """
    bases = {"statements": found.by_statements, "positions": found.by_positions}
    agreed = bases[by] if by is not None else found.by_statements or found.by_positions
    if agreed is None:
        raise CallError(
            f"No two actors agree or disagree by {by or 'statements or positions'}.",
            code="input-missing",
            where=by or "networks",
            hint="Statements name an issue and an actor; positions are the stands of the case.",
        )
    parts = [agreed.ties, agreed.blocs[["bloc"]], agreed.camps[["camp"]], agreed.brokers[["betweenness"]]]
    parts += [] if found.affiliation is None else [found.affiliation[["mentions"]]]
    parts += [] if found.hears is None else [found.hears.to_dataset(name="hears")]
    fill = {name: -1 if name in ("bloc", "camp") else 0 for part in parts for name in part.data_vars}
    whole = xr.merge(parts, join="outer", fill_value=fill, combine_attrs="drop")
    return whole.reindex({OTHER: whole[ACTOR].values}, fill_value=fill)


def _positions(draws: xr.Dataset) -> tuple[Agreement | None, xr.DataArray | None]:
    if not draws.sizes[ISSUE]:
        return None, None
    names = ("position", "salience", "capability", "has_stand", "scale_low", "scale_high")
    given = [draws[name] for name in names]
    ties = position_network(*given[:2], *given[3:])
    weight = (draws["capability"] * draws["salience"]).where(draws["has_stand"], 0.0).sum(ACTOR)
    counted = np.flatnonzero((weight > 0).all(DRAW).values)
    if not len(counted):
        return _agreement(ties), None
    polarised = esteban_ray(*(array.isel({ISSUE: counted}) for array in given))
    return _agreement(ties), polarised["polarisation"]


def _agreement(ties: xr.Dataset) -> Agreement | None:
    """Return what ties show, or None where no two actors share an issue."""
    if not float(ties["congruence"].sum() + ties["conflict"].sum()):
        return None
    more = ties["subtract"].clip(min=0)
    return Agreement(
        ties=ties[["congruence", "conflict", "subtract", "overlap"]],
        blocs=blocs(more, seed=SEED),
        camps=two_camps(ties["congruence"], ties["conflict"]),
        brokers=brokers(more),
    )


def _share(hears: xr.DataArray) -> xr.DataArray:
    held = xr.DataArray(
        np.full(hears.sizes[ACTOR], STUBBORNNESS), dims=ACTOR, coords={ACTOR: hears[ACTOR].values}
    )
    return total_influence(listening_weights(hears), held)["mean_influence"]
