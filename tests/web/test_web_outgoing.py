"""The report, and the case for other tools."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import parse
from westphalia.workspace.exports import EXPORTS
from westphalia.workspace.results import Result

CASE = f"/cases/{FLAGSHIP_NAME}"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """These pages change no case, so that one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("outgoing") / "cases"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", [FLAGSHIP_NAME, NEW_NAME])
@pytest.mark.parametrize("name", ["report", "export"])
def test_the_pages_are_there_in_both_languages_and_as_json(
    reader, name: str, case: str, language: str
) -> None:
    answer = reader.get(f"/cases/{case}/{name}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    assert reader.get(f"/cases/{case}/{name}.json").json()


# --- exports -------------------------------------------------------------------------------------------


def ways(reader, case: str = FLAGSHIP_NAME) -> dict[str, dict]:
    for _turn in range(100):
        plain = reader.get(f"/cases/{case}/export.json").json()
        if plain["is_ready"]:
            return {one["id"]: one for one in plain["ways"]}
    raise AssertionError("what the files hold is never worked out")


@pytest.mark.parametrize("one", EXPORTS, ids=lambda one: one.id)
def test_every_way_out_says_what_it_lacks_and_gives_its_file(reader, one) -> None:
    told = ways(reader)[one.id]
    assert told["open"] == ""
    assert told["account"]["not_carried"]
    answer = reader.get(f"{CASE}/export/{one.id}")
    assert answer.status_code == 200
    assert answer.content
    assert answer.headers["content-disposition"].endswith(one.suffix)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_case_file_goes_out_byte_by_byte(reader) -> None:
    file = reader.app.state.bench.settings.folder / FLAGSHIP_NAME / "case.yaml"
    assert reader.get(f"{CASE}/export/case").content == file.read_bytes()


def test_stands_go_out_as_a_table_with_a_row_each(reader) -> None:
    document = parse(reader.get(f"{CASE}/export/case").content)
    rows = list(
        csv.DictReader(io.StringIO(reader.get(f"{CASE}/export/stands-csv").text.removeprefix("\ufeff")))
    )
    stands = [(actor, issue) for actor, own in document.case.stands.items() for issue in own]
    assert [(row["actor"], row["issue"]) for row in rows] == stands
    assert zipfile.is_zipfile(io.BytesIO(reader.get(f"{CASE}/export/stands-xlsx").content))


def test_networks_go_out_as_graphml(reader) -> None:
    text = reader.get(f"{CASE}/export/graphml-statements").text
    assert "<graphml" in text
    assert "russia" in text


def test_what_a_case_cannot_go_out_as_says_why(reader) -> None:
    told = ways(reader, NEW_NAME)
    assert "stability" in told["gmcr"]["open"]
    assert reader.get(f"/cases/{NEW_NAME}/export/gmcr").status_code == 400
    assert "It cannot be written" in reader.get(f"/cases/{NEW_NAME}/export").text


@pytest.mark.parametrize("name", ["ktab", "%2e%2e%2fcase", "<b>"])
def test_a_way_out_that_is_none_is_not_there(reader, name: str) -> None:
    answer = reader.get(f"{CASE}/export/{name}")
    assert answer.status_code == 404
    assert "<b>" not in answer.text.replace("<b>Error</b>", "")


# --- reports -------------------------------------------------------------------------------------------


def finished(reader, raw: bytes) -> int:
    """End the run that waits with a report of these bytes."""
    queue = reader.app.state.bench.queue
    run = queue.begin()
    queue.keep(run.id, Result({"kind": "report"}, files={"report.html": raw}, tables={"forecast.csv": "a\n"}))
    return run.id


def test_a_report_is_made_opened_and_taken_along(reader) -> None:
    answer = reader.submit(f"{CASE}/report", {"language": "de", "without": ["doubt", "deals"]})
    assert answer.url.path == f"{CASE}/report"
    assert "is under way" in answer.text
    run = reader.app.state.bench.queue.runs()[0]
    settings = run.task.settings
    assert [settings[name] for name in ("language", "deals", "stability", "doubt")] == [
        "de",
        False,
        True,
        False,
    ]
    finished(reader, b"<!doctype html><title>Report</title>")
    page = reader.get(f"{CASE}/report").text
    assert f'href="{CASE}/report/{run.id}"' in page
    assert "without:" in page
    opened = reader.get(f"{CASE}/report/{run.id}")
    assert opened.content == b"<!doctype html><title>Report</title>"
    assert opened.headers["content-type"].startswith("text/html")
    policy = opened.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-same-origin" not in policy
    kept = reader.get(f"{CASE}/runs/{run.id}/files/report.html")
    assert kept.headers["content-disposition"].startswith("attachment")
    results = reader.get(f"{CASE}/export.json").json()["results"]
    assert [(one["title"], one["tables"], one["files"]) for one in results] == [
        ("Everything", ["forecast.csv"], ["report.html"])
    ]


def test_a_report_that_is_none_is_not_opened(reader) -> None:
    queue = reader.app.state.bench.queue
    reader.submit(f"{CASE}/report", {"language": "en"})
    waiting = queue.runs()[0].id
    assert reader.get(f"{CASE}/report/{waiting}").status_code == 404
    assert reader.get(f"{CASE}/report/99999").status_code == 404
    done = finished(reader, b"x")
    assert reader.get(f"/cases/{NEW_NAME}/report/{done}").status_code == 404
    assert reader.submit(f"{CASE}/report", {"language": "xx"}).status_code == 400


def test_a_reader_looks_and_asks_for_nothing(signed_in) -> None:
    member = signed_in("reader")
    assert "<form method" in member.get(f"{CASE}/report").text
    assert f'action="{CASE}/report"' not in member.get(f"{CASE}/report").text
    assert member.get(f"{CASE}/export/stands-csv").status_code == 200
    assert member.submit(f"{CASE}/report", {"language": "en"}).status_code == 403
