"""Conflicts built from moves and rules, or from states and arcs, against lists of all combinations."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.errors import CallError
from westphalia.logic import parse
from westphalia.methods.stability import feasible
from westphalia.methods.stability.build import Bar, MoveForm, count_removed, graph_form, option_form
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Preferences

ACTORS = ("north", "south")
FIVE = [MoveForm(name, ACTORS[at % 2], 3 if name == "c" else 2) for at, name in enumerate("abcde")]


def rules(moves, *texts):
    words = {move.id: [f"level-{at}" for at in range(move.levels)] for move in moves}
    return [parse(text, words) for text in texts]


def left(moves, infeasible):
    """Codes of the combinations in which no rule holds, one by one."""
    kept = []
    counts = [range(move.levels) for move in reversed(moves)]
    for code, levels in enumerate(itertools.product(*counts)):
        columns = {move.id: np.array(at) for move, at in zip(moves, reversed(levels), strict=True)}
        if not any(bool(rule.truth(columns)) for rule in infeasible):
            kept.append(code)
    return kept


TEXTS = (
    *("a and b", "not c", "c >= 2 and not a", "d xor e", "at least 2 of (a, b, d)", "c = 1 if e"),
    *("e implies a", "exactly 1 of (b, c, d, e)", "false", "a and not a"),
)
some_rules = st.lists(st.sampled_from(TEXTS), max_size=4, unique=True)


@given(some_rules, st.booleans())
def test_feasible_states_are_those_no_rule_excludes(texts, is_grown):
    infeasible = rules(FIVE, *texts)
    expected = left(FIVE, infeasible)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasible, "MOST_CELLS", 4 if is_grown else 1 << 26)
        patch.setattr(feasible, "_BLOCK", 8)
        if not expected:
            with pytest.raises(CallError, match="No combination of moves is left"):
                option_form(ACTORS, FIVE, infeasible=infeasible)
            return
        conflict = option_form(ACTORS, FIVE, infeasible=infeasible)
    assert conflict.code_of(np.arange(conflict.size)).tolist() == expected
    assert (conflict.codes is None) == (len(expected) == 48)


@given(some_rules)
def test_removed_combinations_are_counted(texts):
    infeasible = rules(FIVE, *texts)
    for at, removed in enumerate(count_removed(FIVE, infeasible)):
        assert removed.alone == 48 - len(left(FIVE, [infeasible[at]]))
        assert removed.in_order == len(left(FIVE, infeasible[:at])) - len(left(FIVE, infeasible[: at + 1]))


def test_sixty_moves_of_which_few_go_together():
    moves = [MoveForm(f"m{k}", ACTORS[k % 2]) for k in range(60)]
    tens = [", ".join(f"m{k}" for k in range(start, start + 10)) for start in range(0, 60, 10)]
    infeasible = rules(moves, *(f"at least 2 of ({ten})" for ten in tens[:5]), f"at least 1 of ({tens[5]})")
    conflict = option_form(ACTORS, moves, infeasible=infeasible)
    assert conflict.size == 11**5
    assert (np.diff(conflict.codes) > 0).all()
    assert all(bin(code).count("1") <= 5 and code < 1 << 50 for code in conflict.codes.tolist())
    counted = count_removed(moves, infeasible)
    assert counted[0] == (2**60 - 11 * 2**50, None)
    assert counted[5] == (2**60 - 2**50, None)


def test_too_many_states_are_refused():
    moves = [MoveForm(f"m{k}", ACTORS[k % 2]) for k in range(30)]
    for infeasible in ((), rules(moves, "m0 and m1", "m2 and m3")):
        with pytest.raises(CallError, match="There are 1,073,741,824 combinations of 30 moves, too many"):
            option_form(ACTORS, moves, infeasible=infeasible)
    many = [MoveForm(f"m{k}", ACTORS[k % 2]) for k in range(70)]
    with pytest.raises(CallError, match="combinations of 70 moves, too many"):
        option_form(ACTORS, many, infeasible=rules(many, "not m0"))


def test_rules_that_leave_nothing_are_named_and_no_others():
    infeasible = rules(FIVE, "e", "a and b", "a and not b", "not a", "d")
    message = "'a and b'; 'a and not b'; 'not a' exclude all of them. Drop or narrow one of them."
    with pytest.raises(CallError, match=re.escape(message)):
        option_form(ACTORS, FIVE, infeasible=infeasible)
    many = [MoveForm(f"m{k}", ACTORS[k % 2]) for k in range(60)]
    with pytest.raises(CallError, match="'m0'; 'not m0' exclude all of them"):
        option_form(ACTORS, many, infeasible=rules(many, "m1", "m0", "m2 and m3", "not m0"))
    with pytest.raises(CallError, match="'true' excludes all of them"):
        option_form(ACTORS, FIVE, infeasible=rules(FIVE, "true", "a"))


def test_states_given_as_truth_values():
    given_as = np.zeros(48, dtype=bool)
    given_as[[3, 17]] = True
    assert option_form(ACTORS, FIVE, is_feasible=given_as).codes.tolist() == [3, 17]
    assert option_form(ACTORS, FIVE, is_feasible=~np.zeros(48, dtype=bool)).codes is None
    with pytest.raises(CallError, match=r"shape \(47,\); there are 48 combinations"):
        option_form(ACTORS, FIVE, is_feasible=given_as[1:])
    with pytest.raises(CallError, match="No combination of moves is feasible"):
        option_form(ACTORS, FIVE, is_feasible=np.zeros(48, dtype=bool))


def test_a_barred_move_stays_where_it_is():
    moves = [MoveForm("strike", "north"), MoveForm("talk", "north"), MoveForm("march", "south")]
    bar = Bar("strike", rules(moves, "march")[0], bars_rise=False)
    conflict = option_form(ACTORS, moves, bars=[bar])
    north = conflict.arcs[0]
    ways = {
        (conflict.name(s), conflict.name(int(q)))
        for s in range(8)
        for q in north.targets[north.starts[s] : north.starts[s + 1]]
    }
    free = option_form(ACTORS, moves)
    assert free.arcs is None
    assert not conflict.is_transitive
    names = ["".join(levels) for levels in itertools.product("01", repeat=3)]
    assert ways == {
        (s, q)
        for s in names
        for q in names
        if s != q and s[2] == q[2] and not (s[2] == "1" and s[0] == "1" and q[0] == "0")
    }
    # Once troops march, north cannot recall the strike it would rather not have.
    rank = np.array([[5 - int(name[0]) for name in map(conflict.name, range(8))], [0] * 8], dtype=np.int32)
    is_nash = stability(conflict, Preferences(rank), concepts=("nash",))["is_stable"].sel(concept="nash")
    assert is_nash.sel(actor="north", state="101").item()
    assert not is_nash.sel(actor="north", state="100").item()


def test_states_and_arcs():
    arcs = {"south": [("s", "t"), ("t", "u"), ("s", "u"), ("s", "t")], "north": [("s", "t"), ("t", "s")]}
    conflict = graph_form(ACTORS, ["s", "t", "u"], arcs)
    assert conflict.is_transitive
    assert conflict.names == ("s", "t", "u")
    assert [arcs.starts.tolist() for arcs in conflict.arcs] == [[0, 1, 2, 2], [0, 2, 3, 3]]
    assert [arcs.targets.tolist() for arcs in conflict.arcs] == [[1, 0], [1, 2, 2]]
    assert not graph_form(ACTORS, ["s", "t", "u"], {"south": [("s", "t"), ("t", "u")]}).is_transitive


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: option_form(ACTORS, [MoveForm("x", "nort")]),
            "owner of 'x': There is no actor 'nort'. Did you mean 'north'?",
        ),
        (lambda: option_form(ACTORS, [MoveForm("x", "north", 1)]), "The move 'x' has 1 level."),
        (lambda: option_form(ACTORS, [FIVE[0], FIVE[0]]), "The move 'a' is named twice."),
        (lambda: option_form(["north", "north"], FIVE[:1]), "The actor 'north' is named twice."),
        (lambda: option_form(ACTORS, []), "There is no move. Give at least one move."),
        (lambda: option_form([], FIVE), "There is no actor. Give at least one actor."),
        (
            lambda: option_form(ACTORS, FIVE[:2], infeasible=rules(FIVE, "e")),
            "e: There is no move 'e'. Known: a, b.",
        ),
        (
            lambda: option_form(ACTORS, FIVE, bars=[Bar("f", rules(FIVE, "a")[0])]),
            "bars: There is no move 'f'.",
        ),
        (lambda: graph_form(ACTORS, ["s", "s"], {}), "The state 's' is named twice."),
        (lambda: graph_form(ACTORS, [], {}), "There is no state."),
        (lambda: graph_form(ACTORS, ["s"], {"west": []}), "moves: There is no actor 'west'."),
        (
            lambda: graph_form(ACTORS, ["s"], {"north": [("s", "t")]}),
            "moves of 'north': There is no state 't'.",
        ),
        (
            lambda: graph_form(ACTORS, ["s"], {"north": [("s", "s")]}),
            "A move of 'north' leads from 's' to itself.",
        ),
    ],
)
def test_what_is_wrong_is_told(build, message):
    with pytest.raises(CallError, match=re.escape(message)):
        build()
