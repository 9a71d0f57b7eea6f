"""`westphalia networks` and `forecast --exchanges` as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
from click.testing import CliRunner

from westphalia.cli import main

FLAGSHIP = str(Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02")
FEW = ("--draws", "20")


def call(*args: str):
    return CliRunner(env={"COLUMNS": "160"}).invoke(main, list(args))


def test_networks_are_told_in_words_with_their_limits() -> None:
    told = call("networks", FLAGSHIP, *FEW)
    assert told.exit_code == 0, told.output
    words = " ".join(told.output.split())
    for part in ("a line is no influence", "2 blocs", "modularity", "Esteban and Ray", "Saudi Arabia"):
        assert part in words


def test_networks_as_json_hold_every_tie() -> None:
    told = call("networks", FLAGSHIP, *FEW, "--json")
    data = json.loads(told.output)
    assert sum(tie["mentions"] for tie in data["affiliation"]) == 48
    pair = data["by_statements"]["ties"][0]
    assert set(pair) == {"actor", "other_actor", "congruence", "conflict", "subtract", "overlap"}
    assert abs(pair["congruence"] - pair["conflict"] - pair["subtract"]) < 1e-12
    assert set(data["by_positions"]["bloc"]) >= {"usa", "russia", "ukraine"}
    assert all(low <= middle <= high for low, middle, high in data["polarisation"].values())


def test_networks_go_out_as_graphml(tmp_path: Path) -> None:
    file = tmp_path / "talks.graphml"
    told = call("networks", FLAGSHIP, *FEW, "--out", str(file), "--json")
    assert told.exit_code == 0
    data = json.loads(told.output)
    graph = nx.read_graphml(file)
    ids = {data["label"]: node for node, data in graph.nodes(data=True)}
    assert {data["dimension"] for _, data in graph.nodes(data=True)} == {"actor", "issue"}
    tie = data["by_statements"]["ties"][0]
    again = graph.edges[ids[tie["actor"]], ids[tie["other_actor"]]]
    assert abs(again["congruence"] - tie["congruence"]) < 1e-12
    assert sum(data.get("mentions", 0) for *_, data in graph.edges(data=True)) == 48
    assert graph.nodes[ids["usa"]]["bloc"] == data["by_statements"]["bloc"]["usa"]


def test_a_file_that_cannot_be_written_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    told = call("networks", FLAGSHIP, *FEW, "--out", str(tmp_path / "no" / "such" / "x.graphml"))
    assert told.exit_code == 1
    assert "cannot be written" in told.output


def test_exchanges_behind_a_forecast_are_listed() -> None:
    told = call("forecast", FLAGSHIP, *FEW, "-m", "exchange", "--exchanges")
    assert told.exit_code == 0, told.output
    words = " ".join(told.output.split())
    assert "Exchanges in the order in which they are realised" in words
    assert "What the exchanges brought, in points × salience" in words
    data = json.loads(call("forecast", FLAGSHIP, *FEW, "-m", "exchange", "--exchanges", "--json").output)
    first = data["exchanges"]["realised"][0]
    assert first["round"] == 1
    assert {side["actor"] for side in first["sides"]} == {"ukraine", "usa"}
    assert set(data["exchanges"]["brought"]["usa"]) >= {"own", "inner_gain", "outer_loss"}


def test_exchanges_need_the_method_that_makes_them() -> None:
    told = call("forecast", FLAGSHIP, *FEW, "-m", "mean", "--exchanges")
    assert told.exit_code == 2
    assert "--method exchange" in told.output
