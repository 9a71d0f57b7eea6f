"""Back-tests: nothing is scored by what was fitted on it, and a wrong file is refused by line."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from analyses.past_decisions import write
from westphalia.analyses.backtest import Past, foretold, per_issue, scores
from westphalia.analyses.backtest_law import conformal_level, fitted_law, folds
from westphalia.cli import main
from westphalia.errors import CallError, FileError
from westphalia.runs.backtest import as_past, backtest, entrants, fit
from westphalia.runs.backtest_files import read_past


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("past"))


@pytest.fixture(scope="module")
def past(folder):
    return read_past(folder)


@pytest.fixture(scope="module")
def judged(past):
    return as_past(past.inputs, past.proposal)


# --- folds and fits ------------------------------------------------------------------------------


def test_folds_part_the_issues_and_keep_proposals_together():
    groups = np.array([3, 3, 7, 7, 1, 9, 1])
    parts = folds(groups, 3, seed=4)
    assert np.sum(parts, axis=0).tolist() == [1] * 7
    for part in parts:
        assert set(groups[part]).isdisjoint(groups[~part])


def test_more_folds_than_proposals_leave_one_out():
    assert len(folds(np.array([0, 0, 1, 2]), 50, seed=0)) == 3


@pytest.mark.parametrize("kind", ["a point with errors", "the law"])
def test_what_is_foretold_of_a_proposal_does_not_depend_on_its_outcomes(judged, kind):
    mean = (judged.weight * judged.position).sum(axis=0) / judged.weight.sum(axis=0)
    point = None if kind == "the law" else mean
    own = judged.groups == 4
    other = Past(
        judged.position, judged.weight, np.where(own, 1 - judged.outcome, judged.outcome), judged.groups
    )
    before, after = (foretold(p, {"one": point}, 5, 1)["one"] for p in (judged, other))
    assert before.sample[own].tolist() == after.sample[own].tolist()
    assert before.ends[..., own].tolist() == after.ends[..., own].tolist()
    assert before.sample[~own].tolist() != after.sample[~own].tolist()


def test_the_calibrated_level_is_the_rank_of_exchangeability():
    depths = np.arange(1, 20) / 20
    assert conformal_level(depths, 0.5) == 0.5
    assert conformal_level(depths, 0.9) == 0.9
    assert conformal_level(depths, 0.96) == 1.0


def test_a_fit_is_the_same_for_any_order_of_issues_and_actors(judged):
    order = np.random.default_rng(1).permutation(judged.outcome.size)
    law = fitted_law(judged.position, judged.weight, judged.outcome, judged.groups)
    again = fitted_law(
        judged.position[::-1][:, order],
        judged.weight[::-1][:, order],
        judged.outcome[order],
        judged.groups[order],
    )
    assert [again.agreed, again.split, again.camps, again.lean] == pytest.approx(
        [law.agreed, law.split, law.camps, law.lean], abs=2e-3
    )


def test_turning_all_scales_leaves_the_law_as_it_is(judged):
    law = fitted_law(judged.position, judged.weight, judged.outcome, judged.groups)
    turned = fitted_law(1 - judged.position, judged.weight, 1 - judged.outcome, judged.groups)
    assert [turned.agreed, turned.split, turned.camps, turned.lean] == pytest.approx(
        [law.agreed, law.split, law.camps, law.lean], abs=2e-3
    )
    assert turned.meant == pytest.approx(law.meant, abs=2e-3)


# --- runs ----------------------------------------------------------------------------------------


def test_where_outcomes_scatter_as_positions_do_the_law_beats_even_errors(past):
    result = backtest(past, methods=("predictive", "median"), by=("spread", "wave"), folds=5)
    whole = result.scores.sel(group="all")
    ours, mean = whole.sel({"method": "predictive"}), whole.sel({"method": "mean"})
    assert int(mean["issues"]) == 60
    assert int(mean["proposals"]) == 20
    assert float(mean["skill"]) == 0.0
    assert float(ours["crps"]) < float(mean["crps"])
    assert float(ours["skill"]) == pytest.approx(1 - float(ours["crps"]) / float(mean["crps"]))
    assert result.scores["group"].values.tolist() == [
        *("all", "spread: 1 near", "spread: 2 middle", "spread: 3 wide", "wave: a", "wave: b")
    ]
    assert result.scores["issues"].sel({"method": "mean"}).values.tolist() == [60, 20, 20, 20, 30, 30]
    assert result.skipped == {}


def test_the_same_seed_gives_the_same_scores(past):
    once, again = (backtest(past, methods=("predictive",), folds=2, seed=3) for _ in range(2))
    assert once.scores.identical(again.scores)
    assert not once.single.identical(backtest(past, methods=("predictive",), folds=2, seed=4).single)


def test_a_method_that_lacks_something_is_scored_on_the_rest_and_it_is_said(folder, tmp_path):
    lines = (folder / "issues.csv").read_text().split("\n")
    lines[2] = lines[2].replace(",a,0,", ",a,,", 1)
    (tmp_path / "issues.csv").write_text("\n".join(lines))
    (tmp_path / "power.csv").write_text((folder / "power.csv").read_text())
    result = backtest(read_past(tmp_path), methods=("nash",), by=(), folds=4)
    assert result.scores["issues"].sel(group="all").values.tolist() == [60, 57]
    assert result.skipped["nash"].startswith("3 of 60 issues have no forecast. What no deal is worth")
    assert math.isfinite(float(result.scores["skill"].sel({"group": "all", "method": "nash"})))


def test_a_method_without_any_forecast_of_a_kind_has_no_score_there(judged):
    point = np.full(judged.outcome.size, 0.5)
    single = per_issue(judged, foretold(judged, {"median": point}, 3, 1), np.arange(point.size))
    kinds = {"some": judged.groups < 3, "none": judged.groups > 1000}
    result = scores(single, judged.groups, kinds)
    assert np.isnan(result["crps"].sel(group="none")).all()
    assert result["issues"].sel(group="none").values.tolist() == [0]
    assert np.isnan(result["skill"].sel(group="some")).all()


def test_names_may_carry_options():
    default, printed = entrants(("challenge:reading=printed,settle=mean",))
    assert default.name == "mean"
    assert (printed.options["reading"], printed.options["settle"]) == ("printed", "mean")


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        (("meen",), "no method 'meen'. Did you mean 'mean'"),
        (("zone",), "'zone' forecasts no outcome on a scale"),
        (("challenge:reading",), "'reading' is no option"),
        (("challenge:reading=novel",), "Option 'reading' of 'challenge' cannot be 'novel'"),
    ],
)
def test_a_wrong_method_is_told(methods, message):
    with pytest.raises(CallError, match=message):
        entrants(methods)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"folds": 1}, "1 folds of 20 proposals"),
        ({"by": ("wawe",)}, "no column 'wawe'. Did you mean 'wave'"),
    ],
)
def test_a_wrong_call_is_told(past, how, message):
    with pytest.raises(CallError, match=message):
        backtest(past, methods=("mean",), **how)


# --- files ---------------------------------------------------------------------------------------


def broken(folder, tmp_path, name, old, new):
    for file in ("issues.csv", "power.csv"):
        text = (folder / file).read_text()
        if file == name:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / file).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "issues.csv",
            "proposal,",
            "propsal,",
            r"issues.csv: There is no column 'proposal'. Did you mean 'prop",
        ),
        ("issues.csv", "s_north", "x_north", r"There is no column 's_north'"),
        ("issues.csv", "i1,p0,", "i0,p0,", r"issues.csv, line 4: The issue 'i0' stands there twice"),
        ("issues.csv", "i1,p0,", "i1,,", r"line 4: 'proposal' is empty"),
        ("issues.csv", "i1,p0,b,0,", "i1,p0,b,zero,", r"line 4: 'rp' is 'zero'. Write a number"),
        ("issues.csv", "i1,p0,b,0,", "i1,p0,b,101,", r"line 4: 101 lies off the scale"),
        ("issues.csv", "i1,p0,b,0,", "i1,p0,b,nan,", r"line 4: 'rp' is 'nan'"),
        ("issues.csv", "i1,p0,b,0,", "i1,p0,c,0,", r"line 4: .*power.csv has no capability for wave 'c'"),
        ("issues.csv", "i1,p0,b,0,", "i1,p0,b,", r"line 4: The row has 14 cells, the header 15"),
        ("issues.csv", "issue,", "wave,", r"Two columns are named 'wave'"),
        ("issues.csv", "i1,p0,", 'i1,"p0,', r"The table cannot be read"),
        ("power.csv", "a,north,1", "a,north,-1", r"power.csv, line 2: 'capability' is '-1'. .* at least 0"),
        ("power.csv", "capability", "strength", r"power.csv: There is no column 'capability'"),
    ],
)
def test_a_wrong_file_is_refused_by_line(folder, tmp_path, name, old, new, message):
    with pytest.raises(FileError, match=message):
        read_past(broken(folder, tmp_path, name, old, new))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(FileError, match=r"holds issues\.csv and power\.csv"):
        read_past(tmp_path)


def test_who_has_no_capability_counts_as_the_strongest_and_it_is_said(folder, tmp_path):
    past = read_past(broken(folder, tmp_path, "power.csv", "a,north,1\na,south,1", "a,south,7"))
    assert past.notices == ("Without a capability of their own, north count as the strongest of their wave.",)
    capability = past.inputs["capability"].sel(actor="north").values
    assert set(capability[::2]) == {7.0}
    assert set(capability[1::2]) == {1.0}


# --- command line --------------------------------------------------------------------------------


def test_the_command_prints_scores_writes_issues_and_fits(folder, tmp_path, past):
    out, law = tmp_path / "issues.csv", tmp_path / "law.json"
    call = ["backtest", str(folder), "-m", "predictive", "--folds", "4", "--out", str(out), "--fit", str(law)]
    answer = CliRunner().invoke(main, call)
    assert answer.exit_code == 0, answer.output
    assert "spread: 3 wide" in answer.output
    assert len(out.read_text().split("\n")) == 1 + 2 * 60 * 3 + 1
    assert json.loads(law.read_text())["agreed"] == fit(past).agreed


def test_the_command_gives_exact_data(folder):
    call = ["backtest", str(folder), "-m", "mean", "--by", "wave", "--folds", "4", "--json"]
    answer = CliRunner().invoke(main, call)
    data = json.loads(answer.output)
    assert set(data["scores"]) == {"all", "wave: a", "wave: b"}
    assert set(data["scores"]["all"]["mean"]["coverage"]) == {"0.5", "0.8", "0.9"}


def test_the_command_refuses_a_wrong_folder_without_traceback(tmp_path):
    answer = CliRunner().invoke(main, ["backtest", str(tmp_path)])
    assert answer.exit_code == 1
    assert "issues.csv: It cannot be read" in answer.output
