"""Runs in the browser: asked for by forms, watched, kept, named, compared, run again, taken away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read
from westphalia.charts.chart import Chart, Column, Table
from westphalia.registry import find
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.web.pages.runs_form import ASKED
from westphalia.workspace.results import Result
from westphalia.workspace.tasks import KINDS, checked, settings_of

RUNS = f"/cases/{FLAGSHIP_NAME}/runs"
WICKED = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """For tests that change no case one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("runs") / "cases"))


@pytest.fixture
def visitor(reader):
    """The one user, with nothing run yet."""
    queue = reader.app.state.bench.queue
    for run in queue.runs():
        if run.state == "running":
            queue.end(run.id, "cancelled", pid=os.getpid())
        queue.remove(run.id)
    return reader


@pytest.fixture
def changing(folder):
    """The one user of a folder whose files the test changes."""
    return workbench(folder)


def _asked(visitor, kind: str = "forecast", case: str = FLAGSHIP_NAME, **settings: object) -> int:
    answer = visitor.submit(f"/cases/{case}/runs", {"kind": kind, **settings})
    assert answer.status_code == 200
    return int(str(answer.url).rpartition("/")[2])


def _comment(folder) -> Path:
    """Change the file of the case, but nothing that it says."""
    file = folder / FLAGSHIP_NAME / "case.yaml"
    file.write_bytes(file.read_bytes() + b"# later\n")
    return file


def _chart() -> Chart:
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": {},
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }
    return Chart(
        "dots", "A picture", "It shows a dot.", spec, Table((Column("a", "a"),), ({"a": 1},)), "", ()
    )


def _result(median: float = 50.0) -> Result:
    part = Part(
        "first", "Who gains?", (f"All gain {WICKED}.",), (Grid("Gains", ("who", "n"), (("A", "1"),)),), "dots"
    )
    stamp = {"case_digest": "d" * 64, "version": "1", "command": "westphalia forecast my-case --draws 50"}
    return Result(
        stamp=stamp,
        chapters={"made": Chapter("A chapter", "", (part,), {"dots": _chart()}, "")},
        answer=(f"It ends near {median:g}. {WICKED}",),
        values={
            "quantiles": [0.05, 0.25, 0.5, 0.75, 0.95],
            "forecast": {"territory": {"mean": {"median": median, "q05": median - 9, "q95": median + 9}}},
            "accepted": {"usa": median / 100},
        },
        tables={"forecast.csv": "issue,mean\nterritory,50\n"},
        files={"report.html": b"<h1>The report</h1>"},
    )


def _done(visitor, run: int, result: Result | None = None) -> None:
    """Do what the worker would: take the run, and keep what came of it."""
    queue = visitor.app.state.bench.queue
    begun = queue.begin()
    assert begun.id == run
    queue.keep(run, result or _result())


