"""Brams and Togman 1996 (Conflict Management and Peace Science 15(1), pp. 99–112): Camp David.

Israel wins 60 points and Egypt 75 at first; Egypt gives up a sixth of its claim on Sinai, the issue
on which the ratio of points is lowest, and both end with 65.8.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from westphalia.catalog.camp_david import load_points
from westphalia.methods.deals.adjusted_winner import adjusted_winner, divide


def test_points_sum_to_a_hundred():
    assert load_points().sum("issue").values.tolist() == [100, 100]


def test_camp_david():
    found = adjusted_winner(load_points())
    assert found["points_won"].values == pytest.approx([65.8, 65.8], abs=0.051)
    assert found["issue"].values[found["is_split"].values].tolist() == ["Sinai"]
    egypt = found["award"].sel(actor="egypt")
    assert egypt.sel(issue="Sinai").item() == pytest.approx(5 / 6, rel=1e-15)
    assert egypt.sel(issue="Palestinian rights").item() == 1
    assert float(egypt.drop_sel(issue=["Sinai", "Palestinian rights"]).sum()) == 0


def test_in_exact_fractions():
    israel, egypt = (tuple(map(Fraction, row)) for row in load_points().values.tolist())
    fair = divide(israel, egypt)
    assert fair.won == (Fraction(395, 6), Fraction(395, 6))
    assert fair.to_first[0] == Fraction(1, 6)
