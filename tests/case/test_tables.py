"""Stands as a table: out and in again without loss, and what is refused."""

import contextlib
import csv
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from westphalia.case.document import parse, read
from westphalia.case.tables.from_table import case_from_table
from westphalia.case.tables.stands import export, import_stands, read_table, write_table
from westphalia.case.template import new_case
from westphalia.errors import CaseError, FileError
from westphalia.testing import case_trees

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"
ENDINGS = pytest.mark.parametrize("ending", ["csv", "xlsx"])


def written(document, path):
    write_table(document, path)
    return read_table(path)


@ENDINGS
@pytest.mark.parametrize("make", [lambda: parse(new_case()), lambda: read(FLAGSHIP)], ids=["new", "flagship"])
def test_a_round_trip_changes_no_byte(make, ending, tmp_path):
    document = make()
    table = written(document, tmp_path / f"stands.{ending}")
    assert list(table) == list(export(document))
    assert import_stands(document, table).raw() == document.raw()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=case_trees(), notes=st.lists(st.text(st.characters(codec="utf-8", exclude_categories="C"))))
def test_stands_of_any_form_come_back(tree, notes, tmp_path):
    for stands, note in zip(tree["stands"].values(), notes, strict=False):
        next(iter(stands.values()))["assumption"] = note or "none"
    document = parse(json.dumps(tree).replace('"0":', "0:").replace('"50":', "50:").replace('"100":', "100:"))
    bare = json.loads(json.dumps(tree))
    first = next(iter(bare["stands"]))
    for stands in bare["stands"].values():
        for issue in stands:
            nominal = next(item for item in tree["issues"] if item["id"] == issue).get("kind") == "nominal"
            stands[issue] = {"position": "here" if nominal else 1, "salience": 0.125}
    bare["capability"] = dict.fromkeys(bare["capability"], 7)
    other = parse(json.dumps(bare).replace('"0":', "0:").replace('"50":', "50:").replace('"100":', "100:"))
    for ending in ("csv", "xlsx"):
        table = written(document, tmp_path / f"stands.{ending}")
        assert list(table) == list(export(document))
        filled = import_stands(other, table)
        assert filled.case.stands[first] == document.case.stands[first]
        assert filled.case.stands == document.case.stands
        assert filled.case.capability == document.case.capability


def test_only_the_cell_that_differs_is_touched(tmp_path):
    document = parse(new_case())
    table = written(document, tmp_path / "stands.csv")
    row = next(row for row in table if (row["actor"], row["issue"]) == ("north", "force"))
    row |= {"salience": 0.45, "position": 20}
    new = import_stands(document, table)
    old_lines, new_lines = document.text.splitlines(), new.text.splitlines()
    changed = [(old, new) for old, new in zip(old_lines, new_lines, strict=True) if old != new]
    assert changed == [
        ("      position: {low: 0, mode: 10, high: 30}", "      position: {low: 0, mode: 20, high: 30}"),
        ("      salience: 0.3", "      salience: 0.45"),
    ]


def test_new_rows_and_capabilities_by_issue_are_added(tmp_path):
    file = tmp_path / "more.csv"
    file.write_text(
        "actor,issue,position,salience,capability,assumption\n"
        "alliance,border,30,0.2,40,it said so\nalliance,force,60,0.4,25,larger than before\n"
    )
    new = import_stands(parse(new_case()), read_table(file))
    assert new.tree["stands"]["alliance"]["border"] == {
        "position": 30, "salience": 0.2, "assumption": "it said so"
    }  # fmt: skip
    assert new.case.stands["alliance"]["force"].assumption == "larger than before"
    by_issue = new.case.capability["alliance"].by_issue
    assert [by_issue[issue].value.central for issue in ("border", "force")] == [40, 25]


@ENDINGS
def test_texts_that_look_like_formulas_stay_texts(ending, tmp_path):
    text = new_case().replace("as large as its members will pay for", "'=HYPERLINK(\"http://x\")'")
    document = parse(text.replace("judgement of two experts", "'@both'"))
    file = tmp_path / f"stands.{ending}"
    table = written(document, file)
    assert list(table) == list(export(document))
    if ending == "csv":
        with file.open(newline="", encoding="utf-8-sig") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert '\'=HYPERLINK("http://x")' in cells
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    else:
        cells = [cell for row in openpyxl.load_workbook(file).active.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]


def test_semicolons_decimal_commas_and_other_names_are_read(tmp_path):
    file = tmp_path / "deu.csv"
    file.write_bytes("\ufeffPlayer;Issue;Position;Salience;Power\r\nÄrzte;Fee;10,5;0,8;100\r\n\r\n".encode())
    table = read_table(file)
    assert list(table) == [
        {"actor": "Ärzte", "issue": "Fee", "position": 10.5, "salience": 0.8, "capability": 100}
    ]
    assert table.lines == (2,)


