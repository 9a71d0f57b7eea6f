"""Files of the Discourse Network Analyzer: texts and spans to the letter, hostile files refused."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_codings import NOON, Dna, document_of, read_or_refused

from westphalia.case.checks.spans import span_findings
from westphalia.dossier.shelf import find_texts
from westphalia.errors import FileError
from westphalia.formats.dna import read_dna
from westphalia.formats.dna_events import read_dna_events
from westphalia.formats.dna_stands import Roles
from westphalia.formats.known import format_of

TEXT = "😀 The north: cafe\u0301 must close, said A.\nThe south 🇺🇦 objects strongly. End."


def discourse(path: Path) -> Path:
    made = Dna(path)
    report = made.document(TEXT)
    made.statement(report, "cafe\u0301 must close", "A", "North", "Close it", 1)
    made.statement(report, "The south 🇺🇦 objects", "B", "South", "Close it", 0, coder=2)
    made.statement(report, "said A", "A", "North", "Open it", None)
    made.statement(report, "strongly", "", "", "Close it", 1)
    made.statement(report, "End", kind=2)
    return made.done()


@pytest.fixture
def opened(tmp_path):
    imported = read_dna(discourse(tmp_path / "made.dna"))
    return imported, document_of(imported, tmp_path), tmp_path


def words(document, folder) -> dict[str, str]:
    texts = find_texts(document.case.sources, folder).found
    return {
        one.id: texts[one.source].text[one.span.start : one.span.end]
        for one in document.case.statements
        if one.span is not None
    }


def test_spans_hold_the_words_that_were_coded(opened):
    _, document, folder = opened
    assert words(document, folder) == {
        "s1": "café must close",
        "s2": "The south 🇺🇦 objects",
        "s3": "said A",
        "s4": "strongly",
    }
    assert span_findings(document, find_texts(document.case.sources, folder)) == ()


def test_a_statement_becomes_what_the_file_gives_and_no_more(opened):
    _, document, _ = opened
    case = document.case
    first, second, third, fourth = case.statements
    assert (first.speaker, first.mode, first.kind, first.coder) == (
        "a",
        "indirect",
        "position",
        "First reader",
    )
    assert first.about[0].model_dump(mode="json", exclude_none=True) == {
        "actor": "north",
        "issue": "close-it",
        "value": 100.0,
    }
    assert str(first.gloss) == "A (North), for: Close it"
    assert second.about[0].value.central == 0
    assert second.coder == "Second reader"
    assert third.about[0].issue is None  # nobody takes a side on that concept
    assert fourth.speaker == "author"
    assert fourth.about[0].actor is None
    assert case.actor["a"].speaks_for == "north"
    assert case.actor["a"].kind == "person"
    assert case.issue["close-it"].scale.keys() == {0, 100}
    assert set(case.stands) == {"north", "south"}
    assert all(stand["close-it"].position.is_derived for stand in case.stands.values())
    assert case.source["doc-1"].date.at == "2025-02-12"


def test_what_does_not_come_over_is_told(opened):
    account = opened[0].account
    told = " ".join(account.not_carried)
    assert "Statements of the type 'Annotation', which has no variable 'concept', only long texts: 1." in told
    assert "Regular expressions, which have no place in a case: 1." in told
    assert "'Open it' is no issue of the case" in told
    assert "Colours, passwords and permissions are not read" in told
    changed = " ".join(account.changed)
    assert "all are taken as indirect speech" in changed
    assert "Statements without person and organisation" in changed


def test_only_warnings_remain(opened):
    assert {finding.severity for finding in opened[1].warnings} == {"warning"}


def test_the_file_is_known_by_its_first_bytes(tmp_path):
    assert format_of(discourse(tmp_path / "made.dna")).id == "dna"


@pytest.mark.parametrize("is_mixed", [False, True])
def test_offsets_fall_on_words_whichever_way_line_ends_count(tmp_path, is_mixed):
    stored = "One line\r\nand two\r\nand a third, said the north.\r\nNo! said the south."
    made = Dna(tmp_path / "ends.dna")
    report = made.document(stored, shown=stored if is_mixed else stored.replace("\r\n", "\n"))
    made.statement(report, "third", "A", "North", "Close it", 1)
    made.statement(report, "No!", "B", "South", "Close it", 0)
    imported = read_dna(made.done())
    assert words(document_of(imported, tmp_path), tmp_path) == {"s1": "third", "s2": "No!"}
    assert any("count CR and LF apart" in told for told in imported.account.changed) is is_mixed


def test_a_mark_before_the_text_counts_in_the_offsets(tmp_path):
    made = Dna(tmp_path / "mark.dna")
    report = made.document("\ufeffThe north: yes. The south: no.")
    made.statement(report, "yes", "A", "North", "Close it", 1)
    made.statement(report, "no.", "B", "South", "Close it", 0)
    document = document_of(read_dna(made.done()), tmp_path)
    assert words(document, tmp_path) == {"s1": "yes", "s2": "no."}


def test_half_a_letter_or_a_place_beyond_the_text_gives_no_span(tmp_path):
    made = Dna(tmp_path / "off.dna")
    made.document("😀 yes and no")
    made.statement(1, "yes", "A", "North", "Close it", 1)
    made.statement(1, "no", "B", "South", "Close it", 0)
    made.run("UPDATE STATEMENTS SET Start = 1 WHERE ID = 1")
    made.run("UPDATE STATEMENTS SET Stop = 900 WHERE ID = 2")
    imported = read_dna(made.done())
    assert all(one.span is None for one in document_of(imported, tmp_path).case.statements)
    assert "Statements without a span, for their places do not lie in a text: 2." in imported.account.changed


def test_hostile_names_stay_text(tmp_path):
    made = Dna(tmp_path / "hostile.dna")
    made.document("Yes. No.", title="<script>alert(1)</script>\x07\u2028../../etc")
    made.statement(1, "Yes", "A", "=cmd|'/c'", "{{7*7}} &amp; <b>", 1)
    made.statement(1, "No", "B", "author", "{{7*7}} &amp; <b>", 0)
    imported = read_dna(made.done())
    assert set(imported.beside) == {"texts/doc-1.txt"}
    case = document_of(imported, tmp_path).case
    assert str(case.sources[0].title) == "<script>alert(1)</script> ../../etc"
    assert str(case.issues[0].question) == "{{7*7}} &amp; <b>"
    assert "author" not in case.actor


def test_whole_numbers_make_a_scale(tmp_path):
    made = Dna(tmp_path / "scale.dna")
    made.run("UPDATE VARIABLES SET Variable = 'strength', DataType = 'integer' WHERE ID = 4")
    made.document("Yes. No. Maybe.")
    for said, home, value in (("Yes", "North", 3), ("No", "South", -3), ("Maybe", "East", 1)):
        number = made.statement(1, said, "", home, "Close it")
        made.run("INSERT INTO DATAINTEGER (StatementId, VariableId, Value) VALUES (?, 4, ?)", number, value)
    case = document_of(read_dna(made.done()), tmp_path).case
    assert case.issue["close-it-graded"].ends == (-3, 3)
    assert [one.about[0].value.central for one in case.statements] == [3, -3, 1]


def test_other_variables_can_be_named(tmp_path):
    made = Dna(tmp_path / "other.dna")
    made.run("UPDATE VARIABLES SET Variable = 'claim' WHERE ID = 3")
    made.document("Yes. No.")
    made.statement(1, "Yes", "A", "North", "Close it", 1)
    made.statement(1, "No", "B", "South", "Close it", 0)
    path = made.done()
    with pytest.raises(FileError, match="No statement type has a variable 'concept'"):
        read_dna(path)
    assert document_of(read_dna(path, roles=Roles(concept="claim")), tmp_path).case.issue["close-it"]


@given(
    st.lists(
        st.text(st.sampled_from("aé e\u0301\u0308😀🇺🇦\n.\u200d가ᄀ\u1161ﬁ"), min_size=1, max_size=12).filter(
            str.strip
        ),
        min_size=2,
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_text_keeps_its_words(pieces):
    """Every stretch between two blanks is found again in the kept text, however its letters are made."""
    import unicodedata

    text = " | ".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        made = Dna(Path(folder) / "any.dna")
        made.document(text)
        expected = {}
        for piece in dict.fromkeys(pieces):
            number = made.statement(
                1, f"| {piece}" if f"| {piece}" in text else f"{piece} |", "A", "N", "C", 1
            )
            expected[f"s{number}"] = piece
        document = document_of(read_dna(made.done()), Path(folder))
        for name, found in words(document, Path(folder)).items():
            assert unicodedata.normalize("NFC", expected[name]).strip() in found
        assert len(words(document, Path(folder))) == len(expected)


# --- files that are refused ----------------------------------------------------------------------


def spoilt(tmp_path, *statements: str) -> Path:
    path = discourse(tmp_path / "spoilt.dna")
    base = sqlite3.connect(path)
    for statement in statements:
        base.executescript(statement)
    base.commit()
    base.close()
    return path


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (("DROP TABLE ENTITIES",), "missing-table"),
        (("DROP TABLE DOCUMENTS",), "not-dna"),
        (("ALTER TABLE DATASHORTTEXT RENAME COLUMN Entity TO Value",), "old-version"),
        (("ALTER TABLE DOCUMENTS RENAME COLUMN Title TO Name",), "missing-table"),
        (("UPDATE STATEMENTS SET Start = 'here' WHERE ID = 1",), "bad-cell"),
        (("UPDATE DOCUMENTS SET Title = x'00ff'",), "bad-cell"),
        (("UPDATE DOCUMENTS SET Text = CAST(x'c328' AS TEXT)",), "damaged-database"),
        (("UPDATE DOCUMENTS SET Text = replace(hex(zeroblob(16000000)), '00', 'x ')",), "damaged-database"),
        (
            (
                "ALTER TABLE DOCUMENTS RENAME TO KEPT",
                "CREATE VIEW DOCUMENTS AS WITH RECURSIVE n(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM n) "
                "SELECT * FROM n",
            ),
            "not-dna",
        ),
    ],
)
def test_damaged_and_hostile_databases_are_refused(tmp_path, statements, code):
    with pytest.raises(FileError) as refused:
        read_dna(spoilt(tmp_path, *statements))
    assert refused.value.code == code
    assert "spoilt.dna" in refused.value.where


def test_no_database_cut_short_or_missing(tmp_path):
    whole = discourse(tmp_path / "whole.dna").read_bytes()
    (tmp_path / "cut.dna").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.dna").write_text("no database, but long enough to be looked at. " * 5)
    for name, code in (
        ("cut.dna", "damaged-database"),
        ("text.dna", "not-sqlite"),
        ("no.dna", "missing-file"),
    ):
        with pytest.raises(FileError) as refused:
            read_dna(tmp_path / name)
        assert refused.value.code == code


def test_reading_leaves_the_file_and_its_folder_as_they_are(tmp_path):
    path = discourse(tmp_path / "made.dna")
    before = path.read_bytes()
    path.chmod(0o444)
    read_dna(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["made.dna"]


CELLS = st.sampled_from([None, -1, 0, 2, "2", 10**18, 1.5, "", "x" * 1000, "\u202e", b"\0"])
COLUMNS = [
    *("DOCUMENTS.Title", "DOCUMENTS.Date", "DOCUMENTS.Coder", "DOCUMENTS.Text", "CODERS.Name"),
    *("STATEMENTS.Start", "STATEMENTS.DocumentId", "ENTITIES.Value", "VARIABLES.DataType"),
    *("DATASHORTTEXT.Entity", "DATABOOLEAN.Value", "DATABOOLEAN.VariableId", "STATEMENTTYPES.Label"),
]


@given(st.lists(st.tuples(st.sampled_from(COLUMNS), CELLS), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_cells_of_another_kind_are_read_or_refused(changes):
    with tempfile.TemporaryDirectory() as name:
        path = discourse(Path(name) / "made.dna")
        with closing(sqlite3.connect(path)) as base:
            for place, cell in changes:
                table, _, column = place.partition(".")
                base.execute(f"UPDATE {table} SET {column} = ? WHERE ID <= 2", (cell,))
            base.commit()
        read_or_refused(lambda: document_of(read_dna(path), Path(name)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_database_with_bytes_changed_is_read_or_refused(data):
    with tempfile.TemporaryDirectory() as name:
        path = discourse(Path(name) / "made.dna")
        raw = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 20))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(raw)
        read_or_refused(lambda: document_of(read_dna(path), Path(name)))


# --- event lists ---------------------------------------------------------------------------------

HEAD = '"statement ID";"time";"document ID";"document title";"author";"source";"section";"type";"text";'
HEAD += '"person";"organization";"concept";"agreement"\n'
OF_ALL = '2025-02-12 12:00:00;7;"A report";"An author";"A paper";"Politics";"article"'
ROWS = f'1;{OF_ALL};"Close it, now";"A";"North";"Close it";1\n2;{OF_ALL};"Never";"B";"South";"Close it";0'


def test_an_event_list_gives_the_statements_without_spans(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(HEAD + ROWS)
    assert format_of(path).id == "dna-events"
    imported = read_dna_events(path)
    case = document_of(imported, tmp_path).case
    assert [one.about[0].value.central for one in case.statements] == [100, 0]
    assert [one.span for one in case.statements] == [None, None]
    assert case.source["doc-7"].date.at == "2025-02-12"
    assert case.source["doc-7"].file is None
    held = json.loads(imported.beside["case.words.json"])
    assert held["statements"]["s1"] == {"exact": "Close it, now", "prefix": "", "suffix": ""}
    assert any("An event list holds no texts" in told for told in imported.account.not_carried)


def test_the_list_and_the_database_give_the_same_stands(tmp_path):
    made = Dna(tmp_path / "made.dna")
    made.document("Close it; now. Never.", title="A report")
    made.statement(1, "Close it; now", "A", "North", "Close it", 1)
    made.statement(1, "Never", "B", "South", "Close it", 0)
    (tmp_path / "events.csv").write_text(HEAD + ROWS)
    whole, listed = read_dna(made.done()), read_dna_events(tmp_path / "events.csv")
    for key in ("actors", "issues", "stands", "capability", "date"):
        assert whole.tree[key] == listed.tree[key]
    assert NOON == 1_739_361_600


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ("person;concept\nA;B\n", "column-missing", "events.csv:1"),
        (HEAD.replace("concept", "claim") + ROWS, "column-missing", "events.csv"),
        (HEAD + "1;2", "bad-row", "events.csv:2"),
        (HEAD + ROWS.replace("\n2;", "\nx;"), "bad-row", "events.csv:3"),
        (HEAD + ROWS.replace("\n2;", "\n1;"), "doubled-id", "events.csv"),
        (HEAD + ROWS.replace("2025-02-12 12", "last week 12"), "bad-row", "events.csv:2"),
        (HEAD + '1;"open', "bad-csv", "events.csv:2"),
    ],
)
def test_damaged_lists_are_refused_with_the_row(tmp_path, content, code, where):
    path = tmp_path / "events.csv"
    path.write_text(content)
    with pytest.raises(FileError) as refused:
        read_dna_events(path)
    assert refused.value.code == code
    assert refused.value.where.endswith(where)