# --- asking ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", [FLAGSHIP_NAME, NEW_NAME])
def test_the_list_is_there_in_both_languages_and_as_json(reader, case: str, language: str) -> None:
    answer = reader.get(f"/cases/{case}/runs", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    plain = reader.get(f"/cases/{case}/runs.json").json()
    assert [one["kind"] for one in plain["offers"]] == list(ASKED)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_form_with_all_its_settings(reader, kind: str) -> None:
    address = f"{RUNS}/new/{kind}"
    page = reader.get(address).text
    for setting in settings_of(kind):
        assert f'name="{setting.name}"' in page
        if setting.type in ("int", "float") and setting.low is not None:
            assert f'min="{setting.low}"' in page
    plain = reader.get(f"{address}.json").json()
    for method in plain["methods"]:
        assert method["question"] == find(method["id"]).question
        assert method["limits"] == find(method["id"]).limits


def test_every_kind_is_offered() -> None:
    assert set(ASKED) == set(KINDS)


def test_an_unknown_kind_is_told(reader) -> None:
    answer = reader.get(f"{RUNS}/new/forcast")
    assert answer.status_code == 404
    assert "Did you mean" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_one_click_asks_for_any_kind(visitor, kind: str) -> None:
    offer = next(one for one in visitor.get(f"{RUNS}.json").json()["offers"] if one["kind"] == kind)
    assert offer["open"] == ""
    run = visitor.app.state.bench.queue.run(_asked(visitor, kind, **offer["settings"]))
    assert (run.task.kind, run.state, run.case) == (kind, "waiting", FLAGSHIP_NAME)


def test_the_form_as_it_comes_asks_for_the_defaults(visitor) -> None:
    settings = settings_of("forecast")
    plain = {one.name: one.default for one in settings if one.type not in ("choices", "bool")}
    form = {name: "" if value is None else value for name, value in plain.items()}
    form |= {one.name: ["off", "on"] if one.default else "off" for one in settings if one.type == "bool"}
    first, second = _asked(visitor), _asked(visitor, **form)
    assert first == second


def test_settings_arrive_at_the_task(visitor) -> None:
    form = {
        "draws": "77",
        "methods": ["mean", "challenge"],
        "challenge.rounds": "3",
        "one_expert": ["off", "on"],
    }
    run = visitor.app.state.bench.queue.run(_asked(visitor, name="A try", **form))
    assert run.name == "A try"
    assert run.task.settings["draws"] == 77
    assert sorted(run.task.settings["methods"]) == ["challenge", "mean"]
    assert run.task.settings["options"] == {"challenge": {"rounds": 3}}
    assert run.task.settings["one_expert"] is True


def test_the_language_of_a_run_is_that_of_the_page_unless_it_is_given(visitor) -> None:
    queue = visitor.app.state.bench.queue
    answer = visitor.submit(RUNS, {"kind": "forecast"}, headers={"Accept-Language": "de"})
    asked = int(str(answer.url).rpartition("/")[2])
    assert queue.run(asked).task.settings["language"] == "de"
    assert queue.run(_asked(visitor, language="en")).task.settings["language"] == "en"


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("forecast", {"draws": "-5"}, "draws"),
        ("forecast", {"draws": "many"}, "draws"),
        ("forecast", {"methods": ["nope"]}, "methods"),
        ("forecast", {"methods": ["mean"], "challenge.rounds": "3"}, "challenge.rounds"),
        ("levers", {}, "of"),
        ("levers", {"of": "territory", "at_most": "10", "at_least": "20"}, "at_most"),
        ("whatif", {"changes": "[{"}, "changes"),
    ],
)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(visitor, kind, form, field) -> None:
    answer = visitor.submit(RUNS, {"kind": kind, "name": "Kept", **form})
    assert answer.status_code == 400
    assert 'value="Kept"' in answer.text
    assert "is-wrong" in answer.text or 'role="alert"' in answer.text
    assert visitor.app.state.bench.queue.runs() == ()
    assert field in answer.text


def test_a_reader_may_look_and_not_ask(signed_in) -> None:
    member = signed_in("reader")
    assert member.get(RUNS).status_code == 200
    assert member.submit(RUNS, {"kind": "forecast"}).status_code == 403
    queue = member.app.state.bench.queue
    assert queue.runs() == ()


def test_a_case_with_errors_cannot_be_run(changing, folder) -> None:
    (folder / NEW_NAME / "case.yaml").write_text("westphalia: 1\nid: a-new-case\n", encoding="utf-8")
    page = changing.get(f"/cases/{NEW_NAME}/runs")
    assert page.status_code == 200
    assert "can be run once they are mended" in page.text
    assert changing.submit(f"/cases/{NEW_NAME}/runs", {"kind": "forecast"}).status_code == 422


def test_a_run_is_of_the_bytes_on_disk(changing, folder) -> None:
    file = folder / FLAGSHIP_NAME / "case.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    run = changing.app.state.bench.queue.run(_asked(changing))
    assert run.version == read(file).file_digest


# --- watching ------------------------------------------------------------------------------------------


def test_a_page_asks_again_only_while_something_is_under_way(visitor) -> None:
    run = _asked(visitor)
    for address in (RUNS, f"{RUNS}/{run}"):
        page = visitor.get(address)
        assert 'hx-trigger="every 1s"' in page.text
        assert '<noscript><meta http-equiv="refresh"' in page.text
        assert "HX-Refresh" not in page.headers
    _done(visitor, run)
    assert "every 1s" not in visitor.get(RUNS).text
    page = visitor.get(f"{RUNS}/{run}")
    assert "every 1s" not in page.text
    assert page.headers["HX-Refresh"] == "true"


