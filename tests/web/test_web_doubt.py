"""Scenarios kept in the case file, and what is asked of an answer's doubt."""

from __future__ import annotations

import re

import pytest
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read
from westphalia.workspace.tasks import Task, carry_out, checked

PAGE = f"/cases/{FLAGSHIP_NAME}/doubt"
NEW = f"/cases/{NEW_NAME}/doubt"
WICKED = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """For tests that change no case one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("doubt") / "cases"))


def base_of(visitor, page: str = NEW) -> str:
    return visitor.get(f"{page}.json").json()["base"]


def scenarios(folder, name: str = NEW_NAME) -> list[dict]:
    return read(folder / name).tree.get("scenarios") or []


def kept(visitor, folder) -> tuple[str, str]:
    """Return an actor and an issue of the new case, in which there is one scenario now."""
    case = read(folder / NEW_NAME).case
    actor, issue = next((who, on) for who, stands in case.stands.items() for on in stands)
    data = {"base": base_of(visitor), "title": "One thing", "assumption": "to see"}
    data |= {"what-1": "shift", "who-1": actor, "on-1": issue, "amount-1": "-5"}
    assert visitor.submit(f"{NEW}/scenarios", data).status_code == 200
    return actor, issue


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("page", [PAGE, NEW])
def test_the_page_is_there_in_both_languages_and_as_json(reader, page: str, language: str) -> None:
    answer = reader.get(page, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    assert {"scenarios", "record", "base"} <= set(reader.get(f"{page}.json").json())


def test_scenarios_are_told_with_the_names_of_the_case(reader) -> None:
    page = re.sub(r"\s+", " ", reader.get(PAGE).text)
    assert "European allies: capability × 1.5" in page
    assert "United States: position on “Who sits at the table?” +2" in page
    assert "what holds without agreement on “Who sits at the table?” = 2 to 4" in page


def test_the_record_is_told_before_anything_is_run(reader) -> None:
    plain = reader.get(f"{PAGE}.json").json()
    assert "237" in plain["record"][0]
    assert plain["record_chart"]["id"] == "calibration"


def test_a_new_scenario_is_in_the_file_with_all_its_changes(visitor, folder) -> None:
    before = (folder / NEW_NAME / "case.yaml").read_text("utf-8")
    actor, issue = kept(visitor, folder)
    assert scenarios(folder) == [
        {
            "id": "one-thing",
            "title": "One thing",
            "changes": [{"shift": actor, "on": issue, "by": -5}],
            "assumption": "to see",
        }
    ]
    after = (folder / NEW_NAME / "case.yaml").read_text("utf-8")
    assert re.findall(r"#.*", before) == re.findall(r"#.*", after)


@pytest.mark.parametrize(
    ("what", "amount", "written"),
    [
        ("scale_capability", "1,5", {"scale_capability": "ACTOR", "by": 1.5}),
        ("position", "30 45 60", {"set": "ACTOR.ISSUE.position", "to": {"low": 30, "mode": 45, "high": 60}}),
        ("salience", "0.2 0.4", {"set": "ACTOR.ISSUE.salience", "to": {"low": 0.2, "high": 0.4}}),
        ("capability", "12", {"set": "ACTOR.capability", "to": 12}),
        ("no_deal", "-0.5", {"set": "ACTOR.no_deal", "to": -0.5}),
        ("reversion", "10 20", {"set": "ISSUE.reversion", "to": {"low": 10, "high": 20}}),
    ],
)
def test_a_change_is_added_as_the_file_writes_it(visitor, folder, what: str, amount: str, written) -> None:
    actor, issue = kept(visitor, folder)
    data = {"base": base_of(visitor), "what-1": what, "amount-1": amount}
    data |= {"who-1": "" if what == "reversion" else actor}
    data |= {"on-1": issue if "ISSUE" in str(written) else ""}
    assert visitor.submit(f"{NEW}/scenarios/one-thing", data).status_code == 200
    meant = eval(repr(written).replace("ACTOR", actor).replace("ISSUE", issue))
    assert scenarios(folder)[0]["changes"][1] == meant


def test_a_change_is_taken_out_and_with_the_last_one_the_scenario(visitor, folder) -> None:
    actor, _issue = kept(visitor, folder)
    data = {"base": base_of(visitor), "what-1": "remove", "who-1": actor}
    visitor.submit(f"{NEW}/scenarios/one-thing", data)
    changes = scenarios(folder)[0]["changes"]
    if len(changes) == 2:
        visitor.submit(f"{NEW}/scenarios/one-thing/remove", {"base": base_of(visitor), "change": 0})
        assert scenarios(folder)[0]["changes"] == changes[1:]
    visitor.submit(f"{NEW}/scenarios/one-thing/remove", {"base": base_of(visitor), "change": 0})
    assert scenarios(folder) == []


def test_what_is_wrong_with_a_form_stands_beside_its_fields_and_nothing_is_saved(visitor, folder) -> None:
    before = (folder / NEW_NAME / "case.yaml").read_bytes()
    answer = visitor.submit(
        f"{NEW}/scenarios",
        {"base": base_of(visitor), "title": WICKED, "what-1": "shift", "amount-1": "much"},
    )
    assert answer.status_code == 400
    assert answer.text.count("This has to be filled in.") == 3
    assert 'value="much"' in answer.text
    assert WICKED not in answer.text
    for data in (
        {},
        {"what-1": WICKED},
        {"what-1": "position", "who-1": "nobody", "on-1": "x", "amount-1": "1"},
    ):
        full = {"base": base_of(visitor), "title": "T", "assumption": "a", **data}
        again = visitor.submit(f"{NEW}/scenarios", full)
        assert again.status_code == 400
        assert WICKED not in again.text
    assert (folder / NEW_NAME / "case.yaml").read_bytes() == before


def test_a_scenario_that_cannot_be_tried_is_refused_with_the_reason(visitor, folder) -> None:
    actor, issue = kept(visitor, folder)
    data = {"base": base_of(visitor), "what-1": "position", "who-1": actor, "on-1": issue, "amount-1": "5000"}
    answer = visitor.submit(f"{NEW}/scenarios/one-thing", data)
    assert answer.status_code == 400
    assert "With the scenario" in answer.text
    assert len(scenarios(folder)[0]["changes"]) == 1
    assert visitor.submit(f"{NEW}/scenarios/none", data).status_code == 404


def test_two_people_who_change_one_scenario_see_both_changes(visitor, folder) -> None:
    actor, _issue = kept(visitor, folder)
    old = base_of(visitor)
    data = {"what-1": "capability", "who-1": actor, "amount-1": "7"}
    assert visitor.submit(f"{NEW}/scenarios/one-thing", {"base": old, **data}).status_code == 200
    clash = visitor.submit(f"{NEW}/scenarios/one-thing", {"base": old, **data, "amount-1": "8"})
    assert clash.status_code == 409
    assert len(scenarios(folder)[0]["changes"]) == 2


@pytest.mark.parametrize(
    ("path", "data", "kind", "settings"),
    [
        ("run", {}, "doubt", {}),
        ("tried", {}, "whatif", {"scenarios": []}),
        (
            "drivers",
            {"by": "actor", "one_expert": "on", "capability_factor": "1.5"},
            "sensitivity",
            {"by": "actor", "one_expert": True, "capability_factor": 1.5},
        ),
        (
            "levers",
            {"of": "territory", "side": "at_most", "point": "40"},
            "levers",
            {"of": "territory", "at_most": 40.0, "at_least": None},
        ),
        ("levers", {"of": "zone", "side": "at_most", "point": ""}, "levers", {"of": "zone"}),
    ],
)
def test_each_form_asks_for_its_run(reader, path: str, data, kind: str, settings) -> None:
    answer = reader.submit(f"{PAGE}/{path}", data)
    assert answer.url.path == PAGE
    assert "is under way" in answer.text
    queue = reader.app.state.bench.queue
    run = queue.runs()[0]
    assert run.task.kind == kind
    assert {name: run.task.settings[name] for name in settings} == settings
    queue.cancel(run.id)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("drivers", {"by": "planet"}),
        ("drivers", {"by": "actor", "capability_factor": "-3"}),
        ("levers", {"of": "territory", "side": "at_most", "point": "far"}),
        ("levers", {"of": "territory", "side": "sideways", "point": "3"}),
        ("levers", {}),
    ],
)
def test_a_setting_that_is_wrong_comes_back_with_a_note(reader, path: str, data) -> None:
    queue = reader.app.state.bench.queue
    before = len(queue.runs())
    answer = reader.submit(f"{PAGE}/{path}", data)
    assert answer.status_code == 400
    assert answer.text.count("<h1") == 1
    assert len(queue.runs()) == before


def finished(visitor, task: Task) -> None:
    """Ask for a task on the flagship and do it, as the worker would."""
    queue = visitor.app.state.bench.queue
    document = visitor.app.state.bench.cases.document(FLAGSHIP_NAME)
    queue.ask(FLAGSHIP_NAME, document.text, task, "me")
    run = queue.begin()
    queue.keep(run.id, carry_out(run.task, document, {}))


def test_what_came_of_runs_is_shown_by_what_it_was_asked_for(reader) -> None:
    finished(reader, checked("whatif", {"draws": 30}))
    finished(reader, checked("levers", {"of": "territory", "at_most": 40, "draws": 20}))
    finished(reader, checked("levers", {"of": "rest:today", "draws": 20}))
    plain = reader.get(f"{PAGE}.json").json()
    assert plain["tried_chapter"]["charts"]
    assert plain["levers"]["done"]["task"]["settings"]["of"] == "territory"
    assert plain["drivers_chapter"] is None
    page = reader.get(PAGE).text
    assert "What each scenario moves" in page
    assert 'class="part"' in page


def test_a_reader_looks_and_changes_nothing(signed_in) -> None:
    reader = signed_in("reader")
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert f'action="{PAGE}' not in page.text
    for path in ("run", "tried", "drivers", "levers", "scenarios", "scenarios/x", "scenarios/x/remove"):
        assert reader.submit(f"{PAGE}/{path}").status_code == 403
