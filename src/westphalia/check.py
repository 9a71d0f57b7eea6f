"""Checks of labelled arrays that every method shares: dimensions, labels, finiteness, range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import VARIABLES

if TYPE_CHECKING:
    import xarray as xr


def has_dimensions(array: xr.DataArray, name: str, needed: Sequence[str]) -> None:
    """Raise CallError unless `array` has every dimension of `needed`."""
    missing = [dim for dim in needed if dim not in array.dims]
    if missing:
        raise CallError(
            f"'{name}' has dimensions {tuple(array.dims)} and lacks {', '.join(missing)}.",
            code="dimension-missing",
            where=name,
            hint=f"Give it as {tuple(needed)}, with a leading 'draw' if it is sampled.",
        )


def same_labels(first: xr.DataArray, second: xr.DataArray, names: tuple[str, str]) -> None:
    """Raise CallError unless both arrays carry the same labels in the same order where they meet."""
    for dim in sorted(set(first.dims) & set(second.dims) & set(first.coords) & set(second.coords), key=str):
        left, right = first[dim].values.tolist(), second[dim].values.tolist()
        if left == right:
            continue
        only = sorted(map(str, set(left) ^ set(right)))
        what = f"differ in {', '.join(only)}" if only else "stand in another order"
        raise CallError(
            f"'{names[0]}' and '{names[1]}' do not fit: their labels of '{dim}' {what}.",
            code="labels-differ",
            where=names[1],
            hint="Reindex one of them; labels are never aligned by guess.",
        )


def _first_label(array: xr.DataArray, bad: np.ndarray[Any, np.dtype[np.bool_]]) -> str:
    index = np.unravel_index(int(np.argmax(bad)), bad.shape)
    parts = []
    for dim, at in zip(array.dims, index, strict=True):
        label = array[dim].values[at] if dim in array.coords else at
        parts.append(f"{dim} {label}")
    return ", ".join(parts) or "the value"


def is_valid(array: xr.DataArray, name: str, *, where: xr.DataArray | None = None) -> None:
    """Raise CallError on NaN, infinity or a value out of the range that `labels` states for `name`.

    Only entries for which `where` is true count; cost is linear in the size of the array.
    """
    values = np.asarray(array.values)
    label = VARIABLES.get(name)
    low = -np.inf if label is None or label.low is None else label.low
    high = np.inf if label is None or label.high is None else label.high
    with np.errstate(invalid="ignore"):
        bad = ~(np.isfinite(values) & (values >= low) & (values <= high))
    if where is not None and bad.any():
        bad &= np.asarray(where.broadcast_like(array).transpose(*array.dims).values, dtype=bool)
    if bad.any():
        got = values.flat[int(np.argmax(bad))]
        allowed = f"between {low:g} and {high:g}" if np.isfinite(high) else f"at least {low:g}"
        raise CallError(
            f"'{name}' of {_first_label(array, bad)} is {got}.",
            code="value-out-of-range",
            where=name,
            hint=f"A finite number {allowed} is needed."
            if np.isfinite(low)
            else "A finite number is needed.",
        )
