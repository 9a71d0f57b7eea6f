"""REFI-QDA projects: a case's evidence goes out and comes back; projects of others; archives as traps."""

from __future__ import annotations

import struct
import tempfile
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_codings import archive, document_of, outgoing_of, read_or_refused, utf16

from westphalia.dossier.anchors import make_span
from westphalia.errors import FileError
from westphalia.formats.known import format_of
from westphalia.formats.qdpx import read_qdpx
from westphalia.formats.qdpx_archive import LARGEST_ENTRY
from westphalia.formats.qdpx_writing import write_qdpx

TEXT = "😀 “Never,” said the north 🇺🇦, but café talk goes on.\nThe south wants half of it.\n"
KEPT = ("id", "source", "span", "speaker", "mode", "kind", "about", "gloss", "coder")


def written(folder: Path, statements, texts=None) -> tuple[Path, object]:
    outgoing = outgoing_of(folder, {"report": TEXT} if texts is None else texts, statements)
    path = folder / "made.qdpx"
    account = write_qdpx(outgoing, path)
    return path, account


def statement(name: str, words: str, text: str = TEXT, **more) -> dict:
    at = text.index(words)
    return {
        "id": name,
        "source": "report",
        "span": make_span(text, at, at + len(words)).model_dump(exclude_none=True),
        "speaker": "north",
        "mode": "quote",
        "kind": "demand",
        "gloss": "What it says & <means>.",
        "coder": "First reader",
        **more,
    }


SIDE = {"actor": "north", "issue": "border", "value": {"low": 80, "high": 100}}
STATEMENTS = [
    statement("s1", "“Never,”", about=[SIDE]),
    statement(
        "s2",
        "The south wants half of it.",
        speaker="author",
        mode="narration",
        kind="fact",
        coder="Zweite Leserin",
        about=[{"actor": "south", "issue": "border", "value": 50}],
    ),
    statement("s3", "café talk goes on", speaker="south", mode="hearsay", kind="forecast"),
]


def test_what_was_written_comes_back(tmp_path):
    path, account = written(tmp_path, STATEMENTS)
    assert format_of(path).id == "qdpx"
    imported = read_qdpx(path)
    back = document_of(imported, tmp_path).case
    sent = outgoing_of(tmp_path, {"report": TEXT}, STATEMENTS).tree
    for one, given_ in zip(back.statements, sent["statements"], strict=True):
        got = one.model_dump(mode="json", exclude_none=True)
        assert {key: got[key] for key in KEPT if got.get(key)} == {
            k: v for k, v in as_read(given_).items() if v
        }
    assert back.issue["border"].ends == (0, 100)
    assert str(back.issue["border"].question) == "Where will the border run?"
    assert back.actor["north"].kind == "state"
    assert back.source["report"].characters == len(TEXT)
    assert imported.beside["texts/report.txt"] == TEXT.encode()
    assert any("mind who may have it" in told for told in account.carried)


def as_read(given_: dict) -> dict:
    from westphalia.dossier.schema import Statement

    return {
        key: value
        for key, value in Statement.model_validate(given_).model_dump(mode="json", exclude_none=True).items()
        if key in KEPT
    }


def test_the_project_follows_the_standard(tmp_path):
    path, _ = written(tmp_path, STATEMENTS)
    with zipfile.ZipFile(path) as held:
        root = ElementTree.fromstring(held.read("project.qde"))
        names = held.namelist()
    space = "{urn:QDA-XML:project:1.0}"
    assert root.tag == f"{space}Project"
    assert [child.tag.removeprefix(space) for child in root] == ["Users", "CodeBook", "Sources"]
    codes = {code.get("guid") for code in root.iter(f"{space}Code")}
    users = {user.get("guid") for user in root.iter(f"{space}User")}
    assert {each.get("targetGUID") for each in root.iter(f"{space}CodeRef")} <= codes
    assert {each.get("creatingUser") for each in root.iter(f"{space}Coding")} <= users
    source = next(root.iter(f"{space}TextSource"))
    assert source.get("plainTextPath").replace("internal://", "sources/") in names
    selection = next(root.iter(f"{space}PlainTextSelection"))
    start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
    assert TEXT[start:end] == "“Never,”"
    guids = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(set(guids)) == len(guids)


def test_the_same_case_gives_the_same_bytes(tmp_path):
    first = written(tmp_path, STATEMENTS)[0].read_bytes()
    assert written(tmp_path, STATEMENTS)[0].read_bytes() == first


def test_without_the_text_or_with_another_nothing_is_coded_anew(tmp_path):
    changed = TEXT.replace("“Never,”", "“Ever,”")
    outgoing = outgoing_of(tmp_path, {"report": changed}, STATEMENTS, pretend={"report": TEXT})
    account = write_qdpx(outgoing, tmp_path / "made.qdpx")
    assert read_qdpx(tmp_path / "made.qdpx").tree.get("statements") is None
    assert any("The text of 'report' is not at hand" in told for told in account.not_carried)


