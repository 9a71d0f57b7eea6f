"""Cases that are made, copied, read from files of others and put away, and the texts beside them."""

from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from westphalia.case.template import new_case
from westphalia.errors import CallError, CaseError, FileError, WestphaliaError
from westphalia.workspace import held as held_module
from westphalia.workspace.cases import Cases
from westphalia.workspace.edits import Edit

TEXT = new_case(date="2026-01-01")


def titled(cases, title):
    edits = [Edit("set", "title", title)]
    return cases.change("peace", cases.held("peace").digest, edits, by="anna", why="the title")


# --- new cases, copies, files, and cases put away ---------------------------------------------------


def test_a_new_case_is_there_with_its_history(cases, folder):
    name = cases.create("", "Streit um Öl & Gas", by="anna")
    assert name == "streit-um-ol-gas"
    case = cases.document(name).case
    assert (case.id, str(case.title)) == (name, "Streit um Öl & Gas")
    assert [(version.by, version.why) for version in cases.history(name).versions()] == [("anna", "created")]
    assert [path.name for path in (folder / ".westphalia" / "making").iterdir()] == []


def test_a_copy_has_journal_and_texts_and_goes_its_own_way(cases, folder):
    cases.add_text("peace", "report.txt", b"The north wants the valley.", by="anna")
    (folder / "peace" / "case.journal.jsonl").write_bytes(b'{"westphalia-journal": 1}\n')
    (folder / "peace" / ".cache").write_text("x", encoding="utf-8")
    assert cases.duplicate("peace", "peace-b", by="anna") == "peace-b"
    assert sorted(str(path.relative_to(folder / "peace-b")) for path in (folder / "peace-b").rglob("*")) == [
        "case.journal.jsonl",
        "case.yaml",
        "sources",
        "sources/report.txt",
    ]
    assert cases.document("peace-b").case.id == "peace-b"
    titled(cases, "Only the first")
    assert str(cases.document("peace-b").case.title) == "My case"


def test_a_single_file_is_copied_into_a_folder(folder):
    text = TEXT.replace("kind: article", "kind: article\n    file: report.txt")
    (folder / "talks.yaml").write_text(text, encoding="utf-8")
    (folder / "talks.journal.jsonl").write_bytes(b'{"westphalia-journal": 1}\n')
    (folder / "report.txt").write_text("The north wants the valley.", encoding="utf-8")
    cases = Cases(folder)
    cases.duplicate("talks", "copy", by="anna")
    assert (folder / "copy" / "case.journal.jsonl").is_file()
    assert cases.texts("copy")["report"].text == cases.texts("talks")["report"].text
    rest = cases.remove("talks", by="anna")
    assert sorted(path.name for path in rest.iterdir()) == [
        "history",
        "removed.json",
        "talks.journal.jsonl",
        "talks.yaml",
    ]
    assert cases.names() == ("copy", "peace")


def test_a_case_put_away_can_be_brought_back_whole(cases, folder):
    titled(cases, "Mine")
    raw = (folder / "peace" / "case.yaml").read_bytes()
    rest = cases.remove("peace", by="anna")
    assert cases.names() == ()
    with pytest.raises(FileError, match="no such case"):
        cases.held("peace")
    assert (rest / "peace" / "case.yaml").read_bytes() == raw
    assert '"by": "anna"' in (rest / "removed.json").read_text(encoding="utf-8")
    assert cases.create("peace", "A new one", by="bert") == "peace"
    assert [version.why for version in cases.history("peace").versions()] == ["created"]


def table(**more):
    return {"Actor": "North", "Issue": "Border", "Position": 30, "Salience": 0.5, "Capability": 10, **more}


def test_a_table_of_stands_becomes_a_case(cases, tmp_path):
    rows = [table(), table(Actor="South", Position=70)]
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    name, account = cases.import_file("Our talks.csv", "\n".join(lines).encode(), by="anna")
    assert name == "our-talks"
    assert account.carried == ("The table of stands: 2 actors, 1 issues, 0 statements.",)
    assert cases.document(name).tree["stands"]["south"]["border"]["position"] == 70
    book = openpyxl.Workbook()
    for row in (list(rows[0]), *(list(row.values()) for row in rows)):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    name, _ = cases.import_file("book.xlsx", (tmp_path / "book.xlsx").read_bytes(), name="book", by="anna")
    assert cases.document(name).case.actor["north"]
    assert cases.history(name).last.why == "from the file book.xlsx"


def test_a_case_file_is_taken_as_it_is(cases, folder):
    name, account = cases.import_file("C:\\cases\\border.yaml", TEXT.encode(), by="anna")
    assert name == "border"
    assert (folder / name / "case.yaml").read_bytes() == TEXT.encode()
    assert account.carried == ("The case file as it is: 3 actors, 2 issues, 1 statements.",)
    with pytest.raises(CaseError) as caught:
        cases.import_file("wrong.yaml", TEXT.replace("actor: north", "actor: x").encode(), by="anna")
    assert caught.value.findings[0].place.file == "case.yaml"