def test_progress_is_a_bar_and_words(visitor) -> None:
    run = _asked(visitor)
    queue = visitor.app.state.bench.queue
    queue.begin()
    queue.report(run, "challenge", 3, 12)
    for address in (RUNS, f"{RUNS}/{run}"):
        page = visitor.get(address).text
        assert '<progress max="12" value="3"' in page
        assert "challenge 3 / 12" in page


def test_a_run_can_be_cancelled(visitor) -> None:
    run = _asked(visitor)
    assert visitor.submit(f"{RUNS}/{run}/cancel").status_code == 200
    assert visitor.app.state.bench.queue.run(run).state == "cancelled"
    assert "Nothing came of it" in visitor.get(f"{RUNS}/{run}").text


def test_a_run_that_failed_says_why(visitor) -> None:
    run = _asked(visitor)
    queue = visitor.app.state.bench.queue
    queue.begin()
    queue.end(run, "failed", f"A party's no deal is unknown. {WICKED}", pid=os.getpid())
    page = visitor.get(f"{RUNS}/{run}").text
    assert "no deal is unknown" in page
    assert "What may help" in page
    assert WICKED not in page


# --- results -------------------------------------------------------------------------------------------


@pytest.fixture
def done(visitor) -> int:
    """A run that is done."""
    return _done_run(visitor)


def _done_run(visitor) -> int:
    run = _asked(visitor, draws=50, name="First")
    _done(visitor, run)
    return run


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_result_is_shown_whole(visitor, done: int, language: str) -> None:
    page = visitor.get(f"{RUNS}/{done}", headers={"Accept-Language": language}).text
    for said in (
        "It ends near 50.",
        "A chapter",
        "Who gains?",
        "A picture",
        "westphalia forecast my-case --draws 50",
    ):
        assert said in page
    assert WICKED not in page
    plain = visitor.get(f"{RUNS}/{done}.json").json()
    assert plain["values"]["accepted"] == {"usa": 0.5}
    assert plain["tables"] == ["forecast.csv"]
    assert plain["is_current"] is True


def test_tables_pictures_and_files_can_be_kept(visitor, done: int) -> None:
    table = visitor.get(f"{RUNS}/{done}/tables/forecast.csv")
    assert table.text == "issue,mean\nterritory,50\n"
    report = visitor.get(f"{RUNS}/{done}/files/report.html")
    assert report.content == b"<h1>The report</h1>"
    svg = visitor.get(f"{RUNS}/{done}/pictures/made-dots.svg")
    assert svg.text.startswith("<svg")
    png = visitor.get(f"{RUNS}/{done}/pictures/made-dots.png")
    assert png.content.startswith(b"\x89PNG")
    for answer in (table, report, svg, png):
        assert answer.headers["Content-Disposition"].startswith("attachment;")
    for missing in (
        "tables/other.csv",
        "files/..%2Fcase.yaml",
        "pictures/made-dots.pdf",
        "pictures/none.svg",
    ):
        assert visitor.get(f"{RUNS}/{done}/{missing}").status_code == 404


def test_a_run_gets_another_name(visitor, done: int) -> None:
    visitor.submit(f"{RUNS}/{done}/rename", {"name": f"Second {WICKED}"})
    assert visitor.app.state.bench.queue.run(done).name == f"Second {WICKED}"
    for address in (RUNS, f"{RUNS}/{done}"):
        assert WICKED not in visitor.get(address).text
    assert visitor.submit(f"{RUNS}/{done}/rename", {"name": "x" * 300}).status_code == 400


def test_a_run_is_made_again_on_the_same_text(changing, folder) -> None:
    done = _done_run(changing)
    _comment(folder)
    answer = changing.submit(f"{RUNS}/{done}/again")
    again = int(str(answer.url).rpartition("/")[2])
    queue = changing.app.state.bench.queue
    assert again != done
    assert (queue.run(again).task, queue.run(again).version) == (
        queue.run(done).task,
        queue.run(done).version,
    )