LETTERS = "aé e\u0301\u0308😀🇺🇦\n.,\u200d가ﬁ<&>\"']"


@given(st.text(st.sampled_from(LETTERS), min_size=3, max_size=40), st.data())
@settings(max_examples=50, deadline=None)
def test_any_stretch_of_any_text_survives(text, data):
    text = unicodedata.normalize("NFC", f"A {text} z")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = statement("s1", "A", text, about=[{"actor": "south", "issue": "border", "value": 7}])
    made["span"] = make_span(text, start, end).model_dump(exclude_none=True)
    with tempfile.TemporaryDirectory() as name:
        path, _ = written(Path(name), [made], {"report": text})
        back = document_of(read_qdpx(path), Path(name)).case
    assert back.statements[0].span == make_span(text, start, end)


# --- projects of others ----------------------------------------------------------------------------

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project name="Interviews" origin="Other" xmlns="urn:QDA-XML:project:1.0">
 <Users><User guid="u1" name="Reader"/></Users>
 <CodeBook><Codes>
  <Code guid="c1" name="Trust" isCodable="true" color="#ff0000">
   <Code guid="c2" name="Lost" isCodable="true"/></Code>
  <Code guid="t1" name="Actor" isCodable="false"><Code guid="a1" name="The North" isCodable="true"/></Code>
 </Codes></CodeBook>
 <Sources><TextSource guid="s1" name="Talk" plainTextPath="internal://talk.txt">{selections}</TextSource>
  <PictureSource guid="p1" name="A face" path="internal://face.jpg"/></Sources>
