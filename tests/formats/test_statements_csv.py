"""The tidy table: everything coded, a row for each thing a statement is about, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from westphalia.case.document import read
from westphalia.dossier.schema import Statement
from westphalia.formats.codings_own import statement_of
from westphalia.formats.imported import Outgoing
from westphalia.formats.known import find_format
from westphalia.formats.statements_csv import COLUMNS, rows_of, safe, write_statements_csv
from westphalia.formats.web_annotation import read_web_annotation
from westphalia.formats.web_annotation_writing import write_web_annotation

FLAGSHIP = Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02"
WHOLE: dict[str, Any] = {
    "id": "s1",
    "source": "report",
    "span": {"start": 4, "end": 20, "words": "0123456789abcdef", "sentence": 2, "first": "01234567"},
    "speaker": "north",
    "tellers": ["gazette", "agency"],
    "addressee": ["south"],
    "mode": "hearsay",
    "kind": "offer",
    "about": [
        {"actor": "north", "issue": "tax", "value": {"low": 10, "high": 30}},
        {"issue": "border", "option": "open"},
        {"event": "talks"},
    ],
    "date": {"at": "2025-02", "inferred": "month of the paper", "words": {"start": 40, "end": 48}},
    "gloss": {"en": "North would settle.", "de": "Der Norden lenkte ein."},
    "loaded": [{"span": {"start": 5, "end": 9}, "note": "scornful"}],
    "supports": ["s2"],
    "breaks": ["s3", "pact"],
    "refers_to": "letter",
    "coder": "Anna B.",
    "status": "disputed",
    "note": "=1+1",
}
TREE: dict[str, Any] = {
    "title": "Talks",
    "sources": [{"id": "report", "title": "A report", "date": "2025-02-14", "sha256": "0" * 64}],
    "actors": [
        {"id": "north", "name": "North", "kind": "state"},
        {"id": "south", "name": "South", "kind": "state"},
    ],
    "issues": [{"id": "tax", "question": "Tax?", "scale": {0: "none", 100: "all"}}],
    "statements": [WHOLE, {**WHOLE, "id": "s2", "about": [], "status": "rejected", "coder": "Bert"}],
}


def written(tree: dict[str, Any], path: Path) -> list[dict[str, str]]:
    write_statements_csv(Outgoing(tree, xr.Dataset(), "made"), path)
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_row_for_each_thing_a_statement_is_about_with_all_its_fields(tmp_path: Path) -> None:
    rows = written(TREE, tmp_path / "coded.csv")
    assert [(row["statement"], row["row"], row["rows"]) for row in rows] == [
        ("s1", "1", "3"),
        ("s1", "2", "3"),
        ("s1", "3", "3"),
        ("s2", "1", "1"),
    ]
    first, second, third, last = rows
    shared = {
        "source_title": "A report", "source_date": "2025-02-14", "start": "4", "end": "20", "sentence": "2",
        "hash_words": "0123456789abcdef", "hash_first": "01234567", "hash_after": "", "speaker": "north",
        "tellers": "gazette agency", "addressee": "south", "mode": "hearsay", "kind": "offer",
        "date_at": "2025-02", "date_inferred": "month of the paper", "date_start": "40", "date_end": "48",
        "gloss": "North would settle.", "supports": "s2", "breaks": "s3 pact", "refers_to": "letter",
        "coder": "Anna B.", "status": "disputed", "note": "'=1+1",
    }  # fmt: skip
    for row in (first, second, third):
        assert {name: row[name] for name in shared} == shared
    assert (first["about_issue"], first["about_low"], first["about_high"]) == ("tax", "10.0", "30.0")
    assert (second["about_option"], third["about_event"]) == ("open", "talks")
    assert (last["status"], last["coder"], last["about_issue"]) == ("rejected", "Bert", "")
    assert "scornful" in first["loaded"]
    assert "Der Norden" in first["gloss_languages"]


def test_every_field_of_a_statement_has_a_column() -> None:
    whole = Statement.model_validate(WHOLE)
    [row, *_] = rows_of([whole])
    assert set(row) <= set(COLUMNS)
    covered = {"id": "statement", "span": "start", "about": "about_issue", "date": "date_at"}
    assert {covered.get(name, name) for name in Statement.model_fields} <= set(COLUMNS)


@given(st.text(max_size=20), st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "|", "%", "'"]))
def test_no_text_can_be_taken_for_a_formula(text: str, sign: str) -> None:
    assert safe(sign + text).startswith("'")
    cell = safe(text)
    assert cell in (text, f"'{text}")
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))


def test_numbers_stay_numbers_also_below_zero() -> None:
    assert (safe(-3.5), safe(0), safe(None), safe(True)) == ("-3.5", "0", "", "True")


def test_the_flagship_comes_out_whole(tmp_path: Path) -> None:
    document = read(FLAGSHIP)
    rows = written(document.tree, tmp_path / "coded.csv")
    statements = document.case.statements
    assert [row["statement"] for row in rows if row["row"] == "1"] == [one.id for one in statements]
    assert len(rows) == sum(max(1, len(one.about)) for one in statements)
    assert {row["status"] for row in rows} == {"accepted"}
    assert all(row["hash_words"] for row in rows if row["start"])


def test_it_is_a_format_that_is_written_only() -> None:
    found = find_format("statements")
    assert (found.read, found.write, found.sniff(b"statement,row,rows")) == (
        None,
        write_statements_csv,
        False,
    )


@pytest.mark.parametrize("status", ["suggested", "accepted", "rejected", "disputed"])
def test_a_web_annotation_carries_coder_and_status_out_and_in(tmp_path: Path, status: str) -> None:
    tree = {
        **TREE,
        "statements": [{**WHOLE, "status": status, "supports": [], "refers_to": None, "breaks": []}],
    }
    path = tmp_path / "out.jsonld"
    write_web_annotation(Outgoing(tree, xr.Dataset(), "made"), path)
    [back] = read_web_annotation(path).tree["statements"]
    assert (back["coder"], back.get("status", "accepted")) == ("Anna B.", status)
    assert statement_of({**back}) is not None
