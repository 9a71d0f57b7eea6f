"""The pictures of stability carry what their tables say, and nothing by colour alone."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import replace

import pytest
import xarray as xr
from tests.charts.test_charts import row, walk

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.charts.stability import GraphMove, GraphState, change_of, colour_of, shape_of
from westphalia.charts.stability_deterrence import ALL, who_deters
from westphalia.charts.stability_graph import BETTER, NOT_BETTER, GraphArc, graph
from westphalia.charts.stability_layout import ring
from westphalia.charts.stability_robustness import robust_states
from westphalia.charts.stability_states import SHARE, letter_of, states_table
from westphalia.charts.stability_ways import Way, WayStep, ways
from westphalia.charts.style import ON_DARK, PALETTE, PRINT

NAMES = {"ann": "Ann", "bob": "Bob"}
MOVES = [GraphMove("ann", "Ann keeps silent, whatever comes"), GraphMove("bob", "Bob keeps silent as well")]
SHOWN = {
    "00": GraphState("now", (0, 0), "", is_today=True, is_equilibrium=True),
    "11": GraphState("A", (1, 1), "+1 +2", is_equilibrium=True),
    "10": GraphState("a", (1, 0), "+1"),
    "01": GraphState("b", (0, 1), "+2"),
}
RANK = {"ann": {"01": 3, "11": 2, "00": 1, "10": 0}, "bob": {"10": 3, "11": 2, "00": 1, "01": 0}}
"""The prisoners' dilemma: each would rather talk, whatever the other does."""


def verdicts() -> xr.Dataset:
    """By definition: all speaking is stable by Nash, all silent by sequential stability, for both."""
    stable = {"nash": [[1, 0, 0, 1], [1, 0, 1, 0]], "seq": [[1, 1, 0, 1], [1, 1, 1, 0]]}
    coords = {"concept": [*stable, "gmr"], "actor": list(NAMES), "state": list(SHOWN)}
    cells = [*stable.values(), stable["seq"]]
    told = xr.DataArray(cells, dims=("concept", "actor", "state"), coords=coords).astype(bool)
    return xr.Dataset({"is_stable": told, "is_equilibrium": told.all("actor")})


def robust() -> xr.Dataset:
    share = [[1.0, 0.0, 0.0, 0.0], [1.0, 0.9, 0.02, 0.001]]
    error = [[0.0] * 4, [0.0, 0.03, 0.014, 0.001]]
    values = {"equilibrium_probability": share, "equilibrium_error": error}
    coords = {"concept": ["nash", "seq"], "state": list(SHOWN)}
    return xr.Dataset({name: (("concept", "state"), cells) for name, cells in values.items()}, coords=coords)


def deterrence() -> xr.Dataset:
    coords = {"concept": ["seq"], "actor": list(NAMES), "other_actor": list(NAMES)}
    needed = (("concept", "actor", "other_actor"), [[[0, 3], [1, 0]]])
    return xr.Dataset({"needed_count": needed, "deterred_count": (("concept", "actor"), [[4, 1]])}, coords)


def arcs() -> list[GraphArc]:
    pairs = {"ann": [("00", "10"), ("01", "11")], "bob": [("00", "01"), ("10", "11")]}
    both = [(actor, *ends) for actor, own in pairs.items() for pair in own for ends in (pair, pair[::-1])]
    return [
        GraphArc(
            actor,
            start,
            end,
            change_of(SHOWN[start].levels, SHOWN[end].levels),
            RANK[actor][end] > RANK[actor][start],
        )
        for actor, start, end in both
    ]


