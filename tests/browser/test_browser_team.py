"""A team in a browser: the first keeper comes by the address that was printed; a reader only looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from addresses import CASE, TEAM
from axe import violations
from driven import Workbench, copy_of_flagship, visiting

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def team(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    started = Workbench(copy_of_flagship(tmp_path_factory.mktemp("team") / "cases"), options=("--team",))
    yield started
    started.end()


@pytest.fixture(scope="module")
def keeper(browser: Any, team: Workbench) -> Iterator[Any]:
    """The page of whoever came first."""
    with visiting(browser, team) as page:
        assert violations(page) == []
        page.get_by_label("Login").fill("keeper")
        page.get_by_label("Full name").fill("The keeper")
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.get_by_role("button", name="Begin the team").click()
        page.get_by_role("button", name="Sign out").wait_for()
        yield page


@pytest.mark.parametrize(
    "address", [address for path, found in TEAM.items() for address in found if path != "/login"]
)
def test_pages_of_a_team_are_for_everybody(keeper: Any, team: Workbench, address: str) -> None:
    assert keeper.goto(team.base + address).status == 200
    assert violations(keeper) == []


def test_somebody_is_added_signs_in_and_only_looks(keeper: Any, browser: Any, team: Workbench) -> None:
    keeper.goto(f"{team.base}/people")
    keeper.get_by_label("Login").fill("anna")
    keeper.get_by_label("Full name").fill("Anna")
    for field in keeper.locator("input[type=password]").all():
        field.fill(PASSWORD)
    keeper.get_by_role("button", name="Add", exact=True).click()
    keeper.get_by_role("link", name="Anna").first.wait_for()
    with visiting(browser, team) as page:
        page.goto(f"{team.base}/login")
        assert violations(page) == []
        page.get_by_label("Login").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        assert page.goto(team.base + CASE).status == 200
        page.goto(f"{team.base}{CASE}/doubt")
        assert page.get_by_role("button", name="Keep the scenario").count() == 0
