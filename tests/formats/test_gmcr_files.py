"""Files of GMCR+: what they say becomes a case, goes out and comes in again; the bad are refused."""

from __future__ import annotations

import copy
import json
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_conflicts import SMALL, Plain, files, from_catalog, saved
from made_scenarios import TOLL, written
from ruamel.yaml import YAML

from westphalia.case.create import create_from
from westphalia.case.document import Document, parse
from westphalia.catalog.gmcr import load_conflict, load_conflicts
from westphalia.cli import main
from westphalia.workspace.outgoing import outgoing_of
from westphalia.errors import CallError
from westphalia.formats.gmcr import read_gmcr
from westphalia.formats.gmcr_conditions import conditions_of
from westphalia.formats.gmcr_writing import write_gmcr
from westphalia.formats.known import format_to
from westphalia.logic import parse as formula
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.graph import arcs_of
from westphalia.methods.stability.simultaneous import simultaneous
from westphalia.runs.graph import GraphModel, graph_model


def case_from(content, folder: Path) -> Document:
    """The case that the file becomes, as written to disk and read again."""
    return create_from(folder / "case", read_gmcr(saved(folder / "made.gmcr", content)).tree, {})


def model_from(content) -> GraphModel:
    with tempfile.TemporaryDirectory() as folder:
        return graph_model(case_from(content, Path(folder)).case)


def again(document: Document, folder: Path) -> tuple[dict, GraphModel]:
    """What a case is written as, and the graph model of the case that this becomes."""
    path = folder / "out.gmcr"
    write_gmcr(outgoing_of(document), path)
    return json.loads(path.read_text()), graph_model(
        create_from(folder / "again", read_gmcr(path).tree, {}).case
    )


def names(model):
    return [model.conflict.name(at) for at in range(model.conflict.size)]


def moves(model):
    """Pairs of states by name between which each decision maker can move."""
    found = []
    for own in arcs_of(model.conflict):
        starts = np.repeat(np.arange(model.conflict.size), np.diff(own.starts))
        pairs = zip(starts.tolist(), own.targets.tolist(), strict=True)
        found.append({(model.conflict.name(start), model.conflict.name(end)) for start, end in pairs})
    return found


def same_order(one, other) -> bool:
    return bool((np.sign(one[:, None] - one) == np.sign(other[:, None] - other)).all())


# --- in ------------------------------------------------------------------------------------------


def numbers(is_so):
    return (np.flatnonzero(is_so) + 1).tolist()


@pytest.mark.parametrize("name", list(load_conflicts()))
def test_a_file_of_a_known_conflict_gives_the_published_verdicts(name, tmp_path):
    """Kinsara, Petersons, Hipel and Kilgour 2015, as tests/published has them, through a file and a case."""
    example, document = load_conflict(name), case_from(from_catalog(name), tmp_path)
    assert not [warning for warning in document.warnings if warning.code != "status-quo-open"]
    model = graph_model(document.case)
    assert model.conflict.size == example.size
    # Moves made at the same time are not judged where states and arcs are given.
    judged = [stability] if model.terms.states else [stability, simultaneous]
    found = {}
    for judge in judged:
        is_stable = judge(model.conflict, model.preferences)["is_stable"]
        found |= {concept: is_stable.sel(concept=concept) for concept in is_stable["concept"].values}
    for concept in found.keys() & example.equilibria.keys():
        assert numbers(found[concept].all("actor")) == list(example.equilibria[concept]), concept
    for concept in found.keys() & example.stable.keys():
        for actor, states in example.stable[concept].items():
            assert numbers(found[concept].sel(actor=actor)) == list(states), (concept, actor)


