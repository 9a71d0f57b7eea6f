"""Sets of states, and simultaneous sanctions that are worked out besides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_stability import game_of, reached, sim, tableau
from random_conflicts import conflicts, told
from small_conflicts import PRISONERS, elmira, free, numbers, random_free

from westphalia.errors import CallError
from westphalia.methods.stability import sets
from westphalia.methods.stability import simultaneous as module
from westphalia.methods.stability.conflict import Arcs, Conflict, Preferences
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.simultaneous import simultaneous


@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_sets_hold_what_was_put_in(size, seed):
    flags = np.random.default_rng(seed).random((size, size)) < 0.3
    rows = sets.packed(flags)
    arcs = sets.members(rows)
    assert sets.sizes(rows).tolist() == flags.sum(axis=1).tolist()
    assert arcs.targets.tolist() == np.nonzero(flags)[1].tolist()
    assert (sets.ends(arcs) == rows).all()
    assert (sets.not_in(rows) == sets.packed(~flags)).all()


@given(st.integers(1, 130), st.integers(0, 2**32 - 1))
def test_better_is_a_higher_rank(size, seed):
    rank = np.random.default_rng(seed).integers(0, 9, size=size).astype(np.int32)
    assert (sets.better(rank) == sets.packed(rank[None, :] > rank[:, None])).all()


@given(conflicts(most_states=24))
def test_legal_sequences_are_those_of_the_definition(conflict):
    arcs = arcs_of(conflict)
    preferences = Preferences(np.zeros((len(arcs), conflict.size), dtype=np.int32))
    game = game_of(conflict, preferences)
    found = sets.reached(arcs, conflict.size, is_free=False)
    plain = [reached(lambda j, at: game.moves[j][at], game.everyone, s) for s in game.states]
    assert sets.members(found).targets.tolist() == [q for row in plain for q in sorted(row)]
    if conflict.is_transitive:
        quick = sets.members(sets.reached(arcs, conflict.size, is_free=True))
        origin = np.repeat(np.arange(conflict.size), np.diff(quick.starts))
        apart = {(s, q) for s, q in zip(origin.tolist(), quick.targets.tolist(), strict=True) if s != q}
        assert apart == {(s, q) for s, row in enumerate(plain) for q in row if q != s}


def test_nobody_moves_twice_running():
    names = tuple("abc")
    one = Arcs(np.array([0, 1, 2, 2]), np.array([1, 2]))
    other = Arcs(np.array([0, 0, 0, 0]), np.array([], dtype=np.int64))
    alone = sets.reached([one, other], len(names), is_free=False)
    assert sets.members(alone).targets.tolist() == [1, 2]
    loop = Arcs(np.array([0, 0, 1, 1]), np.array([0]))
    together = sets.reached([one, loop], len(names), is_free=False)
    # a→b, b→a by the other, a→b again: b is reached from itself, c from nowhere but b.
    assert [numbers(row) for row in _flags(together)] == [[1, 2], [1, 2, 3], []]


def _flags(rows):
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")
    return bits[:, : len(rows)]


def test_too_many_states_are_refused():
    conflict, _ = free(2, 15, np.zeros((2, 2**15)))
    with pytest.raises(CallError, match="32,768 states; sets of states are kept for 16,384") as caught:
        sets.moves_in(conflict)
    assert caught.value.code == "conflict-too-large"
    assert "Rule out" in caught.value.hint


def test_preferences_of_another_conflict_are_refused():
    with pytest.raises(CallError, match=r"'rank' of the preferences is \(2, 8\)") as caught:
        sets.fits(PRISONERS[0], Preferences(np.zeros((2, 8), dtype=np.int32)))
    assert caught.value.code == "preferences-differ"


# --- simultaneous sanctions ----------------------------------------------------------------------


@given(told(forms=("free", "listed", "restricted"), most_states=24))
def test_simultaneous_sanctions_are_those_of_the_definition(case):
    game = game_of(*case)
    for movers in ("all", "some"):
        found = simultaneous(*case, movers=movers)["is_stable"]
        for concept, plain in (("sim", sim), ("tableau", tableau)):
            verdicts = [[plain(game, i, s, movers) for s in game.states] for i in game.everyone]
            assert found.sel(concept=concept).values.tolist() == verdicts, (concept, movers)


def test_simultaneous_figures_of_elmira():
    for movers in ("all", "some"):
        one = simultaneous(*elmira(), movers=movers).sel(concept="sim")
        assert numbers(one["is_stable"].sel(actor="Local Government")) == [2, 3, *range(5, 13)]
        assert numbers(one["is_equilibrium"]) == [5, 6, 7, 10, 11, 12]


def test_whether_others_may_stay_matters_with_three():
    # From 000 all gain alone. Actor 0's move is punished only where just one of the others moves too.
    rank = np.zeros((3, 8), dtype=np.int32)
    rank[0] = [1, 2, 0, 0, 0, 2, 0, 2]
    rank[1, 2] = rank[2, 4] = 1
    conflict, preferences = free(3, 3, rank)
    some = simultaneous(conflict, preferences, movers="some")["is_stable"].sel(
        concept="sim", actor="actor-0", state="000"
    )
    every = simultaneous(conflict, preferences, movers="all")["is_stable"]
    assert bool(some)
    assert not bool(every.sel(concept="sim", actor="actor-0", state="000"))


def test_prisoners_rest_by_simultaneous_sanctions():
    found = simultaneous(*PRISONERS)
    assert numbers(found["is_equilibrium"].sel(concept="sim")) == [1, 4]


def test_states_without_moves_cannot_be_added_up():
    none = np.zeros(0, dtype=np.int64)
    arcs = Arcs(np.array([0, 1, 1]), np.array([1]))
    conflict = Conflict(("a", "b"), (), none, none, none > 0, none > 0, None, (arcs, arcs), ("s", "t"))
    with pytest.raises(CallError, match="only be added up") as caught:
        simultaneous(conflict, Preferences(np.zeros((2, 2), dtype=np.int32)))
    assert caught.value.code == "no-options"


def test_too_many_combinations_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORK", 10)
    with pytest.raises(CallError, match="combinations of improvements") as caught:
        simultaneous(*random_free(2, 6, 1))
    assert caught.value.code == "conflict-too-large"
