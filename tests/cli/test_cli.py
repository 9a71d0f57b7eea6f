"""The command line as a newcomer types it: help, exit codes, JSON, the nearest name, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from westphalia.cli import main

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")
COMMANDS = sorted(main.commands)


def call(*args: str):
    return CliRunner().invoke(main, list(args))


@pytest.fixture
def small(tmp_path: Path) -> str:
    made = call("new", str(tmp_path / "talks"), "--title", "Talks")
    assert made.exit_code == 0, made.output
    return str(tmp_path / "talks")


def test_help_loads_nothing_heavy() -> None:
    """What is not imported costs no time: a cold `--help` stays under half a second."""
    program = (
        "import sys, westphalia.cli;"
        "heavy = ('numpy', 'xarray', 'numba', 'pandas', 'scipy', 'pydantic', 'rich');"
        "print([module for module in heavy if module in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_reading_a_case_loads_nothing_that_computes(small: str) -> None:
    """Compilers and solvers load when a question needs them: `check` and `show` need none."""
    program = (
        "import sys, westphalia; westphalia.check_case(sys.argv[1]); westphalia.read;"
        "heavy = ('numba', 'scipy', 'SALib', 'networkx', 'dask', 'filelock');"
        "print([module for module in heavy if module in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program, small], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples_and_json(command: str) -> None:
    told = call(command, "--help")
    assert told.exit_code == 0
    assert "Examples:" in told.output
    assert f"westphalia {command}" in told.output
    assert "--json" in told.output


def test_a_slip_in_a_command_names_the_nearest() -> None:
    told = call("forcast", FLAGSHIP)
    assert told.exit_code == 2
    assert "Did you mean 'forecast'?" in told.output


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("check", "no-such-folder"), 1, "no such file"),
        (("forecast", FLAGSHIP, "-m", "chalenge"), 2, "Did you mean 'challenge'?"),
        (("forecast", FLAGSHIP, "-o", "challenge.raeding=printed"), 2, "Did you mean 'reading'?"),
        (("forecast", FLAGSHIP, "-o", "challenge.reading=print"), 2, "Allowed: "),
        (("forecast", FLAGSHIP, "-o", "rounds=3"), 2, "METHOD.NAME=VALUE"),
        (("forecast", FLAGSHIP, "-m", "mean", "-o", "challenge.rounds=3"), 2, "is not run"),
        (("forecast", FLAGSHIP, "--draws", "0"), 2, "1 to 10 million"),
        (("forecast", FLAGSHIP, "--workers", "0"), 2, "At least 1"),
        (("show", FLAGSHIP, "--issue", "teritory"), 2, "Did you mean 'territory'?"),
        (("methods", "chalenge"), 2, "Did you mean 'challenge'?"),
        (("stands", FLAGSHIP), 2, "--to FILE or --from FILE"),
        (("report", FLAGSHIP, "--draws", "8", "--out", "/proc/nowhere/x.html"), 1, "/proc/nowhere"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(args, code, text) -> None:
    told = call(*args)
    assert told.exit_code == code, told.output
    assert text in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_an_error_has_one_shape_in_json() -> None:
    told = call("forecast", FLAGSHIP, "-m", "chalenge", "--json")
    error = json.loads(told.output)["error"]
    assert (told.exit_code, error["code"]) == (2, "unknown-method")
    assert set(error) == {"code", "message", "where", "hint"}


def test_a_new_case_is_sound_and_runs(small: str) -> None:
    assert call("check", small).exit_code == 0
    told = call("forecast", small, "--draws", "64", "--json")
    assert told.exit_code == 0, told.output
    data = json.loads(told.output)
    for methods in data["forecast"].values():
        for quantiles in methods.values():
            assert quantiles == sorted(quantiles)
            assert len(quantiles) == len(data["quantiles"])


def test_new_never_overwrites(small: str) -> None:
    before = (Path(small) / "case.yaml").read_bytes()
    told = call("new", small)
    assert told.exit_code == 1
    assert (Path(small) / "case.yaml").read_bytes() == before


def test_a_typo_in_a_case_is_told_with_line_and_nearest_name(small: str) -> None:
    file = Path(small) / "case.yaml"
    file.write_text(file.read_text().replace("  north:", "  nroth:", 1))
    told = call("check", small)
    assert told.exit_code == 1
    assert "Did you mean 'north'?" in told.output
    line = next(at for at, text in enumerate(file.read_text().splitlines(), 1) if "  nroth:" in text)
    assert f"case.yaml:{line}:" in told.output


def test_check_gives_findings_as_json(small: str) -> None:
    file = Path(small) / "case.yaml"
    file.write_text(file.read_text().replace("  north:", "  nroth:", 1))
    findings = json.loads(call("check", small, "--json").stdout)
    assert {"severity", "code", "message", "hint", "path", "file", "line", "column"} == set(findings[0])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_stands_go_out_and_in_again_without_a_change(small: str, tmp_path: Path, ending: str) -> None:
    table, file = str(tmp_path / f"stands.{ending}"), Path(small) / "case.yaml"
    before = file.read_bytes()
    assert call("stands", small, "--to", table).exit_code == 0
    told = call("stands", small, "--from", table)
    assert told.exit_code == 0, told.output
    assert file.read_bytes() == before


def test_same_seed_same_output_on_one_worker_or_two() -> None:
    calls = [
        call("forecast", FLAGSHIP, "--draws", "600", "--seed", "3", "--workers", workers, "--json")
        for workers in ("1", "2")
    ]
    assert calls[0].exit_code == 0, calls[0].output
    assert calls[0].output == calls[1].output


def test_show_tells_what_a_value_rests_on() -> None:
    told = call("show", FLAGSHIP, "--issue", "territory", "--json")
    stands = json.loads(told.output)["stands"]
    assert {stand["issue"] for stand in stands} == {"territory"}
    assert all(stand["evidence"] or stand["assumption"] for stand in stands)


def test_show_prints_for_people() -> None:
    told = call("show", FLAGSHIP)
    assert told.exit_code == 0
    assert "Stands" in told.output
    first = json.loads(call("show", FLAGSHIP, "--statement", "s001", "--json").output)
    assert first["id"] == "s001"


def test_the_schema_is_published() -> None:
    assert json.loads(call("schema").output)["title"] == "CaseFile"


def test_the_report_is_written(small: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told = call("report", small, "--draws", "64", "--out", str(out), "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["bytes"] == out.stat().st_size


def test_a_method_is_listed_with_its_options() -> None:
    challenge = json.loads(call("methods", "challenge", "--json").output)[0]
    assert "reading" in {option["name"] for option in challenge["options"]}
    assert "challenge.reading" in call("methods", "challenge").output
