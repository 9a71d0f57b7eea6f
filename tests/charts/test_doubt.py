"""The pictures of doubt carry the indices and distances that they are given."""

from __future__ import annotations

import xarray as xr
from tests.charts import pictures
from tests.charts.test_charts import row

from westphalia.charts.drivers import drivers


def test_drivers_are_ranked_and_what_does_nothing_is_left_out() -> None:
    chart = pictures.drivers_chart()
    assert [one["first"] for one in chart.table.rows] == [0.6, 0.15, 0.1]
    assert chart.table.rows[0]["name"] == "where Bob stands on the line"
    assert chart.sentence == (
        "Most depends on where Bob stands on the line: known exactly, 60 % of the variance would go. "
        "1 more matter less."
    )
    second = row(chart, name="cid.capability")
    assert (second["low"], second["high"], second["total"]) == (0.12, 0.18, 0.2)


def test_an_answer_that_never_varies_has_no_bars_and_says_so() -> None:
    chart = drivers("mean.land", "where the line is", xr.zeros_like(pictures.indices()), {})
    assert chart.table.rows == ()
    assert chart.sentence == "It is the same in every draw, whatever is not known."


def test_agreement_places_each_centre_on_its_own_scale() -> None:
    chart = pictures.agreement_chart()
    assert row(chart, name="Who pays?", method="Nash bargaining")["place"] == 0.6
    first = row(chart, name="Where is the line?", method="Compromise mean")
    assert (first["place"], first["low"], first["high"], first["text"]) == (0.4, 0.2, 0.55, "40 %")
    assert chart.sentence == (
        "The choice of method matters most on “Where is the line?”: 40 % of the variance is due to it; "
        "least on “Who pays?”: under 1 %."
    )
