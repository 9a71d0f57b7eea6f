"""The side file of words: written whole or not at all, and read with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from westphalia.dossier.anchors import make_span
from westphalia.dossier.words import Words, read_words, words_file, words_of, write_words
from westphalia.errors import FileError

TEXT = "Am Montag kam der Vorschlag auf den Tisch. „Niemand widersprach“ 🍏, hieß es an jenem Abend im Haus."
START = TEXT.index("„")
SPAN = make_span(TEXT, START, START + len("„Niemand widersprach“"))


def test_words_and_context_survive_the_file(tmp_path: Path) -> None:
    words = words_of(TEXT, SPAN)
    assert words == Words(
        "„Niemand widersprach“", " der Vorschlag auf den Tisch. ", " 🍏, hieß es an jenem Abend im "
    )
    path = words_file(tmp_path / "peace.yaml")
    assert path.name == "peace.words.json"
    write_words(path, {"s1": words})
    assert read_words(path) == {"s1": words}
    assert [one.name for one in tmp_path.iterdir()] == ["peace.words.json"]


def test_a_write_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "peace.words.json"
    write_words(path, {"s1": Words("a", "b", "c")})

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(FileError, match="No space left on device"):
        write_words(path, {"s1": Words("x", "y", "z")})
    assert read_words(path) == {"s1": Words("a", "b", "c")}
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "it is no JSON"),
        ("\udcff", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it has no version 1"),
        ('{"version": 1}', "it has no statements"),
        ('{"version": 1, "statements": {"s1": {"exact": "a"}}}', "the entry 's1' does not hold"),
        (
            '{"version": 1, "statements": {"s1": {"exact": 1, "prefix": "", "suffix": ""}}}',
            "the entry 's1' does not hold",
        ),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "a.words.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(FileError, match=why):
        read_words(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file"):
        read_words(tmp_path / "a.words.json")