@pytest.mark.parametrize(
    ("filename", "raw", "code"),
    [
        ("all.zip", b"PK\3\4", "archive"),
        ("noise.bin", b"\0\1\2", "unknown-format"),
        ("../../../etc/passwd", b"root", "unknown-format"),
        ("broken.xlsx", b"PK\3\4 no", "not-a-table"),
        ("empty.csv", b"", None),
        ("a.csv", b"Actor,Position\nNorth,3\n", "column-missing"),
        ("", b"x", "unknown-format"),
        ("case.yaml", b"\xff\xfe", "case-wrong"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing_and_names_no_folder_of_ours(
    cases, folder, filename, raw, code
):
    with pytest.raises(WestphaliaError) as caught:
        cases.import_file(filename, raw, by="anna")
    assert code is None or caught.value.code == code
    assert str(folder) not in str(caught.value)
    assert cases.names() == ("peace",)
    assert list((folder / ".westphalia" / "making").iterdir()) == []


def test_a_format_and_a_part_can_be_named(cases):
    with pytest.raises(CallError, match="There is no format 'ktabcsv'"):
        cases.import_file("a.csv", b"x", format_id="ktabcsv", by="anna")
    with pytest.raises(CallError, match="one thing only"):
        cases.import_file("a.xml", b"<a/>", format_id="gmcr", part="x", by="anna")


# --- texts ------------------------------------------------------------------------------------------


def with_text(folder, file="report.txt"):
    text = TEXT.replace("kind: article", f"kind: article\n    file: {file}")
    (folder / "peace" / "case.yaml").write_text(text, encoding="utf-8")


def test_texts_are_read_once_and_again_when_a_file_changes(cases, folder, monkeypatch):
    with_text(folder)
    read = []
    real = held_module.texts_in
    monkeypatch.setattr(held_module, "texts_in", lambda *how: read.append(1) or real(*how))
    assert cases.texts("peace") == {}
    path = cases.add_text("peace", "report.txt", b"The north wants the valley.", by="anna")
    assert path == folder / "peace" / "sources" / "report.txt"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(cases.texts, ["peace"] * 8))
    assert {one["report"].text for one in found} == {"The north wants the valley."}
    assert len(read) == 2
    path.write_text("Now it wants less.", encoding="utf-8")
    assert cases.texts("peace")["report"].text == "Now it wants less."


def test_texts_are_found_in_the_folder_of_all_sources_and_not_in_hidden_ones(folder, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "report.txt").write_text("There.", encoding="utf-8")
    with_text(folder)
    assert Cases(folder, sources=tmp_path / "texts").texts("peace")["report"].text == "There."
    assert Cases(folder).texts("peace") == {}
    (folder / "peace" / ".secret").mkdir()
    (folder / "peace" / ".secret" / "key").write_text("s3cret", encoding="utf-8")
    with_text(folder, ".secret/key")
    assert Cases(folder).texts("peace") == {}


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("../../evil.txt", "evil.txt"),
        ("C:\\Users\\Ä Ö.TXT", "A-O.txt"),
        (".htaccess.txt", "htaccess.txt"),
        ("a" * 300 + ".txt", "a" * 100 + ".txt"),
        ("no ending", "no-ending.txt"),
        ("Räte\0.html.txt", "Rate-html.txt"),
    ],
)
def test_a_text_gets_a_safe_name(cases, folder, filename, name):
    path = cases.add_text("peace", filename, b"Words of a report.", by="anna")
    assert path == folder / "peace" / "sources" / name
    with pytest.raises(FileError, match="already a text of that name"):
        cases.add_text("peace", filename, b"Other words.", by="anna")
    assert path.read_bytes() == b"Words of a report."


@pytest.mark.parametrize(
    ("filename", "raw", "code"),
    [
        ("a.exe", b"MZ", "unknown-kind"),
        ("a.txt", b"", "empty-text"),
        ("a.docx", b"no", "not-what-it-says"),
        ("a.html", b"<!DOCTYPE a [<!ENTITY b 'c'>]><p>&b;", "entities"),
    ],
)
def test_a_text_that_cannot_be_read_is_not_taken(cases, folder, filename, raw, code):
    with pytest.raises(FileError) as caught:
        cases.add_text("peace", filename, raw, by="anna")
    assert caught.value.code == code
    assert str(folder) not in str(caught.value)
    assert list((folder / "peace").rglob(filename)) == []


def test_a_folder_of_texts_that_is_a_link_is_not_written_through(cases, folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (folder / "peace" / "sources").symlink_to(tmp_path / "outside")
    with pytest.raises(FileError, match="is a link"):
        cases.add_text("peace", "a.txt", b"Words.", by="anna")
    assert list((tmp_path / "outside").iterdir()) == []
