"""Bueno de Mesquita 1994 (European Community Decision Making, ch. 4): what the emission case rests on.

p. 78 (stands), p. 98 (his forecasts, 8.35 and 9.05, and the outcome, 8.833 years). His own program
is not public; no reading gives his two figures, which the last test records.
"""

from __future__ import annotations

import pytest

from westphalia.catalog.bdm1994 import OUTCOME, load_inputs, load_table
from westphalia.methods.spatial.challenge import challenge
from westphalia.methods.spatial.mean import compromise_mean
from westphalia.methods.spatial.median import weighted_median


def cells():
    data = load_inputs()
    return data["position"], data["salience"], data["capability"], data["has_stand"]


def test_plain_sums_over_the_printed_table_are_our_mean_and_median():
    rows = load_table("stands")
    weights = [float(row["capability"]) * float(row["salience"]) for row in rows]
    places = [float(row["position"]) for row in rows]
    mean = sum(w * x for w, x in zip(weights, places, strict=True)) / sum(weights)
    below = sum(w for w, x in zip(weights, places, strict=True) if x <= 7)
    assert (round(below, 1), round(sum(weights), 1)) == (34.1, 67.7)
    assert compromise_mean(*cells())["forecast"].item() == pytest.approx(mean, rel=1e-12)
    assert weighted_median(*cells())["forecast"].item() == 7.0


def test_errors_against_what_happened():
    assert abs(compromise_mean(*cells())["forecast"].item() - OUTCOME) == pytest.approx(1.44, abs=0.0051)
    assert abs(weighted_median(*cells())["forecast"].item() - OUTCOME) == pytest.approx(1.83, abs=0.0051)
    assert abs(challenge(*cells())["forecast"].item() - OUTCOME) == pytest.approx(0.417, abs=5.1e-4)


@pytest.mark.parametrize("reading", ["printed", "scholz-code"])
def test_no_reading_gives_his_own_figure(reading):
    after_one = challenge(*cells(), reading=reading)["forecast"].item()
    assert abs(after_one - 8.35) > 0.05
