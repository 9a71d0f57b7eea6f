"""The stands of a case as a long table, one row an actor and issue, out and in again without loss.

`position`, `salience` and `capability` hold a number; a range has its ends in the columns beside
(`position_low`, `position_high`) and its mode, if any, in the middle. What three numbers cannot say
(experts, normal distributions, chances of options) is written in the column as the case file does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from westphalia.case.document import Document
from westphalia.case.schema import DERIVED, Capability, Position, Stand
from westphalia.case.tables.cells import Table, is_number, read_csv, read_xlsx, write_csv, write_xlsx
from westphalia.case.text import emit
from westphalia.case.text.nodes import Path
from westphalia.case.text.reading import compose
from westphalia.errors import CaseError, FileError, suggest
from westphalia.fields import Backed, Quantity

MEASURES = ("position", "salience", "capability")
_BACKING = ("evidence", "assumption", "note")
BASE = ("actor", "issue", *MEASURES)
COLUMNS = (
    "actor",
    "issue",
    *(f"{name}{part}" for name in MEASURES for part in ("", "_low", "_high")),
    *_BACKING,
    *(f"{name}_{part}" for name in MEASURES for part in _BACKING),
)
"""Every column in order; those of `BASE` are always there, the others where some row fills them."""


# --- out -----------------------------------------------------------------------------------------


def export(document: Document) -> Table:
    """Return the stands of a case as a table, in the order of the file."""
    case = document.case
    rows: list[dict[str, Any]] = []
    for actor, stands in case.stands.items():
        for issue, stand in stands.items():
            capability = case.capability.get(actor)
            rows.append({"actor": actor, "issue": issue, **_stand_cells(stand), **_weight(capability, issue)})
    filled = [name for name in COLUMNS if name in BASE or any(row.get(name) is not None for row in rows)]
    cells = tuple({name: row.get(name) for name in filled} for row in rows)
    return Table(document.name, tuple(filled), cells, tuple(range(2, len(rows) + 2)))


def write_table(document: Document, path: str | FilePath) -> None:
    """Write the stands of a case as CSV or XLSX, by the ending of the file's name.

    Raises
    ------
    FileError: another ending, or the file cannot be written.
    """
    file = FilePath(path)
    _by_ending(file, {".csv": write_csv, ".xlsx": write_xlsx})(export(document), file)


def _stand_cells(stand: Stand) -> dict[str, Any]:
    cells = _backing_cells(stand, "")
    cells |= _cells("position", position_plain(stand.position)) | _backing_cells(stand.position, "position_")
    cells |= _cells("salience", stand.salience.value.plain()) | _backing_cells(stand.salience, "salience_")
    return cells


def position_plain(position: Position) -> Any:
    """Return a position as the case file writes it, without its backing."""
    if position.shift:
        return {"value": position_plain(position.model_copy(update={"shift": 0.0})), "shift": position.shift}
    if position.is_derived:
        return DERIVED
    if position.choice is not None:
        chances = position.choice.chances
        return next(iter(chances)) if list(chances.values()) == [1.0] else {"chances": dict(chances)}
    return position.value.plain() if position.value is not None else None


def _weight(capability: Capability | None, issue: str) -> dict[str, Any]:
    quantity = capability.on(issue) if capability is not None else None
    if not isinstance(quantity, Quantity):
        return {}
    return _cells("capability", quantity.value.plain()) | _backing_cells(quantity, "capability_")


def _cells(name: str, value: Any) -> dict[str, Any]:
    """Return the cells of one value: a number, the ends of a range, or the text of the case file."""
    if isinstance(value, dict) and set(value) <= {"low", "mode", "high"}:
        return {name: value.get("mode"), f"{name}_low": value["low"], f"{name}_high": value["high"]}
    return {name: emit.flow(value) if isinstance(value, dict | list) else value}


def _backing_cells(backed: Backed, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}evidence": " ".join(backed.evidence) or None,
        f"{prefix}assumption": backed.assumption,
        f"{prefix}note": backed.note,
    }


# --- in ------------------------------------------------------------------------------------------


def read_table(path: str | FilePath, *, salience_per_cent: bool = False) -> Table:
    """Read a table from CSV (comma, semicolon or tab; decimal point or comma) or XLSX (first sheet).

    Parameters
    ----------
    path: the file.
    salience_per_cent: whether saliences are given from 0 to 100; they are never guessed to be.

    Raises
    ------
    FileError: missing, not a table, a formula where a value is needed, saliences above 1 without
        `salience_per_cent`; says row and column.
    """
    file = FilePath(path)
    if not file.is_file():
        raise FileError("There is no such file.", code="file-missing", where=str(file))
    table: Table = _by_ending(file, {".csv": read_csv, ".tsv": read_csv, ".xlsx": read_xlsx})(file)
    rows = tuple(
        _with_shares(table, line, row, salience_per_cent)
        for line, row in zip(table.lines, table.rows, strict=True)
    )
    return replace(table, rows=rows)


def _with_shares(table: Table, line: int, row: dict[str, Any], is_per_cent: bool) -> dict[str, Any]:
    """Return the row with its saliences from 0 to 1."""
    shares = dict(row)
    for name in ("salience", "salience_low", "salience_high"):
        value = row.get(name)
        if not is_number(value):
            continue
        if value > 1 and not is_per_cent:
            hint = "Divide saliences by 100, or say that they are per cent (--salience-per-cent)."
            raise table.wrong(line, name, f"The salience is {value:g}: it runs from 0 to 1.", hint)
        shares[name] = value / 100 if is_per_cent else value
    return shares


def _by_ending(path: FilePath, ways: Mapping[str, Any]) -> Any:
    way = ways.get(path.suffix.lower())
    if way is None:
        hint = f"Give a name that ends in {' or '.join(ways)}."
        raise FileError(f"'{path.name}' is no table.", code="not-a-table", where=str(path), hint=hint)
    return way


@dataclass(frozen=True)
class _Incoming:
    """A row of a table beside what the case has for the same actor and issue."""

    actor: str
    issue: str
    row: dict[str, Any]
    present: dict[str, Any]

    def get(self, name: str) -> Any:
        """Return the cell of the row, or what the case has where the table has no such column."""
        return self.row.get(name, self.present.get(name))

    def cells(self, measure: str) -> tuple[Any, Any, Any]:
        """Return the value, low and high of a measure; a row that gives any of them gives them all."""
        names = (measure, f"{measure}_low", f"{measure}_high")
        giver = self.row if any(self.row.get(name) is not None for name in names) else self.present
        return giver.get(names[0]), giver.get(names[1]), giver.get(names[2])

    def differs(self, measure: str) -> bool:
        """Return whether the row says something else of a measure, or of what backs it, than the case."""
        names = (measure, f"{measure}_low", f"{measure}_high")
        is_other = self.cells(measure) != tuple(self.present.get(name) for name in names)
        return is_other or any(self.has_other(f"{measure}_{part}") for part in _BACKING)

    def has_other(self, name: str) -> bool:
        """Return whether a cell of the row differs from what the case has."""
        return name in self.row and self.row[name] != self.present.get(name)


def import_stands(document: Document, table: Table) -> Document:
    """Return the case with the stands of the table; only what differs is touched.

    Stands that the table lacks stay. Rows for new pairs of actor and issue add stands.

    Raises
    ------
    FileError: a cell is wrong; says row and column.
    CaseError: the case would be wrong with the stands of the table.
    """
    present = {(row["actor"], row["issue"]): row for row in export(document).rows}
    incoming = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        pair = _pair(document, table, line, row)
        if pair in seen:
            message = f"'{pair[0]}' on '{pair[1]}' stands in row {seen[pair]} already."
            raise table.wrong(line, "actor", message, "Keep one of the rows.")
        seen[pair] = line
        table.check_values(line, row)
        incoming.append(_Incoming(*pair, row, present.get(pair, {})))
    changes: dict[Path, Any] = {}
    for each in incoming:
        changes |= _stand_changes(each)
    changes |= _capability_changes(document, incoming)
    return document.set_many(changes)


def _pair(document: Document, table: Table, line: int, row: dict[str, Any]) -> tuple[str, str]:
    case = document.case
    actor, issue = str(row.get("actor") or ""), str(row.get("issue") or "")
    if actor not in case.actor:
        raise table.wrong(line, "actor", f"There is no actor '{actor}'.", suggest(actor, case.actor))
    if issue not in case.issue:
        raise table.wrong(line, "issue", f"There is no issue '{issue}'.", suggest(issue, case.issue))
    return actor, issue


def _stand_changes(each: _Incoming) -> dict[Path, Any]:
    path: Path = ("stands", each.actor, each.issue)
    if not each.present:
        stand = {name: _quantity(each, name) for name in ("position", "salience")}
        return {path: {**stand, **_backing(each, "")}}
    changes: dict[Path, Any] = {}
    for name in ("position", "salience"):
        if each.differs(name):
            changes[(*path, name)] = _quantity(each, name)
    for name, value in _backing(each, "", keep_empty=True).items():
        if each.has_other(name):
            changes[(*path, name)] = value
    return changes


def _backing(each: _Incoming, prefix: str, *, keep_empty: bool = False) -> dict[str, Any]:
    evidence = str(each.get(f"{prefix}evidence") or "").replace(",", " ").split()
    found: dict[str, Any] = {
        "evidence": evidence,
        "assumption": each.get(f"{prefix}assumption"),
        "note": each.get(f"{prefix}note"),
    }
    return {name: value for name, value in found.items() if value or keep_empty}


def _quantity(each: _Incoming, name: str) -> Any:
    """Return a value with its backing as the case file writes it."""
    value, backing = _value(each, name), _backing(each, f"{name}_")
    if not backing:
        return value
    return {**value, **backing} if isinstance(value, dict) else {"value": value, **backing}


def _value(each: _Incoming, name: str) -> Any:
    middle, low, high = each.cells(name)
    if low is not None and high is not None:
        return {"low": low, "high": high} if middle is None else {"low": low, "mode": middle, "high": high}
    if isinstance(middle, str) and middle.startswith(("{", "[")):
        return parsed(middle)
    return middle


def parsed(text: str) -> Any:
    """Return the plain value of a cell that is written as in the case file; the text if it is none."""
    try:
        places, findings = compose(f"value: {text}", "cell")
    except CaseError:
        return text
    return text if findings else places.root.items[0].plain()


def _capability_changes(document: Document, incoming: Iterable[_Incoming]) -> dict[Path, Any]:
    """Return the changes of capability: overall where all rows of an actor agree, by issue otherwise."""
    by_actor: dict[str, dict[str, Any]] = {}
    changed = set()
    for each in incoming:
        if each.cells("capability") == (None, None, None):
            continue
        by_actor.setdefault(each.actor, {})[each.issue] = _quantity(each, "capability")
        if each.differs("capability"):
            changed.add(each.actor)
    return {
        path: value
        for actor in by_actor
        if actor in changed
        for path, value in _capability_of(document, actor, by_actor[actor]).items()
    }


def _capability_of(document: Document, actor: str, by_issue: dict[str, Any]) -> dict[Path, Any]:
    old = document.case.capability.get(actor)
    path: Path = ("capability", actor)
    values = list(by_issue.values())
    covers_all = set(document.case.stands.get(actor, {})) <= set(by_issue)
    if all(value == values[0] for value in values) and (old is None or (covers_all and not old.by_issue)):
        return {path: values[0]}
    if old is None:
        return {path: {"by_issue": by_issue}}
    plain = document.tree["capability"][_raw_key(document.tree["capability"], actor)]
    is_split = isinstance(plain, dict) and plain and set(plain) <= {"overall", "by_issue"}
    split = dict(plain) if is_split else {"overall": plain}
    return {path: {**split, "by_issue": {**(split.get("by_issue") or {}), **by_issue}}}


def _raw_key(mapping: Mapping[Any, Any], name: str) -> Any:
    return next(key for key in mapping if str(key) == name)
