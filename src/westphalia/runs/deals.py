"""The deals of a case: every method over packages, and what follows from it, computed once for all faces."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import APART, Ties, sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.packages import POINTS, package_terms
from westphalia.case.schema import CaseFile
from westphalia.labels import ACTOR, DRAW, ISSUE, OPTION, PACKAGE, RULE
from westphalia.methods.deals.doubt import doubt
from westphalia.methods.deals.frontier import frontier
from westphalia.methods.deals.levers import levers
from westphalia.methods.deals.payments import payments_for, side_payments
from westphalia.methods.deals.ratification import home_win_sets, ratification
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.trades import exchange, steps, trades
from westphalia.methods.deals.utility import Loss
from westphalia.methods.deals.values import commitment_costs, deal_inputs
from westphalia.methods.deals.zone import zone
from westphalia.methods.spatial.mean import compromise_mean
from westphalia.methods.spatial.plurality import plurality
from westphalia.registry import labelled_inputs
from westphalia.runs.engine import Progress, version

STANCES = (
    "position",
    "salience",
    "scale_low",
    "scale_high",
    "has_stand",
    "reversion",
    "has_reversion",
    "no_deal",
    "has_no_deal",
)
"""What a lever needs to know of positions beside the deal inputs."""


@dataclass(frozen=True)
class Deals:
    """What the methods over packages say of a case.

    `inputs` are the deal inputs at central values, `drawn` with draws, of those alone whose consent
    counts or who are at war; `doubt` holds over the draws,
    everything else at central values. `expected` is the package nearest to the compromise mean,
    `reverted` the one nearest to what holds without agreement (issue; places of options; on a nominal
    issue both take the option with the most weight behind it). `trades` are exchanges from
    `reverted`, `exchange` what settling all issues together adds to settling each alone, `steps` the
    way from `expected` to the frontier. `payments` and `levers` say what would open an empty zone
    (nothing if it is open), `…_for_expected` what would make that package acceptable. `home` (the
    win sets of the principals) and `ratified` (which solutions pass at home, by package = rule) are
    None without ratifiers. `seconds` is what each part took.
    """

    document: Document
    inputs: xr.Dataset
    drawn: xr.Dataset
    zone: xr.Dataset
    solutions: xr.Dataset
    frontier: xr.Dataset
    doubt: xr.Dataset
    expected: xr.DataArray
    reverted: xr.DataArray
    trades: xr.Dataset
    exchange: xr.Dataset
    steps: xr.Dataset
    payments: xr.Dataset
    payments_for_expected: xr.Dataset
    levers: xr.Dataset
    levers_for_expected: xr.Dataset
    home: xr.Dataset | None
    ratified: xr.Dataset | None
    draws: int
    seed: int
    options: dict[str, Any]
    seconds: dict[str, float]

    @property
    def stamp(self) -> dict[str, Any]:
        """Where it came from, so that a figure can be computed again."""
        case = {"case": self.document.case.id, "case_digest": self.document.digest}
        return {**case, "draws": self.draws, "seed": self.seed, "version": version()}


def negotiate(
    document: Document,
    *,
    draws: int = 2000,
    seed: int = 1,
    loss: Loss = "linear",
    points: int = POINTS,
    ratifiers: bool = True,
    commitments: bool = True,
    linkages: bool = True,
    ties: Ties = APART,
    time_limit: float = 60.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Deals:
    """Run every method over packages on a case.

    Parameters
    ----------
    document: a checked case.
    draws, seed: of the uncertain inputs; the zone over draws is judged on all of them, everything
        else at central values.
    loss: linear or quadratic, how utility falls with distance.
    points: options of a continuous issue besides its stated points.
    ratifiers, commitments, linkages: whether they count.
    ties: what errs together in a draw.
    time_limit: seconds each search may take; what it proved by then is told.

    Raises
    ------
    CallError: a party's no deal is unknown, an option is out of bounds, or no consent is needed.
    """
    case = document.case
    inputs = build(case)
    scaled, nominal = sample(inputs, draws, seed, ties=ties)
    counted: dict[str, Any] = {"loss": loss, "commitments": commitments, "linkages": linkages}
    sized: dict[str, Any] = {"points": points, "ratifiers": ratifiers}
    terms = package_terms(case, inputs.central, inputs.nominal, **sized)
    central = deal_inputs(terms, **counted)
    binding = commitment_costs(terms) if commitments else None
    drawn = deal_inputs(of_consequence(package_terms(case, scaled, nominal, **sized), case), **counted)
    expected, reverted = spoken_of(central, inputs.central, nominal)
    home = home_of(case, central) if ratifiers else {}
    told = _Told(progress, parts=10 if home else 9)
    limit: dict[str, Any] = {"time_limit": time_limit}
    solved = told("solutions", lambda: solutions(central, **limit))
    return Deals(
        document=document,
        inputs=central,
        drawn=drawn,
        zone=told("zone", lambda: zone(central, **limit)),
        solutions=solved,
        frontier=told("frontier", lambda: frontier(central, **limit)),
        doubt=told("doubt", lambda: doubt(drawn, workers=workers or 2)),
        expected=expected,
        reverted=reverted,
        trades=told("trades", lambda: trades(central, reverted)),
        exchange=told("exchange", lambda: exchange(central, reverted, **limit)),
        steps=told("steps", lambda: steps(central, expected, **limit)),
        payments=told("payments", lambda: side_payments(central, **limit)),
        payments_for_expected=payments_for(central, expected),
        levers=told("levers", lambda: zone_levers(central, inputs.central, binding, None, loss, time_limit)),
        levers_for_expected=zone_levers(central, inputs.central, binding, expected, loss, time_limit),
        home=told("home", lambda: home_win_sets(central, home)) if home else None,
        ratified=_ratified(central, home, solved) if home else None,
        draws=draws,
        seed=seed,
        options={**counted, **sized, **ties.stamp},
        seconds=told.seconds,
    )


class _Told:
    """Runs one part after another, tells of each and keeps what it took."""

    def __init__(self, progress: Progress | None, parts: int) -> None:
        self.progress = progress
        self.parts = parts
        self.seconds: dict[str, float] = {}

    def __call__(self, part: str, compute: Callable[[], xr.Dataset]) -> xr.Dataset:
        started = time.perf_counter()
        found = compute()
        self.seconds[part] = time.perf_counter() - started
        if self.progress is not None:
            self.progress("deals", len(self.seconds), self.parts)
        return found


def of_consequence(terms: xr.Dataset, case: CaseFile) -> xr.Dataset:
    """Return the terms of those alone whose consent counts or who are at war: draws cost memory."""
    at_war = {actor for war in case.wars for actor in war.between}
    counts = [
        bool(is_party) or actor in at_war
        for actor, is_party in zip(terms[ACTOR].values.tolist(), terms["is_party"].values, strict=True)
    ]
    return terms.isel({ACTOR: np.flatnonzero(counts)})


# --- packages to speak of ----------------------------------------------------------------------


def spoken_of(
    deal: xr.Dataset, central: xr.Dataset, nominal: xr.Dataset
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the expected package and the one of no agreement (issue), as `Deals` tells of them.

    `deal` are the deal inputs at central values, `central` those of the issues with a scale, and
    `nominal` the draws of the others.
    """
    led = _led(nominal)
    expected = _nearest(deal, {**_mean(central), **led})
    return expected, _nearest(deal, {**_reverted(central), **led})


