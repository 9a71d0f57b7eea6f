"""What the head of a text says of the text, and splitting off a header that ran into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.metadata import Header, header, meta_in_text, without_header
from westphalia.dossier.proposals import Meta, Proposal
from westphalia.dossier.texts import SourceText, read_text
from westphalia.errors import CallError


def read(folder: Path, text: str) -> SourceText:
    path = folder / "a.txt"
    path.write_text(text, "utf-8")
    return read_text(path)


def told(proposals: tuple[Proposal, ...], text: str) -> list[tuple[str, str, str, str]]:
    found = []
    for one in proposals:
        assert isinstance(one.details, Meta)
        words = text[one.start : one.end]
        found.append((one.details.name, one.details.value, words, one.rule))
    return found


def test_a_header_that_ran_into_the_text_is_offered_and_cut_only_on_demand(tmp_path: Path) -> None:
    source = read(tmp_path, " date 2025-02 url https://example.org/a Die Lage bleibt ernst.")
    found = header(source.text)
    assert found is not None
    assert told(found.fields, source.text) == [
        ("date", "2025-02", "2025-02", "meta-header-glued"),
        ("url", "https://example.org/a", "https://example.org/a", "meta-header-glued"),
    ]
    assert source.text.startswith(" date")
    cut = without_header(source, found)
    assert cut.text == "Die Lage bleibt ernst."
    assert cut.characters == len(cut.text)
    assert cut.sha256 != source.sha256
    assert cut.repairs[-1].what == "header of 40 characters split off, as told"
    assert header(cut.text) is None


def test_header_lines_end_where_the_text_begins(tmp_path: Path) -> None:
    source = read(
        tmp_path, "Titel: Der Bericht\nAutor: A. B.\n\nDate: kommt später. Ein Satz: so.\nNoch einer."
    )
    found = header(source.text)
    assert found is not None
    assert [(n, v) for n, v, _, _ in told(found.fields, source.text)][:2] == [
        ("title", "Der Bericht"),
        ("author", "A. B."),
    ]
    assert without_header(source, found).text.endswith("Noch einer.")
    assert header("Ein Text. Autor: niemand.") is None


def test_a_header_of_another_text_cuts_nothing(tmp_path: Path) -> None:
    source = read(tmp_path, "date 2025 Der Text.")
    with pytest.raises(CallError, match="not the header of this text"):
        without_header(source, Header(4, ()))
    bare = read(tmp_path, "date 2025")
    found = header(bare.text)
    assert found is not None
    with pytest.raises(CallError, match="nothing but a header"):
        without_header(bare, found)


@pytest.mark.parametrize(
    ("text", "language", "fields"),
    [
        (
            "Der lange Weg\n\nVon Anna Beispiel\nBerlin, 12. Februar 2025\n"
            "https://example.org/a.\n\nEs beginnt. Ja.",
            "de",
            [
                ("title", "Der lange Weg", "Der lange Weg", "meta-first-heading"),
                ("author", "Anna Beispiel", "Anna Beispiel", "meta-byline"),
                ("date", "2025-02-12", "12. Februar 2025", "meta-dateline"),
                ("url", "https://example.org/a", "https://example.org/a", "meta-address"),
            ],
        ),
        (
            "The long road\n\nBy Jo Example\n\nMarch 2024\n\nIt begins in 2022, as all know by now.",
            "en",
            [
                ("title", "The long road", "The long road", "meta-first-heading"),
                ("author", "Jo Example", "Jo Example", "meta-byline"),
                ("date", "2024-03", "March 2024", "meta-dateline"),
            ],
        ),
    ],
)
def test_first_lines_are_read_for_fields(
    text: str, language: str, fields: list[tuple[str, str, str, str]]
) -> None:
    assert told(meta_in_text(text, language), text) == fields


def test_a_date_of_no_language_is_not_read_in_words() -> None:
    text = "Berlin, 12. Februar 2025\nEin Satz steht hier."
    assert [name for name, *_ in told(meta_in_text(text), text)] == ["title"]
    assert "date" in [name for name, *_ in told(meta_in_text(text, "de"), text)]


@given(
    st.lists(
        st.sampled_from(["date", "url", ":", " ", "\n", "2025-02", "https://a.b", "Titel", "x.", "Von A"])
    )
)
def test_spans_lie_in_the_text_and_a_header_leaves_the_rest_as_it_is(parts: list[str]) -> None:
    text = "".join(parts)
    for one in meta_in_text(text, "de"):
        assert 0 <= one.start < one.end <= len(text)
    found = header(text)
    if found is not None:
        assert all(one.end <= found.end <= len(text) for one in found.fields)
        assert text[found.end :] == text[found.end :].lstrip()
