"""The zone of possible agreement: whether there is one, how large, its ends, and who blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from westphalia.labels import ACTOR, BEST_FOR, COALITION, CONFLICT, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, gains_of
from westphalia.methods.deals.search import Clock, Found, search
from westphalia.methods.deals.solutions import TimeLimit
from westphalia.methods.deals.solutions_rules import in_leximin_order
from westphalia.methods.deals.space import Space, space_of
from westphalia.methods.deals.zone_conflicts import Conflicts, find_conflicts
from westphalia.methods.deals.zone_count import Volume, volume
from westphalia.methods.examples import DEAL
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

Samples = Annotated[
    int, Param("How many packages to draw where they cannot be counted.", "packages", 1_000, 100_000_000)
]
Seed = Annotated[int, Param("Where the random numbers of the sample start.", "1", 0, 2**63 - 1)]

_LISTED = 1000


def zone(
    inputs: xr.Dataset,
    *,
    samples: Samples = 1_000_000,
    seed: Seed = 1,
    time_limit: TimeLimit = 60.0,
) -> xr.Dataset:
    """Return the zone of possible agreement of one draw of deal inputs (docs/methods/zone.md).

    Parameters
    ----------
    inputs: deal inputs of one draw, see `space.space_of`.
    samples, seed, time_limit: see the sentence of each.

    Returns
    -------
    Dataset with `has_zone`, `is_decided` (whether that is proved), `volume_share`, `volume_error`,
    `volume_low`, `volume_high`, `is_counted`, `package_count`, `acceptable_count` (the exact whole
    numbers are also attributes, as text); `package` (best_for, issue), the best acceptable package of
    each party, with `settled_option`, `utility` and `slack` (best_for, actor) and `converged`
    (best_for). Where there is no zone: `in_conflict` and `conflict_price` (conflict, actor),
    `in_coalition` (coalition, actor), `conflicts_complete`, `is_in_conflict` and `is_blocker`
    (actor). The dimensions of what there is none of have length 0. The worst time grows with
    packages and with sets of parties; ten parties and 10^12 packages take a second.

    Raises
    ------
    CallError: what `space_of` raises.

    References
    ----------
    raiffa1982, liffiton2016, wilson1927
    """
    space = space_of(inputs)
    clock = Clock.of(time_limit)
    gains = gains_of(space)
    ends = _ends(gains, clock)
    has_zone = any(len(found.places) for found in ends)
    is_decided = has_zone or any(found.is_proved for found in ends)
    is_empty = is_decided and not has_zone
    size = Volume(0.0, 0.0, 0.0, 0.0, 0) if is_empty else volume(space, gains, samples, seed)
    blocked = find_conflicts(gains, clock) if is_empty else _no_conflicts(len(gains.start))
    heads = {"has_zone": ((), has_zone), "is_decided": ((), is_decided)}
    variables = {
        **heads,
        **_of_volume(size, space),
        **_of_ends(space, gains, ends),
        **_of_conflicts(space, blocked),
    }
    return described(_named(space, variables, size), method=SPEC.id)


def _ends(gains: Gains, clock: Clock) -> list[Found]:
    """Return for each party its best acceptable packages; once none is found for one, none is sought."""
    parties = len(gains.start)
    ends: list[Found] = []
    for p in range(parties):
        ends.append(search(gains, Aim(np.arange(parties) == p), clock, most=_LISTED))
        if ends[-1].is_proved and len(ends[-1].places) == 0:
            return ends
    return ends


def _no_conflicts(parties: int) -> Conflicts:
    nothing = np.zeros((0, parties), dtype=bool)
    return Conflicts(nothing, nothing, np.zeros((0, parties)), True)


# --- names -------------------------------------------------------------------------------------


def _of_volume(size: Volume, space: Space) -> dict[str, Any]:
    return {
        "volume_share": ((), size.share),
        "volume_error": ((), size.error),
        "volume_low": ((), size.low),
        "volume_high": ((), size.high),
        "is_counted": ((), size.exact is not None),
        "package_count": ((), float(space.size)),
        "acceptable_count": ((), np.nan if size.exact is None else float(size.exact)),
    }


def _of_ends(space: Space, gains: Gains, ends: list[Found]) -> dict[str, Any]:
    """Return each party's best package; among its equally good ones, the one leximin prefers for all."""
    there = [at for at, found in enumerate(ends) if len(found.places)]
    span = np.maximum(gains.highest - gains.start, 0.0)
    unit = np.where(span > 0, span, 1.0)
    chosen = np.empty((len(there), len(space.issues)), dtype=np.int64)
    for row, at in enumerate(there):
        places = ends[at].places
        first = in_leximin_order(gains.of(places) / unit)[:1]
        chosen[row] = gains.packages(places[first])[0]
    names = np.array([space.label(package) for package in chosen], dtype=str)
    parties = np.array(space.parties)[space.must]
    return {
        BEST_FOR: (BEST_FOR, parties[there]),
        "package": ((BEST_FOR, ISSUE), chosen),
        "settled_option": ((BEST_FOR, ISSUE), names.reshape(chosen.shape)),
        "utility": ((BEST_FOR, ACTOR), space.utility(chosen)),
        "slack": ((BEST_FOR, ACTOR), space.slack(chosen)),
        "converged": (BEST_FOR, np.array([ends[at].is_proved for at in there], dtype=bool)),
    }


