"""The bargaining range of a war, and what closes it (Fearon 1995).

Two sides divide one thing at stake, 0 to 1; a division is the part of the first side. War is a
lottery that gives the winner all and costs both. Every input is a number, or a labelled array that
may lead with `draw`; where it differs between the sides it has `actor` with the two of them, first
side first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.check import has_dimensions, is_valid
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DEMAND, DIVISION, DRAW, described
from westphalia.methods.arrays import FloatArray
from westphalia.methods.deals.space import TOLERANCE
from westphalia.methods.deals.war_inputs import (
    above_zero,
    alike,
    fits,
    over_draws,
    own_chances,
    war_inputs,
)

if TYPE_CHECKING:
    import xarray as xr


def bargaining_range(
    win_chance: xr.DataArray | float, war_cost: xr.DataArray | float, *, curvature: xr.DataArray | float = 1.0
) -> xr.Dataset:
    """Return the divisions that neither side finds worse than war: u_A(x) ≥ p − c_A, u_B(1−x) ≥ 1−p−c_B.

    A part y is worth u(y) = y^r to a side: r = 1 risk-neutral, below 1 risk-averse (concave), above
    1 risk-acceptant. Risk-neutral, the range is [p − c_A, p + c_B], cut to [0, 1].

    Parameters
    ----------
    win_chance: ([draw]) the first side's chance p to win, on which both agree; or ([draw,] actor)
        each side's own chance in its own eyes. If these sum to more than 1, both are hopeful.
    war_cost: ([draw,] actor) or one number for both; utility lost by war, at least 0.
    curvature: r, ([draw,] actor) or one number for both, above 0.

    Returns
    -------
    Dataset with `war_value` (draw, actor), `range_low`, `range_high`, `range_width` and `has_range`
    (draw). Without a range `range_low` lies above `range_high`. Time is linear in draws.

    Raises
    ------
    CallError: inputs do not fit together, hold NaN or leave their bounds.

    References
    ----------
    fearon1995
    """
    import xarray as xr

    data = war_inputs({"win_chance": win_chance}, war_cost=war_cost, curvature=curvature)
    above_zero(data["curvature"], "curvature")
    value = own_chances(data["win_chance"], data["war_cost"]) - data["war_cost"]
    least = value.clip(0.0, 1.0) ** (1.0 / data["curvature"])
    low, high = least.isel({ACTOR: 0}, drop=True), 1.0 - least.isel({ACTOR: 1}, drop=True)
    found = {"war_value": value, "range_low": low, "range_high": high, "range_width": high - low}
    return over_draws(xr.Dataset({**found, "has_range": high - low >= -TOLERANCE}))


def first_strike(
    chance_striking: xr.DataArray | float,
    chance_struck: xr.DataArray | float,
    war_cost: xr.DataArray | float,
) -> xr.Dataset:
    """Return the bargaining range where striking first helps: [p_f − c_A, p_s + c_B].

    Each side compares a bargain with war on its own first strike. The range is empty where the
    advantage p_f − p_s exceeds the costs together, c_A + c_B.

    Parameters
    ----------
    chance_striking: ([draw]) p_f, the first side's chance to win if it strikes first.
    chance_struck: ([draw]) p_s, its chance if the other does, at most p_f.
    war_cost: ([draw,] actor) or one number for both.

    Returns
    -------
    Dataset as of `bargaining_range`.

    Raises
    ------
    CallError: inputs do not fit together or leave their bounds; p_s lies above p_f.

    References
    ----------
    fearon1995
    """
    import xarray as xr

    chances = {"chance_striking": chance_striking, "chance_struck": chance_struck}
    data = war_inputs(chances, war_cost=war_cost)
    striking, struck = alike(data, "chance_striking", "chance_struck")
    if bool((struck > striking + TOLERANCE).any()):
        raise CallError(
            "The chance to win when struck first is higher than when striking first.",
            code="value-out-of-range",
            where="chance_struck",
            hint="Exchange the two, or give the same number where surprise brings nothing.",
        )
    cost = data["war_cost"]
    both = xr.concat(
        list(xr.broadcast(striking, 1.0 - struck)),
        dim=ACTOR,
        join="exact",
        coords="minimal",
        compat="override",
    )
    return bargaining_range(both.assign_coords({ACTOR: cost[ACTOR].values}), cost)


def indivisible(found: xr.Dataset, divisions: list[float] | FloatArray) -> xr.Dataset:
    """Say which of the few divisions that an issue admits lie in a bargaining range.

    Parameters
    ----------
    found: what `bargaining_range` or `first_strike` returned.
    divisions: the divisions there are, each 0 to 1; for a throne 0 and 1.

    Returns
    -------
    Dataset with `is_acceptable` (draw, division) and `has_range` (draw): some division is in it.

    Raises
    ------
    CallError: there is no division, or one leaves 0 to 1.

    References
    ----------
    fearon1995
    """
    import xarray as xr

    admitted = xr.DataArray(np.asarray(divisions, dtype=float), dims=DIVISION)
    if admitted.size == 0:
        raise CallError("The issue admits no division.", code="no-packages", where="divisions")
    is_valid(admitted, "division")
    fits = (admitted >= found["range_low"] - TOLERANCE) & (admitted <= found["range_high"] + TOLERANCE)
    result = xr.Dataset({"is_acceptable": fits.transpose(DRAW, DIVISION), "has_range": fits.any(DIVISION)})
    return described(result.assign_coords({DIVISION: admitted.values}))


def shifting_power(
    chance_now: xr.DataArray | float,
    chance_later: xr.DataArray | float,
    cost_of_declining: xr.DataArray | float,
    *,
    discount: float,
) -> xr.Dataset:
    """Say whether a coming shift of power makes the declining side fight now: δ p₂ − p₁ > c_B (1 − δ)².

    What is at stake yields 1 in every period for ever. The first side wins with p₁ now and with p₂
    from the next period on, and cannot bind itself not to use that. At best the other side gets all
    of one period, and then what the first must leave it. War costs once; the winner keeps all.

    Parameters
    ----------
    chance_now, chance_later: ([draw]) p₁ and p₂ of the rising side.
    cost_of_declining: ([draw]) c_B, in what is at stake in one period, at least 0.
    discount: δ, what the next period counts against this one, above 0 and below 1.

    Returns
    -------
    Dataset with `power_shift` δ p₂ − p₁, `largest_shift` c_B (1 − δ)² and `is_preventive_war` (draw).

    Raises
    ------
    CallError: inputs do not fit together or leave their bounds.

    References
    ----------
    fearon1995, powell2006
    """
    import xarray as xr

    if not 0 < discount < 1:
        raise CallError(
            f"The discount factor is {discount:g}.",
            code="value-out-of-range",
            where="discount",
            hint="It lies between 0 and 1: the nearer to 1, the longer the view.",
        )
    given = {
        "chance_now": chance_now,
        "chance_later": chance_later,
        "cost_of_declining": cost_of_declining,
    }
    now, later, cost = alike(war_inputs(given), *given)
    shift, largest = discount * later - now, cost * (1 - discount) ** 2
    result = {"power_shift": shift, "largest_shift": largest}
    return over_draws(xr.Dataset({**result, "is_preventive_war": shift > largest + TOLERANCE}))


def unknown_resolve(
    win_chance: xr.DataArray | float,
    war_cost: xr.DataArray | float,
    *,
    curvature: xr.DataArray | float = 1.0,
    demands: int = 101,
) -> xr.Dataset:
    """Return what a side that does not know the other's resolve demands, and the risk of war it takes.

    The draws are what the first side believes: it makes one demand, which the other accepts in the
    draws in which it is no worse than war. A larger part is weighed against the chance of refusal.

    Parameters
    ----------
    win_chance, war_cost, curvature: as for `bargaining_range`; the curvature without draws.
    demands: points on the scale for which `acceptance_chance` is given, at least 2.

    Returns
    -------
    Dataset with `acceptance_chance` and `demand_value` (demand); and, exact for these draws,
    `best_demand` and `war_risk`, the share of draws in which it is refused. Where demands are equally
    good, the least is given. Time is that of sorting the draws.

    Raises
    ------
    CallError: inputs do not fit together or leave their bounds.

    References
    ----------
    fearon1995
    """
    import xarray as xr

    if demands < 2:
        raise CallError(f"{demands} demands were asked for.", code="bad-option", hint="At least 2.")
    found = bargaining_range(win_chance, war_cost, curvature=curvature)
    bend = curvature.isel({ACTOR: 0}) if isinstance(curvature, xr.DataArray) else xr.DataArray(curvature)
    if bend.ndim:
        raise CallError("'curvature' has draws.", code="dimension-surplus", where="curvature")
    order = np.argsort(found["range_high"].values, kind="stable")
    tolerated = found["range_high"].values[order]
    war = found["war_value"].isel({ACTOR: 0}).values[order]
    grid = np.linspace(0.0, 1.0, demands)
    accepted, worth = _offers(grid, tolerated, war, float(bend))
    # Between two tolerated demands the larger is accepted just as often: the best is one of them, or
    # to ask for all and fight.
    steps = np.append(tolerated, 1.0)
    accepted_at, worth_at = _offers(steps, tolerated, war, float(bend))
    best = int(np.argmax(worth_at >= worth_at.max() - TOLERANCE))
    result = xr.Dataset(
        {
            "acceptance_chance": ((DEMAND,), accepted),
            "demand_value": ((DEMAND,), worth),
            "best_demand": float(steps[best]),
            "war_risk": float(1.0 - accepted_at[best]),
        },
        coords={DEMAND: grid},
    )
    return described(result)


def with_support(
    win_chance: xr.DataArray | float,
    war_cost: xr.DataArray | float,
    *,
    strength: xr.DataArray | float = 1.0,
    payment: xr.DataArray | float = 0.0,
) -> xr.Dataset:
    """Return the bargaining range when third parties arm the sides and pay for them.

    The odds p/(1−p) are multiplied by the first side's strength over the second's, as where the
    chance to win is a side's share of the strength of both. A payment takes costs off a side, never
    below 0; a negative one (a sanction) adds to them.

    Parameters
    ----------
    win_chance: ([draw]) p without support, on which both sides agree.
    war_cost: ([draw,] actor) or one number for both, without support.
    strength: ([draw,] actor) what support multiplies a side's strength by, above 0.
    payment: ([draw,] actor) what third parties bear of a side's cost.

    Returns
    -------
    Dataset as of `bargaining_range`, with `win_chance` (draw), `war_cost` (draw, actor) and
    `range_shift` (draw), by which the middle of the range moves; NaN where there is none before or
    after.

    Raises
    ------
    CallError: inputs do not fit together or leave their bounds.
    """
    data = war_inputs({"win_chance": win_chance}, war_cost=war_cost, strength=strength, payment=payment)
    (chance,) = alike(data, "win_chance")
    cost, armed = data["war_cost"], data["strength"]
    above_zero(armed, "strength")
    one, two = (armed.isel({ACTOR: side}, drop=True) for side in (0, 1))
    with_arms = chance * one / (chance * one + (1 - chance) * two)
    with_money = (cost - data["payment"]).clip(min=0.0)
    before, after = bargaining_range(chance, cost), bargaining_range(with_arms, with_money)
    first, second = (
        ((found["range_low"] + found["range_high"]) / 2).where(found["has_range"])
        for found in (before, after)
    )
    shift = second - (first if first.sizes == second.sizes else first.isel({DRAW: 0}, drop=True))
    return over_draws(after.assign(win_chance=with_arms, war_cost=with_money, range_shift=shift))


def war_reservation(
    win_chance: xr.DataArray | float, victory: xr.DataArray, defeat: xr.DataArray, war_cost: xr.DataArray
) -> xr.DataArray:
    """Return what no deal is worth to every party if it means war: p·u(victory) + (1−p)·u(defeat) − c.

    Parameters
    ----------
    win_chance: ([draw]) p, the chance that the one side wins.
    victory, defeat: ([draw,] actor) utility to each party if that side wins, and if it loses.
    war_cost: ([draw,] actor) utility that war costs each party, at least 0.

    Returns
    -------
    `reservation` (draw, actor), for the space of packages.

    Raises
    ------
    CallError: inputs do not fit together or leave their bounds.
    """
    import xarray as xr

    (chance,) = alike(war_inputs({"win_chance": win_chance}), "win_chance")
    for array, name in ((victory, "victory"), (defeat, "defeat"), (war_cost, "war_cost")):
        has_dimensions(array, name, (ACTOR,))
        is_valid(array, name)
        fits(chance, array, ("win_chance", name))
        fits(victory, array, ("victory", name))
    value = chance * victory + (1 - chance) * defeat - war_cost
    return over_draws(xr.Dataset({"reservation": value}))["reservation"]


def _offers(
    demand: FloatArray, tolerated: FloatArray, war: FloatArray, curvature: float
) -> tuple[FloatArray, FloatArray]:
    """Return how likely each demand is accepted and what it is worth; `tolerated` ascends."""
    refused = np.searchsorted(tolerated, demand - TOLERANCE, side="left")
    fought = np.append(0.0, np.cumsum(war))[refused] / len(war)
    accepted: FloatArray = 1.0 - refused / len(war)
    return accepted, accepted * demand**curvature + fought