@given(files())
@settings(max_examples=60, deadline=None)
def test_states_moves_and_preferences_are_those_of_the_file(content):
    plain = Plain(content)
    assume(plain.states)
    model = model_from(content)
    assert names(model) == [plain.name(state) for state in plain.states]
    for maker in range(len(content["decisionMakers"])):
        expected = {
            (plain.name(start), plain.name(end))
            for start, end in product(plain.states, repeat=2)
            if plain.reaches(maker, start, end)
        }
        assert moves(model)[maker] == expected
        scores = np.array([plain.score(maker, state) for state in plain.states])
        assert same_order(model.preferences.rank[maker], scores)


@given(files(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_misperceived_states_lose_their_moves_and_nothing_else(content, random):
    plain = Plain(content)
    assume(plain.states)
    blind = random.randrange(len(content["decisionMakers"]))
    unseen = [[random.randrange(len(content["options"])), random.choice("YN")]]
    content["decisionMakers"][blind]["misperceptions"] = [unseen]
    model = model_from(content)
    assert names(model) == [plain.name(state) for state in plain.states]
    for maker in range(len(content["decisionMakers"])):
        seen = [state for state in plain.states if maker != blind or not plain.holds(unseen, state)]
        expected = {
            (plain.name(start), plain.name(end))
            for start, end in product(seen, repeat=2)
            if plain.reaches(maker, start, end)
        }
        assert moves(model)[maker] == expected
        scores = np.array([plain.score(maker, state) for state in plain.states])
        assert same_order(model.preferences.rank[maker], scores)


def test_statements_and_directions_become_lines_of_the_case(tmp_path):
    tree = case_from(SMALL, tmp_path).tree
    assert [move["id"] for move in tree["moves"]] == ["besiege", "march", "open-gates"]
    assert [move.get("is_reversible", True) for move in tree["moves"]] == [True, False, True]
    model = tree["stability"]
    assert [item["that"] for item in model["infeasible"]] == ["besiege and march"]
    assert [(item["move"], item["cannot_be"]) for item in model["irreversible"]] == [("open-gates", "taken")]
    wishes = {
        actor: [wish["that"] for wish in stated["priorities"]]
        for actor, stated in model["preferences"].items()
    }
    assert wishes == {
        "north": ["open-gates", "not besiege and not march"],
        "south": ["not open-gates or not besiege"],
    }
    first = model["preferences"]["north"]["priorities"][0]
    assert first["assumption"] == "as made.gmcr has it (decisionMakers.0.preferences.0)"
    assert tree["note"] == "Read from made.gmcr, a conflict of GMCR+ (gmcr-py 0.4.1)."


def test_a_ranking_means_the_nth_feasible_state_with_options_grouped_by_owner(tmp_path):
    content = copy.deepcopy(SMALL)
    content["useManualPreferenceRanking"] = True
    # Feasible, first digit besiege, then march, then gates: 000 100 010 001 101 011.
    content["decisionMakers"][0]["preferenceRanking"] = [4, [2, 3], 1, 6, 5]
    content["decisionMakers"][1]["preferenceRanking"] = [[1, 2, 3, 4, 5, 6]]
    read = read_gmcr(saved(tmp_path / "a.gmcr", content))
    stated = read.tree["stability"]["preferences"]
    assert stated["north"]["ranking"] == ["001", ["100", "010"], "000", "011", "101"]
    assert stated["south"]["ranking"] == [["000", "100", "010", "001", "101", "011"]]
    assert "Statements of preference, which the manual ranking overrules: North 2, South 1." in (
        read.account.not_carried
    )
    older = json.loads(
        json.dumps(content)
        .replace("useManualPreferenceRanking", "useManualPreferenceVectors")
        .replace("preferenceRanking", "preferenceVector")
    )
    assert read_gmcr(saved(tmp_path / "b.gmcr", older)).tree["stability"]["preferences"] == {
        actor: {**told, "assumption": told["assumption"].replace("a.gmcr", "b.gmcr")}
        for actor, told in stated.items()
    }


def test_what_a_case_does_not_hold_is_told(tmp_path):
    content = copy.deepcopy(SMALL)
    content["coalitions"] = [[0, 1]]
    content["extra"] = 1
    content["infeasibles"] += [[[2, "Y"], [0, "Y"]], [[0, "Y"], [0, "N"]]]
    content["decisionMakers"][1]["preferences"] = []
    content["decisionMakers"][0]["misperceptions"] = [[[0, "Y"]]]
    read = read_gmcr(saved(tmp_path / "a.gmcr", content))
    assert "The coalition of North, South: it is none of the case; all coalitions can be looked at." in (
        read.account.not_carried
    )
    assert "'extra' is not read." in read.account.not_carried
    assert "infeasibles.1 says the same as infeasibles.0: it was dropped." in read.account.changed
    assert "infeasibles.2 never holds: it was dropped." in read.account.changed
    assert any(line.startswith("Misperceptions: nobody moves from or to") for line in read.account.changed)


def test_equal_names_stay_apart(tmp_path):
    content = copy.deepcopy(SMALL)
    for option in content["options"]:
        option["name"] = "not"
    for maker in content["decisionMakers"]:
        maker["name"] = "State"
    tree = case_from(content, tmp_path).tree
    assert [actor["id"] for actor in tree["actors"]] == ["state", "state-2"]
    assert [move["id"] for move in tree["moves"]] == ["state-not", "state-not-2", "state-not-3"]


def test_many_options_with_few_states_can_be_ranked(tmp_path):
    """Forty options of which just one is taken: 2⁴⁰ combinations, 40 states."""
    pairs = [[[one, "Y"], [other, "Y"]] for one in range(40) for other in range(one)]
    content = {
        "options": [{"name": f"o{at}", "permittedDirection": "both"} for at in range(40)],
        "decisionMakers": [
            {"name": "A", "options": list(range(40)), "preferenceRanking": list(range(1, 41))},
            {"name": "B", "options": [], "preferenceRanking": [list(range(1, 41))]},
        ],
        "infeasibles": [*pairs, [[at, "N"] for at in range(40)]],
        "useManualPreferenceRanking": True,
    }
    ranking = read_gmcr(saved(tmp_path / "a.gmcr", content)).tree["stability"]["preferences"]["a"]["ranking"]
    assert ranking[0] == "1" + "0" * 39
    assert ranking[-1] == "0" * 39 + "1"


# --- out -----------------------------------------------------------------------------------------


@given(files(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_out_and_in_again_is_the_same_conflict(content, is_ranked, random):
    count = len(Plain(content).states)
    assume(count)
    content["useManualPreferenceRanking"] = is_ranked
    for maker in content["decisionMakers"]:
        order = random.sample(range(1, count + 1), count)
        ties = random.randrange(count + 1)
        maker["preferenceRanking"] = [order[:ties], *order[ties:]]
    with tempfile.TemporaryDirectory() as folder:
        document = case_from(content, Path(folder))
        written, model = again(document, Path(folder))
    first = graph_model(document.case)
    assert written["useManualPreferenceRanking"] is is_ranked
    assert names(model) == names(first)
    assert moves(model) == moves(first)
    assert (model.preferences.rank == first.preferences.rank).all()


CASE = """
westphalia: 1
id: siege
title: A siege
question: Who gives way?
date: 1500
actors:
  - {id: north, name: North, kind: state}
  - {id: south, name: South, kind: state}
  - {id: crowd, name: The crowd, kind: public}
issues: []
moves:
  - {id: gates, actor: south, kind: concession, content: opens the gates, levels: [shut, half, open], is_reversible: false}
  - {id: march, actor: north, kind: threat, content: marches}
  - {id: pay, actor: south, kind: offer, content: pays, levels: [nothing, some, much, all]}
stability:
  infeasible:
    - {that: march and gates = open, assumption: x}
    - {that: "exactly 1 of (march, pay = all)", assumption: x}
  preferences:
    north: NORTH
    south:
      priorities:
        - {that: march if gates >= half, assumption: x}
        - {that: pay < much iff march, assumption: x}
"""  # noqa: E501

WISHES = "{priorities: [{that: gates = open xor pay, assumption: x}, {that: pay <= some, assumption: x}]}"
WEIGHTS = "{weights: [{that: gates = open, weight: 2, assumption: x}, {that: march, weight: 1.5, assumption: x}, {that: pay, weight: 0.5, assumption: x}]}"  # noqa: E501


def thermometer(name: str) -> str:
    """The name of a state of CASE once its levels are options: march, gates (2), pay (3)."""
    gates, march, pay = map(int, name)
    return f"{march}{'1' * gates:0<2}{'1' * pay:0<3}"


@pytest.mark.parametrize(("north", "is_ranked"), [(WISHES, False), (WEIGHTS, True)])
def test_levels_become_options_that_build_on_each_other(north, is_ranked, tmp_path):
    document = parse(CASE.replace("NORTH", north), "case.yaml")
    written, model = again(document, tmp_path)
    first = graph_model(document.case)
    assert written["useManualPreferenceRanking"] is is_ranked
    assert [option["permittedDirection"] for option in written["options"]] == [
        "both",
        "fwd",
        "fwd",
        *["both"] * 3,
    ]
    assert [option["name"] for option in written["options"]][:3] == [
        "marches",
        "opens the gates: half or more",
        "opens the gates: open",
    ]
    assert set(names(model)) == {thermometer(name) for name in names(first)}
    order = [names(model).index(thermometer(name)) for name in names(first)]
    assert same_order(model.preferences.rank[0][order], first.preferences.rank[0])
    assert same_order(model.preferences.rank[1][order], first.preferences.rank[1])
    for own, other in zip(moves(first), moves(model), strict=True):
        assert {(thermometer(start), thermometer(end)) for start, end in own} == other


def test_more_statements_than_the_program_can_add_up_become_a_ranking(tmp_path):
    wishes = [{"that": "not " * (at % 3) + "march and pay = some", "assumption": "x"} for at in range(70)]
    text = CASE.replace("NORTH", json.dumps({"priorities": wishes}))
    written, _ = again(parse(text, "case.yaml"), tmp_path)
    assert written["useManualPreferenceRanking"] is True
    assert written["decisionMakers"][0]["preferences"] == []
    assert len(written["decisionMakers"][1]["preferences"]) == 2


def test_who_is_ranked_for_and_who_decides_is_told(tmp_path):
    document = parse(CASE.replace("NORTH", WEIGHTS), "case.yaml")
    told = write_gmcr(outgoing_of(document), tmp_path / "a.gmcr")
    size = graph_model(document.case).conflict.size
    assert told.carried[0] == f"2 decision makers, 6 options, {size} feasible states."
    assert told.changed[-1].endswith("no list of wishes that the format knows (North).")


def test_shades_of_preference_are_told(tmp_path):
    north = "{priorities: [{that: march, is_strong: true, chance: 0.7, assumption: x}, {that: pay, is_unknown: true, place: {low: 1, high: 3}, assumption: x}]}"  # noqa: E501
    document = parse(CASE.replace("NORTH", north), "case.yaml")
    left = write_gmcr(outgoing_of(document), tmp_path / "a.gmcr").not_carried
    for start in ("Places that", "Chances that", "That the direction", "That some wishes", "Today's state"):
        assert any(line.startswith(start) for line in left), start


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda tree: tree["stability"].update(
                irreversible=[{"move": "march", "when": "pay", "assumption": "x"}]
            ),
            "Whether 'march' can be taken or dropped depends on the state.",
        ),
        (
            lambda tree: tree["stability"].update(
                irreversible=[
                    {"move": "march", "cannot_be": "taken", "assumption": "x"},
                    {"move": "march", "assumption": "x"},
                ]
            ),
            "'march' can be neither taken nor dropped",
        ),
    ],
)
def test_what_no_file_can_hold_is_refused(change, message, tmp_path):
    tree = YAML(typ="safe").load(CASE.replace("NORTH", WISHES).replace("date: 1500", "date: '1500'"))
    change(tree)
    document = parse(json.dumps(tree), "case.yaml")
    with pytest.raises(CallError, match=message) as caught:
        write_gmcr(outgoing_of(document), tmp_path / "a.gmcr")
    assert caught.value.code == "cannot-be-written"
    assert caught.value.hint
    assert not (tmp_path / "a.gmcr").exists()


def test_a_case_without_a_graph_model_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "toll.txt", TOLL)
    assert CliRunner().invoke(main, ["import", "toll.txt"]).exit_code == 0
    told = CliRunner().invoke(main, ["export", "toll", "--out", "a.gmcr"])
    assert told.exit_code == 2
    assert "The case 'toll' does not say who prefers which states." in told.output
    assert not (tmp_path / "a.gmcr").exists()


