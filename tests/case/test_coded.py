"""Which statements are evidence: those that a coder stands by."""

from __future__ import annotations

from pathlib import Path

import pytest

from westphalia.api import read
from westphalia.case.document import parse
from westphalia.case.networks import statement_table

FLAGSHIP = read(Path(__file__).parents[2] / "cases" / "ukraine-2025-02")
NAMED = "  - id: s067\n"


@pytest.mark.parametrize(
    ("status", "is_evidence"), [("disputed", True), ("suggested", False), ("rejected", False)]
)
def test_a_statement_counts_by_its_status(status: str, is_evidence: bool) -> None:
    text = FLAGSHIP.document.text
    assert text.count(NAMED) == 1
    case = parse(text.replace(NAMED, f"{NAMED}    status: {status}\n")).case
    assert ("s067" in {one.id for one in case.coded}) is is_evidence
    assert len(case.coded) == len(FLAGSHIP.file.statements) - (not is_evidence)
    assert case.statement["s067"].status == status
    lost = statement_table(FLAGSHIP.file).sizes["statement"] - statement_table(case).sizes["statement"]
    assert (lost > 0) is not is_evidence
