"""Actors that look several moves ahead."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_stability import game_of
from random_conflicts import told
from small_conflicts import CHICKEN, PENNIES, PRISONERS, free, game, numbers

from westphalia.errors import CallError
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.horizon import limited_stability, nonmyopic_stability


@given(told(most_states=24))
def test_one_move_ahead_is_nash(case):
    found = limited_stability(*case, horizon=1)["is_stable"].sel(horizon=1)
    assert (found.values == stability(*case, concepts=("nash",))["is_stable"].values[0]).all()


@given(told(most_states=10, most_actors=3), st.booleans())
def test_expectations_are_those_of_the_definition(case, is_hopeful):
    """The tree of moves, walked to the end for each state, mover and horizon."""
    plain = game_of(*case)
    pick = max if is_hopeful else min

    def best_moves(j, s, left):
        worth = {m: end(j, m, j, left - 1) for m in plain.moves[j][s]}
        top = max(worth.values(), default=plain.rank[j][s])
        return [m for m, value in worth.items() if value == top and top > plain.rank[j][s]]

    known = {}

    def end(i, s, last, left):
        key = (i, s, last, left)
        if key not in known:
            expected = [
                end(i, m, j, left - 1)
                for j in plain.everyone
                if j != last and left > 0
                for m in best_moves(j, s, left)
            ]
            known[key] = pick(expected) if expected else plain.rank[i][s]
        return known[key]

    found = limited_stability(*case, horizon=4, expects="best" if is_hopeful else "worst")["is_stable"]
    for horizon in range(1, 5):
        verdicts = [[not best_moves(i, s, horizon) for s in plain.states] for i in plain.everyone]
        assert found.sel(horizon=horizon).values.tolist() == verdicts


def test_farsighted_prisoners_cooperate():
    """Brams and Wittman 1981; Kilgour 1985: both (3, 3) and (2, 2) are non-myopically stable."""
    near = limited_stability(*PRISONERS, horizon=3)["is_equilibrium"]
    assert [numbers(near.sel(horizon=h)) for h in (1, 2, 3)] == [[4], [1, 4], [1, 4]]
    assert numbers(nonmyopic_stability(*PRISONERS)["is_equilibrium"]) == [1, 4]


def test_farsighted_drivers_swerve():
    """Brams and Wittman 1981: (3, 3) is the one non-myopic equilibrium of Chicken; Nash has the others."""
    near = limited_stability(*CHICKEN, horizon=3)["is_equilibrium"]
    assert [numbers(near.sel(horizon=h)) for h in (1, 3)] == [[2, 3], [1]]
    assert numbers(nonmyopic_stability(*CHICKEN)["is_equilibrium"]) == [1]


def test_a_game_without_end_is_said_not_to_settle():
    endless = nonmyopic_stability(*PENNIES)
    assert endless.attrs["period"] == 2
    assert not endless["is_horizon_settled"].all()
    short = nonmyopic_stability(*CHICKEN, most_horizon=2)
    assert (short.attrs["first_horizon"], short.attrs["period"]) == (0, 0)
    assert not short["is_horizon_settled"].any()
    assert not short["is_nonmyopic"].any()


@given(told(most_states=16, most_actors=3))
def test_nonmyopic_is_what_recurs(case):
    far = nonmyopic_stability(*case)
    first, period = far.attrs["first_horizon"], far.attrs["period"]
    assert period > 0
    near = limited_stability(*case, horizon=first + 3 * period - 1)["is_stable"]
    recurring = near.isel(horizon=slice(first - 1, first - 1 + period)).values
    assert (near.isel(horizon=slice(first - 1 + period, None)).values == np.tile(recurring, (2, 1, 1))).all()
    assert (far["is_nonmyopic"].values == recurring.all(axis=0)).all()
    assert (far["is_horizon_settled"].values == (recurring.all(axis=0) | ~recurring.any(axis=0))).all()


def test_every_strict_game_repeats_itself():
    periods = set()
    for row, column in [(row, column) for row in permutations(range(4)) for column in permutations(range(4))]:
        periods.add(nonmyopic_stability(*game(list(zip(row, column, strict=True)))).attrs["period"])
    assert 0 not in periods
    assert periods >= {1, 2}


def test_what_is_expected_of_several_movers_matters():
    # From 100 either of the others would go on; one does actor 0 good, the other harm.
    rank = np.zeros((3, 8), dtype=np.int32)
    rank[0] = [1, 1, 0, 2, 0, 0, 0, 0]
    rank[1, 3] = rank[2, 5] = 1
    case = free(3, 3, rank)
    wary, hopeful = (
        limited_stability(*case, horizon=2, expects=kind)["is_stable"].sel(
            horizon=2, actor="actor-0", state="000"
        )
        for kind in ("worst", "best")
    )
    assert bool(wary)
    assert not bool(hopeful)


def test_a_horizon_too_long_to_hold_is_refused():
    case = free(2, 12, np.zeros((2, 4096)))
    with pytest.raises(CallError, match="1,000,000 horizons for 4,096 states") as caught:
        limited_stability(*case, horizon=1_000_000)
    assert "at most 32,768 moves ahead" in caught.value.hint


def test_a_horizon_of_nothing_is_refused():
    with pytest.raises(CallError, match="A horizon of 0 is too short") as caught:
        limited_stability(*PRISONERS, horizon=0)
    assert caught.value.code == "bad-horizon"
