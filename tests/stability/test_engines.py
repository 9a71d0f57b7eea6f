"""The engines' operations against sets of reachable states, against one another, and what chooses them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_conflicts import conflicts, preferences, told

from westphalia.errors import CallError
from westphalia.methods.stability import graph
from westphalia.methods.stability.build import MoveForm, option_form
from westphalia.methods.stability.concepts import engine_of, stability
from westphalia.methods.stability.conflict import MOST_NAMED, Arcs, Conflict, Preferences
from westphalia.methods.stability.cube import Cube
from westphalia.methods.stability.graph import LOWEST, Graph, arcs_of


def may_move(conflict, actor, before, after):
    """Whether one move of the actor leads from some levels to others."""
    for k, (old, new) in enumerate(zip(before, after, strict=True)):
        if new > old and not (conflict.owner[k] == actor and conflict.can_rise[k]):
            return False
        if new < old and not (conflict.owner[k] == actor and conflict.can_fall[k]):
            return False
    return before != after


def moves_of(conflict):
    """Where each actor can go from each state, as sets."""
    states = range(conflict.size)
    if conflict.arcs is not None:
        return [
            [set(arcs.targets[arcs.starts[s] : arcs.starts[s + 1]].tolist()) for s in states]
            for arcs in conflict.arcs
        ]
    levels = np.stack([conflict.level(k) for k in range(len(conflict.moves))], axis=1).tolist()
    return [
        [{q for q in states if may_move(conflict, i, levels[s], levels[q])} for s in states]
        for i in range(len(conflict.actors))
    ]


def reached(moves, movers, start):
    """Ends of legal sequences from `start`, and it itself, by walking all of them without repeats."""
    seen = {(start, None)}
    waiting = [(start, None)]
    while waiting:
        s, last = waiting.pop()
        for j in movers:
            for q in moves[j][s] if j != last else ():
                if (q, j) not in seen:
                    seen.add((q, j))
                    waiting.append((q, j))
    return {s for s, _ in seen}


def compare(engine, conflict, ranks, values, movers):
    moves = moves_of(conflict)
    states = range(conflict.size)
    for i in range(len(conflict.actors)):
        plain = [max((int(values[q]) for q in moves[i][s]), default=LOWEST) for s in states]
        assert engine.best(i, values).tolist() == plain
    found = engine.flood(np.array(movers, dtype=np.int64), values)
    assert found.tolist() == [min(values[r] for r in reached(moves, movers, s)) for s in states]
    better = [
        [{q for q in moves[i][s] if ranks[i][q] > ranks[i][s]} for s in states] for i in range(len(moves))
    ]
    found = engine.improving(ranks).flood(np.array(movers, dtype=np.int64), values)
    assert found.tolist() == [min(values[r] for r in reached(better, movers, s)) for s in states]


@st.composite
def questions(draw, forms):
    """A conflict, ranks, values to look for, and who moves."""
    conflict = draw(conflicts(forms=forms, most_states=32, most_actors=4))
    ranks = draw(preferences(conflict)).rank
    values = np.array(draw(st.lists(st.integers(-5, 5), min_size=conflict.size, max_size=conflict.size)))
    movers = draw(st.lists(st.sampled_from(range(len(conflict.actors))), unique=True))
    return conflict, ranks, values.astype(np.int32), movers


@given(questions(("free",)))
def test_cube_reaches_what_moves_reach(asked):
    compare(Cube.of(asked[0]), *asked)


@given(questions(("free", "listed", "restricted", "graph")))
def test_graph_reaches_what_moves_reach(asked):
    compare(Graph.of(asked[0]), *asked)


@given(questions(("free",)))
def test_arcs_are_the_moves(asked):
    conflict = asked[0]
    for arcs, moves in zip(arcs_of(conflict), moves_of(conflict), strict=True):
        listed = [arcs.targets[arcs.starts[s] : arcs.starts[s + 1]].tolist() for s in range(conflict.size)]
        assert listed == [sorted(ends) for ends in moves]


@given(questions(("listed",)))
def test_keeping_track_of_turns_changes_nothing_where_moves_are_transitive(asked):
    conflict, ranks, values, movers = asked
    loose, strict = Graph(conflict.arcs, True), Graph(conflict.arcs, False)
    who = np.array(movers, dtype=np.int64)
    assert np.array_equal(loose.flood(who, values), strict.flood(who, values))
    assert np.array_equal(
        loose.improving(ranks).flood(who, values), strict.improving(ranks).flood(who, values)
    )


@settings(max_examples=20)
@given(told(forms=("free",), most_states=1024, graded=True))
def test_engines_agree(case):
    for strength in ("general", "strong"):
        by_cube = stability(*case, engine=Cube.of(case[0]), strength=strength)
        by_graph = stability(*case, engine=Graph.of(case[0]), strength=strength)
        assert by_cube.identical(by_graph)


def cube_of(actors, each, *, one_way=False, share=1.0, seed=1):
    """So many actors with so many options each, dealt round, and a strict random ranking of all states."""
    rng = np.random.default_rng(seed)
    moves = actors * each
    codes = np.flatnonzero(rng.random(1 << moves) < share) if share < 1 else None
    conflict = Conflict(
        tuple(f"actor-{i}" for i in range(actors)),
        tuple(f"move-{k}" for k in range(moves)),
        np.arange(moves) % actors,
        np.full(moves, 2),
        rng.random(moves) < 0.7 if one_way else np.ones(moves, dtype=bool),
        np.ones(moves, dtype=bool),
        codes,
    )
    ranks = [rng.permutation(conflict.size) for _ in range(actors)]
    return conflict, Preferences(np.array(ranks, dtype=np.int32))


@pytest.mark.parametrize(("one_way", "share"), [(False, 1.0), (True, 1.0), (False, 0.6), (True, 0.6)])
def test_engines_agree_on_thousands_of_states(one_way, share):
    case = cube_of(3, 4, one_way=one_way, share=share)
    assert stability(*case, engine=Cube.of(case[0])).identical(stability(*case, engine=Graph.of(case[0])))


def test_concepts_include_one_another():
    found = stability(*cube_of(4, 3, one_way=True, share=0.8))["is_stable"]
    for inner, outer in [
        ("nash", "smr"),
        ("smr", "gmr"),
        ("nash", "sseq"),
        ("sseq", "seq"),
        ("seq", "gmr"),
        ("sseq", "smr"),
    ]:
        assert not (found.sel(concept=inner) & ~found.sel(concept=outer)).any()
        assert (~found.sel(concept=inner) & found.sel(concept=outer)).any()


def test_a_relabelling_of_moves_relabels_the_states():
    conflict, preferred = cube_of(3, 3, one_way=True)
    order = np.random.default_rng(5).permutation(9)
    again = Conflict(
        *(
            conflict.actors,
            tuple(conflict.moves[k] for k in order),
            conflict.owner[order],
            conflict.levels[order],
        ),
        *(conflict.can_rise[order], conflict.can_fall[order]),
    )
    place = sum(again.level(at) << int(k) for at, k in enumerate(order))
    found = stability(again, Preferences(preferred.rank[:, place]))["is_stable"].values
    assert np.array_equal(found, stability(conflict, preferred)["is_stable"].values[:, :, place])


def test_turns_matter_where_moves_are_not_transitive():
    # The second cannot go on from t to u, having just moved to t; if the third goes there instead, it can.
    def line(*pairs):
        starts = np.cumsum([0, *(sum(s == at for s, _ in pairs) for at in range(4))])
        return Arcs(starts, np.array([q for _, q in sorted(pairs)], dtype=np.int64))

    nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    rank = np.array([[1, 2, 3, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=np.int32)
    # s → q by the first, q → t → u by the second.
    first, second = line((0, 1)), line((1, 2), (2, 3))
    for third, is_deterred in ((line(), False), (line((2, 1)), False), (line((1, 2)), True)):
        conflict = Conflict(
            *(("a", "b", "c"), (), nothing, nothing, none, none),
            arcs=(first, second, third),
            names=("s", "q", "t", "u"),
            is_transitive=False,
        )
        found = stability(conflict, Preferences(rank), concepts=("gmr",))
        assert bool(found["is_stable"].sel(actor="a", state="s").item()) is is_deterred


def test_the_engine_follows_the_moves_and_how_many_combinations_can_be():
    free, _ = cube_of(2, 3, share=0.5)
    assert isinstance(engine_of(free), Cube)
    arcs = Conflict(
        *(free.actors, free.moves, free.owner, free.levels, free.can_rise, free.can_fall, free.codes),
        arcs=arcs_of(free),
    )
    assert isinstance(engine_of(arcs), Graph)
    many = np.full(20, 2)
    both = np.ones(20, dtype=bool)
    moves = tuple(f"m{k}" for k in range(20))
    few = Conflict(("a", "b"), moves, np.arange(20) % 2, many, both, both, np.arange(0, 1 << 20, 64))
    assert isinstance(engine_of(few), Graph)
    more = Conflict(("a", "b"), moves, np.arange(20) % 2, many, both, both, np.arange(0, 1 << 20, 16))
    assert isinstance(engine_of(more), Cube)


def test_states_are_named_unless_they_are_many():
    conflict, preferred = cube_of(2, 2)
    found = stability(conflict, preferred, concepts=("nash",))
    assert found["state"].values.tolist() == [conflict.name(s) for s in range(16)]
    conflict = option_form(["a"], [MoveForm("far", "a", 12), MoveForm("near", "a")])
    assert [conflict.name(s) for s in (0, 11, 23)] == ["0.0", "11.0", "11.1"]
    assert conflict.coordinate().tolist() == [conflict.name(s) for s in range(24)]
    conflict, preferred = cube_of(2, 9)
    assert conflict.size > MOST_NAMED
    assert stability(conflict, preferred, concepts=("nash",))["state"].values[-1] == conflict.size - 1


def test_ranks_may_be_as_large_as_numbers_go():
    conflict, preferred = cube_of(2, 2)
    small = Preferences(preferred.rank, preferred.rank // 4)
    top = np.iinfo(np.int32).max
    large = Preferences(preferred.rank + (top - 15), preferred.rank // 4 + (top - 3))
    for strength in ("general", "strong"):
        found = stability(conflict, small, strength=strength)
        assert found.identical(stability(conflict, large, strength=strength))


def test_progress_is_told_to_the_end():
    told_of = []
    case = cube_of(2, 2)
    stability(*case, concepts=("nash", "seq"), progress=lambda *done: told_of.append(done))
    assert told_of == [("stability", at, 4) for at in range(1, 5)]


def test_no_concepts_no_results():
    assert stability(*cube_of(2, 1), concepts=())["is_stable"].shape == (0, 2, 4)


def test_what_is_wrong_is_told():
    conflict, preferred = cube_of(2, 2)
    with pytest.raises(CallError, match=r"nahs: There is no concept 'nahs' here. Did you mean 'nash'\?"):
        stability(conflict, preferred, concepts=("nahs",))
    with pytest.raises(CallError, match="There is no strength 'firm' here"):
        stability(conflict, preferred, strength="firm")
    with pytest.raises(
        CallError, match=r"'rank' is int32 \(2, 15\); the conflict has 2 actors and 16 states"
    ):
        stability(conflict, Preferences(preferred.rank[:, 1:]))
    with pytest.raises(CallError, match=r"'rank' is int64 .* A whole number \(int32\) is needed"):
        stability(conflict, Preferences(preferred.rank.astype(np.int64)))
    with pytest.raises(CallError, match="do not say how strong they are"):
        stability(conflict, preferred, strength="strong")
    rank = np.tile(np.arange(16, dtype=np.int32), (2, 1))
    for first, message in (([1, 0], "prefers 0000 to 1000"), ([0, 0, 1, 0], "prefers 0100 to 1100")):
        grade = np.zeros_like(rank)
        grade[1, : len(first)] = first
        with pytest.raises(CallError, match=f"'actor-1' much {message}, by its grades, but does not rank"):
            stability(conflict, Preferences(rank, grade), strength="strong")
    tied = np.array([[0] * 16, [0] * 16], dtype=np.int32)
    with pytest.raises(CallError, match="'actor-0' much prefers 0001 to 1110, by its grades, but does not"):
        stability(
            conflict, Preferences(tied, np.tile(np.arange(16, dtype=np.int32) // 8, (2, 1))), strength="weak"
        )
    pairs = np.zeros((16, 16), dtype=bool)
    with pytest.raises(CallError, match="Some preferences are unknown"):
        stability(conflict, Preferences(preferred.rank, unknown=(pairs, None)))


def test_too_many_arcs_and_too_many_one_way_moves_are_refused(monkeypatch):
    conflict, _ = cube_of(2, 4)
    monkeypatch.setattr(graph, "MOST_ARCS", 3839)
    with pytest.raises(CallError, match="'actor-0' has up to 3,840 moves from state to state"):
        arcs_of(conflict)
    up, down = np.ones(32, dtype=bool), np.zeros(32, dtype=bool)
    names = tuple(f"m{k}" for k in range(32))
    codes = np.array(list(itertools.accumulate(1 << k for k in range(8))))
    steep = Conflict(("a",), names, np.zeros(32, dtype=np.int64), np.full(32, 2), up, down, codes)
    with pytest.raises(CallError, match="'a' has too many moves that go one way only"):
        arcs_of(steep)
