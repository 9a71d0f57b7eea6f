"""A text cut into parts, blocks and pieces is the same text, and each statement begins once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.anchors import make_span
from westphalia.dossier.schema import Statement
from westphalia.web.margins import LONGEST_BLOCK, PART, block_at, blocks_of, is_as_coded, part_at, parts

texts = st.text(st.sampled_from("ab 🕊ü\n"), min_size=1, max_size=400).filter(str.strip)


@st.composite
def coded(draw):
    """Return a text and statements whose spans begin at letters of it."""
    text = draw(texts)
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 60))
    statements = []
    for number, (start, length) in enumerate(draw(st.lists(places, max_size=12))):
        end = min(len(text), start + length)
        if text[start:end].strip():
            span = {"start": start, "end": end}
            mode = draw(st.sampled_from(["quote", "hearsay"]))
            statements.append(
                Statement(
                    id=f"s{number}", source="x", speaker="a", mode=mode, kind="fact", gloss="g", span=span
                )
            )
    return text, statements


@given(coded())
def test_pieces_are_the_text_and_lie_under_their_statements(case) -> None:
    text, statements = case
    blocks = blocks_of(text, 0, statements)
    for block in blocks:
        assert "".join(piece.words for piece in block.pieces) == text[block.start : block.end]
        at = block.start
        for piece in block.pieces:
            end = at + len(piece.words)
            over = {one.id for one in statements if one.span.start < end and one.span.end > at}
            assert {mark.id for mark in piece.marks} == over
            at = end
    begun = [mark.id for block in blocks for piece in block.pieces for mark in piece.begins]
    assert sorted(begun) == sorted(one.id for one in statements)
    assert [name for block in blocks for name in block.begins] == begun


@given(coded())
def test_what_lies_over_one_another_has_lines_of_its_own(case) -> None:
    text, statements = case
    for block in blocks_of(text, 0, statements):
        for piece in block.pieces:
            levels = [mark.level for mark in piece.marks]
            if len(levels) <= 4 and len(statements) <= 4:
                assert len(set(levels)) == len(levels)


def test_parts_hold_whole_paragraphs_and_long_ones_are_cut_at_blanks() -> None:
    text = "\n\n".join(["word " * 3_000, *["Short. " * 20] * 400])
    cut = parts(text)
    assert len(cut) == 4
    stretches = [stretch for part in cut for stretch in part]
    assert all(end - start <= LONGEST_BLOCK for start, end in stretches)
    assert " ".join(text[start:end] for start, end in stretches).split() == text.split()
    assert all(PART <= sum(end - start for start, end in part) < PART + LONGEST_BLOCK for part in cut[:-1])
    for number, part in enumerate(cut):
        assert part_at(text, part[0][0]) == number
        assert part_at(text, part[-1][1] - 1) == number
    assert block_at(text, 1) == stretches[0]
    assert block_at(text, len(stretches) + 1) is None


def test_words_that_changed_are_told() -> None:
    text = "One two three."
    span = make_span(text, 4, 7)
    one = Statement(id="s", source="x", speaker="a", mode="quote", kind="fact", gloss="g", span=span)
    assert is_as_coded(one, text)
    assert not is_as_coded(one, "One TWO three.")
    assert not is_as_coded(one, "One")
