"""The networks of the flagship: what its statements and positions give, and the pictures of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from westphalia.analyses.sampling import sample
from westphalia.case.document import read
from westphalia.case.inputs import build
from westphalia.case.networks import statement_table
from westphalia.charts import draw
from westphalia.charts.hearing import hearing
from westphalia.charts.networks import affiliation, agreement
from westphalia.charts.style import ON_DARK, PALETTE
from westphalia.labels import VARIABLES
from westphalia.methods.networks.discourse import one_mode, two_mode
from westphalia.methods.networks.positions import position_network
from westphalia.methods.networks.structure import blocs
from westphalia.methods.spatial.influence import influence, listening_weights, total_influence

CASE = read(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02").case
NAMES = {actor.id: str(actor.name) for actor in CASE.actors}
QUESTIONS = {issue.id: str(issue.question) for issue in CASE.issues}


@pytest.fixture(scope="module")
def drawn():
    return sample(build(CASE), 200, 1)[0]


@pytest.fixture(scope="module")
def charts(drawn):
    told = two_mode(statement_table(CASE)).isel(window=0)
    wanted = ("position", "salience", "has_stand", "scale_low", "scale_high")
    near = position_network(*[drawn[name] for name in wanted])
    rows = listening_weights(drawn["hears"])
    stubborn = xr.full_like(rows.isel(other_actor=0, drop=True), 0.5)
    share = total_influence(rows, stubborn)["mean_influence"]
    made = (
        affiliation(told["mentions"], told["mean_stance"], NAMES, QUESTIONS),
        agreement(near, blocs(near["subtract"].clip(min=0))["bloc"], NAMES),
        hearing(drawn["hears"], share, NAMES),
    )
    return {chart.id: chart for chart in made}


def test_statements_are_told_with_place_time_and_teller():
    told = statement_table(CASE)
    rows = [about for one in CASE.statements for about in one.about if about.issue and about.actor]
    assert told.sizes["statement"] == len(rows)
    assert len(set(told["statement"].values.tolist())) == len(rows)
    offer = told.sel(statement="s084")
    assert NAMES[str(told["actor"].values[int(offer["statement_actor"])])] == "United States"
    assert str(told["issue"].values[int(offer["statement_issue"])]) == "resources"
    assert float(offer["stance"]) == pytest.approx(0.75)
    assert str(told.sel(statement="s089")["teller"].values) == "wall-street-journal"
    assert str(told.sel(statement="s048")["day"].values)[:10] == "2025-02-12"
    assert set(map(str, told.data_vars)) <= set(VARIABLES)


def test_speakers_speak_only_for_themselves():
    told = statement_table(CASE, by="speaker")
    speakers = told["actor"].values[told["statement_actor"].values]
    assert speakers.tolist() == told["speaker"].values.tolist()
    assert {"trump", "hegseth", "vance"} <= set(speakers.tolist())
    assert "author" not in speakers


def test_europe_germany_and_ukraine_agree_on_borders():
    found = one_mode(statement_table(CASE), normalisation="cosine").isel(window=0)["congruence"]
    assert float(found.sel(actor="europe", other_actor="germany")) == pytest.approx(1.0)
    assert float(found.sel(actor="ukraine", other_actor="europe")) > 0.9
    assert float(found.sel(actor="ukraine", other_actor="usa")) < 0.3


def test_opinions_of_those_left_out_of_talks_move_toward_who_told_them(drawn):
    wanted = ("position", "salience", "capability", "has_stand", "hears")
    found = influence(*[drawn[name] for name in wanted])
    assert np.isfinite(found["forecast"].values).all()
    assert found["converged"].values.all()
    settled = found["settled_position"].mean("draw").sel(issue="burden")
    first = drawn["position"].mean("draw").sel(issue="burden")
    assert first.sel(actor="germany") < settled.sel(actor="germany") < settled.sel(actor="usa")


@pytest.mark.parametrize("name", ["affiliation", "agreement", "hearing"])
def test_pictures_carry_their_table_and_draw(name, charts):
    chart = charts[name]
    assert chart.spec["data"]["values"] == list(chart.table.rows)
    for column in chart.table.columns:
        assert any(column.field in row for row in chart.table.rows)
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart.spec)))
    assert used <= set(PALETTE)
    assert used <= set(ON_DARK)
    assert chart.sentence.endswith(".")
    assert chart.key.endswith(".")
    drawn = draw.svg(chart)
    assert drawn == draw.svg(chart)
    assert "NaN" not in drawn
    assert "undefined" not in drawn


def test_pictures_say_who(charts):
    assert "32 tell where United States stands" in charts["affiliation"].sentence
    assert charts["agreement"].sentence.startswith("2 blocs: ")
    assert charts["agreement"].sentence.endswith("Ukraine, European allies and Germany.")
    assert charts["hearing"].sentence.startswith("United States has the largest share")
    quarrels = [row for row in charts["agreement"].table.rows if row.get("sign") == "disagree more"]
    assert {"Russia"} <= {row["actor"] for row in quarrels} | {row["other"] for row in quarrels}
    arrows = {(row["heard"], row["actor"]) for row in charts["hearing"].table.rows if "heard" in row}
    assert ("United States", "Germany") in arrows
    assert ("Germany", "United States") not in arrows


def test_nothing_to_draw_is_said(drawn):
    nobody = hearing(drawn["hears"] * 0, drawn["hears"].isel(other_actor=0, drop=True), NAMES)
    assert nobody.sentence == "No consultation is told in which one actor heard another."
    silent = two_mode(statement_table(CASE)).isel(window=0)[["mentions", "mean_stance"]] * 0
    chart = affiliation(silent["mentions"], silent["mean_stance"], NAMES, QUESTIONS)
    assert chart.sentence == "No statement puts an actor on an issue."
    assert draw.svg(chart)


def test_a_picture_of_many_shows_those_with_the_most_ties():
    actors = [f"a{at}" for at in range(40)]
    weight = np.arange(40.0)
    ties = np.minimum.outer(weight, weight)
    pair = ("actor", "other_actor")
    network = xr.Dataset(
        {"congruence": (pair, ties), "conflict": (pair, ties / 2)},
        coords={"actor": actors, "other_actor": actors},
    )
    bloc = xr.DataArray(np.zeros(40, dtype=int), coords={"actor": actors}, dims="actor")
    chart = agreement(network, bloc, dict(zip(actors, actors, strict=True)))
    shown = [row["actor"] for row in chart.table.rows if row["kind"] == "actor"]
    assert shown == actors[10:]
    assert chart.notes == ("Not shown: 10 actors without ties or with the least.",)
