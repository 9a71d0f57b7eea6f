"""Spans are held against the texts at hand; what drifted is told, nothing is re-attached."""

from __future__ import annotations

from pathlib import Path

import pytest

from westphalia.api import check_case, read
from westphalia.dossier.anchors import make_span
from westphalia.dossier.texts import read_text

WORDS = "The river is our border. „We shall stay“, said the envoy. Nobody asked the south.\n"
CASE = """\
westphalia: 1
id: border
title: Border
question: Which border?
date: 2020
sources:
  - {{id: paper, title: Paper, file: paper.txt, sha256: {sha}, characters: {length}}}
actors:
  - {{id: north, name: North, kind: state}}
  - {{id: south, name: South, kind: state}}
issues:
  - {{id: border, question: Where?, scale: {{0: river, 100: ridge}}, reversion: {{value: 0, evidence: [s1]}}}}
stands:
  north: {{border: {{position: derived, salience: 0.5, assumption: as it says}}}}
  south: {{border: {{position: 100, salience: 0.5, assumption: as it says}}}}
capability: {{north: {{value: 1, assumption: alike}}, south: {{value: 1, assumption: alike}}}}
statements:
  - {{id: s1, source: paper, span: {span}, speaker: north, mode: quote, kind: position, date: 2020,
     about: {{actor: north, issue: border, value: 0}}, gloss: It stays.}}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    text = tmp_path / "paper.txt"
    text.write_text(WORDS, encoding="utf-8")
    read_in = read_text(text)
    start = WORDS.index("We shall stay")
    span = make_span(read_in.text, start, start + len("We shall stay")).model_dump(exclude_none=True)
    flow = (
        "{"
        + ", ".join(
            f"{key}: '{value}'" if isinstance(value, str) else f"{key}: {value}"
            for key, value in span.items()
        )
        + "}"
    )
    file = tmp_path / "case.yaml"
    file.write_text(CASE.format(sha=read_in.sha256, length=len(WORDS), span=flow), encoding="utf-8")
    return file


def codes(case: Path) -> list[str]:
    return [finding.code for finding in check_case(case, sources=case.parent)]


def test_the_text_that_was_coded_gives_no_finding(case: Path) -> None:
    assert codes(case) == []


def test_words_that_moved_are_told_with_their_place(case: Path) -> None:
    (case.parent / "paper.txt").write_text("A new line.\n" + WORDS, encoding="utf-8")
    findings = check_case(case, sources=case.parent)
    assert [finding.code for finding in findings] == ["source-differs", "span-moved"]
    assert findings[1].place.line == next(
        at for at, line in enumerate(case.read_text(encoding="utf-8").splitlines(), 1) if "id: s1" in line
    )
    assert f"[{WORDS.index('We') + 12}, " in findings[1].message


def test_words_that_are_gone_are_never_re_attached(case: Path) -> None:
    (case.parent / "paper.txt").write_text("Something else altogether, told by nobody.\n", encoding="utf-8")
    assert codes(case) == ["source-differs", "span-lost"]


def test_a_missing_text_is_told(case: Path) -> None:
    (case.parent / "paper.txt").unlink()
    assert codes(case) == ["source-missing"]


def test_the_words_are_not_in_the_case(case: Path) -> None:
    assert "We shall stay" not in read(case).document.text
