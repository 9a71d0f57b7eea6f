"""`westphalia stability` as one types it: words, exact data, tables, reasons, exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.report.stability_cases import ARMS, GATES, PEACE, UNKNOWN

from westphalia.api import read
from westphalia.case.template import new_case
from westphalia.cli import main

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")
FEW = ("--draws", "24", "--workers", "1")


def call(*args: str):
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, list(args))


def words_of(*args: str) -> str:
    told = call(*args)
    assert told.exit_code == 0, told.output
    return " ".join(told.output.split())


def case_of(folder: Path, text: str) -> str:
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.fixture
def arms(tmp_path: Path) -> str:
    return case_of(tmp_path, ARMS)


@pytest.fixture
def gates(tmp_path: Path) -> str:
    return case_of(tmp_path, GATES.replace("CHANCE", "0.5"))


def test_the_flagship_is_answered_in_words_and_in_order() -> None:
    words = words_of("stability", FLAGSHIP, *FEW)
    parts = (
        "Where the conflict comes to rest",
        "The states of rest",
        "Ways there from today",
        "Who would leave them",
        "What deters whom",
        "Against coalitions",
        "What shapes the states",
        "What would change the answer",
    )
    places = [words.index(part) for part in parts]
    assert places == sorted(places)
    assert "of 24 draws" in words
    assert "A settlement is among them" in words
    assert "nan" not in words.lower().split()


def test_json_is_what_the_python_face_gives() -> None:
    data = json.loads(call("stability", FLAGSHIP, *FEW, "--json").output)
    study = read(FLAGSHIP).stability(draws=24, workers=1)
    held = study.verdicts["is_equilibrium"].sel(concept="seq")
    assert data["equilibria"]["seq"] == held["state"].values[held.values].tolist()
    assert data["states"][0]["label"] == "today"
    assert data["run"]["draws"] == 24
    shares = data["states"][1]["share_of_draws"]
    assert 0 <= shares["nash"] <= shares["seq"] <= shares["gmr"] <= 1
    assert study.robust is not None
    place = study.shown[0]
    assert shares["seq"] == float(study.robust["equilibrium_probability"].sel(concept="seq")[place])
    ways = data["ways"]["improvements"]
    assert ways[data["states"][1]["state"]][-1]["to"] == data["states"][1]["state"]


def test_the_table_holds_every_state(gates: str, tmp_path: Path) -> None:
    out = tmp_path / "states.csv"
    assert call("stability", gates, *FEW, "--out", str(out)).exit_code == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["state"] for row in rows] == ["00", "10", "01"]
    assert [row["nash_equilibrium"] for row in rows] == ["False", "True", "True"]
    assert rows[0]["march"] == "0"
    assert float(rows[1]["seq_share_of_draws"]) == 1.0


def test_a_table_that_cannot_be_written_is_an_error_in_words(gates: str, tmp_path: Path) -> None:
    told = call("stability", gates, *FEW, "--out", str(tmp_path / "no" / "x.csv"))
    assert told.exit_code == 1
    assert "cannot be written" in told.output


def test_a_state_is_explained_concept_by_concept(arms: str) -> None:
    words = words_of("stability", arms, *FEW, "--state", "NN")
    assert "[Nash] The North leaves state B." in words
    assert "The others can answer: The South (take “Arm the South”)" in words
    assert "which it likes less than state B" in words
    for same in ("00", "b"):
        assert words_of("stability", arms, *FEW, "--state", same) == words
    assert "today's state" in words_of("stability", arms, *FEW, "--state", "today")


def test_the_reasons_are_in_the_data(arms: str) -> None:
    data = json.loads(call("stability", arms, *FEW, "--state", "00", "--json").output)["reasons"]
    assert data["is_stable"]["nash"] == {"north": False, "south": False}
    (seq,) = [one for one in data["reasons"] if (one["actor"], one["concept"]) == ("north", "seq")]
    assert seq["is_stable"] is True
    assert seq["improvements"][0]["sanction"]["path"] == [{"actor": "south", "to": "11"}]


def test_a_state_that_cannot_be_names_the_line_and_the_nearest(gates: str) -> None:
    told = call("stability", gates, *FEW, "--state", "YY")
    assert told.exit_code == 2
    assert "ruled out by “march and open-gates”. The nearest state is" in told.output


@pytest.mark.parametrize("state", ["Y", "YNY", "2N", "zog", "", "[bold]"])
def test_what_is_no_state_says_what_one_looks_like(gates: str, state: str) -> None:
    told = call("stability", gates, *FEW, "--state", state)
    assert told.exit_code == 2
    assert "Error:" in told.output
    assert "such as '00'" in told.output


def test_a_misspelt_state_of_a_graph_is_found(tmp_path: Path) -> None:
    told = call("stability", case_of(tmp_path, PEACE), *FEW, "--state", "peac")
    assert told.exit_code == 2
    assert "Did you mean 'peace'?" in told.output


def test_a_wish_is_answered(gates: str) -> None:
    words = words_of("stability", gates, *FEW, "--wish", "open-gates")
    assert "“open-gates” holds in 1 of 3 states, of which 1 are at rest" in words


def test_an_impossible_wish_says_so(gates: str) -> None:
    words = words_of("stability", gates, *FEW, "--wish", "march and open-gates")
    assert "No state that can be has “march and open-gates”." in words


def test_a_wish_that_is_no_statement_names_the_nearest_move(gates: str) -> None:
    told = call("stability", gates, *FEW, "--wish", "open-gate", "--json")
    assert told.exit_code == 2
    error = json.loads(told.output)["error"]
    assert error["code"] == "bad-formula"
    assert error["hint"] == "Did you mean 'open-gates'?"


def test_concepts_can_be_chosen(arms: str) -> None:
    data = json.loads(call("stability", arms, *FEW, "-c", "sim", "-c", "nash", "--json").output)
    assert data["equilibria"] == {"nash": ["11"], "sim": ["00", "11"]}
    told = call("stability", arms, "--concept", "nsh")
    assert told.exit_code == 2
    assert "Did you mean 'nash'?" in told.output


def test_other_forms_of_a_conflict_are_told_as_well(tmp_path: Path) -> None:
    words = words_of("stability", case_of(tmp_path, PEACE), *FEW)
    assert "Ruin <b>&" in words
    words = words_of("stability", case_of(tmp_path, UNKNOWN), *FEW)
    assert "Some preferences are not known." in words
    json.loads(call("stability", str(tmp_path), *FEW, "--json").output)


def test_a_case_without_a_graph_model_says_how_to_add_it(tmp_path: Path) -> None:
    told = call("stability", case_of(tmp_path, new_case()))
    assert told.exit_code == 2
    assert "Add a section 'stability'" in told.output