def _of_conflicts(space: Space, blocked: Conflicts) -> dict[str, Any]:
    def of_all(sets: Array | FloatArray, absent: float) -> Any:
        spread = np.full((len(sets), len(space.parties)), absent, dtype=sets.dtype)
        spread[:, space.must] = sets
        return spread

    conflicts, coalitions = of_all(blocked.conflicts, False), of_all(blocked.coalitions, False)
    # A party blocks alone if all the others together are a compatible coalition.
    nearly = coalitions[coalitions.sum(axis=1) == space.must.sum() - 1]
    return {
        "in_conflict": ((CONFLICT, ACTOR), conflicts),
        "conflict_price": ((CONFLICT, ACTOR), of_all(blocked.prices, 0.0)),
        "in_coalition": ((COALITION, ACTOR), coalitions),
        "conflicts_complete": ((), blocked.is_complete),
        "is_in_conflict": (ACTOR, conflicts.any(axis=0)),
        "is_blocker": (ACTOR, space.must & (~nearly).any(axis=0)),
    }


def _named(space: Space, variables: dict[str, Any], size: Volume) -> xr.Dataset:
    import xarray as xr

    heads = {"is_party": (ACTOR, space.must), "reservation": (ACTOR, space.floor)}
    coords = {ACTOR: list(space.parties), ISSUE: list(space.issues), BEST_FOR: variables.pop(BEST_FOR)}
    exact = {"packages": str(space.size), "acceptable": "" if size.exact is None else str(size.exact)}
    return xr.Dataset({**heads, **variables}, coords=coords, attrs=exact)


SPEC = register(
    MethodSpec(
        id="zone",
        title="Zone of possible agreement",
        question="Is there a package that every party accepts, how many are there, and who blocks?",
        family="deals",
        run=zone,
        outputs=(
            *("has_zone", "is_decided", "is_party", "reservation"),
            *("volume_share", "volume_error", "volume_low", "volume_high"),
            *("is_counted", "package_count", "acceptable_count"),
            *("package", "settled_option", "utility", "slack", "converged"),
            *("in_conflict", "conflict_price", "in_coalition", "conflicts_complete"),
            *("is_in_conflict", "is_blocker"),
        ),
        takes="packages",
        sources=("raiffa1982", "liffiton2016", "wilson1927"),
        limits=(
            "Takes utilities and no-deal values as known; a share of packages is no chance of a deal. "
            "That a zone exists does not mean that the parties find it."
        ),
        cost="Milliseconds for a dozen issues; a sampled share takes half a second.",
        aliases=("zopa", "bargaining_zone", "contract_zone"),
        example=DEAL,
    )
)
