"""Tasks: what can be told is checked, what comes of them is what commands and the report give."""

from __future__ import annotations

import inspect
import json
import math
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from westphalia.case.document import Document, parse, read
from westphalia.case.template import new_case
from westphalia.cli import main
from westphalia.cli.levers import levers
from westphalia.errors import CallError
from westphalia.language import catalogue, speaking
from westphalia.runs.deals import negotiate
from westphalia.runs.doubt import weigh
from westphalia.runs.sensitivity import sensitivity
from westphalia.runs.stability import play
from westphalia.runs.study import conduct
from westphalia.runs.whatif import what_if
from westphalia.workspace.task_commands import command_of
from westphalia.workspace.tasks import KINDS, Kind, Result, Task, carry_out, checked, settings_of

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02" / "case.yaml"
CONFLICT = """
moves:
  - {id: march, actor: north, kind: escalation, content: March, is_taken: false, assumption: made up}
  - {id: shell, actor: south, kind: escalation, content: Shell, is_taken: false, assumption: made up}
stability:
  preferences:
    north: {ranking: ["10", "00", "11", "01"]}
    south: {ranking: ["01", "00", "11", "10"]}
"""
SCENARIOS = """
scenarios:
  - id: thaw
    title: A thaw
    changes:
      - {set: north.border.position, to: 40}
    assumption: a new government in the north
"""
SMALL: dict[Kind, dict[str, Any]] = {
    "forecast": {"draws": 40},
    "deals": {"draws": 40},
    "stability": {"draws": 20},
    "networks": {"draws": 20},
    "doubt": {"draws": 40, "base_draws": 16, "tried_draws": 10},
    "sensitivity": {"draws": 32},
    "levers": {"draws": 20, "of": "border", "at_least": 70},
    "whatif": {"draws": 40},
    "report": {"draws": 40},
}


@pytest.fixture(scope="module")
def small() -> Document:
    return parse(new_case("pact", date="2025-02-01") + CONFLICT + SCENARIOS, "pact")


@pytest.fixture(scope="module")
def flagship() -> Document:
    return read(FLAGSHIP)


def done(kind: Kind, document: Document, **settings: Any) -> Result:
    return carry_out(checked(kind, {**SMALL[kind], **settings}), document, {})


# --- what comes of them ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_task_gives_chapters_an_answer_and_values(kind: Kind, small: Document) -> None:
    seen: list[str] = []
    task = checked(kind, SMALL[kind])
    result = carry_out(task, small, {}, lambda what, _done, _total: seen.append(what))
    assert Result.from_json(result.to_json()) == result
    assert result.answer
    assert all(sentence.strip() for sentence in result.answer)
    assert result.values
    assert result.chapters
    for chapter in result.chapters.values():
        assert not chapter.reason
        ids = [part.id for part in chapter.parts]
        assert len(ids) == len(set(ids)) > 0
        assert not any(" " in name for name in ids), "they stand in the page"
        assert {part.chart for part in chapter.parts} - {""} <= set(chapter.charts)
    pictures = [name for chapter in result.chapters.values() for name in chapter.charts]
    assert len(pictures) == len(set(pictures))
    stamp = result.stamp
    assert (stamp["kind"], stamp["case"], stamp["case_digest"]) == (kind, "pact", small.digest)
    assert (stamp["draws"], stamp["seed"], stamp["settings"]) == (SMALL[kind]["draws"], 1, task.settings)
    assert seen or kind in ("networks", "levers")


@pytest.mark.parametrize("kind", ["forecast", "deals", "stability"])
def test_the_same_task_on_the_flagship_gives_the_same_bits(kind: Kind, flagship: Document) -> None:
    first, second = (done(kind, flagship, draws=30).to_json() for _ in range(2))
    assert first == second
    assert done(kind, flagship, draws=30, seed=2).to_json() != first


def test_every_picture_of_a_chapter_is_shown_by_a_part(small: Document) -> None:
    for kind in ("forecast", "sensitivity", "whatif"):
        for chapter in done(kind, small).chapters.values():
            assert {part.chart for part in chapter.parts} - {""} == set(chapter.charts)


def test_a_forecast_tells_each_method_on_each_issue(small: Document) -> None:
    told = done("forecast", small, methods="mean,predictive").values["forecast"]
    assert set(told) == {"border", "force"}
    for issue in told.values():
        assert set(issue) == {"mean", "predictive"}
        for one in issue.values():
            assert set(one) == {"mean", "median", "q05", "q25", "q75", "q95"}
            assert one["q05"] <= one["q25"] <= one["median"] <= one["q75"] <= one["q95"]
    table = done("forecast", small, methods="mean").tables["forecast.csv"].splitlines()
    assert table[0].startswith("issue,method,mean,quantile_0.05")
    assert len(table) == 3


def test_reasons_of_a_state_are_told_first(small: Document) -> None:
    result = done("stability", small, state="00", wish="not march")
    assert result.values["reasons"]["state"] == "00"
    assert result.values["wished"]["that"] == "not march"
    assert result.chapters["stability"].parts[0].id == "state"


