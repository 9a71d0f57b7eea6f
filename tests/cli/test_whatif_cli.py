"""`whatif`, `seal` and `score` as an analyst types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from westphalia.cli import main


def call(*args: str):
    return CliRunner().invoke(main, list(args))


def data(*args: str):
    told = call(*args, "--json")
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    assert call("new", str(tmp_path / "talks"), "--title", "Talks").exit_code == 0
    return tmp_path / "talks" / "case.yaml"


FEW = ("--draws", "64", "-m", "mean")


# --- what if ---------------------------------------------------------------------------------------


def test_changes_are_shown_beside_the_case_and_the_file_stays(case: Path) -> None:
    before = case.read_bytes()
    told = call("whatif", str(case), "--shift", "alliance:force:+10", "--remove", "north", *FEW)
    assert told.exit_code == 0, told.output
    assert "without north" in told.output
    assert "alliance on force +10" in told.output
    assert "as it is" in told.output
    assert "North" in told.output
    assert case.read_bytes() == before


def test_the_data_hold_quantiles_of_both_and_of_the_difference(case: Path) -> None:
    found = data("whatif", str(case), "--set", "alliance.force.position={low: 70, high: 80}", *FEW)
    one = found["what_if"]["changes"]
    row = one["forecast"]["force"]["mean"]
    assert one["changes"] == [{"set": "alliance.force.position", "to": {"low": 70, "high": 80}}]
    assert one["quantiles"] == [0.05, 0.5, 0.95]
    assert (row["rises"], row["falls"]) == (1.0, 0.0)
    assert 0 < row["difference"][0] <= row["difference"][1] <= row["difference"][2]
    assert one["forecast"]["border"]["mean"]["difference"] == [0, 0, 0]
    assert set(one["accepted"]) == {"north", "south", "alliance"}


def test_changes_are_saved_as_a_scenario_and_run_by_name_or_all_at_once(case: Path) -> None:
    before = case.read_text("utf-8")
    one = (
        "--scale",
        "south:1.5",
        "--save",
        "strong-south",
        "--title",
        "The south arms",
        "--note",
        "as rumoured",
    )
    direct = data("whatif", str(case), *one, *FEW)["what_if"]["strong-south"]["forecast"]
    assert case.read_text("utf-8").startswith(before)
    assert "note: as rumoured" in case.read_text("utf-8")
    twin = "{id: twin, name: Twin, kind: state, stands: {border: {position: 5, salience: 1}}, capability: 5}"
    assert call("whatif", str(case), "--add-actor", twin, "--save", "twin", *FEW).exit_code == 0
    assert call("check", str(case)).exit_code == 0
    assert (
        data("whatif", str(case), "--scenario", "strong-south", *FEW)["what_if"]["strong-south"]["forecast"]
        == direct
    )
    assert list(data("whatif", str(case), *FEW)["what_if"]) == ["strong-south", "twin"]
    told = call("whatif", str(case), *FEW)
    assert "The south arms" in told.output
    assert told.output.count("twin") == 2


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        ((), 2, "--save ID keeps it as a scenario"),
        (("--set", "nroth.capability=3"), 2, "Did you mean 'north'?"),
        (("--set", "north.capability"), 2, "PATH=VALUE"),
        (("--set", "north.border.position=300"), 2, "The scale runs from 0 to 100"),
        (("--shift", "alliance:fore:+1"), 2, "Did you mean 'force'?"),
        (("--remove", "the north"), 2, "cannot be an id"),
        (("--remove", "north", "--remove", "south"), 2, "nobody is left"),
        (("--scenario", "thaw"), 2, "no scenarios"),
        (("--remove", "north", "--scenario", "thaw"), 2, "in one call"),
        (("--save", "thaw"), 2, "at least one change"),
        (("--remove", "alliance", "--save", "A Thaw"), 2, "cannot be an id"),
        (("--remove", "alliance", "--save", "thaw", "-m", "meen"), 2, "Did you mean 'mean'?"),
    ],
)
def test_a_slip_says_what_would_be_right_and_saves_nothing(case: Path, args, code, text) -> None:
    before = case.read_bytes()
    told = call("whatif", str(case), *args)
    assert told.exit_code == code, told.output
    assert text in told.output
    assert isinstance(told.exception, SystemExit)
    assert case.read_bytes() == before


# --- the ledger ------------------------------------------------------------------------------------


@pytest.fixture
def book(case: Path, tmp_path: Path) -> str:
    path = str(tmp_path / "book.jsonl")
    told = call("seal", str(case), "--ledger", path, "-m", "mean", "--draws", "64", "--note", "first")
    assert told.exit_code == 0, told.output
    assert "Sealed as entry 1" in told.output
    return path


def test_a_forecast_is_sealed_scored_and_computed_again(book: str, case: Path) -> None:
    head = data("score", book)["head"]
    told = call("score", book, "--entry", "1", "--outcome", "border=55")
    assert told.exit_code == 0, told.output
    assert "The chain holds: 2 entries." in told.output
    assert "open" in told.output
    found = data("score", book, "--head", head)
    assert found["entries"] == 2
    assert found["forecasts"][0]["scores"]["outcome"] == 55
    assert found["forecasts"][1]["scores"] is None
    assert found["calibration"][0]["count"] == 1
    assert "to the bit" in call("score", book, "--entry", head[:8], "--reproduce", str(case)).output
    case.write_text(case.read_text("utf-8").replace("high: 20}", "high: 30}"), encoding="utf-8")
    again = call("score", book, "--entry", "1", "--reproduce", str(case)).output
    assert "Not the same bits" in again
    assert "The case has changed" in again
    assert not data("score", book, "--entry", "1", "--reproduce", str(case))["is_same"]


def test_a_ledger_that_was_touched_is_named_with_exit_code_1(book: str, case: Path) -> None:
    call("score", book, "--entry", "1", "--outcome", "border=55")
    head = data("score", book)["head"]
    lines = Path(book).read_bytes().splitlines(keepends=True)
    Path(book).write_bytes(lines[0])
    assert call("score", book).exit_code == 0
    cut = call("score", book, "--head", head)
    assert (cut.exit_code, "the end was cut off" in cut.output) == (1, True)
    Path(book).write_bytes(lines[0].replace(b"first", b"First") + lines[1])
    told = call("score", book)
    assert (told.exit_code, "Line 1: entry 1 was changed" in told.output) == (1, True)
    error = json.loads(call("score", book, "--json").output)["error"]
    assert error["faults"] == ["Line 1: entry 1 was changed after it was written."]
    assert call("seal", str(case), "--ledger", book, "--draws", "8").exit_code == 1


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("--outcome", "border=5"), 2, "Give --entry NUMBER"),
        (("--entry", "1", "--outcome", "border"), 2, "ISSUE=VALUE"),
        (("--entry", "1", "--outcome", "border=nan"), 2, "is no outcome"),
        (("--entry", "1", "--outcome", "border=1", "--outcome", "border=2"), 2, "given twice"),
        (("--entry", "1", "--outcome", "boder=5"), 2, "Did you mean 'border'?"),
        (("--entry", "9", "--outcome", "border=5"), 2, "no entry '9'"),
        (("--head", "12"), 2, "64 hexadecimal digits"),
        (("--entry", "1", "--reproduce", "no-such-case"), 1, "no such file"),
    ],
)
def test_a_slip_in_scoring_says_what_would_be_right(book: str, args, code, text) -> None:
    told = call("score", book, *args)
    assert told.exit_code == code, told.output
    assert text in told.output
    assert isinstance(told.exception, SystemExit)


def test_a_slip_in_sealing_says_what_would_be_right(case: Path, tmp_path: Path) -> None:
    book = str(tmp_path / "none" / "book.jsonl")
    assert "There is no such folder" in call("seal", str(case), "--ledger", book, "--draws", "8").output
    assert "Missing option '--ledger'" in call("seal", str(case)).output
    there = str(tmp_path / "book.jsonl")
    idle = call("seal", str(case), "--ledger", there, "-m", "mean", "-o", "challenge.rounds=2")
    assert (idle.exit_code, "'mean' is sealed" in idle.output) == (2, True)
    assert not Path(there).exists()
    assert call("score", there).exit_code == 1
