"""Position exchange at equal gain: the figures of decide-exchange-model 2025.3.1, and a case by hand.

The two-actor case is carried (`catalog/exchange_tiny`). CoP21 (Paris 2015), CoP15 (Copenhagen 2009) and the
city toll are others' data and stay outside the project: `WESTPHALIA_DATA` names the folder that holds
them. The first 20 exchanges of CoP21 are the same in two programs (Python and R). The program breaks
ties by coin flips; its outcomes are given as mean and standard deviation over 5 or 10 runs. Where an
outcome has come to the position demanded, the last of its 28 digits decides whether it goes on: on
the toll's height, whose scale makes odd numbers, its runs therefore spread wider than ours.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from westphalia.catalog.exchange_tiny import GAIN, load_inputs, load_table
from westphalia.methods.spatial.exchange import SPEC, exchange
from westphalia.runs.engine import run

FOLDER = os.environ.get("WESTPHALIA_DATA")
others_data = pytest.mark.skipif(
    FOLDER is None,
    reason="CoP21, Copenhagen and city toll are others' data: name their folder in WESTPHALIA_DATA",
)
CASES = {
    "cop21": ("cop21_2015.csv", 2094, 126),
    "copenhagen": ("copenhagen_2009.csv", 437, 48),
    "city_toll": ("city_toll_sample.csv", 240, 39),
}
COPENHAGEN_START = [61.58, 58.14, 30.71, 52.24, 51.95, 57.62, 64.62]
TOLL_START = [49.35, 27.25, 50.58, 52.49, 49.49, 56.60]
TOLL_SCALE = {"tol-hoogte": (0.5, 7.0)}
RUNS = 60


def rows(name):
    text = (Path(FOLDER) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def load(case):
    """Labelled inputs of a case; a cell without a row has no stand."""
    stands = {(row["actor"], row["issue"]): row for row in rows(CASES[case][0])}
    actors = list(dict.fromkeys(actor for actor, _ in stands))
    issues = list(dict.fromkeys(issue for _, issue in stands))
    ends = [TOLL_SCALE.get(issue, (0.0, 100.0)) for issue in issues]
    cell = ("actor", "issue")

    def cells(column):
        return cell, [[float(stands.get((a, k), {column: 0})[column]) for k in issues] for a in actors]

    return xr.Dataset(
        {
            "position": cells("position"),
            "salience": cells("salience"),
            "capability": cells("power"),
            "has_stand": (cell, [[(a, k) in stands for k in issues] for a in actors]),
            "scale_low": ("issue", [low for low, _ in ends]),
            "scale_high": ("issue", [high for _, high in ends]),
        },
        coords={"actor": actors, "issue": issues},
    )


def play(data, **options):
    return exchange(**{str(name): data[name] for name in SPEC.inputs}, **options)


def repeated(data, draws):
    varied = {
        name: data[name].expand_dims(draw=np.arange(draws)) for name in ("position", "salience", "capability")
    }
    return data.assign(varied)


def in_hundredths(data, outcome):
    return 100 * (outcome - data["scale_low"]) / (data["scale_high"] - data["scale_low"])


@pytest.fixture(scope="module", params=["cop21", "city_toll"])
def by_lot(request):
    """Outcomes and preferences (draw, round, issue) over many lots, and the published rows."""
    data = load(request.param)
    played = run(SPEC, repeated(data, RUNS), options={"tie_break": "random", "seed": 1})
    published = [row for row in rows("exchange_outcomes.csv") if row["data"] == request.param]
    return published, in_hundredths(data, played["path"]), in_hundredths(data, played["mean"])


def test_two_actors_by_hand():
    played = play(load_inputs(), rounds=1, detail="exchanges")
    assert played["start"].values[0] == pytest.approx([600 / 7, 250 / 7], rel=1e-12)
    assert played["forecast"].values[0] == pytest.approx([100, 200 / 7], rel=1e-12)
    trade = played.isel(draw=0, trade=0)
    assert played.sizes["trade"] == 1
    assert trade["trade_actor"].values.tolist() == ["A2", "A1"]
    assert trade["trade_issue"].values.tolist() == ["I2", "I1"]
    assert trade["trade_from"].values == pytest.approx([100, 0])
    assert trade["trade_to"].values == pytest.approx([80, 100], rel=1e-12)
    assert trade["trade_reckoned_gain"].values == pytest.approx([GAIN, GAIN], rel=1e-12)
    assert played["reckoned_gain"].values[0, 1] == pytest.approx([GAIN, GAIN], rel=1e-12)
    assert played["externality"].sel(effect="own").values[0, 1] == pytest.approx([GAIN, GAIN], rel=1e-12)
    assert played["position_path"].values[0, 1] == pytest.approx(np.array([[46, 0], [100, 94]]), rel=1e-12)


def test_two_actors_round_by_round():
    played = play(load_inputs(), rounds=4)
    for row in load_table("rounds"):
        at, k = int(row["round"]), ["I1", "I2"].index(row["issue"])
        assert played["path"].values[0, at, k] == pytest.approx(float(row["voting"]), abs=5.1e-7)
        assert played["mean"].values[0, at - 1, k] == pytest.approx(float(row["preference"]), abs=5.1e-7)


@others_data
def test_first_exchanges_of_cop21():
    played = play(load("cop21"), rounds=1, detail="exchanges").isel(draw=0)
    for row in rows("cop21_round1_first20.csv"):
        trade = played.isel(trade=int(row["order"]) - 1)
        actors = trade["trade_actor"].values.tolist()
        assert sorted(actors) == sorted([row["i"], row["j"]])
        for who in ("i", "j"):
            side = trade.isel(side=actors.index(row[who]))
            assert side["trade_issue"].item() == row[f"issue_{who}"]
            for name, column in (
                ("trade_from", f"x_{who}"),
                ("trade_to", f"y_{who}"),
                ("outcome_before", f"mds_{who}_before"),
                ("outcome_after", f"mds_{who}_after"),
                ("trade_reckoned_gain", "gain"),
            ):
                assert side[name].item() == pytest.approx(float(row[column]), abs=1e-6), (row["order"], name)


@others_data
@pytest.mark.parametrize("case", CASES)
def test_candidates_and_exchanges_realised(case):
    _, candidates, realised = CASES[case]
    played = play(load(case), rounds=1)
    assert played["candidate_count"].values[0].tolist() == [0, candidates]
    assert played["realised_count"].values[0].tolist() == [0, realised]


@others_data
def test_start():
    for case, expected in (("copenhagen", COPENHAGEN_START), ("city_toll", TOLL_START)):
        data = load(case)
        start = in_hundredths(data, play(data, rounds=1)["start"])
        assert start.values[0] == pytest.approx(expected, abs=5.1e-3)
    data = load("cop21")
    start = play(data, rounds=1)["start"].isel(draw=0)
    for row in rows("exchange_outcomes.csv"):
        if row["data"] == "cop21" and row["round"] == "1":
            assert start.sel(issue=row["issue"]).item() == pytest.approx(float(row["pref_mean"]), abs=5.1e-4)


@others_data
def test_where_lots_do_not_matter_the_first_round_is_the_published_one():
    data = load("cop21")
    outcome = play(data, rounds=1)["forecast"].isel(draw=0)
    fixed = {
        row["issue"]: float(row["voting_mean"])
        for row in rows("exchange_outcomes.csv")
        if row["data"] == "cop21" and row["round"] == "1" and float(row["voting_sd"]) == 0
    }
    assert len(fixed) == 5
    for issue, published in fixed.items():
        assert outcome.sel(issue=issue).item() == pytest.approx(published, abs=5.1e-4), issue


def apart(by_lot):
    """Published less our mean of each issue and round, and the larger of the two spreads over lots."""
    published, path, preferences = by_lot
    for row in published:
        at = int(row["round"])
        for ours, column in ((path[:, at], "voting"), (preferences[:, at - 1], "pref")):
            ours = ours.sel(issue=row["issue"]).values
            spread = max(ours.std(), float(row[f"{column}_sd"]))
            yield float(row[f"{column}_mean"]) - ours.mean(), spread


@others_data
def test_every_round_lies_within_the_spread_over_lots(by_lot):
    for difference, spread in apart(by_lot):
        assert abs(difference) <= 2 * spread + 5.1e-4
