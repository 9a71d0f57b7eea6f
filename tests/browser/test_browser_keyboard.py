"""By keyboard alone: everything is reached, in order, and it is seen where one is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import valley
from driven import FLAGSHIP_NAME, Caller, Workbench, visiting

pytestmark = pytest.mark.browser

CASE = f"/cases/{FLAGSHIP_NAME}"
CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility() && one.type !== 'hidden')
  .filter((one) => one.type !== 'radio' || one.checked)
  .length"""
HERE = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  window.reached ??= new Set();
  if (at !== document.body) window.reached.add(at);
  const style = getComputedStyle(at);
  const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return { isBody: at === document.body, isSeen, what: at.outerHTML.slice(0, 120), many: window.reached.size,
           isOnScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""


@pytest.fixture(scope="module")
def source(bench: Workbench) -> str:
    """A source with a text of its own."""
    with contextlib.closing(Caller(bench)) as caller:
        return valley.make(caller).rpartition("/")[2]


@pytest.fixture
def page(browser: Any, bench: Workbench, source: str) -> Iterator[Any]:
    with visiting(browser, bench, reduced_motion="reduce") as visited:
        yield visited


@pytest.mark.parametrize(
    "address",
    [
        "/",
        CASE,
        *(f"{valley.CASE}/{name}" for name in ("actors", "stands", "runs", "deals", "report")),
        *(f"{valley.CASE}/{name}/talks" for name in ("sources", "coding")),
    ],
)
def test_tab_reaches_every_control_and_shows_where_it_is(page: Any, bench: Workbench, address: str) -> None:
    page.goto(bench.base + address)
    page.wait_for_load_state("load")
    many = page.evaluate(CONTROLS)
    at: dict[str, Any] = {"many": 0}
    for _ in range(many + 20):
        page.keyboard.press("Tab")
        at = page.evaluate(HERE)
        if at["isBody"]:
            break
        assert at["isSeen"], f"no sign of the focus: {at['what']}"
        assert at["isOnScreen"], f"out of sight: {at['what']}"
    assert at["many"] >= many


def test_the_first_stop_leads_to_the_content(page: Any, bench: Workbench) -> None:
    page.goto(bench.base + CASE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")


def test_g_and_a_digit_go_to_a_page_of_the_case(page: Any, bench: Workbench) -> None:
    page.goto(bench.base + CASE)
    page.keyboard.press("g")
    page.keyboard.press("3")
    page.wait_for_url("**/actors")


def test_a_strip_is_moved_within_its_scale(page: Any, bench: Workbench) -> None:
    page.goto(f"{bench.base}{valley.CASE}/stands")
    handle = page.get_by_role("slider", name="South: to").first
    handle.focus()
    for key, value in (
        ("End", 100),
        ("ArrowLeft", 99),
        ("Shift+ArrowLeft", 89),
        ("PageUp", 99),
        ("ArrowUp", 100),
    ):
        page.keyboard.press(key)
        assert float(handle.get_attribute("aria-valuenow")) == value, key
    page.keyboard.press("Home")
    low = page.get_by_role("slider", name="South: from").first.get_attribute("aria-valuenow")
    assert handle.get_attribute("aria-valuenow") == low, "a handle stops at its neighbour"


def test_coding_takes_single_keys_and_fields_take_letters(page: Any, bench: Workbench, source: str) -> None:
    page.goto(f"{bench.base}{valley.CASE}/coding/{source}")
    page.get_by_role("button", name="Accept").wait_for()
    page.keyboard.press("w")
    gloss = page.get_by_label("What is said, in your own words")
    assert gloss.evaluate("one => one === document.activeElement")
    page.keyboard.type("a red dream")
    assert gloss.input_value() == "a red dream"
    page.keyboard.press("Escape")
    for key in "jk":
        with page.expect_navigation():
            page.keyboard.press(key)
    page.keyboard.press("r")
    page.get_by_role("button", name="Take back").wait_for()
