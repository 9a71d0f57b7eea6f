"""A run is the same for any number of workers and any cut of the draws, and says where it came from."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from westphalia.errors import CallError
from westphalia.methods import load_all
from westphalia.registry import find, registered
from westphalia.runs import engine
from westphalia.runs.engine import run

load_all()


@pytest.fixture(scope="module")
def inputs() -> xr.Dataset:
    rng = np.random.default_rng(11)
    cell = ("draw", "actor", "issue")
    return xr.Dataset(
        {
            "position": (cell, rng.uniform(0, 100, (600, 5, 3))),
            "salience": (cell, rng.uniform(0.1, 1, (600, 5, 3))),
            "capability": (cell, rng.uniform(1, 9, (600, 5, 3))),
            "has_stand": (cell[1:], rng.uniform(size=(5, 3)) < 0.9),
            "is_required": ("actor", [True, True, False, False, False]),
            "scale_low": ("issue", np.zeros(3)),
            "scale_high": ("issue", np.full(3, 100.0)),
            "reversion": (("draw", "issue"), rng.uniform(0, 100, (600, 3))),
            "has_reversion": ("issue", np.ones(3, dtype=bool)),
            "no_deal": (("draw", "actor"), rng.uniform(0, 0.5, (600, 5))),
            "has_no_deal": ("actor", [True, False, False, False, False]),
            "hears": (("actor", "other_actor"), rng.integers(0, 3, (5, 5)).astype(float)),
        },
        coords={
            "draw": np.arange(600),
            "actor": list("abcde"),
            "other_actor": list("abcde"),
            "issue": ["x", "y", "z"],
        },
    )


SCALED = [spec.id for spec in registered() if spec.takes == "scaled"]


@pytest.mark.parametrize("method", SCALED)
def test_workers_and_chunks_do_not_change_a_bit(method: str, inputs: xr.Dataset, monkeypatch) -> None:
    spec = find(method)
    one = run(spec, inputs, workers=1)
    two = run(spec, inputs, workers=2)
    monkeypatch.setattr(engine, "CHUNK", 10_000)
    whole = run(spec, inputs, workers=1)
    assert one.identical(two)
    assert one.identical(whole)
    assert one.sizes["draw"] == 600


def test_progress_ends_at_the_number_of_draws(inputs: xr.Dataset) -> None:
    told: list[tuple[str, int, int]] = []
    run(find("mean"), inputs, progress=lambda *step: told.append(step))
    assert told[-1] == ("mean", 600, 600)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_the_result_says_how_it_was_made(inputs: xr.Dataset) -> None:
    attrs = run(find("challenge"), inputs, options={"rounds": 2}).attrs
    assert attrs["method"] == "challenge"
    assert json.loads(attrs["options"])["rounds"] == 2


def test_a_missing_input_is_named(inputs: xr.Dataset) -> None:
    with pytest.raises(CallError, match="needs salience"):
        run(find("mean"), inputs.drop_vars("salience"))


def test_inputs_are_left_as_they_were(inputs: xr.Dataset) -> None:
    before = inputs.copy(deep=True)
    for method in SCALED:
        run(find(method), inputs)
    assert before.identical(inputs)
    assert np.isfinite(inputs["position"].values).all()
