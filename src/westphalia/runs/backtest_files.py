"""Reading past decisions: issues.csv and power.csv of a folder, or which line is wrong and why."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from westphalia.case.text.reading import decode
from westphalia.errors import CaseError, FileError, suggest
from westphalia.labels import ACTOR, ISSUE, described
from westphalia.methods.arrays import Array

CAPABILITY = ("capability", "shapleyshubik", "weight")
"""Columns of power.csv that can hold capability; of each wave the first that has any figure counts."""

MOST_CELLS = 20_000_000
"""Most cells (actors × issues) that are read."""

_OF_ISSUE = {"issue", "proposal", "outcome", "rp", "scale_low", "scale_high"}
_POSITION, _SALIENCE = "p_", "s_"


@dataclass(frozen=True)
class PastIssues:
    """Issues with their inputs and outcomes, and what the files say of them besides.

    `inputs` holds `position`, `salience`, `capability` and `has_stand` (actor, issue), `scale_low`,
    `scale_high`, `reversion`, `has_reversion` and `known_outcome` (issue; NaN where it is not known),
    and for methods that ask for it `is_required`, `no_deal` and `has_no_deal` (actor): all are
    required, none states a no deal. `proposal` is (issue); `columns` the other columns of issues.csv,
    (issue) each. `notices` are sentences on what was taken for granted.
    """

    inputs: xr.Dataset
    proposal: Array
    columns: dict[str, tuple[str, ...]]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def number(self, line: int, row: dict[str, str], column: str, low: float, high: float) -> float:
        """Return the number of a cell, NaN where it is empty."""
        text = row.get(column, "").strip()
        if not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            allowed = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
            raise self.wrong(line, f"'{column}' is {text!r}.", f"Write a number {allowed}, or nothing.")
        return value

    def wrong(self, line: int, message: str, hint: str = "") -> FileError:
        return FileError(message, code="bad-cell", where=f"{self.file}, line {line}", hint=hint)

    def has(self, *columns: str) -> None:
        for column in columns:
            if column not in self.columns:
                message = f"There is no column '{column}'."
                hint = suggest(column, self.columns)
                raise FileError(message, code="column-missing", where=self.file, hint=hint)


def read_past(folder: Path) -> PastIssues:
    """Read issues.csv and power.csv of a folder; their form is described in docs/backtest.md.

    Raises
    ------
    FileError: a file or column is missing, or a cell is wrong; says which line and why.
    """
    issues, power = _sheet(folder / "issues.csv"), _sheet(folder / "power.csv")
    issues.has("issue", "proposal", "outcome")
    actors = [name[2:] for name in issues.columns if name.startswith(_POSITION) and len(name) > 2]
    issues.has(*(f"{_SALIENCE}{actor}" for actor in actors))
    if not actors or not issues.rows:
        raise FileError("It holds no issue with positions.", code="empty", where=issues.file)
    if len(actors) * len(issues.rows) > MOST_CELLS:
        raise FileError("It holds too many issues and actors.", code="too-large", where=issues.file)
    names = _names(issues)
    arrays = _cells(issues, actors)
    arrays["capability"], notices = _capability(issues, power, actors, arrays["has_stand"])
    own = {f"{kind}{actor}" for actor in actors for kind in (_POSITION, _SALIENCE)} | _OF_ISSUE
    data: dict[str, Any] = {name: ((ACTOR, ISSUE), array) for name, array in arrays.items()}
    data |= {name: (ISSUE, array) for name, array in _ends(issues).items()}
    data |= {
        "is_required": (ACTOR, np.ones(len(actors), dtype=bool)),
        "no_deal": (ACTOR, np.zeros(len(actors))),
        "has_no_deal": (ACTOR, np.zeros(len(actors), dtype=bool)),
    }
    inputs = described(xr.Dataset(data, coords={ACTOR: actors, ISSUE: names}))
    _fits(issues, inputs)
    columns = {
        name: tuple(row.get(name, "") for _, row in issues.rows) for name in issues.columns if name not in own
    }
    return PastIssues(inputs, np.array([row["proposal"] for _, row in issues.rows]), columns, notices)


def _sheet(path: Path) -> _Sheet:
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "A folder of past decisions holds issues.csv and power.csv."
        raise FileError(
            f"It cannot be read: {reason}.", code="file-unreadable", where=str(path), hint=hint
        ) from None
    except CaseError as error:
        first = error.findings[0]
        raise FileError(first.message, code=first.code, where=str(first.place), hint=first.hint) from None
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        raise FileError(f"The table cannot be read: {error}.", code="bad-csv", where=str(path)) from None
    if not lines:
        raise FileError("The table is empty.", code="empty", where=str(path))
    columns = tuple(cell.strip() for cell in lines[0][1])
    if len(set(columns)) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        raise FileError(f"Two columns are named '{twice}'.", code="bad-header", where=str(path))
    for line, cells in lines[1:]:
        if len(cells) != len(columns):
            message = f"The row has {len(cells)} cells, the header {len(columns)}."
            raise FileError(message, code="bad-row", where=f"{path}, line {line}")
    rows = tuple((line, dict(zip(columns, cells, strict=True))) for line, cells in lines[1:])
    return _Sheet(str(path), columns, rows)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number; empty lines and those that begin with # are left out."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, next(csv.reader([line], strict=True))


def _names(issues: _Sheet) -> list[str]:
    seen: set[str] = set()
    for line, row in issues.rows:
        for column in ("issue", "proposal"):
            if not row[column].strip():
                raise issues.wrong(line, f"'{column}' is empty.", "Each issue needs its name and proposal.")
        if row["issue"] in seen:
            raise issues.wrong(line, f"The issue '{row['issue']}' stands there twice.")
        seen.add(row["issue"])
    return [row["issue"] for _, row in issues.rows]


def _cells(issues: _Sheet, actors: list[str]) -> dict[str, Array]:
    """Return positions, saliences (0 to 1) and stands, (actor, issue); a stand needs both numbers."""
    position, salience = (
        np.array(
            [
                [issues.number(line, row, f"{kind}{actor}", *span) for line, row in issues.rows]
                for actor in actors
            ]
        )
        for kind, span in ((_POSITION, (-1e12, 1e12)), (_SALIENCE, (0.0, 100.0)))
    )
    has_stand = np.isfinite(position) & np.isfinite(salience)
    return {
        "position": np.where(has_stand, position, 0.0),
        "salience": np.where(has_stand, salience / 100, 0.0),
        "has_stand": has_stand,
    }


def _ends(issues: _Sheet) -> dict[str, Array]:
    """Return scale, reversion and outcome, (issue); a scale goes from 0 to 100 unless said otherwise."""
    read = {
        column: np.array([issues.number(line, row, column, -1e12, 1e12) for line, row in issues.rows])
        for column in ("scale_low", "scale_high", "rp", "outcome")
    }
    return {
        "scale_low": np.nan_to_num(read["scale_low"], nan=0.0),
        "scale_high": np.nan_to_num(read["scale_high"], nan=100.0),
        "reversion": np.nan_to_num(read["rp"], nan=0.0),
        "has_reversion": np.isfinite(read["rp"]),
        "known_outcome": read["outcome"],
    }


def _fits(issues: _Sheet, inputs: xr.Dataset) -> None:
    """Refuse a scale that does not rise, and what lies off its scale."""
    low, high = inputs["scale_low"].values, inputs["scale_high"].values
    counts = inputs["has_stand"].values
    for at, (line, _) in enumerate(issues.rows):
        if not low[at] < high[at]:
            raise issues.wrong(line, f"The scale from {low[at]:g} to {high[at]:g} is empty.")
        stands = inputs["position"].values[counts[:, at], at]
        known = [inputs["known_outcome"].values[at]]
        if inputs["has_reversion"].values[at]:
            known.append(inputs["reversion"].values[at])
        for value in (*known, *stands):
            if value < low[at] or value > high[at]:
                hint = "Positions, rp and outcome lie on the scale (0 to 100 without scale_low, scale_high)."
                raise issues.wrong(line, f"{value:g} lies off the scale.", hint)


def _capability(
    issues: _Sheet, power: _Sheet, actors: list[str], has_stand: Array
) -> tuple[Array, tuple[str, ...]]:
    """Return capability (actor, issue) by the issue's wave, and who counts as the strongest of a wave."""
    by_wave = _by_wave(power)
    table = np.zeros((len(actors), len(issues.rows)))
    assumed: dict[str, None] = {}
    for at, (line, row) in enumerate(issues.rows):
        wave = row.get("wave", "") if "wave" in power.columns else ""
        if wave not in by_wave:
            message = f"{power.file} has no capability for wave '{wave}'."
            raise issues.wrong(line, message, suggest(wave, by_wave))
        known = by_wave[wave]
        for place in np.flatnonzero(has_stand[:, at]):
            if actors[place] not in known:
                assumed[actors[place]] = None
            table[place, at] = known.get(actors[place], max(known.values()))
    if not assumed:
        return table, ()
    names = ", ".join(assumed)
    return table, (f"Without a capability of their own, {names} count as the strongest of their wave.",)


def _by_wave(power: _Sheet) -> dict[str, dict[str, float]]:
    power.has("actor")
    columns = [column for column in CAPABILITY if column in power.columns]
    if not columns:
        power.has(CAPABILITY[0])
    read: dict[str, dict[str, dict[str, float]]] = {}
    for line, row in power.rows:
        wave = read.setdefault(row.get("wave", ""), {column: {} for column in columns})
        for column in columns:
            value = power.number(line, row, column, 0.0, math.inf)
            if math.isfinite(value):
                wave[column][row["actor"]] = value
    return {
        wave: next(figures for figures in found.values() if figures)
        for wave, found in read.items()
        if any(found.values())
    }