SHARES = ("seq", robust()["equilibrium_probability"].sel(concept="seq"))
STEPS = (
    WayStep("ann", "+1", ("+ Ann keeps silent, whatever comes",), is_improvement=False),
    WayStep("bob", "+2", ("+ Bob keeps silent as well",), is_improvement=False),
)
ALL_CHARTS = {
    chart.id: chart
    for chart in (
        states_table(SHOWN, MOVES, NAMES, verdicts(), SHARES),
        graph(SHOWN, arcs(), NAMES, is_whole=True),
        ways([Way("A", STEPS, is_by_improvements=False)], ["A"], NAMES),
        robust_states(SHOWN, robust()),
        who_deters(deterrence(), "seq", NAMES),
    )
}
every_chart = pytest.mark.parametrize("chart", ALL_CHARTS.values(), ids=ALL_CHARTS.keys())


@every_chart
def test_the_table_is_in_the_data_and_the_palette_is_kept(chart: Chart) -> None:
    assert chart.table.rows
    assert all(one in chart.spec["data"]["values"] for one in chart.table.rows)
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart.spec)))
    assert used <= set(PALETTE)
    assert used - {PRINT} <= set(ON_DARK)
    assert chart.sentence.endswith(".")
    assert chart.key.endswith(".")
    said = {move.text for move in MOVES}
    for part in walk({key: part for key, part in chart.spec.items() if key != "data"}):
        for key in ("expr", "test", "filter", "calculate", "labelExpr"):
            expression = part.get(key) if isinstance(part, dict) else None
            if isinstance(expression, str):
                assert not any(text in expression for text in said)


@every_chart
@pytest.mark.parametrize("width", [720, 340])
def test_draws_the_same_every_time_and_nothing_undefined(chart: Chart, width: int) -> None:
    sized = replace(chart, spec={**chart.spec, "width": width})
    first = draw.svg(sized)
    assert first == draw.svg(sized)
    assert "undefined" not in first
    assert "NaN" not in first


def test_the_states_say_what_is_taken_and_why_each_actor_stays() -> None:
    chart = ALL_CHARTS["stability-states"]
    assert row(chart, state="A", label="1\u2002Ann keeps silent, whatever\ncomes")["sign"] == "Y"
    assert row(chart, state="now", label="1\u2002Ann keeps silent, whatever\ncomes")["sign"] == "N"
    signs = {state: row(chart, state=state, label="Ann")["sign"] for state in ("now", "A", "a", "b")}
    assert signs == {"now": "r", "A": "s", "a": "u", "b": "r"}
    assert row(chart, state="A", label=SHARE)["sign"] == "90"
    assert row(chart, state="b", label=SHARE)["sign"] == "<1"
    assert chart.sentence == "2 equilibria shown; nobody would leave today's state."


def test_who_would_leave_today_is_told() -> None:
    moved = {key: GraphState(state.label, state.levels, is_today=key == "10") for key, state in SHOWN.items()}
    assert states_table(moved, MOVES, NAMES, verdicts()).sentence.endswith("would be left by Ann.")


def test_a_level_is_given_by_number_where_a_move_has_several() -> None:
    several = {"00": GraphState("A", (0, 2)), "11": GraphState("B", (1, 0))}
    chart = states_table(several, MOVES, NAMES, verdicts())
    assert row(chart, state="A", label="2\u2002Bob keeps silent as well")["sign"] == "2"
    assert row(chart, state="A", label="1\u2002Ann keeps silent, whatever\ncomes")["sign"] == "N"


def test_the_letter_is_of_the_strictest_concept_that_was_judged() -> None:
    assert letter_of(verdicts(), "ann", "11") == "s"
    assert letter_of(verdicts().sel(concept=["gmr"]), "ann", "11") == "g"
    assert letter_of(verdicts(), "bob", "01") == "u"


def test_the_graph_draws_one_line_for_a_move_and_its_way_back() -> None:
    chart = ALL_CHARTS["stability-graph"]
    rows = chart.table.rows
    assert len(rows) == 8
    assert [one["line"] for one in rows].count("full") == 4
    assert [one["line"] for one in rows].count(None) == 4
    assert row(chart, **{"from": "A", "to": "b"})["way"] == BETTER
    assert row(chart, **{"from": "b", "to": "A"})["way"] == NOT_BETTER
    assert "4 states with 8 moves between them, of which 4 are improvements" in chart.sentence


