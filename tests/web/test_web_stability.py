"""States and verdicts on a page, reasons of one state, and the order of wishes."""

from __future__ import annotations

import re
from collections import OrderedDict

import pytest
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read
from westphalia.case.text.saving import save
from westphalia.workspace.tasks import carry_out, checked

PAGE = f"/cases/{FLAGSHIP_NAME}/stability"
TODAY = "011110100010"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """For tests that change no case one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("stability") / "cases"))


def run_all(visitor) -> None:
    """Do what waits in the queue, as the worker would."""
    queue = visitor.app.state.bench.queue
    while (run := queue.begin()) is not None:
        document = visitor.app.state.bench.cases.document(run.case)
        queue.keep(run.id, carry_out(run.task, document, {}))


def wishes(folder, actor: str) -> list[str]:
    tree = read(folder / FLAGSHIP_NAME).tree
    return [wish["that"] for wish in tree["stability"]["preferences"][actor]["priorities"]]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", [FLAGSHIP_NAME, NEW_NAME])
def test_the_page_is_there_in_both_languages_and_as_json(reader, case: str, language: str) -> None:
    answer = reader.get(f"/cases/{case}/stability", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    plain = reader.get(f"/cases/{case}/stability.json").json()
    assert {"table", "judged", "preferences", "fault"} <= set(plain)


def test_a_case_without_a_graph_model_says_what_is_missing(reader) -> None:
    page = reader.get(f"/cases/{NEW_NAME}/stability")
    assert page.status_code == 200
    assert "does not say who prefers which states" in page.text
    assert 'action="/cases/a-new-case/stability/run"' not in page.text


def test_every_state_has_its_signs_and_the_verdict_of_each_actor(reader) -> None:
    plain = reader.get(f"{PAGE}.json").json()
    states, actors = plain["table"]["states"], plain["actors"]
    assert states[0]["name"] == TODAY
    assert states[0]["label"] == ""
    assert "".join(states[0]["signs"]) == TODAY.replace("1", "Y").replace("0", "N")
    for one in states:
        assert len(one["marks"]) == len(actors)
        assert set("".join(one["marks"])) <= set("rsgu")
        assert ("seq" in one["at_rest"]) == all(mark in "rs" for mark in one["marks"])
    # At the central values 24 states are at rest by sequential stability (docs of the flagship).
    assert plain["table"]["count"] == 24
    assert plain["table"]["of"] == 772


def test_states_are_shown_by_the_concept_that_is_asked_for(reader) -> None:
    plain = reader.get(f"{PAGE}.json?concept=nash").json()
    assert plain["concept"] == "nash"
    assert plain["table"]["count"] == 4
    at_rest = [one for one in plain["table"]["states"] if one["label"]]
    assert all("nash" in one["at_rest"] and set(one["marks"]) == {"y"} for one in at_rest)
    assert reader.get(f"{PAGE}.json?concept=guess").json()["concept"] == ""


def test_a_state_in_the_address_is_told_with_reasons(reader) -> None:
    judged = reader.get(f"{PAGE}.json?state=A").json()["judged"]
    verdicts = {one["actor"]: one for one in judged["verdicts"]}
    assert all(one["stays"]["seq"] for one in verdicts.values())
    assert judged["needed"] == []
    today = reader.get(f"{PAGE}.json").json()["judged"]
    left = [one["actor"] for one in today["verdicts"] if not one["stays"]["seq"]]
    assert left == ["ukraine", "europe"]
    assert len(today["needed"]) >= 2
    page = reader.get(PAGE).text
    assert "Ukraine leaves today&#39;s state" in page
    assert reader.get(f"{PAGE}?state={TODAY}").text.count('aria-current="true"') >= 1


@pytest.mark.parametrize("state", ["ZZ", "<script>alert(1)</script>", "1" * 12, "0" * 400])
def test_a_state_that_is_none_is_said_to_be_none(reader, state: str) -> None:
    answer = reader.get(PAGE, params={"state": state})
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_run_counts_the_draws_and_the_page_shows_it(reader) -> None:
    assert reader.submit(f"{PAGE}/run").url.path == PAGE
    busy = reader.get(PAGE).text
    assert 'hx-trigger="every 1s"' in busy
    assert "is under way" in busy
    queue = reader.app.state.bench.queue
    queue.cancel(queue.runs()[0].id)
    document = reader.app.state.bench.cases.document(FLAGSHIP_NAME)
    queue.ask(FLAGSHIP_NAME, document.text, checked("stability", {"draws": 40}), "me")
    run_all(reader)
    plain = reader.get(f"{PAGE}.json").json()
    assert plain["run"]["is_current"]
    assert "stability-robustness" in plain["charts"]
    shares = [one["share"] for one in plain["table"]["states"]]
    assert all(0 <= share <= 1 for share in shares)
    assert "is under way" not in reader.get(PAGE).text
    assert reader.get(PAGE, headers={"HX-Request": "true"}).headers["hx-refresh"] == "true"


def test_what_would_bring_a_state_to_rest_is_a_run_of_that_state(reader) -> None:
    answer = reader.submit(f"{PAGE}/levers", {"state": TODAY, "concept": "seq"})
    assert answer.url.path == PAGE
    assert answer.url.params["state"] == TODAY
    run = reader.app.state.bench.queue.runs()[0]
    assert (run.task.kind, run.task.settings["of"]) == ("levers", f"rest:{TODAY}")
    run_all(reader)
    plain = reader.get(f"{PAGE}.json?state={TODAY}").json()
    assert plain["levers_chapter"]["parts"]
    assert reader.get(f"{PAGE}.json?state=A").json()["levers_chapter"] is None
    assert reader.submit(f"{PAGE}/levers", {"state": TODAY, "concept": "none"}).status_code == 400


def test_a_wish_goes_down_with_its_comments_and_the_states_follow(visitor, folder) -> None:
    before = wishes(folder, "usa")
    file = folder / FLAGSHIP_NAME / "case.yaml"
    comments = re.findall(r"^\s*#.*$", file.read_text("utf-8"), re.MULTILINE)
    data = {"at": 1, "says": before[1], "by": "down"}
    assert visitor.submit(f"{PAGE}/preferences/usa", data).status_code == 200
    assert wishes(folder, "usa") == [before[0], before[2], before[1], *before[3:]]
    assert re.findall(r"^\s*#.*$", file.read_text("utf-8"), re.MULTILINE) == comments
    shown = visitor.get(f"{PAGE}.json").json()["preferences"][0]["wishes"]
    assert [one["says"] for one in shown][:3] == [before[0], before[2], before[1]]


def test_a_list_that_was_changed_meanwhile_is_left_alone(reader) -> None:
    file = reader.app.state.bench.settings.folder / FLAGSHIP_NAME / "case.yaml"
    before = file.read_bytes()
    answer = reader.submit(f"{PAGE}/preferences/usa", {"at": 0, "says": "arm", "by": "down"})
    assert answer.status_code == 400
    assert "changed meanwhile" in answer.text
    assert reader.submit(f"{PAGE}/preferences/nobody", {"at": 0, "says": "x", "by": "up"}).status_code == 404
    assert reader.submit(f"{PAGE}/preferences/usa", {"at": 0, "says": "x", "by": "off"}).status_code == 400
    assert file.read_bytes() == before


def test_a_reader_looks_and_changes_nothing(signed_in) -> None:
    reader = signed_in("reader")
    assert reader.get(PAGE).status_code == 200
    assert "updown" not in reader.get(PAGE).text
    for path in ("run", "levers", "preferences/usa"):
        assert reader.submit(f"{PAGE}/{path}").status_code == 403


def test_hostile_texts_are_shown_as_texts(visitor, folder) -> None:
    document = read(folder / FLAGSHIP_NAME)
    save(document.set("moves.0.content", {"en": "<img src=x onerror=alert(1)>"}))
    page = visitor.get(PAGE).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_graph_that_is_too_large_is_left_to_runs(reader, monkeypatch) -> None:
    monkeypatch.setattr("westphalia.workspace.stability_desk._MOST_COMBINED", 8)
    monkeypatch.setattr("westphalia.workspace.stability_desk._HELD", OrderedDict())
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert "4,096 states are too many" in page.text
    assert reader.get(f"{PAGE}.json").json()["table"] is None
