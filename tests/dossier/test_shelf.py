"""Texts of sources are found by name or by hash, and never outside their folder."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from westphalia.dossier import shelf
from westphalia.dossier.schema import Source
from westphalia.dossier.shelf import find_texts
from westphalia.errors import FileError

TEXT = "Der Vorschlag blieb liegen."
HASH = sha256(TEXT.encode()).hexdigest()


def source(**more: object) -> Source:
    return Source.model_validate({"id": "r", "title": "Bericht", **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "texts"
    inside.mkdir()
    return inside


def test_the_file_a_source_names_is_found(folder: Path) -> None:
    (folder / "r.txt").write_text(TEXT)
    held = find_texts([source(file="r.txt", sha256=HASH)], folder)
    assert held.found["r"].text == TEXT
    assert (held.differing, held.missing, held.refused) == ((), (), ())
    assert find_texts([source(file="r.txt")], folder).found["r"].sha256 == HASH


def test_a_file_under_another_name_is_found_by_what_it_holds(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "renamed.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    (folder / "a.pdf").write_text("no PDF")
    assert find_texts([source(file="r.txt", sha256=HASH)], folder).found["r"].text == TEXT


def test_a_file_of_the_name_with_another_text_is_reported(folder: Path) -> None:
    (folder / "r.txt").write_text(TEXT + " Bis heute.")
    held = find_texts([source(file="r.txt", sha256=HASH)], folder)
    assert held.found == {}
    assert held.missing == ()
    assert [(one.source, one.path, one.text.text) for one in held.differing] == [
        ("r", folder / "r.txt", TEXT + " Bis heute.")
    ]


def test_what_is_nowhere_is_missing(folder: Path) -> None:
    held = find_texts([source(file="r.txt", sha256=HASH), source(id="s")], folder)
    assert held.missing == ("r", "s")


@pytest.mark.parametrize("name", ["../secret.txt", "link.txt", "way/secret.txt"])
def test_nothing_outside_the_folder_is_read(folder: Path, name: str) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text(TEXT)
    (folder / "link.txt").symlink_to(secret)
    (folder / "way").symlink_to(folder.parent, target_is_directory=True)
    held = find_texts([source(file=name, sha256=HASH)], folder)
    assert held.found == {}
    assert held.missing == ("r",)
    assert [error.code for error in held.refused] == ["outside-folder"]
    assert find_texts([source(file=str(secret), sha256=HASH)], folder).found == {}


def test_a_link_that_stays_inside_is_followed(folder: Path) -> None:
    (folder / "r.txt").write_text(TEXT)
    (folder / "link.txt").symlink_to(folder / "r.txt")
    assert find_texts([source(file="link.txt")], folder).found["r"].text == TEXT


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(folder: Path) -> None:
    (folder / "r.pdf").write_text("no PDF")
    held = find_texts([source(file="r.pdf"), source(id="s", file="a\0b.txt")], folder)
    assert [error.code for error in held.refused] == ["not-what-it-says"]
    assert held.missing == ("r", "s")


def test_the_number_of_files_and_bytes_read_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.txt").write_text("Etwas anderes.")
    (folder / "b.txt").write_text(TEXT)
    wanted = [source(sha256=HASH)]
    assert "r" in find_texts(wanted, folder).found
    monkeypatch.setattr(shelf, "MOST_FILES", 1)
    assert find_texts(wanted, folder).missing == ("r",)
    monkeypatch.undo()
    monkeypatch.setattr(shelf, "_MOST_BYTES", 20)
    assert find_texts(wanted, folder).missing == ("r",)


def test_two_sources_with_the_same_text_are_both_found(folder: Path) -> None:
    (folder / "any.txt").write_text(TEXT)
    held = find_texts([source(sha256=HASH), source(id="s", sha256=HASH)], folder)
    assert set(held.found) == {"r", "s"}


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="There is no such folder"):
        find_texts([source()], tmp_path / "none")
