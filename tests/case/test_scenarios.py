"""What a change does to a case: just what it says, everywhere it must, and to a copy."""

import copy
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from westphalia.case.changes import changed_tree, members, times
from westphalia.case.document import parse
from westphalia.case.scenarios import (
    Change,
    new_scenario,
    read_actor,
    read_commitment,
    read_removal,
    read_scaling,
    read_setting,
    read_shift,
)
from westphalia.case.stands import resolved
from westphalia.case.text import emit
from westphalia.errors import CallError, CaseError
from westphalia.fields import parse_value
from westphalia.report.values import value_text
from westphalia.runs.whatif import changed_document, scenario_of, with_scenario
from westphalia.testing import case_trees
from westphalia.uncertain import Point, Shifted, shifted

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "corpus"))
from broken import VALID  # noqa: E402

WAR = "wars:\n  - {id: war, between: [north, league], win_chance: 0.6, costs: {north: 0.1, league: 0.2}}\n"
LEAGUE = VALID.replace(
    "capability:\n",
    "  league:\n    border: {position: 60, salience: 0.2, assumption: x}\n"
    "    venue: {position: away, salience: 0.2, assumption: x}\n"
    "capability:\n  league: {value: 5, assumption: x}\n",
)


def changed(text, *changes):
    return changed_document(parse(text), changes).case


def stand(case, actor, issue):
    return next(one for one in resolved(case) if (one.actor, one.issue) == (actor, issue))


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "get", "value"),
    [
        ("north.border.position={low: 30, high: 60}", lambda c: c.stands["north"]["border"].position.value,
         {"low": 30, "high": 60}),
        ("stands.north.border.salience=0.2", lambda c: c.stands["north"]["border"].salience.value, 0.2),
        ("north.capability=[1, 2]", lambda c: c.capability["north"].on("border").value, [1, 2]),
        ("north.border.capability=7", lambda c: c.capability["north"].on("border").value, 7),
        ("north.no_deal=0.5", lambda c: c.no_deal["north"].value, 0.5),
        ("border.reversion=[4, 5]", lambda c: c.issue["border"].reversion.value, [4, 5]),
        ("pact.strength=0.9", lambda c: c.commitments[0].strength.value, 0.9),
        ("league.border={position: 60, salience: 0.1}", lambda c: c.stands["league"]["border"].position.value,
         60),
    ],
)  # fmt: skip
def test_a_value_is_set_where_its_unknown_is(text, get, value):
    case = changed(LEAGUE, read_setting(text))
    assert get(case).plain() == value
    assert case.capability["north"].on("venue").value.plain() == ([1, 2] if "north.cap" in text else 80)


def test_a_war_is_set_by_its_own_names():
    text = LEAGUE + WAR
    case = changed(text, read_setting("war.win_chance=0.3"), read_setting("war.north.cost=0.4"))
    war = case.wars[0]
    assert (war.win_chance.value, war.costs["north"].value, war.costs["league"].value) == (
        Point(0.3), Point(0.4), Point(0.2),
    )  # fmt: skip
    with pytest.raises(CallError, match=r"no side of the war 'nroth'\. Did you mean 'north'"):
        changed(text, read_setting("war.nroth.cost=1"))


def test_a_choice_is_set_on_a_nominal_issue_and_evidence_of_its_own_is_kept():
    case = changed(
        VALID, read_setting("north.venue.position={chances: {home: 0.25, away: 0.75}, evidence: s2}")
    )
    position = case.stands["north"]["venue"].position
    assert position.choice.chances == {"home": 0.25, "away": 0.75}
    assert (position.evidence, position.assumption) == (("s2",), None)
    assert (
        changed(VALID, read_setting("north.venue.position=away")).stands["north"]["venue"].position.assumption
    )


def test_setting_the_overall_capability_leaves_those_by_issue():
    first = read_setting("north.venue.capability=5")
    case = changed(VALID, first, read_setting("north.capability=50"))
    assert [case.capability["north"].on(name).value for name in ("venue", "border")] == [Point(5), Point(50)]


# --- actors --------------------------------------------------------------------------------------


def test_a_removed_actor_takes_part_in_nothing_and_evidence_stays():
    case = changed(LEAGUE + WAR, read_removal("league"))
    assert not case.wars
    assert "league" not in {*case.stands, *case.capability, *case.no_deal}
    assert case.agreement.ratifiers == {"north": ()}
    assert case.actor["north"].part_of == ()
    assert "league" in case.actor
    assert case.consultations[0].left_out == ("league",)
    assert len(case.statements) == 2


def test_a_removed_party_leaves_commitments_exchanges_moves_and_the_graph_model():
    text = LEAGUE.replace("mode: narration, kind: fact,", "mode: narration, kind: fact, breaks: pact,")
    case = changed(text, read_removal("north"))
    assert case.commitments == case.linkages == ()
    assert [move.id for move in case.moves] == ["yield"]
    assert case.stability is None
    assert case.agreement.required == ("south",)
    assert case.agreement.ratifiers == {}
    assert case.statement["s2"].breaks == ()
    assert case.statement["s1"].about[0].actor == "north"
    south = changed(text, read_removal("south"))
    assert south.commitments[0].to == ()
    assert south.moves[0].against == ()


