"""Pictures are tested on the data they carry: what is drawn is what the table says, with its spread."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.charts import pictures

from westphalia.charts import draw
from westphalia.charts.acceptance import acceptance
from westphalia.charts.chart import Chart
from westphalia.charts.exchanges import paying
from westphalia.charts.positions import TOLD, positions
from westphalia.charts.shares import shares
from westphalia.charts.statements import by_date, by_place
from westphalia.charts.style import ON_DARK, PALETTE, PAPER, PRINT
from westphalia.charts.words import listed, number, percent, row_labels, spread
from westphalia.errors import CallError

CHARTS = {chart.id: chart for chart in pictures.all_charts()}
every_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())


def walk(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from walk(part)


def row(chart: Chart, **wanted: object) -> dict[str, Any]:
    found = [row for row in chart.table.rows if all(row.get(key) == value for key, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} rows with {wanted}"
    return found[0]


@every_chart
def test_the_table_is_the_data_of_the_spec(chart: Chart) -> None:
    assert chart.spec["data"]["values"] == list(chart.table.rows)
    assert len(chart.table.cells()) == len(chart.table.rows) > 0
    for column in chart.table.columns:
        assert any(column.field in row for row in chart.table.rows) or column.field == "contested"


@every_chart
def test_colours_are_of_the_palette_and_have_one_for_dark_paper(chart: Chart) -> None:
    text = json.dumps(chart.spec)
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text))
    assert used <= set(PALETTE)
    assert used - {PRINT} <= set(ON_DARK)


@every_chart
def test_a_case_says_nothing_inside_an_expression(chart: Chart) -> None:
    said = {str(value) for row in chart.table.rows for value in row.values() if isinstance(value, str)}
    for part in walk({key: part for key, part in chart.spec.items() if key != "data"}):
        if isinstance(part, dict):
            for key in ("expr", "test", "filter", "labelExpr", "calculate"):
                expression = part.get(key)
                if isinstance(expression, str):
                    assert not any(text in expression for text in said if len(text) > 8)


@every_chart
def test_says_one_thing_in_words_and_how_to_read_it(chart: Chart) -> None:
    assert chart.sentence.endswith(".")
    assert chart.key.endswith(".")
    assert "nan" not in chart.sentence.lower()


@every_chart
def test_draws_without_a_network_and_the_same_every_time(chart: Chart) -> None:
    first = draw.svg(chart)
    assert first == draw.svg(chart)
    assert "undefined" not in first
    assert "NaN" not in first
    assert "url" not in json.dumps(chart.spec["data"])


@pytest.mark.parametrize("name", ["positions-land", "rounds-land", "acceptance", "shares-venue"])
def test_every_figure_with_numbers_shows_their_spread(name: str) -> None:
    chart = CHARTS[name]
    ends = [("low", "high")] if name == "rounds-land" else [("low90", "high90"), ("low50", "high50")]
    for low, high in ends:
        assert all(row[low] < row["median"] < row[high] for row in chart.table.rows if row["median"])
        drawn = [part for part in walk(chart.spec["layer"]) if isinstance(part, dict) and "field" in part]
        assert {low, high} <= {part["field"] for part in drawn}


def test_png_has_the_title_and_the_scale() -> None:
    picture = draw.png(CHARTS["positions-land"], scale=1.0)
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert 700 <= width <= 740
    assert height > 300
    titled = CHARTS["positions-land"].titled().spec["title"]
    assert titled["text"] == ["Where is the line?"]
    assert titled["subtitle"][:3] == ["0: west", "40: middle", "100: east"]


@pytest.mark.parametrize("scale", [0.0, 11.0, float("nan")])
def test_png_refuses_a_scale_that_makes_no_picture(scale: float) -> None:
    with pytest.raises(CallError, match=r"Allowed: 0\.1 to 10"):
        draw.png(CHARTS["acceptance"], scale=scale)


def test_a_number_that_is_not_finite_is_refused_not_drawn() -> None:
    chart = CHARTS["backing"]
    broken = Chart(
        "x", "x", "x.", {**chart.spec, "data": {"values": [{"start": float("nan")}]}}, chart.table, "x."
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        draw.svg(broken)


# --- what each picture shows ---------------------------------------------------------------------


def test_positions_show_quantiles_of_draws_weights_and_the_default() -> None:
    chart = CHARTS["positions-land"]
    default = row(chart, kind="default")
    assert default["median"] == pytest.approx(50)
    assert (default["low90"], default["high90"]) == pytest.approx((41, 59))
    assert (default["low50"], default["high50"]) == pytest.approx((45, 55))
    told = row(chart, kind="told")
    assert told["name"] == TOLD
    assert told["low90"] < default["low90"] < default["high90"] < told["high90"]
    assert row(chart, name="Cid")["weight"] == 0.5
    assert row(chart, kind="reversion")["median"] == pytest.approx(65)
    kinds = [row["kind"] for row in chart.table.rows]
    assert kinds == ["actor"] * 3 + ["told", "default", "method", "reversion"]
    assert f"{TOLD}: 50 (half of what is possible 30 to 70, 90 % 14 to 86)" in chart.sentence
    assert "by the inputs alone Compromise mean 50 (90 % 41 to 59)" in chart.sentence
    assert "Ann (10) to Cid (90)" in chart.sentence


def test_positions_say_in_how_many_draws_a_method_finds_something() -> None:
    found = np.where(np.arange(pictures.DRAWS) < 50, np.nan, pictures.evenly(0, 100))
    nowhere = np.full(pictures.DRAWS, np.nan)
    made = pictures.forecast(mean=pictures.evenly(40, 60), nash=found, median=nowhere)
    chart = positions(pictures.SCALE, pictures.inputs(), None, made, None, pictures.NAMES, pictures.TITLES)
    assert row(chart, name="Nash bargaining")["weight_text"] == "in 75 %"
    assert not [row for row in chart.table.rows if row["name"] == "Weighted median"]
    assert not [row for row in chart.table.rows if row["kind"] == "record"]


def test_positions_leave_out_who_has_no_stand() -> None:
    inputs = pictures.inputs()
    inputs["has_stand"][1] = False
    made = pictures.forecast(mean=pictures.evenly(40, 60))
    chart = positions(pictures.SCALE, inputs, None, made, None, pictures.NAMES, pictures.TITLES)
    assert [row["name"] for row in chart.table.rows if row["kind"] == "actor"] == ["Ann", "Cid"]


def test_no_path_of_rounds_without_the_compromise_mean_beside_it() -> None:
    chart = CHARTS["rounds-land"]
    beside = row(chart, series="compromise mean")
    assert beside["median"] == pytest.approx(50)
    assert (beside["low"], beside["high"]) == pytest.approx((18, 82))
    assert [row["round"] for row in chart.table.rows] == [*"0123", *"0123", *"0123", "default"]
    ways = "the challenge model's weighted median goes from 40 to 43 (80 % of draws 35 to 51)"
    assert ways in chart.sentence
    assert "the spatial model's mean of positions from 45 to 48" in chart.sentence
    assert "the position exchange's outcome of votes from 35 to 38" in chart.sentence
    assert chart.sentence.endswith("the compromise mean stands at 50 (80 % of draws 18 to 82).")


def test_exchanges_show_who_pays_in_lanes_and_in_all() -> None:
    chart = CHARTS["exchange-costs"]
    bars = [(row["actor"], row["lane"], row["brought"]) for row in chart.table.rows]
    assert bars == [
        *(("Ann", 0, 4.0), ("Ann", 1, 1.0), ("Ann", 1, -2.0), ("Ann", 2, -9.0)),
        *(("Bob", 0, 6.0), ("Bob", 2, 3.0), ("Bob", 2, -1.0)),
    ]
    assert {row["label"] for row in chart.table.rows} == {"Ann\nin all −6.0", "Bob\nin all +8.0"}
    assert chart.sentence == "1 of 2 actors loses in all, Ann most (−6.0); Bob gains most (+8.0)."


def test_exchanges_that_touch_nobody_are_said_and_not_drawn() -> None:
    none = paying(pictures.brought() * 0, pictures.NAMES)
    assert none.table.rows == ()
    assert none.sentence == "No exchange was possible, so nobody pays."


def test_acceptance_tells_who_accepts_by_shape_and_share() -> None:
    chart = CHARTS["acceptance"]
    assert row(chart, name="Ann")["share"] == 1.0
    bob = row(chart, name="Bob")
    assert (bob["kind"], bob["share"]) == ("no", 0.25)
    shapes = [part["shape"] for part in walk(chart.spec) if isinstance(part, dict) and "shape" in part]
    assert shapes == ["square", "diamond"]
    assert "for Ann in 100 % of the draws, for Bob in 25 %" in chart.sentence


def test_acceptance_by_all_alike_is_said_once() -> None:
    gain = np.ones((4, 2))
    import xarray as xr

    accepted = xr.Dataset(
        {"gain": (("draw", "actor"), gain), "is_accepted": (("draw", "actor"), gain > 0)},
        coords={"actor": ["ann", "bob"]},
    )
    chart = acceptance(accepted, ("ann", "bob"), pictures.NAMES)
    assert chart.sentence.startswith("Every required party")


def test_shares_count_the_draws_in_which_an_option_leads_alone() -> None:
    chart = CHARTS["shares-venue"]
    assert row(chart, name="at home")["leads"] == 0.75
    assert row(chart, name="abroad")["leads"] == 0.25
    nowhere = row(chart, name="nowhere at all")
    assert (nowhere["leads"], nowhere["high90"]) == (0.0, 0.0)


def test_shares_never_break_a_tie_in_silence() -> None:
    tied = pictures.plurality(np.repeat([0.5, 0.7], pictures.DRAWS // 2))
    chart = shares("venue", "Where?", {"here": "at home", "there": "abroad"}, tied)
    assert row(chart, name="at home")["leads"] == 0.5
    assert "In 50 % of the draws options share the lead." in chart.sentence


def test_backing_counts_what_values_rest_on() -> None:
    chart = CHARTS["backing"]
    counts = {(row["name"], row["rests"]): row["values"] for row in chart.table.rows}
    assert counts["Where is the line?", "on an assumption"] == 3
    assert "Of 10 input values, 6 (60 %) rest on statements and 3 (30 %) on assumptions" in chart.sentence
    assert "1 value on nothing stated" in chart.sentence


def test_consultations_name_who_was_left_out() -> None:
    chart = CHARTS["consultations"]
    assert chart.sentence == "Left out at least once: Cid (1 time)."
    assert row(chart, actor="Cid", what="a call")["role"] == "was left out"
    assert chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [
        "a call\n12 Feb 2025",
        "a meeting\ndate not known",
    ]


def test_statements_stand_at_their_place_and_date() -> None:
    placed = by_place("report", "A report", pictures.MARKS)
    assert [(row["start"], row["end"]) for row in placed.table.rows] == [
        (0, 20),
        (30, 60),
        (60, 90),
        (95, 99),
    ]
    dated = by_date(pictures.MARKS)
    assert row(dated, mode="quoted")["many"] == 2
    assert row(dated, mode="hearsay")["exact"] == "to a month"
    assert row(dated, mode="hearsay")["contested"] == "yes"
    assert dated.sentence.endswith("1 statement without a known date are not shown.")


# --- numbers and labels --------------------------------------------------------------------------


def test_spread_is_the_quantiles_it_names() -> None:
    values = np.arange(101.0)
    assert spread(values) == {"low90": 5, "low50": 25, "median": 50, "high50": 75, "high90": 95}


@pytest.mark.parametrize(
    ("value", "length", "text"),
    [
        (49.6, 100, "50"),
        (1.904, 4, "1.90"),
        (0.25, 1, "0.25"),
        (-3.2, 100, "−3"),
        (-0.2, 100, "0"),
        (12, 10, "12.0"),
    ],
)
def test_numbers_keep_the_digits_that_mean_something(value: float, length: float, text: str) -> None:
    assert number(value, length) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (1, "100 %"), (0.0001, "under 1 %"), (0.9999, "over 99 %"), (0.5, "50 %")]
)
def test_a_share_reads_as_none_or_all_only_if_it_is(share: float, text: str) -> None:
    assert percent(share) == text


def test_names_that_read_alike_get_their_ids() -> None:
    names = {"a": "The first chamber of the parliament of the northern provinces", "b": "Short"}
    assert row_labels(names)["b"] == "Short"
    alike = row_labels({**names, "c": names["a"]})
    assert len(set(alike.values())) == 3
    assert alike["c"].endswith("(c)")


def test_lists_read_as_sentences() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_marks_stand_out_from_light_and_dark_paper() -> None:
    from westphalia.charts.style import BLUE, GREEN, INK, MUTED, VERMILION

    for colour in (BLUE, GREEN, VERMILION, INK, MUTED):
        assert contrast(colour, PAPER) >= 3
        assert contrast(ON_DARK[colour], ON_DARK[PAPER]) >= 3
    for colour in (INK, MUTED):
        assert contrast(colour, PAPER) >= 4.5
        assert contrast(ON_DARK[colour], ON_DARK[PAPER]) >= 4.5
