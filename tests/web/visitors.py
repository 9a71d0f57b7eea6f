"""Visitors of a workbench on a copy of the flagship and a new case."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

from westphalia.case.create import create
from westphalia.web.app import create_app
from westphalia.web.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client of tests names a successor that is not packaged yet
    from starlette.testclient import TestClient

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"
FLAGSHIP_NAME, NEW_NAME = "ukraine-2025-02", "a-new-case"
PASSWORD = "a long enough password"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor(TestClient):
    """Somebody with a browser; `submit` fills in a form of a page of ours."""

    def submit(self, path: str, data: dict[str, object] | None = None, **more: object):
        """Post a form with what proves that a page of ours made it."""
        found = CSRF.search(self.get("/").text)
        assert found is not None
        return self.post(path, data={"csrf": found[1], **(data or {})}, **more)


def make_folder(folder: Path) -> Path:
    """Fill a folder with a copy of the flagship and a new case."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(FLAGSHIP, folder / FLAGSHIP_NAME)
    create(folder / NEW_NAME, title="A new case")
    return folder


def workbench(folder: Path, *, is_team: bool = False) -> Visitor:
    """Return a visitor of a workbench on a folder; alone, they have come in by the token."""
    settings = Settings(folder, is_team=is_team)
    visitor = Visitor(create_app(settings), base_url=f"http://127.0.0.1:{settings.port}")
    if not is_team:
        visitor.get(f"/?token={settings.token}")
    return visitor