def test_a_changed_case_is_told_and_can_be_run_as_it_is(changing, folder) -> None:
    done = _done_run(changing)
    file = _comment(folder)
    page = changing.get(f"{RUNS}/{done}").text
    assert "The case was changed since." in page
    answer = changing.submit(f"{RUNS}/{done}/renew")
    renewed = changing.app.state.bench.queue.run(int(str(answer.url).rpartition("/")[2]))
    assert renewed.version == read(file).file_digest
    assert renewed.task == changing.app.state.bench.queue.run(done).task


def test_the_form_can_begin_with_the_settings_of_a_run(visitor, done: int) -> None:
    plain = visitor.get(f"{RUNS}/new/forecast.json?like={done}").json()
    values = {one["setting"]["name"]: one["value"] for one in plain["fields"]}
    assert values["draws"] == "50"
    assert visitor.get(f"{RUNS}/new/forecast?like=999999").status_code == 404
    assert visitor.get(f"{RUNS}/new/forecast?like=x").status_code == 200


def test_a_run_is_taken_away(visitor, done: int) -> None:
    assert visitor.submit(f"{RUNS}/{done}/remove").status_code == 200
    assert visitor.get(f"{RUNS}/{done}").status_code == 404


def test_a_run_of_another_case_is_not_there(visitor, done: int) -> None:
    assert visitor.get(f"/cases/{NEW_NAME}/runs/{done}").status_code == 404
    assert str(visitor.get(f"/runs/{done}").url).endswith(f"{RUNS}/{done}")


def test_a_reader_changes_no_run(signed_in) -> None:
    member = signed_in("reader")
    queue = member.app.state.bench.queue
    text = member.app.state.bench.cases.held(FLAGSHIP_NAME).text
    run = queue.ask(FLAGSHIP_NAME, text, checked("forecast", {}), "somebody")
    for what in ("cancel", "rename", "remove", "again", "renew"):
        assert member.submit(f"{RUNS}/{run.id}/{what}", {"name": "x"}).status_code == 403
    assert queue.runs() == (run,)


# --- comparing -----------------------------------------------------------------------------------------


def test_two_runs_stand_side_by_side(changing, folder) -> None:
    done = _done_run(changing)
    file = folder / FLAGSHIP_NAME / "case.yaml"
    file.write_bytes(read(file).set("capability.usa.value", 90).raw())
    other = _asked(changing, draws=60)
    _done(changing, other, _result(62.5))
    address = f"{RUNS}/compare?a={done}&b={other}"
    page = changing.get(address).text
    assert "+12.50" in page
    assert "41 … 59" in page
    assert WICKED not in page
    plain = changing.get(address.replace("compare?", "compare.json?")).json()
    assert [one["difference"] for one in plain["lines"]] == [12.5]
    assert plain["settings"] == [["draws", "50", "60"]]
    assert [one[0] for one in plain["changed"]] == ["capability.usa"]
    assert [(one["path"], one["difference"]) for one in plain["values"]] == [("accepted.usa", 0.125)]


def test_a_run_beside_itself_shows_no_difference(visitor, done: int) -> None:
    page = visitor.get(f"{RUNS}/compare?a={done}&b={done}").text
    assert "Nothing: the same settings" in page
    assert "No other value differs." in page


@pytest.mark.parametrize("query", ["", "?a=1", "?a=x&b=y", "?a=1&b=99999999999999999999"])
def test_without_two_runs_there_is_the_list(visitor, query: str) -> None:
    answer = visitor.get(f"{RUNS}/compare{query}")
    assert str(answer.url).endswith(RUNS)
    assert "Choose two runs to compare." in answer.text


def test_what_is_not_done_cannot_be_compared(visitor, done: int) -> None:
    waiting = _asked(visitor, draws=70)
    assert visitor.get(f"{RUNS}/compare?a={done}&b={waiting}").status_code == 400


def test_pages_take_well_under_a_fifth_of_a_second(visitor, done: int) -> None:
    for address in (RUNS, f"{RUNS}/{done}", f"{RUNS}/new/forecast", f"{RUNS}/compare?a={done}&b={done}"):
        visitor.get(address)
        begun = time.perf_counter()
        visitor.get(address)
        assert time.perf_counter() - begun < 0.2, address
