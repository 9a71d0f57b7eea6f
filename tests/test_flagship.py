"""The flagship case: sound in itself, complete, and true to its text wherever the text is at hand.

The text may not be passed on. The tests at the end need it: set WESTPHALIA_SOURCES to the folder that
holds it; without, they are skipped.
"""

from __future__ import annotations

import hashlib
import os
import re
import typing
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pydantic
import pytest
from ruamel.yaml import YAML

from westphalia.case.derive import accounts
from westphalia.case.document import read
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile, Issue
from westphalia.dossier.anchors import make_span
from westphalia.dossier.schema import AUTHOR, Kind, Mode, Span, Statement
from westphalia.fields import Quantity, Text

ROOT = Path(__file__).parents[1]
CASE = ROOT / "cases" / "ukraine-2025-02" / "case.yaml"
COPIES = 6
"""So many words in a row, shared with the source, count as copied."""
CROSS_REFERENCE = "Trumps Deals: Rohstoffe für Waffen"
"""Title of the article that the report refers to; a title may be named."""


@pytest.fixture(scope="module")
def case() -> CaseFile:
    with CASE.open(encoding="utf-8") as file:
        return CaseFile.model_validate(YAML(typ="safe", pure=True).load(file))


@pytest.fixture(scope="module")
def text(case: CaseFile) -> str:
    folder = os.environ.get("WESTPHALIA_SOURCES")
    if not folder:
        pytest.skip("the report's text is not part of the project; WESTPHALIA_SOURCES names its folder")
    file = Path(folder) / str(case.source["commentary"].file)
    if not file.is_file():
        pytest.skip(f"there is no {file.name} in WESTPHALIA_SOURCES")
    return unicodedata.normalize("NFC", file.read_bytes().decode("utf-8").replace("\r\n", "\n"))


