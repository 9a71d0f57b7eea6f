"""The pictures of deals carry what their tables say, in colours and shapes that do not need each other."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import xarray as xr
from tests.charts.test_charts import row, walk

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.charts.deals import LOOKS, NamedPackage, Spot, signed
from westphalia.charts.deals_blocking import ALONE, SEVERAL, blocking
from westphalia.charts.deals_gains import gains
from westphalia.charts.deals_packages import packages
from westphalia.charts.deals_war import war_range
from westphalia.charts.deals_zone import CELLS, EFFICIENT, OF_TWO, REFUSED, Plane, zone_plane
from westphalia.charts.style import ON_DARK, PALETTE, PRINT
from westphalia.charts.words import percent
from westphalia.methods.deals.war import bargaining_range

NAMES = {"ann": "Ann", "bob": "Bob", "cid": "Cid"}
ISSUES = {"land": "Where is the line?", "venue": "Where do they meet?"}
NASH = NamedPackage(
    "nash",
    "Nash",
    {"land": Spot("50: the middle", 0.5, 0.3, 0.8), "venue": Spot("at home", 0.0, 0.0, 0.0)},
    {"ann": 0.1, "bob": 0.3, "cid": -0.2},
)
EXPECTED = NamedPackage(
    "expected",
    "Expected package",
    {"land": Spot("90: nearest east", 0.9, 0.9, 0.9), "venue": Spot("at home", 0.0, 0.0, 0.0)},
    {"ann": -0.25, "bob": 0.4, "cid": 0.0},
)
RNG = np.random.default_rng(7)
PLANE = Plane(
    "Ann",
    "Bob",
    efficient=np.array([[0.0, 0.3], [0.1, 0.2], [0.2, 0.05]]),
    refused=RNG.uniform(-1, 0.1, (3000, 2)),
    of_two=np.array([[0.3, 0.0], [0.0, 0.35], [0.2, 0.2]]),
)


def doubt() -> xr.Dataset:
    share = {"block_probability": [0.4, 0.4, 0.005], "block_alone_probability": [0.3, 0.0, 0.0]}
    actors = {"actor": list(NAMES)}
    of_actor = {name: ("actor", values) for name, values in share.items()}
    return xr.Dataset({**of_actor, "zone_probability": 0.6}, coords=actors)


def fearon() -> xr.Dataset:
    """The example of Fearon (1995, p. 387): p, and costs that open the range from p − c_A to p + c_B."""
    cost = xr.DataArray([0.2, 0.1], dims="actor", coords={"actor": ["a", "b"]})
    return bargaining_range(0.6, cost)


ALL = {
    chart.id: chart
    for chart in (
        packages([NASH, EXPECTED], ISSUES),
        gains([NASH, EXPECTED], NAMES, ("ann", "bob")),
        blocking(doubt(), NAMES),
        zone_plane(PLANE, ("ann", "bob"), [NASH, EXPECTED]),
        war_range(fearon(), {"a": "A", "b": "B"}),
    )
}
every_chart = pytest.mark.parametrize("chart", ALL.values(), ids=ALL.keys())


@every_chart
def test_the_table_is_the_data_and_the_palette_is_kept(chart: Chart) -> None:
    assert chart.spec["data"]["values"] == list(chart.table.rows)
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart.spec)))
    assert used <= set(PALETTE)
    assert used - {PRINT} <= set(ON_DARK)
    assert chart.sentence.endswith(".")
    assert chart.key.endswith(".")
    said = {str(value) for one in chart.table.rows for value in one.values() if isinstance(value, str)}
    for part in walk({key: part for key, part in chart.spec.items() if key != "data"}):
        for key in ("expr", "test", "filter", "calculate", "labelExpr"):
            expression = part.get(key) if isinstance(part, dict) else None
            if isinstance(expression, str):
                assert not any(text in expression for text in said if len(text) > 8)


@every_chart
def test_draws_the_same_every_time_and_nothing_undefined(chart: Chart) -> None:
    first = draw.svg(chart)
    assert first == draw.svg(chart)
    assert "undefined" not in first
    assert "NaN" not in first


def test_no_two_kinds_of_package_share_colour_or_shape() -> None:
    for channel in (0, 1):
        looks = [look[channel] for look in LOOKS.values()]
        assert len(looks) == len(set(looks))


def test_packages_show_the_span_of_what_is_equally_good() -> None:
    chart = ALL["deal-packages"]
    tied = row(chart, package="Nash", issue="Where is the line?")
    assert (tied["low"], tied["at"], tied["high"]) == (0.3, 0.5, 0.8)
    assert tied["brief"] == "50"
    assert chart.sentence == "All bargaining solutions pick the same package."
    none = packages([EXPECTED], ISSUES)
    assert none.sentence == "No bargaining solution picks a package, since none that all accept was found."


def test_gains_begin_at_no_deal_and_tell_whose_consent_is_needed() -> None:
    chart = ALL["deal-gains"]
    assert row(chart, name="Ann", package="Expected package")["gain_text"] == "−0.250"
    assert row(chart, name="Cid (no consent needed)", package="Nash")["consent"] == "not needed"
    assert {one["zero"] for one in chart.table.rows} == {0}
    assert "Ann gains least (+0.100" in chart.sentence
    assert "Bob most (+0.300)" in chart.sentence


def test_blocking_tells_alone_from_with_others() -> None:
    chart = ALL["deal-blocking"]
    assert row(chart, name="Ann", how=SEVERAL)["share"] == 0.4
    assert row(chart, name="Ann", how=ALONE)["share"] == 0.3
    assert row(chart, name="Cid", how=SEVERAL)["share_text"] == "under 1 %"
    assert "Ann and Bob alike block most often, in 40 %" in chart.sentence
    assert "No zone is found in 40 % of the draws" in chart.sentence
    never = doubt() * 0.0
    assert blocking(never, NAMES).sentence == "No party blocks in any draw."


def test_the_plane_keeps_every_named_package_and_thins_the_rest() -> None:
    chart = ALL["deal-zone"]
    kinds = [one["kind"] for one in chart.table.rows]
    assert kinds.count("named") == 2
    assert kinds.count(EFFICIENT) == 3
    assert kinds.count(OF_TWO) == 3
    assert 0 < kinds.count(REFUSED) <= CELLS**2
    assert row(chart, package="Expected package")["x"] == -0.25
    assert chart.sentence.startswith(
        "Among the packages that all accept, Ann gains at most +0.200 and Bob at"
    )
    low, high = chart.spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert all(low <= one["x"] <= high for one in chart.table.rows)


def test_without_a_zone_the_plane_shows_what_is_refused() -> None:
    empty = np.empty((0, 2))
    chart = zone_plane(Plane("Ann", "Bob", empty, PLANE.refused, empty), ("ann", "bob"), [EXPECTED])
    assert "No package that all accept was found" in chart.sentence
    assert len(chart.table.rows) > 50


def test_the_range_of_fearons_example_runs_from_p_less_one_cost_to_p_and_the_other() -> None:
    chart = ALL["war-range"]
    assert row(chart, kind="low")["median"] == pytest.approx(0.4)
    assert row(chart, kind="high")["median"] == pytest.approx(0.7)
    band = row(chart, kind="range")
    assert (band["low90"], band["high90"]) == pytest.approx((0.4, 0.7))
    assert "between 40 % and 70 %" in chart.sentence


def test_no_range_is_told_and_no_band_drawn() -> None:
    cost = xr.DataArray([0.05, 0.05], dims="actor", coords={"actor": ["a", "b"]})
    hopeful = xr.DataArray([0.8, 0.7], dims="actor", coords={"actor": ["a", "b"]})
    chart = war_range(bargaining_range(hopeful, cost), NAMES)
    assert chart.sentence == "In no draw is there a division that both sides prefer to war."
    assert not [one for one in chart.table.rows if one["kind"] == "range"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.25, "+0.250"), (-0.25, "−0.250"), (0.0, "0"), (1e-4, "under +0.001"), (-1e-4, "above −0.001")],
)
def test_a_gain_is_signed_and_never_rounded_to_nothing(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(("share", "text"), [(0.005, "under 1 %"), (0.995, "over 99 %"), (0.006, "1 %")])
def test_a_share_that_is_not_none_or_all_never_reads_so(share: float, text: str) -> None:
    assert percent(share) == text
