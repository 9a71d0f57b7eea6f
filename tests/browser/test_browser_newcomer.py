"""The whole way of a newcomer, by what stands on the pages: from an empty case to the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import valley
from driven import FLAGSHIP_NAME, Workbench, followed, visiting

from westphalia.case.document import read

pytestmark = pytest.mark.browser

TITLE = "Talks on the valley"


@pytest.fixture(scope="module")
def page(browser: Any, bench: Workbench) -> Iterator[Any]:
    """The newcomer's page: it is the same from test to test, as the way goes on."""
    with visiting(browser, bench, accept_downloads=True) as visited:
        yield visited


@pytest.fixture(autouse=True)
def is_sound(page: Any) -> Iterator[None]:
    """Nothing may go wrong in the page on the way."""
    yield
    faults, page.faults[:] = [*page.faults], []
    assert faults == []


def case_of(bench: Workbench) -> Any:
    return read(bench.folder / valley.NAME).case


def tab(page: Any, name: str) -> None:
    tabs = page.get_by_role("navigation", name="Pages of the case")
    followed(page, tabs.get_by_role("link", name=name, exact=True))


def told(page: Any) -> str:
    """Return what the page says was done."""
    return str(page.locator(".told").inner_text())


def test_a_case_is_made_from_its_title(page: Any, bench: Workbench) -> None:
    page.get_by_label("Title").fill(TITLE)
    followed(page, page.get_by_role("button", name="Make the case"))
    assert page.get_by_role("heading", level=1).inner_text() == TITLE
    assert page.url == bench.base + valley.CASE


def test_an_actor_is_named(page: Any, bench: Workbench) -> None:
    tab(page, "Actors")
    page.get_by_text("Show the form").click()
    page.get_by_label("Short name").fill("north-voters")
    page.get_by_role("group", name="Name", exact=True).get_by_label("In all languages").fill(
        "Voters of the north"
    )
    page.get_by_label("Kind").select_option(label="public")
    page.get_by_label("Has to consent at home for").select_option(label="North")
    page.get_by_label("Assumption").fill("its law asks for a vote")
    page.get_by_role("button", name="Add the actor").click()
    page.get_by_role("heading", name="Voters of the north", level=1).wait_for()
    assert case_of(bench).actor["north-voters"].ratifies_for == "north"


def test_an_issue_is_put_on_its_scale(page: Any, bench: Workbench) -> None:
    tab(page, "Issues")
    page.get_by_text("Show the form").click()
    page.get_by_label("Short name").fill("ford")
    page.get_by_role("group", name="Question", exact=True).get_by_label("In all languages").fill(
        "Is the ford open?"
    )
    for number, point, meaning in ((1, "0", "closed to all"), (2, "100", "open to all")):
        page.get_by_label(f"Point {number}", exact=True).fill(point)
        page.get_by_label(f"Meaning of point {number}", exact=True).fill(meaning)
    for actor in ("North", "South"):
        page.get_by_role("checkbox", name=actor, exact=True).check()
    page.get_by_role("button", name="Add the issue").click()
    page.get_by_role("heading", name="Is the ford open?", level=1).wait_for()
    without = page.get_by_role("group", name="Reversion", exact=True)
    without.get_by_label("Written as").select_option(label="a number")
    without.get_by_label("Value", exact=True).fill("0")
    without.get_by_text("What it rests on").click()
    without.get_by_label("Or an assumption: why").fill("it is closed today")
    followed(page, page.get_by_role("button", name="Save the issue"))
    assert [*case_of(bench).issue] == ["border", "force", "ford"]
    assert case_of(bench).issue["ford"].reversion.assumption == "it is closed today"


def test_a_stand_is_moved_by_the_keyboard(page: Any, bench: Workbench) -> None:
    tab(page, "Stands")
    strip = page.get_by_role("region", name="Where will the border run?")
    handle = strip.get_by_role("slider").first
    before = float(handle.get_attribute("aria-valuenow"))
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    after = float(handle.get_attribute("aria-valuenow"))
    assert after - before == pytest.approx(11)
    followed(page, strip.get_by_role("button", name="Save the positions"))
    again = page.get_by_role("region", name="Where will the border run?").get_by_role("slider").first
    assert float(again.get_attribute("aria-valuenow")) == after
    assert "# " in (bench.folder / valley.NAME / "case.yaml").read_text(), "comments stay"