def models(value: object, path: str = "case") -> Iterator[tuple[str, pydantic.BaseModel]]:
    """Yield every model in the tree with its path."""
    if isinstance(value, pydantic.BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from models(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from models(item, f"{path}.{key}")
    elif isinstance(value, tuple | list):
        for at, item in enumerate(value):
            yield from models(item, f"{path}.{at}")


def linked(case: CaseFile, first: Statement, second: Statement) -> bool:
    return second.id in first.contradicts or first.id in second.contradicts


# --- the file by itself --------------------------------------------------------------------------


def test_the_check_finds_no_fault() -> None:
    codes = {finding.code for finding in read(CASE).warnings}
    assert not codes & {"no-backing", "evidence-contradicts", "no-reversion", "no-span", "no-date"}


def test_the_report_is_coded_in_full(case: CaseFile) -> None:
    assert len(case.statements) >= 95
    assert {statement.mode for statement in case.statements} == set(typing.get_args(Mode))
    assert {statement.kind for statement in case.statements} == set(typing.get_args(Kind))


def test_ids_are_unique_and_numbered_in_the_order_of_the_text(case: CaseFile) -> None:
    assert [s.id for s in case.statements] == [f"s{n:03d}" for n in range(1, len(case.statements) + 1)]
    starts = [s.span.start for s in case.statements if s.span is not None]
    assert len(starts) == len(case.statements)
    assert starts == sorted(starts)
    for group in (case.actors, case.issues, case.sources, case.events, case.moves, case.commitments):
        names = [item.id for item in group]
        assert len(names) == len(set(names))


def test_spans_lie_in_the_text_and_carry_their_hashes(case: CaseFile) -> None:
    length = case.source["commentary"].characters
    assert length == 4211
    spans = [(path, model) for path, model in models(case) if isinstance(model, Span)]
    assert all(span.end <= length for _, span in spans)
    assert [path for path, span in spans if span.words is None] == []
    for statement in case.statements:
        assert statement.span is not None
        assert None not in (statement.span.sentence, statement.span.first, statement.span.last), statement.id


def test_every_name_resolves(case: CaseFile) -> None:
    events = {event.id for event in case.events}
    actors, issues, statements = set(case.actor), set(case.issue), set(case.statement)
    breakable = statements | {commitment.id for commitment in case.commitments}
    for s in case.statements:
        assert {s.speaker, *s.tellers} <= actors | {AUTHOR}, s.id
        assert set(s.addressee) <= actors, s.id
        assert {s.source, s.refers_to} - {None} <= set(case.source), s.id
        assert {*s.supports, *s.contradicts} <= statements - {s.id}, s.id
        assert set(s.breaks) <= breakable, s.id
        assert {about.actor for about in s.about} - {None} <= actors, s.id
        assert {about.issue for about in s.about} - {None} <= issues, s.id
        assert {about.event for about in s.about} - {None} <= events, s.id
    for path, model in models(case):
        assert set(getattr(model, "evidence", ())) <= statements, path
        assert {getattr(model, "event", None)} - {None} <= events, path


def test_every_number_names_evidence_or_an_assumption(case: CaseFile) -> None:
    quantities = [(path, model) for path, model in models(case) if isinstance(model, Quantity)]
    quantities += [(f"{issue.id}.reversion", issue.reversion) for issue in case.issues if issue.reversion]
    assert len(quantities) > 50
    assert [path for path, quantity in quantities if not quantity.is_backed] == []
    for actor, stands in case.stands.items():
        for issue, stand in stands.items():
            told = (
                bool(accounts(case, actor, issue)) if stand.position.is_derived else stand.position.is_backed
            )
            assert told, f"{actor} on {issue}"


def test_both_ways_to_set_a_position_occur(case: CaseFile) -> None:
    ways = {stand.position.is_derived for stands in case.stands.values() for stand in stands.values()}
    assert ways == {True, False}


def test_every_issue_says_what_its_points_mean(case: CaseFile) -> None:
    asked = {"territory", "burden", "seat", "resources", "guarantees", "venue", "timing"}
    assert asked <= set(case.issue)
    assert {issue.kind for issue in case.issues} == {"continuous", "ordered", "nominal"}

    def is_range(issue: Issue) -> bool:
        return issue.reversion is not None and issue.reversion.value.low < issue.reversion.value.high

    assert all(is_range(issue) for issue in case.issues if issue.kind != "nominal")


def test_every_text_for_readers_is_in_both_languages(case: CaseFile) -> None:
    for path, model in models(case):
        if isinstance(model, Text) and set(model.by_language) != {"en", "de"}:
            assert str(model) in (CROSS_REFERENCE, "Wall Street Journal", "Paris"), path
    assert all(set(s.gloss.by_language) == {"en", "de"} for s in case.statements)


def test_the_two_accounts_of_the_venue_contradict_one_another(case: CaseFile) -> None:
    named = {about.option: s for s in case.statements for about in s.about if about.issue == "venue"}
    assert set(named) == {"saudi-arabia", "moscow"}
    first, second = named["saudi-arabia"], named["moscow"]
    assert (first.speaker, second.speaker) == ("trump", "putin")
    assert first.contradicts.count(second.id) == second.contradicts.count(first.id) == 1


def test_members_of_one_government_diverge_and_widen_its_position(case: CaseFile) -> None:
    told = [(s, about) for s in case.statements for about in s.about if about.issue == "guarantees"]
    hegseth = next(s for s, about in told if s.speaker == "hegseth" and about.value)
    vance = next(s for s, about in told if s.speaker == "vance" and about.value)
    assert linked(case, hegseth, vance)
    assert case.stands["usa"]["guarantees"].position.is_derived
    of = [a.value for a in accounts(case, "usa", "guarantees") if a.value]
    assert min(value.low for value in of) == 0
    assert max(value.high for value in of) == 100


def test_words_of_the_year_before_are_broken(case: CaseFile) -> None:
    for commitment in case.commitments:
        for breaker in commitment.broken_by:
            assert commitment.id in case.statement[breaker].breaks
    assert (
        case.statement[next(c for c in case.commitments if c.id == "accords-2024").broken_by[0]].mode
        == "quote"
    )
    german = next(c for c in case.commitments if c.id == "german-accord")
    assert german.term is not None
    assert german.term.years == 10


def test_persons_have_no_weight_beside_their_principal(case: CaseFile) -> None:
    speaking = {actor.id for actor in case.actors if actor.speaks_for}
    assert speaking
    assert not speaking & (set(case.capability) | set(case.stands))


def test_dates_keep_their_precision_and_say_what_is_inferred(case: CaseFile) -> None:
    for s in case.statements:
        assert s.date is not None, s.id
        if s.date.at and s.date.at.count("-") == 2:
            assert s.date.inferred, f"{s.id}: the report states no day"
        if s.date.relation:
            assert s.date.event, s.id


def test_labels_of_the_author_stay_out_of_the_stands(case: CaseFile) -> None:
    """No stand may rest on a statement whose only content is a label."""
    cited = {e for stands in case.stands.values() for stand in stands.values() for e in _cited(stand)}
    labels = {
        s.id
        for s in case.statements
        if s.mode == "commentary" and s.kind == "evaluation" and len(s.loaded) == 1
    }
    only_labels = {name for name in labels if _is_label(case.statement[name])}
    assert only_labels
    assert not cited & only_labels


def _cited(stand: pydantic.BaseModel) -> set[str]:
    return {name for _, model in models(stand) for name in getattr(model, "evidence", ())}


def _is_label(statement: Statement) -> bool:
    span, loaded = statement.span, statement.loaded[0].span
    return span is not None and (loaded.end - loaded.start) / (span.end - span.start) > 0.5


def test_the_case_gives_inputs_to_the_methods(case: CaseFile) -> None:
    inputs = build(case)
    central = inputs.central
    assert central.sizes["issue"] == 6
    assert {"usa", "russia", "ukraine"} <= set(central.actor.values[central.is_required.values])
    assert list(inputs.options) == ["venue"]
    held = central.has_stand
    inside = (central.position >= central.scale_low) & (central.position <= central.scale_high)
    assert bool(inside.where(held, other=True).all())


# --- against the text ----------------------------------------------------------------------------


def words_of(written: str) -> list[str]:
    return re.findall(r"\w+", written.lower())


def runs(written: str, length: int) -> set[tuple[str, ...]]:
    words = words_of(written)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_the_text_is_the_one_that_was_coded(case: CaseFile, text: str) -> None:
    source = case.source["commentary"]
    assert len(text) == source.characters
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == source.sha256
    assert text[0] == " "


def test_every_span_holds_the_words_that_were_coded(case: CaseFile, text: str) -> None:
    for statement in case.statements:
        assert statement.span == make_span(text, statement.span.start, statement.span.end), statement.id
    for path, model in models(case):
        if isinstance(model, Span):
            assert model.words == make_span(text, model.start, model.end).words, path


def test_spans_begin_and_end_at_the_edge_of_words(case: CaseFile, text: str) -> None:
    padded = f" {text} "
    for statement in case.statements:
        start, end = statement.span.start, statement.span.end
        assert text[start:end] == text[start:end].strip(), statement.id
        for edge in (start, end):
            before, after = padded[edge], padded[edge + 1]
            assert not (before.isalnum() and after.isalnum()), statement.id


def test_most_of_the_text_is_coded(case: CaseFile, text: str) -> None:
    covered = {at for s in case.statements for at in range(s.span.start, s.span.end)}
    letters = [at for at, character in enumerate(text) if character.isalnum()]
    assert len(covered.intersection(letters)) / len(letters) > 0.95


@pytest.mark.parametrize("path", [CASE, ROOT / "docs" / "flagship.md"], ids=lambda path: path.name)
def test_nothing_is_copied_from_the_text(text: str, path: Path) -> None:
    written = path.read_text(encoding="utf-8").replace(CROSS_REFERENCE, "")
    assert runs(written, COPIES - 1) & runs(text, COPIES - 1) == set()


def test_no_gloss_repeats_the_text(case: CaseFile, text: str) -> None:
    known = runs(text, COPIES)
    for statement in case.statements:
        for gloss in statement.gloss.by_language.values():
            assert not runs(gloss, COPIES) & known, statement.id
