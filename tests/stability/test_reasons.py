"""Reasons for verdicts, and who deters whom."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from plain_stability import game_of, reached
from random_conflicts import told
from small_conflicts import PRISONERS, elmira, random_free

from westphalia.errors import CallError
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.deterrence import DETERRED, who_deters_whom
from westphalia.methods.stability.reasons import CONCEPTS, Improvement, Sanction, reason
from westphalia.methods.stability.reasons_words import Names, words
from westphalia.methods.stability.simultaneous import simultaneous


@given(told(most_states=12, most_actors=4))
def test_reasons_agree_with_verdicts_and_their_paths_are_legal(case):
    conflict, preferences = case
    plain = game_of(*case)
    found = stability(*case)["is_stable"]
    for concept in found["concept"].values:
        for i in plain.everyone:
            for s in plain.states:
                given_for = reason(conflict, preferences, str(concept), i, s)
                assert given_for.is_stable == bool(found.sel(concept=concept)[i, s])
                assert {one.state for one in given_for.improvements} == plain.improvements(i, s)
                _is_proved(plain, given_for)


def _is_proved(plain, given_for):
    """Each sanction, and each reply that is escaped, is what it is said to be."""
    i, s = given_for.actor, given_for.state
    is_symmetric = given_for.concept in ("smr", "sseq")
    for one in given_for.improvements:
        reply = one.sanction or one.escaped
        if reply is None:
            continue
        last, at = None, one.state
        for mover, target in reply.path:
            steps = (
                plain.improvements if given_for.concept in ("seq", "sseq") else lambda j, q: plain.moves[j][q]
            )
            assert mover not in (i, last)
            assert target in steps(mover, at)
            last, at = mover, target
        assert at == reply.state
        assert not plain.better(i, at, s)
        ways_out = plain.improvements(i, at) and {t for t in plain.moves[i][at] if plain.better(i, t, s)}
        if one.sanction and is_symmetric:
            assert not ways_out
        if one.escaped:
            assert one.escape in ways_out


@given(told(forms=("free", "restricted"), most_states=12, most_actors=4))
def test_simultaneous_reasons_agree_with_verdicts(case):
    conflict, preferences = case
    found = simultaneous(*case)["is_stable"].sel(concept="sim").values
    for i, s in np.ndindex(found.shape):
        assert reason(conflict, preferences, "sim", i, s).is_stable == found[i, s]


def test_a_sanction_of_two_movers_is_told_with_its_path():
    # Actor 0 gains by going to 100; only 1 and 2 together, in either order, bring it down to 111.
    rank = np.zeros((3, 8), dtype=np.int32)
    rank[0] = [1, 2, 2, 2, 2, 2, 2, 0]
    conflict, _ = random_free(3, 3, 0)
    preferences = Preferences(rank)
    found = reason(conflict, preferences, "gmr", "actor-0", "000")
    assert found.improvements == (Improvement(1, Sanction(7, ((2, 5), (1, 7)))),)
    assert found.path == ((0, 1), (2, 5), (1, 7))
    assert words(conflict, preferences, found) == (
        "actor-0 stays in 000: each of its improvements would be punished. "
        "It could take “move-0”, and so reach 100, which it prefers. "
        "The others can answer: actor-2 (take “move-2”), then actor-1 (take “move-1”). "
        "That ends in 111, which it likes less than 000."
    )


def test_reasons_in_words_with_names():
    case = elmira()
    names = Names({"Local Government": "Gemeinde"}, {"insist": "Auflage fordern"})
    alone = reason(*case, "seq", "Local Government", 3)
    assert not alone.is_stable
    assert words(*case, alone, names, "de") == (
        "Gemeinde: kein Verbleib in 10100. Möglich wäre: „Auflage fordern“ ergreifen; das führt zu 10101 und "
        "wäre besser. Was andere zum eigenen Vorteil auch antworten: es bleibt besser als 10100."
    )
    held = reason(*case, "gmr", "Local Government", 3)
    assert "Uniroyal (drop “accept” and take “abandon”)" in words(*case, held)
    content = reason(*case, "nash", "MoE", "00100")
    assert content.path == ()
    assert words(*case, content) == "MoE stays in 00100: it can move to nothing it prefers."


def test_an_escape_is_told():
    # Row leaves 00 for 10; column answers with 11, from where row escapes to 01.
    rank = np.array([[1, 2, 2, 0], [0, 0, 0, 0]], dtype=np.int32)
    conflict, _ = PRISONERS
    found = reason(conflict, Preferences(rank), "smr", 0, "00")
    (one,) = found.improvements
    assert (one.sanction, one.escaped, one.escape) == (None, Sanction(3, ((1, 3),)), 2)
    assert "But from 11 it could drop “move-0”, and so reach 01, which it prefers." in words(
        conflict, Preferences(rank), found
    )


def test_wrong_names_are_refused():
    with pytest.raises(CallError, match=r"There is no concept 'gmrr' here. Did you mean 'gmr'"):
        reason(*elmira(), "gmrr", "MoE", 0)
    with pytest.raises(CallError, match="There is no actor 'MoF'"):
        reason(*elmira(), "gmr", "MoF", 0)
    with pytest.raises(CallError, match="is no state"):
        reason(*elmira(), "gmr", "MoE", "012")
    assert set(CONCEPTS) >= set(DETERRED)


def test_local_government_is_held_by_uniroyal():
    """At 4 only Uniroyal, who abandons, punishes insisting; at 1 the Ministry could, too."""
    found = who_deters_whom(*elmira())["needed_count"].sel(concept="gmr")
    assert found.sel(actor="Local Government").values.tolist() == [0, 1, 0]
    assert found.sel(actor=["MoE", "Uniroyal"]).values.sum() == 0


@given(told(most_states=12, most_actors=4))
def test_who_is_needed_is_without_whom_nothing_deters(case):
    plain = game_of(*case)
    steps = {"gmr": lambda j, at: plain.moves[j][at], "seq": plain.improvements}
    found = who_deters_whom(*case, concepts=tuple(steps))
    at_rest = stability(*case)["is_equilibrium"]

    def is_punished(i, s, q, movers, concept):
        return any(not plain.better(i, r, s) for r in reached(steps[concept], movers, q))

    for concept, i in product(steps, plain.everyone):
        states = np.flatnonzero(at_rest.sel(concept=concept).values).tolist()
        ways = [(s, q) for s in states for q in plain.improvements(i, s)]
        one = found.sel(concept=concept).isel(actor=i)
        assert int(one["deterred_count"]) == len(ways)
        for o in plain.others(i):
            rest = [j for j in plain.others(i) if j != o]
            many = sum(not is_punished(i, s, q, rest, concept) for s, q in ways)
            assert int(one["needed_count"][o]) == many
