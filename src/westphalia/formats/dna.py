"""Files of the Discourse Network Analyzer (`.dna`, version 3) as cases.

A document becomes a source with its text, a statement a coded statement with its span, a concept an
issue, agreement with it (or a whole number) the place on its scale, and organisations and persons actors.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from westphalia.errors import suggest
from westphalia.formats.codings import LONGEST_GLOSS, Codings, case_of, line, span_of
from westphalia.formats.codings_texts import Offsets, Reading, unmarked
from westphalia.formats.databases import MAGIC
from westphalia.formats.dna_stands import Coded, Roles, add_coded
from westphalia.formats.dna_tables import Row, Tables, read_tables
from westphalia.formats.imported import Format, ImportedCase
from westphalia.formats.reports import refusal

_KINDS = {"short text": "DATASHORTTEXT", "boolean": "DATABOOLEAN", "integer": "DATAINTEGER"}


@dataclass(frozen=True)
class _Scheme:
    """A statement type that says who stands where on what: the ids of its variables."""

    person: int | None
    organization: int | None
    concept: int
    qualifier: int | None
    is_boolean: bool


def read_dna(path: str | Path, *, roles: Roles | None = None) -> ImportedCase:
    """Read a `.dna` file of version 3; `roles` says which variables hold actors, concept and side.

    Cost: one pass over each text for each way its offsets can be counted, and a hash for each span.

    Raises
    ------
    FileError: what `read_tables` raises; there are too many documents or statements; or no statement
        type has the variable that is to hold the concept.
    """
    path = Path(path)
    tables = read_tables(path)
    codings = Codings(f"Imported from {line(path.name)}", str(path))
    coders = {row["ID"]: line(row["Name"]) for row in tables["CODERS"]}
    texts = _sources(codings, tables, coders)
    schemes = _schemes(codings, tables, roles or Roles())
    values = _values(tables)
    coded = []
    for row in tables["STATEMENTS"]:
        scheme = schemes.get(row["StatementTypeId"])
        if scheme is not None and row["DocumentId"] in texts:
            coded.append(_coded(row, scheme, values.get(row["ID"], {}), texts, coders))
    add_coded(codings, coded)
    _account(codings, tables, len(coded))
    return case_of(codings)


# --- documents and their texts -------------------------------------------------------------------


# The program's text pane holds LF ends; offsets of older files may count the CR of the stored text too.
_READINGS = (Reading(in_units=True, is_joined=True), Reading(in_units=True, is_joined=False))


def _span(offsets: Offsets, start: int, stop: int) -> dict[str, Any] | None:
    place = offsets.place(start, stop)
    return None if place is None or offsets.kept is None else span_of(offsets.kept.text, *place)


def _sources(codings: Codings, tables: Tables, coders: dict[int, str]) -> dict[int, Offsets]:
    spans: dict[int, list[tuple[int, int]]] = {}
    for row in tables["STATEMENTS"]:
        spans.setdefault(row["DocumentId"], []).append((row["Start"], row["Stop"]))
    texts = {}
    for row in tables["DOCUMENTS"]:
        raw = row["Text"] if isinstance(row["Text"], str) else ""
        kept = codings.add_source(_source(row, coders), unmarked(raw)[0])
        texts[row["ID"]] = Offsets(raw, kept, _READINGS, spans.get(row["ID"], []))
        if not texts[row["ID"]].reading.is_joined:
            codings.ledger.change(f"In 'doc-{row['ID']}' offsets count CR and LF apart; they were moved.")
    codings.ledger.carry(f"Documents that became sources, their texts files in texts/: {len(texts)}.")
    return texts


def _source(row: Row, coders: dict[int, str]) -> dict[str, Any]:
    notes = {
        "section": line(row["Section"]),
        "notes": line(row["Notes"], LONGEST_GLOSS),
        "added by": coders.get(row["Coder"], ""),
    }
    return {
        "id": f"doc-{row['ID']}",
        "title": line(row["Title"]) or f"Document {row['ID']}",
        "kind": line(row["Type"]),
        "author": line(row["Author"]),
        "publisher": line(row["Source"]),
        "date": _day(row["Date"]),
        "rights": "Not stated in the file it was imported from.",
        "note": "; ".join(f"{name}: {text}" for name, text in notes.items() if text),
    }


def _day(seconds: int) -> str | None:
    """Return the day of a time in seconds since 1970, read as UTC; None beyond the calendar."""
    try:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment.date().isoformat()


# --- variables and values ------------------------------------------------------------------------


def _schemes(codings: Codings, tables: Tables, roles: Roles) -> dict[int, _Scheme]:
    """Return the schemes of the statement types that have the variable of the concept."""
    variables, statements = (_by_type(tables[name]) for name in ("VARIABLES", "STATEMENTS"))
    found: dict[int, _Scheme] = {}
    for kind in tables["STATEMENTTYPES"]:
        own, count = variables.get(kind["ID"], []), len(statements.get(kind["ID"], []))
        named = {line(row["Variable"]).casefold(): row for row in own if row["DataType"] in _KINDS}
        if roles.concept.casefold() not in named:
            if count:
                others = ", ".join(sorted(named)) or "long texts"
                codings.ledger.leave(
                    f"Statements of the type '{line(kind['Label'])}', which has no variable "
                    f"'{roles.concept}', only {others}: {count}."
                )
            continue
        ids = {name: row["ID"] for name, row in named.items()}
        side = roles.side({name: str(row["DataType"]) for name, row in named.items()})
        found[kind["ID"]] = _Scheme(
            roles.find(roles.person, ids),
            roles.find(roles.organization, ids),
            ids[roles.concept.casefold()],
            ids[side] if side is not None else None,
            side is not None and named[side]["DataType"] == "boolean",
        )
        _say_of_variables(codings, line(kind["Label"]), own, found[kind["ID"]])
    if not found:
        names = {line(row["Variable"]) for row in tables["VARIABLES"] if row["DataType"] == "short text"}
        message = f"No statement type has a variable '{roles.concept}'."
        raise refusal(message, codings.where, suggest(roles.concept, names), "unknown-variable")
    return found


def _by_type(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Return rows by the statement type that they belong to."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["StatementTypeId"], []).append(row)
    return found


def _say_of_variables(codings: Codings, label: str, own: Iterable[Row], scheme: _Scheme) -> None:
    used = {scheme.person, scheme.organization, scheme.concept, scheme.qualifier}
    left = sorted(line(row["Variable"]) for row in own if row["ID"] not in used)
    if left:
        codings.ledger.leave(f"Of the type '{label}' these variables were left out: {', '.join(left)}.")
    if scheme.qualifier is None:
        codings.ledger.leave(f"The type '{label}' has no variable that says a side; its issues are dropped.")


def _values(tables: Tables) -> dict[int, dict[int, Any]]:
    """Return what each statement says on each variable; an empty entity is a missing value."""
    entities = {row["ID"]: line(row["Value"]) for row in tables["ENTITIES"]}
    values: dict[int, dict[int, Any]] = {}
    for row in tables["DATASHORTTEXT"]:
        name = entities.get(row["Entity"], "")
        if name:
            values.setdefault(row["StatementId"], {})[row["VariableId"]] = name
    for table, points in (("DATABOOLEAN", 100), ("DATAINTEGER", 1)):
        for row in tables[table]:
            if isinstance(row["Value"], int) and abs(row["Value"]) <= 10**9:
                is_true = min(max(row["Value"], 0), 1) if table == "DATABOOLEAN" else row["Value"]
                values.setdefault(row["StatementId"], {})[row["VariableId"]] = points * is_true
    return values


def _coded(
    row: Row, scheme: _Scheme, values: dict[int, Any], texts: dict[int, Offsets], coders: dict[int, str]
) -> Coded:
    def text(variable: int | None) -> str | None:
        found = None if variable is None else values.get(variable)
        return found if isinstance(found, str) else None

    side = None if scheme.qualifier is None else values.get(scheme.qualifier)
    return Coded(
        id=f"s{row['ID']}",
        source=f"doc-{row['DocumentId']}",
        span=_span(texts[row["DocumentId"]], row["Start"], row["Stop"]),
        person=text(scheme.person),
        organization=text(scheme.organization),
        concept=text(scheme.concept),
        side=side if isinstance(side, int) else None,
        coder=coders.get(row["Coder"], ""),
        is_boolean=scheme.is_boolean,
    )


def _account(codings: Codings, tables: Tables, count: int) -> None:
    """Say what the file holds that a case does not."""
    ledger = codings.ledger
    orphans = sum(f"doc-{row['DocumentId']}" not in codings.sources for row in tables["STATEMENTS"])
    if orphans:
        ledger.leave(f"Statements of documents that are not in the file: {orphans}.")
    ledger.carry(f"Coders: {len(tables['CODERS'])}; each statement names the one who coded it.")
    told = {"REGEXES": "Regular expressions", "ATTRIBUTEVALUES": "Attributes of entities"}
    told["CODERRELATIONS"] = "Relations between coders"
    for table, what in told.items():
        if tables.counts.get(table):
            ledger.leave(f"{what}, which have no place in a case: {tables.counts[table]}.")
    texts = Counter(bool(str(row["Value"] or "").strip()) for row in tables["DATALONGTEXT"])
    if texts[True]:
        ledger.leave(f"Long texts (annotations), which have no place in a statement: {texts[True]}.")
    if count:
        ledger.leave("Colours, passwords and permissions are not read; times of day are dropped.")


DNA = Format(
    "dna",
    "Discourse Network Analyzer",
    (".dna",),
    "an SQLite database with the tables DOCUMENTS and STATEMENTS",
    lambda head: head.startswith(MAGIC) and b"STATEMENTTYPES" in head.upper(),
    read=read_dna,
)
