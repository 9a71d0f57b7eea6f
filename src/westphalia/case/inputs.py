"""From a checked case to labelled inputs with their doubt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from westphalia.case.networks import hearing
from westphalia.case.schema import CaseFile
from westphalia.case.stands import ResolvedStand, resolved
from westphalia.labels import ACTOR, ISSUE, described
from westphalia.uncertain import Linear, Mixture, Point, Shifted, Uncertain, UncertainInputs, Value

if TYPE_CHECKING:
    import xarray as xr


def build(case: CaseFile) -> UncertainInputs:
    """Return the inputs of every method: central values and the cells that vary.

    Actors are those with a stand on some issue or whose consent is required, in the order of the
    file. Cost is linear in stands and statements.
    """
    stands = resolved(case)
    actors = _taking_part(case, stands)
    scaled = tuple(issue.id for issue in case.issues if issue.kind != "nominal")
    nominal = tuple(issue.id for issue in case.issues if issue.kind == "nominal")
    central, cells = _stands(
        case, [stand for stand in stands if stand.issue in scaled], actors, scaled, "position"
    )
    choices, choice_cells = _stands(
        case, [stand for stand in stands if stand.issue in nominal], actors, nominal, "choice"
    )
    reversion, reversion_cells = _reversions(case, scaled)
    consent, consent_cells = _consent(case, actors)
    counts = np.array([len(case.issue[issue].options) for issue in nominal], dtype=float)
    return UncertainInputs(
        central=described(central.assign(reversion).assign(consent).assign(hears=hearing(case, actors))),
        cells=(*cells, *reversion_cells, *consent_cells),
        nominal=described(choices.assign(option_count=(ISSUE, counts))),
        nominal_cells=tuple(choice_cells),
        options={issue: case.issue[issue].options for issue in nominal},
    )


def _taking_part(case: CaseFile, stands: tuple[ResolvedStand, ...]) -> tuple[str, ...]:
    present = {stand.actor for stand in stands}
    if case.agreement is not None:
        present |= set(case.agreement.required)
    return tuple(actor.id for actor in case.actors if actor.id in present)


def _stands(
    case: CaseFile,
    stands: list[ResolvedStand],
    actors: tuple[str, ...],
    issues: tuple[str, ...],
    position: str,
) -> tuple[xr.Dataset, list[Uncertain]]:
    """Return the stands on `issues` as arrays (actor, issue), and those of their cells that vary."""
    import xarray as xr

    arrays = {name: np.zeros((len(actors), len(issues))) for name in (position, "salience", "capability")}
    present = np.zeros((len(actors), len(issues)), dtype=bool)
    row = {actor: at for at, actor in enumerate(actors)}
    column = {issue: at for at, issue in enumerate(issues)}
    cells = []
    for stand in stands:
        at = row[stand.actor], column[stand.issue]
        present[at] = True
        for cell in _cells(case, stand, position):
            arrays[cell.variable][at] = cell.value.central
            cells.append(cell)
    variables = {name: ((ACTOR, ISSUE), array) for name, array in arrays.items()}
    variables["has_stand"] = ((ACTOR, ISSUE), present)
    return xr.Dataset(variables, coords={ACTOR: list(actors), ISSUE: list(issues)}), _varying(cells)


def _cells(case: CaseFile, stand: ResolvedStand, position: str) -> list[Uncertain]:
    index = (stand.actor, stand.issue)
    path = ".".join(index)
    stood_for = stand.position or _choice(stand.chances or {}, case.issue[stand.issue].options)
    own = stand.actor in case.capability and stand.issue in case.capability[stand.actor].by_issue
    influence = f"{path}.capability" if own else f"{stand.actor}.capability"
    told = stand.origin == "derived" or stand.position is None
    return [
        Uncertain(f"{path}.position", position, index, stood_for, is_panel=not told and _is_panel(stood_for)),
        _stated(f"{path}.salience", "salience", index, stand.salience),
        _stated(influence, "capability", index, stand.capability or Point(0.0)),
    ]


def _stated(
    path: str, variable: str, index: tuple[str, ...], value: Value, *, is_added: bool = False
) -> Uncertain:
    """Return a cell that the analyst states; of several numbers each is an expert's."""
    return Uncertain(path, variable, index, value, is_added, _is_panel(value))


