"""`westphalia domain`: a domain of Genius or GeniusWeb, its zone, solutions and frontier."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import console, emit_json, json_option, table

if TYPE_CHECKING:
    import xarray as xr

    from westphalia.formats.reports import Imported
    from westphalia.methods.deals.space import Space

_SHOWN = 10


@dataclass(frozen=True)
class _Answers:
    imported: Imported
    zone: xr.Dataset
    solutions: xr.Dataset
    frontier: xr.Dataset


@click.command(
    epilog="""\b
Examples:
  westphalia domain my-domain
  westphalia domain my-domain --lenient --out packages.csv
  westphalia domain my-domain --points 21 --json > answers.json
"""
)
@click.argument("folder", type=click.Path())
@click.option("--points", default=11, show_default=True, help="Options of an issue of real numbers.")
@click.option("--lenient", is_flag=True, help="Mend what differs between domain and profiles, and say so.")
@click.option("--time-limit", default=60.0, show_default=True, help="Seconds each search may take.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Write all packages found to this CSV file.")
@json_option
def domain(
    folder: str, points: int, lenient: bool, time_limit: float, out: str | None, as_json: bool
) -> None:
    """Say what the domain in FOLDER (Genius XML or GeniusWeb JSON) holds, and which deals it admits.

    Prints the zone of possible agreement, the bargaining solutions and the frontier, and all that
    was mended in the files or could not be carried over.
    """
    from westphalia.formats.domain import read_domain
    from westphalia.methods.deals.frontier import frontier
    from westphalia.methods.deals.solutions import solutions
    from westphalia.methods.deals.zone import zone

    read = read_domain(folder, points=points, lenient=lenient)
    answers = _Answers(
        read,
        zone(read.inputs, time_limit=time_limit),
        solutions(read.inputs, time_limit=time_limit),
        frontier(read.inputs, time_limit=time_limit),
    )
    rows = _rows(answers)
    if out is not None:
        _write(Path(out), rows, read.inputs)
    if as_json:
        emit_json(_plain(answers, rows))
    else:
        _print(answers, rows)


# --- packages ------------------------------------------------------------------------------------


def _rows(answers: _Answers) -> list[dict[str, Any]]:
    """Return a row for each package of a rule, each ideal package and each efficient one."""
    from westphalia.methods.deals.space import space_of

    solved, zone, space = answers.solutions, answers.zone, space_of(answers.imported.inputs)
    rows = []
    for rule in solved["rule"].values.tolist():
        one = solved.sel(rule=rule)
        for at in range(one.sizes["solution"]):
            rows.append(_row(space, "solution", rule, one["package"].isel(solution=at).values))
    for party in zone["best_for"].values.tolist():
        rows.append(_row(space, "best for", party, zone["package"].sel(best_for=party).values))
    for at, package in enumerate(answers.frontier["package"].values, start=1):
        rows.append(_row(space, "frontier", str(at), package))
    return [row for row in rows if row]


def _row(space: Space, kind: str, name: str, package: Any) -> dict[str, Any]:
    """Return the options of a package, and what each party gets and gains; nothing where there is none."""
    if (package < 0).any():
        return {}
    places = package.astype(int)[None, :]
    return {
        "kind": kind,
        "name": name,
        "options": dict(zip(space.issues, space.label(places[0]), strict=True)),
        "utility": dict(zip(space.parties, space.utility(places)[0].tolist(), strict=True)),
        "gain": dict(zip(space.parties, space.slack(places)[0].tolist(), strict=True)),
    }


def _write(path: Path, rows: list[dict[str, Any]], inputs: xr.Dataset) -> None:
    from westphalia.formats.writing import write_file

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    parties, issues = (inputs[dim].values.tolist() for dim in ("actor", "issue"))
    heads = [f"{what}: {party}" for what in ("utility", "gain") for party in parties]
    writer.writerow(["kind", "name", *map(_cell, issues), *heads])
    for row in rows:
        names = (row["kind"], row["name"], *row["options"].values())
        writer.writerow([*map(_cell, names), *row["utility"].values(), *row["gain"].values()])
    write_file(path, text.getvalue())


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    is_formula = text.startswith(("=", "+", "-", "@")) and not text[1:].replace(".", "", 1).isdecimal()
    return f"'{text}" if is_formula else text


def _plain(answers: _Answers, rows: list[dict[str, Any]]) -> dict[str, Any]:
    inputs, zone = answers.imported.inputs, answers.zone
    return {
        "domain": answers.imported.report.as_dict(),
        "parties": dict(
            zip(inputs["actor"].values.tolist(), inputs["reservation"].values.tolist(), strict=True)
        ),
        "issues": dict(
            zip(inputs["issue"].values.tolist(), inputs["option_count"].values.tolist(), strict=True)
        ),
        "zone": {
            "has_zone": bool(zone["has_zone"]),
            "is_decided": bool(zone["is_decided"]),
            "packages": zone.attrs["packages"],
            "acceptable": zone.attrs["acceptable"] or None,
            "volume_share": float(zone["volume_share"]),
            "blocks_alone": inputs["actor"].values[zone["is_blocker"].values].tolist(),
        },
        "frontier_is_complete": bool(answers.frontier["is_complete"]),
        "packages": rows,
    }


# --- words ---------------------------------------------------------------------------------------


def _print(answers: _Answers, rows: list[dict[str, Any]]) -> None:
    out = console()
    told = _plain(answers, rows)
    report, zone = told["domain"], told["zone"]
    out.print(
        f"{report['name']} ({report['format']}): {len(told['parties'])} parties, "
        f"{len(told['issues'])} issues, {int(zone['packages']):,} packages.",
        markup=False,
    )
    for sentence in (*report["repaired"], *report["not_carried"]):
        console(err=True).print(f"Note: {sentence}", markup=False)
    out.print(_zone_sentence(zone), markup=False)
    for kind, title in (("solution", "Bargaining solutions"), ("frontier", "Efficient packages")):
        chosen = [row for row in rows if row["kind"] == kind]
        if chosen:
            out.print(_packages_table(title, chosen))
        if len(chosen) > _SHOWN:
            out.print(f"{len(chosen) - _SHOWN:,} more; --out FILE writes them all.")


def _zone_sentence(zone: dict[str, Any]) -> str:
    if not zone["is_decided"]:
        return "Whether some package is accepted by all was not settled in the time given."
    if not zone["has_zone"]:
        alone = zone["blocks_alone"]
        return "No package is accepted by all." + (f" Blocks alone: {', '.join(alone)}." if alone else "")
    count = f"{int(zone['acceptable']):,} packages, " if zone["acceptable"] else ""
    return f"All accept {count}{zone['volume_share']:.2%} of all."


def _packages_table(title: str, rows: list[dict[str, Any]]) -> Any:
    from rich.markup import escape

    parties = [escape(party) for party in rows[0]["utility"]]
    made = table(title, "name", "package", *parties, right=tuple(parties))
    for row in rows[:_SHOWN]:
        package = ", ".join(f"{issue}: {option}" for issue, option in row["options"].items())
        made.add_row(
            escape(row["name"]), escape(package), *(f"{value:.3f}" for value in row["utility"].values())
        )
    return made