def test_states_and_arcs_are_refused_on_the_way_out(tmp_path):
    document = case_from(from_catalog("euphrates-misperceived"), tmp_path)
    with pytest.raises(CallError, match="states and arcs of its own"):
        write_gmcr(outgoing_of(document), tmp_path / "a.gmcr")


MOVES = {"a": ("n", "y"), "b": ("n", "y"), "c": ("n", "h", "f"), "d": ("n", "y")}
PLACES = {"a": [0], "b": [1], "c": [2, 3], "d": [4]}


@pytest.mark.parametrize(
    "text",
    [
        *("true", "false", "a", "not a and b", "a iff c = h", "a xor b xor d", "c != h implies a"),
        *("at most 2 of (a, b, c = f, d)", "(a or b) and (c or d) and not (a and d)", "a and not a"),
    ],
)
def test_conditions_hold_just_where_the_statement_does(text):
    statement = formula(text, MOVES)
    found = conditions_of(statement, PLACES, 64)
    for a, b, c, d in product(range(2), range(2), range(3), range(2)):
        taken = (a, b, c >= 1, c == 2, d)
        holds = any(all(bool(taken[at]) == sign for at, sign in condition) for condition in found)
        columns = {"a": np.array(a), "b": np.array(b), "c": np.array(c), "d": np.array(d)}
        assert holds == bool(statement.truth(columns))