</Project>"""


def selection(text: str, words: str, *codes: str, count=len, name: str = "") -> str:
    at = text.index(words)
    start, stop = count(text[:at]), count(text[: at + len(words)])
    inner = "".join(
        f'<Coding guid="k" creatingUser="u1"><CodeRef targetGUID="{code}"/></Coding>' for code in codes
    )
    places = f'startPosition="{start}" endPosition="{stop}"'
    return f'<PlainTextSelection guid="x" name={quoteattr(name)} {places}>{inner}</PlainTextSelection>'


def project(folder: Path, text: str, selections: str, entry: str = "Sources/talk.txt") -> Path:
    return archive(
        folder / "other.qdpx",
        {"project.qde": PROJECT.format(selections=selections), entry: text.encode()},
    )


def spans(imported, folder) -> list[str | None]:
    case = document_of(imported, folder).case
    text = imported.beside["texts/talk-0.txt"].decode()
    return [one.span and text[one.span.start : one.span.end] for one in case.statements]


def test_a_project_of_another_program_says_no_more_than_it_does(tmp_path):
    text = "We lost trust. They came."
    path = project(
        tmp_path, text, selection(text, "lost trust", "c1", "c2") + selection(text, "They came", "a1")
    )
    imported = read_qdpx(path)
    case = document_of(imported, tmp_path).case
    first, second = case.statements
    assert (first.speaker, first.mode, first.kind, first.coder) == ("author", "narration", "fact", "Reader")
    assert str(first.gloss) == "Coded: Trust; Trust > Lost"
    assert second.about[0].actor == "the-north"
    assert spans(imported, tmp_path) == ["lost trust", "They came"]
    assert "Pictures, for a case holds texts: 1." in imported.account.not_carried
    assert any("'placeholder' stands in" in told for told in imported.account.changed)


@pytest.mark.parametrize("count", [len, utf16])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_offsets_are_read_in_the_unit_that_falls_on_words(tmp_path, count, end):
    text = f"😀😀😀 At first they came{end}and then🇺🇦 the others went.{end}Nobody else spoke at all."
    coded = [
        selection(text, words, "c1", count=count) for words in ("At first", "others", "Nobody else", "spoke")
    ]
    imported = read_qdpx(project(tmp_path, text, "".join(coded)))
    assert spans(imported, tmp_path) == ["At first", "others", "Nobody else", "spoke"]


def test_offsets_that_do_not_fit_are_told_and_not_mended(tmp_path):
    text = "The trust we had is gone. Nobody came to see us in the valley."
    off = selection(text, "gone", "c1", name="Nobody came to see us")
    beyond = '<PlainTextSelection guid="x" startPosition="3" endPosition="999"/>'
    imported = read_qdpx(project(tmp_path, text, off + beyond + selection(text, "trust", "c1", name="trust")))
    assert spans(imported, tmp_path) == [None, None, "trust"]
    told = " ".join(imported.account.changed)
    assert "the words it is named by stand elsewhere in the text" in told
    assert "its offsets do not lie in the text" in told


def test_texts_outside_of_the_archive_are_never_opened(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for path in (
        "absolute:///etc/passwd",
        f"absolute://{secret}",
        "relative:///secret.txt",
        "internal://../secret.txt",
    ):
        other = archive(
            tmp_path / "other.qdpx",
            {"project.qde": PROJECT.format(selections="").replace("internal://talk.txt", path)},
        )
        imported = read_qdpx(other)
        assert imported.beside == {}
        assert any("is not in the archive" in told for told in imported.account.not_carried)


# --- traps -----------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(FileError) as error:
        read_qdpx(path)
    assert str(path.name) in error.value.where
    return error.value.code


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../b", "C:\\x.txt", "..\\up.txt"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    assert refused(archive(tmp_path / "out.qdpx", {"project.qde": PROJECT, name: "x"})) == "unsafe-archive"


def test_links_doubles_and_locks_are_refused(tmp_path):
    link = zipfile.ZipInfo("sources/talk.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.qdpx", "w") as made:
        made.writestr("project.qde", PROJECT)
        made.writestr(link, "/etc/passwd")
    assert refused(tmp_path / "link.qdpx") == "unsafe-archive"
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive(tmp_path / "twice.qdpx", [("project.qde", PROJECT), ("project.qde", PROJECT)])
    assert refused(tmp_path / "twice.qdpx") == "unsafe-archive"
    raw = bytearray(archive(tmp_path / "locked.qdpx", {"project.qde": PROJECT}).read_bytes())
    at = raw.index(b"PK\x01\x02") + 8
    raw[at : at + 2] = struct.pack("<H", 1)
    (tmp_path / "locked.qdpx").write_bytes(raw)
    assert refused(tmp_path / "locked.qdpx") == "unsafe-archive"


def test_bombs_are_not_unpacked(tmp_path):
    zeros = bytes(LARGEST_ENTRY // 5)
    assert refused(archive(tmp_path / "ratio.qdpx", {"project.qde": zeros})) == "zip-bomb"
    lying = bytearray(archive(tmp_path / "lie.qdpx", {"project.qde": zeros}).read_bytes())
    at = lying.index(b"PK\x01\x02") + 24
    lying[at : at + 4] = struct.pack("<I", 100)
    (tmp_path / "lie.qdpx").write_bytes(lying)
    assert refused(tmp_path / "lie.qdpx") == "damaged-file"
    many = {f"{number}.txt": "" for number in range(20_001)}
    assert refused(archive(tmp_path / "many.qdpx", many)) == "too-large"


def test_entities_and_document_types_are_refused(tmp_path):
    laughs = '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Project name="&b;"/>'
    assert refused(archive(tmp_path / "laughs.qdpx", {"project.qde": laughs})) == "document-type"
    outside = '<!DOCTYPE Project SYSTEM "file:///etc/passwd"><Project/>'
    assert refused(archive(tmp_path / "outside.qdpx", {"project.qde": outside})) == "document-type"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<Project", "bad-xml"),
        ("<Other/>", "no-project"),
        (PROJECT.format(selections='<PlainTextSelection startPosition="-1" endPosition="2"/>'), "bad-offset"),
        (PROJECT.format(selections='<PlainTextSelection startPosition="1"/>'), "bad-offset"),
    ],
)
def test_damaged_projects_are_refused(tmp_path, content, code):
    path = archive(tmp_path / "damaged.qdpx", {"project.qde": content, "sources/talk.txt": "Talk."})
    assert refused(path) == code


def test_damaged_archives_are_refused(tmp_path):
    whole = project(tmp_path, "Talk.", "").read_bytes()
    for name, raw in (("cut", whole[: len(whole) // 2]), ("none", b"PK\x03\x04 nothing"), ("empty", b"")):
        (tmp_path / f"{name}.qdpx").write_bytes(raw)
        assert refused(tmp_path / f"{name}.qdpx") == "damaged-file"
    broken = bytearray(whole)
    at = whole.index(b"project.qde") + 40
    broken[at : at + 20] = bytes(20)
    (tmp_path / "broken.qdpx").write_bytes(broken)
    assert refused(tmp_path / "broken.qdpx") == "damaged-file"
    assert refused(archive(tmp_path / "bare.qdpx", {"a.txt": "x"})) == "no-project"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_project_with_letters_changed_is_read_or_refused(data):
    with tempfile.TemporaryDirectory() as name:
        path, _ = written(Path(name), STATEMENTS)
        with zipfile.ZipFile(path) as held:
            entries = {entry: held.read(entry) for entry in held.namelist()}
        letters = list(entries["project.qde"].decode())
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(letters) - 1))
            letters[at] = data.draw(st.sampled_from("<>&;\"'/=0-9axZ😀"))
        entries["project.qde"] = "".join(letters).encode()
        archive(path, entries)
        read_or_refused(lambda: document_of(read_qdpx(path), Path(name)))
