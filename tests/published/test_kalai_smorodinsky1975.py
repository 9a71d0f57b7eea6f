"""Kalai and Smorodinsky 1975 (Econometrica 43, pp. 513–518): the pair of sets, with lotteries, and traps.

The corners of S and T are those of their argument against Nash's solution; the solutions are exact.
"""

from __future__ import annotations

import pytest

from westphalia.catalog.kalai_smorodinsky1975 import load_inputs
from westphalia.methods.deals.solutions import solutions


def picked(name, rule, **options):
    result = solutions(load_inputs(name), outcomes="lotteries", gains="raw", **options)
    return result["gain"].sel(rule=rule).values[0]


@pytest.mark.parametrize(
    ("name", "rule", "expected"),
    [
        ("S", "nash", (3 / 4, 3 / 4)),
        ("S", "kalai_smorodinsky", (3 / 4, 3 / 4)),
        ("S", "egalitarian", (3 / 4, 3 / 4)),
        ("T", "nash", (1, 0.7)),
        ("T", "kalai_smorodinsky", (10 / 13, 10 / 13)),
        ("T", "egalitarian", (10 / 13, 10 / 13)),
        ("T", "utilitarian", (1, 0.7)),
        ("triangle", "nash", (5, 2.5)),
        ("triangle", "kalai_smorodinsky", (5, 2.5)),
        ("triangle", "egalitarian", (10 / 3, 10 / 3)),
        ("triangle", "utilitarian", (10, 0)),
        ("flat_top", "nash", (6, 4)),
        ("flat_top", "kalai_smorodinsky", (50 / 7, 20 / 7)),
        ("flat_top", "egalitarian", (6, 4)),
        ("flat_top", "leximin", (6, 4)),
    ],
)
def test_solutions_with_lotteries(name, rule, expected):
    assert picked(name, rule) == pytest.approx(expected, abs=1e-5)


def test_the_second_party_loses_by_nash_though_more_is_possible():
    before, after = picked("S", "nash"), picked("T", "nash")
    assert after[1] < before[1] - 0.04
    before, after = picked("S", "kalai_smorodinsky"), picked("T", "kalai_smorodinsky")
    assert (after > before).all()


def test_corners_alone():
    result = solutions(load_inputs("T"))
    assert result["gain"].sel(rule="nash").values[0].tolist() == [1, 0.7]
    assert result["value"].sel(rule="kalai_smorodinsky").item() == pytest.approx(0.7)
    flat = solutions(load_inputs("flat_top"))
    tied = flat["gain"].sel(rule="utilitarian").dropna("solution").values.tolist()
    assert sorted(tied) == [[6, 4], [10, 0]]
    assert flat["is_tie"].sel(rule="utilitarian").item()
