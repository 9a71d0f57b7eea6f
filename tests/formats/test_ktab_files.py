"""KTAB's scenarios and results: what comes over, what is refused, and that a round trip loses nothing."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from made_scenarios import (
    DUMMY,
    DUMMY_FINAL,
    RUN,
    SMALL,
    database,
    holds,
    outgoing,
    saved,
    splices,
    words,
    written,
)

from westphalia.case.document import parse
from westphalia.case.inputs import build
from westphalia.case.template import new_case
from westphalia.errors import CallError, FileError
from westphalia.formats.imported import Ledger
from westphalia.formats.ktab import DEFAULTS, OPTIONS, PARAMETERS, Actor, Adjustment, Scenario
from westphalia.formats.ktab_csv import csv_of, read_ktab_csv, scenario_from_csv, write_ktab_csv
from westphalia.formats.ktab_sqlite import read_ktab_results, read_ktab_sqlite
from westphalia.formats.ktab_writing import scenario_of
from westphalia.formats.ktab_xml import read_ktab_xml, scenario_from_xml, write_ktab_xml, xml_of
from westphalia.methods.spatial.smp import SPEC, smp

INPUTS = ("position", "salience", "capability", "has_stand", "scale_low", "scale_high")


def stands_of(document) -> dict:
    central = build(document.case).central
    return {name: central[name].values.tolist() for name in INPUTS}


# --- CSV -----------------------------------------------------------------------------------------


def test_a_scenario_comes_over_with_all_its_numbers_and_says_where_they_stood(tmp_path):
    read = read_ktab_csv(written(tmp_path / "dummy.csv", DUMMY))
    assert read.tree["title"] == "DummyData_3Dim"
    assert read.tree["summary"] == "Dummy scenario, to test reading"
    assert [actor["name"] for actor in read.tree["actors"]] == [f"SActor-0{at}" for at in range(7)]
    assert [issue["question"] for issue in read.tree["issues"]] == ["Pstn1", "Pstn2", "Pstn3"]
    assert read.tree["stands"]["sactor-02"]["pstn3"] == {
        "position": 0.07,
        "salience": 0.3462,
        "assumption": "read from dummy.csv, line 5",
    }
    assert read.tree["capability"]["sactor-06"] == {
        "value": 54.178,
        "assumption": "read from dummy.csv, line 9",
    }
    assert "divided by 100" in " ".join(read.account.changed)
    assert read.commands == ("westphalia forecast {case} --method smp --option smp.reading=ktab",)
    document = saved(tmp_path / "case", read)
    assert {finding.code for finding in document.warnings} == {"no-reversion"}


def test_the_model_of_ktab_gives_its_own_figures_on_what_was_read(tmp_path):
    """The final positions of KTAB's run of the example, to the digits that it prints."""
    central = build(saved(tmp_path / "case", read_ktab_csv(written(tmp_path / "d.csv", DUMMY))).case).central
    result = smp(*(central[name] for name in INPUTS), reading="ktab")
    assert result["rounds_played"].item() == 10
    for actor, final in DUMMY_FINAL.items():
        np.testing.assert_allclose(
            result["final_position"].sel(actor=actor).values.ravel(), final, rtol=0, atol=0.005 + 1e-9
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",\n", "\n"),
        lambda text: text.replace(",\n", ", , \n"),
        lambda text: text + "\n\n",
        lambda text: text.replace(" 102.543, 75.79", '"102.543",   75.790'),
    ],
    ids=["CRLF", "mark", "no last comma", "more commas", "empty rows behind", "blanks and quotes"],
)
def test_forms_that_real_files_have_are_read_the_same(change):
    wanted = scenario_from_csv(DUMMY, "d.csv", Ledger())
    text = change(DUMMY).removeprefix("\ufeff")
    assert scenario_from_csv(text, "d.csv", Ledger()) == wanted


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("5.91", "105.91", 3, "salience of 'SActor-00' is 105.91. It runs from 0 to 100."),
        ("5.91", "25.91", 3, "saliences of 'SActor-00' sum to 103.59."),
        ("75.79", "-0.1", 3, "position of 'SActor-00' is -0.1. It runs from 0 to 100."),
        ("75.79", "", 3, "position of 'SActor-00' is missing"),
        ("75.79", "much", 3, "position of 'SActor-00' is 'much', which is no number"),
        ("75.79", "NaN", 3, "'NaN', which is no number"),
        ("102.543", "1e9", 3, "It runs from 0 to 1e+08"),
        ("SActor-03", " ", 6, "name of the actor is empty"),
        ("SActor-03", "SActor-02", 6, "A second actor is called 'SActor-02'"),
        ("SActor-03", "S\x07", 6, "holds characters that cannot be shown"),
        ("Pstn2", "", 2, "label of dimension 2 is empty"),
        (",7,3", ",2,3", 1, "There are 2 actors. KTAB takes 3 to 250."),
        (",7,3", ",251,3", 1, "There are 251 actors"),
        (",7,3", ",7,0", 1, "There are 0 dimensions"),
        (",7,3", ",7,many", 1, "number of dimensions is 'many'"),
        (",7,3", ",6,3", 9, "more rows than the 6 actors announced"),
        (",7,3", ",7,4", 2, "label of dimension 4 is empty"),
        ("SActor-04", "\nSActor-04", 7, "no row with actor 5 of 7"),
        ("0.07, 34.62,", "0.07", 5, "The row has 8 fields"),
        ("0.07, 34.62,", "0.07, 34.62, 3", 5, "The row has 10 fields"),
        ('reading"', 'reading" x', 1, "The row cannot be read"),
    ],
)
def test_what_is_wrong_is_refused_with_line_and_reason(old, new, line, told):
    with pytest.raises(FileError, match=re.escape(told)) as refused:
        scenario_from_csv(DUMMY.replace(old, new, 1), "d.csv", Ledger())
    assert refused.value.where == f"d.csv:{line}"


