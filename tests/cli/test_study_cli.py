"""`westphalia study` as a newcomer types it: what it says, its JSON, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from westphalia.cli import main
from westphalia.testing import made_case

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"

pytest.importorskip("pyarrow", reason="the 'study' extra is not installed")


def call(*args: object):
    return CliRunner().invoke(main, ["study", *map(str, args)])


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    for seed in range(2):
        (folder / f"case-{seed}.yaml").write_text(made_case(seed, actors=3, issues=1))
    (folder / "[red]broken.yaml").write_text("westphalia: 1\nid: [")
    return folder


def test_a_study_says_what_it_did_and_what_failed(cases: Path, tmp_path: Path) -> None:
    told = call(cases, "--out", tmp_path / "out", "-m", "mean", "--draws", 10)
    assert told.exit_code == 0, told.output
    assert "3 cases, 1 of them failed. Parts: 2 run now, 0 were finished" in told.output
    assert "[red]broken.yaml" in told.output
    assert "The YAML cannot be read" in told.output
    again = call(cases, "--out", tmp_path / "out", "-m", "mean", "--draws", 10)
    assert "Parts: 0 run now, 2 were finished" in again.output


def test_its_json_has_the_counts_and_the_failures(cases: Path, tmp_path: Path) -> None:
    told = call(cases, "--out", tmp_path / "out", "-m", "mean", "-m", "nash", "--draws", 10, "--json")
    data = json.loads(told.stdout)
    assert {name: data[name] for name in ("cases", "failed", "made", "kept", "skipped", "unfinished")} == {
        "cases": 3,
        "failed": 1,
        "made": 4,
        "kept": 0,
        "skipped": 0,
        "unfinished": 0,
    }
    assert data["study"] == str(tmp_path / "out")
    assert data["failures"][0]["file"] == "[red]broken.yaml"


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("-m", "maen"), 2, "Did you mean 'mean'"),
        (("-m", "mean", "-o", "mean.weight=1"), 2, "Did you mean 'weighting'"),
        (("--draws", 0), 2, "1 to 10 million"),
        (("--workers", 0), 2, "At least 1"),
        (("--workers", 1, "--scheduler", "tcp://127.0.0.1:9"), 2, "Leave out --workers"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(cases: Path, tmp_path: Path, args, code, text: str) -> None:
    told = call(cases, "--out", tmp_path / "out", *args)
    assert told.exit_code == code
    assert text in told.output
    assert "Traceback" not in told.output


def test_a_folder_that_is_none_or_cannot_be_written_is_told(cases: Path, tmp_path: Path) -> None:
    assert "no such folder" in call(tmp_path / "nowhere", "--out", tmp_path / "out").output
    told = call(cases, "--out", "/proc/nowhere/out", "-m", "mean")
    assert told.exit_code == 1
    assert "/proc/nowhere/out: It cannot be written" in told.output
    (tmp_path / "file").touch()
    told = call(cases, "--out", tmp_path / "file", "-m", "mean")
    assert told.exit_code == 1
    assert "It cannot be written" in told.output


def test_a_scheduler_that_does_not_answer_is_told_of_in_a_forecast() -> None:
    run = CliRunner().invoke(main, ["forecast", str(FLAGSHIP), "-m", "mean", "--scheduler", "nonsense"])
    assert run.exit_code == 2, run.output
    assert "nonsense" in run.output
    assert "Traceback" not in run.output