def test_long_statements_are_taken_apart_and_too_many_conditions_given_up():
    many = {f"m{at}": ("n", "y") for at in range(20)}
    places = {name: [at] for at, name in enumerate(many)}
    long = formula(" and ".join(many), many)
    assert conditions_of(long, places, 64) == (tuple((at, True) for at in range(20)),)
    pairs = " and ".join(f"(m{at} or m{at + 1})" for at in range(0, 20, 2))
    assert conditions_of(formula(pairs, many), places, 64) is None
    assert len(conditions_of(formula(pairs, many), places, 1024)) == 1024
    half = formula(f"exactly 10 of ({', '.join(many)})", many)
    assert conditions_of(half, places, 1_000_000) is None


# --- as a newcomer types it -----------------------------------------------------------------------


def test_import_check_stability_export(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "Siege of old.gmcr", SMALL)

    def call(*args):
        told = CliRunner().invoke(main, list(args))
        assert told.exit_code == 0, told.output
        return told.output

    told = json.loads(call("import", "Siege of old.gmcr", "--json"))
    assert told["format"] == "gmcr"
    assert told["commands"] == ["westphalia check siege-of-old", "westphalia stability siege-of-old"]
    for command in told["commands"]:
        call(*command.split()[1:])
    assert format_to(Path("back.gmcr")).id == "gmcr"
    call("export", "siege-of-old", "--out", "back.gmcr")
    back = json.loads((tmp_path / "back.gmcr").read_text())
    assert [option["name"] for option in back["options"]] == ["besiege", "march", "open gates"]
    assert back["infeasibles"] == [[[0, "Y"], [1, "Y"]]]
