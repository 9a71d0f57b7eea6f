"""The case file as text, and its history."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from visitors import NEW_NAME, Visitor

from westphalia.case.create import create

NEW = f"/cases/{NEW_NAME}"
BASE = re.compile(r'name="base" value="([0-9a-f]{64})"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a new case alone, which is read in no time."""
    create(tmp_path / "cases" / NEW_NAME, title="A new case")
    return tmp_path / "cases"


def _raw(folder: Path) -> bytes:
    return (folder / NEW_NAME / "case.yaml").read_bytes()


def _base(visitor: Visitor, page: str = "file") -> str:
    found = BASE.search(visitor.get(f"{NEW}/{page}").text)
    assert found is not None
    return found[1]


def test_every_line_has_an_anchor_and_the_text_can_be_written(folder: Path, visitor: Visitor) -> None:
    text = _raw(folder).decode("utf-8")
    page = visitor.get(f"{NEW}/file").text
    lines = re.findall(r'<li id="line-(\d+)"[^>]*><code>', page)
    assert lines == [str(at + 1) for at in range(len(text.split("\n")))]
    assert 'enctype="multipart/form-data"' in page
    inside = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert inside is not None
    assert inside[1].count("\n") == text.count("\n")


def test_the_text_is_saved_as_it_was_written(folder: Path, visitor: Visitor) -> None:
    text = _raw(folder).decode("utf-8").replace("title: A new case", "title: Another   # name")
    data = {"base": _base(visitor), "text": text.replace("\n", "\r\n")}
    answer = visitor.submit(f"{NEW}/file", data, files={"none": ("", b"")})
    assert "Saved." in answer.text
    assert _raw(folder) == text.encode("utf-8")


def test_a_text_with_errors_comes_back_with_their_lines(folder: Path, visitor: Visitor) -> None:
    before = _raw(folder)
    text = before.decode("utf-8").replace("kind: bloc", "kind: block <script>alert(1)</script>")
    answer = visitor.submit(f"{NEW}/file", {"base": _base(visitor), "text": text})
    assert answer.status_code == 422
    line = text[: text.index("kind: block")].count("\n") + 1
    assert f'href="#line-{line}"' in answer.text
    assert f'<li id="line-{line}" class="has-finding">' in answer.text
    assert "<script>alert" not in answer.text
    assert "block &lt;script&gt;" in answer.text
    assert _raw(folder) == before


def test_a_text_that_is_no_yaml_comes_back_with_its_line(folder: Path, visitor: Visitor) -> None:
    answer = visitor.submit(
        f"{NEW}/file", {"base": _base(visitor), "text": "westphalia: 1\n  id: [unclosed\n"}
    )
    assert answer.status_code == 422
    assert "line 2" in answer.text


def test_a_broken_case_can_be_mended_as_text(folder: Path, visitor: Visitor) -> None:
    good = _raw(folder).decode("utf-8")
    broken = good.replace("kind: bloc", "kind: block")
    (folder / NEW_NAME / "case.yaml").write_text(broken, "utf-8")
    assert visitor.get(f"{NEW}/actors").status_code == 422
    page = visitor.get(f"{NEW}/file")
    assert page.status_code == 200
    assert "has-finding" in page.text
    assert "Saved." in visitor.submit(f"{NEW}/file", {"base": _base(visitor), "text": good}).text


def test_what_another_wrote_meanwhile_is_shown_and_not_overwritten(folder: Path, visitor: Visitor) -> None:
    base, text = _base(visitor), _raw(folder).decode("utf-8")
    visitor.submit(f"{NEW}/file", {"base": base, "text": text.replace("A new case", "Their case")})
    answer = visitor.submit(f"{NEW}/file", {"base": base, "text": text.replace("A new case", "Our case")})
    assert answer.status_code == 409
    assert "Their case" in answer.text
    assert b"Their case" in _raw(folder)


def test_versions_are_compared_by_value_and_taken_back(folder: Path, visitor: Visitor) -> None:
    first, old = _raw(folder), _base(visitor)
    text = first.decode("utf-8").replace("kind: bloc", "kind: organisation")
    visitor.submit(f"{NEW}/file", {"base": old, "text": text})
    new = _base(visitor)
    page = visitor.get(f"{NEW}/history").text
    assert page.count('name="digest"') == 1
    assert f'value="{old}"' in page
    answer = visitor.get(f"{NEW}/history?old={old}&new={new}")
    assert "1 value differs" in answer.text
    (one,) = visitor.get(f"{NEW}/history.json?old={old}&new={new}").json()["changed"]
    assert one == {"path": "actors.alliance.kind", "before": "bloc", "after": "organisation"}
    answer = visitor.submit(f"{NEW}/history", {"base": new, "digest": old})
    assert "That version is the case again" in answer.text
    assert _raw(folder) == first
    assert len(visitor.get(f"{NEW}/history.json").json()["versions"]) == 3


def test_a_version_that_there_is_not_is_an_error_of_ours(visitor: Visitor) -> None:
    answer = visitor.get(f"{NEW}/history?old={'0' * 64}&new={'1' * 64}")
    assert 400 <= answer.status_code < 500
    answer = visitor.submit(f"{NEW}/history", {"base": _base(visitor), "digest": "../../etc/passwd"})
    assert 400 <= answer.status_code < 500