def test_a_file_that_ends_too_early_is_refused():
    with pytest.raises(FileError, match="no row with actor 7 of 7"):
        scenario_from_csv("".join(DUMMY.splitlines(keepends=True)[:-1]), "d.csv", Ledger())


def test_actors_at_which_ktab_stops_are_taken_and_told(tmp_path):
    text = DUMMY.replace(" 102.543", "0")
    read = read_ktab_csv(written(tmp_path / "d.csv", text))
    assert "'SActor-00' has capability 0: KTAB stops there, here it does not count." in read.account.changed


# --- XML -----------------------------------------------------------------------------------------


def test_xml_of_the_same_scenario_gives_the_same_case(tmp_path):
    of_csv = read_ktab_csv(written(tmp_path / "d.csv", DUMMY))
    document = saved(tmp_path / "one", of_csv)
    write_ktab_xml(outgoing(document), tmp_path / "d.xml")
    again = saved(tmp_path / "two", read_ktab_xml(tmp_path / "d.xml"))
    assert stands_of(again) == stands_of(document)


def test_parameters_are_kept_and_become_the_options_of_our_own_model(tmp_path):
    read = read_ktab_xml(written(tmp_path / "dam.xml", SMALL))
    assert "VotingRule Prop, BigRAdjust None" in read.tree["note"]
    assert read.commands == (
        "westphalia forecast {case} --method smp --option smp.reading=ktab "
        "--option smp.victory_probability=binary --option smp.pce=markov-incentive "
        "--option smp.risk_adjust=none --option smp.third_party=no-commit "
        "--option smp.between_vectors=s2pmax",
    )
    assert any("0x89B9E56731783372" in sentence for sentence in read.account.not_carried)
    saved(tmp_path / "case", read)


def test_adjustments_of_ideals_stand_beside_the_case(tmp_path):
    read = read_ktab_xml(written(tmp_path / "dam.xml", SMALL))
    rows = read.beside["ktab-ideals.csv"].decode().splitlines()
    assert rows == [
        "actor,other_actor,ideal_adjustment",
        "town,town,1",
        "farm,farm,0.7",
        "state,state,1",
        "farm,town,0.2",
    ]


