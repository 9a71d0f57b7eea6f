"""Sentences, paragraphs and headings of German and English texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.sentences import headings, paragraphs, sentences

MARKS = st.sampled_from(
    [
        '"',
        "'",
        "„",
        "“",
        "”",
        "»",
        "«",
        "‚",
        "‘",
        "’",
        ".",
        "!",
        "?",
        "…",
        "\n",
        "\n\n",
        " ",
        "\r\n",
        "\ufeff",
    ]
)
PIECES = st.one_of(st.text(max_size=8), MARKS, st.sampled_from(["z. B.", "J. D.", "am 3. Mai", "é", "🕊️"]))
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(TEXTS)
def test_every_character_but_blanks_lies_in_one_sentence_in_order(text: str) -> None:
    found = sentences(text)
    edges = [edge for stretch in found for edge in stretch]
    assert edges == sorted(edges)
    assert all(start < end for start, end in found)
    covered = [place for start, end in found for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert [p for p in covered if not text[p].isspace()] == [
        p for p, character in enumerate(text) if not character.isspace()
    ]
    assert not any(text[start].isspace() or text[end - 1].isspace() for start, end in found)


@given(TEXTS)
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    around = paragraphs(text)
    for start, end in sentences(text):
        assert sum(begin <= start and end <= finish for begin, finish in around) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Er sprach mit J. D. Vance. Dann ging er.", 2),
        ("Das gilt z. B. für Häfen, u.a. in Odessa. Mehr nicht.", 2),
        ("Am 3. Oktober kam er. Am 4. ging er.", 2),
        ("Der 2. Weltkrieg war vorbei. Es blieb still.", 2),
        ("Sie feierte ihren 40. Geburtstag. Das 11. Forum begann.", 2),
        ("Das war die 296. Folge. Sie wurde 16. – folgte die nächste.", 2),
        ("Der Wagen fährt 400 km / h. Das Gerät wiegt 165 g. Mehr nicht.", 3),
        ("Sie blieb bis 2014. Danach ging sie.", 2),
        ("Dr. Weber vertritt lt. Protokoll die Nr. 5 der Liste. Niemand widersprach.", 2),
        ("„Wir gehen.“ Sie gingen.", 2),
        ("„Wir gehen“. Sie gingen.", 2),
        ('„Wir gehen." Sie gingen.', 2),
        ("»Gehen wir?« fragte sie. Alle nickten.", 2),
        ("« Partons ! » Sie gingen.", 2),
        ("Gen. Miller met Mr. Jones at 5 p.m. yesterday. They parted early.", 2),
        ("“We leave.” She left. ‘So be it.’ He stayed.", 4),
        ("Was nun? Niemand weiß es! Doch …", 3),
        ("Es hieß: (Das bleibt so.) Gut.", 2),
        ("Überschrift ohne Punkt\n\nEin Satz. Noch einer.", 3),
        ("", 0),
        (" \n\n ", 0),
    ],
)
def test_traps(text: str, parts: int) -> None:
    assert len(split(text)) == parts, split(text)


def test_closing_marks_stay_with_the_sentence_they_close() -> None:
    assert split("„Nie wieder.“ Sagte er das?")[0] == "„Nie wieder.“"
    assert split("(So war es.) Und weiter.")[0] == "(So war es.)"


def test_a_wrapped_paragraph_stays_one_where_blank_lines_part_paragraphs() -> None:
    text = "Ein Satz, der\nweitergeht. Noch einer.\n\nEin Absatz."
    assert [text[a:b] for a, b in paragraphs(text)] == [
        "Ein Satz, der\nweitergeht. Noch einer.",
        "Ein Absatz.",
    ]
    assert split(text)[0] == "Ein Satz, der\nweitergeht."


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    assert len(paragraphs("Eins.\nZwei\nDrei")) == 3


def test_headings_stand_alone_and_end_without_full_stop() -> None:
    text = "Was nun?\n\nEin Satz.\n\nAm Vortag\n\n„Ein Zitat“\n\nNoch ein Satz"
    assert [text[a:b] for a, b in headings(text)] == ["Was nun?", "Am Vortag"]


@pytest.mark.parametrize("unit", [".", "a. ", '."', "\n", "1. ", "A.\n", "x"])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    begin = time.process_time()
    sentences(unit * 200_000)
    assert time.process_time() - begin < 5
