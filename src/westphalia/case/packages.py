"""What a package of options is made of in a case: options, distances, parties, commitments, linkages.

It says what the case holds, for one or many draws; what a package is then worth is for
`westphalia.methods.deals.values` to compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.case.schema import Aim, CaseFile, Issue
from westphalia.case.stands import resolved
from westphalia.errors import CallError
from westphalia.labels import ACTOR, COMMITMENT, DRAW, ISSUE, LINKAGE, OPTION, described
from westphalia.uncertain import FloatArray, Value

if TYPE_CHECKING:
    import xarray as xr

POINTS = 11
"""Points of the even grid that a continuous scale gets besides its stated points."""

MOST_POINTS = 1001
"""The finest grid: a thousandth of the scale."""

_NEAR = 1e-9
"""Share of the scale up to which two points are one."""

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def package_terms(
    case: CaseFile,
    scaled: xr.Dataset,
    nominal: xr.Dataset,
    *,
    points: int = POINTS,
    ratifiers: bool = True,
) -> xr.Dataset:
    """Return what the packages of a case are made of.

    Parameters
    ----------
    case: a checked case.
    scaled, nominal: its inputs (design §4), central or drawn, from the same case.
    points: size of the even grid on a continuous scale, at least 2; its stated points come besides.
    ratifiers: whether those who ratify for a required party are parties too.

    Returns
    -------
    Dataset over all issues in the order of the file. Options: `option_count` (issue), `option_point`,
    `option_label` (issue, option). Actors: `distance` (draw, actor, issue, option), 0 to 1, of each
    option from what the actor stands for, as a share of the scale, on nominal issues 0 or 1, without
    draws the chance that it is for another; `reversion_distance` (draw, actor, issue), of what holds
    without agreement; `salience` (draw, actor, issue), `has_stand`, `has_reversion`, `no_deal`,
    `has_no_deal`, `is_party`. Ties: `commitment_strength`, `is_bound` (actor), `breaks` (issue,
    option) by commitment; `is_given`, `is_got` (issue, option) by linkage. All but `salience`,
    distances and `no_deal` are free of draws: of a commitment or linkage the central values count.

    Where a nominal issue states no reversion, any option is taken to be as likely as another without
    agreement: `reversion_distance` is the mean over its options. A table of losses (`losses` of the
    issue) goes before distance; a position between the points of an ordered issue counts as the
    nearest.

    Raises
    ------
    CallError: the case has no issue (``no-packages``); `points` is below 2 or above 1001.
    """
    if not 2 <= points <= MOST_POINTS:
        message = f"A grid of {points} points was asked for."
        raise CallError(message, code="bad-points", hint=f"Allowed: 2 (the ends) to {MOST_POINTS}.")
    if not case.issues:
        raise CallError("The case has no issue, so there are no packages.", code="no-packages")
    options = [_options(issue, points) for issue in case.issues]
    width = max(len(option) for option in options)
    at = np.full((len(options), width), np.nan)
    names = np.full(at.shape, "", dtype=object)
    for row, (issue, option) in enumerate(zip(case.issues, options, strict=True)):
        at[row, : len(option)] = option
        nominal_names = issue.options if issue.kind == "nominal" else ()
        names[row, : len(option)] = nominal_names or [f"{point:g}" for point in option]
    variables: dict[str, Any] = {
        "option_count": (ISSUE, np.array([len(option) for option in options])),
        "option_point": ((ISSUE, OPTION), at),
        "option_label": ((ISSUE, OPTION), names.astype(str)),
        "is_party": (ACTOR, _parties(case, scaled, ratifiers)),
        **_stands(case, scaled, nominal, at),
        **_commitments(case, scaled, at),
        **_linkages(case, at),
    }
    coords = {ACTOR: scaled[ACTOR].values, ISSUE: [issue.id for issue in case.issues]}
    if DRAW in scaled.coords:
        coords[DRAW] = scaled[DRAW].values
    return described(_dataset(variables, coords))


def _dataset(variables: dict[str, Any], coords: dict[str, Any]) -> xr.Dataset:
    import xarray as xr

    return xr.Dataset(variables, coords=coords)


def _options(issue: Issue, points: int) -> FloatArray:
    """Return the points of an issue's options: its places if nominal, its stated points, and the grid."""
    if issue.kind == "nominal":
        return np.arange(len(issue.scale), dtype=float)
    stated = np.array(sorted(float(key) for key in issue.scale))
    if issue.kind == "ordered":
        return stated
    low, high = issue.ends
    grid = np.linspace(low, high, points)
    is_new = (np.abs(grid[:, None] - stated) > _NEAR * (high - low)).all(axis=1)
    return np.sort(np.concatenate([stated, grid[is_new]]))


