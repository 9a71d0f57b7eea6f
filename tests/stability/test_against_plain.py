"""The engines against the definitions read one by one, on random conflicts of every kind.

HYPOTHESIS_PROFILE=nightly draws thousands of new ones; the fast profile draws the same hundreds.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_stability import CONCEPTS as PLAIN
from plain_stability import (
    STRONG,
    Horizon,
    Reading,
    coalition_stable,
    coalitions,
    game_of,
    sim,
    tableau,
    unknown_stable,
)
from random_conflicts import FORMS, told

from westphalia.methods.stability.coalitions import coalition_stability
from westphalia.methods.stability.concepts import CONCEPTS, stability
from westphalia.methods.stability.cube import Cube
from westphalia.methods.stability.graph import Graph
from westphalia.methods.stability.horizon import limited_stability
from westphalia.methods.stability.simultaneous import simultaneous
from westphalia.methods.stability.unknown import unknown_stability

ENGINES = {"cube": Cube, "graph": Graph}
FREE = ("free",)
OPTIONS = ("free", "listed", "restricted")


def table(game, plain, *before, **options):
    """What a plain definition says of each actor and state."""
    return [[plain(*before, i, s, **options) for s in game.states] for i in game.everyone]


@pytest.mark.parametrize(("engine", "forms"), [("cube", FREE), ("graph", FORMS)])
@pytest.mark.parametrize("most_states", [8, 24, 64])
def test_general_stability(engine, forms, most_states):
    @given(told(forms=forms, most_states=most_states))
    def holds(case):
        game = game_of(*case)
        found = stability(*case, engine=ENGINES[engine].of(case[0]))
        for concept in CONCEPTS:
            one = found["is_stable"].sel(concept=concept)
            assert one.values.tolist() == table(game, PLAIN[concept], game), concept
        assert np.array_equal(found["is_equilibrium"], found["is_stable"].all("actor"))

    holds()


@pytest.mark.parametrize(("engine", "forms"), [("cube", FREE), ("graph", FORMS)])
def test_strong_and_weak_stability(engine, forms):
    @given(told(forms=forms, most_states=24, graded=True))
    def holds(case):
        game = game_of(*case)
        moves = ENGINES[engine].of(case[0])
        general, strong, weak = (
            stability(*case, concepts=tuple(STRONG), strength=kind, engine=moves)
            for kind in ("general", "strong", "weak")
        )
        for concept, plain in STRONG.items():
            assert strong["is_stable"].sel(concept=concept).values.tolist() == table(game, plain, game), (
                concept
            )
        for name in ("is_stable", "is_equilibrium"):
            assert np.array_equal(weak[name], general[name] & ~strong[name])

    holds()


@given(told())
def test_who_foresees_more_holds_more(case):
    """Inclusions of Fang, Hipel and Kilgour 1993: Nash in SMR in GMR, Nash in SEQ in GMR."""
    found = stability(*case)["is_stable"]
    ordered = [("nash", "sseq"), ("sseq", "smr"), ("sseq", "seq"), ("smr", "gmr"), ("seq", "gmr")]
    for narrow, wide in ordered:
        assert (found.sel(concept=narrow) <= found.sel(concept=wide)).all(), (narrow, wide)


@given(told(forms=OPTIONS, most_states=32), st.sampled_from(["all", "some"]))
def test_simultaneous_sanctions(case, movers):
    game = game_of(*case)
    found = simultaneous(*case, movers=movers)["is_stable"]
    assert found.sel(concept="sim").values.tolist() == table(game, sim, game, movers=movers)
    assert found.sel(concept="tableau").values.tolist() == table(game, tableau, game, movers=movers)


@given(told(most_states=24, unknown=True))
def test_unknown_preference(case):
    game = game_of(*case)
    found = unknown_stability(*case)["is_stable"]
    for attitude in found["attitude"].values:
        for concept in found["concept"].values:
            one = found.sel(attitude=attitude, concept=concept)
            assert one.values.tolist() == table(game, unknown_stable, game, concept, attitude)


READINGS = st.builds(
    Reading, st.sampled_from(["all-better", "each-step"]), st.sampled_from(["coalitions", "actors"])
)


def compare_coalitions(case, reading):
    game = game_of(*case)
    found = coalition_stability(
        *case, improvement=reading.improvement, replies=reading.replies, joint_jump=reading.joint_jump
    )
    groups = coalitions(game.everyone)
    assert found["is_member"].values.tolist() == [[i in group for i in game.everyone] for group in groups]
    for concept in found["concept"].values:
        plain = [
            [coalition_stable(game, concept, group, s, reading) for s in game.states] for group in groups
        ]
        one = found.sel(concept=concept)
        assert one["is_coalition_stable"].values.tolist() == plain, concept
        assert one["is_universally_stable"].values.tolist() == np.all(plain, axis=0).tolist()


@given(told(most_states=16, most_actors=4), READINGS)
def test_coalitions(case, reading):
    compare_coalitions(case, reading)


@given(told(forms=FREE, most_states=16, most_actors=4), READINGS)
def test_coalitions_that_jump(case, reading):
    compare_coalitions(case, Reading(reading.improvement, reading.replies, joint_jump=True))


@given(told(most_states=24), st.sampled_from(["worst", "best"]))
def test_limited_moves(case, expects):
    game = game_of(*case)
    found = limited_stability(*case, horizon=5, expects=expects)["is_stable"]
    plain = Horizon(game, {"worst": min, "best": max}[expects])
    for horizon in range(1, 6):
        expected = [[plain.is_stable(i, s, horizon) for s in game.states] for i in game.everyone]
        assert found.sel(horizon=horizon).values.tolist() == expected, horizon


@given(told(graded=True, most_states=16))
def test_inputs_stay_as_they_are(case):
    conflict, preferences = case
    rank, grade = preferences.rank.copy(), preferences.grade.copy()
    stability(conflict, preferences)
    stability(conflict, preferences, strength="strong")
    coalition_stability(conflict, preferences, concepts=("smr",))
    limited_stability(conflict, preferences)
    assert np.array_equal(preferences.rank, rank)
    assert np.array_equal(preferences.grade, grade)
