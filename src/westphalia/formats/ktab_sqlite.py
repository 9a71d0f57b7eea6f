"""Results of KTAB in SQLite: the positions of all turns, and the scenario that they began with."""

from __future__ import annotations

import csv
import io
import math
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from westphalia.errors import suggest
from westphalia.formats.databases import MAGIC, Cell, columns_of, opened, rows_of
from westphalia.formats.imported import Format, ImportedCase, Ledger
from westphalia.formats.ktab import PARAMETERS, Actor, Scenario, actor_of, case_of, check_scenario
from westphalia.formats.raw import LARGEST_NUMBER, label_of
from westphalia.formats.reports import refusal
from westphalia.formats.stakes import percent
from westphalia.labels import ACTOR, ISSUE, ROUND, described

if TYPE_CHECKING:
    import xarray as xr

LARGEST_FILE = 4_000_000_000
MOST_ROWS = 1_000_000
PATH_FILE = "ktab-path.csv"
_PARAMETER_COLUMNS = {"PCEModel": "ProbCondorcetElection", "StateTransitions": "StateTransition"}
_SETTLED = 10
"""Decimals kept of what KTAB divided or multiplied by 100."""

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Key = tuple[int, ...]


class _Run:
    """The rows of one scenario of a file."""

    def __init__(
        self, database: sqlite3.Connection, where: str, scenario: str | None, ledger: Ledger
    ) -> None:
        self.database = database
        self.where = where
        self.name, self.about, self.id = self._chosen(scenario, ledger)

    def _chosen(self, wanted: str | None, ledger: Ledger) -> tuple[str, str, str]:
        columns = ("Scenario", "Desc", "ScenarioId")
        listed = [tuple(map(str, row)) for row in self._rows("ScenarioDesc", columns)]
        if not listed:
            raise refusal("The database holds no scenario.", self.where, "Run the model with its log on.")
        named = {key: row for row in listed for key in (row[2], row[0])}
        if wanted is not None and wanted not in named:
            raise refusal(
                f"There is no scenario '{wanted}'.", self.where, suggest(wanted, named), "unknown-scenario"
            )
        name, about, scenario_id = listed[0] if wanted is None else named[wanted]
        others = ", ".join(f"'{row[0]}' ({row[2]})" for row in listed if row[2] != scenario_id)
        if others:
            ledger.leave(f"Of the scenarios of the file '{name}' ({scenario_id}) is read, not {others}.")
        return name, about, scenario_id

    def _rows(self, table: str, columns: tuple[str, ...]) -> list[tuple[Cell, ...]]:
        return rows_of(self.database, table, columns, self.where, most=MOST_ROWS)

    def texts(self, table: str, index: str, column: str) -> list[str]:
        """Return the texts of a column by their index, which must run from 0 without a gap."""
        rows = [row for row in self._rows(table, ("ScenarioId", index, column)) if str(row[0]) == self.id]
        by_place = {self._whole(row[1], table): str(row[2]) for row in rows}
        if sorted(by_place) != list(range(len(rows))):
            raise refusal(f"{index} does not count from 0 in the table {table}.", self.where, code="bad-cell")
        return [by_place[place] for place in range(len(rows))]

    def numbers(self, table: str, indices: tuple[str, ...], column: str) -> dict[Key, float]:
        """Return the numbers of a column by their indices."""
        found: dict[Key, float] = {}
        for row in self._rows(table, ("ScenarioId", *indices, column)):
            if str(row[0]) != self.id:
                continue
            key = tuple(self._whole(cell, table) for cell in row[1:-1])
            if key in found:
                raise refusal(f"The table {table} has two rows for {key}.", self.where, code="bad-cell")
            found[key] = self._number(row[-1], table)
        return found

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the model, none where the file does not give all."""
        columns = {name: _PARAMETER_COLUMNS.get(name, name) for name in PARAMETERS}
        there = columns_of(self.database, "ScenarioDesc")
        if not all(column.lower() in there for column in columns.values()):
            return {}
        rows = self._rows("ScenarioDesc", ("ScenarioId", *columns.values()))
        codes = next(row[1:] for row in rows if str(row[0]) == self.id)
        if any(code is None for code in codes):
            return {}
        found = {}
        for (name, values), code in zip(PARAMETERS.items(), codes, strict=True):
            place = self._whole(code, "ScenarioDesc")
            if place >= len(values):
                raise refusal(f"{name} {place} is not known.", self.where, code="unknown-parameter")
            found[name] = values[place]
        return found

    def _whole(self, cell: Cell, table: str) -> int:
        if not isinstance(cell, int) or not 0 <= cell <= MOST_ROWS:
            raise refusal(
                f"The table {table} has {cell!r:.40} for a count from 0.", self.where, code="bad-cell"
            )
        return cell

    def _number(self, cell: Cell, table: str) -> float:
        is_number = isinstance(cell, int | float) and math.isfinite(cell) and abs(cell) <= LARGEST_NUMBER
        if not is_number:
            raise refusal(f"The table {table} has {cell!r:.40} for a number.", self.where, code="bad-cell")
        return round(float(cell), _SETTLED)  # type: ignore[arg-type]


# --- results -------------------------------------------------------------------------------------


def read_ktab_results(path: str | Path, scenario: str | None = None) -> xr.Dataset:
    """Return `position_path` (round, actor, issue), on KTAB's scale from 0 to 100, of a run of KTAB.

    Round 0 is the start. `scenario` is the name or id of one where the file holds several; the first
    unless given. Cost is linear in the rows of the file.

    Raises
    ------
    FileError: the file is no such database, is damaged, or lacks positions; or there is no such
        scenario.
    """
    import xarray as xr

    at = Path(path)
    with opened(at, largest=LARGEST_FILE) as database:
        run = _Run(database, str(at), scenario, Ledger())
        actors, issues = _names(run)
        path_of = _path(run, len(actors), len(issues))
    coords = {ROUND: range(len(path_of)), ACTOR: actors, ISSUE: issues}
    data = xr.Dataset({"position_path": ((ROUND, ACTOR, ISSUE), path_of)}, coords=coords)
    return described(data, method="KTAB", scenario=run.name)


def _names(run: _Run) -> tuple[list[str], list[str]]:
    return run.texts("ActorDescription", "Act_i", "Name"), run.texts("DimensionDescription", "Dim_k", "Desc")


def _path(run: _Run, actors: int, issues: int) -> FloatArray:
    """Return positions (round, actor, issue), refusing a turn that is not whole."""
    found = run.numbers("VectorPosition", ("Turn_t", "Act_i", "Dim_k"), "Pos_Coord")
    if not found:
        raise refusal(
            "There are no positions of this scenario.",
            run.where,
            "KTAB writes none when all actors reach one point, or when its log is off.",
        )
    rounds = 1 + max(turn for turn, _, _ in found)
    if len(found) != rounds * actors * issues:
        raise refusal(
            f"There are {len(found)} positions, not {rounds} turns × {actors} actors × {issues} dimensions.",
            run.where,
            "The run was broken off; run it again.",
        )
    positions = np.full((rounds, actors, issues), np.nan)
    for (turn, actor, issue), position in found.items():
        if actor >= actors or issue >= issues:
            raise refusal(f"Actor {actor} on dimension {issue} is not described.", run.where, code="bad-cell")
        positions[turn, actor, issue] = position
    return positions


# --- to a case -----------------------------------------------------------------------------------


def read_ktab_sqlite(path: str | Path, scenario: str | None = None) -> ImportedCase:
    """Read what a run of KTAB began with as a case, and its path into a table beside the case.

    Raises
    ------
    FileError: as `read_ktab_results`, or the start is none that a scenario of KTAB can have.
    """
    at, ledger = Path(path), Ledger()
    where = str(at)
    with opened(at, largest=LARGEST_FILE) as database:
        run = _Run(database, where, scenario, ledger)
        actors, issues = _names(run)
        positions = _path(run, len(actors), len(issues))
        begun = Scenario(
            name=run.name,
            description=run.about,
            dimensions=tuple(issues),
            actors=_actors(run, actors, positions[0]),
            parameters=run.parameters(),
        )
    case = case_of(check_scenario(begun, where), at.name, ledger)
    ledger.carry(f"The positions of {len(positions) - 1} turns, in {PATH_FILE} beside the case.")
    ledger.leave("Bargains, votes and utilities of the run are not carried.")
    beside = {**case.beside, PATH_FILE: _table(positions, case).encode("utf-8")}
    return ImportedCase(case.tree, ledger.account(), beside, case.commands)


def _actors(run: _Run, names: list[str], positions: FloatArray) -> tuple[Actor, ...]:
    abouts = run.texts("ActorDescription", "Act_i", "Desc")
    capability = run.numbers("SpatialCapability", ("Turn_t", "Act_i"), "Cap")
    salience = run.numbers("SpatialSalience", ("Turn_t", "Act_i", "Dim_k"), "Sal")
    actors = []
    for at, (name, about) in enumerate(zip(names, abouts, strict=True)):
        needed = [capability.get((0, at))]
        for issue, position in enumerate(positions[at]):
            spent = salience.get((0, at, issue))
            needed += [float(position), None if spent is None else round(percent(spent), _SETTLED)]
        texts = [None if number is None else label_of(number) for number in needed]
        actors.append(actor_of(name, about, texts, run.where))
    return tuple(actors)


def _table(positions: FloatArray, case: ImportedCase) -> str:
    """Return the path as CSV, by the ids of the case."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([ROUND, ACTOR, ISSUE, "position"])
    actors, issues = ([item["id"] for item in case.tree[part]] for part in ("actors", "issues"))
    for turn, by_actor in enumerate(positions):
        for actor, by_issue in zip(actors, by_actor, strict=True):
            for issue, position in zip(issues, by_issue, strict=True):
                writer.writerow([turn, actor, issue, label_of(float(position))])
    return text.getvalue()


# --- the format ----------------------------------------------------------------------------------


def _sniff(head: bytes) -> bool:
    return head.startswith(MAGIC) and (b"VectorPosition" in head or b"SpatialCapability" in head)


KTAB_SQLITE = Format(
    id="ktab-sqlite",
    title="KTAB results, SQLite",
    suffixes=(".db", ".sqlite", ".sqlite3"),
    sign="the database has the tables VectorPosition and SpatialCapability",
    sniff=_sniff,
    read=read_ktab_sqlite,
    read_part=read_ktab_sqlite,
)
