"""Suggestions: accepted, rejected, changed, disputed, taken back; glosses that wait; two coders."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from reports import CASE, SCRIPT, put_in
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read
from westphalia.errors import CallError
from westphalia.runs.coding_entries import Cut
from westphalia.web.later import Later


def _case(folder):
    return read(folder / NEW_NAME).case


def _review(visitor, name: str, at: str = "") -> dict:
    """Return the review as JSON once the suggestions are made."""
    for _ in range(200):
        found = visitor.get(f"{CASE}/coding/{name}.json?at={at}").json()
        if found["state"] != "working":
            return found
        time.sleep(0.05)
    raise AssertionError("the suggestions never came")


def _sent(one: dict, verb: str = "accept", **more: object) -> dict[str, object]:
    fields = one["fields"]
    kept = {name: fields[name] for name in ("kind", "mode", "speaker", "tellers", "addressee")}
    return {"id": one["id"], "verb": verb, **kept, "gloss": "", **more}


def _decide(visitor, name: str, one: dict, verb: str = "accept", **more: object):
    return visitor.submit(f"{CASE}/coding/{name}", _sent(one, verb, **more))


@pytest.fixture
def name(visitor) -> str:
    """The source of the invented report."""
    return put_in(visitor)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_pages_are_there_in_both_languages_and_as_json(visitor, name, language: str) -> None:
    _review(visitor, name)
    for path in (f"{CASE}/coding/{name}", f"{CASE}/coding/{name}/glosses", f"{CASE}/coders"):
        answer = visitor.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert answer.text.count("<h1") == 1
        assert visitor.get(f"{path}.json").status_code == 200


def test_a_suggestion_is_asked_with_its_words_and_nothing_is_markup(visitor, name) -> None:
    found = _review(visitor, name)
    assert found["left"] >= 5
    page = visitor.get(f"{CASE}/coding/{name}").text
    assert f"<mark>{found['one']['words']}" in page
    for one in range(found["left"]):
        text = visitor.get(f"{CASE}/coding/{name}?at={found['one']['id']}").text
        assert SCRIPT not in text, one
        found = _review(visitor, name, found["next"]) if found["next"] else found


def test_accepting_writes_the_statement_and_asks_the_next(visitor, folder, name) -> None:
    found = _review(visitor, name)
    one = found["one"]
    answer = _decide(visitor, name, one, gloss="The north keeps its soldiers.", kind="threat")
    assert answer.status_code == 200, answer.text
    assert f"at={found['next']}" in str(answer.url)
    held = _case(folder).statement[one["id"]]
    assert (held.kind, str(held.gloss), held.speaker) == ("threat", "The north keeps its soldiers.", "north")
    assert held.coder
    text = (folder / NEW_NAME / "case.yaml").read_text("utf-8")
    assert "# Whose consent an agreement needs." in text
    assert _review(visitor, name)["left"] == found["left"] - 1


def test_a_gloss_that_was_put_off_waits_in_a_list(visitor, folder, name) -> None:
    one = _review(visitor, name)["one"]
    _decide(visitor, name, one)
    assert _review(visitor, name)["waiting"] == 1
    at = f"{CASE}/coding/{name}/glosses"
    assert one["words"] in visitor.get(at).text
    visitor.submit(at, {f"gloss-{one['id']}": "In my own words.", "gloss-s1": "Not this one."})
    assert str(_case(folder).statement[one["id"]].gloss) == "In my own words."
    assert str(_case(folder).statement["s1"].gloss).startswith("The north wants")
    assert visitor.get(f"{at}.json").json()["all"] == 0


def test_rejecting_leaves_the_case_as_it_is(visitor, folder, name) -> None:
    before = (folder / NEW_NAME / "case.yaml").read_bytes()
    found = _review(visitor, name)
    assert _decide(visitor, name, found["one"], "reject").status_code == 200
    assert (folder / NEW_NAME / "case.yaml").read_bytes() == before
    after = _review(visitor, name)
    assert (after["left"], after["decided"]) == (found["left"] - 1, 1)


def test_disputing_marks_the_statement(visitor, folder, name) -> None:
    one = _review(visitor, name)["one"]
    _decide(visitor, name, one, "dispute")
    assert _case(folder).statement[one["id"]].status == "disputed"


def test_undo_and_redo(visitor, folder, name) -> None:
    one = _review(visitor, name)["one"]
    _decide(visitor, name, one)
    last = _review(visitor, name)["last"]
    assert visitor.submit(f"{CASE}/coding/{name}/undo", {"last": last}).status_code == 200
    assert one["id"] not in _case(folder).statement
    assert _review(visitor, name)["can_redo"]
    assert visitor.submit(f"{CASE}/coding/{name}/redo").status_code == 200
    assert one["id"] in _case(folder).statement


def test_nobody_takes_back_what_they_have_not_seen(visitor, folder, name) -> None:
    found = _review(visitor, name)
    _decide(visitor, name, found["one"])
    seen = _review(visitor, name)
    _decide(visitor, name, seen["one"], "reject")
    answer = visitor.submit(f"{CASE}/coding/{name}/undo", {"last": seen["last"]})
    assert "look again" in answer.text
    assert _review(visitor, name)["decided"] == 2


def _asking(visitor, name: str) -> dict:
    found = _review(visitor, name)
    while not found["one"]["queries"]:
        assert found["doubt"]
        found = _review(visitor, name, found["doubt"])
    return found["one"]


def test_an_open_question_has_to_be_answered(visitor, folder, name) -> None:
    one = _asking(visitor, name)
    [query] = one["queries"]
    assert query["part"] == "speaker"
    answer = _decide(visitor, name, one, gloss="Kept while asked.")
    assert answer.status_code == 400
    assert "still open" in answer.text
    assert "Kept while asked." in answer.text
    answer = _decide(visitor, name, one, **{"answer-0": "other", "other-0": "alliance"})
    assert answer.status_code == 200
    assert _case(folder).statement[one["id"]].speaker == "alliance"


def test_a_change_is_kept_and_decided_later(visitor, folder, name) -> None:
    one = _asking(visitor, name)
    answer = _decide(visitor, name, one, "change", kind="motive", gloss="Half done.")
    assert answer.status_code == 200, answer.text
    assert one["id"] not in _case(folder).statement
    again = _review(visitor, name, one["id"])["one"]
    assert again["fields"]["kind"] == "motive"
    assert again["fields"]["glosses"] == [["", "Half done."]]
    assert [query["part"] for query in again["queries"]] == ["speaker"]


def test_what_was_decided_meanwhile_is_not_decided_twice(visitor, folder, name) -> None:
    one = _review(visitor, name)["one"]
    _decide(visitor, name, one, "reject")
    answer = _decide(visitor, name, one)
    assert answer.status_code == 409
    assert "decided on it meanwhile" in answer.text
    assert one["id"] not in _case(folder).statement


def test_coders_at_once_lose_no_decision(visitor, folder, name) -> None:
    first = _review(visitor, name)
    ones, at = [first["one"]], first["next"]
    while at:
        found = _review(visitor, name, at)
        ones, at = [*ones, found["one"]], found["next"]
    sure = [one for one in ones if not one["queries"]]
    threads = [threading.Thread(target=_decide, args=(visitor, name, one)) for one in sure]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one["id"] for one in sure} <= set(_case(folder).statement)


def test_bad_calls_are_refused(visitor, name) -> None:
    one = _review(visitor, name)["one"]
    assert _decide(visitor, name, {**one, "id": "nothing"}).status_code == 404
    assert _decide(visitor, name, one, "praise").status_code == 404
    assert visitor.submit(f"{CASE}/coding/{name}/redo").status_code == 400
    assert visitor.get(f"{CASE}/coding/report.json").json()["state"] == "failed"
    assert "Put the text in" in visitor.get(f"{CASE}/coding/report").text


def test_a_language_without_rules_is_asked_for(visitor, folder) -> None:
    name = put_in(visitor, "Zzz qqq xxx.\n", "odd.txt")
    assert _review(visitor, name)["refused"]["code"] == "unknown-language"
    assert "The text is in" in visitor.get(f"{CASE}/coding/{name}").text
    visitor.submit(f"{CASE}/coding/{name}/language", {"language": "en"})
    assert _case(folder).source[name].language == "en"
    assert _review(visitor, name)["state"] == "ready"


def test_a_reader_sees_suggestions_and_decides_nothing(signed_in, visitor, folder, name) -> None:
    one = _review(visitor, name)["one"]
    reader = signed_in("reader")
    assert reader.get(f"{CASE}/coding/{name}").status_code == 200
    for path in (f"{CASE}/coding/{name}", f"{CASE}/coding/{name}/undo", f"{CASE}/coding/{name}/glosses"):
        assert reader.submit(path, _sent(one)).status_code == 403
    assert reader.submit(f"{CASE}/coders", {"first": "s1", "choice": "neither"}).status_code == 403


# --- two coders --------------------------------------------------------------------------------------


def _by_two(visitor, folder, name: str) -> None:
    """Let anna and bert code: one place alike, one with another kind, one that anna has alone."""
    text = (folder / NEW_NAME / "sources" / "talks.txt").read_text("utf-8")
    words = ("We keep every soldier", "open the crossing at", "observers would come")
    codings = {"anna": ("demand", "promise", "fact"), "bert": ("demand", "offer")}
    cases = visitor.app.state.bench.cases
    for coder, kinds in codings.items():
        for passage, kind in zip(words, kinds, strict=False):
            start = text.index(passage)
            with cases.desk(NEW_NAME, by=coder) as desk:
                fields = {"kind": kind, "mode": "indirect", "speaker": "south", "gloss": f"{coder} {kind}"}
                desk.add([desk.new_entry(name, text, Cut(start, start + len(passage), fields))], coder)


def _beside(visitor, query: str = "") -> dict:
    for _ in range(200):
        found = visitor.get(f"{CASE}/coders.json?{query}").json()
        if found["state"] != "working":
            return found
        time.sleep(0.05)
    raise AssertionError("the figures never came")


def test_two_coders_side_by_side(visitor, folder, name) -> None:
    assert "Two people have to code" in visitor.get(f"{CASE}/coders").text
    _by_two(visitor, folder, name)
    found = _beside(visitor, "a=anna&b=bert&show=all")
    assert (found["agreed"], found["open"], len(found["rows"])) == (1, 2, 3)
    assert found["f1"] == pytest.approx(0.4)
    assert found["f1_any_kind"] == pytest.approx(0.8)
    differing = [row["differing"] for row in found["rows"] if row["first"] and row["second"]]
    assert differing == [[], ["kind"]]
    page = visitor.get(f"{CASE}/coders?a=anna&b=bert").text
    assert "has nothing here" in page
    assert "Take that of anna" in page
    assert "Krippendorff" in page


def test_pairs_are_settled(visitor, folder, name) -> None:
    _by_two(visitor, folder, name)
    rows = _beside(visitor, "a=anna&b=bert")["rows"]
    pair = next(row for row in rows if row["second"])
    alone = next(row for row in rows if not row["second"])
    sent = {"a": "anna", "b": "bert", "first": pair["first"]["id"], "second": pair["second"]["id"]}
    assert visitor.submit(f"{CASE}/coders", {**sent, "choice": "second"}).status_code == 200
    kinds = [one.kind for one in _case(folder).statements if one.source == name]
    assert "offer" in kinds
    assert "promise" not in kinds
    sent = {"a": "anna", "b": "bert", "first": alone["first"]["id"], "second": ""}
    assert visitor.submit(f"{CASE}/coders", {**sent, "choice": "neither"}).status_code == 200
    assert alone["first"]["id"] not in _case(folder).statement
    assert visitor.submit(f"{CASE}/coders", {**sent, "choice": "maybe"}).status_code == 400


def test_both_stay_as_disputed_and_agreed_ones_become_one(visitor, folder, name) -> None:
    _by_two(visitor, folder, name)
    pair = next(row for row in _beside(visitor, "a=anna&b=bert")["rows"] if row["second"])
    ids = {"first": pair["first"]["id"], "second": pair["second"]["id"]}
    visitor.submit(f"{CASE}/coders", {"a": "anna", "b": "bert", **ids, "choice": "disputed"})
    assert {_case(folder).statement[one].status for one in ids.values()} == {"disputed"}
    before = len(_case(folder).statements)
    assert visitor.submit(f"{CASE}/coders/agree", {"a": "anna", "b": "bert"}).status_code == 200
    assert len(_case(folder).statements) == before - 1


# --- what is worked out later ------------------------------------------------------------------------


def test_work_is_done_once_and_what_failed_is_tried_anew() -> None:
    later: Later[int] = Later(2)
    calls = []
    gate = threading.Event()

    def slow() -> int:
        calls.append(1)
        gate.wait(5)
        return 7

    assert later.get("a", slow, 0.01) is None
    assert later.get("a", slow, 0.01) is None
    gate.set()
    assert later.get("a", slow, 5) == 7
    assert len(calls) == 1

    def failing() -> int:
        calls.append(2)
        raise CallError("No.", code="no")

    for _ in range(2):
        with pytest.raises(CallError, match="No"):
            later.get("b", failing, 5)
    assert calls == [1, 2, 2]


# --- speed -------------------------------------------------------------------------------------------


def test_accepting_on_the_flagship_is_quick(tmp_path) -> None:
    seed = Path(os.environ.get("WESTPHALIA_SOURCES", "/nowhere"), "report.txt")
    if not seed.is_file():
        pytest.skip("the text of the flagship is not at hand: set WESTPHALIA_SOURCES")
    folder = make_folder(tmp_path / "cases")
    shutil.copy(seed, folder / FLAGSHIP_NAME / "report.txt")
    visitor = workbench(folder)
    at = f"/cases/{FLAGSHIP_NAME}/coding/commentary"
    while (found := visitor.get(f"{at}.json").json())["state"] == "working":
        time.sleep(0.1)
    while found["one"]["queries"]:
        found = visitor.get(f"{at}.json?at={found['next']}").json()
    csrf = re.search(r'name="csrf" value="([^"]+)"', visitor.get(at).text)[1]
    data = {"csrf": csrf, **_sent(found["one"])}
    start = time.process_time()
    answer = visitor.post(at, data=data, follow_redirects=False)
    taken = time.process_time() - start
    assert answer.status_code == 303
    assert found["one"]["id"] in read(folder / FLAGSHIP_NAME).case.statement
    assert taken < 0.4