def test_options_are_those_of_our_model_with_its_defaults():
    given = {option.name: option for option in SPEC.options}
    for name, default in zip(PARAMETERS, DEFAULTS, strict=True):
        option, values = OPTIONS[name]
        assert len(values) == len(PARAMETERS[name])
        assert values == given[option].choices
        assert given[option].default == values[default]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Proportional", "Propbin2", "'Propbin2' is no VotingRule. Did you mean 'PropBin'?"),
        ("<BigRRange>Mid</BigRRange>", "", "<modelparameters> has no element <bigrrange>"),
        ("BigRRange>", "BigRange>", "<bigrange> is no parameter of the model. Did you mean 'BigRRange'?"),
        ("<dCoord>20</dCoord>", "<dCoord></dCoord>", "position of 'Town' is missing"),
        ("<dCoord>20</dCoord>", "", "There are 1 positions and 2 dimensions"),
        ("<dCoord>20</dCoord>", "<dCoord>120</dCoord>", "position of 'Town' is 120"),
        ("<capability>4</capability>", "", "<actor> has no element <capability>"),
        ("<referencePos>Town", "<referencePos>Twon", "An ideal is adjusted by 'Twon'. Did you mean 'Town'?"),
        ("0x89B9E56731783372", "soon", "The seed is 'soon'"),
        ("<Scenario ", "<!DOCTYPE x><Scenario ", "declares a document type"),
        ("</Actors>", "</Actor>", "no well-formed XML"),
        ("Scenario", "Scene", "The outermost element is <scene>"),
    ],
)
def test_damaged_xml_is_refused_with_line_and_reason(tmp_path, old, new, told):
    path = written(tmp_path / "dam.xml", SMALL.replace(old, new))
    with pytest.raises(FileError, match=re.escape(told)) as refused:
        read_ktab_xml(path)
    assert str(path) in refused.value.where


def test_what_ktab_stops_at_is_run_by_the_mended_model(tmp_path):
    read = read_ktab_xml(written(tmp_path / "dam.xml", SMALL.replace("<BigRAdjust>No<", "<BigRAdjust>Full<")))
    assert "smp.reading=mended" in read.commands[0]
    assert "smp.risk_adjust=full" in read.commands[0]
    assert any("KTAB always stops" in sentence for sentence in read.account.changed)


# --- writing -------------------------------------------------------------------------------------

NUMBERS = st.floats(0, 100).map(lambda number: round(number, 6))


@st.composite
def scenarios(draw, longest: int = 12) -> Scenario:
    dimensions = draw(st.lists(words(longest), min_size=1, max_size=3, unique=True))
    names = draw(st.lists(words(longest), min_size=3, max_size=5, unique=True))
    spent = st.floats(0, 100 / len(dimensions)).map(lambda number: int(number * 1000) / 1000)
    actors = tuple(
        Actor(
            name,
            draw(words(30)),
            draw(st.floats(0.001, 1e8)),
            tuple(draw(NUMBERS) for _ in dimensions),
            tuple(draw(spent) for _ in dimensions),
        )
        for name in names
    )
    parameters = {name: draw(st.sampled_from(values)) for name, values in PARAMETERS.items()}
    pairs = draw(st.lists(st.tuples(*[st.sampled_from(names)] * 2), max_size=2, unique=True))
    return Scenario(
        draw(words(40)),
        draw(words(40)),
        tuple(dimensions),
        actors,
        draw(st.sampled_from([{}, parameters])),
        str(draw(st.integers(0, 2**64))),
        tuple(Adjustment(*pair, draw(st.floats(0, 1))) for pair in pairs),
    )


@given(scenarios())
@settings(max_examples=80)
def test_csv_is_written_and_read_without_loss(scenario):
    again = scenario_from_csv(csv_of(scenario), "s.csv", Ledger())
    assert (again.name, again.description) == (scenario.name, scenario.description)
    assert (again.dimensions, again.actors) == (scenario.dimensions, scenario.actors)


@given(scenarios())
@settings(max_examples=80)
def test_xml_is_written_and_read_without_loss(scenario):
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "s.xml", xml_of(scenario))
        assert scenario_from_xml(path, Ledger()) == scenario


