"""Ways from today's state: against searches in plain Python, and in conflicts small enough to read."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_stability import game_of
from random_conflicts import told
from small_conflicts import PRISONERS, elmira, random_free

from westphalia.errors import CallError
from westphalia.methods.stability.build import graph_form
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.status_quo import ROUTES, attractors, status_quo


def plain_lengths(game, start, route):
    """The fewest moves to each state, nobody moving twice running."""
    seen = {(start, None): 0}
    waiting = deque([(start, None)])
    while waiting:
        state, last = waiting.popleft()
        for i in game.everyone:
            targets = game.moves[i][state] if route == "moves" else game.improvements(i, state)
            for target in targets if i != last else ():
                if (target, i) not in seen:
                    seen[target, i] = seen[state, last] + 1
                    waiting.append((target, i))
    lengths = {}
    for (state, _), steps in seen.items():
        lengths[state] = min(steps, lengths.get(state, steps))
    return lengths


@given(told(most_states=40), st.data())
@settings(max_examples=120)
def test_every_shortest_way(case, data):
    conflict, preferences = case
    start = data.draw(st.integers(0, conflict.size - 1))
    game = game_of(conflict, preferences)
    found = status_quo(conflict, preferences, start, goals=range(conflict.size))
    for route in ROUTES:
        of_route = found.sel(route=route)
        lengths = plain_lengths(game, start, route)
        assert of_route["way_length"].values.tolist() == [lengths.get(s, -1) for s in game.states]
        assert of_route["is_reachable"].values.tolist() == [s in lengths for s in game.states]
        for goal in lengths:
            states = of_route["way_state"].values[goal].tolist()[: lengths[goal] + 1]
            movers = of_route["way_mover"].values[goal].tolist()[: lengths[goal] + 1]
            assert (states[0], movers[0], states[-1]) == (start, -1, goal)
            assert all(one != other for one, other in pairwise(movers))
            for (before, after), i in zip(pairwise(states), movers[1:], strict=True):
                is_right = game.moves[i][before] if route == "moves" else game.improvements(i, before)
                assert after in is_right
        assert (of_route["way_state"].values[:, 1:] >= 0).sum() == sum(lengths.values())


@given(told(forms=("free",), most_states=40), st.data())
@settings(max_examples=40)
def test_blocks_and_arcs_give_the_same_ways(case, data):
    conflict, preferences = case
    start = data.draw(st.integers(0, conflict.size - 1))
    by_blocks, by_arcs = (
        status_quo(form, preferences, start, goals=range(conflict.size))
        for form in (conflict, replace(conflict, arcs=arcs_of(conflict)))
    )
    assert by_blocks.equals(by_arcs)


def test_elmira_goes_no_further_than_the_insistence_of_the_local_government():
    # Fang, Hipel and Kilgour 1993: of the equilibria only the one where the firm delays and the local
    # government insists is come to by improvements; the firm's compliance needs three moves.
    conflict, preferences = elmira()
    found = status_quo(conflict, preferences, 0)
    assert (found["goal_state"].values + 1).tolist() == [5, 6, 7, 10, 11, 12]
    assert found["way_length"].sel(route="moves").values.tolist() == [1, 2, 1, 3, 2, 3]
    assert found["way_length"].sel(route="improvements").values.tolist() == [-1, -1, 1, -1, -1, -1]


def plain_attractors(game, start):
    """The closed sets of states, each reaching just the others of its set, among those reached."""

    def reached(s):
        seen, waiting = {s}, [s]
        while waiting:
            at = waiting.pop()
            new = {q for i in game.everyone for q in game.improvements(i, at)} - seen
            seen |= new
            waiting += new
        return frozenset(seen)

    ends = {s: reached(s) for s in reached(start)}
    return {ends[s] for s in ends if all(ends[q] == ends[s] for q in ends[s])}


@given(told(most_states=40), st.data())
@settings(max_examples=60)
def test_every_attractor(case, data):
    conflict, preferences = case
    start = data.draw(st.integers(0, conflict.size - 1))
    game = game_of(conflict, preferences)
    found = attractors(conflict, preferences, start)
    of = found["attractor_of"].values
    sets = [frozenset(np.flatnonzero(of == at).tolist()) for at in range(found.sizes["attractor"])]
    assert len(set(sets)) == len(sets)
    assert set(sets) == plain_attractors(game, start)
    assert found["attractor_size"].values.tolist() == [len(own) for own in sets]
    assert (np.diff(found["attractor_length"]) >= 0).all()
    assert all(s in own for s, own in zip(found["attractor_state"].values, sets, strict=True))


def test_prisoners_leave_peace_by_improvements_and_do_not_come_back():
    found = status_quo(*PRISONERS, "00", goals=["11"])
    assert found["way_length"].values.ravel().tolist() == [2, 2]
    assert found["way_state"].values[1, 0].tolist() == [0, 2, 3]
    assert found["way_mover"].values[1, 0].tolist() == [-1, 1, 0]
    back = status_quo(*PRISONERS, "11", goals=["00"])
    assert back["is_reachable"].values.ravel().tolist() == [True, False]
    assert attractors(*PRISONERS, "00")["attractor_state"].values.tolist() == [3]


def test_nobody_moves_twice_running():
    arcs = {"a": [("x", "y"), ("y", "z")], "b": [("y", "w")], "c": [("w", "y")]}
    conflict = graph_form(["a", "b", "c"], ["x", "y", "z", "w"], arcs)
    preferences = Preferences(np.zeros((3, 4), dtype=np.int32))
    found = status_quo(conflict, preferences, "x", goals=["z"])
    assert found["way_length"].sel(route="moves").item() == 4
    names = [conflict.name(int(s)) for s in found["way_state"].sel(route="moves").values[0]]
    assert names == ["x", "y", "w", "y", "z"]


def test_a_million_states():
    conflict, preferences = random_free(4, 20, 1)
    found = status_quo(conflict, preferences, 0, goals=[conflict.size - 1, 5])
    assert found["way_length"].sel(route="moves").values.tolist() == [4, 2]
    assert found["is_reachable"].values.any()


def test_wrong_states_are_named():
    with pytest.raises(CallError, match="'2' is no state"):
        status_quo(*PRISONERS, "2")
    with pytest.raises(CallError, match="'111' is no state"):
        status_quo(*PRISONERS, "00", goals=["111"])
