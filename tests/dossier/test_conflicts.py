"""Statements that may not agree: each sort on a small example, and on the flagship."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from westphalia.dossier.conflicts import Disagreement, conflicts, disagreements
from westphalia.dossier.proposals import Conflict
from westphalia.dossier.schema import Statement

CASE = Path(__file__).parents[2] / "cases" / "ukraine-2025-02" / "case.yaml"
PRINCIPALS = {"minister": "state", "general": "state", "envoy": "other"}


def statement(name: str, speaker: str, kind: str = "position", **more: Any) -> Statement:
    given = {"id": name, "source": "a", "speaker": speaker, "mode": "indirect", "kind": kind, "gloss": "x"}
    return Statement.model_validate({**given, **more})


def stand(value: object, actor: str = "state") -> dict[str, object]:
    return {"actor": actor, "issue": "border", "value": value}


def test_one_event_told_by_two() -> None:
    told = [
        statement("s1", "minister", "offer", about={"event": "call"}),
        statement("s2", "envoy", "fact", about={"event": "call"}),
        statement("s3", "minister", "fact", about={"event": "visit"}),
        statement("s4", "author", "evaluation", about={"event": "call"}),
    ]
    [one] = disagreements(told, PRINCIPALS)
    assert one == Disagreement(("s1", "s2"), "tellers", "call", "possible", "conflict-same-event")


def test_two_members_of_one_party() -> None:
    told = [
        statement("s1", "minister", about=stand({"low": 0, "high": 10})),
        statement("s2", "general", about=stand({"low": 50, "high": 90})),
        statement("s3", "general", about=stand({"low": 55, "high": 95})),
    ]
    found = disagreements(told, PRINCIPALS)
    assert [(one.between, one.sort, one.tier) for one in found] == [
        (("s1", "s2"), "divided party", "sure"),
        (("s1", "s3"), "divided party", "sure"),
    ]


def test_a_word_against_an_earlier_commitment() -> None:
    bond = statement("s1", "state", "commitment", about=stand(0), date="2024")
    late = statement("s2", "state", about=stand(80), date="2025-02")
    early = statement("s3", "state", about=stand(80), date="2023")
    undated = statement("s4", "state", about=stand(80))
    kept = statement("s5", "state", about=stand(0), date="2025-03")
    found = disagreements([bond, late, early, undated, kept], PRINCIPALS)
    assert [(one.between, one.sort, one.tier) for one in found] == [
        (("s1", "s2"), "earlier commitment", "sure"),
        (("s1", "s4"), "earlier commitment", "possible"),
    ]


def test_parties_whose_places_share_nothing() -> None:
    told = [
        statement("s1", "minister", about=stand({"low": 0, "high": 20})),
        statement("s2", "envoy", about=stand({"low": 60, "high": 90}, "other")),
        statement("s3", "envoy", about=stand({"low": 10, "high": 70}, "other")),
    ]
    [one] = disagreements(told, PRINCIPALS)
    assert (one.between, one.sort, one.over) == (("s1", "s2"), "parties", "border")


def test_a_link_that_a_coder_has_drawn_is_known() -> None:
    told = [
        statement("s1", "minister", about={"event": "call"}),
        statement("s2", "envoy", about={"event": "call"}, contradicts="s1"),
    ]
    assert [one.is_linked for one in disagreements(told, PRINCIPALS)] == [True]


def test_proposals_have_spans_of_one_source_that_do_not_overlap() -> None:
    told = [
        statement("s1", "minister", about={"event": "call"}, span=[10, 30]),
        statement("s2", "envoy", about={"event": "call"}, span=[20, 40]),
        statement("s3", "general", about={"event": "call"}, span=[50, 60]),
        statement("s4", "envoy", about={"event": "call"}, span=[0, 5], source="b"),
    ]
    found = disagreements(told, PRINCIPALS)
    made = {one.spans: one.details for one in conflicts(found, told, "a")}
    assert set(made) == {((10, 40),), ((10, 30), (50, 60)), ((20, 40), (50, 60))}
    details = made[((10, 40),)]
    assert isinstance(details, Conflict)
    assert details.between == ((10, 30), (20, 40))
    assert details.why == "the same is told by different tellers: call"


def test_the_flagship() -> None:
    case = YAML(typ="safe").load(CASE.read_text("utf-8"))
    told = [Statement.model_validate(one) for one in case["statements"]]
    principals = {one["id"]: one["speaks_for"] for one in case["actors"] if "speaks_for" in one}
    found = {one.between: one for one in disagreements(told, principals)}
    assert found["s052", "s089"].sort == "divided party"
    assert found["s007", "s010"].sort == "tellers"
    assert found["s008", "s010"].sort == "parties"
    assert found["s062", "s069"].is_linked
    names = {one.id for one in told}
    drawn = {
        frozenset((one.id, other))
        for one in told
        for other in (*one.contradicts, *one.breaks)
        if other in names
    }
    assert len(drawn) == 13
    assert sum(frozenset(pair) in drawn for pair in found) == 5
    assert len(found) == 13


def test_time_grows_with_the_statements() -> None:
    told = [
        statement(f"s{n}", ("minister", "envoy", "general")[n % 3], about=[stand(n % 100), {"event": "call"}])
        for n in range(3000)
    ]
    begin = time.process_time()
    disagreements(told, PRINCIPALS)
    assert time.process_time() - begin < 5
