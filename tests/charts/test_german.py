"""Pictures in German: the same marks as in English, with words, figures and dates of the other language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from tests.charts import pictures
from tests.charts.test_scenarios import BASE, on_land

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.charts.deals import signed
from westphalia.charts.exchanges import paying
from westphalia.charts.positions import Scale
from westphalia.charts.scenarios import Tried, scenarios
from westphalia.charts.style import CONFIG, config
from westphalia.language import speaking

ENGLISH = {chart.id: chart for chart in pictures.all_charts()}
with speaking("de"):
    GERMAN = {chart.id: chart for chart in pictures.all_charts()}

every_chart = pytest.mark.parametrize("name", ENGLISH)


def words(chart: Chart) -> Iterator[str]:
    """Yield what a picture says of its own, not what the case does."""
    yield chart.key
    yield from (column.title for column in chart.table.columns)
    for text in (chart.title, chart.sentence):
        yield re.sub("|".join(("“[^”]*”", "„[^“]*“", re.escape(pictures.SCALE.question))), "", text)


@every_chart
def test_no_english_is_left(name: str) -> None:
    for text in words(GERMAN[name]):
        assert not re.search(r"\b(the|of|and|is|issue|draws|share|actor)\b", text), text


@every_chart
def test_the_marks_are_those_of_english(name: str) -> None:
    drawn, english = draw.svg(GERMAN[name]), draw.svg(ENGLISH[name])
    for said in (r'fill="#\w+"', r'stroke="#\w+"', 'aria-roledescription="[^"]+"'):
        assert sorted(re.findall(said, drawn)) == sorted(re.findall(said, english))
    assert "undefined" not in drawn
    assert "NaN" not in drawn


def test_axes_write_figures_and_months_as_german_does() -> None:
    assert "+0,2" in draw.svg(GERMAN["acceptance"])
    assert "+0.2" in draw.svg(ENGLISH["acceptance"])
    assert re.search(r">\d+\. Feb\. 2025<", draw.svg(GERMAN["statements-by-date"]))
    assert config() is CONFIG
    with speaking("de"):
        time = config()["locale"]["time"]
    assert (time["days"][0], time["shortMonths"][11]) == ("Sonntag", "Dez.")


def test_figures_in_words_have_a_comma() -> None:
    with speaking("de"):
        assert signed(-0.25) == "−0,250"
        assert signed(0.0001) == "unter +0,001"
        costs = paying(pictures.brought(), pictures.NAMES)
    assert "am meisten: Ann (−6,0)" in costs.sentence


def test_a_move_of_less_than_one_keeps_its_sign() -> None:
    scale = Scale("land", "Wo ist die Grenze?", "", ((0.0, "West"), (4.0, "Ost")))
    little = Tried("Etwas", on_land(BASE + 0.5), on_land(np.full(BASE.shape, 0.5)))
    with speaking("de"):
        chart = scenarios(scale, on_land(BASE), {"little": little}, "Kompromissmittelwert")
    assert chart.table.rows[1]["moved_text"] == "+0,50"
    assert "im Median um +0,50 (90 % der Ziehungen +0,50 bis +0,50); sie steigt in 100 %" in chart.sentence
