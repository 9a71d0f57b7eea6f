"""Wishes and rankings put in another order: places go with the order, comments with the wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from westphalia.case.document import Document, parse, read
from westphalia.errors import CallError
from westphalia.workspace.wishes import exchanged, in_order

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"

CASE = """\
westphalia: 1
id: two
title: Two
question: Who gives way?
date: 2024
actors:
  - {id: a, name: A, kind: state, assumption: x}
  - {id: b, name: B, kind: state, assumption: x}
issues:
  - {id: q, question: Q, scale: {0: none, 100: all}, assumption: x}
stands:
  a: {q: {position: 100, salience: 0.5, assumption: x}}
  b: {q: {position: 0, salience: 0.5, assumption: x}}
capability: {a: {value: 1, assumption: x}, b: {value: 1, assumption: x}}
moves:
  - {id: press, actor: a, kind: threat, content: Press, is_taken: false, assumption: x}
  - {id: yield, actor: b, kind: concession, content: Yield, is_taken: false, assumption: x}
stability:
  preferences:
    a:
      priorities:
        - that: yield  # what it is about
          assumption: x
        # only if need be
        - {that: not press, assumption: x, place: {low: 1, high: 4}}
        - {that: press if not yield, assumption: x}
    b:
      ranking: ["10", "00", ["01", "11"]]
      assumption: x
"""


def order(document: Document, actor: str) -> list[str]:
    assert document.case.stability is not None
    return [item.says for item in in_order(document.case.stability.preferences[actor])]


def test_neighbours_change_places_and_their_comments_go_with_them() -> None:
    before = parse(CASE)
    assert order(before, "a") == ["yield", "not press", "press if not yield"]
    after = parse(exchanged(before, "a", 0, "yield", is_down=True))
    assert order(after, "a") == ["not press", "yield", "press if not yield"]
    assert "- that: yield  # what it is about" in after.text
    assert after.text.index("# only if need be") < after.text.index("not press")


def test_a_place_that_is_stated_stays_where_it_was() -> None:
    after = parse(exchanged(parse(CASE), "a", 1, "not press", is_down=False))
    places = [wish.get("place") for wish in after.tree["stability"]["preferences"]["a"]["priorities"]]
    assert places == [None, {"low": 1, "high": 4}, None]


def test_there_and_back_is_the_same_case() -> None:
    before = read(FLAGSHIP)
    first = order(before, "usa")
    once = parse(exchanged(before, "usa", 1, first[1], is_down=True))
    assert order(once, "usa") == [first[0], first[2], first[1], *first[3:]]
    at = in_order(once.case.stability.preferences["usa"])[2]  # type: ignore[union-attr]
    again = parse(exchanged(once, "usa", at.at, at.says, is_down=False))
    assert again.tree == before.tree


def test_a_ranking_in_one_line_is_put_in_another_order() -> None:
    after = parse(exchanged(parse(CASE), "b", 2, "01 11", is_down=False))
    assert after.tree["stability"]["preferences"]["b"]["ranking"] == ["10", ["01", "11"], "00"]


def test_at_an_end_nothing_changes() -> None:
    before = parse(CASE)
    assert exchanged(before, "a", 0, "yield", is_down=False) == CASE
    assert exchanged(before, "b", 2, "01 11", is_down=True) == CASE


def test_what_is_no_longer_there_is_not_moved() -> None:
    with pytest.raises(CallError, match="changed meanwhile"):
        exchanged(parse(CASE), "a", 0, "not press", is_down=True)
    with pytest.raises(CallError, match="no list of wishes"):
        exchanged(parse(CASE), "c", 0, "yield", is_down=True)