HEAD = "actor,issue,position,salience,capability\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            HEAD + "north,border,5,80,1\n",
            r"row 2, column 'salience': The salience is 80: it runs from 0 to 1",
        ),
        (HEAD + "north,border,5,0.8,1,9\n", "row 2: The row has 6 cells, the header 5"),
        (HEAD + 'north,border,"1,234",0.8,1\n', "'1,234' can be read as thousands or as a fraction"),
        ("", "The table is empty"),
        ("actor,actor\nnorth,south\n", "Two columns are named 'actor'"),
        (HEAD + 'north,"border\n', "The table cannot be read"),
    ],
)
def test_tables_that_cannot_be_read(text, words, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(FileError, match=words):
        read_table(file)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            "nroth,border,5,0.8,1\n",
            r"row 2, column 'actor': There is no actor 'nroth'\. Did you mean 'north'\?",
        ),
        ("north,boarder,5,0.8,1\n", "column 'issue': There is no issue 'boarder'. Did you mean 'border'"),
        (
            "north,border,5,0.8,1\nnorth,border,6,0.8,1\n",
            "row 3, .*'north' on 'border' stands in row 2 already",
        ),
        ("north,border,5,much,1\n", "column 'salience': 'much' is not a number"),
        ("north,border,5,,1\n", "column 'salience': There is no salience"),
    ],
)
def test_rows_that_do_not_fit_the_case(rows, words, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(HEAD + rows)
    with pytest.raises(FileError, match=words):
        import_stands(parse(new_case()), read_table(file))


def test_a_range_needs_both_ends(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("actor,issue,position_low,position_high,salience,capability\nnorth,border,5,,0.5,1\n")
    with pytest.raises(FileError, match="column 'position_high': A range needs both of its ends"):
        import_stands(parse(new_case()), read_table(file))


def test_stands_that_would_be_wrong_are_refused(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(HEAD + "north,border,500,0.5,1\n")
    with pytest.raises(CaseError, match="The position of 'north' is 500, off the scale"):
        import_stands(parse(new_case()), read_table(file))


def test_formulas_in_a_workbook_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["actor", "issue", "position"])
    book.active.append(["north", "border", "=1+1"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(FileError, match="row 2, column C: The cell holds a formula"):
        read_table(tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("t.xlsx", b"no workbook", "The file is no XLSX workbook"),
        ("t.xlsx", b"PK\x03\x04broken", "The file is no XLSX workbook"),
        ("t.ods", b"x", "Give a name that ends in .csv or .tsv or .xlsx"),
        (
            "t.csv",
            "actor\nÄrzte\n".encode("cp1252"),
            "Byte 0xc4 is not UTF-8; in Windows-1252 it would be 'Ä'",
        ),
        ("t.csv", b"a\0b", "a NUL character"),
    ],
)
def test_files_that_are_no_tables(name, raw, words, tmp_path):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(FileError, match=words):
        read_table(tmp_path / name)


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="There is no such file"):
        read_table(tmp_path / "none.csv")


# --- a case from a table -------------------------------------------------------------------------

FEES = (
    "Actor;Issue;Position;Salience;Power\nÄrzte Verband;Fee;10,5;80;100\n"
    "Kassen;Fee;90;60;50\nKassen;Time;20;60;70\n"
)


def test_a_case_is_made_of_a_table(tmp_path):
    (tmp_path / "fees.csv").write_text(FEES, encoding="utf-8")
    table = read_table(tmp_path / "fees.csv", salience_per_cent=True)
    document = parse(case_from_table(table, "Fees: a case", name="fees", date="2025"))
    case = document.case
    assert list(case.actor) == ["arzte-verband", "kassen"]
    assert case.actor["arzte-verband"].name.into("en") == "Ärzte Verband"
    assert case.stands["arzte-verband"]["fee"].salience.value.central == 0.8
    assert case.stands["kassen"]["time"].assumption == "taken from the table fees.csv"
    assert case.capability["kassen"].on("time").value.central == 70
    assert {warning.code for warning in document.warnings} == {"no-reversion"}


def test_a_case_needs_its_columns_and_positions_on_the_scale(tmp_path):
    (tmp_path / "a.csv").write_text("actor,position,salience\na,1,1\n")
    with pytest.raises(FileError, match=r"no column 'capability'\. It has: actor, position, salience"):
        case_from_table(read_table(tmp_path / "a.csv"), "A")
    (tmp_path / "b.csv").write_text("actor,position,salience,power\na,400,1,1\n")
    with pytest.raises(
        FileError, match="row 2, column 'position': The position 400 is off the scale from 0 to 100"
    ):
        case_from_table(read_table(tmp_path / "b.csv"), "A")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ending=st.sampled_from(["csv", "xlsx"]),
    at=st.floats(0, 1),
    length=st.integers(0, 20),
    what=st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b"=", b"1e999", b"\r", b",", b"{low: 1}"])),
)
def test_any_piece_of_a_table_replaced_gives_a_case_or_an_error(ending, at, length, what, tmp_path):
    document = parse(new_case())
    file = tmp_path / f"stands.{ending}"
    write_table(document, file)
    raw = file.read_bytes()
    start = int(at * len(raw))
    file.write_bytes(raw[:start] + what + raw[start + length :])
    with contextlib.suppress(FileError, CaseError):
        read_again = import_stands(document, read_table(file))
        assert set(read_again.case.stands) >= set(document.case.stands)