def test_a_report_is_put_in(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "talks.txt"
    file.write_text(valley.REPORT)
    tab(page, "Sources")
    page.get_by_label("File").set_input_files(file)
    followed(page, page.get_by_role("button", name="Put it in"))
    assert "talks" in told(page)
    followed(page, page.get_by_role("link", name="Read", exact=True))
    assert "every soldier in the valley" in page.get_by_role("main").inner_text()


SELECT = """words => {
  const path = `//*[@data-start]//text()[contains(., "${words}")]`;
  const found = document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
  const range = document.createRange();
  const at = found.data.indexOf(words);
  range.setStart(found, at);
  range.setEnd(found, at + words.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_selected_words_are_coded_by_a_key(page: Any, bench: Workbench) -> None:
    words = "A cart stood on a bridge"
    page.wait_for_load_state("load")
    page.evaluate(SELECT, words)
    page.get_by_role("button", name="Code this passage").wait_for()
    page.keyboard.press("c")
    form = page.locator("#panel")
    form.get_by_label("Who says it").select_option(label="the author of the text")
    form.get_by_label("How the source gives it").select_option(label="told by the source")
    form.get_by_label("What is said, in your own words").fill("Something was in the way on the bridge.")
    form.get_by_role("button", name="Save").click()
    page.get_by_text("Something was in the way on the bridge.").first.wait_for()
    coded = [one for one in case_of(bench).statements if one.source == "talks"]
    assert [one.span.end - one.span.start for one in coded if one.span] == [len(words)]
    page.locator("mark", has_text=words).wait_for()


def test_suggestions_are_decided_by_single_keys(page: Any, bench: Workbench) -> None:
    page.get_by_role("link", name="Code with suggestions").click()
    page.get_by_role("heading", name="Suggestions", level=1).wait_for()
    left = page.get_by_text(re.compile(r"1 of \d+ left"))
    left.wait_for()
    many = int(re.findall(r"\d+", left.inner_text())[1])
    before = len(case_of(bench).statements)
    for key, done in (("a", 1), ("r", 2), ("u", 1)):
        page.keyboard.press(key)
        page.get_by_text(re.compile(rf"\d+ of {many - done} left")).wait_for()
    assert len(case_of(bench).statements) == before + 1


def test_a_method_is_run_and_watched_to_its_end(page: Any) -> None:
    tab(page, "Runs")
    page.get_by_role("link", name="Settings: Forecast").click()
    page.get_by_label("Draws").fill("20")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="To keep").wait_for(timeout=90_000)
    page.get_by_text("✓ done").wait_for()
    page.locator(".plot").first.scroll_into_view_if_needed()
    page.locator(".plot.drawn .live svg").first.wait_for()
    tab(page, "Answer")
    assert page.locator(".verdict").count() == 1


def test_a_deal_is_composed_on_sliders(page: Any) -> None:
    tab(page, "Deals")
    slider = page.get_by_role("slider").first
    table = page.get_by_role("table", name="What each party gains over no deal")
    before = table.inner_text()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('table.gains').innerText !== before", arg=before)
    page.get_by_role("button", name="Improve for all").click()
    page.wait_for_url(re.compile(r"border=[^_]*$"))
    assert page.locator("#verdict").inner_text()[0] in "✓✗"


def test_a_state_says_why_it_holds(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}/cases/{FLAGSHIP_NAME}")
    tab(page, "Stability")
    page.get_by_role("table", name="The states, move by move").get_by_role("link", name="today").click()
    page.locator("#state").wait_for()
    page.get_by_role("main").get_by_text("sequential").first.wait_for()


def test_a_scenario_is_kept(page: Any, bench: Workbench) -> None:
    page.goto(bench.base + valley.CASE)
    tab(page, "Doubt")
    page.get_by_text("A new scenario", exact=True).click()
    page.get_by_label("What happens", exact=True).fill("The alliance stays away")
    page.get_by_label("Why it is worth trying").fill("its parliament hesitates")
    row = page.get_by_role("group", name="The change", exact=True)
    row.get_by_label("Change", exact=True).select_option(label="leave an actor out")
    row.get_by_label("Actor", exact=True).select_option(label="The alliance")
    page.get_by_role("button", name="Keep the scenario").click()
    page.get_by_role("heading", name="The alliance stays away").wait_for()
    assert any(one.title.into("en") == "The alliance stays away" for one in case_of(bench).scenarios)


def test_the_report_is_made_and_taken_along(page: Any, tmp_path: Path) -> None:
    tab(page, "Report")
    for box in page.get_by_role("group", name="Chapters to leave out").get_by_role("checkbox").all()[1:]:
        box.check()
    page.get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Download")
    link.wait_for(timeout=60_000)  # the page comes anew by itself once the report is there
    with page.expect_download() as waiting:
        link.click()
    file = tmp_path / "report.html"
    waiting.value.save_as(file)
    made = file.read_text()
    assert f"<h1>{TITLE}" in made
    assert "Content-Security-Policy" in made


def test_all_that_was_done_is_in_the_history(page: Any) -> None:
    tab(page, "History")
    assert page.get_by_role("row").count() > 5
