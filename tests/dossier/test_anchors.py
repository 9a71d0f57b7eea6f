"""Spans are found again exactly, or not at all: nothing is attached anew in silence."""

from __future__ import annotations

import time
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from westphalia.dossier.anchors import (
    Anchored,
    anchor,
    anchor_all,
    in_context,
    locate,
    make_span,
    spans_of,
)
from westphalia.dossier.schema import Span, Statement
from westphalia.errors import CallError

WORDS = st.sampled_from(
    [
        "Krieg",
        "peace",
        "„Nie",
        "wieder.“",
        '"So',
        'sei es."',
        "Grenzen",
        "é",
        "e\u0301",
        "🕊️",
        "J. D.",
        "am 3. Mai",
    ]
)
GLUE = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", ". ", "! ", "\ufeff", "\t", "\u00a0", "…"])
PIECES = st.one_of(WORDS, GLUE, st.text(max_size=6))
TEXTS = st.lists(PIECES, min_size=1, max_size=30).map("".join).filter(bool)


@st.composite
def coded(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return text, start, end


def hash_of(words: str) -> str:
    return sha256(words.encode("utf-8")).hexdigest()[:16]


def assert_honest(found: Anchored, span: Span, text: str) -> None:
    if found.state in ("exact", "moved"):
        assert found.start is not None
        assert found.end is not None
        assert hash_of(text[found.start : found.end]) == span.words
    else:
        assert (found.start, found.end) == (None, None)
    assert bool(found.candidates) == (found.state == "to-review")
    assert all(0 <= one.start < one.end <= len(text) for one in found.candidates)
    assert found.reason


@given(coded())
def test_a_span_is_exact_in_its_own_text(case: tuple[str, int, int]) -> None:
    text, start, end = case
    span = make_span(text, start, end)
    assert span.words == hash_of(text[start:end])
    found = anchor(span, text)
    assert (found.state, found.start, found.end) == ("exact", start, end)


@given(coded(), TEXTS)
def test_text_put_before_moves_a_span_whose_words_are_unique(
    case: tuple[str, int, int], inserted: str
) -> None:
    text, start, end = case
    span, new, words = make_span(text, start, end), inserted + text, text[start:end]
    places = [at for at in range(len(new)) if new.startswith(words, at)]
    assume(start not in places)
    found = anchor(span, new)
    assert_honest(found, span, new)
    if len(places) == 1:
        assert (found.state, found.start) == ("moved", start + len(inserted))
    else:
        assert found.state == "to-review"
        assert {one.start for one in found.candidates} <= set(places)


@given(coded())
def test_words_that_are_gone_are_never_found(case: tuple[str, int, int]) -> None:
    text, start, end = case
    span, new = make_span(text, start, end), text[:start] + text[end:]
    assume(text[start:end] not in new)
    found = anchor(span, new)
    assert found.state in ("to-review", "lost")
    assert_honest(found, span, new)


@given(coded(), TEXTS)
def test_in_any_other_text_the_answer_is_honest(case: tuple[str, int, int], other: str) -> None:
    text, start, end = case
    span = make_span(text, start, end)
    assert_honest(anchor(span, other), span, other)


TEXT = (
    "Am Montag kam der Vorschlag. Die Ministerin sagte, die Grenze bleibe offen. "
    "Niemand widersprach ihr an diesem Tag. Danach reisten alle ab."
)
START = TEXT.index("Die Ministerin")
END = START + len("Die Ministerin sagte, die Grenze bleibe offen")


def test_the_fields_of_a_span() -> None:
    span = make_span(TEXT, START, END)
    assert span.sentence == 1
    assert span.words == hash_of("Die Ministerin sagte, die Grenze bleibe offen")
    assert span.first == hash_of("Die Ministerin sagte,")[:8]
    assert span.last == hash_of("Grenze bleibe offen")[:8]
    assert span.before == hash_of("Am Montag kam der Vorschlag.")[:8]
    assert span.after == hash_of("Niemand widersprach ihr an diesem Tag.")[:8]
    whole = make_span(TEXT, 0, len(TEXT))
    assert (whole.before, whole.after) == (None, None)


def test_a_sentence_put_in_moves_the_span() -> None:
    new = TEXT.replace("Die Min", "Es regnete. Die Min")
    found = anchor(make_span(TEXT, START, END), new)
    assert (found.state, found.start) == ("moved", START + len("Es regnete. "))


def test_the_same_words_twice_are_to_review_and_the_right_neighbours_come_first() -> None:
    new = "Die Ministerin sagte, die Grenze bleibe offen. So war es. " + TEXT
    found = anchor(make_span(TEXT, START, END), new)
    assert found.state == "to-review"
    assert [one.start for one in found.candidates] == [START + 58, 0]
    assert "sentence before" in found.candidates[0].grounds


@pytest.mark.parametrize(
    ("old", "new", "ground"),
    [
        ("sagte, die Grenze", "sagte, eine Grenze", "last words"),
        ("Ministerin sagte, die Grenze bleibe offen", "Ministerin sagte, alles werde gut", "first words"),
        ("Die Ministerin sagte, die Grenze bleibe offen", "Er schwieg", "sentence after"),
    ],
)
def test_changed_words_are_to_review_where_their_surroundings_point(old: str, new: str, ground: str) -> None:
    changed = TEXT.replace(old, new)
    found = anchor(make_span(TEXT, START, END), changed)
    assert found.state == "to-review"
    assert found.candidates[0].start == START
    assert ground in found.candidates[0].grounds


def test_a_changed_passage_of_two_sentences_is_proposed_as_a_whole() -> None:
    end = TEXT.index(" Danach")
    changed = TEXT.replace(TEXT[START:end], "Alle schwiegen. Nichts geschah.")
    found = anchor(make_span(TEXT, START, end), changed)
    best = found.candidates[0]
    assert changed[best.start : best.end] == "Alle schwiegen. Nichts geschah."


def test_a_sentence_taken_out_between_its_neighbours_is_lost() -> None:
    found = anchor(make_span(TEXT, START, END + 1), TEXT[:START] + TEXT[END + 2 :])
    assert found.state == "lost"
    assert found.reason == "Neither the words nor their edges or neighbours are there."


def test_a_span_without_hash_is_never_more_than_to_review() -> None:
    found = anchor(Span(start=0, end=9), TEXT)
    assert found.state == "to-review"
    assert "no hash" in found.reason
    assert anchor(Span(start=0, end=900), TEXT).state == "lost"


def test_a_span_with_the_hash_of_its_words_alone_is_found() -> None:
    span = Span(start=0, end=END - START, words=make_span(TEXT, START, END).words)
    assert anchor(span, TEXT).start == START


def test_a_span_inside_a_word_is_found() -> None:
    start = TEXT.index("inisterin")
    found = anchor(make_span(TEXT, start, start + 9), "Neu. " + TEXT)
    assert (found.state, found.start) == ("moved", start + 5)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, len(TEXT) + 1)])
