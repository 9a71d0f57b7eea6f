"""Preferences from rankings, statements, weights, utilities and pairs, against what they mean."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.logic import parse
from westphalia.methods.stability.build import MoveForm, option_form
from westphalia.methods.stability.conflict import Conflict
from westphalia.methods.stability.pairwise import from_pairs
from westphalia.methods.stability.preferences import (
    MOST_PAIRED,
    by_utility,
    indifferent,
    place_of,
    preferences,
    ranking,
    with_unknown,
)
from westphalia.methods.stability.statements import (
    Idle,
    idle_statements,
    prioritised,
    truths,
    weighted,
    weighted_draws,
)

MOVES = {"arm": ["no", "yes"], "ally": ["no", "yes"], "force": ["none", "some", "full"]}
STATEMENTS = [
    "arm",
    "not ally",
    "force = full",
    "arm if ally",
    "arm iff not ally",
    "force >= some and not arm",
    "at most 1 of (arm, ally, force)",
    "exactly 2 of (arm, ally, force = full)",
    "true",
]


def options(codes=None, moves=MOVES):
    levels = np.array([len(words) for words in moves.values()])
    both = np.ones(len(levels), dtype=bool)
    return Conflict(("a", "b"), tuple(moves), np.arange(len(levels)) % 2, levels, both, both, codes)


def graph(*names):
    nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    return Conflict(("a", "b"), (), nothing, nothing, none, none, names=names)


CUBE = options()
SOME = options(np.array([0, 2, 3, 5, 8, 9, 11]))


def read(*texts):
    return [parse(text, MOVES) for text in texts]


def states_of(conflict):
    codes = range(12) if conflict.codes is None else conflict.codes.tolist()
    return [(code % 2, code // 2 % 2, code // 4) for code in codes]


# --- rankings ---------------------------------------------------------------------------------------


def test_a_ranking_counts_upwards_from_the_worst_and_keeps_ties():
    order = ranking(graph("war", "truce", "peace"), [["peace"], ["war", "truce"]])
    assert order.rank.tolist() == [0, 0, 1]
    assert order.rank.dtype == np.int32
    assert order.grade is None


@pytest.mark.parametrize("conflict", [CUBE, SOME])
def test_states_go_by_levels_by_signs_or_by_place(conflict):
    for place in range(conflict.size):
        name = conflict.name(place)
        assert (
            place_of(conflict, name)
            == place_of(conflict, place)
            == place_of(conflict, np.int64(place))
            == place
        )
        if name[2] != "2":
            assert place_of(conflict, name.replace("1", "Y").replace("0", "n")) == place


def test_the_rest_of_a_ranking_is_worst_if_that_is_said():
    conflict = graph("war", "truce", "peace", "armistice")
    order = ranking(conflict, [["peace"], ["truce"]], rest="worst")
    assert order.rank.tolist() == [0, 1, 2, 0]
    complete = ranking(conflict, [["peace"], ["truce"], ["war", "armistice"]], rest="worst")
    assert complete.rank.tolist() == order.rank.tolist()


def test_what_stands_before_a_mark_is_much_better():
    order = ranking(graph("a", "b", "c", "d"), [["d"], ["b", "c"], ["a"]], much_after=[1, 2])
    assert order.grade.tolist() == [0, 1, 1, 2]
    coarser = ranking(graph("a", "b", "c", "d"), [["d"], ["b", "c"], ["a"]], much_after=[2])
    assert coarser.grade.tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("groups", "code", "message"),
    [
        ([["000"], ["000"]], "state-repeated", "State '000' stands twice in the ranking, at places 1 and 2."),
        ([["000"]], "states-missing", "The ranking leaves out 6 of 7 states: 010, 110, 101, 002, 102, 112."),
        ([["100"]], "infeasible-state", "State '100' is not feasible."),
        (
            [["00"]],
            "unknown-state",
            "'00' is no state. A state has one level for each of arm, ally, force, such",
        ),
        ([["003"]], "unknown-state", "'003' is no state."),
        ([["0x0"]], "unknown-state", "'0x0' is no state."),
        ([[7]], "unknown-state", "'7' is no state. Places go from 0 to 6."),
        ([[-1]], "unknown-state", "'-1' is no state."),
    ],
)
def test_rankings_that_cannot_be(groups, code, message):
    with pytest.raises(CallError) as caught:
        ranking(SOME, groups)
    assert caught.value.code == code
    assert message in str(caught.value)


def test_an_unknown_state_of_a_graph_is_told_with_the_nearest():
    with pytest.raises(CallError, match=r"'truse' is no state\. Did you mean 'truce'\?"):
        ranking(graph("war", "truce"), [["truse"]])


def test_a_mark_after_no_group_is_refused():
    with pytest.raises(CallError, match=r"There is no place 3 among 2\. Places go from 1 to 2\."):
        ranking(graph("war", "truce"), [["truce"], ["war"]], much_after=[3])


# --- statements -------------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", [CUBE, SOME])
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6))
def test_the_first_statement_that_tells_apart_decides(conflict, texts):
    rank = prioritised(conflict, read(*texts)).rank
    held = [tuple(row) for row in np.array([*truths(conflict, read(*texts))]).T]
    for s, q in product(range(conflict.size), repeat=2):
        assert (rank[s] > rank[q]) == (held[s] > held[q])
        assert (rank[s] == rank[q]) == (held[s] == held[q])


def test_without_statements_all_states_are_alike():
    assert np.array_equal(prioritised(SOME, []).rank, indifferent(SOME).rank)


@pytest.mark.parametrize("conflict", [CUBE, SOME])
def test_truth_in_each_state(conflict):
    (holds,) = truths(conflict, read("force >= some and not arm"))
    assert holds.tolist() == [force >= 1 and not arm for arm, _, force in states_of(conflict)]


def test_hundreds_of_statements_are_no_more_than_many():
    rng = np.random.default_rng(0)
    texts = [STATEMENTS[at] for at in rng.integers(0, len(STATEMENTS) - 1, 300)]
    once = list(dict.fromkeys(texts))
    assert np.array_equal(prioritised(CUBE, read(*texts)).rank, prioritised(CUBE, read(*once)).rank)
    moves = {f"m{k}": ["no", "yes"] for k in range(14)}
    wide = options(moves=moves)
    statements = [
        parse(f"m{k % 14} or not m{(5 * k + 1) % 14} and m{(3 * k + 2) % 14}", moves) for k in range(80)
    ]
    held = np.array([*truths(wide, statements)])
    scores = [sum(1 << (79 - at) for at in np.flatnonzero(column).tolist()) for column in held.T]
    place = {score: at for at, score in enumerate(sorted(set(scores)))}
    assert prioritised(wide, statements).rank.tolist() == [place[score] for score in scores]


def test_the_first_statements_may_be_strong():
    statements = read("arm", "not ally", "force = full")
    order = prioritised(CUBE, statements, strong=2)
    assert np.array_equal(order.grade, prioritised(CUBE, statements[:2]).rank)
    assert prioritised(CUBE, statements).grade is None


@pytest.mark.parametrize("conflict", [CUBE, SOME])
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5), st.sets(st.integers(0, 4)))
def test_pairs_that_first_differ_in_an_unknown_statement_are_unknown(conflict, texts, places):
    unknown = {at for at in places if at < len(texts)}
    found = prioritised(conflict, read(*texts), unknown=unknown).unknown
    held = np.array([*truths(conflict, read(*texts))]).T
    for s, q in product(range(conflict.size), repeat=2):
        differ = np.flatnonzero(held[s] != held[q])
        expected = len(differ) > 0 and int(differ[0]) in unknown
        assert (found is not None and bool(found[s, q])) == expected


@pytest.mark.parametrize(
    ("options_of", "message"),
    [
        ({"unknown": {3}}, "There is no place 4 among 3."),
        ({"unknown": {-1}}, "There is no place 0 among 3."),
        ({"strong": 4}, "There is no place 4 among 3."),
    ],
)
def test_places_of_no_statement_are_refused(options_of, message):
    with pytest.raises(CallError) as caught:
        prioritised(CUBE, read("arm", "ally", "force"), **options_of)
    assert message in str(caught.value)
    assert caught.value.code == "unknown-place"


def test_a_statement_on_no_move_is_refused():
    strange = parse("arms", {"arms": ["no", "yes"]})
    with pytest.raises(CallError, match=r"'arms', which is no move\. Did you mean 'arm'\?"):
        prioritised(CUBE, [strange])
    with pytest.raises(CallError, match=r"which is no move\. There are none yet"):
        prioritised(graph("war", "peace"), [strange])
    assert prioritised(graph("war", "peace"), read("true")).rank.tolist() == [0, 0]


def test_statements_that_cannot_matter():
    texts = ["arm or not arm", "arm", "arm and not arm", "not arm", "ally", "arm xor ally", "force = full"]
    assert idle_statements(CUBE, read(*texts)) == (
        Idle(0, "true"),
        Idle(2, "false"),
        Idle(3, "decided"),
        Idle(5, "decided"),
    )
    # Where ally never comes without arm, telling them apart by both decides no more.
    nested = options(np.array([0, 1, 3]))
    assert idle_statements(nested, read("arm", "ally", "force")) == (Idle(2, "false"),)
    assert idle_statements(nested, read("ally if arm", "arm", "ally")) == (Idle(2, "decided"),)


@pytest.mark.parametrize("conflict", [CUBE, SOME])
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6))
def test_idle_statements_change_no_rank(conflict, texts):
    idle = {one.statement for one in idle_statements(conflict, read(*texts))}
    kept = [text for at, text in enumerate(texts) if at not in idle]
    assert np.array_equal(prioritised(conflict, read(*texts)).rank, prioritised(conflict, read(*kept)).rank)


# --- weights and utilities ------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(STATEMENTS), st.integers(-3, 5)), min_size=1, max_size=6))
def test_weights_add_up(told):
    texts, weights = zip(*told, strict=True)
    rank = weighted(SOME, read(*texts), [weight / 10 for weight in weights]).rank
    held = np.array([*truths(SOME, read(*texts))])
    total = (held * np.array(weights)[:, None]).sum(axis=0).tolist()
    assert rank.tolist() == [sorted(set(total)).index(value) for value in total]


def test_powers_of_two_as_weights_are_priorities():
    statements = read("not ally", "force = full", "arm if ally", "arm")
    assert np.array_equal(weighted(CUBE, statements, [8, 4, 2, 1]).rank, prioritised(CUBE, statements).rank)


def test_draws_of_weights_do_not_influence_one_another():
    statements = read("arm", "not ally", "force = full", "force >= some")
    draws = np.random.default_rng(3).normal(size=(50, 4))
    ranks = weighted_draws(CUBE, statements, draws)
    assert ranks.shape == (50, 12)
    for at, draw in enumerate(draws):
        assert np.array_equal(ranks[at], weighted(CUBE, statements, draw).rank)
        assert np.array_equal(weighted_draws(CUBE, statements, draws[at:])[0], ranks[at])


@pytest.mark.parametrize(
    ("weights", "code"), [([1.0], "labels-differ"), ([1.0, np.nan], "value-out-of-range")]
)
def test_weights_that_do_not_fit(weights, code):
    with pytest.raises(CallError) as caught:
        weighted(CUBE, read("arm", "ally"), weights)
    assert caught.value.code == code


def test_utilities_tie_within_the_tolerance():
    utility = np.array([[0.3, 0.1 + 0.2, 0.1, 0.9], [1.0, 1.05, 1.3, 1.1]])
    assert by_utility(utility).tolist() == [[1, 1, 0, 2], [0, 1, 3, 2]]
    assert by_utility(utility, 0.06).tolist() == [[1, 1, 0, 2], [0, 0, 1, 0]]
    with pytest.raises(CallError, match="'utility' holds a value that is not finite"):
        by_utility(np.array([1.0, np.inf]))


# --- what is not known --------------------------------------------------------------------------------


def test_named_pairs_become_unknown_both_ways():
    conflict = graph("war", "truce", "peace")
    order = ranking(conflict, [["peace"], ["truce"], ["war"]])
    once = with_unknown(conflict, order, [("war", "truce")])
    twice = with_unknown(conflict, once, [(2, 1)])
    assert np.argwhere(once.unknown).tolist() == [[0, 1], [1, 0]]
    assert np.argwhere(twice.unknown).tolist() == [[0, 1], [1, 0], [1, 2], [2, 1]]
    with pytest.raises(CallError, match="State 'war' is paired with itself"):
        with_unknown(conflict, order, [("war", 0)])


def test_pairs_are_refused_where_there_are_too_many():
    large = options(moves={f"m{k}": ["no", "yes"] for k in range(14)})
    assert large.size > MOST_PAIRED
    with pytest.raises(CallError, match="There are 16,384 states, too many to say of each pair"):
        with_unknown(large, indifferent(large), [(0, 1)])


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=7)


@given(PAIRS, PAIRS)
def test_pairs_give_what_follows_from_them_and_no_more(better, alike):
    conflict = graph(*"abcdef")
    least = np.zeros((6, 6), dtype=bool)  # at least as good as
    np.fill_diagonal(least, True)
    for one, other in [*better, *alike, *((other, one) for one, other in alike)]:
        least[one, other] = True
    for middle, one, other in product(range(6), repeat=3):
        least[one, other] |= least[one, middle] and least[middle, other]
    if any(least[worse, best] for best, worse in better):
        with pytest.raises(CallError, match="The preferences run in a circle"):
            from_pairs(conflict, better, alike)
        return
    order = from_pairs(conflict, better, alike)
    for one, other in combinations(range(6), 2):
        known = bool(least[one, other] or least[other, one])
        assert (order.unknown is None or not order.unknown[one, other]) == known
        if known:
            difference = int(least[one, other]) - int(least[other, one])
            assert np.sign(int(order.rank[one]) - int(order.rank[other])) == difference
    assert order.unknown is None or not order.unknown.diagonal().any()


@pytest.mark.parametrize(
    ("better", "alike", "circle"),
    [
        ([("a", "b"), ("b", "c"), ("c", "a")], [], "a > b > c > a."),
        ([("a", "b"), ("c", "d")], [("b", "c"), ("d", "a")], "a > b ~ c > d ~ a."),
        ([("a", "a")], [], "a > a."),
        ([("a", "b")], [("b", "a")], "a > b ~ a."),
    ],
)
def test_a_circle_is_told_step_by_step(better, alike, circle):
    with pytest.raises(CallError) as caught:
        from_pairs(graph(*"abcd"), better, alike)
    assert f"The preferences run in a circle: {circle}" in str(caught.value)
    assert caught.value.code == "ranking-cycle"


# --- all actors ---------------------------------------------------------------------------------------


def test_orders_of_all_actors_together():
    conflict = graph("war", "truce", "peace")
    marked = ranking(conflict, [["peace"], ["truce"], ["war"]], much_after=[2])
    doubtful = with_unknown(conflict, indifferent(conflict), [("war", "peace")])
    both = preferences(conflict, {"b": doubtful, "a": marked})
    assert both.rank.tolist() == [[0, 1, 2], [0, 0, 0]]
    assert both.grade.tolist() == [[0, 1, 1], [0, 0, 0]]
    assert both.unknown[0] is None
    assert np.array_equal(both.unknown[1], doubtful.unknown)
    plain = preferences(conflict, {"a": indifferent(conflict), "b": indifferent(conflict)})
    assert plain.grade is None
    assert plain.unknown is None


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        (["a"], "input-missing", "The preferences of 'b' are missing. Say that the actor is indifferent"),
        (["a", "b", "c"], "unknown-actor", "Preferences are given for 'c', who is no decision maker."),
    ],
)
def test_every_actor_needs_preferences_and_nobody_else(names, code, message):
    conflict = graph("war", "peace")
    with pytest.raises(CallError) as caught:
        preferences(conflict, {name: indifferent(conflict) for name in names})
    assert caught.value.code == code
    assert message in str(caught.value)


def test_orders_of_another_conflict_are_refused():
    small, large = graph("war", "peace"), graph("war", "truce", "peace")
    with pytest.raises(CallError, match=r"The preferences of 'b' rank 2 states; the conflict has 3\."):
        preferences(large, {"a": indifferent(large), "b": indifferent(small)})


def test_states_of_moves_with_many_levels_are_named_with_dots():
    many = option_form(["a", "b"], [MoveForm("x", "a", 12), MoveForm("y", "b", 2)])
    names = many.coordinate()
    assert str(names[11]) == "11.0"
    assert [place_of(many, str(name)) for name in names] == list(range(many.size))
    with pytest.raises(CallError, match=r"'12\.0' is no state"):
        place_of(many, "12.0")
