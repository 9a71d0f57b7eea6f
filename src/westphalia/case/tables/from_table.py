"""A new case from a long table as other tools have it: actor, issue, position, salience, capability."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from westphalia.case.schema import VERSION
from westphalia.case.tables.cells import Table, is_number
from westphalia.case.text import emit
from westphalia.errors import FileError
from westphalia.fields import ids_for

_NEEDED = ("actor", "position", "salience", "capability")


def case_from_table(
    table: Table,
    title: str,
    *,
    name: str = "my-case",
    date: str | None = None,
    scale: tuple[float, float] = (0.0, 100.0),
) -> str:
    """Return the text of a case that holds the stands of a table; each value is marked as an assumption.

    Parameters
    ----------
    table: columns actor, position, salience, capability and, if there are several, issue.
    title, name, date: of the case; the date is today unless given.
    scale: the ends of every issue's scale; what its points mean is left to be written.

    Raises
    ------
    FileError: a column or value is missing, or a position is off the scale; says row and column.
    """
    _check(table, scale)
    actors = ids_for(str(row["actor"]).strip() for row in table.rows)
    issues = ids_for(_issue(row) for row in table.rows)
    why = f"taken from the table {Path(table.name).name}"
    case = {
        "westphalia": VERSION,
        "id": name,
        "title": title,
        "question": "What will be agreed?",
        "date": date if date is not None else datetime.date.today().isoformat(),
        "actors": [{"id": actors[full], "name": full, "kind": "organisation"} for full in actors],
        "issues": [_issue_item(issues[full], full, scale) for full in issues],
        "stands": _stands(table, actors, issues, why),
        "capability": _capabilities(table, actors, issues, why),
    }
    head = "# Made from a table. Write what the points of the scales mean and what holds without agreement,\n"
    rest = "# give the actors their kinds, and replace assumptions by evidence.\n"
    return head + rest + emit.block(case, 0, "\n") + "\n"


def _check(table: Table, scale: tuple[float, float]) -> None:
    for column in _NEEDED:
        if column not in table.columns and f"{column}_low" not in table.columns:
            raise FileError(
                f"The table has no column '{column}'.",
                code="column-missing",
                where=f"{table.name}, row 1",
                hint=f"It has: {', '.join(table.columns)}.",
            )
    if not table.rows:
        raise FileError("The table has no rows.", code="empty", where=table.name)
    seen: set[tuple[str, str]] = set()
    for line, row in zip(table.lines, table.rows, strict=True):
        pair = (str(row.get("actor") or "").strip(), _issue(row))
        if not pair[0]:
            raise table.wrong(line, "actor", "There is no actor.")
        if pair in seen:
            raise table.wrong(line, "actor", f"'{pair[0]}' has a second row on '{pair[1]}'.")
        seen.add(pair)
        table.check_values(line, row)
        _check_scale(table, line, row, scale)


def _check_scale(table: Table, line: int, row: dict[str, Any], scale: tuple[float, float]) -> None:
    for column in ("position", "position_low", "position_high"):
        value = row.get(column)
        if value is not None and not is_number(value):
            raise table.wrong(line, column, f"'{value}' is not a number.")
        if value is not None and not scale[0] <= value <= scale[1]:
            message = f"The position {value:g} is off the scale from {scale[0]:g} to {scale[1]:g}."
            raise table.wrong(line, column, message, "Bring positions to that scale.")
    for column in ("salience", "capability"):
        if row.get(column) is None and row.get(f"{column}_low") is None:
            raise table.wrong(line, column, f"There is no {column}.", "Fill the cell or remove the row.")


def _issue(row: dict[str, Any]) -> str:
    return str(row.get("issue") or "outcome").strip()


def _issue_item(name: str, full: str, scale: tuple[float, float]) -> dict[str, Any]:
    low, high = (int(end) if float(end).is_integer() else float(end) for end in scale)
    return {"id": name, "question": full, "scale": {low: "the least", high: "the most"}}


def _value(row: dict[str, Any], name: str) -> Any:
    low, middle, high = row.get(f"{name}_low"), row.get(name), row.get(f"{name}_high")
    if low is None:
        return middle
    return {"low": low, "high": high} if middle is None else {"low": low, "mode": middle, "high": high}


def _stands(table: Table, actors: dict[str, str], issues: dict[str, str], why: str) -> dict[str, Any]:
    stands: dict[str, Any] = {actor: {} for actor in actors.values()}
    for row in table.rows:
        stand = {name: _value(row, name) for name in ("position", "salience")}
        stands[actors[str(row["actor"]).strip()]][issues[_issue(row)]] = {**stand, "assumption": why}
    return stands


def _capabilities(table: Table, actors: dict[str, str], issues: dict[str, str], why: str) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {actor: {} for actor in actors.values()}
    for row in table.rows:
        given[actors[str(row["actor"]).strip()]][issues[_issue(row)]] = _value(row, "capability")
    return {actor: _capability(by_issue, why) for actor, by_issue in given.items()}


def _capability(by_issue: dict[str, Any], why: str) -> dict[str, Any]:
    """Return one value where the table gives the same on all issues, else one for each."""
    backed = {issue: _backed(value, why) for issue, value in by_issue.items()}
    values = list(backed.values())
    return values[0] if all(value == values[0] for value in values) else {"by_issue": backed}


def _backed(value: Any, why: str) -> dict[str, Any]:
    return {**value, "assumption": why} if isinstance(value, dict) else {"value": value, "assumption": why}
