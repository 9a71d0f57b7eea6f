"""A sealed forecast can be computed again, and is graded by what was sealed."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pytest

from westphalia.analyses.quantile_scores import LEVELS, SLICES, middles
from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError, FileError
from westphalia.runs.grading import calibration, enter_outcomes, grades
from westphalia.runs.ledger import add, read_ledger
from westphalia.runs.sealing import digest_of_result, reproduce, seal
from westphalia.runs.study import conduct

CASE = parse(new_case(date="2025-02-12"))
NOON = datetime.datetime(2025, 2, 12, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
HOW = {"method": "mean", "draws": 200, "seed": 3, "now": NOON}


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.jsonl"
    seal(CASE, path, **HOW, note="before the talks")
    return path


def test_a_sealed_forecast_says_what_it_was_computed_from(book) -> None:
    content = read_ledger(book).entries[0].content
    assert content["time"] == "2025-02-12T12:00:00+00:00"
    assert (content["case"], content["case_digest"]) == (CASE.case.id, CASE.digest)
    assert (content["method"], content["draws"], content["seed"]) == ("mean", 200, 3)
    assert content["note"] == "before the talks"
    drawn = conduct(CASE, draws=200, seed=3, only=("mean",)).results["mean"]["forecast"]
    assert content["result"] == digest_of_result(drawn)
    told = content["issues"]["border"]
    assert (told["low"], told["high"], len(told["quantiles"])) == (0, 100, SLICES)
    np.testing.assert_array_equal(told["quantiles"], np.quantile(drawn.sel(issue="border"), middles()))
    assert told["mean"] == float(drawn.sel(issue="border").mean())


def test_the_predictive_forecast_is_sealed_unless_another_is_named(tmp_path) -> None:
    entry = seal(CASE, tmp_path / "a.jsonl", draws=64)
    assert entry.content["method"] == "predictive"
    with pytest.raises(CallError, match="Did you mean 'median'"):
        seal(CASE, tmp_path / "a.jsonl", method="medain")
    with pytest.raises(CallError, match="no issue with named options"):
        seal(CASE, tmp_path / "a.jsonl", method="plurality", draws=8)
    assert len(read_ledger(tmp_path / "a.jsonl").entries) == 1


def test_computed_again_it_is_the_same_to_the_bit_and_another_case_is_told(book) -> None:
    seal(CASE, book, method="challenge", options={"rounds": 2}, draws=16)
    held = read_ledger(book)
    for name in ("1", "2"):
        again = reproduce(held, name, CASE, workers=1)
        assert (again.is_same, again.is_same_case, again.is_same_version, again.largest) == (
            True,
            True,
            True,
            0,
        )
    moved = reproduce(held, "1", CASE.set("stands.south.border.position", 20))
    assert (moved.is_same, moved.is_same_case) == (False, False)
    assert 0 < moved.largest < 1
    noted = reproduce(held, "1", CASE.set("note", "nothing that counts"))
    assert (noted.is_same, noted.is_same_case) == (True, False)
    fewer = reproduce(held, "1", _without_force())
    assert np.isnan(fewer.largest)


def _without_force():
    from westphalia.case.text import emit

    tree = {**CASE.tree, "issues": CASE.tree["issues"][:1]}
    tree["stands"] = {
        actor: {issue: stand for issue, stand in stands.items() if issue == "border"}
        for actor, stands in tree["stands"].items()
        if "border" in stands
    }
    tree["statements"] = [one for one in tree["statements"] if "force" not in json.dumps(one)]
    return parse(emit.block(tree, 0, "\n"))


# --- outcomes --------------------------------------------------------------------------------------


def test_an_outcome_is_entered_beside_the_forecast_and_graded(book) -> None:
    before = book.read_bytes()
    entry = enter_outcomes(book, "1", {"border": 55.0}, note="as signed", now=NOON)
    assert book.read_bytes().startswith(before)
    assert entry.content["of"] == read_ledger(book).entries[0].hash
    border, force = grades(read_ledger(book))
    assert force.scores is None
    held = np.array(read_ledger(book).entries[0].content["issues"]["border"]["quantiles"])
    apart = np.abs(held[:, None] - held[None, :]).mean() / 2
    assert border.scores.crps == pytest.approx(np.abs(held - 55).mean() - apart)
    assert border.scores.error_median == pytest.approx(abs(np.median(held) - 55))
    assert set(border.scores.inside) == {"50%", "80%", "90%"}
    assert not border.is_corrected


def test_the_last_outcome_counts_and_the_first_stays_in_the_book(book) -> None:
    enter_outcomes(book, "1", {"border": 55.0, "force": 10})
    enter_outcomes(book, "1", {"border": 50.0})
    border, force = grades(read_ledger(book))
    assert (border.scores.outcome, border.is_corrected) == (50, True)
    assert (force.scores.outcome, force.is_corrected) == (10, False)
    assert len(read_ledger(book).entries) == 3


@pytest.mark.parametrize(
    ("entry", "outcomes", "words"),
    [
        ("1", {"boarder": 5.0}, "Did you mean 'border'"),
        ("1", {"border": 500.0}, "The scale runs from 0 to 100"),
        ("1", {"border": float("nan")}, "off the scale"),
        ("1", {}, "Give ISSUE=VALUE"),
        ("2", {"border": 5.0}, r"Entry 2 is no forecast\. Forecasts: 1\."),
        ("3", {"border": 5.0}, "no entry '3'"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(book, entry, outcomes, words) -> None:
    enter_outcomes(book, "1", {"force": 10})
    before = book.read_bytes()
    with pytest.raises(CallError, match=words):
        enter_outcomes(book, entry, outcomes)
    assert book.read_bytes() == before


def test_the_track_record_is_told_by_method_in_shares_of_the_scale(book) -> None:
    seal(CASE, book, **{**HOW, "method": "median"})
    content = read_ledger(book).entries[0].content["issues"]
    enter_outcomes(book, "1", {name: told["quantiles"][SLICES // 2] for name, told in content.items()})
    enter_outcomes(book, "2", {"border": 0.0})
    mean, median = calibration(grades(read_ledger(book)))
    assert (mean.method, mean.count, median.method, median.count) == ("mean", 2, "median", 1)
    assert mean.coverage == {f"{level:.0%}": 1.0 for level in LEVELS}
    assert median.coverage["90%"] == 0.0
    assert 0 < mean.error_median < 0.01
    assert median.error_median > 0.5


def test_a_chain_that_holds_but_says_something_else_is_refused(tmp_path) -> None:
    path = tmp_path / "other.jsonl"
    add(path, {"kind": "forecast", "issues": 3})
    with pytest.raises(FileError, match="Entry 1 is neither a forecast nor an outcome"):
        grades(read_ledger(path))
    with pytest.raises(FileError, match="Entry 1 is neither"):
        reproduce(read_ledger(path), "1", CASE)
