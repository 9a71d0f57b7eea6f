"""Without scripts: every page is there, and forms, links and runs do what they do with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import valley
from addresses import shown
from driven import FLAGSHIP_NAME, Workbench, followed, visiting

from westphalia.case.document import read

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Any, bench: Workbench) -> Iterator[Any]:
    """A page in which no script runs."""
    with visiting(browser, bench, java_script_enabled=False) as visited:
        yield visited


def case_of(bench: Workbench, name: str = valley.NAME) -> Any:
    return read(bench.folder / name).case


def test_a_case_is_filled_by_forms_alone(page: Any, bench: Workbench, tmp_path: Path) -> None:
    page.get_by_label("Title").fill("Talks on the valley")
    followed(page, page.get_by_role("button", name="Make the case"))
    file = tmp_path / "talks.txt"
    file.write_text(valley.REPORT)
    page.goto(f"{bench.base}{valley.CASE}/sources")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Put it in").click()
    page.get_by_role("link", name="Read", exact=True).click()
    page.get_by_label("Words").fill("A cart stood on a bridge")
    page.get_by_role("button", name="Code these words").click()
    page.get_by_label("Who says it").select_option(label="the author of the text")
    page.get_by_label("What is said, in your own words").fill("Something was in the way.")
    followed(page, page.get_by_role("button", name="Save"))
    assert [one.gloss.into("en") for one in case_of(bench).statements if one.source == "talks"] == [
        "Something was in the way."
    ]


def test_suggestions_are_decided(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}{valley.CASE}/coding/talks")
    before = len(case_of(bench).statements)
    # Without scripts the page comes anew by itself while the suggestions are looked for.
    page.get_by_role("button", name=re.compile("^Accept")).click()
    page.get_by_role("button", name=re.compile("^Take back")).wait_for()
    assert len(case_of(bench).statements) == before + 1
    page.get_by_role("button", name=re.compile("^Take back")).click()
    page.get_by_role("button", name=re.compile("^Do again")).wait_for()
    assert len(case_of(bench).statements) == before


def test_a_stand_is_changed_in_its_fields(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}{valley.CASE}/stands")
    strip = page.get_by_role("region", name="How strong a peace force will there be?")
    field = strip.get_by_role("textbox").first
    wanted = str(float(field.input_value()) + 0.5)
    field.fill(wanted)
    followed(page, strip.get_by_role("button", name="Save the positions"))
    assert field.input_value() == wanted


def test_a_deal_is_judged_from_lists(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}{valley.CASE}/deals")
    choice = page.get_by_label("Where will the border run?")
    choice.select_option(index=2)
    chosen = choice.input_value()
    followed(page, page.get_by_role("button", name="Judge this package"))
    assert f"border={chosen}" in page.url
    assert page.get_by_role("table", name="What each party gains over no deal").count() == 1
    followed(page, page.get_by_role("button", name="Improve for all"))
    assert page.locator("#verdict").inner_text()[0] in "✓✗"


def test_a_run_is_asked_for_and_seen_to_end(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}{valley.CASE}/runs/new/forecast")
    page.get_by_label("Draws").fill("20")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="To keep").wait_for(timeout=60_000)
    page.locator(".still img").first.wait_for()


def test_the_language_is_chosen(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}/cases/{FLAGSHIP_NAME}/actors")
    followed(page, page.get_by_role("button", name="Deutsch"))
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.url.endswith("/actors")
    followed(page, page.get_by_role("button", name="English"))
    assert page.locator("html").get_attribute("lang") == "en"


def test_what_is_folded_opens_and_no_page_needs_a_script(page: Any, bench: Workbench) -> None:
    """Each button sends a form, or belongs to none that only a script could give an effect."""
    for address in [address for found in shown().values() for address in found if "/runs/" not in address]:
        page.goto(bench.base + address.replace("{source}", "talks"))
        assert page.locator("h1").count() == 1, address
        for button in page.locator("button").element_handles():
            assert button.get_attribute("form") or button.query_selector("xpath=ancestor::form[@action]"), (
                address
            )
        for form in page.locator("form").element_handles():
            is_used = form.get_attribute("id") or not form.query_selector("input:not([type=hidden]), select")
            assert is_used or form.query_selector("button"), f"{address}: a form without a button"
