"""A derived position follows its stated rule, and keeps accounts that differ apart."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import numpy as np
import pytest

from westphalia.case.derive import (
    BY_ANOTHER,
    PER_TELLER,
    RELIANCE,
    accounts,
    derived_choice,
    derived_position,
)
from westphalia.case.schema import CaseFile
from westphalia.case.stands import resolved
from westphalia.uncertain import Mixture, Point, Triangular

TREE = {
    "westphalia": 1,
    "id": "border",
    "title": "Border",
    "question": "Which border?",
    "date": "2020",
    "sources": [{"id": "paper", "title": "Paper"}],
    "actors": [
        {"id": "north", "name": "North", "kind": "state"},
        {"id": "envoy", "name": "Envoy", "kind": "person", "speaks_for": "north"},
        {"id": "daily", "name": "Daily", "kind": "medium"},
        {"id": "south", "name": "South", "kind": "state"},
    ],
    "issues": [
        {"id": "border", "question": "Where?", "scale": {0: "river", 200: "ridge"}},
        {"id": "venue", "question": "Where?", "kind": "nominal", "scale": {"here": "here", "there": "there"}},
    ],
    "stands": {
        "north": {
            "border": {"position": "derived", "salience": 0.5},
            "venue": {"position": "derived", "salience": 0.5},
        }
    },
    "capability": {"north": 1},
}


def statement(number: int, mode: str, *, speaker: str = "north", tellers=(), issue="border", **about) -> dict:
    return {
        "id": f"s{number}",
        "source": "paper",
        "speaker": speaker,
        "tellers": list(tellers),
        "mode": mode,
        "kind": "position",
        "about": {"actor": "north", "issue": issue, **about},
        "gloss": "what is said",
    }


def case(*statements: dict) -> CaseFile:
    tree = copy.deepcopy(TREE)
    tree["statements"] = list(statements)
    return CaseFile.model_validate(tree)


def test_a_quotation_stands_as_it_is() -> None:
    made = case(statement(1, "quote", value=40))
    assert derived_position(made, "north", made.issue["border"]) == Point(40.0)


@pytest.mark.parametrize("mode", ["indirect", "narration", "hearsay", "commentary"])
def test_a_report_is_widened_by_its_mode(mode) -> None:
    made = case(statement(1, mode, speaker="envoy", value=100))
    by = RELIANCE[mode].widening * 200
    assert derived_position(made, "north", made.issue["border"]) == Triangular(100 - by, 100.0, 100 + by)


def test_widening_stops_at_the_ends_of_the_scale() -> None:
    made = case(statement(1, "hearsay", value=0))
    assert derived_position(made, "north", made.issue["border"]).low == 0.0


def test_each_teller_and_a_foreign_voice_weaken_an_account() -> None:
    made = case(
        statement(1, "quote", value=40),
        statement(2, "quote", tellers=["daily"], value=40),
        statement(3, "quote", speaker="author", value=40),
    )
    own, told, foreign = accounts(made, "north", "border")
    assert told.weight == own.weight * PER_TELLER.weight
    assert foreign.weight == own.weight * BY_ANOTHER.weight
    assert (told.widening, foreign.widening) == (PER_TELLER.widening, BY_ANOTHER.widening)


def test_two_accounts_stay_two_accounts() -> None:
    made = case(statement(1, "quote", value=0), statement(2, "quote", value=200))
    position = derived_position(made, "north", made.issue["border"])
    assert isinstance(position, Mixture)
    assert set(position.quantile(np.linspace(0.01, 0.99, 50))) == {0.0, 200.0}


def test_options_share_the_weight_of_their_statements() -> None:
    made = case(
        statement(1, "quote", issue="venue", option="here"),
        statement(2, "hearsay", issue="venue", option="there"),
    )
    chances = derived_choice(made, "north", made.issue["venue"])
    assert chances == pytest.approx({"here": 1 / 1.4, "there": 0.4 / 1.4})


def test_words_of_one_who_speaks_for_the_actor_count_as_its_own() -> None:
    made = case(
        {
            **statement(1, "quote", speaker="envoy", value=40),
            "about": {"actor": "envoy", "issue": "border", "value": 40},
        }
    )
    assert [account.statement for account in accounts(made, "north", "border")] == ["s1"]


def test_the_stand_names_the_statements_it_is_derived_from() -> None:
    made = case(statement(1, "quote", value=40), statement(2, "quote", issue="venue", option="here"))
    stand = resolved(made)[0]
    assert (stand.origin, stand.position_backing.evidence) == ("derived", ("s1",))


def test_the_table_of_the_design_is_the_rule() -> None:
    design = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([×\d. ]+) \| ([+\d ]+) % \|$", design, flags=re.MULTILINE)
    told = {what: (float(weight.lstrip("× ")), float(by.lstrip("+ ")) / 100) for what, weight, by in rows}
    *modes, teller, another = told.values()
    assert dict(zip(told, modes, strict=False)) == {mode: tuple(RELIANCE[mode]) for mode in RELIANCE}
    assert (teller, another) == (tuple(PER_TELLER), tuple(BY_ANOTHER))