def test_whose_removal_leaves_nobody_to_consent_is_refused():
    with pytest.raises(CallError, match="Without 'south' nobody is left whose consent an agreement needs"):
        changed(LEAGUE, read_removal("north"), read_removal("south"))


def test_an_actor_and_a_commitment_are_added():
    added = read_actor(
        "{id: isle, name: Isle, kind: state, stands: {border: {position: 40, salience: 0.5}}, "
        "capability: {low: 5, high: 9}, no_deal: 0.1}"
    )
    pledge = read_commitment("{id: pledge, by: isle, content: helps, about: {issue: border, value: 40}}")
    case = changed(VALID, added, pledge, read_setting("isle.border.position=45"))
    assert stand(case, "isle", "border").position == Point(45)
    assert case.no_deal["isle"].value == Point(0.1)
    assert case.commitments[-1].by == ("isle",)
    assert case.commitments[-1].is_backed


# --- blocs -----------------------------------------------------------------------------------------


def test_a_bloc_is_all_that_are_part_of_it_through_others_too():
    tree = {
        "actors": [
            {"id": "town", "part_of": "land"},
            {"id": "land", "part_of": ["union", "club"]},
            {"id": "union"},
            {"id": "club"},
        ]
    }
    assert members(tree, ["union"]) == ["town", "land", "union"]
    assert members(tree, ["club", "town"]) == ["town", "land", "club"]
    with pytest.raises(CallError, match="Did you mean 'union'"):
        members(tree, ["unoin"])


def test_a_derived_position_is_shifted_as_a_distribution():
    base = stand(parse(LEAGUE).case, "north", "border").position
    case = changed(LEAGUE, read_shift("league:border:+10"))
    moved = stand(case, "north", "border")
    assert moved.origin == "derived"
    assert moved.position_backing.evidence == ("s1",)
    u = np.linspace(0.001, 0.999, 999)
    np.testing.assert_array_equal(moved.position.quantile(u), np.minimum(base.quantile(u) + 10, 100))
    assert stand(case, "league", "border").position == Point(70)
    assert stand(case, "south", "border") == stand(parse(LEAGUE).case, "south", "border")


def test_shifts_add_up_and_undo_each_other():
    there, back = read_shift("north,south:border:+40"), read_shift("north,south:border:-40")
    assert resolved(changed(LEAGUE, there, back)) == resolved(parse(LEAGUE).case)
    assert stand(changed(LEAGUE, there, there), "south", "border").position.by == 80


values = st.one_of(
    st.floats(0, 100),
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda r: {"low": min(r), "high": max(r)}),
    st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)).map(
        lambda r: dict(zip(("low", "mode", "high"), sorted(r), strict=True))
    ),
    st.lists(st.floats(0, 100), min_size=1, max_size=3),
    st.floats(0, 100).map(lambda mean: {"normal": [mean, 7]}),
)
shares = np.linspace(0.0005, 0.9995, 1000)


@given(raw=values, by=st.floats(-150, 150))
def test_a_shift_moves_every_draw_and_cuts_it_at_the_ends(raw, by):
    value = parse_value(raw).within(0, 100)
    moved = shifted(value, by, 0, 100)
    np.testing.assert_array_equal(moved.quantile(shares), np.clip(value.quantile(shares) + by, 0, 100))
    assert 0 <= moved.low <= moved.high <= 100
    assert 0 <= moved.central <= 100
    assert abs(moved.central - moved.quantile(shares).mean()) < 0.2
    assert moved.within(0, 100) == moved


def test_what_is_not_shifted_stays_and_a_shift_is_told_by_its_ends():
    value = parse_value({"low": 80, "high": 100})
    assert shifted(value, 0, 0, 100) is value
    moved = shifted(value, 10, 0, 100)
    assert isinstance(moved, Shifted)
    assert moved.plain() == {"low": 90, "high": 100}
    assert value_text(moved) == "80 to 100; moved by +10"
    assert moved.central == pytest.approx(97.5, abs=1e-6)


