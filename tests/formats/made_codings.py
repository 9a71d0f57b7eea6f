"""Made files of codings: a small discourse of invented parties, with letters that count as two."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from westphalia.case.document import Document, parse
from westphalia.case.text import emit
from westphalia.errors import FileError
from westphalia.formats.imported import ImportedCase, Outgoing

SCHEMA = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT, Red INTEGER, Green INTEGER, Blue INTEGER,
  Password TEXT);
CREATE TABLE CODERRELATIONS(ID INTEGER PRIMARY KEY, Coder INTEGER, TargetCoder INTEGER);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT,
  Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
CREATE TABLE REGEXES(Label TEXT PRIMARY KEY, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER,
  Stop INTEGER, Coder INTEGER);
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER,
  Blue INTEGER, ChildOf INTEGER);
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY, EntityId INTEGER, AttributeVariableId INTEGER,
  AttributeValue TEXT);
INSERT INTO SETTINGS VALUES ('version', '3.1.1');
INSERT INTO CODERS VALUES (1, 'First reader', 0, 0, 0, 'hash'), (2, 'Second reader', 0, 0, 0, 'hash');
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 239, 208, 51), (2, 'Annotation', 1, 2, 3);
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
  (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2);
INSERT INTO ENTITIES VALUES (1, 1, '', 0, 0, 0, NULL), (2, 2, '', 0, 0, 0, NULL), (3, 3, '', 0, 0, 0, NULL);
INSERT INTO REGEXES VALUES ('tariff', 1, 2, 3);
"""

NOON = 1_739_361_600
"""2025-02-12, 12:00 UTC."""


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Dna:
    """A `.dna` file in the making."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = sqlite3.connect(path)
        self.base.execute("PRAGMA synchronous = OFF")
        self.base.executescript(SCHEMA)
        self.texts: dict[int, str] = {}

    def run(self, sql: str, *values: object) -> None:
        self.base.execute(sql, values)

    def document(self, text: str, title: str = "A report", shown: str | None = None) -> int:
        number = len(self.texts) + 1
        self.texts[number] = shown if shown is not None else text
        row = (number, title, text, 1, "An author", "A paper", "Politics", "", "article", NOON)
        self.run("INSERT INTO DOCUMENTS VALUES (?,?,?,?,?,?,?,?,?,?)", *row)
        return number

    def entity(self, variable: int, value: str) -> int:
        found = self.base.execute(
            "SELECT ID FROM ENTITIES WHERE VariableId = ? AND Value = ?", (variable, value)
        ).fetchone()
        if found is None:
            sql = "INSERT INTO ENTITIES (VariableId, Value) VALUES (?, ?)"
            return int(self.base.execute(sql, (variable, value)).lastrowid or 0)
        return int(found[0])

    def statement(
        self,
        document: int,
        words: str,
        person: str = "",
        organization: str = "",
        concept: str = "",
        agreement: int | None = None,
        coder: int = 1,
        kind: int = 1,
    ) -> int:
        text = self.texts[document]
        at = text.index(words)
        start, stop = utf16(text[:at]), utf16(text[: at + len(words)])
        sql = "INSERT INTO STATEMENTS (StatementTypeId, DocumentId, Start, Stop, Coder) VALUES (?,?,?,?,?)"
        number = int(self.base.execute(sql, (kind, document, start, stop, coder)).lastrowid or 0)
        for variable, value in enumerate((person, organization, concept), 1):
            sql = "INSERT INTO DATASHORTTEXT (StatementId, VariableId, Entity) VALUES (?,?,?)"
            self.run(sql, number, variable, self.entity(variable, value))
        if agreement is not None:
            sql = "INSERT INTO DATABOOLEAN (StatementId, VariableId, Value) VALUES (?,4,?)"
            self.run(sql, number, agreement)
        return number

    def done(self) -> Path:
        self.base.commit()
        self.base.close()
        return self.path


def archive(path: Path, entries: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> Path:
    """Write a zip file of names and contents."""
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in pairs:
            made.writestr(name, content)
    return path


def document_of(imported: ImportedCase, folder: Path) -> Document:
    """Save what an import gives as a case in a folder, as `westphalia import` does, and check it."""
    tree = {"westphalia": 1, "id": "imported", "date": "2025", **imported.tree}
    for name, raw in imported.beside.items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(raw)
    return parse(emit.block(tree, 0, "\n") + "\n", "imported")


def outgoing_of(
    folder: Path,
    texts: Mapping[str, str],
    statements: list[dict[str, Any]],
    pretend: Mapping[str, str] | None = None,
) -> Outgoing:
    """Return a case of two parties on its way out; `pretend` are the texts its sources were coded from."""
    shelf = folder / "shelf"
    shelf.mkdir(exist_ok=True)
    sources = []
    for name, text in texts.items():
        (shelf / f"{name}.txt").write_bytes(text.encode())
        coded = (pretend or texts)[name]
        sha256 = hashlib.sha256(coded.encode()).hexdigest()
        held = {"file": f"{name}.txt", "sha256": sha256, "characters": len(coded)}
        sources.append({"id": name, "title": "A report", "date": "2025-02", **held})
    tree = {
        "title": "Two parties",
        "sources": sources,
        "actors": [
            {"id": "north", "name": "The North", "kind": "state"},
            {"id": "south", "name": {"en": "The South", "de": "Der Süden"}, "kind": "state"},
        ],
        "issues": [
            {"id": "border", "question": "Where will the border run?", "scale": {0: "south", 100: "north"}}
        ],
        "statements": statements,
    }
    return Outgoing(tree, xr.Dataset(), "made", sources=shelf)


def read_or_refused(read: Callable[[], Document]) -> None:
    """Assert that a file is read as a sound case, or refused with a reason and a place."""
    try:
        told = list(read().warnings)
    except FileError as error:
        told = [error] if not (error.message and error.where) else []
    assert [str(one) for one in told if getattr(one, "severity", "error") == "error"] == []