def test_a_stretch_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(CallError, match="does not lie within the text"):
        make_span(TEXT, start, end)


def statement(**more: object) -> Statement:
    given_ = {
        "id": "s1",
        "source": "r",
        "speaker": "a",
        "mode": "quote",
        "kind": "fact",
        "gloss": "G",
        **more,
    }
    return Statement.model_validate(given_)


def test_all_spans_of_a_statement_are_anchored() -> None:
    span = make_span(TEXT, START, END)
    one = statement(
        span=span, date={"at": "2025", "words": make_span(TEXT, 0, 9)}, loaded=[{"span": [5, 9], "note": "N"}]
    )
    assert [part for part, _ in spans_of(one)] == ["span", "date.words", "loaded.0.span"]
    found = anchor_all([one, statement(id="s2", source="elsewhere", span=span)], {"r": TEXT})
    assert {part: one.state for part, one in found["s1"].items()} == {
        "span": "exact",
        "date.words": "exact",
        "loaded.0.span": "to-review",
    }
    assert "s2" not in found


def test_context_is_cut_at_words() -> None:
    before, words, after = in_context(TEXT, make_span(TEXT, START, END), width=12)
    assert words == TEXT[START:END]
    assert before == " Vorschlag. "
    assert after == ". Niemand "
    assert in_context(TEXT, make_span(TEXT, START, END), width=500) == (TEXT[:START], words, TEXT[END:])
    lost = Anchored("lost", None, None, (), "gone")
    with pytest.raises(CallError, match="no place in the text"):
        in_context(TEXT, lost)


def test_pasted_words_are_located() -> None:
    text = "Er sagte: „Nie\n wieder – nie.“ Und: „Nie wieder – nie.“"
    assert [span.start for span in locate(text, "„Nie wieder – nie.“")] == [text.rindex("„")]
    assert [span.start for span in locate(text, '"Nie wieder - nie."', alike=True)] == [
        text.index("„"),
        text.rindex("„"),
    ]
    assert locate(text, "Immer") == []
    with pytest.raises(CallError, match="no words to look for"):
        locate(text, " ")


@pytest.mark.parametrize("unit", ["x", "a b c ", "Ein Satz. ", "\n"])
def test_a_long_dull_text_does_not_stall_the_search(unit: str) -> None:
    text = unit * (120_000 // len(unit))
    span = make_span(text + "z", 0, len(text) // 2).model_copy(update={"words": "0" * 16})
    begin = time.process_time()
    assert anchor(span, text).state in ("to-review", "lost")
    assert time.process_time() - begin < 10
