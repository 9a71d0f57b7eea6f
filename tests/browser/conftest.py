"""A real workbench and a real browser, for the tests of a module; skipped where there is no browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from driven import CHROMIUM, LAUNCH, Workbench, copy_of_flagship


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. It ends with the module, as its loop of events would be in the way of other tests."""
    reason = "needs playwright: pip install playwright"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"needs Chromium: there is no {CHROMIUM}; WESTPHALIA_CHROMIUM may name another")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=str(CHROMIUM), args=LAUNCH)
        yield found
        found.close()


@pytest.fixture(scope="module")
def bench(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench on a copy of the flagship."""
    started = Workbench(copy_of_flagship(tmp_path_factory.mktemp("bench") / "cases"))
    yield started
    started.end()
