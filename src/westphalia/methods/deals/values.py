"""From the terms of packages to deal inputs: what each option adds to each actor's utility (design §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, LINKAGE, OPTION, OTHER_OPTION, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.utility import Loss, power_of

if TYPE_CHECKING:
    import xarray as xr


def deal_inputs(
    terms: xr.Dataset, *, loss: Loss = "linear", commitments: bool = True, linkages: bool = True
) -> xr.Dataset:
    """Return the deal inputs of packages: u_i(x) = 1 − Σ_k v_ik distance_ik(x_k)^a − costs + linkages.

    v_ik is the share of issue k in the salience of i, over scaled and nominal issues alike. An actor
    that agrees to an option outside of its commitment loses strength · v_ik there; no deal costs it
    nothing. Of a linkage a half that stands alone is not carried out: its issue is then worth to
    every actor what it is without agreement; where that is not known the linkage is left out.

    Parameters
    ----------
    terms: as `westphalia.case.packages.package_terms` gives them.
    loss: linear (a = 1) or quadratic (a = 2).
    commitments, linkages: whether they count.

    Returns
    -------
    Dataset as `space.space_of` takes it: `option_value` (draw, actor, issue, option), `reservation`
    (draw, actor), NaN where it is neither stated nor follows from reversions, `base_utility`
    (actor), `is_party` (actor), `option_count`, `option_point`, `option_label`, and where there are
    linkages `linked_issue`, `other_issue` (linkage) and `interaction` (draw, linkage, actor, option,
    other_option). Draws are kept. Memory grows with draws, actors, and options of all issues, each
    linkage with the square of options.
    """
    lead = (DRAW,) if DRAW in terms.dims else ()
    share, power = _shares(terms, lead), power_of(loss)
    distance = terms["distance"].transpose(*lead, ACTOR, ISSUE, OPTION).values
    fallen = terms["reversion_distance"].transpose(*lead, ACTOR, ISSUE).values
    value = -share[..., None] * distance**power
    reverted = -share * fallen**power
    variables: dict[str, Any] = {
        "reservation": ((*lead, ACTOR), _reservations(terms, lead, share, reverted)),
        "base_utility": (ACTOR, np.ones(terms.sizes[ACTOR])),
    }
    if linkages:
        variables |= _linked(terms, lead, value, reverted)
    if commitments:
        value = value - _broken(terms, share)
    exists = ~np.isnan(terms["option_point"].values)
    variables["option_value"] = ((*lead, ACTOR, ISSUE, OPTION), np.where(exists, value, np.nan))
    kept = terms[["option_count", "option_point", "option_label", "is_party"]]
    return described(kept.assign(variables))


def commitment_costs(terms: xr.Dataset) -> xr.DataArray:
    """Return what breaking commitments takes off each option's value: (actor, issue, option), utility.

    `terms` are as for `deal_inputs`, without draws.
    """
    import xarray as xr

    return xr.DataArray(
        _broken(terms, _shares(terms, ())),
        dims=(ACTOR, ISSUE, OPTION),
        coords={ACTOR: terms[ACTOR].values, ISSUE: terms[ISSUE].values},
    )


def _shares(terms: xr.Dataset, lead: tuple[str, ...]) -> FloatArray:
    """Return v (draw, actor, issue); 0 for an actor that cares about nothing."""
    salience = terms["salience"].transpose(*lead, ACTOR, ISSUE).values
    total = salience.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(salience, total, out=np.zeros_like(salience), where=total > 0))


def _reservations(
    terms: xr.Dataset, lead: tuple[str, ...], share: FloatArray, reverted: FloatArray
) -> FloatArray:
    unknown = ((share > 0) & ~terms["has_reversion"].values).any(axis=-1)
    computed = np.where(unknown, np.nan, 1.0 + reverted.sum(axis=-1))
    stated = terms["no_deal"].transpose(*lead, ACTOR).values
    return np.where(terms["has_no_deal"].values, stated, computed)


def _broken(terms: xr.Dataset, share: FloatArray) -> FloatArray:
    """Return what breaking commitments costs (draw, actor, issue, option)."""
    strength, bound = terms["commitment_strength"].values, terms["is_bound"].values.astype(float)
    breaks = terms["breaks"].values.astype(float)
    cost = np.einsum("c,ca,cko->ako", strength, bound, breaks)
    return np.asarray(share[..., None] * cost)


def _linked(
    terms: xr.Dataset, lead: tuple[str, ...], value: FloatArray, reverted: FloatArray
) -> dict[str, Any]:
    """Return the two issues of each linkage that counts, and what their options together add.

    It is what a half that stands alone takes back: its option's value, for that of no agreement.
    """
    exists = ~np.isnan(terms["option_point"].values)
    known = terms["has_reversion"].values
    undo = np.where(exists, reverted[..., None] - np.where(exists, value, 0.0), 0.0)
    issues, tables = [], []
    for given, got in zip(terms["is_given"].values, terms["is_got"].values, strict=True):
        k, m = (int(np.flatnonzero(half.any(axis=1))[0]) for half in (given, got))
        if known[k] and known[m]:
            alone = _alone(undo[..., k, :], given[k], ~got[m] & exists[m])
            turned = _alone(undo[..., m, :], got[m], ~given[k] & exists[k])
            issues.append((k, m))
            tables.append(alone + np.swapaxes(turned, -1, -2))
    if not issues:
        return {}
    ends = terms[ISSUE].values[np.array(issues)]
    dims = (*lead, LINKAGE, ACTOR, OPTION, OTHER_OPTION)
    return {
        "linked_issue": (LINKAGE, ends[:, 0]),
        "other_issue": (LINKAGE, ends[:, 1]),
        "interaction": (dims, np.stack(tables, axis=len(lead))),
    }


def _alone(undo: FloatArray, holds: Array, lacks: Array) -> FloatArray:
    """Return undo (…, option) where one half holds and the other (other option) lacks, else 0."""
    return np.asarray((undo * holds)[..., :, None] * lacks)
