"""The picture of ties shows every tie once, those of one side beside each other, and draws on both papers."""

from __future__ import annotations

import json
import math
import re

from westphalia.charts import draw
from westphalia.charts.style import ON_DARK
from westphalia.charts.ties import Party, Tie, ties
from westphalia.language import speaking

PARTIES = [
    Party("land", "The land", "state"),
    Party("sea", "The sea", "state"),
    Party("speaker", "Its speaker", "person"),
    Party("voters", "Its voters", "public"),
    Party("league", "The league", "bloc"),
    Party("alone", "Alone", "movement"),
]
FOUND = [
    Tie("speaker", "land", "speaks_for"),
    Tie("voters", "land", "ratifies_for"),
    Tie("land", "league", "part_of"),
    Tie("sea", "league", "part_of"),
]


def test_every_tie_is_a_row_and_who_has_none_is_left_out() -> None:
    chart = ties(PARTIES, FOUND)
    assert chart.table.cells() == (
        ("Its speaker", "speaks for", "The land"),
        ("Its voters", "has to consent at home for", "The land"),
        ("The land", "is part of", "The league"),
        ("The sea", "is part of", "The league"),
    )
    shown = [row["actor"] for row in chart.spec["data"]["values"] if row["kind"] == "actor"]
    assert "Alone" not in shown
    assert len(shown) == 5
    assert chart.notes == ("Not shown: 1 actor without ties or with the least.",)
    assert "1 speak for another, 1 have to consent at home, 2 are part of a whole" in chart.sentence


def test_those_of_one_side_stand_beside_each_other() -> None:
    rows = [row for row in ties(PARTIES, FOUND).spec["data"]["values"] if row["kind"] == "actor"]
    turn = {row["actor"]: math.atan2(row["x"], row["y"]) % (2 * math.pi) for row in rows}
    order = sorted(turn, key=lambda name: turn[name])
    at = order.index("Its speaker")
    assert "The land" in {order[at - 1], order[(at + 1) % len(order)]}


def test_a_dot_lies_near_the_one_tied_to() -> None:
    for row in ties(PARTIES, FOUND).table.rows:
        to_end = math.hypot(row["x2"] - row["near_x"], row["y2"] - row["near_y"])
        assert to_end < math.hypot(row["x"] - row["near_x"], row["y"] - row["near_y"])


def test_without_ties_the_picture_says_so() -> None:
    chart = ties(PARTIES, [])
    assert chart.sentence == "No actor speaks for, consents for or is part of another."
    assert "<svg" in draw.svg(chart)


def test_a_ring_of_ties_is_drawn_all_the_same() -> None:
    ring = [Tie("land", "sea", "part_of"), Tie("sea", "league", "part_of"), Tie("league", "land", "part_of")]
    assert len(ties(PARTIES, ring).table.rows) == 3


def test_every_colour_has_its_counterpart_on_dark_paper_and_texts_stay_texts() -> None:
    evil = [Party("a", "<b>&lt;</b>", "state"), Party("b", "'+alert(1)+'", "state")]
    chart = ties(evil, [Tie("a", "b", "part_of")])
    colours = set(re.findall(r"#[0-9a-f]{6}", json.dumps(chart.spec["layer"])))
    assert colours <= set(ON_DARK)
    assert "<b>" not in draw.svg(chart)
    with speaking("de"):
        assert len(ties(evil, []).table.rows) == 0
