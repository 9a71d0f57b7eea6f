"""Every page in a real browser: accessible, within its width, and asking nobody but its server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import valley
from addresses import shown
from axe import violations
from driven import FLAGSHIP_NAME, NARROW, WIDE, Caller, Workbench, visiting

pytestmark = pytest.mark.browser

LOOKS = {
    "wide-light-en": {"locale": "en-GB", "viewport": WIDE, "color_scheme": "light"},
    "narrow-dark-de": {"locale": "de-DE", "viewport": NARROW, "color_scheme": "dark"},
}
KINDS = [("forecast", 20), ("forecast", 25), ("deals", 20), ("stability", 20)]
SETTLED = """() => document.fonts.ready.then(() =>
  !document.querySelector('.htmx-request') && document.getAnimations().length === 0)"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('main *, header *')].filter((one) =>
    one.getBoundingClientRect().right > room + 1 && !one.closest('.scroll, .plot, svg'))
    .map((one) => one.outerHTML.slice(0, 150));
}"""
SMALL = """() => [...document.querySelectorAll('button, .button, summary, select, input:not([type=hidden])')]
  .filter((one) => one.checkVisibility() && !one.closest('.sr'))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && Math.min(box.width, box.height) < 23.5)
  .map(([one]) => one)
  .filter((one) => !one.labels?.length && !one.matches('.plain-button'))
  .map((one) => one.outerHTML.slice(0, 150))"""


@pytest.fixture(scope="module")
def ready(bench: Workbench) -> Iterator[str]:
    """Something to see on each page; yields the id of the source that has a text."""
    with contextlib.closing(Caller(bench)) as caller:
        source = valley.make(caller).rpartition("/")[2]
        for kind, draws in KINDS:
            caller.run(FLAGSHIP_NAME, kind, draws=draws)
        yield source


@pytest.fixture(scope="module", params=LOOKS)
def page(browser: Any, bench: Workbench, ready: str, request: Any) -> Iterator[Any]:
    """A page in a language, a width and a colour of the paper."""
    with visiting(browser, bench, **LOOKS[request.param]) as visited:
        yield visited


def test_each_page_has_an_address_to_look_at() -> None:
    assert [path for path, addresses in shown().items() if not addresses] == []


@pytest.mark.parametrize("address", [address for found in shown().values() for address in found])
def test_a_page_is_for_everybody(page: Any, bench: Workbench, ready: str, address: str) -> None:
    """Axe finds nothing of any weight, nothing is cut off or too small, no script or policy complains."""
    answer = page.goto(bench.base + address.replace("{source}", ready))
    assert answer.status == 200
    page.wait_for_function(SETTLED)
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("h1").count() == 1
    faults, page.faults[:] = [*page.faults], []
    assert faults == []