@given(raw=values, factor=st.floats(0.01, 100))
def test_a_scaled_value_has_every_draw_scaled(raw, factor):
    value = parse_value(raw)
    scaled = times(value, factor)
    np.testing.assert_allclose(scaled.quantile(shares), factor * value.quantile(shares), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(parse_value(scaled.plain()).central, scaled.central)


def test_capability_is_scaled_everywhere_or_on_one_issue():
    case = changed(VALID, read_scaling("north:venue:2"), read_scaling("league:0.5"))
    assert case.capability["north"].on("venue").value == Point(80)
    assert case.capability["north"].on("border").value == Point(40)
    with pytest.raises(CallError, match="nobody there has a capability"):
        changed(VALID, read_scaling("envoy:2"))
    with pytest.raises(CallError, match="Did you mean 'venue'"):
        changed(VALID, read_scaling("north:venu:2"))


# --- the short form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "text", "words"),
    [
        (read_setting, "north.capability", "Write PATH=VALUE"),
        (read_setting, "north.capability={low: 1", "cannot be read"),
        (read_setting, "north.capability=!!python/object:os.system {}", "A YAML tag"),
        (read_removal, "the north", "cannot be an id"),
        (read_actor, "isle", "Write {id: east"),
        (read_actor, "{id: isle}", "'add_actor' needs 'stands' beside it"),
        (read_commitment, "pact", "Write {id: pact"),
        (read_shift, "north:border", "Write WHO:ISSUE:POINTS"),
        (read_shift, "north:border:ten", "Write WHO:ISSUE:POINTS"),
        (read_scaling, "north", "Write WHO:FACTOR"),
        (read_scaling, "north:-2", "a factor above 0 is needed"),
    ],
)
def test_a_slip_in_the_short_form_says_what_would_be_right(reader, text, words):
    with pytest.raises(CallError) as caught:
        reader(text)
    assert words in str(caught.value)


def test_a_change_is_written_as_it_is_read():
    changes = [
        read_setting("north.border.position={low: 30, high: 60}"),
        read_removal("league"),
        read_shift("north,league:border:-2.5"),
        read_shift("league:border:+10"),
        read_scaling("north:venue:1.5"),
        read_commitment("{id: c, by: north, content: c}"),
    ]
    assert [Change.model_validate(change.plain()) for change in changes] == changes
    assert [str(change) for change in changes] == [
        "north.border.position = 30 to 60",
        "without league",
        "north, league on border -2.5",
        "league on border +10",
        "capability of north on venue × 1.5",
        "with the commitment c",
    ]


# --- the case and its file -----------------------------------------------------------------------


CHANGES = (read_removal("league"), read_shift("north,south:border:-15"), read_scaling("south:2"))


def test_a_change_leaves_the_case_it_is_made_to_alone():
    document = parse(LEAGUE)
    before = copy.deepcopy(document.tree)
    new = changed_document(document, CHANGES, "a thaw")
    assert document.tree == before
    assert new.digest != document.digest
    assert new.path is None


@settings(max_examples=25, deadline=None)
@given(tree=case_trees(), by=st.integers(-150, 150), factor=st.integers(1, 300))
def test_a_changed_case_is_a_sound_case_with_nothing_else_changed(tree, by, factor):
    before = copy.deepcopy(tree)
    scaled = [issue["id"] for issue in tree["issues"] if issue.get("kind") != "nominal"]
    changes = [read_scaling(f"actor-0:{factor / 100}")]
    changes += [read_shift(f"actor-1:{scaled[0]}:{by:+d}")] if scaled else []
    new = parse(emit.block(changed_tree(tree, changes), 0, "\n"))
    assert tree == before
    assert {**new.tree, "capability": 0, "stands": 0} == {**tree, "capability": 0, "stands": 0}
    for actor, stands in new.tree["stands"].items():
        for issue, told in stands.items():
            if (actor, issue) != ("actor-1", scaled[0] if scaled else ""):
                assert told == tree["stands"][actor][issue]


def test_what_leaves_a_wrong_case_is_refused_in_the_words_of_the_check():
    with pytest.raises(CallError) as caught:
        changed(VALID, read_setting("north.border.position=140"))
    assert "With these changes the case would be wrong: The position of 'north' is 140, off the scale" in str(
        caught.value
    )
    assert "The scale runs from 0 to 100" in str(caught.value)


def test_a_scenario_is_added_to_the_file_and_no_other_byte_moves():
    document = parse("# begins\r\n" + LEAGUE.replace("\n", "\r\n") + "# ends\r\n")
    saved = with_scenario(document, new_scenario("thaw", "A thaw", CHANGES, "a note"))
    kept = document.text.removesuffix("# ends\r\n")
    assert saved.text.startswith(kept)
    assert saved.text.endswith("# ends\r\n")
    assert scenario_of(saved, "thaw").changes == CHANGES
    again = with_scenario(saved, new_scenario("frost", None, CHANGES[:1]))
    assert [scenario.id for scenario in again.case.scenarios] == ["thaw", "frost"]
    with pytest.raises(CaseError, match="Two scenarios have the id 'thaw'"):
        with_scenario(again, new_scenario("thaw", None, CHANGES))
    with pytest.raises(CallError, match="Did you mean 'frost'"):
        scenario_of(again, "forst")


def test_a_scenario_needs_a_name_and_a_change():
    with pytest.raises(CallError, match="cannot be an id"):
        new_scenario("A thaw", None, CHANGES)
    with pytest.raises(CallError, match="at least one change"):
        new_scenario("thaw", None, ())