def test_levers_open_a_zone_or_bring_a_state_to_rest(small: Document) -> None:
    zone = done("levers", small, of="zone", at_least="")
    assert zone.values["holds_probability"] > 0
    rest = done("levers", small, of="rest:10", at_least="", by="north", concept="nash")
    assert rest.values["state"] == "10"
    assert "north" in rest.stamp["command"]
    north = done("levers", small, by="north")
    assert [part.id for part in north.chapters["levers"].parts][:3] == ["wish", "own", "others"]


def test_changes_are_tried_beside_the_case_as_it_is(small: Document) -> None:
    changes = [{"set": "north.border.position", "to": 0}, {"shift": "south", "on": "border", "by": -20}]
    result = done("whatif", small, changes=changes, title="A retreat", methods=["median"])
    told = result.values["what_if"]["changes"]
    assert told["title"] == "A retreat"
    assert set(told["forecast"]["border"]) == {"mean", "predictive", "median"}
    assert told["forecast"]["border"]["mean"]["mean_difference"] < -10
    assert result.stamp["case_digest"] == small.digest
    words = " ".join(result.chapters["whatif"].parts[0].sentences)
    assert "A retreat" in words
    both = done("whatif", small)
    assert list(both.values["what_if"]) == ["thaw"]


def test_a_report_is_one_file_with_the_chapters_of_its_parts(small: Document) -> None:
    result = done("report", small, stability="no", language="de")
    page = result.files["report.html"].decode("utf-8")
    assert page.startswith("<!doctype html>")
    assert 'lang="de"' in page
    assert {"answer", "issues", "deals", "doubt", "networks"} <= set(result.chapters)
    assert "stability" not in result.chapters
    assert {"forecast", "deals"} == set(result.values)


def test_what_a_case_does_not_have_is_told() -> None:
    bare = parse(new_case("pact", date="2025-02-01"), "pact")
    for kind, code in (("stability", "no-stability"), ("whatif", "no-change")):
        with pytest.raises(CallError) as caught:
            done(kind, bare)
        assert caught.value.code == code
    report = done("report", bare, deals="no", doubt="no")
    assert report.chapters["stability"].reason
    with pytest.raises(CallError, match="bordr"):
        done("levers", bare, of="bordr")


def test_a_chapter_speaks_the_language_of_the_task(small: Document) -> None:
    title = catalogue("de").gettext("How far to trust it")
    assert title != "How far to trust it"
    assert title in [part.title for part in done("forecast", small, language="de").chapters["answer"].parts]
    with speaking("de"):
        english = done("forecast", small).chapters["answer"]
    assert "How far to trust it" in [part.title for part in english.parts]


# --- the command that gives the same -------------------------------------------------------------------


def ran(command: str) -> Any:
    words = shlex.split(command)
    assert words[0] == "westphalia"
    told = CliRunner().invoke(main, [*words[1:], "--json"])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("deals", {"loss": "quadratic", "ratifiers": "no", "one_expert": "on", "seed": 3}),
        ("stability", {"concepts": ["nash", "gmr"], "wish": "not march"}),
        ("sensitivity", {"of": ["force"], "by": "actor", "methods": ["median"], "capability_factor": 1.5}),
        ("sensitivity", {"of": ["rest:today", "rest:march and shell"], "concept": "nash", "draws": 64}),
        ("levers", {"cost_of_salience": 2, "by": "north"}),
        ("levers", {"of": "zone", "at_least": None}),
        ("levers", {"of": "rest:10", "at_least": None, "most_edits": 1}),
        ("networks", {}),
    ],
)
def test_the_command_gives_the_same_values(
    kind: Kind, settings: dict[str, Any], tmp_path: Path, small: Document
) -> None:
    file = tmp_path / "pact.yaml"
    file.write_text(small.text, encoding="utf-8")
    result = done(kind, read(file), **settings)
    assert ran(result.stamp["command"]) == result.values


def test_the_command_of_a_forecast_and_of_changes_gives_the_same(tmp_path: Path, small: Document) -> None:
    file = tmp_path / "pact.yaml"
    file.write_text(small.text, encoding="utf-8")
    document = read(file)
    result = done("forecast", document, methods=["mean", "challenge"], options={"challenge": {"rounds": 2}})
    told = ran(result.stamp["command"])["forecast"]["border"]["challenge"]
    kept = result.values["forecast"]["border"]["challenge"]
    assert told == [kept[name] for name in ("q05", "q25", "median", "q75", "q95")]
    changes = [
        {"remove": "alliance"},
        {"set": "north.border.position", "to": {"low": 10, "high": 20}},
        {"scale_capability": ["north", "south"], "by": 0.5},
        {"shift": "south", "on": "force", "by": 5},
    ]
    tried = done("whatif", document, changes=changes)
    told = next(iter(ran(tried.stamp["command"])["what_if"].values()))
    assert told == tried.values["what_if"]["changes"]


def test_where_no_command_does_the_same_none_is_told() -> None:
    assert command_of(checked("doubt", {}), "x").endswith("--seed 1")
    assert command_of(checked("doubt", {"base_draws": 16}), "x") == ""
    shifted = {"shift": "south", "on": "force", "by": 5}
    assert command_of(checked("whatif", {"changes": [shifted, {"remove": "north"}]}), "x") == ""


