"""Changes of a scenario in words: the same facts in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report import cases

from westphalia.case.document import parse
from westphalia.case.scenarios import Change
from westphalia.language import speaking
from westphalia.report.changes import change_words

CASE = parse(cases.CASE).case
STAND = {"stands": {"land": {"position": 1}}, "capability": 5}


@pytest.mark.parametrize(
    ("change", "english", "german"),
    [
        (
            {"shift": ["ann", "bob"], "on": "land", "by": -2.5},
            "Ann and Bob -2.5 on “Where is the line?”",
            "Ann und Bob -2,5 zu „Where is the line?“",
        ),
        (
            {"set": "land.reversion", "to": {"low": 1.5, "high": 4}},
            "land: reversion 1.5 to 4",
            "land: Rückfallpunkt 1,5 bis 4",
        ),
        ({"set": "ann.capability", "to": 2}, "Ann: capability 2", "Ann: Macht 2"),
        ({"scale_capability": "ann", "by": 0.6}, "capability of Ann × 0.6", "Macht (Ann) × 0,6"),
        (
            {"scale_capability": ["ann", "bob"], "by": 2, "on": "land"},
            "capability of ann, bob on land × 2",
            "Macht (ann, bob; land) × 2",
        ),
        ({"remove": "bob"}, "without bob", "ohne bob"),
        ({"add_actor": {"id": "cid"}, **STAND}, "with cid", "mit cid"),
        ({"add_commitment": {"id": "oath"}}, "with the commitment oath", "mit der Zusage oath"),
    ],
)
def test_changes_are_told_in_both_languages(change: dict[str, Any], english: str, german: str) -> None:
    made = Change.model_validate(change)
    assert change_words(made, CASE, "en") == english
    with speaking("de"):
        assert change_words(made, CASE, "de") == german
