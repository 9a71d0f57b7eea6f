"""Draws of the uncertain inputs: scrambled Sobol points through the quantiles of each value."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW
from westphalia.uncertain import FloatArray, Linear, Mixture, Shifted, Uncertain, UncertainInputs, Value

MOST_SOBOL_DIMENSIONS = 21_201
"""The most unknowns the Sobol sequence of SciPy serves; above it draws are pseudo-random."""

VARYING = ("position", "choice", "salience", "capability", "reversion", "no_deal")
"""The variables that have draws; all others are what the case declares."""

MOST_DRAWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Ties:
    """What errs together; without ties every unknown is drawn for itself.

    With `one_expert` a draw believes one expert in all of its values: lists of as many experts with
    the same weights are taken to be by the same experts in the same order, each such panel one
    unknown (``experts.3`` for three of equal weight). With a `capability_factor` f above 1 each
    actor's capability is multiplied, on all issues at once, by one number between 1/f and f, its
    logarithm uniform (``usa.capability_error``).
    """

    one_expert: bool = False
    capability_factor: float = 1.0

    @property
    def stamp(self) -> dict[str, float]:
        """What a result carries of it, so that a figure can be computed again: nothing without ties."""
        told = {"one_expert": int(self.one_expert), "capability_factor": float(self.capability_factor)}
        return {} if self == APART else told


APART = Ties()


def sample(
    inputs: UncertainInputs, draws: int, seed: int, *, ties: Ties = APART
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return `draws` draws of the inputs on scaled and on nominal issues.

    Each unknown (each path) is one dimension of a scrambled Sobol sequence (Owen 1998; Sobol'
    1967), so that means converge faster than with independent draws; cells that share a path share
    its draws. Without any unknown all draws are equal. Time and memory grow with draws × unknowns.

    Raises
    ------
    CallError: `draws` is below 1 or above ten million, `seed` is negative, or the capability factor
        is not between 1 and 1,000.
    """
    check_draws(draws, seed)
    return drawn(inputs, uniform(len(unknowns(inputs, ties)), draws, seed), ties)


def check_draws(draws: int, seed: int, *, least: int = 1) -> None:
    """Raise CallError if `draws` is below `least` or above ten million, or `seed` is negative."""
    if not least <= draws <= MOST_DRAWS:
        hint = f"Allowed: {least} to 10 million."
        raise CallError(f"{draws} draws were asked for.", code="bad-draws", hint=hint)
    check_seed(seed)


def check_seed(seed: int) -> None:
    """Raise CallError if `seed` is negative."""
    if seed < 0:
        raise CallError(f"The seed is {seed}.", code="bad-seed", hint="A seed is 0 or more.")


def unknowns(inputs: UncertainInputs, ties: Ties = APART) -> tuple[str, ...]:
    """Return the name of every unknown in the order in which they are drawn; ties come last.

    Raises
    ------
    CallError: the capability factor is not between 1 and 1,000.
    """
    if not 1.0 <= ties.capability_factor <= 1000.0:
        raise CallError(
            f"The capability factor is {ties.capability_factor:g}.",
            code="bad-capability-factor",
            hint="Allowed: 1 (no shared error) to 1000.",
        )
    return (*_paths(inputs), *_panels(inputs, ties), *_erring(inputs, ties))


