"""A save is whole or has not happened."""

import errno
import os
import stat
from pathlib import Path

import pytest

from westphalia.case.document import parse, read
from westphalia.case.template import new_case
from westphalia.case.text.saving import save
from westphalia.errors import CallError, FileError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(new_case(), encoding="utf-8", newline="")
    return path


def changed(file):
    return read(file).set("title", "Another title")


def test_a_saved_case_is_read_again_and_can_be_saved_again(file):
    saved = save(changed(file))
    assert read(file).text == saved.text
    again = save(saved.set("title", "A third title"))
    assert read(file).case.title.into("en") == "A third title"
    assert again.digest == read(file).digest


def test_the_file_keeps_its_mode_and_links_are_followed(file, tmp_path):
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    save(changed(link))
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "Another title" in file.read_text(encoding="utf-8")


def no_space(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["replace", "write", "fsync", "chmod", "mkstemp"])
def test_a_save_that_fails_leaves_the_old_file_whole(step, file, monkeypatch):
    before = file.read_bytes()
    document = changed(file)
    if step == "write":
        real = os.fdopen

        def half(*how, **more):
            stream = real(*how, **more)
            return Half(stream)

        monkeypatch.setattr("os.fdopen", half)
    elif step in ("replace", "chmod"):
        monkeypatch.setattr(Path, step, no_space)
    else:
        monkeypatch.setattr({"fsync": "os.fsync", "mkstemp": "tempfile.mkstemp"}[step], no_space)
    with pytest.raises(
        FileError, match=r"It cannot be saved: No space left on device\. The old file is as it was"
    ):
        save(document)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["case.yaml"]


class Half:
    """A file that takes half of what is written and then fails."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def write(self, raw):
        self.stream.write(raw[: len(raw) // 2])
        self.stream.flush()
        no_space()


def test_a_file_that_changed_meanwhile_is_not_overwritten(file):
    document = changed(file)
    file.write_text(new_case(title="By someone else"), encoding="utf-8", newline="")
    with pytest.raises(FileError, match="The file has changed since it was read") as caught:
        save(document)
    assert caught.value.code == "file-changed"
    assert "By someone else" in file.read_text(encoding="utf-8")


def test_another_file_is_not_overwritten(file, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("precious")
    with pytest.raises(FileError, match="There is already a file"):
        save(read(file), other)
    assert other.read_text() == "precious"


def test_a_case_without_file_needs_a_path(tmp_path):
    document = parse(new_case())
    with pytest.raises(CallError, match="Say where to save it"):
        save(document)
    saved = save(document, tmp_path / "new.yaml")
    assert saved.path == tmp_path / "new.yaml"
    assert save(saved.set("title", "T")).text == read(tmp_path / "new.yaml").text


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileError, match="It cannot be saved: No such file or directory"):
        save(parse(new_case()), tmp_path / "none" / "case.yaml")
