"""What unknowns are called: by the names of the case, in the language of the page."""

from __future__ import annotations

import pytest
from tests.report import cases
from tests.report.stability_cases import gates

from westphalia.case.document import parse
from westphalia.language import speaking
from westphalia.report.unknowns import unknown_name

SMALL = parse(cases.CASE).case


@pytest.mark.parametrize(
    ("group", "english", "german"),
    [
        ("ann.land.position", "Ann: position on land", "Ann: Position (land)"),
        ("bob.capability_error", "Bob: capability error", "Bob: Fehler der Macht"),
        ("land.reversion", "land: reversion", "land: Rückfallpunkt"),
        ("ann", "Ann", "Ann"),
        ("report", "A report", "A report"),
        ("(assumed)", "assumed", "angenommen"),
        ("(no actor)", "no actor", "kein Akteur"),
    ],
)
def test_unknowns_and_groups_are_called_by_the_names_of_the_case(group, english, german) -> None:
    assert unknown_name(SMALL, group, "en") == english
    with speaking("de"):
        assert unknown_name(SMALL, group, "de") == german


def test_beside_its_issue_a_value_is_called_in_brief() -> None:
    assert unknown_name(SMALL, "ann.land.position", "en", is_brief=True) == "Ann: position"
    assert unknown_name(SMALL, "bob.capability", "en", is_brief=True) == "Bob: capability"


def test_a_doubt_of_a_wish_is_called_by_actor_and_number() -> None:
    assert unknown_name(gates().case, "north.wish-2.chance", "en") == "The North: chance of wish 2"
