"""`westphalia deals` as one types it: words, exact data, tables, exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.report.deals_cases import RIVER

from westphalia.api import read
from westphalia.cli import main

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")
FEW = ("--draws", "24", "--workers", "1")


def call(*args: str):
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, list(args))


def case_of(folder: Path, text: str) -> str:
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.fixture
def agreeable(tmp_path: Path) -> str:
    return case_of(tmp_path, RIVER.replace("ANN", "0.3"))


@pytest.fixture
def blocked(tmp_path: Path) -> str:
    return case_of(tmp_path, RIVER.replace("ANN", "{low: 0.7, high: 0.9}"))


def test_the_flagship_is_answered_in_words() -> None:
    told = call("deals", FLAGSHIP, *FEW)
    assert told.exit_code == 0, told.output
    words = " ".join(told.output.split())
    for part in (
        "Is there a zone of possible agreement?",
        "Who blocks",
        "What the bargaining solutions pick",
        "What each party gains over no deal",
        "Does it pass at home?",
        "Exchanges across issues",
        "Kalai–Smorodinsky",
        "95 % interval of that share",
    ):
        assert part in words
    assert "nan" not in words.lower().split()


def test_json_is_what_the_python_face_gives() -> None:
    told = call("deals", FLAGSHIP, *FEW, "--json")
    assert told.exit_code == 0
    data = json.loads(told.output)
    deals = read(FLAGSHIP).deals(draws=24, workers=1)
    assert data["zone"]["acceptable_count"] == float(deals.zone["acceptable_count"])
    assert data["over_draws"]["zone_probability"] == float(deals.doubt["zone_probability"])
    nash = deals.solutions.sel(rule="nash")
    assert data["solutions"]["nash"]["value"] == pytest.approx(float(nash["value"]), rel=1e-12)
    assert data["solutions"]["nash"]["converged"] is True
    assert set(data["parties"]) == {"usa", "us-voters", "russia", "ukraine", "ukrainian-people"}
    for party in data["parties"]:
        assert data["solutions"]["nash"]["gain"][party] >= -1e-9
    assert data["run"]["draws"] == 24


def test_without_ratifiers_only_the_required_count() -> None:
    data = json.loads(call("deals", FLAGSHIP, *FEW, "--no-ratifiers", "--json").output)
    assert data["parties"] == ["usa", "russia", "ukraine"]
    assert data["home"] is None
    assert data["run"]["options"]["ratifiers"] is False


def test_an_empty_zone_is_an_answer_not_an_error(blocked: str) -> None:
    told = call("deals", blocked, *FEW)
    assert told.exit_code == 0
    assert "none of the 22 packages is acceptable to all; this is proved" in told.output
    data = json.loads(call("deals", blocked, *FEW, "--json").output)
    assert data["zone"]["has_zone"] is False
    assert ["ann", "bob"] in data["zone"]["conflicts"]
    assert data["zone"]["blockers"] == ["ann"]
    assert data["solutions"]["nash"]["packages"] == []
    assert data["solutions"]["nash"]["gain"] is None
    assert data["levers"][0]["is_enough"] is True


def test_out_writes_solutions_and_frontier(agreeable: str, tmp_path: Path) -> None:
    target = tmp_path / "packages.csv"
    told = call("deals", agreeable, *FEW, "--out", str(target))
    assert told.exit_code == 0
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    deals = read(agreeable).deals(draws=24, workers=1)
    kinds = [row["kind"] for row in rows]
    assert kinds.count("frontier") == deals.frontier.sizes["efficient"]
    assert {row["rule"] for row in rows if row["kind"] == "solution"} == set(
        deals.solutions["rule"].values.tolist()
    )
    nash = next(row for row in rows if row["rule"] == "nash")
    assert float(nash["gain_ann"]) == float(deals.solutions["gain"].sel(rule="nash", actor="ann")[0])
    assert nash["venue"] in ("here", "there")


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("--draws", "0"), 2, "Allowed: 1 to 10 million."),
        (("--points", "1"), 2, "2 (the ends) to 1001"),
        (("--loss", "cubic"), 2, "'cubic' is not one of"),
        (("--seed", "-1"), 2, "A seed is 0 or more."),
        (("--time-limit", "0"), 2, "x>0"),
        (("--out", "/no-such-folder/x.csv", *FEW), 1, "cannot be written"),
    ],
)
def test_wrong_options_are_explained(agreeable: str, args: tuple[str, ...], code: int, text: str) -> None:
    told = call("deals", agreeable, *args)
    assert told.exit_code == code
    assert text in told.output
    assert "Traceback" not in told.output


def test_an_unknown_no_deal_names_the_party(tmp_path: Path) -> None:
    text = RIVER.replace("no_deal: {ann: ANN, bob: 0.4, cid: 0.1, home: 0.5}\n", "")
    case = case_of(tmp_path, text.replace("    reversion: {value: 50, assumption: today}\n", ""))
    told = call("deals", case, *FEW)
    assert told.exit_code == 2
    assert "What no deal is worth to 'ann' is unknown." in told.output
    error = json.loads(call("deals", case, *FEW, "--json").output)["error"]
    assert error["code"] == "input-missing"


def test_the_report_has_the_chapter_unless_it_is_left_out(agreeable: str, tmp_path: Path) -> None:
    few = ("--draws", "24", "-m", "mean", "-m", "plurality", "--workers", "1")
    pages = {}
    for name, more in (("with", ()), ("without", ("--no-deals",))):
        target = tmp_path / f"{name}.html"
        assert call("report", agreeable, *few, *more, "--out", str(target)).exit_code == 0
        pages[name] = target.read_text(encoding="utf-8")
    assert 'id="deals"' in pages["with"]
    assert 'id="deals"' not in pages["without"]


def test_the_report_in_python_says_why_there_are_no_deals(tmp_path: Path) -> None:
    text = RIVER.replace("no_deal: {ann: ANN, bob: 0.4, cid: 0.1, home: 0.5}\n", "")
    case = case_of(tmp_path, text.replace("    reversion: {value: 50, assumption: today}\n", ""))
    page = read(case).report(tmp_path / "x.html", draws=16, methods=("mean",), workers=1)
    assert "Packages could not be judged: What no deal is worth to" in page.read_text(encoding="utf-8")


def test_the_flagship_page_stays_under_two_megabytes(tmp_path: Path) -> None:
    page = read(FLAGSHIP).report(tmp_path / "x.html", draws=48)
    assert page.stat().st_size < 2_000_000
    assert 'id="deals"' in page.read_text(encoding="utf-8")
