"""KTAB's spatial model of politics: the examples that come with it, to the digits its program prints.

Deterministic transitions throughout. The program's stochastic runs and its asymmetric voting rule
are no reference: on the same seed they differ from run to run, because its threads race.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from westphalia.catalog.ktab import STOP_RATIOS, load_inputs, load_table
from westphalia.errors import CallError
from westphalia.methods.spatial.smp import smp

ON_SCALE = 0.0050001
VARIANTS = sorted({(row["option"], row["choice"]) for row in load_table("dummy_3dim_variants")})


def play(name, **options):
    return smp(**load_inputs(name), reading="ktab", **{"detail": "reasons", **options})


def printed(rows, *columns):
    return np.array([[float(row[column]) for column in columns] for row in rows])


@pytest.fixture(scope="module")
def dummy():
    return play("dummy_3dim").isel(draw=0)


def test_final_positions_and_win_probabilities_of_three_dimensions(dummy):
    rows = load_table("dummy_3dim")
    assert dummy["rounds_played"] == 10
    assert dummy["converged"]
    assert dummy["final_position"].values == pytest.approx(
        printed(rows, "final_1", "final_2", "final_3"), abs=ON_SCALE
    )
    assert dummy["win_probability"].values == pytest.approx(
        printed(rows, "win_probability")[:, 0], abs=0.00005
    )


def test_stop_ratios(dummy):
    assert dummy["stop_ratio"].values[1:11] == pytest.approx(STOP_RATIOS, abs=0.00005)
    assert np.isnan(dummy["stop_ratio"].values[[0, *range(11, 101)]]).all()


def test_first_turn(dummy):
    rows, turn = load_table("dummy_3dim_first_turn"), dummy.isel(round=1)
    actors = dummy["actor"].values
    assert dummy["risk_attitude"].values == pytest.approx(printed(rows, "risk_attitude")[:, 0], abs=0.0005)
    for name in ("position_probability", "challenge_probability", "challenge_gain"):
        assert turn[name].values == pytest.approx(printed(rows, name)[:, 0], abs=0.00005), name
    assert actors[turn["target"].values].tolist() == [row["target"] for row in rows]
    assert turn["position_path"].values == pytest.approx(
        printed(rows, "after_1", "after_2", "after_3"), abs=ON_SCALE
    )


@pytest.mark.parametrize(("option", "choice"), VARIANTS)
def test_one_option_changed(option, choice):
    rows = [
        row for row in load_table("dummy_3dim_variants") if (row["option"], row["choice"]) == (option, choice)
    ]
    result = play("dummy_3dim", **{option: choice}).isel(draw=0)
    assert result["rounds_played"] == int(rows[0]["turns"])
    assert result["final_position"].values == pytest.approx(
        printed(rows, "final_1", "final_2", "final_3"), abs=ON_SCALE
    )


def test_two_dimensions():
    rows, result = load_table("soe_pol_comp"), play("soe_pol_comp").isel(draw=0)
    assert result["rounds_played"] == 27
    assert result["final_position"].values == pytest.approx(printed(rows, "final_1", "final_2"), abs=ON_SCALE)
    assert result["win_probability"].values == pytest.approx(
        printed(rows, "win_probability")[:, 0], abs=0.00005
    )


def consensus(reading):
    """Three actors on one issue, who are all at 51.45 after two turns, where the program stops."""
    cells = ("actor", "issue")
    data = xr.Dataset(
        {
            "position": (cells, [[50.0], [40.0], [90.0]]),
            "salience": (cells, np.full((3, 1), 0.5)),
            "capability": (cells, np.full((3, 1), 10.0)),
            "has_stand": (cells, np.ones((3, 1), dtype=bool)),
            "scale_low": ("issue", [0.0]),
            "scale_high": ("issue", [100.0]),
        }
    )
    return smp(**data, reading=reading, detail="path").isel(draw=0)


def test_consensus_after_two_turns():
    result = consensus("ktab")
    assert result["position_path"].values[2, :, 0] == pytest.approx([51.45] * 3, abs=ON_SCALE)
    assert result["forecast"].item() == pytest.approx(51.45, abs=ON_SCALE)
    assert result["spread"].item() == pytest.approx(0.0, abs=1e-9)


def test_full_knowledge_of_risk_stops_the_program_but_not_us():
    with pytest.raises(CallError, match="KTAB stops if everybody knows everybody's attitude to risk"):
        play("dummy_3dim", risk_adjust="full")
    assert np.isfinite(smp(**load_inputs("dummy_3dim"), risk_adjust="full")["forecast"]).all()


def test_mended_is_another_outcome():
    mended, as_is = (smp(**load_inputs("dummy_3dim"), reading=reading) for reading in ("mended", "ktab"))
    assert np.abs(mended["forecast"] - as_is["forecast"]).max() > 1


def test_chinese_oil_sector_lands_where_the_authors_say():
    """Efird, Lester and Wise 2016: on openness upstream KTAB ends about 30, within 15 to 45."""
    folder = os.environ.get("WESTPHALIA_DATA")
    if folder is None or not (path := Path(folder) / "china_soe_2014.csv").exists():
        pytest.skip("needs china_soe_2014.csv in $WESTPHALIA_DATA, which is not ours to carry")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [
        row
        for row in csv.DictReader(line for line in lines if not line.startswith("#"))
        if row["case"] == "policy"
    ]
    cells = ("actor", "issue")
    data = xr.Dataset(
        {
            "position": (cells, printed(rows, "position")),
            "salience": (cells, printed(rows, "salience") / 100),
            "capability": (cells, printed(rows, "influence")),
            "has_stand": (cells, np.ones((len(rows), 1), dtype=bool)),
            "scale_low": ("issue", [0.0]),
            "scale_high": ("issue", [100.0]),
        }
    )
    result = smp(**data, reading="ktab")
    assert result["rounds_played"].item() == 19
    assert 15 <= result["forecast"].item() <= 45
