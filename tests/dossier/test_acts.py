"""Kinds of acts and loaded wordings: on the flagship's statements, on a report of our own, and speed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.dossier.english import ACTORS, SENTENCES

from westphalia.dossier.acts import acts
from westphalia.dossier.expressions import expressions
from westphalia.dossier.lexicon import entries
from westphalia.dossier.loaded import loaded_words
from westphalia.dossier.mentions import mentions
from westphalia.dossier.newcomers import new_actors
from westphalia.dossier.phrases import Phrases, rows_of
from westphalia.dossier.proposals import Act, Loaded, Mention

CASE = Path(__file__).parents[2] / "cases" / "ukraine-2025-02" / "case.yaml"


def kinds(text: str, language: str, tier: str | None = None) -> set[str]:
    return {
        one.details.act
        for one in acts(text, language)
        if isinstance(one.details, Act) and tier in (None, one.tier)
    }


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Er drohte mit Vergeltung.", "de", "threat"),
        ("Sie bot ihm ein Treffen an.", "de", "offer"),
        ("Er versprach Frieden.", "de", "promise"),
        ("Sie forderten den Abzug.", "de", "demand"),
        ("Die Seiten schlossen ein Abkommen.", "de", "commitment"),
        ("Er lehnt den Plan entschieden ab.", "de", "position"),
        ("Sie kam, um ihn zu sehen.", "de", "motive"),
        ("They vowed revenge.", "en", "promise"),
        ("It rejects the plan.", "en", "position"),
        ("He warned of severe consequences.", "en", "threat"),
    ],
)
def test_plain_words_show_the_kind_surely(text: str, language: str, kind: str) -> None:
    assert kind in kinds(text, language, "sure")


def test_an_agreement_is_a_commitment_and_its_rule_says_so() -> None:
    [one] = acts("Der Vertrag gilt.", "de")
    assert one.rule == "act-agreement-noun"
    assert one.details == Act("commitment", "vertrag")


def test_words_between_end_with_the_sentence() -> None:
    assert "position" in kinds("Er lehnt das alles ab.", "de")
    assert "position" not in kinds("Er lehnt sich an. Ab morgen gilt es.", "de")
    assert kinds("Adroht, Undrohung, bedrohlicher", "de") == {"threat"}


def test_loaded_words_carry_a_note() -> None:
    text = "The regime lied; so-called experts agreed."
    found = loaded_words(text, "en")
    assert [text[one.start : one.end] for one in found] == ["regime", "lied", "so-called"]
    for one in found:
        assert one.tier == "possible"
        assert isinstance(one.details, Loaded)
        assert one.details.note.endswith(".")
    assert {one.start for one in acts(text, "en")} >= {one.start for one in found}


def test_the_kinds_of_the_flagship_are_mostly_proposed() -> None:
    folder = os.environ.get("WESTPHALIA_SOURCES")
    if not folder:
        pytest.skip("WESTPHALIA_SOURCES names no folder with the text, which is not ours to pass on")
    text = (Path(folder) / "report.txt").read_bytes().decode("utf-8")
    coded = [
        (one["kind"], one["span"]["start"], one["span"]["end"])
        for one in YAML(typ="safe").load(CASE.read_text("utf-8"))["statements"]
        if one["kind"] != "fact"
    ]
    found = [
        (one.details.act, one.start, one.end) for one in acts(text, "de") if isinstance(one.details, Act)
    ]

    def fits(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
        return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]

    assert len(coded) == 70
    assert sum(any(fits(act, statement) for act in found) for statement in coded) == 56
    assert sum(any(fits(act, statement) for statement in coded) for act in found) >= 0.65 * len(found)


def test_the_report_of_our_own_shows_its_kinds_and_names_its_actors() -> None:
    for sentence, actors, expected, _ in SENTENCES:
        assert set(expected.split()) <= kinds(sentence, "en"), sentence
        names = [
            one.details.actor
            for one in mentions(sentence, ACTORS)
            if isinstance(one.details, Mention) and one.details.via != "role"
        ]
        assert names == actors.split(), sentence


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["acts", "loaded"])
def test_every_listed_phrase_finds_itself(name: str, language: str) -> None:
    rows = rows_of(entries(name, language))
    phrases = Phrases(listed for _, listed in rows)
    for row, (_, listed) in enumerate(rows):
        for phrase in (part.strip() for part in listed.split(";")):
            text = phrase.replace("*", "").replace("…", "xx")
            assert any(one.row == row and one.end == len(text) for one in phrases.find(text)), phrase


@given(
    st.lists(
        st.sampled_from(["drohte", "er", "lehnt", "ab", ".", "Regime", "-", "muss", "\n", "wenn", "nicht"])
    )
)
def test_spans_lie_within_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    for one in (*acts(text, "de"), *loaded_words(text, "de")):
        assert 0 <= one.start < one.end <= len(text)
        assert one.spans == ((one.start, one.end),)


def test_a_million_characters_take_seconds() -> None:
    text = " ".join(sentence for sentence, *_ in SENTENCES) + "\n\n"
    text *= 1_000_000 // len(text) + 1
    begin = time.process_time()
    mentions(text, ACTORS)
    new_actors(text, ACTORS)
    expressions(text, "en")
    acts(text, "en")
    assert time.process_time() - begin < 20
