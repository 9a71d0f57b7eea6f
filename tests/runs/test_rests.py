"""Whether a state is at rest as an answer over draws, and what changes of wishes bring it to rest."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from tests.report.stability_cases import ARMS, GATES, PEACE, gates

from westphalia.api import Case
from westphalia.case.document import parse
from westphalia.cli import main
from westphalia.errors import CallError, WestphaliaError
from westphalia.methods.stability.robustness import at_rest, robustness
from westphalia.runs.graph import doubts, graph_model, rank_draws
from westphalia.runs.rests import meant, rest_levers
from westphalia.runs.sensitivity import screening, sensitivity

FROM_ISSUES = (
    ARMS.replace('north: {ranking: ["10", "00", "11", "01"]}', "north: {from_issues: true}")
    .replace('["01", "00", "11", "10"]', '["10", "00", "11", "01"]')
    .replace("{position: 90, salience: 1}", "{position: {low: 0, high: 100}, salience: 1}")
    .replace("kind: escalation, content: {en", "issue: arms, brings: 100, kind: escalation, content: {en")
    .replace("scale: {0: none, 100: all}}", "scale: {0: none, 100: all}, reversion: 0}")
)
"""The North arms if its position, anywhere on the scale alike, is nearer to all arms than to none."""


def test_doubts_are_named_by_actor_and_wish():
    names = [doubt.name for doubt in doubts(graph_model(gates().case))]
    assert names == ["north.wish-2.chance", "south.wish-1.place", "south.wish-2.place"]


def test_rest_hangs_on_the_one_chance_that_decides_it():
    found = sensitivity(gates("0.25"), of=("rest:00",), concept="nash", draws=512).isel(answer=0)
    # Nobody leaves the quiet border where the North has no pride to march for: p = 0.75 of draws.
    assert float(found["answer_mean"]) == pytest.approx(0.75, abs=0.01)
    assert float(found["variance"]) == pytest.approx(0.75 * 0.25, abs=0.01)
    for index in ("first_order", "total_order"):
        share = found[index].sel(group="north.wish-2.chance")
        assert float(share) == pytest.approx(1.0, abs=0.02)
        assert not found[index].drop_sel(group="north.wish-2.chance").values.any()
    assert found.attrs["concept"] == "nash"


def test_groups_by_actor_and_evidence_take_wishes_in():
    by_actor = sensitivity(gates("0.25"), of=("rest:00",), by="actor", concept="nash", draws=64)
    assert by_actor["group"].values.tolist() == ["north", "south"]
    assert by_actor["unknown_count"].values.tolist() == [1, 2]
    by_source = sensitivity(gates("0.25"), of=("rest:00",), by="source", draws=64)
    assert by_source["group"].values.tolist() == ["(assumed)"]
    assert sensitivity(gates(), of=("rest:00",), by="issue", draws=64)["group"].values.tolist() == [
        "(no issue)"
    ]


def test_preferences_that_follow_from_issues_are_drawn_with_the_stands():
    document = parse(FROM_ISSUES)
    found = sensitivity(document, of=("rest:10",), concept="nash", draws=256).isel(answer=0)
    assert found["group"].values.tolist() == ["north.arms.position"]
    assert float(found["answer_mean"]) == pytest.approx(0.5, abs=0.01)
    assert found["first_order"].values == pytest.approx([1.0], abs=0.02)


def test_a_statement_rests_where_some_state_does_in_which_it_holds():
    # Either the North marches or all is quiet: one of the two is always at rest.
    either = sensitivity(gates("0.25"), of=("rest:not open-gates",), concept="nash", draws=64)
    assert float(either["answer_mean"].isel(answer=0)) == 1.0


def test_screening_finds_the_same_driver():
    found = screening(gates("0.5"), of=("rest:00",), concept="nash", trajectories=10).isel(answer=0)
    assert found["effect_size"].idxmax("group") == "north.wish-2.chance"


def test_draws_of_verdicts_are_those_that_robustness_counts():
    document = gates("0.4")
    model = graph_model(document.case)
    ranks = rank_draws(document.case, model, draws=200, seed=3)
    states = np.arange(model.conflict.size)
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        shares = robustness(model.conflict, ranks, concepts=[concept])["equilibrium_probability"].values[0]
        ours = at_rest(model.conflict, ranks, states, concept=concept)
        assert ours.shape == (200, model.conflict.size)
        assert np.allclose(ours.mean(axis=0), shares)
        alone = at_rest(model.conflict, ranks[17:18], states, concept=concept)
        assert np.array_equal(alone[0], ours[17])


def test_the_smallest_changes_are_those_of_the_wish_that_leads_away():
    found = rest_levers(gates("0.75"), "00", concept="nash", by="north", draws=64)
    (north,) = found.persuasions
    assert found.is_own(north)
    changed = {(edited.edits[0].kind, north.wishes[edited.edits[0].wish]) for edited in north.smallest.found}
    # Only its pride tells a march from a quiet border: whatever its place, it must go or turn.
    assert changed == {("drop", "march"), ("turn", "march")}
    assert found.is_enough
    assert found.holds_probability == pytest.approx(0.25, abs=0.02)
    assert found.together["rise"].values.tolist() == [[1, 0]]


def test_a_state_at_rest_needs_nothing_and_rankings_have_no_wishes():
    still = rest_levers(gates("0.25"), "00", concept="nash", draws=16)
    assert still.persuasions == ()
    assert still.is_enough
    ranked = rest_levers(parse(ARMS), "00", concept="nash", draws=16)
    assert [one.smallest for one in ranked.persuasions] == [None, None]
    assert not ranked.is_enough
    assert ranked.together["rise"].values.tolist() == [[1, 1]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "nonsense"),
        ("11", "11"),
        ("not march", "'not march' holds in 2 states"),
    ],
)
def test_states_that_are_not_meant_are_refused(text, said):
    with pytest.raises(WestphaliaError, match=said):
        rest_levers(gates(), text, draws=4)


def test_today_is_a_state_only_where_the_case_says_it():
    assert (
        meant(graph_model(gates().case), "today").tolist() == meant(graph_model(gates().case), "10").tolist()
    )
    unsaid = parse(GATES.replace("CHANCE", "0.5").replace("is_taken: true, ", ""))
    with pytest.raises(CallError, match="does not say of every move whether it is taken today"):
        sensitivity(unsaid, of=("rest:today",), draws=4)
    assert meant(graph_model(parse(PEACE).case), "war").tolist() == [1]
    with pytest.raises(CallError, match="'wra' is no state") as caught:
        meant(graph_model(parse(PEACE).case), "wra")
    assert "war" in caught.value.hint


def test_unknown_concepts_and_actors_are_named():
    with pytest.raises(CallError, match="There is no concept 'nahs'"):
        sensitivity(gates(), of=("rest:00",), concept="nahs", draws=4)
    with pytest.raises(CallError, match="There is no actor 'noth'"):
        rest_levers(gates(), "00", by="noth", draws=4)


def test_the_faces_say_the_same(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(GATES.replace("CHANCE", "0.75"))
    asked = ["levers", str(path), "--rest", "00", "--concept", "nash", "--by", "north"]
    told = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    face = Case(gates("0.75")).levers("rest:00", concept="nash", by="north")
    assert told["holds_probability"] == face.holds_probability
    (lever,) = told["levers"]
    assert (lever["actor"], lever["is_own"]) == ("north", True)
    assert {edit["kind"] for (edit,) in lever["edits"]} == {"drop", "turn"}
    words = " ".join(CliRunner(env={"COLUMNS": "140"}).invoke(main, asked).stdout.split())
    assert "north (its own wishes) would stay after any one of these" in words
    assert "“march” is turned round" in words
    both = CliRunner().invoke(main, [*asked, "--zone"])
    assert both.exit_code == 2
    assert "Ask for one of them" in both.stderr
    share = Case(gates("0.75")).sensitivity("rest:00", concept="nash", draws=64)
    typed = ["sensitivity", str(path), "--of", "rest:00", "--concept", "nash", "--draws", "64", "--json"]
    data = json.loads(CliRunner().invoke(main, typed).stdout)
    assert data["answers"]["rest:00"]["answer_mean"] == float(share["answer_mean"].item())


def test_what_if_takes_changes_as_a_scenario_writes_them():
    case = Case(gates())
    found = case.what_if({"set": "north.arms.position", "to": 50}, draws=8, only=("mean",))
    assert found.difference["difference"].values == pytest.approx(-20.0)
    with pytest.raises(CallError, match="A change does nothing"):
        case.what_if({})
