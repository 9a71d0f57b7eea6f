"""Event lists of the Discourse Network Analyzer (CSV): one row a statement, without the documents' texts.

The program writes them with semicolons and turns the semicolons of the text into commas and its double
quotation marks into single ones, so the words of a row are not surely those of the text: they are kept
for the reader's eyes and no hash is made of them.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from westphalia.dossier.words import Words, words_content
from westphalia.errors import suggest
from westphalia.formats.codings import LONGEST_GLOSS, Codings, case_of, line
from westphalia.formats.dna_stands import Coded, Roles, add_coded
from westphalia.formats.imported import Format, ImportedCase
from westphalia.formats.raw import bytes_of, text_of
from westphalia.formats.reports import refusal

_OWN = (
    "statement id",
    "time",
    "document id",
    "document title",
    "author",
    "source",
    "section",
    "type",
    "text",
)
_NEEDED = ("statement id", "document id")
_BOOLEANS = {"0": 0, "1": 100, "false": 0, "true": 100, "no": 0, "yes": 100}
_LARGEST = 10**9

Row = dict[str, str]


def read_dna_events(path: str | Path, *, roles: Roles | None = None) -> ImportedCase:
    """Read an event list as CSV; `roles` says which columns hold actors, concept and side.

    Raises
    ------
    FileError: the file cannot be read, is no event list, or a row of it is wrong; says the row.
    """
    path, roles = Path(path), roles or Roles()
    rows = list(_rows(path))
    columns = list(rows[0][1]) if rows else []
    if roles.concept.casefold() not in columns:
        variables = [name for name in columns if name not in _OWN]
        message = f"There is no column '{roles.concept}'."
        raise refusal(message, str(path), suggest(roles.concept, variables), "column-missing")
    codings = Codings(f"Imported from {line(path.name)}", str(path))
    kinds = _kinds(rows, columns)
    side = roles.side(kinds)
    is_boolean = side is None or kinds[side] == "boolean"
    coded = []
    words = {}
    for where, row in rows:
        _add_source(codings, row, where)
        coded.append(_coded(row, roles, side, is_boolean, where))
        words[coded[-1].id] = Words(row.get("text", ""), "", "")
    add_coded(codings, coded)
    codings.beside["case.words.json"] = words_content(words)
    _account(codings, [name for name in columns if name not in {*_OWN, "coder", side}], roles)
    return case_of(codings)


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield the rows with their places; names of columns in lower case, with blanks."""
    where = str(path)
    text = text_of(bytes_of(path), where)
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [" ".join(name.casefold().replace("_", " ").split()) for name in next(reader)]
        for needed in _NEEDED:
            if needed not in names:
                hint = f"An event list has the columns {', '.join(_OWN)} and the variables."
                raise refusal(f"There is no column '{needed}'.", f"{where}:1", hint, "column-missing")
        for cells in reader:
            if len(cells) != len(names) and cells:
                message = f"The row has {len(cells)} cells, the first row {len(names)}."
                hint = "Mend the quotation marks, or export the list anew."
                raise refusal(message, f"{where}:{reader.line_num}", hint, "bad-row")
            if cells:
                yield f"{where}:{reader.line_num}", dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise refusal(f"This is no CSV: {error}.", f"{where}:{reader.line_num}", code="bad-csv") from None


def _number(row: Row, column: str, where: str) -> int:
    text = row[column].strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise refusal(f"The {column} is '{text:.40}', no whole number.", where, code="bad-row")
    return int(text)


def _add_source(codings: Codings, row: Row, where: str) -> None:
    number = _number(row, "document id", where)
    name = f"doc-{number}"
    if name in codings.sources:
        return
    section = line(row.get("section"))
    source = {
        "id": name,
        "title": line(row.get("document title")) or f"Document {number}",
        "kind": line(row.get("type")),
        "author": line(row.get("author")),
        "publisher": line(row.get("source")),
        "date": _day(row.get("time", ""), where),
        "note": f"section: {section}" if section else "",
    }
    codings.add_source(source, None)


def _day(time: str, where: str) -> str | None:
    if not time.strip():
        return None
    try:
        return datetime.date.fromisoformat(time.strip()[:10]).isoformat()
    except ValueError:
        message, hint = f"The time is '{time:.40}', no date.", "Dates are written 2025-02-12 12:00:00."
        raise refusal(message, where, hint, "bad-row") from None


def _kinds(rows: list[tuple[str, Row]], columns: list[str]) -> dict[str, str]:
    """Return what kind of data each variable holds, as far as its cells tell."""
    kinds = {}
    for name in columns:
        cells = {row[name].strip().casefold() for _, row in rows} - {""}
        if name not in _OWN and cells <= set(_BOOLEANS):
            kinds[name] = "boolean"
        elif name not in _OWN and all(_whole(cell) is not None for cell in cells):
            kinds[name] = "integer"
    return kinds


def _whole(cell: str) -> int | None:
    digits = cell.removeprefix("-")
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(cell) if is_whole and abs(int(cell)) <= _LARGEST else None


def _coded(row: Row, roles: Roles, side: str | None, is_boolean: bool, where: str) -> Coded:
    def value(name: str) -> str | None:
        return line(roles.find(name, row)) or None

    cell = "" if side is None else row[side].strip().casefold()
    return Coded(
        id=f"s{_number(row, 'statement id', where)}",
        source=f"doc-{_number(row, 'document id', where)}",
        span=None,
        person=value(roles.person),
        organization=value(roles.organization),
        concept=value(roles.concept),
        side=_BOOLEANS.get(cell) if is_boolean else _whole(cell),
        coder=line(row.get("coder"), LONGEST_GLOSS),
        is_boolean=is_boolean,
    )


def _account(codings: Codings, others: list[str], roles: Roles) -> None:
    used: set[Any] = {roles.person, roles.organization, roles.concept, "organisation", "start", "stop"}
    left = [name for name in others if name not in {str(name).casefold() for name in used}]
    if left:
        codings.ledger.leave(f"These columns were left out: {', '.join(left)}.")
    codings.ledger.leave(
        "An event list holds no texts, so statements have no spans; the words it quotes are in "
        "case.words.json, with semicolons and quotation marks as the program changed them."
    )


def _is_list(head: bytes) -> bool:
    first = head.partition(b"\n")[0].lower().replace(b"_", b" ")
    return b"statement id" in first and b"document id" in first


DNA_EVENTS = Format(
    "dna-events",
    "Discourse Network Analyzer, event list",
    (".csv",),
    "a first row with the columns 'statement ID' and 'document ID'",
    _is_list,
    read=read_dna_events,
)