@given(scenarios().filter(lambda scenario: all(any(actor.saliences) for actor in scenario.actors)))
@settings(max_examples=25)
def test_a_scenario_through_a_case_and_back_keeps_its_numbers(scenario):
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        read = read_ktab_csv(written(at / "s.csv", csv_of(scenario)))
        again = scenario_of(outgoing(saved(at / "case", read)), Ledger())
    for before, after in zip(scenario.actors, again.actors, strict=True):
        assert after.capability == before.capability
        assert (after.positions, after.saliences) == (before.positions, before.saliences)


def test_a_spreadsheet_takes_no_name_for_a_formula():
    scenario = scenario_from_csv(DUMMY.replace("SActor-00", "=1+1"), "d.csv", Ledger())
    assert scenario.actors[0].name == "=1+1"
    assert "\n =1+1," in csv_of(scenario)
    assert scenario_from_csv(csv_of(scenario), "d.csv", Ledger()) == scenario


def test_a_case_of_ours_is_changed_to_what_ktab_knows_and_that_is_told(tmp_path):
    """The new case has a missing stand, ranges, and an issue of which one of three parties is absent."""
    document = parse(new_case("valley", "The valley", "2025"))
    account = write_ktab_csv(outgoing(document), tmp_path / "v.csv")
    scenario = scenario_from_csv((tmp_path / "v.csv").read_text(), "v.csv", Ledger())
    assert [actor.name for actor in scenario.actors] == ["North", "South", "The alliance"]
    alliance = scenario.actors[2]
    assert alliance.saliences == (0.0, 40.0)
    assert 0 < alliance.positions[0] < 100
    changed = " ".join(account.changed)
    assert "1 stands are missing, which KTAB does not know" in changed
    assert "The saliences of 'north' sum to 1.1; they are brought to 100 per cent." in changed
    assert sum(scenario.actors[0].saliences) == pytest.approx(100)
    assert "values are not known exactly; their means are written" in changed
    assert "statements, sources" in " ".join(account.not_carried)


def test_two_actors_are_no_scenario(tmp_path):
    text = new_case("valley", "The valley", "2025").replace(
        "salience: 0.4, assumption: as large", "salience: 0, assumption: as large"
    )
    with pytest.raises(CallError, match="2 actors have a stand that counts"):
        write_ktab_csv(outgoing(parse(text)), tmp_path / "v.csv")


# --- SQLite --------------------------------------------------------------------------------------


def test_a_run_is_read_as_a_labelled_path(tmp_path):
    result = read_ktab_results(database(tmp_path / "run.db"))
    assert result["position_path"].dims == ("round", "actor", "issue")
    assert result["actor"].values.tolist() == ["Town", "Farm", "State"]
    np.testing.assert_array_equal(result["position_path"].values, np.array(RUN))
    assert result["position_path"].attrs["units"] == "scale points"
    assert isinstance(result, xr.Dataset)


def test_a_run_becomes_the_case_it_began_with_and_its_path_a_table_beside(tmp_path):
    read = read_ktab_sqlite(database(tmp_path / "run.db"))
    document = saved(tmp_path / "case", read)
    of_xml = saved(tmp_path / "xml", read_ktab_xml(written(tmp_path / "dam.xml", SMALL)))
    assert stands_of(document) == stands_of(of_xml)
    rows = (tmp_path / "case" / "ktab-path.csv").read_text().splitlines()
    assert rows[0] == "round,actor,issue,position"
    assert rows[7:9] == ["1,town,height,25", "1,town,cost,5"]
    assert len(rows) == 1 + 2 * 3 * 2
    assert "--option smp.victory_probability=binary" in read.commands[0]


