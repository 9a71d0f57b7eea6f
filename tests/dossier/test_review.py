"""Actions on a coding, undo and redo of any of them, and what goes into the case file."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.dossier.review import (
    Action,
    Coding,
    Edit,
    Entry,
    History,
    apply,
    changes,
    entries_of,
    statement_of,
)
from westphalia.errors import CallError

WHOLE: dict[str, Any] = {
    "source": "report",
    "span": {"start": 4, "end": 20},
    "speaker": "north",
    "mode": "quote",
    "kind": "demand",
    "gloss": "North wants the valley.",
}


def entry(name: str, **fields: Any) -> Entry:
    return Entry(id=name, fields={**WHOLE, **fields})


def added(*entries: Entry) -> History:
    history = History()
    history.do(Action(verb="add", coder="anna", entries=entries))
    return history


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
PARTIAL = st.builds(
    lambda name, is_whole, start: Entry(
        id=name, fields={**(WHOLE if is_whole else {"source": "report"}), "span": {"start": start, "end": 30}}
    ),
    NAMES,
    st.booleans(),
    st.integers(0, 20),
)
FEW = st.lists(PARTIAL, min_size=1, max_size=3)


@st.composite
def actions(draw) -> Action | None:
    verb = draw(
        st.sampled_from(
            ["add", "remove", "change", "accept", "reject", "dispute", "split", "merge", "undo", "redo"]
        )
    )
    targets = () if verb in ("add", "undo", "redo") else tuple(draw(st.lists(NAMES, min_size=1, max_size=3)))
    entries = tuple(draw(FEW)) if verb in ("add", "split", "merge") else ()
    fields = (
        draw(st.sampled_from([{"kind": "offer"}, {"note": "x"}, {"speaker": None}]))
        if verb == "change"
        else {}
    )
    try:
        return Action(verb=verb, coder="anna", targets=targets, entries=entries, fields=fields)
    except pydantic.ValidationError:
        return None


@settings(max_examples=200, deadline=None)
@given(st.lists(actions(), max_size=25))
def test_undo_after_any_actions_gives_each_former_state_and_redo_the_later_ones(drawn) -> None:
    history, states = History(), [Coding()]
    for action in drawn:
        if action is None or action.verb in ("undo", "redo"):
            continue
        before = history.coding
        try:
            history.do(action)
        except CallError:
            assert history.coding == before
            continue
        states.append(history.coding)
    undo, redo = (Action(verb=verb, coder="anna") for verb in ("undo", "redo"))
    for state in reversed(states[:-1]):
        history.do(undo)
        assert history.coding == state
    assert not history.can_undo
    with pytest.raises(CallError, match="nothing to undo"):
        history.do(undo)
    for state in states[1:]:
        history.do(redo)
        assert history.coding == state
    assert not history.can_redo


@settings(max_examples=200, deadline=None)
@given(st.lists(actions(), max_size=25))
def test_undo_and_redo_among_other_actions_agree_with_a_list_of_states(drawn) -> None:
    history, states, at = History(), [Coding()], 0
    for action in drawn:
        if action is None:
            continue
        try:
            history.do(action)
        except CallError:
            continue
        if action.verb in ("undo", "redo"):
            at += 1 if action.verb == "redo" else -1
        else:
            states[at + 1 :] = [history.coding]
            at += 1
        assert history.coding == states[at]
        assert (history.can_undo, history.can_redo) == (at > 0, at < len(states) - 1)


def test_a_new_action_forgets_what_was_undone() -> None:
    history = added(entry("a"))
    history.do(Action(verb="undo", coder="anna"))
    history.do(Action(verb="add", coder="anna", entries=(entry("b"),)))
    with pytest.raises(CallError, match="nothing to redo"):
        history.do(Action(verb="redo", coder="anna"))


def test_accepting_signs_a_suggestion_and_keeps_a_coder_that_is_there() -> None:
    history = added(entry("a"), entry("b", coder="bert"))
    assert history.coding.entry("a").coder is None
    edits = history.do(Action(verb="accept", coder="anna", targets=("a", "b")))
    assert [edit.id for edit in edits] == ["a", "b"]
    assert [one.coder for one in history.coding.of_status("accepted")] == ["anna", "bert"]


def test_what_is_not_whole_cannot_be_accepted_and_says_what_it_lacks() -> None:
    part = Entry(id="a", fields={"source": "report", "mode": "shouted"})
    history = added(part)
    with pytest.raises(CallError) as caught:
        history.do(Action(verb="accept", coder="anna", targets=("a",)))
    assert "It has no speaker kind gloss." in caught.value.message.replace(",", "")
    assert "mode: " in caught.value.message
    assert history.coding == Coding({"a": part})


def test_an_accepted_statement_cannot_be_changed_into_a_broken_one() -> None:
    history = added(entry("a"))
    history.do(Action(verb="accept", coder="anna", targets=("a",)))
    with pytest.raises(CallError, match="has no gloss"):
        history.do(Action(verb="change", coder="anna", targets=("a",), fields={"gloss": None}))
    assert statement_of(history.coding.entry("a")).kind == "demand"


def test_splitting_and_merging_leave_the_old_ids_taken() -> None:
    history = added(entry("a"), entry("b"))
    history.do(Action(verb="split", coder="anna", targets=("a",), entries=(entry("a1"), entry("a2"))))
    history.do(Action(verb="merge", coder="anna", targets=("a2", "b"), entries=(entry("c"),)))
    assert [one.id for one in history.coding] == ["a1", "c"]
    with pytest.raises(CallError, match="There is a statement 'a'"):
        history.do(Action(verb="add", coder="anna", entries=(entry("a"),)))
    with pytest.raises(CallError, match="'b' is gone"):
        history.do(Action(verb="accept", coder="anna", targets=("b",)))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (
            {"verb": "merge", "targets": ["a"], "entries": [{"id": "b"}]},
            "'merge' takes 2 or more targets, not 1.",
        ),
        (
            {"verb": "split", "targets": ["a"], "entries": [{"id": "b"}]},
            "'split' takes 2 or more new entries",
        ),
        ({"verb": "change", "targets": ["a"]}, "'change' needs fields"),
        ({"verb": "reject", "targets": ["a"], "fields": {"kind": "fact"}}, "'reject' takes no fields"),
        ({"verb": "accept", "targets": ["a"], "taken": [{"id": "b"}]}, "its own targets, each once"),
        ({"verb": "accept", "targets": ["a"], "taken": [{"id": "a"}] * 2}, "its own targets, each once"),
        ({"verb": "accept", "targets": ["a", "a"]}, "names every entry once"),
        ({"verb": "change", "targets": ["a"], "fields": {"speeker": "x"}}, "Did you mean 'speaker'?"),
        ({"verb": "change", "targets": ["a"], "fields": {"status": "accepted"}}, "no field 'status'"),
        ({"verb": "add", "entries": [{"id": "a", "is_gone": True}]}, "brings none that is gone"),
    ],
)
def test_an_action_of_the_wrong_shape_is_refused(action, words) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        Action(coder="anna", **action)
    assert words in str(caught.value)


def test_what_an_action_takes_up_is_forgotten_when_it_is_undone() -> None:
    history = added(entry("a"))
    before = history.coding
    taken = (entry("a", kind="offer"), Entry(id="b", status="accepted", fields=WHOLE, rule="case"))
    edits = history.do(
        Action(verb="dispute", coder="bert", targets=("a", "b"), taken=taken, fields={"note": "x"})
    )
    assert [(edit.before, edit.is_first) for edit in edits] == [(taken[0], False), (taken[1], True)]
    assert {(one.status, one.fields["note"]) for one in history.coding} == {("disputed", "x")}
    after = history.coding
    assert [edit.after for edit in history.do(Action(verb="undo", coder="bert"))] == [taken[1], taken[0]]
    assert history.coding.entries.keys() == before.entries.keys()
    assert history.coding.entry("a") == taken[0]
    history.do(Action(verb="redo", coder="bert"))
    assert history.coding == after


def test_apply_is_pure_and_undo_needs_a_history() -> None:
    start = Coding()
    coding, edits = apply(start, Action(verb="add", coder="anna", entries=(entry("a"),)))
    assert start == Coding()
    assert edits == (Edit("a", None, entry("a")),)
    with pytest.raises(CallError, match="needs the history"):
        apply(coding, Action(verb="undo", coder="anna"))


def test_changes_write_what_counts_and_take_out_what_was_rejected() -> None:
    trees = [{"id": "old", **WHOLE, "status": "accepted"}, {"id": "bad", **WHOLE}, {"id": "other", **WHOLE}]
    history = added(*entries_of(trees[:2]), entry("new"), entry("maybe"), entry("both"))
    assert changes(trees, Coding()) == ()
    history.do(Action(verb="reject", coder="anna", targets=("bad",)))
    history.do(Action(verb="accept", coder="anna", targets=("new",)))
    history.do(Action(verb="dispute", coder="anna", targets=("both",)))
    found = {change.id: change for change in changes(trees, history.coding)}
    assert set(found) == {"old", "bad", "new", "both"}  # 'old' gets the coder who took it up
    assert found["bad"].tree is None
    assert found["new"].tree == {"id": "new", **WHOLE, "coder": "anna"}
    assert found["both"].tree == {"id": "both", **WHOLE, "coder": "anna", "status": "disputed"}
    assert (found["new"].is_new, found["old"].is_new) == (True, False)
