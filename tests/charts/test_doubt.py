"""The pictures of doubt carry the indices and distances that they are given."""

from __future__ import annotations

import pytest
from tests.charts import pictures
from tests.charts.test_charts import row

from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts import draw
from westphalia.charts.drivers_issues import LEAST


def test_agreement_places_each_centre_on_its_own_scale() -> None:
    chart = pictures.agreement_chart()
    assert row(chart, name="Who pays?", method="Nash bargaining")["place"] == 0.6
    first = row(chart, name="Where is the line?", method="Compromise mean")
    assert (first["place"], first["low"], first["high"], first["text"]) == (0.4, 0.2, 0.55, "40 %")
    assert chart.sentence == (
        "The choice of method matters most on “Where is the line?”: 40 % of the variance is due to it; "
        "least on “Who pays?”: under 1 %."
    )


def test_calibration_shows_promised_and_held_with_the_error_of_few_issues() -> None:
    chart = pictures.calibration_chart()
    held = row(chart, name="All issues", level="80 %")
    scores = load_scores().sel({"method": "predictive", "group": "all"})
    assert held["held"] == pytest.approx(float(scores["coverage"].sel(level=0.8)), abs=5e-5)
    assert held["promised"] == 0.8
    error = 2 * (held["held"] * (1 - held["held"]) / int(scores["issues"])) ** 0.5
    assert (held["low"], held["high"]) == pytest.approx(
        (held["held"] - error, held["held"] + error), abs=1e-4
    )
    assert "81 % in its 80 % interval" in chart.sentence
    assert len(chart.table.rows) == 12
    assert "undefined" not in draw.svg(chart)


def test_drivers_of_issues_stand_below_their_issue_without_what_is_all_but_nothing() -> None:
    chart = pictures.drivers_of_issues_chart()
    head, *bars = chart.table.rows
    assert head["issue"] == pictures.SCALE.question
    assert "first" not in head
    shares = [one["first"] for one in bars]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) >= LEAST
    assert len({one["label"] for one in chart.table.rows}) == len(chart.table.rows)
    assert bars[0]["name"] in chart.sentence
    assert "undefined" not in draw.svg(chart)
