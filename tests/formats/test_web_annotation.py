"""Web Annotations: every field comes back; places are found again by a ladder, and never in silence."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_codings import document_of, outgoing_of, read_or_refused

from westphalia.dossier.anchors import make_span
from westphalia.dossier.schema import Statement
from westphalia.errors import FileError
from westphalia.formats.known import format_of
from westphalia.formats.web_annotation import read_web_annotation
from westphalia.formats.web_annotation_writing import write_web_annotation

TEXT = "😀 “Never,” said the north 🇺🇦, but café talk goes on.\nThe south wants half of it. Never mind.\n"


def made(name: str, words: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    at = text.index(words)
    span = make_span(text, at, at + len(words)).model_dump(exclude_none=True)
    return {
        "id": name,
        "source": "report",
        "span": span,
        "speaker": "north",
        "mode": "quote",
        "kind": "demand",
        "gloss": {"en": "What it <b>says</b>.", "de": "Was es sagt."},
        **more,
    }


STATEMENTS = [
    made(
        "s1",
        "“Never,”",
        about=[{"actor": "north", "issue": "border", "value": {"low": 80, "mode": 90, "high": 100}}],
        tellers=["south"],
        addressee=["south"],
        date={"at": "2025-02", "relation": "before", "event": "call"},
        contradicts=["s2"],
        coder="First reader",
        loaded=[{"span": {"start": 3, "end": 8}, "note": "Loaded."}],
    ),
    made("s2", "The south wants half of it.", speaker="author", mode="commentary", kind="evaluation"),
    {
        "id": "s3",
        "source": "report",
        "speaker": "south",
        "mode": "hearsay",
        "kind": "fact",
        "gloss": "Heard.",
    },
]


def written(folder: Path, statements=STATEMENTS, text: str = TEXT, *, with_words: bool = False) -> Path:
    path = folder / "made.jsonld"
    write_web_annotation(outgoing_of(folder, {"report": text}, statements), path, with_words=with_words)
    return path


def normal(statements) -> list[dict[str, Any]]:
    return [Statement.model_validate(one).model_dump(mode="json", exclude_none=True) for one in statements]


@pytest.mark.parametrize("with_words", [False, True])
@pytest.mark.parametrize("texts", [None, {"report": TEXT}])
def test_every_field_comes_back(tmp_path, with_words, texts):
    path = written(tmp_path, with_words=with_words)
    assert format_of(path).id == "web-annotation"
    imported = read_web_annotation(path, texts=texts)
    case = document_of(imported, tmp_path).case
    assert normal(case.statements) == normal(STATEMENTS)
    assert case.issue["border"].ends == (0, 100)
    assert case.actor["south"].kind == "state"
    assert [event.id for event in case.events] == ["call"]
    assert ("case.words.json" in imported.beside) is with_words


def test_words_are_written_only_where_asked(tmp_path):
    assert "Never" not in written(tmp_path).read_text()
    quoted = json.loads(written(tmp_path, with_words=True).read_text())["first"]["items"][0]
    assert quoted["target"]["selector"] == [
        {"type": "TextPositionSelector", "start": 2, "end": 10},
        {
            "type": "TextQuoteSelector",
            "exact": "“Never,”",
            "prefix": "😀 ",
            "suffix": " said the north 🇺🇦, but café ",
        },
    ]


LETTERS = "aé e\u0301\u0308😀🇺🇦\n.,\u200d가ﬁ<&>\"'"


@given(st.text(st.sampled_from(LETTERS), min_size=3, max_size=40), st.data())
@settings(max_examples=50, deadline=None)
def test_any_stretch_of_any_text_survives(letters, data):
    text = unicodedata.normalize("NFC", f"A {letters} z")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = made("s1", "A", text, span=make_span(text, start, end).model_dump(exclude_none=True))
    with tempfile.TemporaryDirectory() as name:
        for with_words in (False, True):
            path = written(Path(name), [one], text, with_words=with_words)
            for texts in (None, {"report": text}):
                tree = read_web_annotation(path, texts=texts).tree
                assert tree["statements"][0]["span"] == one["span"]


# --- the ladder ----------------------------------------------------------------------------------


def foreign(folder: Path, *selectors: dict[str, Any], **more: Any) -> Path:
    annotation = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "creator": {"name": "A reader"},
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": "peace"},
            {"type": "TextualBody", "value": "A <i>note</i>."},
        ],
        "target": {"source": "https://example.org/report", "selector": list(selectors)},
        **more,
    }
    path = folder / "foreign.json"
    path.write_text(json.dumps(annotation))
    return path


def position(start: int, end: int) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def quote(exact: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def placed(path: Path, text: str) -> tuple[str | None, str, str]:
    """Return the words at the span (None without), the note, and what was told of it."""
    imported = read_web_annotation(path, texts={"https://example.org/report": text})
    one = imported.tree["statements"][0]
    span = one.get("span")
    words = text[span["start"] : span["end"]] if span else None
    return words, one.get("note", ""), " ".join([*imported.account.changed, *imported.account.carried])


def test_an_annotation_of_another_program_says_no_more_than_it_does(tmp_path):
    imported = read_web_annotation(foreign(tmp_path, position(11, 15), quote("half")))
    one = document_of(imported, tmp_path).case.statements[0]
    assert (one.speaker, one.mode, one.kind, one.coder) == ("author", "narration", "fact", "A reader")
    assert str(one.gloss) == "tag: peace; A <i>note</i>."
    source = imported.tree["sources"][0]
    assert source["url"] == "https://example.org/report"
    assert any("No text was at hand" in told for told in imported.account.not_carried)


def test_exact_where_the_words_stand_at_the_place(tmp_path):
    words, note, told = placed(foreign(tmp_path, position(4, 8), quote("half")), "The half and the half.")
    assert (words, note) == ("half", "")
    assert "In the texts at hand exact: 1." in told


def test_moved_where_they_stand_once_or_their_context_does(tmp_path):
    words, _, told = placed(foreign(tmp_path, position(4, 8), quote("half")), "Now, the half of it.")
    assert words == "half"
    assert "'annotation-1' was moved" in told
    text = "One half is theirs, the other half is ours."
    path = foreign(tmp_path, position(90, 94), quote("half", "the other ", " is ours"))
    words, _, told = placed(path, text)
    assert words == "half"
    assert "stand at [30, 34]" in told


def test_places_in_other_units_are_moved_not_trusted(tmp_path):
    text = "😀😀 The half of it."
    words, _, told = placed(foreign(tmp_path, position(9, 13), quote("half")), text)
    assert words == "half"
    assert "was moved" in told


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("One half is theirs, one half is ours.", "to review"),
        ("On their behalf.", "to review"),
        ("Nothing of the kind.", "lost"),
    ],
)
def test_what_is_not_certain_keeps_its_old_place(tmp_path, text, state):
    path = foreign(tmp_path, position(100, 104), quote("half"))
    _, note, told = placed(path, text)
    span = read_web_annotation(path, texts={"https://example.org/report": text}).tree["statements"][0]["span"]
    assert (span["start"], span["end"]) == (100, 104)
    assert state in told
    assert note.startswith(f"On import {state}")


def test_a_place_without_words_is_for_a_person(tmp_path):
    _, note, _ = placed(foreign(tmp_path, position(0, 3)), "One half.")
    assert note.startswith("On import to review")


def test_a_quotation_in_another_form_of_unicode_is_found(tmp_path):
    words, _, _ = placed(foreign(tmp_path, quote("cafe\u0301\r\ntalk")), "Oh, café\ntalk!")
    assert words == "café\ntalk"


# --- what is refused -----------------------------------------------------------------------------


AT = '{"target": {"source": "urn:a", "selector": {"type": "TextPositionSelector", '
QUOTED = AT.replace("Position", "Quote")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "bad-json"),
        ("[" * 5000, "too-deep"),
        ('{"a": 1, "a": 2}', "bad-json"),
        ("[]", "no-annotation"),
        ('{"type": "Annotation", "target": 5}', "no-source"),
        ('{"type": "Annotation", "target": ["urn:a", "urn:b"]}', "several-targets"),
        (AT + '"start": 5, "end": 5}}}', "bad-place"),
        (AT + '"start": 1e99, "end": 2}}}', "bad-place"),
        (AT + '"start": 1}}}', "missing-key"),
        (QUOTED + '"exact": 5}}}', "bad-quote"),
        (QUOTED + '"exact": "\\ud83d"}}}', "bad-quote"),
        (
            '{"target": "urn:a", "body": {"westphalia:statement": {"id": "s1", "mode": "shouted"}}}',
            "bad-statement",
        ),
    ],
)
def test_damaged_files_are_refused_with_the_place(tmp_path, content, code):
    path = tmp_path / "damaged.json"
    path.write_text(content)
    with pytest.raises(FileError) as refused:
        read_web_annotation(path)
    assert refused.value.code == code
    assert "damaged.json" in refused.value.where


def test_ties_to_what_is_not_there_are_cut_and_told(tmp_path):
    one = made("s1", "“Never,”", supports=["s9"], refers_to="elsewhere", about=[{"actor": "east"}])
    imported = read_web_annotation(written(tmp_path, [one]))
    back = document_of(imported, tmp_path).case
    assert back.statements[0].supports == ()
    assert back.statements[0].refers_to is None
    assert back.actor["east"].name.into("en") == "east"
    assert any(told.endswith("not in the file: 2.") for told in imported.account.not_carried)


def test_hostile_records_are_not_taken(tmp_path):
    path = written(tmp_path)
    content = json.loads(path.read_text())
    content["westphalia"]["issues"] = [
        {"id": "border", "question": "?", "kind": "continuous", "scale": {"nan": "x"}}
    ]
    content["westphalia"]["actors"] = [{"id": "../up", "name": "x", "kind": "state"}, "text", None]
    path.write_text(json.dumps(content))
    case = document_of(read_web_annotation(path), tmp_path).case
    assert case.issue["border"].ends == (80, 100)
    assert set(case.actor) == {"north", "south"}


def test_a_scale_that_does_not_hold_what_was_coded_is_not_taken(tmp_path):
    sides = [("s1", {"actor": "north", "value": 250}), ("s2", {"actor": "south", "value": -5})]
    statements = [made(name, "Never", about=[{"issue": "border", **side}]) for name, side in sides]
    case = document_of(read_web_annotation(written(tmp_path, statements)), tmp_path).case
    assert case.issue["border"].ends == (-5, 250)
    options = [
        made(name, "Never", about=[{"actor": "north", "issue": "seat", "option": "geneva"}]) for name in "ab"
    ]
    case = document_of(read_web_annotation(written(tmp_path, options)), tmp_path).case
    assert case.issue["seat"].options == ("geneva", "other", "none")


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_with_one_letter_changed_is_read_or_refused(data):
    with tempfile.TemporaryDirectory() as name:
        path = written(Path(name), with_words=True)
        letters = list(path.read_text())
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(letters) - 1))
            letters[at] = data.draw(st.sampled_from('{}[]",:0-9eE\\ axZ😀'))
        path.write_text("".join(letters))
        read_or_refused(lambda: document_of(read_web_annotation(path, texts={"report": TEXT}), Path(name)))