def test_lines_of_two_actors_between_the_same_states_stand_apart() -> None:
    common = [GraphArc(actor, "00", "11", "to A", is_improvement=False) for actor in NAMES]
    rows = graph({key: SHOWN[key] for key in ("00", "11")}, common, NAMES, is_whole=False).table.rows
    assert {one["line"] for one in rows} == {"dashed"}
    assert rows[0]["aside"] == -rows[1]["aside"] != 0


def test_states_with_moves_between_them_stand_side_by_side() -> None:
    cycle = [(0, 3), (3, 1), (1, 4), (4, 2), (2, 0)]
    places = ring(5, cycle)
    assert places[0] == (-1.0, 0.0) or places[0] == (-1.0, -0.0)
    side = 2 * math.sin(math.pi / 5)
    assert [math.dist(places[one], places[other]) for one, other in cycle] == pytest.approx(
        [side] * 5, abs=1e-3
    )
    assert len(set(places)) == 5


def test_a_way_says_who_moves_and_whether_for_the_better() -> None:
    chart = ALL_CHARTS["stability-ways"]
    assert row(chart, step=1)["who"] == "Ann"
    assert "end" not in row(chart, step=1)
    assert row(chart, step=2)["end"] == "A"
    assert chart.sentence == (
        "Nearest to today's state is A, after 2 moves; none of 1 is reached by improvements alone."
    )
    better = Way("B", (WayStep("bob", "−2", ("− Bob keeps silent as well",), is_improvement=True),), True)
    both = ways([Way("A", STEPS, is_by_improvements=False), better], ["A", "B"], NAMES)
    assert both.sentence.startswith("Nearest to today's state is B, after 1 move; by improvements alone B ")
    assert row(both, goal="B")["label"] == "to B\nby improvements"


def test_more_changes_than_there_is_room_for_are_counted() -> None:
    many = WayStep("ann", "+1 +2 +3 +4", ("one", "two", "three", "four"), is_improvement=True)
    chart = ways([Way("A", (many,), is_by_improvements=True)], ["A"], NAMES)
    assert chart.table.rows[0]["short"] == "one\ntwo\nand 2 more"
    assert chart.table.rows[0]["words"] == "one; two; three; four"


def test_robustness_spans_what_chance_leaves_open_and_no_more_than_all() -> None:
    chart = ALL_CHARTS["stability-robustness"]
    likely = row(chart, state="A", concept="sequential")
    assert (likely["low"], likely["high"]) == pytest.approx((0.8412, 0.9588))
    assert row(chart, state="b", concept="sequential")["low"] == 0.0
    assert "low" not in row(chart, state="now", concept="Nash")
    assert chart.sentence == "now is an equilibrium in 100 % of the draws (Nash), most of all."


def test_deterrence_counts_what_one_other_alone_deters() -> None:
    chart = ALL_CHARTS["stability-deterrence"]
    assert row(chart, who="Ann", by="Bob")["count"] == 3
    assert row(chart, who="Ann", by="Bob")["part"] == 0.75
    assert row(chart, who="Ann", by=ALL)["count"] == 4
    assert chart.sentence == "Most of all Bob deters Ann: from 3 improvements at sequential equilibria."
    assert who_deters(deterrence() * 0, "seq", NAMES).sentence.startswith("No actor is held back")


def test_no_two_actors_share_both_colour_and_shape() -> None:
    looks = [(colour_of(place), shape_of(place)) for place in range(49)]
    assert all(one != other for one, other in itertools.combinations(looks, 2))


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [((0, 1), (1, 0), "+1 −2"), ((0, 0), (0, 2), "2→2"), ((1, 2), (1, 1), "2→1"), ((1,), (1,), "")],
)
def test_a_change_is_told_in_signs(before: tuple[int, ...], after: tuple[int, ...], change: str) -> None:
    assert change_of(before, after) == change
