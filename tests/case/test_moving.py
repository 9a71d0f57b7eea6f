"""Moving items of a list in the text, and finding what hangs on a part of a case."""

from __future__ import annotations

import pytest

from westphalia.case.document import Document, parse
from westphalia.case.hanging import hanging_on
from westphalia.case.template import new_case
from westphalia.case.text.moving import moved_item
from westphalia.errors import CallError


@pytest.fixture
def document() -> Document:
    return parse(new_case())


def test_an_item_moves_with_its_lines_and_comments(document: Document) -> None:
    moved = moved_item(document.places, ("issues",), 1, 0)
    assert [issue["id"] for issue in moved.root.plain()["issues"]] == ["force", "border"]
    assert sorted(moved.text.splitlines()) == sorted(document.text.splitlines())
    there_and_back = moved_item(moved, ("issues",), 0, 1)
    assert there_and_back.text == document.text


def test_the_last_item_of_a_text_without_a_last_line_end_moves() -> None:
    document = parse(new_case().rstrip("\n") + "\n  - {id: s2, source: report, speaker: north, mode: quote, "
                     "kind: fact, gloss: Something else.}")  # fmt: skip
    moved = moved_item(document.places, ("statements",), 1, 0)
    assert [item["id"] for item in moved.root.plain()["statements"]] == ["s2", "s1"]


@pytest.mark.parametrize(
    ("path", "item", "to"), [(("issues",), 0, 2), (("nothing",), 0, 0), (("stands",), 0, 0)]
)
def test_what_is_not_there_cannot_be_moved(document: Document, path: tuple[str], item: int, to: int) -> None:
    with pytest.raises(CallError, match="no such place"):
        moved_item(document.places, path, item, to)


def test_a_list_on_one_line_is_refused_not_broken() -> None:
    text = new_case().replace("required: [north, south]", "required: [north, south]   # both")
    with pytest.raises(CallError, match="without disturbing"):
        moved_item(parse(text).places, ("agreement", "required"), 0, 1)


def test_all_that_names_an_actor_hangs_on_it(document: Document) -> None:
    found = {(one.section, one.item) for one in hanging_on(document, "actors", "north")}
    assert found == {
        ("stands", "north"),
        ("capability", "north"),
        ("agreement", "required"),
        ("statements", "s1"),
    }
    for one in hanging_on(document, "actors", "north"):
        assert "north" in document.text.splitlines()[one.line - 1]


def test_statements_hang_by_their_evidence(document: Document) -> None:
    (only,) = hanging_on(document, "statements", "s1")
    assert (only.section, only.item, only.path[:3]) == ("stands", "north", ("stands", "north", "border"))
    assert hanging_on(document, "issues", "nothing") == ()
