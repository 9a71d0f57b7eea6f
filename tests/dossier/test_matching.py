"""Two codings matched one to one, as well as any matching can be, and one coding made of both."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dossier.test_review import WHOLE

from westphalia.dossier.matching import curating, decided, match, overlap
from westphalia.dossier.review import Action, Coding, Entry, History, changes
from westphalia.dossier.schema import Statement
from westphalia.errors import CallError


def coded(name: str, start: int, end: int, **fields: Any) -> Statement:
    return Statement.model_validate({**WHOLE, "id": name, "span": {"start": start, "end": end}, **fields})


def test_half_of_what_both_cover_must_be_in_both() -> None:
    assert overlap(coded("a", 0, 10), coded("b", 5, 10)) == 0.5
    assert overlap(coded("a", 0, 10), coded("b", 10, 12)) == 0.0
    assert overlap(coded("a", 0, 10), coded("b", 0, 10, source="other")) == 0.0
    assert overlap(coded("a", 0, 10), Statement.model_validate({**WHOLE, "id": "b", "span": None})) == 0.0
    [pair] = match([coded("a", 0, 10)], [coded("b", 5, 10)])
    assert (pair.overlap, pair.is_agreed) == (0.5, True)
    assert len(match([coded("a", 0, 11)], [coded("b", 5, 10)])) == 2


def test_a_better_matching_of_all_goes_before_the_best_single_pair() -> None:
    first = [coded("a", 0, 100), coded("b", 10, 120)]
    second = [coded("x", 8, 104), coded("y", 40, 121)]
    pairs = {(one.first.id, one.second.id) for one in match(first, second) if one.first and one.second}
    # x fits both, y only b: greedy by overlap would give x to a as well, but b-x is nearly as good.
    assert pairs == {("a", "x"), ("b", "y")}


def test_a_difference_in_kind_is_one_pair_that_differs_not_two_statements_missing() -> None:
    [pair] = match([coded("a", 0, 10)], [coded("x", 0, 9, kind="threat", mode="indirect")])
    assert (pair.differing, pair.is_agreed) == (("mode", "kind"), False)
    pairs = match([coded("a", 0, 10)], [coded("x", 0, 10, kind="threat"), coded("y", 0, 6)])
    assert [(one.first and one.first.id, one.second and one.second.id) for one in pairs] == [
        ("a", "y"),
        (None, "x"),
    ]


def test_the_list_is_in_the_order_of_the_text_and_holds_everybody_once() -> None:
    first = [coded("a", 50, 60), coded("b", 0, 10), coded("c", 20, 30)]
    second = [coded("x", 21, 30), coded("y", 90, 99), coded("z", 5, 30)]
    pairs = match(first, second)
    assert [(one.first or one.second).id for one in pairs] == ["b", "z", "c", "a", "y"]


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 15), st.sampled_from(["demand", "threat"]))
CODED = st.lists(SPANS, max_size=5).map(
    lambda spans: [coded(f"s{at}", a, a + length, kind=kind) for at, (a, length, kind) in enumerate(spans)]
)


@settings(max_examples=150, deadline=None)
@given(CODED, CODED)
def test_no_other_matching_within_a_kind_has_more_pairs_or_fits_better(first, second) -> None:
    def worth(pairs) -> tuple[int, float]:
        shares = [overlap(one, other) for one, other in pairs]
        return len(shares), round(sum(shares), 9)

    found = [(one.first, one.second) for one in match(first, second) if one.first and one.second]
    best = (0, 0.0)
    padded = [*second, *[None] * len(first)]
    for order in (
        set(permutations(range(len(padded)), len(first))) if len(first) < 4 and len(second) < 4 else ()
    ):
        chosen = [
            (one, padded[at])
            for one, at in zip(first, order, strict=True)
            if padded[at] is not None and one.kind == padded[at].kind and overlap(one, padded[at]) >= 0.5
        ]
        best = max(best, worth(chosen))
    same = [pair for pair in found if pair[0].kind == pair[1].kind]
    assert worth(same) >= best
    assert all(overlap(*pair) >= 0.5 for pair in found)
    ids = [[one.id for one in side] for side in zip(*found, strict=True)]
    assert all(len(set(side)) == len(side) for side in ids)
    swapped = match(second, first)
    assert sum(bool(one.first and one.second) for one in swapped) == len(found)


def test_many_statements_are_matched_fast() -> None:
    first = [coded(f"a{at}", 50 * at, 50 * at + 60) for at in range(3000)]
    second = [coded(f"b{at}", 50 * at + 3, 50 * at + 60) for at in range(3000)]
    pairs = match(first, second)
    assert sum(bool(one.first and one.second) for one in pairs) == 3000


def test_a_least_overlap_of_nothing_is_refused() -> None:
    with pytest.raises(CallError, match="0 is no least overlap"):
        match([], [], least=0)


# --- curation ------------------------------------------------------------------------------------------


def coding(coder: str, *entries: tuple[str, int, int, dict[str, Any]]) -> Coding:
    return Coding(
        {
            name: Entry(
                id=name,
                status="accepted",
                fields={**WHOLE, "span": {"start": start, "end": end}, "coder": coder, **fields},
            )
            for name, start, end, fields in entries
        }
    )


def curated() -> History:
    first = coding("anna", ("s1", 0, 10, {}), ("s2", 20, 30, {}), ("s3", 50, 60, {}))
    second = coding("bert", ("s1", 0, 10, {}), ("s2", 20, 30, {"kind": "threat"}))
    sides = [
        [Statement.model_validate({**one.fields, "id": one.id}) for one in each] for each in (first, second)
    ]
    history = History()
    for action in curating(first, second, match(*sides), "cora"):
        history.do(action)
    return history


def test_what_agrees_becomes_one_and_the_rest_waits_for_the_curator() -> None:
    history = curated()
    [agreed] = history.coding.of_status("accepted")
    assert (agreed.coder, agreed.why) == ("cora", "s1 and s1-2")
    assert [(one.id, one.coder) for one in history.coding.of_status("suggested")] == [
        ("s2", "anna"),
        ("s2-2", "bert"),
        ("s3", "anna"),
    ]


@pytest.mark.parametrize(
    ("choice", "kinds", "statuses"),
    [
        ("first", ["demand"], ["accepted"]),
        ("second", ["threat"], ["accepted"]),
        ("disputed", ["demand", "threat"], ["disputed", "disputed"]),
        ("neither", [], []),
    ],
)
def test_a_curator_settles_a_pair_and_can_undo_it(choice, kinds, statuses) -> None:
    history = curated()
    before = history.coding
    history.do(decided(history.coding, "s2", "s2-2", choice, "cora"))
    counting = [one for one in history.coding.of_status("accepted", "disputed") if one.place[1] == 20]
    assert [one.fields["kind"] for one in counting] == kinds
    assert [one.status for one in counting] == statuses
    written = [change.tree for change in changes((), history.coding)]
    assert len(written) == 1 + len(kinds)
    history.do(Action(verb="undo", coder="cora"))
    assert history.coding == before
