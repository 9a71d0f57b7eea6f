"""Decisions by id: on suggestions, on what the case has, on stretches one marks; and the way to and fro."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.runs.coding_cases import CASE, case_in, text_in

from westphalia.api import read
from westphalia.dossier.anchors import anchor
from westphalia.dossier.glosses import without_words
from westphalia.dossier.review import Coding
from westphalia.dossier.schema import Span, Statement
from westphalia.errors import CallError, CaseError, WestphaliaError
from westphalia.runs.coding import Suggestions
from westphalia.runs.coding_compare import coders, compare
from westphalia.runs.coding_decisions import Desk
from westphalia.runs.coding_entries import Cut
from westphalia.runs.coding_source import with_source

SAID = {"speaker": "okar", "mode": "indirect", "kind": "promise"}


@pytest.fixture
def found(tmp_path: Path) -> Suggestions:
    case_in(tmp_path)
    return read(tmp_path / "case.yaml").code(text_in(tmp_path))


@pytest.fixture
def desk(found: Suggestions, tmp_path: Path) -> Desk:
    made = Desk(with_source(read(tmp_path / "case.yaml").document, found.source, found.text))
    made.keep()
    return made


def anew(desk: Desk) -> Desk:
    """Return the desk as another program finds it: case and journal read from their files."""
    return Desk(read(str(desk.document.path)).document)


def raw(desk: Desk) -> bytes:
    return Path(str(desk.document.path)).read_bytes()


def state(desk: Desk) -> tuple[dict[str, Statement], Coding]:
    """Return the statements of the case and the journal's coding, once checked to be those of the files."""
    other = anew(desk)
    assert (other.document.case, other.journal.coding) == (desk.document.case, desk.journal.coding)
    return desk.document.case.statement, desk.journal.coding


def at(found: Suggestions, words: str) -> Cut:
    start = found.text.text.index(words)
    return Cut(start, start + len(words), SAID)


def id_of(found: Suggestions, words: str) -> str:
    cut = at(found, words)
    [one] = [one for one in found.statements if one.entry.place[1:3] == (cut.start, cut.end)]
    return one.entry.id


def held(desk: Desk, name: str) -> Statement:
    return read(str(desk.document.path)).file.statement[name]


def test_a_suggestion_is_accepted_with_what_the_coder_says_of_it_in_one_step(
    desk: Desk, found: Suggestions
) -> None:
    before, name = raw(desk), id_of(found, "that the ferry is late")
    with pytest.raises(CallError, match="no speaker"):
        desk.accept([name], "anna", found=found)
    assert (raw(desk), desk.can_undo) == (before, False)
    desk.accept([name], "anna", found=found, fields={"speaker": "brandt", "kind": "evaluation"})
    one = held(desk, name)
    assert (one.speaker, one.kind, one.coder, one.status) == ("brandt", "evaluation", "anna", "accepted")
    assert without_words([one]) == (one,)
    desk.change(name, {"gloss": "The ferry is not on time."}, "anna")
    assert without_words([held(desk, name)]) == ()
    desk.undo()
    desk.undo()
    assert (raw(desk), desk.can_undo, desk.can_redo) == (before, False, True)
    assert desk.left(found) == list(found.statements)


def test_what_was_undone_is_done_again_by_another_program(desk: Desk, found: Suggestions) -> None:
    names = [id_of(found, "that the harbour stays open"), "s1"]
    desk.accept(names[:1], "anna", found=found)
    desk.dispute(names, "bert", why="not what she said")
    after = raw(desk)
    assert {held(desk, name).status for name in names} == {"disputed"}
    desk.undo()
    desk.undo()
    other = anew(desk)
    assert other.can_redo
    other.redo()
    other.redo()
    assert raw(other) == after
    with pytest.raises(CallError, match="nothing to redo"):
        other.redo()


DECISIONS: list[Callable[[Desk, Suggestions], Any]] = [
    lambda desk, _: desk.reject(["s1"], "bert"),
    lambda desk, _: desk.dispute(["s1"], "bert", fields={"note": "doubtful"}),
    lambda desk, _: desk.change("s1", {"kind": "offer"}, "bert"),
    lambda desk, found: desk.merge(
        [one.entry.id for one in found.statements[:2]], found.text.text, "bert", found=found
    ),
    lambda desk, found: desk.split(
        id_of(found, "that the harbour stays open"),
        [at(found, "the harbour"), at(found, "stays open")],
        found.text.text,
        "bert",
        found=found,
    ),
    lambda desk, found: desk.reject([found.statements[0].entry.id], "bert", found=found),
    lambda desk, found: desk.change(found.statements[0].entry.id, {"kind": "offer"}, "bert", found=found),
    lambda desk, found: desk.add(
        [desk.new_entry("report", found.text.text, at(found, "It rained on the coast"))], "bert"
    ),
]


