"""Synthetic results for the tests of the pictures: small, seeded, with known spread."""

from __future__ import annotations

import numpy as np
import xarray as xr

from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts.acceptance import acceptance
from westphalia.charts.agreement import agreement
from westphalia.charts.backing import Backing, backing
from westphalia.charts.calibration import calibration
from westphalia.charts.chart import Chart
from westphalia.charts.consultations import Moment, consultations
from westphalia.charts.drivers_issues import drivers_of_issues
from westphalia.charts.exchanges import paying
from westphalia.charts.positions import Scale, positions
from westphalia.charts.rounds import rounds
from westphalia.charts.shares import shares
from westphalia.charts.statements import Mark, by_date, by_place

DRAWS = 200
NAMES = {"ann": "Ann", "bob": "Bob", "cid": "Cid"}
TITLES = {"mean": "Compromise mean", "median": "Weighted median", "nash": "Nash bargaining"}
SCALE = Scale("land", "Where is the line?", "km", ((0.0, "west"), (40.0, "middle"), (100.0, "east")))


def evenly(low: float, high: float) -> np.ndarray:
    """Draws that fill a range evenly: their quantiles are known without a random number."""
    return np.linspace(low, high, DRAWS)


def inputs() -> xr.Dataset:
    position = np.stack([evenly(0, 20), evenly(30, 50), evenly(80, 100)], axis=1)[:, :, None]
    return xr.Dataset(
        {
            "position": (("draw", "actor", "issue"), position),
            "has_stand": (("actor", "issue"), [[True], [True], [True]]),
            "has_reversion": (("issue",), [True]),
            "reversion": (("draw", "issue"), evenly(60, 70)[:, None]),
        },
        coords={"actor": list(NAMES), "issue": ["land"]},
    )


def weights() -> xr.DataArray:
    each = np.tile(np.array([1.0, 1.0, 2.0])[None, :, None], (DRAWS, 1, 1))
    return xr.DataArray(
        each, dims=("draw", "actor", "issue"), coords={"actor": list(NAMES), "issue": ["land"]}
    )


def forecast(**by_method: np.ndarray) -> xr.DataArray:
    values = np.stack(list(by_method.values()))[:, :, None]
    return xr.DataArray(
        values, dims=("method", "draw", "issue"), coords={"method": list(by_method), "issue": ["land"]}
    )


def outcome() -> xr.DataArray:
    return xr.DataArray(evenly(10, 90)[:, None], dims=("draw", "issue"), coords={"issue": ["land"]})


def positions_chart() -> Chart:
    made = forecast(mean=evenly(40, 60), median=evenly(35, 55))
    return positions(SCALE, inputs(), weights(), made, outcome(), NAMES, TITLES)


def rounds_chart() -> Chart:
    path = np.stack([evenly(30 + at, 50 + at) for at in range(4)], axis=1)[:, :, None]
    found = xr.DataArray(path, dims=("draw", "round", "issue"), coords={"round": range(4), "issue": ["land"]})
    ways = {"challenge": found, "smp": found + 5, "exchange": found - 5}
    return rounds(SCALE, ways, outcome())


def brought() -> xr.DataArray:
    values = [[4.0, 1.0, -2.0, 0.0, -9.0], [6.0, 0.0, 0.0, 3.0, -1.0], [0.0, 0.0, 0.0, 0.0, 0.0]]
    effects = ["own", "inner_gain", "inner_loss", "outer_gain", "outer_loss"]
    return xr.DataArray(values, dims=("actor", "effect"), coords={"actor": list(NAMES), "effect": effects})


def acceptance_chart() -> Chart:
    gain = np.stack([evenly(0, 0.2), evenly(-0.3, 0.1)], axis=1)
    accepted = xr.Dataset(
        {"gain": (("draw", "actor"), gain), "is_accepted": (("draw", "actor"), gain >= 0)},
        coords={"actor": ["ann", "bob"]},
    )
    return acceptance(accepted, ("ann", "bob"), NAMES)


def plurality(first: np.ndarray) -> xr.Dataset:
    share = np.stack([first, 1 - first], axis=1)[:, None, :]
    return xr.Dataset(
        {
            "share": (("draw", "issue", "option"), share),
            "winner": (("draw", "issue"), share.argmax(axis=2)),
            "is_tie": (("draw", "issue"), share[:, :, 0] == share[:, :, 1]),
        },
        coords={"issue": ["venue"]},
    )


def shares_chart() -> Chart:
    options = {"here": "at home", "there": "abroad", "nowhere": "nowhere at all"}
    return shares("venue", "Where do they meet?", options, plurality(evenly(0.4, 0.8)))


def backing_chart() -> Chart:
    return backing([Backing("land", "Where is the line?", 4, 3, 1), Backing("pay", "Who pays?", 2, 0, 0)])


def consultations_chart() -> Chart:
    moments = (
        Moment("one", "12 February 2025", "12 Feb 2025", "a call", ("ann",), ("bob",), (), ("cid",)),
        Moment("two", "date not known", "date not known", "a meeting", present=("ann", "cid")),
    )
    return consultations(moments, NAMES)


MARKS = (
    Mark("s1", "quote", "Ann", "demand", "wants it", 0, 20, "2025-02-12", "2025-02-12", "12 February 2025"),
    Mark("s2", "quote", "Ann", "demand", "wants it now", 30, 60, "2025-02-12", "2025-02-12", "12 Feb"),
    Mark("s3", "hearsay", "Bob", "fact", "has it", 60, 90, "2025-02-01", "2025-02-28", "February 2025", True),
    Mark("s4", "commentary", "the author", "evaluation", "a pity", 95, 99),
)


def indices() -> xr.Dataset:
    cells = {
        "first_order": [[0.1, 0.6, 0.0, -0.001, 0.15]],
        "first_order_error": [[0.02, 0.05, 0.0, 0.01, 0.03]],
        "total_order": [[0.1, 0.72, 0.0, 0.002, 0.2]],
    }
    groups = [
        "ann.land.position",
        "bob.land.position",
        "cid.pay.position",
        "bob.pay.salience",
        "cid.capability",
    ]
    variables = {name: (("answer", "group"), values) for name, values in cells.items()}
    return xr.Dataset(variables, coords={"answer": ["mean.land"], "group": groups})


def agreement_chart() -> Chart:
    found = xr.Dataset(
        {
            "centre": (("method", "issue"), [[40.0, 2.0], [55.0, 2.0], [20.0, 2.2]]),
            "method_share": ("issue", [0.4, 0.004]),
        },
        coords={"method": list(TITLES), "issue": ["land", "pay"]},
    )
    pay = Scale("pay", "Who pays?", "", ((1.0, "Ann"), (3.0, "Bob")))
    return agreement({"land": SCALE, "pay": pay}, found, TITLES)


def calibration_chart() -> Chart:
    names = {
        "all": "All issues",
        "spread: 1 near": "Near",
        "spread: 2 middle": "Middle",
        "spread: 3 wide": "Far",
    }
    return calibration(load_scores().sel({"method": "predictive"}), names, "Did intervals hold?")


def drivers_of_issues_chart() -> Chart:
    found = indices()
    return drivers_of_issues({"land": SCALE}, {"land": str(found["answer"].values[0])}, found, {})


def all_charts() -> list[Chart]:
    return [
        positions_chart(),
        rounds_chart(),
        acceptance_chart(),
        shares_chart(),
        backing_chart(),
        consultations_chart(),
        agreement_chart(),
        paying(brought(), NAMES),
        calibration_chart(),
        drivers_of_issues_chart(),
        by_place("report", "A report", MARKS),
        by_date(MARKS),
    ]
