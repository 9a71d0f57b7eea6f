"""What tests of a folder of cases begin with."""

import pytest

from westphalia.case.template import new_case
from westphalia.workspace.cases import Cases


@pytest.fixture
def folder(tmp_path):
    """Return a folder with one case, peace."""
    file = tmp_path / "all" / "peace" / "case.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(new_case(date="2026-01-01"), encoding="utf-8", newline="")
    return tmp_path / "all"


@pytest.fixture
def cases(folder):
    """Return the cases of the folder."""
    return Cases(folder)