def test_of_several_runs_one_is_chosen_by_name(tmp_path):
    path = database(tmp_path / "run.db", "First", "Second")
    read = read_ktab_sqlite(path)
    assert read.tree["title"] == "First"
    assert any("not 'Second'" in sentence for sentence in read.account.not_carried)
    assert read_ktab_sqlite(path, "Second").tree["title"] == "Second"
    with pytest.raises(FileError, match=r"no scenario 'Secnd'\. Did you mean 'Second'"):
        read_ktab_sqlite(path, "Secnd")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("drop table SpatialSalience", "The table SpatialSalience is missing"),
        ("alter table VectorPosition drop column Pos_Coord", "has no column 'Pos_Coord'"),
        ("delete from VectorPosition where Turn_t = 1 and Act_i = 2", "There are 10 positions, not 2 turns"),
        ("delete from VectorPosition", "There are no positions of this scenario"),
        ("delete from ScenarioDesc", "The database holds no scenario"),
        ("update VectorPosition set Pos_Coord = 'far'", "has 'far' for a number"),
        ("update VectorPosition set Pos_Coord = 9e999", "has inf for a number"),
        ("update VectorPosition set Turn_t = -1 where Turn_t = 1", "for a count from 0"),
        ("update VectorPosition set Pos_Coord = 101 where Turn_t = 0", "It runs from 0 to 100"),
        ("insert into VectorPosition select * from VectorPosition", "has two rows for"),
        ("update ScenarioDesc set BigRAdjust = 9", "BigRAdjust 9 is not known"),
        ("update ActorDescription set Act_i = Act_i + 1", "Act_i does not count from 0"),
        ("delete from SpatialCapability where Act_i = 1", "The capability of 'Farm' is missing"),
        ("update ActorDescription set Name = zeroblob(2000000)", "The database cannot be read"),
    ],
)
def test_a_damaged_database_is_refused_with_a_reason(tmp_path, damage, told):
    path = database(tmp_path / "run.db")
    with sqlite3.connect(path) as made:
        made.execute(damage)
    made.close()
    with pytest.raises(FileError, match=re.escape(told)) as refused:
        read_ktab_sqlite(path)
    assert refused.value.where == str(path)


def test_a_view_in_place_of_a_table_is_not_run(tmp_path):
    path = database(tmp_path / "run.db")
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select 'a', x, x, x, x from n"
    with sqlite3.connect(path) as made:
        made.execute("drop table VectorPosition")
        made.execute(f"create view VectorPosition(ScenarioId, Turn_t, Act_i, Dim_k, Pos_Coord) as {endless}")
    made.close()
    with pytest.raises(FileError, match="The table VectorPosition is missing"):
        read_ktab_sqlite(path)


def test_nothing_is_written_to_a_database_and_odd_names_are_only_names(tmp_path):
    folder = tmp_path / "a ?mode=rwc#%00"
    folder.mkdir()
    path = database(folder / "run?.db")
    before = path.read_bytes()
    path.chmod(0o400)
    assert read_ktab_results(path).sizes["round"] == 2
    assert path.read_bytes() == before
    assert [each.name for each in folder.iterdir()] == ["run?.db"]


def test_a_database_in_use_is_refused(tmp_path):
    path = database(tmp_path / "run.db")
    (tmp_path / "run.db-wal").write_bytes(b"rest")
    with pytest.raises(FileError, match="Close the program that has it open"):
        read_ktab_sqlite(path)


# --- files of strangers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "read"), [("d.csv", DUMMY, read_ktab_csv), ("d.xml", SMALL, read_ktab_xml)]
)
@given(data=st.data())
@settings(max_examples=100)
def test_whatever_a_scenario_holds_a_sound_case_or_a_reason_comes_of_it(name, text, read, data):
    raw = data.draw(splices(text.encode()) | st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        holds(read, path, Path(folder) / "case")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> bytes:
    return database(tmp_path_factory.mktemp("run") / "run.db").read_bytes()


@given(at=st.integers(0, 30_000), raw=st.binary(min_size=1, max_size=20), cut=st.booleans())
@settings(max_examples=100)
def test_whatever_a_database_holds_a_sound_case_or_a_reason_comes_of_it(run, at, raw, cut):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.db"
        at %= len(run)
        path.write_bytes(run[:at] + raw + (b"" if cut else run[at + len(raw) :]))
        holds(read_ktab_sqlite, path, Path(folder) / "case")
