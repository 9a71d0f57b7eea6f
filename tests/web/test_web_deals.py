"""Composing deals: the package stands in the address, and the page says what follows from it."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from visitors import FLAGSHIP, FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read

DEALS = f"/cases/{FLAGSHIP_NAME}/deals"
STEADY = "territory=70&burden=60&seat=2&resources=60&guarantees=40&venue=moscow&timing=30"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The pages only show, so that one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("deals") / "cases"))


def _query(answer) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(str(answer.url)).query))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", [FLAGSHIP_NAME, NEW_NAME])
def test_the_page_is_there_in_both_languages_and_as_json(reader, case: str, language: str) -> None:
    address = f"/cases/{case}/deals"
    answer = reader.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    plain = reader.get(f"{address}.json").json()
    assert {"controls", "judgement", "told", "starts", "fault"} <= set(plain)


def test_a_package_in_the_address_is_the_one_that_is_judged(reader) -> None:
    plain = reader.get(f"{DEALS}.json?{STEADY}").json()
    assert "&".join(f"{one['issue']}={one['chosen']}" for one in plain["controls"]) == STEADY
    answers = {one["answer"]["actor"]: one["answer"] for one in plain["told"]}
    assert answers["russia"]["is_willing"] == (answers["russia"]["gain"] >= 0)
    assert all(one["low"] <= one["high"] and 0 <= one["accepts"] <= 1 for one in answers.values())
    needed = [one for one in answers.values() if one["is_needed"]]
    assert plain["judgement"]["is_deal"] == all(one["is_willing"] for one in needed)
    page = reader.get(f"{DEALS}?{STEADY}").text
    assert re.search(r'<option value="70" selected>\s*70', page)
    assert ("Refused by: Russia" in page) == (not answers["russia"]["is_willing"])


def test_every_control_has_its_label_and_its_options(reader) -> None:
    page = reader.get(DEALS).text
    for issue in read(FLAGSHIP).case.issues:
        assert f'<label for="f-{issue.id}">' in page
        assert f'<select id="f-{issue.id}" name="{issue.id}"' in page
    assert "50: today&#39;s front line, recognised by nobody" in page
    assert '<option value="moscow">in Moscow</option>' in page


def test_improving_leaves_nobody_worse_whose_consent_is_needed(reader) -> None:
    answer = reader.get(f"{DEALS}?{STEADY}&_then=better")
    assert answer.status_code == 200
    assert "_than" in _query(answer)
    plain = reader.get(str(answer.url).replace("/deals?", "/deals.json?")).json()
    changes = [one["change"] for one in plain["told"] if one["answer"]["is_needed"]]
    assert min(changes) >= -1e-9
    assert max(changes) > 0
    assert plain["moved"]
    assert "Changed by this step:" in answer.text


def test_improving_ends_at_an_efficient_package_and_says_so(reader) -> None:
    address = f"{DEALS}?{STEADY}&_then=better"
    for _step in range(30):
        answer = reader.get(address)
        query = _query(answer)
        if "_than" not in query:
            break
        query.pop("_than")
        address = f"{DEALS}?" + "&".join(f"{name}={value}" for name, value in query.items()) + "&_then=better"
    assert "This package is efficient" in answer.text


@pytest.mark.parametrize("name", ["expected", "no_deal", "nash", "kalai_smorodinsky", "utilitarian"])
def test_there_are_packages_to_start_from(reader, name: str) -> None:
    answer = reader.get(f"{DEALS}?_start={name}")
    assert answer.status_code == 200
    assert "territory" in _query(answer) or "no package that all accept was found" in answer.text


def test_a_package_of_no_known_name_is_told_to_be_missing(reader) -> None:
    answer = reader.get(f"{DEALS}?_start=nothing-such")
    assert "no package that all accept was found" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "territory=<script>alert(1)</script>",
        "territory=nan&seat=1e999",
        "_than=1-2-3",
        "_than=9-9-9-9-9-9-9",
        "_than=99999999999999999999-0-0-0-0-0-0",
        "_then=worse",
        "_start=",
        "territory=70&territory=10",
    ],
)
def test_whatever_stands_in_the_address_there_is_a_page(reader, query: str) -> None:
    answer = reader.get(f"{DEALS}?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_texts_of_a_case_stay_texts(visitor, folder) -> None:
    file = folder / FLAGSHIP_NAME / "case.yaml"
    wicked = "<img src=x onerror=alert(1)>"
    text = file.read_text(encoding="utf-8").replace("Which borders does a settlement accept?", wicked)
    file.write_text(text, encoding="utf-8")
    page = visitor.get(DEALS).text
    assert wicked not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_case_whose_no_deal_is_unknown_says_what_is_missing(visitor, folder) -> None:
    file = folder / FLAGSHIP_NAME / "case.yaml"
    document = read(file)
    at = next(at for at, issue in enumerate(document.case.issues) if issue.id == "territory")
    file.write_bytes(document.remove(f"issues.{at}.reversion").raw())
    answer = visitor.get(DEALS)
    assert answer.status_code == 200
    assert "no deal" in answer.text
    assert '<form class="package"' not in answer.text


def test_a_reader_may_compose(signed_in) -> None:
    assert signed_in("reader").get(DEALS).status_code == 200


def test_a_page_takes_well_under_a_fifth_of_a_second(reader) -> None:
    reader.get(DEALS)
    begun = time.perf_counter()
    for _ in range(5):
        reader.get(f"{DEALS}?{STEADY}")
    assert (time.perf_counter() - begun) / 5 < 0.2
