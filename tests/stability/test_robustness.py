"""Shares over draws against judging draw by draw, and swaps against judging each swapped ranking."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_conflicts import conflicts
from small_conflicts import CHICKEN, PRISONERS, elmira, random_free

from westphalia.errors import CallError
from westphalia.methods.stability.concepts import CONCEPTS, stability
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.robustness import robustness, swaps


def drawn(rng, conflict, draws):
    """Rankings of many kinds, some of which recur, with gaps and below 0."""
    shape = (draws, len(conflict.actors), conflict.size)
    ranks = rng.integers(-3, rng.integers(-2, 2 * conflict.size), size=shape).astype(np.int32)
    return ranks[rng.integers(draws, size=draws)]


def one_by_one(conflict, ranks, concepts=CONCEPTS):
    """Verdicts of each draw (draw, concept, actor, state)."""
    return np.stack(
        [stability(conflict, Preferences(rank), concepts=concepts)["is_stable"].values for rank in ranks]
    )


@given(conflicts(most_states=40), st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_shares_are_those_of_draws_judged_one_by_one(conflict, seed):
    ranks = drawn(np.random.default_rng(seed), conflict, 6)
    is_stable = one_by_one(conflict, ranks)
    is_equilibrium = is_stable.all(axis=2)
    found = robustness(conflict, ranks, concepts=CONCEPTS)
    np.testing.assert_allclose(found["stable_probability"].values, is_stable.mean(axis=0), rtol=1e-15)
    share = is_equilibrium.mean(axis=0)
    np.testing.assert_allclose(found["equilibrium_probability"].values, share, rtol=1e-15)
    np.testing.assert_allclose(found["equilibrium_error"].values, np.sqrt(share * (1 - share) / 6))
    assert (is_equilibrium.sum(axis=2) == found["equilibrium_count"].values.T).all()
    best = share.max(axis=1, keepdims=True)
    assert (found["is_most_robust"].values == ((share == best) & (best > 0))).all()


@given(conflicts(most_states=16), st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_concepts_may_be_asked_for_one_at_a_time_and_in_any_order(conflict, seed):
    ranks = drawn(np.random.default_rng(seed), conflict, 5)
    together = robustness(conflict, ranks, concepts=CONCEPTS)
    for concept in reversed(CONCEPTS):
        alone = robustness(conflict, ranks, concepts=[concept])
        assert alone.sel(concept=concept).equals(together.sel(concept=concept))


def test_results_do_not_depend_on_threads():
    conflict, _ = random_free(3, 6, 1)
    ranks = drawn(np.random.default_rng(1), conflict, 300)
    assert robustness(conflict, ranks, threads=1).identical(robustness(conflict, ranks, threads=5))


def test_progress_is_told_up_to_the_end():
    told = []
    conflict, preferences = PRISONERS
    robustness(conflict, preferences.rank[np.newaxis], progress=lambda *done: told.append(done))
    assert told == [("preferences judged", done, 3) for done in (1, 2, 3)]


def test_where_nothing_is_ever_at_rest_nothing_is_most_robust():
    conflict, _ = PRISONERS
    rank = np.array([[[1, 0, 0, 1], [0, 1, 1, 0]]], dtype=np.int32)
    assert not robustness(conflict, rank, concepts=["nash"])["is_most_robust"].values.any()


def plain_swaps(conflict, rank):
    """Every swap of two neighbouring ranks that changes equilibria, as rankings judged one by one."""
    now = one_by_one(conflict, [rank], ("nash", "gmr", "smr", "seq"))[0].all(axis=1)
    found = []
    for actor, own in enumerate(rank):
        values = sorted(set(own.tolist()), reverse=True)
        for high, low in pairwise(values):
            swapped = rank.copy()
            swapped[actor] = np.where(own == high, low, np.where(own == low, high, own))
            after = one_by_one(conflict, [swapped], ("nash", "gmr", "smr", "seq"))[0].all(axis=1)
            if (after != now).any():
                found.append((actor, own == low, own == high, after & ~now, now & ~after))
    return found


@given(conflicts(most_states=16), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_every_swap(conflict, seed):
    rank = drawn(np.random.default_rng(seed), conflict, 1)[0]
    found = swaps(conflict, Preferences(rank))
    expected = plain_swaps(conflict, rank)
    assert found.sizes["swap"] == len(expected)
    assert found.attrs["swaps_judged"] == sum(len(np.unique(own)) - 1 for own in rank)
    for at, (actor, raised, lowered, gained, lost) in enumerate(expected):
        one = found.isel(swap=at)
        assert one["swap_actor"].item() == conflict.actors[actor]
        assert (one["is_raised"].values == raised).all()
        assert (one["is_lowered"].values == lowered).all()
        assert (one["is_gained"].values == gained).all()
        assert (one["is_lost"].values == lost).all()


def test_the_prisoners_leave_war_only_if_to_give_in_is_better_than_war():
    found = swaps(*PRISONERS, concepts=["nash"])
    assert found.attrs["swaps_judged"] == 6
    assert found["swap_actor"].values.tolist() == ["actor-0", "actor-1"]
    states = found["state"].values
    assert [states[is_raised].tolist() for is_raised in found["is_raised"].values] == [["01"], ["10"]]
    assert all(states[is_lowered].tolist() == ["11"] for is_lowered in found["is_lowered"].values)
    assert all(states[is_lost].tolist() == ["11"] for is_lost in found["is_lost"].values[0])
    assert states[found["is_gained"].values[0, 0]].tolist() == ["01"]


def test_elmira_is_told_of_many_draws():
    conflict, preferences = elmira()
    ranks = np.repeat(preferences.rank[np.newaxis], 50, axis=0)
    found = robustness(conflict, ranks).sel(concept="seq")
    assert (np.flatnonzero(found["is_most_robust"]) + 1).tolist() == [5, 6, 7, 10, 11, 12]
    assert set(found["equilibrium_probability"].values) == {0.0, 1.0}
    assert (found["equilibrium_count"] == 6).all()


@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        (np.zeros((2, 2, 3), dtype=np.int32), r"'ranks' is int32 \(2, 2, 3\); the conflict has 2 actors"),
        (np.zeros((0, 2, 4), dtype=np.int32), "One draw or more"),
        (np.zeros((2, 2, 4)), "'ranks' is float64"),
        (np.zeros((2, 4), dtype=np.int32), "'ranks' is int32"),
    ],
)
def test_ranks_that_do_not_fit(ranks, message):
    with pytest.raises(CallError, match=message) as caught:
        robustness(CHICKEN[0], ranks)
    assert caught.value.code == "preferences-differ"


def test_an_unknown_concept_is_named():
    with pytest.raises(CallError, match=r"There is no concept 'smrt' here\. Did you mean 'smr'"):
        robustness(CHICKEN[0], CHICKEN[1].rank[np.newaxis], concepts=["smrt"])
