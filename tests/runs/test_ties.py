"""What errs together in a draw, through studies and deals, and as stamped on results."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from westphalia.analyses.compare import sample_like
from westphalia.analyses.sampling import Ties, sample
from westphalia.api import Case
from westphalia.case.document import parse
from westphalia.case.inputs import build
from westphalia.case.text import emit
from westphalia.cli import main
from westphalia.errors import CallError

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")
WHY = {"assumption": "made up"}
# Two experts, one of whom puts both actors high and both saliences, the other all of them low.
CASE = {
    "westphalia": 1,
    "id": "tolls",
    "title": "Tolls",
    "question": "How high?",
    "date": "2020",
    "sources": [],
    "statements": [],
    "actors": [{"id": name, "name": name.title(), "kind": "state"} for name in ("north", "south")],
    "issues": [
        {"id": "toll", "question": "How high?", "scale": {0: "none", 100: "full"}, "reversion": 0, **WHY}
    ],
    "capability": {name: {"value": 1.0, **WHY} for name in ("north", "south")},
    "stands": {
        name: {
            "toll": {"position": {"experts": [10 + at, 90 + at], **WHY}, "salience": {"value": 0.5, **WHY}}
        }
        for at, name in enumerate(("north", "south"))
    },
}
ONE = Ties(one_expert=True)


def tolls() -> Case:
    return Case(parse(emit.block(copy.deepcopy(CASE), 0, "\n"), "tolls"))


def test_a_study_of_one_expert_believes_the_same_one_in_all_values():
    apart = tolls().study(draws=64, methods=("mean",)).draws["position"].sel(issue="toll")
    tied = tolls().study(draws=64, methods=("mean",), ties=ONE).draws["position"].sel(issue="toll")
    assert (tied.diff("actor") == 1).all()
    assert not (apart.diff("actor") == 1).all()


def test_results_carry_the_ties_and_only_where_there_are_any():
    told = tolls().forecast(draws=8, methods=("mean",), ties=Ties(True, 2.0)).attrs
    assert (told["one_expert"], told["capability_factor"]) == (1, 2.0)
    again = tolls().forecast(
        draws=8, methods=("mean",), ties=Ties(bool(told["one_expert"]), told["capability_factor"])
    )
    assert again.identical(tolls().forecast(draws=8, methods=("mean",), ties=Ties(True, 2.0)))
    assert "one_expert" not in tolls().forecast(draws=8, methods=("mean",)).attrs
    assert tolls().run("mean", draws=8, ties=ONE).attrs["one_expert"] == 1


def test_deals_are_judged_on_draws_that_err_together():
    found = tolls().deals(draws=64, ties=ONE)
    assert found.options["one_expert"] == 1
    # South stands one point above North in each draw: by 0.01 of the scale at the top option.
    top = found.drawn["option_value"].sel(issue="toll").isel(option=10)
    assert np.allclose(top.sel(actor="south") - top.sel(actor="north"), 0.01)
    assert "one_expert" not in tolls().deals(draws=8).options


def test_a_changed_case_is_drawn_like_the_base_with_the_same_ties():
    base = build(tolls().file)
    fewer = build(tolls().set("stands.south.toll.position", {"value": 50, **WHY}).file)
    north = {"actor": "north", "issue": "toll"}
    same = sample_like(fewer, base, 32, 1, ties=ONE)[0]["position"].sel(north)
    assert np.array_equal(same, sample(base, 32, 1, ties=ONE)[0]["position"].sel(north))


def test_a_factor_out_of_bounds_is_refused():
    with pytest.raises(CallError, match=r"capability factor is 0[.]5"):
        tolls().forecast(draws=8, ties=Ties(capability_factor=0.5))


@pytest.mark.parametrize("command", [("forecast", "-m", "mean"), ("deals",)])
def test_commands_take_ties_and_tell_them(command):
    asked = [*command, FLAGSHIP, "--draws", "16", "--one-expert", "--capability-factor", "1.5", "--json"]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    run = json.loads(told.stdout)["run"]
    assert run.get("options", run)["capability_factor"] == 1.5
