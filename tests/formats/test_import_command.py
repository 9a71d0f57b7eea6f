"""`westphalia import` and `export` as a user of another tool types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_scenarios import DUMMY, SMALL, TOLL, database, written

from westphalia.case.create import create_from
from westphalia.cli import main
from westphalia.errors import FileError
from westphalia.formats.known import FORMATS

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")


def call(*args: str):
    return CliRunner().invoke(main, list(args))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_scenario_becomes_a_folder_and_the_next_commands_are_told(home):
    written(home / "My scenario.csv", DUMMY)
    told = call("import", "My scenario.csv")
    assert told.exit_code == 0, told.output
    assert (home / "my-scenario" / "case.yaml").is_file()
    assert "My scenario.csv (KTAB scenario, CSV) is now my-scenario/case.yaml." in told.output
    for part in ("Came over:", "Taken otherwise:", "Did not come over:", "Next:"):
        assert part in told.output
    commands = re.findall(r"^  westphalia (.*)$", told.output, flags=re.M)
    assert commands == ["check my-scenario", "forecast my-scenario --method smp --option smp.reading=ktab"]
    assert call(*commands[0].split()).exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "format_id"),
    [
        ("a.csv", DUMMY, "ktab-csv"),
        ("a.xml", SMALL, "ktab-xml"),
        ("a.txt", TOLL, "exchange-text"),
        ("a.csv", TOLL, "exchange-text"),
        ("a.dat", DUMMY, "ktab-csv"),
    ],
)
def test_the_format_is_told_by_what_is_in_the_file(home, name, text, format_id):
    written(home / name, text)
    told = call("import", name, "--into", "here", "--json")
    assert told.exit_code == 0, told.output
    data = json.loads(told.output)
    assert data["format"] == format_id
    assert data["written"] == ["here/case.yaml", *data["written"][1:]]
    assert set(data) == {
        "format",
        "written",
        "warnings",
        "carried",
        "changed",
        "not_carried",
        "commands",
    }
    assert call("check", "here").exit_code == 0


def test_every_command_told_runs_on_the_case(home):
    """The methods and options that an import names are there."""
    for name, text in (("a.csv", DUMMY), ("a.xml", SMALL), ("a.txt", TOLL)):
        written(home / name, text)
        told = json.loads(call("import", name, "--into", name.replace(".", "-"), "--json").output)
        for command in told["commands"]:
            ran = call(*command.split()[1:], *(["--draws", "2"] if "forecast" in command else []))
            assert ran.exit_code == 0, (command, ran.output)


def test_results_bring_their_path_and_one_of_several_is_chosen(home):
    database(home / "run.db", "First", "Second")
    told = call("import", "run.db", "--part", "Second", "--into", "second", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["written"] == ["second/case.yaml", "second/ktab-path.csv"]
    assert "title: Second" in (home / "second" / "case.yaml").read_text()
    wrong = call("import", "run.db", "--part", "Thrid", "--into", "third")
    assert wrong.exit_code == 1
    assert "There is no scenario 'Thrid'." in wrong.output


def test_nothing_is_overwritten(home):
    written(home / "a.csv", DUMMY)
    (home / "a").mkdir()
    (home / "a" / "case.yaml").write_text("mine")
    told = call("import", "a.csv")
    assert told.exit_code == 1
    assert "There is already a case." in told.output
    assert (home / "a" / "case.yaml").read_text() == "mine"
    (home / "b").mkdir()
    (home / "b" / "ktab-path.csv").write_text("mine")
    told = call("import", str(database(home / "b.db")))
    assert told.exit_code == 1
    assert "There is already a file." in told.output
    assert not (home / "b" / "case.yaml").exists()


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("import", "scenario.cvs"), 1, "There is no such file. Did you mean 'scenario.csv'?"),
        (("import", "notes.cvs"), 1, "Did you mean '.csv'? Files that end in '.csv' are told by this: KTAB"),
        (("import", "notes.csv"), 1, "(ktab-csv): the first row holds a name"),
        (("import", "notes"), 1, "Known endings: "),
        (("import", "stands.csv"), 1, "westphalia new FOLDER --from FILE"),
        (("import", "."), 1, "westphalia domain FOLDER"),
        (("import", "scenario.csv", "--format", "ktab-cvs"), 2, "Did you mean 'ktab-csv'?"),
        (("import", "scenario.csv", "--format", "ktab-sqlite"), 1, "This is no SQLite database."),
        (("import", "scenario.csv", "--part", "x"), 2, "holds one thing only"),
        (("export", FLAGSHIP, "--out", "x.xlm"), 2, "Did you mean '.xml'?"),
        (("export", FLAGSHIP, "--out", "x.csv"), 2, "Several formats have files that end in '.csv': ktab"),
        (("export", FLAGSHIP, "--out", "x.db", "--format", "ktab-sqlite"), 2, "is read, not written"),
        (("export", FLAGSHIP, "--out", "nowhere/x.xml", "--format", "ktab-xml"), 1, "cannot be written"),
        (("export", "nowhere", "--out", "x.xml"), 1, "no such file"),
    ],
)  # fmt: skip
def test_a_wrong_call_says_what_would_be_right(home, args, code, text):
    written(home / "scenario.csv", DUMMY)
    for name in ("notes", "notes.csv", "notes.cvs"):
        written(home / name, "milk\nbread\n")
    written(home / "stands.csv", "actor,issue,position,salience,capability\na,b,1,1,1\n")
    told = call(*args)
    assert told.exit_code == code, told.output
    assert text in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_a_damaged_file_leaves_nothing_behind(home):
    written(home / "a.csv", DUMMY.replace("5.91", "105.91"))
    told = call("import", "a.csv")
    assert told.exit_code == 1
    assert "a.csv:3: The salience of 'SActor-00' is 105.91." in told.output
    assert not (home / "a").exists()


@pytest.mark.parametrize("name", ["flagship.xml", "flagship.csv", "flagship.txt"])
def test_the_flagship_goes_out_and_comes_in_again(home, name):
    format_id = "ktab-csv" if name.endswith("csv") else next(f.id for f in FORMATS if name[-4:] in f.suffixes)
    told = call("export", FLAGSHIP, "--out", name, "--format", format_id)
    assert told.exit_code == 0, told.output
    assert "72 values are not known exactly; their means are written." in told.output
    assert "Actors without a stand on a scale were left out: trump, " in told.output
    again = json.loads(call("import", name, "--json").output)
    assert again["carried"][0].startswith("7 actors, 6 issues and ")
    assert call("check", "flagship").exit_code == 0


@pytest.mark.parametrize(
    "name", ["../up.csv", "/root.csv", "a/b/c.csv", "", ".hidden", "case.yaml", "a/../b"]
)
def test_no_file_beside_a_case_leads_elsewhere(home, name):
    tree = {"title": "T", "question": "Q"}
    with pytest.raises(FileError, match="no name of a file beside a case"):
        create_from(home / "new", tree, {name: b""})
    assert not (home / "new").exists()


def test_formats_are_told_apart():
    assert len({each.id for each in FORMATS}) == len(FORMATS)
    for each in FORMATS:
        assert each.read is not None or each.write is not None
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in each.suffixes)
        assert not each.sniff(b"")
        assert not each.sniff(b"milk\nbread\n")
