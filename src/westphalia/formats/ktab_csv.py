"""Scenarios of KTAB as CSV: a row of counts, a row of labels, then a row an actor."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from westphalia.formats.imported import Account, Format, ImportedCase, Ledger, Outgoing
from westphalia.formats.ktab import (
    LONGEST_DESCRIPTION,
    Actor,
    Scenario,
    actor_of,
    case_of,
    check_counts,
    check_scenario,
    name_in,
)
from westphalia.formats.ktab_writing import scenario_of
from westphalia.formats.raw import bytes_of, label_of, text_of
from westphalia.formats.reports import refusal
from westphalia.formats.stakes import words
from westphalia.formats.writing import write_file

_COUNT = re.compile(r"[0-9]{1,6}")
_FIXED = 3
"""Fields of an actor before its pairs of position and salience: name, description, capability."""


def read_ktab_csv(path: str | Path) -> ImportedCase:
    """Read a scenario of KTAB from CSV as a case.

    Raises
    ------
    FileError: the file cannot be read, or is no such scenario; says the line.
    """
    at, ledger = Path(path), Ledger()
    scenario = scenario_from_csv(text_of(bytes_of(at), str(at)), str(at), ledger)
    return case_of(scenario, at.name, ledger)


def scenario_from_csv(text: str, where: str, ledger: Ledger) -> Scenario:
    """Return the scenario in a text; raises what `read_ktab_csv` raises."""
    rows = _rows(text, where)
    place, counts = _row(rows, where, "the name, a description and the numbers of actors and dimensions")
    actors, dimensions = (_count(counts, at, what, place) for at, what in ((2, "actors"), (3, "dimensions")))
    check_counts(actors, dimensions, place)
    if any(counts[4:]):
        ledger.leave("What stands behind the counts in line 1 is not read.")
    place, labels = _row(rows, where, "the labels of the columns")
    names = [
        name_in(_field(labels, at, place), f"label of dimension {number}", place)
        for number, at in enumerate(range(_FIXED, _FIXED + 2 * dimensions, 2), start=1)
    ]
    read = [_actor(*_row(rows, where, f"actor {at} of {actors}"), dimensions) for at in range(1, actors + 1)]
    for place, row in rows:
        if any(row):
            raise refusal(f"There are more rows than the {actors} actors announced.", place, "Mend line 1.")
    about = words(counts[1], "description", where, LONGEST_DESCRIPTION)
    scenario = Scenario(name_in(counts[0], "name of the scenario", where), about, tuple(names), tuple(read))
    return check_scenario(scenario, where)


def _rows(text: str, where: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each row with its place; blanks around fields are taken off."""
    rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    begun = 1
    try:
        for row in rows:
            yield f"{where}:{begun}", [field.strip() for field in row]
            begun = rows.line_num + 1
    except csv.Error as error:
        raise refusal(
            f"The row cannot be read: {error}.", f"{where}:{begun}", "Close quotation marks, mind the commas."
        ) from None


def _row(rows: Iterator[tuple[str, list[str]]], where: str, what: str) -> tuple[str, list[str]]:
    """Return the next row, which must be there and hold something."""
    place, row = next(rows, (where, []))
    if not any(row):
        raise refusal(f"There is no row with {what}.", place, "Empty rows may stand at the end only.")
    return place, row


def _field(row: list[str], at: int, place: str) -> str:
    if at >= len(row):
        raise refusal(f"The row has {len(row)} fields; field {at + 1} is missing.", place, "Mind the commas.")
    return row[at]


def _count(row: list[str], at: int, what: str, place: str) -> int:
    text = _field(row, at, place)
    if not _COUNT.fullmatch(text):
        raise refusal(
            f"The number of {what} is '{text[:40]}'.", place, f"Field {at + 1} of line 1 is a whole number."
        )
    return int(text)


def _actor(place: str, row: list[str], dimensions: int) -> Actor:
    wanted = _FIXED + 2 * dimensions
    if len(row) < wanted or any(row[wanted:]):
        given = max((at for at, field in enumerate(row, start=1) if field), default=0)
        raise refusal(
            f"The row has {given} fields.",
            place,
            f"{wanted} are needed: name, description, capability, then position and salience of each "
            "dimension.",
        )
    return actor_of(row[0], row[1], list(row[2:wanted]), place)


# --- out -----------------------------------------------------------------------------------------


def write_ktab_csv(outgoing: Outgoing, path: Path) -> Account:
    """Write a case as a scenario of KTAB in CSV and say what it does not carry.

    Raises
    ------
    CallError: the case does not fit the format.
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    write_file(path, csv_of(scenario_of(outgoing, ledger)))
    return ledger.account()


def csv_of(scenario: Scenario) -> str:
    """Return a scenario as CSV; its model parameters and adjustments have no place there."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    size = [str(len(scenario.actors)), str(len(scenario.dimensions))]
    writer.writerow([_cell(scenario.name), _cell(scenario.description), *size])
    labels = [label for name in scenario.dimensions for label in (_cell(name), "Salience")]
    writer.writerow(["Actor", "Description", "Capability", *labels])
    for actor in scenario.actors:
        pairs = zip(actor.positions, actor.saliences, strict=True)
        numbers = [actor.capability, *(number for pair in pairs for number in pair)]
        writer.writerow([_cell(actor.name), _cell(actor.description), *map(label_of, numbers)])
    return text.getvalue()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; readers take the blank off again."""
    return f" {text}" if text.startswith(("=", "+", "-", "@")) else text


# --- the format ----------------------------------------------------------------------------------


def _sniff(head: bytes) -> bool:
    """Return whether the first row ends in two counts."""
    first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    try:
        row = next(csv.reader([first], skipinitialspace=True), [])
    except csv.Error:
        return False
    return len(row) >= 4 and all(_COUNT.fullmatch(field.strip()) for field in row[2:4])


KTAB_CSV = Format(
    id="ktab-csv",
    title="KTAB scenario, CSV",
    suffixes=(".csv",),
    sign="the first row holds a name, a description and the numbers of actors and dimensions",
    sniff=_sniff,
    read=read_ktab_csv,
    write=write_ktab_csv,
)
