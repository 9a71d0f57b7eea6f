"""Attitudes to what an actor does not know of its preferences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from random_conflicts import told
from small_conflicts import PRISONERS, elmira, numbers

from westphalia.errors import CallError
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.unknown import unknown_stability


@given(told(most_states=24))
def test_where_all_is_known_attitudes_agree(case):
    known = stability(*case)["is_stable"].values
    found = unknown_stability(*case)["is_stable"]
    assert all((found.sel(attitude=attitude).values == known).all() for attitude in "abcd")


@given(told(most_states=24, unknown=True))
def test_the_bold_are_the_least_stable_and_the_cautious_the_most(case):
    found = unknown_stability(*case)["is_stable"]
    bold, ignoring, mixed, cautious = (found.sel(attitude=attitude).values for attitude in "abcd")
    for less, more in ((bold, ignoring), (bold, mixed), (ignoring, cautious), (mixed, cautious)):
        assert (less <= more).all()


def test_a_bold_prisoner_leaves_what_a_cautious_one_keeps():
    conflict, preferences = PRISONERS
    pairs = np.zeros((4, 4), dtype=bool)
    pairs[2, 3] = pairs[3, 2] = True
    # The row player no longer knows whether it likes (2, 2) better than (1, 4).
    vague = Preferences(preferences.rank, unknown=(pairs, None))
    found = unknown_stability(conflict, vague, concepts=("nash",))["is_equilibrium"].sel(concept="nash")
    assert [numbers(found.sel(attitude=attitude)) for attitude in "abcd"] == [[], [3, 4], [], [3, 4]]


def test_names_that_are_not_known_are_refused():
    with pytest.raises(CallError, match="There is no attitude 'e' here"):
        unknown_stability(*elmira(), attitudes=("e",))
    with pytest.raises(CallError, match="Did you mean 'gmr'"):
        unknown_stability(*elmira(), concepts=("gnr",))
