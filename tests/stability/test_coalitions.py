"""Stability against coalitions."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from plain_stability import Reading, coalition_stable, coalitions, game_of
from random_conflicts import FORMS, told
from small_conflicts import PRISONERS, elmira, free, numbers, random_free

from westphalia.errors import CallError
from westphalia.methods.stability.coalitions import coalition_stability, departures
from westphalia.methods.stability.concepts import CONCEPTS, stability
from westphalia.methods.stability.conflict import Conflict, Preferences


@pytest.mark.parametrize("improvement", ["all-better", "each-step"])
@pytest.mark.parametrize(
    ("replies", "joint_jump"), [("actors", False), ("coalitions", False), ("actors", True)]
)
def test_coalitions_are_those_of_the_definition(improvement, replies, joint_jump):
    reading = {"improvement": improvement, "replies": replies, "joint_jump": joint_jump}
    forms = ("free",) if joint_jump else FORMS

    @given(told(forms=forms, most_states=16, most_actors=4))
    def holds(case):
        game = game_of(*case)
        found = coalition_stability(*case, **reading)
        groups = coalitions(game.everyone)
        for concept in CONCEPTS:
            plain = [
                [coalition_stable(game, concept, group, s, Reading(**reading)) for s in game.states]
                for group in groups
            ]
            assert found["is_coalition_stable"].sel(concept=concept).values.tolist() == plain, concept
            assert (found["is_universally_stable"].sel(concept=concept).values == np.all(plain, axis=0)).all()

    holds()


@given(told(most_states=16, most_actors=4))
def test_a_coalition_of_one_is_judged_as_the_actor(case):
    found = coalition_stability(*case)["is_coalition_stable"][:, : len(case[0].actors)]
    assert (found.values == stability(*case)["is_stable"].values).all()


@given(told(forms=("free",), most_states=32, most_actors=4))
def test_who_may_jump_or_need_not_gain_at_each_step_breaks_more(case):
    usual, steps, jump = (
        coalition_stability(*case, concepts=("nash",), **reading)["is_coalition_stable"].values
        for reading in ({}, {"improvement": "each-step"}, {"joint_jump": True})
    )
    assert (usual <= steps).all()
    assert (jump <= usual).all()


def test_coalition_figures_of_elmira():
    """Kilgour, Hipel, Fang and Peng 2001: 7 falls to MoE and Uniroyal moving to 10."""
    case = elmira()
    found = coalition_stability(*case)["is_universally_stable"]
    assert numbers(found.sel(concept="nash")) == [5, 6, 10, 11, 12]
    left = departures(*case, states=[6])
    assert left["to_state"].values.tolist() == [9]
    assert left["is_member"].values.tolist() == [[True, True, False]]
    assert left["is_unpunished"].sel(concept="nash").values.tolist() == [True]


def test_prisoners_leave_together():
    found = coalition_stability(*PRISONERS, concepts=("nash", "gmr"))
    assert numbers(found["is_universally_stable"].sel(concept="nash")) == []
    assert found["coalition"].values.tolist() == ["actor-0", "actor-1", "actor-0 + actor-1"]
    together = departures(*PRISONERS, states=["11"], concepts=("nash",))
    assert together["to_state"].values.tolist() == [0]
    assert together["is_minimal"].values.tolist() == [True]


def test_a_state_between_that_cannot_be_stops_all_but_a_jump():
    conflict, preferences = free(2, 2, [[0, 0, 0, 1], [0, 0, 0, 1]])
    apart = Conflict(
        conflict.actors,
        conflict.moves,
        conflict.owner,
        conflict.levels,
        conflict.can_rise,
        conflict.can_fall,
        np.array([0, 3]),
    )
    ends = Preferences(preferences.rank[:, [0, 3]])
    assert numbers(coalition_stability(apart, ends)["is_universally_stable"].sel(concept="nash")) == [1, 2]
    jump = coalition_stability(apart, ends, joint_jump=True)["is_universally_stable"]
    assert numbers(jump.sel(concept="nash")) == [2]


def test_a_larger_coalition_with_the_same_end_is_not_minimal():
    # Actor 0 can go to 10 alone, which is better for both; so can both, by the same move.
    left = departures(*free(2, 2, [[0, 1, 0, 0], [0, 1, 0, 0]]), states=[0], concepts=("gmr",))
    assert left["to_state"].values.tolist() == [1, 1]
    assert left["is_minimal"].values.tolist() == [True, False]


def test_coalitions_can_be_named():
    found = coalition_stability(*elmira(), coalitions=[("Uniroyal", "MoE")])
    assert found["is_member"].values.tolist() == [[True, True, False]]
    with pytest.raises(CallError, match=r"There is no actor 'Uniroyl' here. Did you mean 'Uniroyal'"):
        coalition_stability(*elmira(), coalitions=[("Uniroyl",)])
    with pytest.raises(CallError, match="A coalition has no members"):
        coalition_stability(*elmira(), coalitions=[()])


def test_too_many_coalitions_are_refused():
    case = free(13, 13, np.zeros((13, 2**13)))
    with pytest.raises(CallError, match="13 actors form 8,191 coalitions") as caught:
        coalition_stability(*case)
    assert caught.value.code == "conflict-too-large"


def test_unknown_preferences_are_refused():
    conflict, preferences = PRISONERS
    pairs = np.zeros((4, 4), dtype=bool)
    with pytest.raises(CallError, match="Some preferences are unknown"):
        coalition_stability(conflict, Preferences(preferences.rank, unknown=(pairs, pairs)))


def test_thousands_of_states_take_seconds():
    case = random_free(4, 12, 3)
    start = time.process_time()
    found = coalition_stability(*case)
    assert time.process_time() - start < 15
    assert found["is_coalition_stable"].shape == (5, 15, 4096)