def _parties(case: CaseFile, scaled: xr.Dataset, ratifiers: bool) -> Flags:
    """Return whose acceptance is needed: the required and those who ratify for them, all if none is named."""
    needed = set(case.agreement.required) if case.agreement is not None else set()
    if ratifiers and case.agreement is not None:
        at_home = [name for party in needed for name in case.agreement.ratifiers.get(party, ())]
        needed |= {*at_home, *(actor.id for actor in case.actors if actor.ratifies_for in needed)}
    flags = np.array([actor in needed for actor in scaled[ACTOR].values], dtype=bool)
    return flags if flags.any() else np.ones_like(flags)


# --- stands ------------------------------------------------------------------------------------


def _stands(case: CaseFile, scaled: xr.Dataset, nominal: xr.Dataset, points: FloatArray) -> dict[str, Any]:
    """Return distances, salience and what holds without agreement, the issues in the order of the file."""
    lead = (DRAW,) if DRAW in scaled.dims else ()
    cell = (*lead, ACTOR, ISSUE)
    shape = tuple(scaled.sizes[dim] for dim in (*lead, ACTOR))
    distance = np.zeros((*shape, *points.shape))
    fallen = np.zeros((*shape, len(points)))
    salience = np.zeros((*shape, len(points)))
    has_stand = np.zeros((scaled.sizes[ACTOR], len(points)), dtype=bool)
    for at, issue in enumerate(case.issues):
        data = nominal if issue.kind == "nominal" else scaled
        one = data.sel({ISSUE: issue.id})
        salience[..., at] = one["salience"].values
        has_stand[:, at] = one["has_stand"].values
        if issue.kind == "nominal":
            count = len(issue.scale)
            distance[..., at, :count] = _nominal(case, issue, one, lead)
            fallen[..., at] = distance[..., at, :count] @ _fallen_back(issue)
        elif issue.losses:
            count = len(issue.scale)
            table, stands_at = losses(issue), _nearest(points[at, :count], one["position"].values)
            distance[..., at, :count] = table[stands_at]
            reverted = _nearest(points[at, :count], one["reversion"].values)
            fallen[..., at] = table[stands_at, reverted[..., None]]
        else:
            length = issue.ends[1] - issue.ends[0]
            position = one["position"].values
            distance[..., at, :] = np.abs(points[at] - position[..., None]) / length
            fallen[..., at] = np.abs(one["reversion"].values[..., None] - position) / length
    known = [
        issue.kind == "nominal" or bool(scaled["has_reversion"].sel(issue=issue.id)) for issue in case.issues
    ]
    return {
        "distance": ((*cell, OPTION), np.where(has_stand[..., None], distance, 0.0)),
        "reversion_distance": (cell, np.where(has_stand, fallen, 0.0)),
        "salience": (cell, np.where(has_stand, salience, 0.0)),
        "has_stand": ((ACTOR, ISSUE), has_stand),
        "has_reversion": (ISSUE, np.array(known, dtype=bool)),
        "no_deal": ((*lead, ACTOR), scaled["no_deal"].values),
        "has_no_deal": (ACTOR, scaled["has_no_deal"].values),
    }


def _nominal(case: CaseFile, issue: Issue, one: xr.Dataset, lead: tuple[str, ...]) -> FloatArray:
    """Return the loss (draw, actor, option): 0 for what the actor is for and 1 for all else.

    Without draws it is the chance that the actor is for another option.
    """
    table = losses(issue)
    if lead:
        chosen: FloatArray = table[one["choice"].values.astype(int)]
        return chosen
    loss = np.zeros((one.sizes[ACTOR], len(table)))
    row = {actor: at for at, actor in enumerate(one[ACTOR].values.tolist())}
    for stand in resolved(case):
        if stand.issue == issue.id:
            chances = stand.chances or {}
            loss[row[stand.actor]] = np.array([chances.get(option, 0.0) for option in issue.options]) @ table
    return loss