def _mean(central: xr.Dataset) -> dict[str, float]:
    """Return the compromise mean of each issue with a scale, at central values."""
    if not central.sizes[ISSUE]:
        return {}
    arrays: dict[str, Any] = {name: central[name] for name in labelled_inputs(compromise_mean)}
    forecast = compromise_mean(**arrays)["forecast"].isel({DRAW: 0})
    return dict(zip(forecast[ISSUE].values.tolist(), forecast.values.tolist(), strict=True))


def _reverted(central: xr.Dataset) -> dict[str, float]:
    """Return what holds without agreement; where that is not known, the middle of the scale."""
    middle = (central["scale_low"] + central["scale_high"]) / 2
    fallen = central["reversion"].where(central["has_reversion"], middle)
    return dict(zip(fallen[ISSUE].values.tolist(), fallen.values.tolist(), strict=True))


def _led(nominal: xr.Dataset) -> dict[str, float]:
    """Return the option of each nominal issue with the most weight behind it on average."""
    if not nominal.sizes[ISSUE]:
        return {}
    arrays: dict[str, Any] = {name: nominal[name] for name in labelled_inputs(plurality)}
    share = plurality(**arrays)["share"].mean(DRAW)
    return dict(zip(share[ISSUE].values.tolist(), share.argmax(OPTION).values.tolist(), strict=True))


def _nearest(deal: xr.Dataset, points: dict[str, float]) -> xr.DataArray:
    """Return the package (issue) whose options lie nearest to the points, as places of options."""
    wanted = np.array([points[issue] for issue in deal[ISSUE].values.tolist()])
    away = np.abs(deal["option_point"].transpose(ISSUE, OPTION).values - wanted[:, None])
    return xr.DataArray(np.nanargmin(away, axis=1), dims=(ISSUE,), coords={ISSUE: deal[ISSUE].values})


# --- what needs more than the deal inputs --------------------------------------------------------


def zone_levers(
    deal: xr.Dataset,
    central: xr.Dataset,
    binding: xr.DataArray | None,
    wished: xr.DataArray | None,
    loss: Loss,
    time_limit: float,
) -> xr.Dataset:
    """Return the levers that open the zone, or that make the package wished for acceptable."""
    stances: dict[str, Any] = {name: central[name] for name in STANCES}
    return levers(deal, **stances, package=wished, commitment_cost=binding, loss=loss, time_limit=time_limit)


def home_of(case: CaseFile, deal: xr.Dataset) -> dict[str, list[str]]:
    """Return the ratifiers of each party that has any, as far as they are parties of the packages."""
    parties = set(deal[ACTOR].values[deal["is_party"].values].tolist())
    required = case.agreement.required if case.agreement is not None else ()
    stated = case.agreement.ratifiers if case.agreement is not None else {}
    found = {}
    for party in required:
        named = [*stated.get(party, ()), *(actor.id for actor in case.actors if actor.ratifies_for == party)]
        found[party] = [one for one in dict.fromkeys(named) if one in parties]
    return found if any(found.values()) else {}


def _ratified(deal: xr.Dataset, home: dict[str, list[str]], solved: xr.Dataset) -> xr.Dataset | None:
    """Return which of the solutions' packages pass at home; None if there are none."""
    if not bool(solved["has_zone"]):
        return None
    packages = solved["package"].isel(solution=0).rename({RULE: PACKAGE})
    return ratification(deal, packages, home)
