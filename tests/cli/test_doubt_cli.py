"""`westphalia sensitivity` and `westphalia levers` as one types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from westphalia.cli import main

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")


def call(*args: str):
    return CliRunner(env={"COLUMNS": "160"}).invoke(main, list(args))


def test_sensitivity_says_what_drives_a_forecast() -> None:
    told = call("sensitivity", FLAGSHIP, "--of", "territory", "--draws", "128", "--top", "3")
    assert told.exit_code == 0, told.output
    words = " ".join(told.output.split())
    assert "mean.territory" in words
    assert "usa.territory.position" in words
    assert "goes if known" in words


def test_sensitivity_as_data_and_as_a_table_say_the_same(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    told = call("sensitivity", FLAGSHIP, "--of", "timing", "--by", "actor", "--draws", "64", "--json",
                "--out", str(out))  # fmt: skip
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    groups = data["answers"]["mean.timing"]["groups"]
    assert data["run"]["by"] == "actor"
    first = [group["first_order"] for group in groups]
    assert first == sorted(first, reverse=True)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["group"] for row in rows] == [group["group"] for group in groups]
    assert [float(row["first_order"]) for row in rows] == first


def test_screening_and_ties_are_asked_for_by_flags() -> None:
    told = call("sensitivity", FLAGSHIP, "--of", "timing", "--screen", "--trajectories", "4", "--json",
                "--capability-factor", "1.5")  # fmt: skip
    assert told.exit_code == 0, told.output
    groups = json.loads(told.stdout)["answers"]["mean.timing"]["groups"]
    assert "russia.capability_error" in {group["group"] for group in groups}
    assert groups[0]["effect_size"] >= groups[1]["effect_size"] > 0


def test_groups_by_evidence_say_that_they_overlap() -> None:
    told = call("sensitivity", FLAGSHIP, "--of", "timing", "--by", "statement", "--draws", "32")
    assert told.exit_code == 0, told.output
    assert "may sum to more than all" in " ".join(told.output.split())


def test_levers_tell_own_moves_from_persuasion() -> None:
    told = call(
        "levers", FLAGSHIP, "--on", "territory", "--at-most", "40", "--by", "ukraine", "--draws", "64"
    )
    assert told.exit_code == 0, told.output
    words = " ".join(told.output.split())
    assert "What ukraine can do itself" in words
    assert "Of what ukraine would have to persuade others" in words
    assert "position on territory" in words


def test_levers_as_data() -> None:
    told = call("levers", FLAGSHIP, "--on", "territory", "--at-most", "40", "--draws", "64", "--json")
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    first = data["levers"][0]
    assert first["is_proved"]
    assert first["lever_forecast"] == pytest.approx(40)
    assert 0 < first["suffices_probability"] < 1


def test_what_is_met_needs_nothing() -> None:
    told = call("levers", FLAGSHIP, "--on", "territory", "--at-most", "100", "--draws", "16")
    assert told.exit_code == 0
    assert "nothing needs to change" in told.output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("levers", FLAGSHIP), "What is to change is not said"),
        (("levers", FLAGSHIP, "--on", "teritory", "--at-most", "4"), "Did you mean 'territory'"),
        (("levers", FLAGSHIP, "--zone", "--on", "territory"), "Ask for one of them"),
        (("sensitivity", FLAGSHIP, "--of", "teritory"), "Did you mean 'territory'"),
        (("sensitivity", FLAGSHIP, "--draws", "1"), "1 draws were asked for"),
        (("sensitivity", FLAGSHIP, "--capability-factor", "0"), "capability factor is 0"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(args, words) -> None:
    told = call(*args)
    assert told.exit_code == 2
    assert words in told.stderr
    assert "Traceback" not in told.output