def losses(issue: Issue) -> FloatArray:
    """Return the loss (point, point) of who stands for the first if the second comes.

    What the table of the case leaves open is 0 for the point itself and, on a nominal issue, 1 for
    any other; on an ordered one it is the distance as a share of the scale. Points of an ordered
    issue are in rising order.
    """
    if issue.kind == "nominal":
        names, table = list(issue.points), 1.0 - np.eye(len(issue.scale))
    else:
        at = np.sort([float(key) for key in issue.scale])
        names, table = [f"{key:g}" for key in at], np.abs(at[:, None] - at) / (at[-1] - at[0])
    for wanted, row in issue.losses.items():
        for given, loss in row.items():
            table[names.index(wanted), names.index(given)] = loss
    return table


def _fallen_back(issue: Issue) -> FloatArray:
    """Return the chance of each option of a nominal issue without agreement; all alike if not stated."""
    if issue.reversion is None or issue.reversion.choice is None:
        return np.full(len(issue.options), 1 / len(issue.options))
    return np.array([issue.reversion.choice.chances.get(option, 0.0) for option in issue.options])


def _nearest(points: FloatArray, values: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the place of the point nearest to each value."""
    return np.asarray(np.abs(values[..., None] - points).argmin(axis=-1))


# --- commitments and linkages --------------------------------------------------------------------


def _commitments(case: CaseFile, scaled: xr.Dataset, points: FloatArray) -> dict[str, Any]:
    """Return the commitments with a strength and an aim: who is bound, and which options break them."""
    row = {issue.id: at for at, issue in enumerate(case.issues)}
    bound, broken, strengths = [], [], []
    for commitment in case.commitments:
        if commitment.about is None or commitment.strength is None:
            continue
        kept = meant(case, commitment.about, points)
        if kept is None:
            continue
        breaks = np.zeros(points.shape, dtype=bool)
        at = row[commitment.about.issue]
        breaks[at] = ~kept[at] & ~np.isnan(points[at])
        broken.append(breaks)
        bound.append([actor in commitment.by for actor in scaled[ACTOR].values])
        strengths.append(commitment.strength.value.within(0.0, 1.0).central)
    actors = scaled.sizes[ACTOR]
    return {
        "commitment_strength": (COMMITMENT, np.array(strengths, dtype=float)),
        "is_bound": ((COMMITMENT, ACTOR), np.array(bound, dtype=bool).reshape(-1, actors)),
        "breaks": ((COMMITMENT, ISSUE, OPTION), np.array(broken, dtype=bool).reshape(-1, *points.shape)),
    }


def _linkages(case: CaseFile, points: FloatArray) -> dict[str, Any]:
    """Return the linkages between two issues whose halves are met by some options."""
    halves = []
    for linkage in case.linkages:
        given, got = (meant(case, half, points) for half in (linkage.gives, linkage.gets))
        if given is not None and got is not None and linkage.gives.issue != linkage.gets.issue:
            halves.append((given, got))
    sides = np.array(halves, dtype=bool).reshape(-1, 2, *points.shape)
    dims = (LINKAGE, ISSUE, OPTION)
    return {"is_given": (dims, sides[:, 0]), "is_got": (dims, sides[:, 1])}


def meant(case: CaseFile, aim: Aim, points: FloatArray) -> Flags | None:
    """Return the options (issue, option) an aim means, None if it names no point and no option.

    A value means the points between its ends; a single point between two options means the nearer.
    """
    row = next(at for at, issue in enumerate(case.issues) if issue.id == aim.issue)
    issue, flags = case.issues[row], np.zeros(points.shape, dtype=bool)
    if issue.kind == "nominal":
        if aim.option is None:
            return None
        flags[row, issue.options.index(aim.option)] = True
        return flags
    if aim.value is None:
        return None
    low, high = _ends(aim.value, issue)
    near = _NEAR * (issue.ends[1] - issue.ends[0])
    flags[row] = (points[row] >= low - near) & (points[row] <= high + near)
    if not flags[row].any():
        flags[row, int(np.nanargmin(np.abs(points[row] - (low + high) / 2)))] = True
    return flags


def _ends(value: Value, issue: Issue) -> tuple[float, float]:
    cut = value.within(*issue.ends)
    return cut.low, cut.high