@pytest.mark.parametrize("decide", DECISIONS)
def test_undo_of_any_decision_gives_journal_and_case_from_before_and_redo_those_after(
    desk: Desk, found: Suggestions, decide: Callable[[Desk, Suggestions], Any]
) -> None:
    before = state(desk)
    decide(desk, found)
    after = state(desk)
    assert after != before
    desk.undo()
    assert state(desk) == before
    desk.redo()
    assert state(desk) == after


def test_a_marked_stretch_becomes_a_statement_with_a_span_that_holds(desk: Desk, found: Suggestions) -> None:
    text, cut = found.text.text, at(found, "the ferry is late")
    one = desk.new_entry("report", text, Cut(cut.start, cut.end, {**SAID, "gloss": "It comes late."}))
    desk.add([one], "anna")
    again = desk.new_entry("report", text, cut)
    assert (one.id, again.id) == (f"report-{cut.start}-{cut.end}", f"report-{cut.start}-{cut.end}-2")
    made = held(desk, one.id)
    assert (str(made.gloss), made.coder, made.kind) == ("It comes late.", "anna", "promise")
    assert made.span is not None
    assert anchor(made.span, text).state == "exact"


def test_a_split_keeps_what_the_whole_said_and_a_merge_covers_all_of_it(
    desk: Desk, found: Suggestions
) -> None:
    text, name = found.text.text, id_of(found, "that the harbour stays open")
    desk.accept([name], "anna", found=found, fields={"gloss": "Open harbour.", "addressee": ["south"]})
    cuts = [at(found, "that the harbour"), Cut(at(found, "stays open").start, at(found, "stays open").end)]
    edits = desk.split(name, cuts, text, "anna")
    parts = [held(desk, edit.id) for edit in edits if edit.before is None]
    assert [(one.kind, one.addressee, one.speaker) for one in parts] == [
        ("promise", ("south",), "okar"),
        ("fact", ("south",), "okar"),
    ]
    assert without_words(parts) == tuple(parts)
    assert name not in desk.document.case.statement
    *_, whole = desk.merge([one.id for one in parts], text, "anna", fields={"gloss": "All of it."})
    made = held(desk, whole.id)
    assert isinstance(made.span, Span)
    assert text[made.span.start : made.span.end] == "that the harbour stays open"
    assert (made.kind, str(made.gloss), made.status) == ("promise", "All of it.", "accepted")


def test_what_was_changed_by_hand_since_keeps_the_change(desk: Desk, found: Suggestions) -> None:
    name, path = id_of(found, "that the harbour stays open"), Path(str(desk.document.path))
    desk.accept([name], "anna", found=found)
    path.write_text(path.read_text("utf-8").replace("Line 1: not yet in words.", "It stays open."), "utf-8")
    desk = anew(desk)
    desk.change(name, {"kind": "promise"}, "anna")
    assert (held(desk, name).kind, str(held(desk, name).gloss)) == ("promise", "It stays open.")
    desk.undo()
    assert (held(desk, name).kind, str(held(desk, name).gloss)) == ("fact", "It stays open.")
    with pytest.raises(CallError, match="was changed in the case file since"):
        desk.undo()


