"""`westphalia code` as one types it: suggestions, decisions, the keyboard, two coders, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.runs.coding_cases import CASE, ENGLISH, case_in, text_in

from westphalia.api import read
from westphalia.cli import main
from westphalia.dossier.words import read_words

DOCX_BOMB = b"PK\x03\x04" + b"\x00" * 400


def call(*args: str | Path, keys: str = "") -> Result:
    told = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["code", *map(str, args)], input=keys)
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told


def words_in(told: Result) -> str:
    return " ".join(told.output.split())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return case_in(tmp_path)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return text_in(tmp_path)


def test_a_text_becomes_a_source_and_its_suggestions_are_told(case: Path, text: Path) -> None:
    before = case.read_text("utf-8")
    told = call(case.parent, text)
    assert told.exit_code == 0, told.output
    words = words_in(told)
    for part in (
        "Read report.txt (text, ",
        "rules for 'en'): it is now a source of the case, 'report'.",
        "speech: threat",
        "brandt",
        "speaker „He“: who is this? (brandt, okar)",
        "that the harbour stays open",
        "Left to review: 4 of 4 statements; 1 of them ask who",
    ):
        assert part in words
    source = read(case).file.source["report"]
    assert (source.file, source.language, source.characters) == ("report.txt", "en", len(ENGLISH))
    assert case.read_text("utf-8").replace("\n", "").startswith(before.split("sources:")[0].replace("\n", ""))
    assert "it is a source of the case" in words_in(call(case, text))


def test_the_files_hold_places_and_hashes_and_the_words_apart(case: Path, text: Path, tmp_path: Path) -> None:
    told = call(case, text, "--json")
    data = json.loads(told.output)
    assert data["written"] == [
        str(tmp_path / "case.report.suggestions.json"),
        str(tmp_path / "case.report.suggestions.words.json"),
    ]
    raw = (tmp_path / "case.report.suggestions.json").read_text("utf-8")
    assert "harbour stays" not in raw
    assert json.loads(raw)["statements"] == data["statements"]
    held = read_words(tmp_path / "case.report.suggestions.words.json")
    assert held[data["statements"][0]["id"]].exact == "that the harbour stays open"
    assert {span["words"] is not None for one in data["proposals"] for span in one["spans"]} == {True}
    again = json.loads(call(case, text, "--json").output)
    assert again == data


def test_accept_undo_accept_gives_the_same_bytes(case: Path, text: Path) -> None:
    call(case, text)
    bare = case.read_bytes()
    told = call(case, text, "--accept", "sure", "--coder", "anna")
    assert "Accepted 2 statements" in words_in(told)
    assert "Left to review: 2 of 4 statements; 1 of them ask who" in words_in(told)
    full = case.read_bytes()
    statements = read(case).file.statements[1:]
    assert [(one.speaker, one.mode, one.kind, one.coder) for one in statements] == [
        ("okar", "indirect", "fact", "anna"),
        ("brandt", "quote", "fact", "anna"),
    ]
    assert str(statements[0].gloss) == "Line 1: not yet in words."
    assert "Accepted 0 statements" in words_in(call(case, text, "--accept", "sure", "--coder", "anna"))
    assert "Glosses that wait for words: 2 (report-" in words_in(told)
    assert {one.code for one in read(case).document.warnings} >= {"no-gloss"}
    undone = call(case, "--undo")
    assert "Taken back: " in undone.output
    assert "The source 'report' stays; no statement of the case is from it now." in undone.output
    assert case.read_bytes() == bare
    call(case, text, "--accept", "sure", "--coder", "anna")
    assert case.read_bytes() == full
    json.loads(call(case, "--undo", "--json").output)
    assert "nothing to undo" in call(case, "--undo").output


def test_the_keyboard_decides_one_by_one(case: Path, text: Path) -> None:
    keys = "c threat\ng The port stays open.\na\nr\na\np 1\na\nu\np\n2\na\nx\nq\n"
    told = call(case, text, "--review", "--coder", "anna", keys=keys)
    assert told.exit_code == 0, told.output
    words = words_in(told)
    assert "Still open: speaker (who is this?)" in words
    assert "There is no key 'x'." in words
    assert "Taken back: " in words
    made = read(case).file.statements[1:]
    assert [(one.speaker, one.kind, str(one.gloss)[:9]) for one in made] == [
        ("okar", "threat", "The port "),
        ("okar", "fact", "Line 3: n"),
    ]
    rest = words_in(call(case, text, "--review", "--coder", "anna", keys="s\n"))
    assert "1 to review." in rest


def test_a_key_that_goes_wrong_says_so_and_goes_on(case: Path, text: Path) -> None:
    keys = "p 0\np nobody\nc 99\nc\n\nu\np teller none\n\ns\n"
    told = call(case, text, "--review", "--coder", "anna", keys=keys)
    assert told.exit_code == 0
    for part in (
        "'nobody' is none of the 1 to 5.",
        "'99' is none of the 1 to 10.",
        "There is nothing to undo.",
    ):
        assert part in words_in(told)
    assert len(read(case).file.statements) == 1


def test_two_coders_side_by_side(case: Path, text: Path) -> None:
    call(case, text, "--accept", "sure", "--coder", "anna")
    case.with_suffix(".journal.jsonl").unlink()
    raw = case.read_text("utf-8")
    at = raw.index("  - id: report-")
    copied = raw[at:].replace("  - id: report-", "  - id: other-").replace("coder: anna", "coder: bert")
    case.write_text(raw + copied.replace("kind: fact", "kind: promise", 1), "utf-8")
    data: dict[str, Any] = json.loads(call(case, "--compare", "anna", "bert", "--json").output)
    assert (data["span_f1"], data["span_f1_any_kind"]) == (0.5, 1.0)
    assert [one["differing"] for one in data["pairs"]] == [["kind"], []]
    assert data["alphas"]["speaker"]["value"] == 1.0
    told = words_in(call(case, "--compare", "anna", "bert"))
    assert "span F1, same kind 0.500" in told
    assert "α of speaker 1.000" in told
    assert "No statement was coded by 'berta'" in call(case, "--compare", "anna", "berta").output


def test_the_words_of_a_text_cannot_steer_the_terminal(case: Path, tmp_path: Path) -> None:
    text = text_in(tmp_path, "Okar said that \u202e\u009b2J[red]the port[/red] stays open for all.\n")
    for told in (call(case, text), call(case, text, "--review", "--coder", "anna", keys="q\n")):
        assert told.exit_code == 0, told.output
        assert not {"\x1b", "\u202e", "\u009b"} & set(told.output)
        assert "[red]the port[/red]" in words_in(told)


def test_a_header_is_told_and_split_on_demand(case: Path, tmp_path: Path) -> None:
    text = text_in(tmp_path, f"title: Talks at sea\ndate: 2025-02-03\n\n{ENGLISH}")
    told = words_in(call(case, text, "--split-header"))
    assert "it is now a source of the case, 'report-body'." in told
    assert "header of 38 characters split off" in told
    assert (tmp_path / "report.body.txt").read_text("utf-8") == ENGLISH
    told = words_in(call(case, text))
    assert "Proposed title: Talks at sea (line 1, sure, meta-header-line)" in told
    assert "--split-header codes it without" in told


def test_metadata_is_taken_over_if_asked(case: Path, tmp_path: Path) -> None:
    text = text_in(tmp_path, f"title: Talks at sea\ndate: 2025-02-03\n\n{ENGLISH}")
    told = words_in(call(case, text, "--take-metadata"))
    assert "Note of the source: Read from the text: title (line 1), date (line 2)." in told
    source = read(case).file.source["report"]
    assert (str(source.title), source.date and source.date.at) == ("Talks at sea", "2025-02-03")
    bare = case.read_bytes()
    call(case, text, "--take-metadata")
    assert case.read_bytes() == bare


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("talk.rtf", b"words", "Files with the ending '.rtf' cannot be read."),
        ("talk.docx", DOCX_BOMB, "talk.docx: "),
        ("talk.pdf", b"%PDF-1.7 broken", "talk.pdf: "),
        ("talk.txt", b"", "The file is empty."),
        ("talk.txt", b"a\x00b" * 9, "holds a NUL character"),
        ("talk.txt", b"Zzyzx qwrt plmk.", "neither German nor English"),
        ("talk.html", b"<html>" + b"<div>" * 9000, "talk.html: "),
    ],
)
def test_a_text_that_cannot_be_read_changes_nothing(
    case: Path, tmp_path: Path, name: str, raw: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    before = case.read_bytes()
    told = call(case, tmp_path / name)
    assert told.exit_code in (1, 2)
    assert message in told.output
    assert case.read_bytes() == before
    assert not list(tmp_path.glob("*.json*"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "It is not clear what to do."),
        (("TEXT", "--undo"), "It is not clear what to do."),
        (("TEXT", "--accept", "sure"), "Nobody is named who accepts."),
        (("TEXT", "--review"), "Nobody is named who accepts."),
        (("TEXT", "--review", "--coder", "a\x1b"), "The coder's name cannot be used."),
        (("TEXT", "--review", "--coder", "a", "--json"), "A review at the keyboard has no JSON."),
        (("TEXT", "--assistant", "http://localhost:1"), "An assistant needs an address and a model."),
        (("TEXT", "--assistant", "ftp://x", "--model", "m"), "Error: "),
        (("TEXT", "--accept", "surely", "--coder", "a"), "No rule 'surely' suggested anything here."),
        (("TEXT", "--language", "fr"), "There are no rules for 'fr'."),
        (("TEXT", "--out", "CASE"), "would be written over the case, its journal or the text"),
        (("TEXT", "--out", "JOURNAL"), "would be written over the case, its journal or the text"),
        (("TEXT", "--out", "BESIDE"), "There is a file that holds no suggestions."),
        (("TEXT", "--out", "FOLDER"), "The path cannot be used"),
        (("TEXT", "--out", "OTHER"), "There is a file that holds no suggestions."),
        (("TEXT", "--out", "missing/x.json"), "cannot be written"),
        (("--compare", "anna", "anna"), "A coder is compared with another."),
        (("--compare", "anna", "bert"), "No statement of the case names a coder."),
        (("absent.txt",), "There is no such file."),
    ],
)
def test_a_call_that_cannot_be_done_says_what_would_be_right(
    case: Path, text: Path, tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    (tmp_path / "other.json").write_text("{}", "utf-8")
    named = {"TEXT": str(text), "CASE": str(case), "OTHER": str(tmp_path / "other.json")}
    named |= {"JOURNAL": str(case.with_suffix(".journal.jsonl")), "FOLDER": str(tmp_path)}
    named["BESIDE"] = str(tmp_path / "mine.json")
    (tmp_path / "mine.words.json").write_text("{}", "utf-8")
    before = case.read_bytes()
    told = call(case, *(named.get(arg, arg) for arg in args))
    assert told.exit_code in (1, 2), told.output
    assert message in words_in(told)
    assert case.read_bytes() == before
    assert {(tmp_path / name).read_text("utf-8") for name in ("other.json", "mine.words.json")} == {"{}"}


def test_a_text_other_than_the_one_coded_is_refused(case: Path, text: Path) -> None:
    call(case, text)
    before = case.read_bytes()
    text.write_text(ENGLISH.replace("two days", "three days"), "utf-8")
    told = call(case, text)
    assert told.exit_code == 2
    assert "The text is not the one that was coded as 'report'." in words_in(told)
    assert case.read_bytes() == before


def test_a_damaged_journal_is_refused_with_its_line(case: Path, text: Path) -> None:
    case.with_suffix(".journal.jsonl").write_text('{"westphalia-journal": 1}\n{"verb": "dance"}\n', "utf-8")
    told = call(case, text, "--accept", "sure", "--coder", "anna")
    assert told.exit_code == 1
    assert "case.journal.jsonl:2" in words_in(told)


def test_an_assistant_that_does_not_answer_costs_nothing_but_a_word(case: Path, text: Path) -> None:
    told = call(case, text, "--assistant", "http://127.0.0.1:9/v1", "--model", "m")
    assert told.exit_code == 0, told.output
    assert "The assistant, failed: line 1: " in words_in(told)
    assert CASE.split("sources:")[0] in case.read_text("utf-8")
