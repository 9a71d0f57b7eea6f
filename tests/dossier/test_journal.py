"""The journal gives the coding again, and a crash loses at most the line that was being written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.dossier.test_review import entry

from westphalia.dossier.journal import Journal, journal_file
from westphalia.dossier.review import Action, Coding, Entry
from westphalia.errors import CallError, FileError

ACTIONS = (
    Action(
        verb="add",
        coder="anna",
        entries=(entry("a", gloss="Ünïcode\u2028 🍏"), entry("b"), Entry(id="c")),
        at="2025-02-14T10:00",
    ),
    Action(verb="accept", coder="anna", targets=("a", "b")),
    Action(verb="change", coder="bert", targets=("c",), fields={"note": "two\nlines", "kind": None}),
    Action(verb="undo", coder="anna"),
    Action(verb="split", coder="anna", targets=("b",), entries=(entry("b1"), entry("b2"))),
    Action(verb="undo", coder="anna"),
    Action(verb="redo", coder="anna"),
    Action(verb="reject", coder="anna", targets=("c",), why="no statement"),
)


def written(path: Path) -> list[tuple[int, Coding]]:
    """Write the actions; return how long the file was and how the coding stood after each."""
    journal, states = Journal(path), [(0, Coding())]
    for action in ACTIONS:
        journal.do(action)
        states.append((path.stat().st_size, journal.coding))
    return states


def test_reading_a_journal_gives_the_coding_and_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "peace.journal.jsonl"
    states = written(path)
    again = Journal(path)
    assert (again.coding, again.lost) == (states[-1][1], None)
    again.do(Action(verb="undo", coder="anna"))
    assert again.coding == states[-2][1]
    assert Journal(path).coding == states[-2][1]
    assert len(path.read_text("utf-8").split("\n")) == len(ACTIONS) + 3


def test_a_crash_at_any_byte_loses_at_most_the_unfinished_line_and_says_so(tmp_path: Path) -> None:
    states = written(tmp_path / "whole.jsonl")
    raw = (tmp_path / "whole.jsonl").read_bytes()
    path = tmp_path / "torn.jsonl"
    head = raw.index(b"\n") + 1
    for cut in range(len(raw) + 1):
        path.write_bytes(raw[:cut])
        journal = Journal(path)
        assert journal.coding == [coding for size, coding in states if size <= cut][-1]
        is_whole = cut in (0, head, *(size for size, _ in states))
        assert (journal.lost is None) == is_whole
        assert path.read_bytes() == raw[:cut], "reading never writes"


def test_after_a_crash_the_journal_goes_on_at_the_last_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    states = written(path)
    path.write_bytes(path.read_bytes()[:-7])
    journal = Journal(path)
    assert journal.lost is not None
    assert "bytes of an action are lost, everything before is there" in journal.lost
    journal.do(ACTIONS[-1])
    again = Journal(path)
    assert (again.coding, again.lost) == (states[-1][1], None)


def test_an_action_that_cannot_be_written_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "full.jsonl"
    states = written(path)
    journal, raw = Journal(path), path.read_bytes()
    real = os.write

    def half(handle: int, line: bytes) -> int:
        return real(handle, line[: len(line) // 2])

    monkeypatch.setattr("os.write", half)
    with pytest.raises(FileError, match=r"the disk took only a part of the line.*It was not done"):
        journal.do(Action(verb="undo", coder="anna"))
    monkeypatch.undo()
    assert (journal.coding, path.read_bytes()) == (states[-1][1], raw)
    journal.do(Action(verb="undo", coder="anna"))
    assert Journal(path).coding == states[-2][1]


def test_two_programs_do_not_write_into_one_another(tmp_path: Path) -> None:
    path = tmp_path / "shared.jsonl"
    written(path)
    one, other = Journal(path), Journal(path)
    one.do(Action(verb="undo", coder="anna"))
    with pytest.raises(FileError, match="another program has written to it"):
        other.do(Action(verb="undo", coder="bert"))
    assert Journal(path).coding == one.coding


def test_a_refused_action_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "peace.jsonl"
    journal = Journal(path)
    with pytest.raises(CallError, match="'x' is not here"):
        journal.do(Action(verb="accept", coder="anna", targets=("x",)))
    assert not path.exists()


HEAD = b'{"westphalia-journal": 1}\n'


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"{}\n", 1, "no journal"),
        (b"\x89PNG\n", 1, "no journal"),
        (HEAD + b"{\n" + b'{"verb":"undo","coder":"a"}\n', 2, "it is no JSON"),
        (HEAD + b"[" * 100_000 + b"\n", 2, "it is no JSON"),
        (HEAD + b"\xff\n", 2, "it is no JSON"),
        (HEAD + b"[]\n", 2, "It holds no action"),
        (HEAD + b'{"verb":"undo","coder":"a"}\n', 2, "nothing to undo"),
        (HEAD + b'{"verb":"eat","coder":"a"}\n', 2, "verb: "),
        (HEAD + b'{"verb":"remove","coder":"a","targets":["x"]}\n', 2, "'x' is not here"),
    ],
)
def test_what_is_wrong_before_the_end_is_refused_with_its_line(tmp_path: Path, raw, line, words) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(raw)
    with pytest.raises(FileError) as caught:
        Journal(path)
    assert words in caught.value.message
    assert caught.value.where == f"{path}:{line}"


def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        Journal(tmp_path)


def test_a_journal_stands_beside_its_case_and_names_nothing_else() -> None:
    assert journal_file("talks/peace.yaml") == Path("talks/peace.journal.jsonl")
    assert journal_file("peace.yaml", "anna") == Path("peace.anna.journal.jsonl")
    with pytest.raises(CallError, match="cannot be part"):
        journal_file("peace.yaml", "../anna")
