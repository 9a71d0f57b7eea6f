"""A reviewed coding goes into the case file in one step, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from westphalia.case.coding import apply_coding, coding_changes
from westphalia.case.derive import accounts
from westphalia.case.document import Document, parse, read
from westphalia.case.text.saving import save
from westphalia.dossier.review import Action, Entry, History, entries_of
from westphalia.errors import CaseError, FileError

CASE = """\
westphalia: 1
id: talks   # a note that stays
title: Talks
question: What will be agreed?
date: 2025-02
sources:
  - {id: report, title: A report}
actors:
  - {id: north, name: North, kind: state}
  - {id: south, name: South, kind: state}
issues:
  - {id: tax, question: How high?, scale: {0: none, 100: all}}
stands:
  north: {tax: {position: derived, salience: 1, assumption: so}}
  south: {tax: {position: 80, salience: 1, assumption: so}}
capability:
  north: {value: 1, assumption: so}
  south: {value: 1, assumption: so}
statements:
  # the first
  - id: s1
    source: report
    speaker: north
    mode: quote
    kind: demand
    about: {actor: north, issue: tax, value: 20}
    gloss: North wants little.
"""
NEW: dict[str, Any] = {
    "source": "report",
    "speaker": "north",
    "mode": "indirect",
    "kind": "offer",
    "about": [{"actor": "north", "issue": "tax", "value": 40}],
    "gloss": "North would take more.",
}


def reviewed(document: Document, **fields: Any) -> History:
    history = History()
    held = entries_of(document.tree.get("statements") or ())
    if held:
        history.do(Action(verb="add", coder="anna", entries=held))
    history.do(Action(verb="add", coder="anna", entries=(Entry(id="s2", fields={**NEW, **fields}),)))
    return history


def do(history: History, verb: Any, *targets: str, **more: Any) -> None:
    history.do(Action(verb=verb, coder="anna", targets=targets, **more))


def test_accepted_is_written_suggested_is_not_and_undo_takes_it_out_again() -> None:
    document = parse(CASE)
    history = reviewed(document)
    suggested = apply_coding(document, history.coding)
    assert list(suggested.case.statement) == ["s1"]
    do(history, "accept", "s2")
    accepted = apply_coding(document, history.coding)
    assert list(accepted.case.statement) == ["s1", "s2"]
    assert (accepted.case.statement["s2"].coder, accepted.case.statement["s2"].status) == ("anna", "accepted")
    assert "id: talks   # a note that stays" in accepted.text
    assert "# the first" in accepted.text
    assert coding_changes(accepted, history.coding) == ()
    do(history, "reject", "s2")
    assert list(apply_coding(accepted, history.coding).case.statement) == ["s1"]


def test_a_change_touches_its_line_only() -> None:
    document = parse(CASE)
    history = reviewed(document)
    do(history, "change", "s1", fields={"kind": "threat", "coder": "anna"})
    changed = apply_coding(document, history.coding)
    expected = CASE.replace("kind: demand", "kind: threat") + "    coder: anna\n"
    assert [line for line in changed.text.splitlines() if line] == expected.splitlines()


def test_what_is_rejected_or_only_suggested_is_no_evidence_and_what_is_disputed_is() -> None:
    document = parse(CASE)
    history = reviewed(document)
    do(history, "dispute", "s1", "s2")
    disputed = apply_coding(document, history.coding)
    assert [one.statement for one in accounts(disputed.case, "north", "tax")] == ["s1", "s2"]
    for status in ("suggested", "rejected"):
        marked = disputed.set("statements.1.status", status)
        assert [one.statement for one in accounts(marked.case, "north", "tax")] == ["s1"]


def test_a_case_that_would_be_wrong_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    document = read(path)
    history = reviewed(document, speaker="nroth")
    do(history, "accept", "s2")
    with pytest.raises(CaseError, match="Did you mean 'north'"):
        save(apply_coding(document, history.coding))
    assert path.read_text("utf-8") == CASE
    do(history, "change", "s2", fields={"speaker": "north"})
    saved = save(apply_coding(document, history.coding))
    assert list(read(path).case.statement) == ["s1", "s2"]
    path.write_text(CASE, "utf-8")
    with pytest.raises(FileError, match="changed"):
        save(apply_coding(saved, history.coding))


def test_a_case_without_statements_gets_its_first_ones() -> None:
    document = parse(CASE[: CASE.index("statements:")].replace("position: derived", "position: 20"))
    history = reviewed(document)
    history.do(Action(verb="add", coder="anna", entries=(Entry(id="s3", fields=NEW),)))
    do(history, "accept", "s2", "s3")
    assert list(apply_coding(document, history.coding).case.statement) == ["s2", "s3"]