# --- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "computes"),
    [
        ("forecast", conduct),
        ("deals", negotiate),
        ("stability", play),
        ("doubt", weigh),
        ("sensitivity", sensitivity),
        ("whatif", what_if),
    ],
)
def test_defaults_are_those_of_what_computes(kind: Kind, computes: Any) -> None:
    parameters = inspect.signature(computes).parameters
    shared = [
        one for one in settings_of(kind) if one.name in parameters and one.type in ("int", "float", "bool")
    ]
    assert shared
    for one in shared:
        assert one.default == parameters[one.name].default, one.name


def test_defaults_of_levers_are_those_of_the_command() -> None:
    options = {option.name: option.default for option in levers.params}
    shared = [one for one in settings_of("levers") if one.name in options and one.type != "bool"]
    assert {"cost_of_position", "draws", "method", "most_edits"} <= {one.name for one in shared}
    for one in shared:
        if one.default is not None:
            assert one.default == options[one.name], one.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_says_what_it_means_and_takes_its_default(kind: Kind) -> None:
    for one in settings_of(kind):
        assert one.sentence.endswith("."), one.name
        assert (one.type in ("choice", "choices")) == bool(one.choices), one.name
        if one.default is not None:
            raw = {"levers": {"of": "zone"}}.get(kind, {})
            assert checked(kind, {**raw, one.name: one.default}).settings == checked(kind, raw).settings


@pytest.mark.parametrize(
    ("kind", "raw", "where", "said"),
    [
        ("forecats", {}, "kind", "Did you mean 'forecast'?"),
        ("forecast", {"draw": 5}, "draw", "Did you mean 'draws'?"),
        ("forecast", {"draws": "many"}, "draws", "a whole number from 1 to 100000"),
        ("forecast", {"draws": 0}, "draws", "from 1"),
        ("forecast", {"draws": True}, "draws", "whole number"),
        ("forecast", {"draws": "1e3"}, "draws", "whole number"),
        ("forecast", {"seed": -1}, "seed", "from 0"),
        ("forecast", {"capability_factor": "nan"}, "capability_factor", "a number from 1 to 1000"),
        ("forecast", {"methods": "meen"}, "methods", "Did you mean 'mean'?"),
        ("forecast", {"challenge.rounds": 0}, "challenge.rounds", "whole number"),
        ("forecast", {"challenge.round": 3}, "challenge.round", "Did you mean 'challenge.rounds'?"),
        ("forecast", {"options": {"challenge": 3}}, "options", "by method"),
        ("forecast", {"methods": "mean", "challenge.rounds": 3}, "challenge.rounds", "Add it to the methods"),
        ("deals", {"loss": "cubic"}, "loss", "Known: linear, quadratic"),
        ("deals", {"ratifiers": "maybe"}, "ratifiers", "yes or no"),
        ("stability", {"wish": "x" * 3000}, "wish", "at most 2000 characters"),
        ("levers", {}, "of", "Name an issue"),
        ("levers", {"of": "border"}, "at_most", "either the most or the least"),
        ("levers", {"of": "border", "at_most": 1, "at_least": 2}, "at_most", "either"),
        ("levers", {"of": "zone", "at_most": 1}, "at_most", "goes with an issue"),
        ("whatif", {"scenarios": "a", "changes": [{"remove": "b"}]}, "changes", "Leave out"),
        ("whatif", {"changes": "[{"}, "changes", "as JSON"),
        ("whatif", {"changes": [3]}, "changes", "A change is such as"),
        ("whatif", {"changes": [{"shift": "a"}]}, "changes 1", "needs"),
    ],
)
def test_a_setting_that_is_wrong_is_named(kind: str, raw: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(CallError) as caught:
        checked(kind, raw)
    assert caught.value.where == where
    assert said in str(caught.value)


def test_texts_of_a_form_and_values_of_a_program_make_the_same_task() -> None:
    of_form = {
        "draws": " 100 ",
        "methods": "median,mean",
        "one_expert": "on",
        "challenge.rounds": "",
        "seed": "",
    }
    of_program = {"draws": 100.0, "methods": ["mean", "median"], "one_expert": True, "options": {}}
    assert checked("forecast", of_form) == checked("forecast", of_program)
    assert json.dumps(checked("forecast", of_form).settings) == json.dumps(
        checked("forecast", of_program).settings
    )
    options = checked("forecast", {"challenge.rounds": "3", "exchange.rounds": "2"}).settings["options"]
    assert options == {"challenge": {"rounds": 3}, "exchange": {"rounds": 2}}


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_a_form_sends_is_a_task_or_refused(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    names = st.sampled_from([one.name for one in settings_of(kind)] + ["options", "?"])
    raw = data.draw(st.dictionaries(names, junk, max_size=4))
    try:
        task = checked(kind, raw)
    except CallError:
        return
    assert Task(kind, json.loads(json.dumps(task.settings))) == task
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in task.settings.values())
