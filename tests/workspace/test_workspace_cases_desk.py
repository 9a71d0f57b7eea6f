"""What a coder decides at the desk of a case is in journal, case and history, whatever dies in between."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from westphalia.dossier.review import Action, Entry
from westphalia.errors import CallError
from westphalia.workspace.cases import Cases
from westphalia.workspace.desks import opened
from westphalia.workspace.edits import Edit


def titled(cases, title):
    edits = [Edit("set", "title", title)]
    return cases.change("peace", cases.held("peace").digest, edits, by="anna", why="the title")


def statement(name, **more):
    fields = {"source": "report", "speaker": "south", "mode": "quote", "kind": "fact", "gloss": "It rains."}
    return Entry(id=name, status="accepted", fields={**fields, **more})


def adding(name):
    return Action(verb="add", coder="anna", entries=(statement(name),))


def test_what_is_done_at_a_desk_is_a_version_of_the_case(cases, folder):
    with cases.desk("peace") as desk:
        desk.do(adding("s2"))
    assert cases.document("peace") is desk.document
    assert "s2" in cases.document("peace").case.statement
    version = cases.history("peace").last
    assert (version.by, version.why, version.digest) == ("anna", "coding", desk.document.file_digest)
    with cases.desk("peace", by="bert", why="taken back") as desk:
        desk.undo()
    assert (cases.history("peace").last.by, cases.history("peace").last.why) == ("bert", "taken back")
    assert "s2" not in cases.document("peace").case.statement


def test_what_was_done_before_an_error_at_a_desk_stays(cases):
    def twice():
        with cases.desk("peace") as desk:
            desk.do(adding("s2"))
            desk.do(adding("s2"))

    with pytest.raises(CallError, match="s2"):
        twice()
    assert "s2" in cases.document("peace").case.statement
    assert cases.history("peace").last.by == "anna"


def test_nobody_changes_a_case_while_its_desk_is_open(cases):
    order = []
    with ThreadPoolExecutor(1) as pool:
        with cases.desk("peace") as desk:
            waiting = pool.submit(lambda: (titled(cases, "Later"), order.append("title")))
            time.sleep(0.05)
            desk.do(adding("s2"))
            order.append("desk")
        waiting.result()
    assert order == ["desk", "title"]
    assert "s2" in cases.document("peace").case.statement


@pytest.mark.parametrize("is_saved", [False, True])
def test_a_decision_that_a_crash_kept_out_of_the_case_is_finished(cases, folder, is_saved):
    with cases.desk("peace") as desk:
        desk.do(adding("s2"))
    # The desk of a process that died: its mark stays, the journal is ahead of the case.
    desk = opened(cases.document("peace"), folder / ".westphalia" / "desks" / "peace")
    if is_saved:
        desk.do(adding("s3"))
    else:
        desk.journal.do(adding("s3"))
    again = Cases(folder)
    assert ("s3" in again.document("peace").case.statement) is is_saved
    with again.desk("peace"):
        pass
    assert set(again.document("peace").case.statement) == {"s1", "s2", "s3"}
    assert not (folder / ".westphalia" / "desks" / "peace").exists()


def test_a_removal_that_a_crash_kept_out_of_the_case_is_finished(cases, folder):
    with cases.desk("peace") as desk:
        desk.do(adding("s2"))
    desk = opened(cases.document("peace"), folder / ".westphalia" / "desks" / "peace")
    desk.journal.do(Action(verb="undo", coder="anna"))
    with Cases(folder).desk("peace"):
        pass
    assert set(Cases(folder).document("peace").case.statement) == {"s1"}


def test_what_was_changed_by_hand_after_a_crash_is_left_alone(cases, folder):
    with cases.desk("peace") as desk:
        desk.do(adding("s2"))
    desk = opened(cases.document("peace"), folder / ".westphalia" / "desks" / "peace")
    desk.journal.do(Action(verb="reject", coder="anna", targets=("s2",)))
    base = cases.held("peace").digest
    cases.change("peace", base, [Edit("set", "statements.s2.gloss", "It pours.")], by="bert", why="")
    with Cases(folder).desk("peace"):
        pass
    assert str(Cases(folder).document("peace").case.statement["s2"].gloss) == "It pours."
