"""Adjusted Winner keeps its promises: equitable, envy-free, efficient, at most one issue split."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from westphalia.errors import CallError
from westphalia.methods.deals.adjusted_winner import adjusted_winner, divide


@st.composite
def point_tables(draw):
    issues = draw(st.integers(1, 6))
    rows = [draw(st.lists(st.integers(0, 20), min_size=issues, max_size=issues)) for _ in range(2)]
    return [row if sum(row) else [1] * issues for row in rows]


def exact(rows):
    return tuple(tuple(Fraction(value, sum(row)) for value in row) for row in rows)


@given(point_tables())
def test_promises(rows):
    first, second = exact(rows)
    fair = divide(first, second)
    assert fair.won[0] == fair.won[1]
    assert fair.won[0] >= Fraction(1, 2)
    assert all(0 <= part <= 1 for part in fair.to_first)
    parts = [at for at, part in enumerate(fair.to_first) if 0 < part < 1]
    assert parts == ([] if fair.split is None else [fair.split])
    assert sum(a * x for a, x in zip(first, fair.to_first, strict=True)) == fair.won[0]


@given(point_tables())
def test_no_division_is_better_for_both(rows):
    """Give the second party what it has: no other division leaves the first with more."""
    first, second = exact(rows)
    fair = divide(first, second)
    a, b = (np.array([float(value) for value in row]) for row in (first, second))
    best = linprog(-a, A_ub=[b], b_ub=[b.sum() - float(fair.won[1])], bounds=(0, 1))
    assert -best.fun == pytest.approx(float(fair.won[0]), abs=1e-9)


@given(point_tables())
def test_the_parties_are_alike(rows):
    first, second = exact(rows)
    assert divide(first, second).won == divide(second, first).won


@given(point_tables(), st.randoms(use_true_random=False))
def test_the_order_of_issues_does_not_matter(rows, random):
    first, second = exact(rows)
    order = list(range(len(first)))
    random.shuffle(order)
    turned = divide(tuple(first[i] for i in order), tuple(second[i] for i in order))
    assert turned.won == divide(first, second).won


def table(*rows):
    return xr.DataArray(list(rows), dims=("actor", "issue"), coords={"actor": ["a", "b", "c"][: len(rows)]})


def test_same_points_are_halved():
    found = adjusted_winner(table([60, 40], [60, 40]))
    assert found["points_won"].values.tolist() == [50.0, 50.0]
    assert int(found["is_split"].sum()) == 1


def test_opposite_interests_need_no_split():
    found = adjusted_winner(table([100, 0], [0, 100]))
    assert found["points_won"].values.tolist() == [100.0, 100.0]
    assert not found["is_split"].values.any()


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (table([50, 50], [50, 40]), "'a' has 100 points in all, 'b' has 90"),
        (table([0, 0], [0, 0]), "the same sum above 0"),
        (table([110, -10], [50, 50]), "'a' puts -10 points"),
        (table([float("nan"), 50], [50, 50]), "nan is no number"),
        (table([50, 50], [50, 50], [50, 50]), "There are 3 parties"),
        (xr.DataArray([100], dims="issue"), "lacks actor"),
    ],
)
def test_bad_points_are_told_in_words(points, message):
    with pytest.raises(CallError, match=message):
        adjusted_winner(points)
