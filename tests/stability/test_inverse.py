"""What makes a state stable: conditions, counts and smallest changes, against trying all rankings."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_conflicts import told
from small_conflicts import CHICKEN, PRISONERS, random_free

from westphalia.errors import CallError
from westphalia.logic import parse
from westphalia.methods.stability import inverse as inverses
from westphalia.methods.stability import inverse_counts, inverse_edits
from westphalia.methods.stability.concepts import CONCEPTS, stability
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.inverse import Condition, condition, fall, rise, share, what_makes_stable
from westphalia.methods.stability.inverse_edits import Edit, smallest_edit
from westphalia.methods.stability.inverse_joint import what_makes_equilibrium
from westphalia.methods.stability.inverse_words import condition_words
from westphalia.methods.stability.preferences import Order
from westphalia.methods.stability.preferences import preferences as told_preferences
from westphalia.methods.stability.reasons_words import Names
from westphalia.methods.stability.statements import prioritised


def holds(conflict, preferences, state, actor, concept):
    found = stability(conflict, preferences, concepts=[concept])["is_stable"]
    return bool(found.values[0, actor, state])


def with_own(preferences, actor, own):
    rank = preferences.rank.copy()
    rank[actor] = own
    return replace(preferences, rank=rank)


@st.composite
def questions(draw, most_states=40, most_actors=4):
    conflict, preferences = draw(told(most_states=most_states, most_actors=most_actors))
    state = draw(st.integers(0, conflict.size - 1))
    actor = draw(st.integers(0, len(conflict.actors) - 1))
    return conflict, preferences, state, actor, draw(st.sampled_from(CONCEPTS))


# --- the condition -------------------------------------------------------------------------------


@given(questions(), st.integers(0, 2**32 - 1))
@settings(max_examples=150)
def test_the_condition_says_of_every_ranking_whether_the_state_is_stable(question, seed):
    conflict, preferences, state, actor, concept = question
    met_if = condition(*question[:3], actor, concept)
    rng = np.random.default_rng(seed)
    for most in (2, 4, 2 * conflict.size):
        own = rng.integers(most, size=conflict.size).astype(np.int32)
        other = with_own(preferences, actor, own)
        assert bool(met_if.holds(own <= own[state])) == holds(conflict, other, state, actor, concept)


@given(questions(most_states=16))
@settings(max_examples=60)
def test_nothing_in_the_condition_is_superfluous(question):
    met_if = condition(*question)
    for at, clause in enumerate(met_if.clauses):
        for term in clause:
            # With just this term below, and all that the other clauses could want, it alone decides.
            below = np.zeros(question[0].size, dtype=bool)
            below[list(term)] = True
            alone = replace(met_if, clauses=(clause,))
            assert alone.holds(below)
            for state in term:
                below[state] = False
                assert not alone.holds(below)
                below[state] = True
        others = met_if.clauses[:at] + met_if.clauses[at + 1 :]
        assert not is_implied(clause, others)


def is_implied(clause, others):
    """Whether meeting the others by their choices of terms always meets the clause: by one of them."""
    return any(all(any(set(less) <= set(term) for less in clause) for term in other) for other in others)


# --- counting ------------------------------------------------------------------------------------


@given(questions(most_states=6, most_actors=3), st.data())
@settings(max_examples=80)
def test_shares_are_those_of_all_rankings(question, data):
    conflict, preferences, state, actor, _ = question
    met_if = condition(*question)
    orders = [np.array(order) for order in permutations(range(conflict.size))]
    met = sum(bool(met_if.holds(own <= own[state])) for own in orders)
    rank = preferences.rank[actor]
    assert share(met_if, rank).exact == Fraction(met, len(orders))
    among = data.draw(st.sets(st.integers(0, conflict.size - 1), min_size=1))
    dealt = []
    for values in permutations(rank[sorted(among)]):
        own = rank.copy()
        own[sorted(among)] = values
        dealt.append(bool(met_if.holds(own <= own[state])))
    assert share(met_if, rank, sorted(among)).exact == Fraction(sum(dealt), len(dealt))


@given(
    st.lists(st.lists(st.sets(st.integers(0, 8), min_size=1, max_size=4), min_size=1, max_size=5), max_size=5)
)
@settings(max_examples=150)
def test_sets_are_counted_by_size(clauses):
    given_clauses = frozenset(frozenset(frozenset(term) for term in clause) for clause in clauses)

    def is_met(chosen):
        return all(any(term <= chosen for term in clause) for clause in given_clauses)

    expected = [sum(is_met(set(chosen)) for chosen in combinations(range(9), k)) for k in range(10)]
    assert inverse_counts.sets_by_size(given_clauses, range(9)) == expected
    assert inverse_counts.sets_by_size(inverse_counts.minimal(given_clauses), range(9)) == expected
    exact = sum(Fraction(many, math.comb(9, k)) for k, many in enumerate(expected)) / 10
    assert inverse_counts.share_of_orders(given_clauses, range(9)) == pytest.approx(float(exact), abs=1e-14)


def test_many_states_are_counted_but_for_rounding(monkeypatch):
    conflict, preferences = random_free(3, 6, 1)
    met_if = condition(conflict, preferences, 5, 0, "smr")
    exact = share(met_if, preferences.rank[0])
    monkeypatch.setattr(inverses, "MOST_EXACT", 0)
    rounded = share(met_if, preferences.rank[0])
    assert (rounded.exact, rounded.error) == (None, 0.0)
    assert rounded.value == pytest.approx(exact.value, abs=1e-13)


def test_what_cannot_be_counted_is_drawn(monkeypatch):
    conflict, preferences = random_free(2, 5, 3)
    met_if = condition(conflict, preferences, 7, 1, "gmr")
    exact = share(met_if, preferences.rank[1]).value
    among = list(range(12))
    exact_among = share(met_if, preferences.rank[1], among).value
    monkeypatch.setattr(inverse_counts, "MOST_BRANCHES", -1)
    monkeypatch.setattr(inverse_counts._Counter, "_count_part", gives_up)
    for value, drawn in [
        (exact, share(met_if, preferences.rank[1])),
        (exact_among, share(met_if, preferences.rank[1], among)),
    ]:
        assert drawn.exact is None
        assert abs(drawn.value - value) <= 4 * max(drawn.error, 1e-4)
    assert share(met_if, preferences.rank[1]) == share(met_if, preferences.rank[1])


def gives_up(*_):
    raise inverse_counts.BranchesError("too many")


# --- smallest changes ----------------------------------------------------------------------------


def swaps_between(one, other):
    """Pairs that the two strict rankings order differently: swaps of neighbours from one to the other."""
    return sum((one[a] < one[b]) != (other[a] < other[b]) for a, b in combinations(range(len(one)), 2))


@given(questions(most_states=6, most_actors=3), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_no_fewer_swaps_of_neighbours_are_enough(question, seed):
    conflict, _, state, _, _ = question
    met_if = condition(*question)
    rank = np.random.default_rng(seed).permutation(conflict.size).astype(np.int32)
    fewest = min(
        swaps_between(rank, order)
        for order in permutations(range(conflict.size))
        if met_if.holds(np.array(order) <= order[state])
    )
    assert len(rise(met_if, rank)) == fewest


@given(questions(most_states=12))
@settings(max_examples=60)
def test_no_fewer_states_that_fall_are_enough(question):
    _, preferences, state, actor, _ = question
    met_if = condition(*question)
    rank = preferences.rank[actor]
    found = fall(met_if, rank)
    below = rank <= rank[state]
    above = [at for at in met_if.states if not below[at]]

    def is_enough(fallen):
        is_below = below.copy()
        is_below[list(fallen)] = True
        return bool(met_if.holds(is_below))

    assert is_enough(found.states)
    assert (found.is_proved, found.bound) == (True, len(found.states))
    fewer = len(found.states) - 1
    assert fewer < 0 or not any(is_enough(fallen) for fallen in combinations(above, fewer))


def test_a_fall_that_is_not_solved_in_time_is_not_called_proved(monkeypatch):
    monkeypatch.setattr(inverses, "_SECONDS", 0.0)
    met_if = Condition("smr", 0, 0, (((1, 2), (3, 4)), ((1, 3), (2, 4)), ((1, 4), (2, 3))))
    found = fall(met_if, np.arange(5, dtype=np.int32))
    assert found.bound <= 3 <= len(found.states)
    assert not found.is_proved


@given(told(most_states=12, most_actors=3), st.data())
@settings(max_examples=40)
def test_lifting_the_state_makes_it_an_equilibrium(case, data):
    conflict, preferences = case
    state = data.draw(st.integers(0, conflict.size - 1))
    found = what_makes_equilibrium(conflict, preferences, state, concepts=CONCEPTS)
    for concept in CONCEPTS:
        own = found.sel(concept=concept)
        assert own["rise_total"] == own["rise"].sum()
        assert own["rise_bound"] <= own["rise_total"]
        rank = 2 * np.stack([np.unique(row, return_inverse=True)[1] for row in preferences.rank])
        for actor, passed in enumerate(own["rise"].values):
            if passed:
                above = np.sort(rank[actor][rank[actor] > rank[actor, state]])
                rank[actor, state] = above[passed - 1] + 1
        lifted = stability(conflict, Preferences(rank.astype(np.int32)), concepts=[concept])
        assert lifted["is_equilibrium"].values[0, state]
        is_now = stability(conflict, preferences, concepts=[concept])["is_equilibrium"].values[0, state]
        assert (own["rise_total"].item() == 0) == is_now


def test_actors_decide_by_themselves_but_for_sequential_stability():
    found = what_makes_equilibrium(*PRISONERS, "00")
    # Nash: 00 above one other for each; metarational: above that or what the other makes of it.
    assert found["ranking_share"].sel(concept="nash").values.tolist() == [0.5, 0.5]
    assert found["joint_share"].sel(concept="nash").item() == 0.25
    assert found["joint_share"].sel(concept="gmr").item() == pytest.approx((2 / 3) ** 2)
    assert found["rise_total"].values.tolist() == [2, 0, 0, 0]
    assert found["is_proved"].values.all()
    seq, error = (found[name].sel(concept="seq").item() for name in ("joint_share", "joint_share_error"))
    assert abs(seq - joint_share_of_all_rankings(PRISONERS[0], 0)) <= 4 * error


def joint_share_of_all_rankings(conflict, state):
    orders = list(permutations(range(4)))
    pairs = [np.array([one, other], dtype=np.int32) for one in orders for other in orders]
    found = [
        stability(conflict, Preferences(pair), concepts=["seq"])["is_equilibrium"].values[0, state]
        for pair in pairs
    ]
    return np.mean(found)


# --- wishes --------------------------------------------------------------------------------------


def wishes_of(conflict, texts):
    return [parse(text, dict.fromkeys(conflict.moves, ("no", "yes"))) for text in texts]


def test_chicken_holds_if_one_driver_minds_a_crash_less_than_the_other():
    conflict, preferences = CHICKEN
    statements = wishes_of(conflict, ["move-0", "not move-1"])
    told_by = told_preferences(
        conflict,
        {"actor-0": prioritised(conflict, statements), "actor-1": Order(preferences.rank[1])},
    )
    found = smallest_edit(conflict, told_by, statements, "00", "actor-0", "nash")
    assert (found.edits_tried, found.is_complete) == (1, True)
    assert [one.edits for one in found.found] == [(Edit("drop", 0),), (Edit("turn", 0),)]
    assert [one.wishes for one in found.found] == [((1, True),), ((0, False), (1, True))]


def test_a_state_that_is_stable_needs_no_edit():
    conflict, preferences = CHICKEN
    statements = wishes_of(conflict, ["not move-0", "move-1"])
    found = smallest_edit(conflict, preferences, statements, "00", 0, "nash")
    assert [one.edits for one in found.found] == [()]


@given(st.integers(0, 2**32 - 1), st.sampled_from(CONCEPTS))
@settings(max_examples=25)
def test_edited_lists_make_the_state_stable_and_shorter_ones_do_not(seed, concept):
    rng = np.random.default_rng(seed)
    conflict, preferences = random_free(2, 4, seed % 1000)
    texts = [f"{'not ' * int(rng.integers(2))}move-{k}" for k in rng.permutation(4)[:3]]
    statements = wishes_of(conflict, texts)
    state = int(rng.integers(conflict.size))
    found = smallest_edit(conflict, preferences, statements, state, 0, concept)

    def is_stable(wishes):
        listed = wishes_of(conflict, [texts[k] if wanted else f"not ({texts[k]})" for k, wanted in wishes])
        own = prioritised(conflict, listed).rank if listed else np.zeros(conflict.size, dtype=np.int32)
        return holds(conflict, with_own(preferences, 0, own), state, 0, concept)

    assert all(is_stable(one.wishes) for one in found.found)
    assert all(len(one.edits) == found.edits_tried for one in found.found)
    if not found.found or found.edits_tried:
        assert not is_stable(((0, True), (1, True), (2, True)))
    single = [((1, True), (2, True)), ((0, False), (1, True), (2, True)), ((2, True), (0, True), (1, True))]
    if found.edits_tried > 1:
        assert not any(map(is_stable, single))


def test_a_search_that_is_cut_says_so(monkeypatch):
    monkeypatch.setattr(inverse_edits, "MOST_LISTS", 2)
    conflict, preferences = CHICKEN
    statements = wishes_of(conflict, ["move-0", "not move-1"])
    found = smallest_edit(conflict, preferences, statements, "00", 0, "nash")
    assert (found.found, found.is_complete) == ((), False)


def test_without_wishes_there_is_nothing_to_edit():
    with pytest.raises(CallError, match="'actor-0' has no wishes"):
        smallest_edit(*CHICKEN, [], "00", "actor-0", "nash")


# --- words ---------------------------------------------------------------------------------------


def test_conditions_in_words():
    conflict, preferences = PRISONERS
    names = Names(actors={"actor-0": "Ann"}, states={"00": "peace", "10": "betrayal", "11": "war"})
    smr = condition(conflict, preferences, "00", "actor-0", "smr")
    assert condition_words(conflict, smr, names) == (
        "Ann stays in peace if to it peace is at least as good as betrayal, or all of 01 and war."
    )
    assert condition_words(conflict, smr, names, "de") == (
        "Ann bleibt in peace, wenn peace mindestens so gut ist wie betrayal oder alle von 01 und war."
    )
    assert condition_words(conflict, smr, names, most=1).endswith("betrayal or one of 1 more.")
    assert condition_words(conflict, Condition("nash", 0, 0, ())) == (
        "actor-0 cannot leave 00, or nothing it prefers could tempt it."
    )


def test_many_clauses_in_words():
    conflict, _ = random_free(2, 4, 1)
    met_if = Condition("gmr", 0, 0, (((1,),), ((4,),), ((2,), (3, 5, 6)), ((7,), (8,)), ((9,), (10,))))
    assert condition_words(conflict, met_if) == (
        "actor-0 stays in 0000 if to it 0000 is at least as good as all of 1000 and 0010; and as 0100, "
        "or all of 1100, 1010 and 0110; and as 1110, or 0001; and as 1001, or 0101."
    )
    assert condition_words(conflict, met_if, most=1).endswith(
        "; and as 0100 or one of 1 more; and 2 such conditions more."
    )


def test_one_answer_holds_all():
    found = what_makes_stable(*PRISONERS, "00", "actor-0", "nash", among=["00", "10"])
    assert not found.is_stable
    assert found.condition.clauses == (((1,),),)
    assert (found.share.exact, found.rise, found.fall.states) == (Fraction(1, 2), (1,), (1,))


def test_wrong_names_are_told():
    with pytest.raises(CallError, match="There is no actor 'actor-7'"):
        what_makes_stable(*PRISONERS, "00", "actor-7", "nash")
    with pytest.raises(CallError, match="There is no concept 'sim'"):
        what_makes_stable(*PRISONERS, "00", 0, "sim")
