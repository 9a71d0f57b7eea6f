"""From labelled inputs to the arrays kernels take, and back: axes draw, actor, issue, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np

from westphalia.check import has_dimensions, is_valid, same_labels
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]
FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

Weighting = Annotated[
    Literal["capability-salience", "capability", "salience", "equal"],
    Param(
        "What makes an actor count on an issue: capability times salience, one of them, or its stand alone."
    ),
]

_CELL = (ACTOR, ISSUE)
_DIMS: dict[str, tuple[str, ...]] = {
    "position": _CELL,
    "choice": _CELL,
    "salience": _CELL,
    "capability": _CELL,
    "has_stand": _CELL,
    "is_required": (ACTOR,),
    "no_deal": (ACTOR,),
    "has_no_deal": (ACTOR,),
    "scale_low": (ISSUE,),
    "scale_high": (ISSUE,),
    "reversion": (ISSUE,),
    "has_reversion": (ISSUE,),
    "option_count": (ISSUE,),
    "outcome": (ISSUE,),
    "hears": (ACTOR, OTHER),
    "ideal_adjustment": (ACTOR, OTHER),
}
_FIXED = ("hears", "ideal_adjustment")
"""Numbers that are the same in every draw."""
_READ_WHERE = {
    "position": "has_stand",
    "choice": "has_stand",
    "salience": "has_stand",
    "capability": "has_stand",
    "reversion": "has_reversion",
    "no_deal": "has_no_deal",
}


@dataclass(frozen=True)
class Frame:
    """Inputs that fit together, as NumPy arrays by name, and their labels.

    Numbers have a leading axis of draws, declared states (``has_…``, ``is_…``) and ties have none. What a
    declared state makes absent is 0, whatever the input held.
    """

    arrays: Mapping[str, Array]
    labels: Mapping[str, xr.DataArray]
    draws: int

    def __getitem__(self, name: str) -> Array:
        """Return the array of that name."""
        return self.arrays[name]

    def name_of(self, dim: str, at: int) -> str:
        """Return the label at a place of a dimension; its number where the inputs carry none."""
        return str(self.labels[dim].values[at]) if dim in self.labels else f"{dim} {at}"

    def draw_numbers(self) -> Array:
        """Return a whole number for each draw: its label, so that a chunk of a run is as in the whole run.

        Where labels are no whole numbers it is the place of the draw.
        """
        if DRAW in self.labels and self.labels[DRAW].dtype.kind in "iu":
            # A copy, for kernels are compiled anew for arrays that may not be written to.
            return np.array(self.labels[DRAW].values, dtype=np.int64)
        return np.arange(self.draws)

    def labelled(self, **variables: tuple[tuple[str, ...], Any]) -> xr.Dataset:
        """Return a Dataset of `variables` (dimensions, array) with the labels of the inputs."""
        import xarray as xr

        used = {dim for dims, _ in variables.values() for dim in dims}
        return xr.Dataset(variables, coords={dim: at for dim, at in self.labels.items() if dim in used})


def framed(**inputs: xr.DataArray) -> Frame:
    """Return labelled inputs, named as in the design's §4, as arrays. Cost is linear in their size.

    Raises
    ------
    CallError: an input is no labelled array of numbers, lacks a dimension or has one too many, the
        labels or sizes of two differ, or a value that counts is not finite or out of its range.
    """
    for name, array in inputs.items():
        _is_labelled(array, name)
    sizes = _sizes(inputs)
    for name, array in inputs.items():
        state = _READ_WHERE.get(name)
        is_valid(array, name, where=inputs[state] if state is not None else None)
    draws = sizes.get(DRAW, 1)
    arrays = {name: _axes(array, name, draws) for name, array in inputs.items()}
    for name in arrays:
        if name in _READ_WHERE:
            arrays[name] = np.where(arrays[_READ_WHERE[name]], arrays[name], 0.0)
    labels: dict[str, xr.DataArray] = {}
    for array in inputs.values():
        for dim in array.dims:
            if str(dim) not in labels and dim in array.coords:
                labels[str(dim)] = array[dim].drop_attrs()
    return Frame(arrays, labels, draws)


def paired(ties: xr.DataArray, name: str) -> xr.DataArray:
    """Return ties (actor, other_actor) with the others in the order of the actors, each found by its name.

    What is no labelled array, or names nobody, is returned as it is: `framed` judges it.

    Raises
    ------
    CallError: dimensions are missing, or the two do not name the same actors.
    """
    import xarray as xr

    if not isinstance(ties, xr.DataArray):
        return ties
    has_dimensions(ties, name, (ACTOR, OTHER))
    if ACTOR not in ties.coords or OTHER not in ties.coords:
        return ties
    actors, others = ([str(label) for label in ties[dim].values] for dim in (ACTOR, OTHER))
    if sorted(actors) != sorted(others):
        only = ", ".join(sorted(set(actors) ^ set(others))) or "how often a name stands there"
        raise CallError(
            f"The actors and the other actors of '{name}' differ in {only}.",
            code="labels-differ",
            where=name,
            hint="Give one row and one column for every actor.",
        )
    return ties.sel({OTHER: ties[ACTOR].values})


def weighted(frame: Frame, weighting: str) -> FloatArray:
    """Return the weights (draw, actor, issue) of the actors; 0 without a stand.

    Raises
    ------
    CallError: on some issue nobody has a weight above 0 in some draw.
    """
    stands = np.broadcast_to(frame["has_stand"], frame["salience"].shape)
    capability = frame["capability"] if weighting.startswith("capability") else 1.0
    salience = frame["salience"] if weighting.endswith("salience") else 1.0
    weights: FloatArray = np.where(stands, capability * salience, 0.0)
    empty = (weights.sum(axis=1) <= 0).any(axis=0)
    if empty.any():
        issue = frame.name_of(ISSUE, int(np.argmax(empty)))
        raise CallError(
            f"No actor with any weight takes a stand on '{issue}'.",
            code="input-missing",
            where=issue,
            hint="Somebody needs a stand there with a weight above 0 in every draw.",
        )
    return weights


def _is_labelled(array: object, name: str) -> None:
    import xarray as xr

    dims = _DIMS[name]
    if not isinstance(array, xr.DataArray) or array.dtype.kind not in "biuf":
        raise CallError(
            f"'{name}' is not a labelled array of numbers.",
            code="not-labelled",
            where=name,
            hint=f"Give an xarray.DataArray over {', '.join(dims)}.",
        )
    has_dimensions(array, name, dims)
    allowed = dims if _is_state(name) or name in _FIXED else (DRAW, *dims)
    surplus = [str(dim) for dim in array.dims if dim not in allowed]
    if surplus:
        raise CallError(
            f"'{name}' has the dimension '{surplus[0]}', which it cannot have.",
            code="dimension-surplus",
            where=name,
            hint=f"It goes over {', '.join(allowed)}.",
        )


def _sizes(inputs: Mapping[str, xr.DataArray]) -> dict[str, int]:
    """Return the size of every dimension after checking that all inputs agree on it."""
    found: dict[str, tuple[str, xr.DataArray]] = {}
    for name, array in inputs.items():
        for dim in map(str, array.dims):
            first, known = found.setdefault(dim, (name, array))
            if known.sizes[dim] != array.sizes[dim]:
                raise CallError(
                    f"'{first}' has {known.sizes[dim]} labels of '{dim}', '{name}' has {array.sizes[dim]}.",
                    code="labels-differ",
                    where=name,
                    hint="All inputs need the same draws, actors and issues.",
                )
            if first != name:
                same_labels(known, array, (first, name))
    return {dim: array.sizes[dim] for dim, (_, array) in found.items()}


def _is_state(name: str) -> bool:
    return name.startswith(("has_", "is_"))


def _axes(array: xr.DataArray, name: str, draws: int) -> Array:
    """Return the values with axes (draw, …), repeated over draws; states as booleans without draws."""
    dims = _DIMS[name]
    if _is_state(name):
        return np.ascontiguousarray(array.transpose(*dims).values, dtype=bool)
    if name in _FIXED:
        return np.ascontiguousarray(array.transpose(*dims).values, dtype=float)
    if DRAW in array.dims:
        return np.ascontiguousarray(array.transpose(DRAW, *dims).values, dtype=float)
    values = np.asarray(array.transpose(*dims).values, dtype=float)
    return np.ascontiguousarray(np.broadcast_to(values, (draws, *values.shape)))