def drawn(inputs: UncertainInputs, points: FloatArray, ties: Ties = APART) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the inputs at points of the unit cube, (draw, unknown) in the order of `unknowns`.

    Row for row: no draw sees another.
    """
    column = {name: at for at, name in enumerate(unknowns(inputs, ties))}
    points = _believing(points, column, _panels(inputs, ties))
    scaled = _filled(inputs.central, inputs.cells, column, points)
    nominal = _filled(inputs.nominal, inputs.nominal_cells, column, points)
    errors = _erring(inputs, ties)
    if not errors:
        return scaled, nominal
    log = np.log(ties.capability_factor)
    factors = {actor: np.exp(log * (2 * points[:, column[name]] - 1)) for name, actor in errors.items()}
    return _erred(scaled, factors), _erred(nominal, factors)


def uniform(dimensions: int, draws: int, seed: int) -> FloatArray:
    """Return points in the unit cube, (draws, dimensions), strictly inside of it.

    They are those of a scrambled Sobol sequence up to `MOST_SOBOL_DIMENSIONS`, pseudo-random beyond.
    """
    if dimensions == 0:
        return np.empty((draws, 0))
    if dimensions > MOST_SOBOL_DIMENSIONS:
        return np.random.default_rng(seed).random((draws, dimensions))
    from scipy.stats import qmc  # slow to import, wanted only here

    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(max(draws - 1, 1).bit_length())
    inside: FloatArray = np.clip(points[:draws], 2.0**-53, 1 - 2.0**-53)
    return inside


def _paths(inputs: UncertainInputs) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.path for cell in (*inputs.cells, *inputs.nominal_cells)))


# --- ties ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Panel:
    """Experts with their shares of belief, and the unknowns on which each of them has a value."""

    shares: FloatArray
    paths: tuple[str, ...]


def _panels(inputs: UncertainInputs, ties: Ties) -> dict[str, _Panel]:
    """Return the panels of experts by the name of the unknown that picks one of them."""
    if not ties.one_expert:
        return {}
    found: dict[str, tuple[Mixture, dict[str, None]]] = {}
    for cell in (*inputs.cells, *inputs.nominal_cells):
        experts = _experts(cell.value) if cell.is_panel else None
        if experts is not None:
            found.setdefault(_panel_name(experts), (experts, {}))[1][cell.path] = None
    return {
        name: _Panel(np.array(experts.weights) / sum(experts.weights), tuple(paths))
        for name, (experts, paths) in found.items()
    }


def _panel_name(experts: Mixture) -> str:
    if len(set(experts.weights)) == 1:
        return f"experts.{len(experts.weights)}"
    total = sum(experts.weights)
    return "experts." + "-".join(f"{weight / total:.6g}" for weight in experts.weights)


def _experts(value: Value) -> Mixture | None:
    inner = value.of if isinstance(value, Linear | Shifted) else value
    return inner if isinstance(inner, Mixture) else None


def _believing(points: FloatArray, column: dict[str, int], panels: Mapping[str, _Panel]) -> FloatArray:
    """Return the points with each expert's value moved into the share of the expert that is believed.

    A mixture spends its unit interval on its components in order, so the believed expert's stretch
    of it, entered at the unknown's own point, gives that expert's value.
    """
    if not panels:
        return points
    moved = points.copy()
    for name, panel in panels.items():
        ends = np.cumsum(panel.shares)
        which = np.searchsorted(ends, points[:, column[name]], side="right")
        which = np.minimum(which, len(ends) - 1)
        starts, widths = (ends - panel.shares)[which], panel.shares[which]
        for path in panel.paths:
            # Kept off the ends, where rounding would let the neighbour speak.
            own = np.clip(points[:, column[path]], 1e-9, 1 - 1e-9)
            moved[:, column[path]] = starts + own * widths
    return moved


def _erring(inputs: UncertainInputs, ties: Ties) -> dict[str, str]:
    """Return whose capability errs on all issues at once, by the name of that unknown."""
    if ties.capability_factor == 1.0:
        return {}
    return {f"{actor}.capability_error": actor for actor in inputs.central[ACTOR].values.tolist()}


def _erred(data: xr.Dataset, factors: Mapping[str, FloatArray]) -> xr.Dataset:
    factor = np.stack([factors[actor] for actor in data[ACTOR].values.tolist()], axis=1)
    capability = data["capability"]
    return data.assign(capability=capability.copy(data=capability.values * factor[:, :, None]))


# --- cells ---------------------------------------------------------------------------------------


def _filled(
    central: xr.Dataset, cells: Iterable[Uncertain], column: dict[str, int], points: FloatArray
) -> xr.Dataset:
    """Return the inputs with a leading draw dimension on every variable that can vary."""
    draws = points.shape[0]
    varied = {
        name: np.repeat(variable.values[np.newaxis], draws, axis=0)
        for name, variable in central.data_vars.items()
        if name in VARYING
    }
    place: dict[Hashable, dict[str, int]] = {
        dim: {label: at for at, label in enumerate(central[dim].values.tolist())} for dim in central.dims
    }
    for cell in cells:
        dims = central[cell.variable].dims
        at = tuple(place[dim][label] for dim, label in zip(dims, cell.index, strict=True))
        value = cell.value.quantile(points[:, column[cell.path]])
        filled = np.moveaxis(varied[cell.variable], 0, -1)
        filled[at] = filled[at] + value if cell.is_added else value
    data = {name: ((DRAW, *central[name].dims), array, central[name].attrs) for name, array in varied.items()}
    return central.assign(data).assign_coords({DRAW: np.arange(draws)})
