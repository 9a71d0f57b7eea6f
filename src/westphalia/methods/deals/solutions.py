"""Bargaining solutions over packages: Nash, Kalai–Smorodinsky, egalitarian, leximin, utilitarian."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np

from westphalia.check import has_dimensions, is_valid, same_labels
from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, OPTION, RULE, SOLUTION, described
from westphalia.methods.arrays import FloatArray
from westphalia.methods.deals.search import Clock
from westphalia.methods.deals.solutions_lottery import Drawn, draw_lots, lottery_table
from westphalia.methods.deals.solutions_rules import RULES, Solved, Table, solve, table_of
from westphalia.methods.deals.space import TOLERANCE, Space, parts, space_of
from westphalia.methods.examples import DEAL
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

Ideal = Annotated[
    Literal["acceptable", "all"],
    Param("Over which packages a party's ideal is taken: those all accept, or all."),
]
GainsIn = Annotated[
    Literal["normalised", "raw"],
    Param("Whether egalitarian and leximin compare gains as shares of the ideal, or in utility."),
]
Outcomes = Annotated[
    Literal["packages", "lotteries"],
    Param("Whether parties agree on a package, or may agree on a lottery over packages."),
]
TimeLimit = Annotated[float, Param("When to stop and say what is proved so far.", "seconds", 0.0, 86_400.0)]
MostTies = Annotated[int, Param("How many equally good packages to show at most.", "packages", 1, 1000)]


def solutions(
    inputs: xr.Dataset,
    bargaining_weight: xr.DataArray | None = None,
    *,
    ideal: Ideal = "acceptable",
    gains: GainsIn = "normalised",
    outcomes: Outcomes = "packages",
    most_ties: MostTies = 10,
    time_limit: TimeLimit = 60.0,
) -> xr.Dataset:
    """Return what each bargaining solution picks, with ties and proof (docs/methods/solutions.md).

    Parameters
    ----------
    inputs: deal inputs of one draw, see `space.space_of`.
    bargaining_weight: (actor), at least 0; exponents of the Nash product, all 1 if not given. A party
        of weight 0 must accept and does not count in the product.
    ideal, gains, outcomes, most_ties, time_limit: see the sentence of each.

    Returns
    -------
    Dataset with `has_zone`, `is_decided` (); `reservation`, `ideal` (actor); and by (rule):
    `package`, `settled_option` (rule, solution, issue), the one leximin prefers first; `utility`,
    `gain`, `normalised_gain` (rule, solution, actor), NaN where a solution is not there or a floor
    not known; `value`, `bound`, `gap`, `converged`, `is_tie`, `tie_count`, `ties_complete` (rule).
    With lotteries `option_chance` (rule, issue, option) instead of packages and ties. Without a
    zone there is no package and every number of a rule is NaN; `converged` then says that this is
    proved. The worst time grows with the number of packages; 10^12 packages of five parties take
    about a tenth of a second, and `time_limit` holds.

    Raises
    ------
    CallError: what `space_of` raises; a weight below 0, or no party with a weight.

    References
    ----------
    nash1950, kalai_smorodinsky1975, kalai1977, rawls1971, sen1970, geoffrion1974, kelley1960
    """
    space = space_of(inputs)
    weight = _weights(space, inputs, bargaining_weight)
    if outcomes == "lotteries":
        result = _lotteries(space, ideal, gains == "raw", weight)
    else:
        result = _packages(space, ideal, gains == "raw", weight, most_ties, Clock.of(time_limit))
    return described(result, method=SPEC.id)


def _weights(space: Space, inputs: xr.Dataset, given: xr.DataArray | None) -> FloatArray:
    """Return the bargaining weights of those whose acceptance is needed (party)."""
    if given is None:
        return np.ones(int(space.must.sum()))
    has_dimensions(given, "bargaining_weight", (ACTOR,))
    same_labels(inputs["reservation"], given, ("inputs", "bargaining_weight"))
    is_valid(given, "bargaining_weight")
    weight = np.asarray(given.values, dtype=float)[space.must]
    if not weight.any():
        raise CallError(
            "No party has a bargaining weight above 0.",
            code="value-out-of-range",
            where="bargaining_weight",
            hint="Give at least one party some weight.",
        )
    return weight


# --- packages ----------------------------------------------------------------------------------


def _packages(
    space: Space, ideal: str, is_raw: bool, weight: FloatArray, most_ties: int, clock: Clock
) -> xr.Dataset:
    table = table_of(space, ideal, clock)
    if not table.has_zone:
        is_decided = table.has_zone is not None
        return _named(space, table, _without_zone(space, is_decided), is_decided)
    solved = [solve(table, rule, weight, is_raw, clock) for rule in RULES]
    shown = max(min(len(one.packages), most_ties) for one in solved)
    chosen = np.full((len(RULES), shown, len(space.issues)), -1, dtype=np.int64)
    utility = np.full((len(RULES), shown, len(space.parties)), np.nan)
    for at, one in enumerate(solved):
        packages = one.packages[:most_ties]
        chosen[at, : len(packages)] = packages
        utility[at, : len(packages)] = space.utility(packages)
    variables = {**_of_packages(space, chosen), **_of_utilities(space, table, utility)}
    return _named(space, table, {**variables, **_proofs(solved, most_ties)}, True)


def _proofs(solved: list[Solved], most_ties: int) -> dict[str, Any]:
    value, bound = (np.array([getattr(one, name) for one in solved]) for name in ("value", "bound"))
    count = np.array([len(one.packages) for one in solved])
    return {
        "value": (RULE, value),
        "bound": (RULE, bound),
        "gap": (RULE, np.maximum(bound - value, 0.0)),
        "converged": (RULE, np.array([one.is_proved for one in solved])),
        "is_tie": (RULE, count > 1),
        "tie_count": (RULE, count),
        "ties_complete": (RULE, np.array([one.is_complete for one in solved]) & (count <= most_ties)),
    }


def _without_zone(space: Space, is_decided: bool) -> dict[str, Any]:
    rules = len(RULES)
    nothing = np.full(rules, np.nan)
    return {
        **_of_packages(space, np.empty((rules, 0, len(space.issues)), dtype=np.int64)),
        **{
            name: ((RULE, SOLUTION, ACTOR), np.empty((rules, 0, len(space.parties))))
            for name in ("utility", "gain", "normalised_gain")
        },
        **{name: (RULE, nothing) for name in ("value", "bound", "gap")},
        "converged": (RULE, np.full(rules, is_decided)),
        **{name: (RULE, np.zeros(rules, dtype=bool)) for name in ("is_tie", "ties_complete")},
        "tie_count": (RULE, np.zeros(rules, dtype=np.int64)),
    }


def _of_packages(space: Space, chosen: Any) -> dict[str, Any]:
    names = np.full(chosen.shape, "", dtype=object)
    for index in np.ndindex(chosen.shape):
        if chosen[index] >= 0:
            names[index] = space.options[index[-1]][chosen[index]]
    dims = (RULE, SOLUTION, ISSUE)
    return {"package": (dims, chosen), "settled_option": (dims, names.astype(str))}


# --- lotteries ---------------------------------------------------------------------------------


def _lotteries(space: Space, ideal: str, is_raw: bool, weight: FloatArray) -> xr.Dataset:
    table = lottery_table(space, ideal)
    width = max(space.counts)
    chance = np.full((len(RULES), len(space.issues), width), np.nan)
    utility = np.full((len(RULES), int(bool(table.has_zone)), len(space.parties)), np.nan)
    value, bound = np.full((2, len(RULES)), np.nan)
    if table.has_zone:
        for at, rule in enumerate(RULES):
            drawn = draw_lots(table, rule, weight, is_raw)
            chance[at], utility[at, 0] = _drawn(space, drawn)
            value[at], bound[at] = drawn.value, drawn.bound
    gap = np.maximum(bound - value, 0.0)
    variables = {
        "option_chance": ((RULE, ISSUE, OPTION), chance),
        **_of_utilities(space, table, utility),
        "value": (RULE, value),
        "bound": (RULE, bound),
        "gap": (RULE, gap),
        "converged": (RULE, gap <= LOTTERY_GAP * np.abs(bound) + TOLERANCE),
    }
    return _named(space, table, variables, True)


LOTTERY_GAP = 1e-6
"""Share of the bound up to which a lottery counts as best."""


def _drawn(space: Space, drawn: Drawn) -> tuple[FloatArray, FloatArray]:
    """Return the chances (issue, option) and the expected utility (actor) of a lottery."""
    chance = np.full((len(space.issues), max(space.counts)), np.nan)
    utility = space.base.copy()
    for part, chances in zip(parts(space), drawn.chances, strict=True):
        utility += part.values @ chances
        for column, issue in enumerate(part.issues):
            count = space.counts[issue]
            chance[issue, :count] = np.bincount(part.packages[:, column], chances, minlength=count)
    return chance, utility


# --- names -------------------------------------------------------------------------------------


def _of_utilities(space: Space, table: Table, utility: FloatArray) -> dict[str, Any]:
    """Return utility, gain and normalised gain of all actors; shares only of parties that can gain."""
    dims = (RULE, SOLUTION, ACTOR)
    gain = utility - space.floor
    unit = np.full(len(space.parties), np.nan)
    unit[space.must] = np.where(table.counted, table.unit, np.nan)
    return {"utility": (dims, utility), "gain": (dims, gain), "normalised_gain": (dims, gain / unit)}


def _named(space: Space, table: Table, variables: dict[str, Any], is_decided: bool) -> xr.Dataset:
    import xarray as xr

    ideal = np.full(len(space.parties), np.nan)
    if table.has_zone:
        ideal[space.must] = table.ideal + space.floor[space.must]
    heads = {
        "has_zone": ((), bool(table.has_zone)),
        "is_decided": ((), is_decided),
        "is_party": (ACTOR, space.must),
        "reservation": (ACTOR, space.floor),
        "ideal": (ACTOR, ideal),
    }
    coords = {RULE: list(RULES), ACTOR: list(space.parties), ISSUE: list(space.issues)}
    return xr.Dataset({**heads, **variables}, coords=coords)


SPEC = register(
    MethodSpec(
        id="solutions",
        title="Bargaining solutions",
        question="Which package does each notion of a fair bargain pick, and what does each party gain?",
        family="deals",
        run=solutions,
        outputs=(
            *("has_zone", "is_decided", "is_party", "reservation", "ideal", "package", "settled_option"),
            *("utility", "gain", "normalised_gain", "value", "bound", "gap", "converged"),
            *("is_tie", "tie_count", "ties_complete"),
        ),
        takes="packages",
        sources=(
            *("nash1950", "kalai_smorodinsky1975", "kalai1977", "rawls1971", "sen1970"),
            *("geoffrion1974", "kelley1960"),
        ),
        limits=(
            "Each rule is a standard of fairness and no forecast. Utilitarian and raw gains compare "
            "utilities between parties, which needs a common measure. It takes utilities as known."
        ),
        cost="Milliseconds for a dozen issues; the worst case grows with the number of packages.",
        aliases=("nash_bargaining_solution", "kalai_smorodinsky", "egalitarian", "leximin", "utilitarian"),
        example=DEAL,
    )
)
