"""Inputs of the war between two sides: numbers or labelled arrays, checked and made to fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from westphalia.check import has_dimensions, is_valid, same_labels
from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, described

if TYPE_CHECKING:
    import xarray as xr

SIDES = ("first", "second")
"""Labels of the two sides where the inputs carry none."""


def war_inputs(
    chance: dict[str, xr.DataArray | float], **sided: xr.DataArray | float
) -> dict[str, xr.DataArray]:
    """Return checked arrays: chances ([draw] or [draw,] actor), the others ([draw,] actor)."""
    import xarray as xr

    given = {**chance, **sided}
    known = [a for a in given.values() if isinstance(a, xr.DataArray) and ACTOR in a.coords]
    sides = known[0][ACTOR].values.tolist() if known else list(SIDES)
    arrays = {name: _array(value, name, sides, name not in chance) for name, value in given.items()}
    for at, (name, array) in enumerate(arrays.items()):
        for other in list(arrays)[:at]:
            fits(arrays[other], array, (other, name))
    return arrays


def _array(value: xr.DataArray | float, name: str, sides: list[str], is_sided: bool) -> xr.DataArray:
    import xarray as xr

    array = value if isinstance(value, xr.DataArray) else xr.DataArray(float(value))
    if is_sided and array.ndim == 0:
        array = array.expand_dims({ACTOR: sides})
    if is_sided:
        has_dimensions(array, name, (ACTOR,))
    surplus = [str(dim) for dim in array.dims if dim not in (DRAW, ACTOR)]
    if surplus or array.sizes.get(ACTOR, 2) != 2:
        raise CallError(
            f"'{name}' goes over {', '.join(map(str, array.dims))} with {array.size} values.",
            code="dimension-surplus",
            where=name,
            hint=f"A war has two sides: give one number, or one for each of '{ACTOR}', and for each draw.",
        )
    if ACTOR in array.dims and ACTOR not in array.coords:
        array = array.assign_coords({ACTOR: sides})
    is_valid(array, _MEASURES.get(name, name))
    return array.astype(float)


_MEASURES = {
    "chance_striking": "win_chance",
    "chance_struck": "win_chance",
    "chance_now": "win_chance",
    "chance_later": "win_chance",
    "cost_of_declining": "war_cost",
}
"""What an input is, where its own name is not that of a label."""


def fits(first: xr.DataArray, second: xr.DataArray, names: tuple[str, str]) -> None:
    """Raise CallError unless the labels and the draws of both arrays agree."""
    same_labels(first, second, names)
    if first.sizes.get(DRAW, 1) != second.sizes.get(DRAW, 1) and DRAW in first.dims and DRAW in second.dims:
        raise CallError(
            f"'{names[0]}' has {first.sizes[DRAW]} draws, '{names[1]}' has {second.sizes[DRAW]}.",
            code="labels-differ",
            where=names[1],
            hint="Both need the same draws.",
        )


def alike(arrays: dict[str, xr.DataArray], *names: str) -> list[xr.DataArray]:
    """Return the arrays of these names; none may differ between the sides."""
    for name in names:
        if ACTOR in arrays[name].dims:
            raise CallError(
                f"'{name}' is given for each side.",
                code="dimension-surplus",
                where=name,
                hint="It is one number, or one a draw.",
            )
    return [arrays[name] for name in names]


def own_chances(chance: xr.DataArray, like: xr.DataArray) -> xr.DataArray:
    """Return each side's chance to win in its own eyes, ([draw,] actor)."""
    import xarray as xr

    if ACTOR in chance.dims:
        return chance
    both = xr.concat([chance, 1.0 - chance], dim=ACTOR, join="exact", coords="minimal", compat="override")
    return both.assign_coords({ACTOR: like[ACTOR].values})


def above_zero(array: xr.DataArray, name: str) -> None:
    """Raise CallError unless every value lies above 0."""
    if bool((array <= 0).any()):
        raise CallError(
            f"'{name}' is {float(array.min()):g}.",
            code="value-out-of-range",
            where=name,
            hint="It lies above 0; 1 changes nothing.",
        )


def over_draws(result: xr.Dataset) -> xr.Dataset:
    """Return the described result, every variable with a leading dimension of draws."""
    kept = {
        name: (
            array if DRAW in array.dims else array.expand_dims({DRAW: result.sizes.get(DRAW, 1)})
        ).transpose(DRAW, ...)
        for name, array in result.data_vars.items()
    }
    return described(result.assign(kept))
