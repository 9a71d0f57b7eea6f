"""The picture of scenarios shows the forecasts with their spread, and the difference draw by draw."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import xarray as xr
from tests.charts.pictures import SCALE, evenly

from westphalia.charts import draw
from westphalia.charts.scenarios import AS_IT_IS, Tried, scenarios
from westphalia.charts.style import ON_DARK, PRINT


def on_land(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values[:, None], dims=("draw", "issue"), coords={"issue": ["land"]})


BASE = evenly(40, 60)
THAW = Tried("The south gives way", on_land(BASE + 10), on_land(np.full(BASE.shape, 10.0)))
FREEZE = Tried("Nothing moves", on_land(BASE), on_land(np.zeros(BASE.shape)))
CHART = scenarios(SCALE, on_land(BASE), {"thaw": THAW, "freeze": FREEZE}, "the compromise mean")


def test_every_row_has_its_spread_and_what_it_moves() -> None:
    base, thaw, freeze = CHART.table.rows
    assert (base["name"], thaw["name"]) == (AS_IT_IS, "The south gives way")
    assert (base["low90"], base["median"], base["high90"]) == pytest.approx((41, 50, 59))
    assert (thaw["median"], thaw["moved"], thaw["moved_text"]) == (pytest.approx(60), 10, "+10")
    assert (thaw["rises"], freeze["rises"], freeze["falls"]) == (1.0, 0.0, 0.0)
    assert CHART.spec["data"]["values"] == list(CHART.table.rows)


def test_the_sentence_names_what_moves_most_with_its_doubt() -> None:
    assert "“The south gives way” moves the forecast of the compromise mean most: by +10" in CHART.sentence
    assert "(90 % of draws +10 to +10); it raises it in 100 % of the draws." in CHART.sentence
    still = scenarios(SCALE, on_land(BASE), {"freeze": FREEZE}, "the mean")
    assert still.sentence == "No scenario moves the median forecast of the mean on this question."


def test_it_is_drawn_in_colours_with_one_for_dark_paper() -> None:
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(CHART.spec)))
    assert used - {PRINT} <= set(ON_DARK)
    first = draw.svg(CHART)
    assert first == draw.svg(CHART)
    assert "undefined" not in first
    assert "NaN" not in first
