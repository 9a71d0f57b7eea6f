"""Run a method on sampled inputs: in chunks of draws, on several threads, with progress and a stamp."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, METHOD
from westphalia.registry import MethodSpec
from westphalia.runs.pools import Pool, opened_pool, version

__all__ = ["Progress", "run", "version"]

CHUNK = 1000
"""Most draws a thread computes at a time: enough that the labels' cost does not show."""

CHUNK_CELLS = 200_000
"""Most cells (draws × actors × issues) of a chunk, so that memory in use stays small on large cases."""

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many draws of it are done, and of how many."""


def run(
    spec: MethodSpec,
    inputs: xr.Dataset,
    *,
    options: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    pool: Pool | None = None,
) -> xr.Dataset:
    """Run a method on inputs with draws (see the design, §4) and return its labelled result.

    The draws are cut into chunks that `workers` threads compute (default: one a processor), or the
    `pool` that is given instead, which may be a cluster. No draw sees another, so the result is the
    same to the bit whoever computes it.

    Raises
    ------
    CallError: the inputs lack what the method needs, an option is wrong, workers is below 1, or the
        cluster failed.
    """
    checked = spec.checked(options or {})
    arrays = _arrays(spec, inputs)
    draws = inputs.sizes[DRAW]
    parts: list[xr.Dataset] = []
    with opened_pool(workers) if pool is None else nullcontext(pool) as hands:
        size = _chunk_size(inputs, draws, hands.width)
        chunks = _chunks(arrays, draws, size)
        for done, begun in enumerate([hands.submit(_compute, (spec.run, part, checked)) for part in chunks]):
            parts.append(hands.outcome(begun))
            if progress is not None:
                progress(spec.id, min((done + 1) * size, draws), draws)
    whole = parts[0] if len(parts) == 1 else _joined(parts)
    return whole.assign_attrs({METHOD: spec.id, "options": json.dumps(checked, sort_keys=True)})


def _compute(task: tuple[Callable[..., xr.Dataset], dict[str, xr.DataArray], dict[str, Any]]) -> xr.Dataset:
    method, arrays, options = task
    return method(**arrays, **options)


def _arrays(spec: MethodSpec, inputs: xr.Dataset) -> dict[str, xr.DataArray]:
    missing = [name for name in spec.needed if name not in inputs]
    if missing:
        raise CallError(
            f"The method '{spec.id}' needs {', '.join(missing)}.", code="input-missing", where=spec.id
        )
    return {name: inputs[name] for name in spec.inputs if name in inputs}


def _chunk_size(inputs: xr.Dataset, draws: int, threads: int) -> int:
    """Return how many draws make a chunk: at least one chunk a thread, none larger than the bounds."""
    cells = max(1, inputs.sizes[ACTOR] * inputs.sizes[ISSUE])
    return max(1, min(CHUNK, CHUNK_CELLS // cells, -(-draws // threads)))


def _chunks(arrays: dict[str, xr.DataArray], draws: int, size: int) -> Iterator[dict[str, xr.DataArray]]:
    for start in range(0, draws, size):
        part = slice(start, start + size)
        yield {
            name: array.isel({DRAW: part}) if DRAW in array.dims else array for name, array in arrays.items()
        }


def _joined(parts: list[xr.Dataset]) -> xr.Dataset:
    return xr.concat(
        parts,
        dim=DRAW,
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="exact",
        combine_attrs="override",
    )