def _is_panel(value: Value) -> bool:
    return isinstance(value.of if isinstance(value, Linear | Shifted) else value, Mixture)


def _choice(chances: dict[str, float], options: tuple[str, ...]) -> Value:
    """Return a choice as a value: the place of the option in the list."""
    places = tuple(Point(float(options.index(option))) for option in chances)
    return places[0] if len(places) == 1 else Mixture(places, tuple(chances.values()))


def _reversions(case: CaseFile, issues: tuple[str, ...]) -> tuple[xr.Dataset, list[Uncertain]]:
    import xarray as xr

    ends = [case.issue[issue].ends for issue in issues]
    stated = {issue: case.issue[issue].reversion for issue in issues}
    cells = [
        _stated(f"{issue}.reversion", "reversion", (issue,), place.value.within(*case.issue[issue].ends))
        for issue, place in stated.items()
        if place is not None and place.value is not None
    ]
    known = {cell.index[0]: cell.value.central for cell in cells}
    data = xr.Dataset(
        {
            "scale_low": (ISSUE, np.array([low for low, _ in ends], dtype=float)),
            "scale_high": (ISSUE, np.array([high for _, high in ends], dtype=float)),
            "reversion": (ISSUE, np.array([known.get(issue, 0.0) for issue in issues], dtype=float)),
            "has_reversion": (ISSUE, np.array([issue in known for issue in issues], dtype=bool)),
        },
        coords={ISSUE: list(issues)},
    )
    return data, _varying(cells)


def _consent(case: CaseFile, actors: tuple[str, ...]) -> tuple[xr.Dataset, list[Uncertain]]:
    """Return who must consent and what no deal is worth; the parts of a war's value are all drawn."""
    import xarray as xr

    required = case.agreement.required if case.agreement is not None else ()
    cells = [
        _stated(f"{actor}.no_deal", "no_deal", (actor,), quantity.value.within(-math.inf, 1.0))
        for actor, quantity in case.no_deal.items()
        if actor in actors
    ]
    cells += _of_wars(case, actors)
    known: dict[str, float] = {}
    for cell in cells:
        known[cell.index[0]] = known.get(cell.index[0], 0.0) + cell.value.central
    data = xr.Dataset(
        {
            "is_required": (ACTOR, np.array([actor in required for actor in actors], dtype=bool)),
            "no_deal": (ACTOR, np.array([known.get(actor, 0.0) for actor in actors], dtype=float)),
            "has_no_deal": (ACTOR, np.array([actor in known for actor in actors], dtype=bool)),
        },
        coords={ACTOR: list(actors)},
    )
    return data, cells


def _of_wars(case: CaseFile, actors: tuple[str, ...]) -> list[Uncertain]:
    """Return what no deal is worth to the sides of each war: the chance to win less the cost of fighting.

    Both sides hang on one chance, so that it is drawn once.
    """
    cells = []
    for war in case.wars:
        chance = war.win_chance.value.within(0.0, 1.0)
        for actor, own in zip(war.between, (chance, Linear(chance, -1.0, 1.0)), strict=True):
            cost = Linear(war.costs[actor].value.within(0.0, math.inf), -1.0)
            cells.append(_stated(f"{war.id}.win_chance", "no_deal", (actor,), own))
            cells.append(_stated(f"{war.id}.{actor}.cost", "no_deal", (actor,), cost, is_added=True))
    return [cell for cell in cells if cell.index[0] in actors]


def _varying(cells: list[Uncertain]) -> list[Uncertain]:
    return [cell for cell in cells if not isinstance(cell.value, Point)]