def test_a_suggestion_that_stands_in_the_case_goes_back_to_it(tmp_path: Path) -> None:
    desk = Desk(read(case_in(tmp_path, CASE + "    status: suggested\n")).document)
    desk.accept(["s1"], "anna")
    assert held(desk, "s1").status == "accepted"
    desk.undo()
    assert held(desk, "s1").status == "suggested"


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (lambda desk, _: desk.accept(["s2"], "anna"), "There is no statement 's2'."),
        (lambda desk, _: desk.accept([], "anna"), "'accept' takes 1 or more targets, not 0."),
        (lambda desk, _: desk.accept(["s1", "s1"], "anna"), "names every entry once"),
        (lambda desk, _: desk.accept(["s1"], ""), "at least 1 character"),
        (lambda desk, _: desk.change("s1", {}, "anna"), "'change' needs fields."),
        (lambda desk, _: desk.change("s1", {"speeker": "okar"}, "anna"), "Did you mean 'speaker'?"),
        (lambda desk, _: desk.change("s1", {"speaker": "nobody"}, "anna"), "nobody"),
        (lambda desk, _: desk.change("s1", {"kind": "wish"}, "anna"), "kind: Input should be"),
        (lambda desk, _: desk.merge(["s1"], "", "anna"), "These cannot be one statement."),
        (
            lambda desk, _: desk.split("s1", [Cut(0, 1)], "words", "anna"),
            "'split' takes 2 or more new entries",
        ),
        (lambda desk, _: desk.split("s1", [Cut(0, 9)] * 2, "words", "anna"), "does not lie within the text"),
        (lambda desk, _: desk.new_entry("reprot", "words", Cut(0, 5)), "The case has no source 'reprot'."),
        (lambda desk, _: desk.new_entry("report", "words", Cut(3, 3)), "does not lie within the text"),
        (lambda desk, _: desk.new_entry("report", "words", Cut(0, 5, {"kynd": "x"})), "Did you mean 'kind'?"),
        (lambda desk, found: desk.reject([found.statements[0].entry.id], "anna"), "There is no statement"),
        (lambda desk, _: desk.undo(), "There is nothing to undo."),
        (lambda desk, _: desk.redo(), "There is nothing to redo."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: Desk, found: Suggestions, decide: Callable[[Desk, Suggestions], Any], message: str
) -> None:
    before = raw(desk)
    with pytest.raises((CallError, CaseError)) as caught:
        decide(desk, found)
    assert isinstance(caught.value, WestphaliaError)
    told = caught.value.findings if isinstance(caught.value, CaseError) else [caught.value]
    assert message in " ".join(f"{one.message} {one.hint}" for one in told)
    assert (raw(desk), desk.can_undo) == (before, False)


def test_undo_leaves_a_source_and_says_so_once_nothing_is_from_it(desk: Desk, found: Suggestions) -> None:
    names = [one.entry.id for one in found.statements if not one.questions]
    desk.accept(names[:1], "anna", found=found)
    desk.accept(names[1:2], "anna", found=found)
    assert desk.bare_sources(desk.undo()) == []
    assert desk.bare_sources(desk.undo()) == ["report"]
    assert "report" in desk.document.case.source


# --- two coders --------------------------------------------------------------------------------


def two_coders(desk: Desk, found: Suggestions) -> None:
    """Let anna accept what is sure, and bert code the same places, one of them otherwise."""
    sure = [one for one in found.statements if not one.questions and one.entry.tier == "sure"]
    desk.accept([one.entry.id for one in sure], "anna", found=found)
    kinds = ["fact", "promise"]
    for one, kind in zip(sure, kinds, strict=True):
        _, start, end, _ = one.entry.place
        fields = {**one.entry.fields, "kind": kind}
        del fields["span"], fields["source"]
        desk.add([desk.new_entry("report", found.text.text, Cut(start, end, fields))], "bert")


def test_two_coders_stand_side_by_side_and_become_one(desk: Desk, found: Suggestions) -> None:
    two_coders(desk, found)
    case = desk.document.case
    assert coders(case) == {"anna": 2, "bert": 2}
    compared = compare(case, "anna", "bert")
    assert [(one.is_agreed, one.differing) for one in compared.pairs] == [(True, ()), (False, ("kind",))]
    assert (compared.score.f1, compared.score_any_kind.f1) == (0.5, 1.0)
    before = raw(desk)
    desk.agree(compared.pairs, "cora")
    assert coders(desk.document.case) == {"anna": 1, "bert": 1, "cora": 1}
    [left] = compare(desk.document.case, "anna", "bert").pairs
    assert left.first is not None
    assert left.second is not None
    desk.settle(left.first.id, left.second.id, "second", "cora")
    assert coders(desk.document.case) == {"cora": 2}
    assert {one.kind for one in desk.document.case.statements if one.coder == "cora"} == {"fact", "promise"}
    desk.undo()
    desk.undo()
    assert sorted(raw(desk).splitlines()) == sorted(before.splitlines())


@pytest.mark.parametrize(("choice", "statuses"), [("disputed", {"disputed"}), ("neither", set())])
def test_a_pair_may_stay_disputed_or_be_given_up(
    desk: Desk, found: Suggestions, choice: Any, statuses: set[str]
) -> None:
    two_coders(desk, found)
    pair = compare(desk.document.case, "anna", "bert").pairs[1]
    assert pair.first is not None
    assert pair.second is not None
    names = pair.first.id, pair.second.id
    desk.settle(*names, choice, "cora")
    found_there = {one.status for one in desk.document.case.statements if one.id in names}
    assert found_there == statuses


def test_coders_that_are_not_there_are_named(desk: Desk) -> None:
    with pytest.raises(CallError, match="A coder is compared with another"):
        compare(desk.document.case, "anna", "anna")
    with pytest.raises(CallError, match="No statement was coded by 'anna'"):
        compare(desk.document.case, "anna", "bert")
