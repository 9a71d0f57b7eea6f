"""A workbench to ask: a copy of the flagship and a new case, and somebody who has come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from visitors import CSRF, PASSWORD, Visitor, make_folder, workbench


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two cases."""
    return make_folder(tmp_path / "cases")


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    """The one user of a workbench."""
    return workbench(folder)


@pytest.fixture
def signed_in(folder: Path) -> Callable[[str], Visitor]:
    """Return a function from a role to a member of a team who has signed in."""

    def sign_in(role: str) -> Visitor:
        member = workbench(folder, is_team=True)
        people = member.app.state.bench.people
        people.add("keeper", "Keeper", PASSWORD, "keeper")
        people.add(f"a-{role}", "Member", PASSWORD, role)
        found = CSRF.search(member.get("/login").text)
        assert found is not None
        data = {"csrf": found[1], "name": f"a-{role}", "password": PASSWORD}
        assert member.post("/login", data=data).status_code == 200
        return member

    return sign_in
