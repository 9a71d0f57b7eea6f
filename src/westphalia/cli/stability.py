"""`westphalia stability`: where does the conflict come to rest, who would leave, what deters whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    case_argument,
    console,
    emit_json,
    json_option,
    print_parts,
    progress_bar,
    write_table,
)

if TYPE_CHECKING:
    from westphalia.runs.stability import GraphStudy

_LABELS = 40
"""Characters that the names of moves take beside the table of states."""

_COLUMN = 6


@click.command(
    epilog="""\b
Examples:
  westphalia stability cases/ukraine-2025-02
  westphalia stability my-case --concept nash --concept seq --draws 500
  westphalia stability my-case --state today
  westphalia stability my-case --wish "open-gates and not march"
  westphalia stability my-case --out states.csv --json > stability.json
"""
)
@case_argument
@click.option("--draws", default=2000, show_default=True, help="Draws of what is doubtful in preferences.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option(
    "--concept",
    "-c",
    "concepts",
    multiple=True,
    metavar="ID",
    help="Judge by this concept; may be repeated. Known: nash, gmr, smr, seq, sseq, sim, tableau.",
)
@click.option(
    "--state",
    metavar="STATE",
    help="Why each actor stays in this state or leaves it: Y or N a move, a letter of the table, or 'today'.",
)
@click.option(
    "--wish",
    metavar='"STATEMENT"',
    help="What would bring a state to rest in which this statement over moves holds.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Threads; two unless given.")
@click.option(
    "--out", type=click.Path(), metavar="FILE.csv", help="Write all states with their verdicts as a table."
)
@json_option
def stability(
    case: str, out: str | None, state: str | None, concepts: tuple[str, ...], as_json: bool, **how: Any
) -> None:
    """Say where the conflict of CASE comes to rest, by its graph model.

    A state says which moves are taken. Shown are the states that nobody would leave and in how many
    draws, the ways there from today, who would leave them alone or together, what deters whom with
    the reasons, which lines and wishes shape the answer, and what would bring today's state to rest.
    """
    from westphalia.api import read
    from westphalia.report.stability_data import csv_text, plain, reasons_of
    from westphalia.runs.asked import CONCEPTS

    read_case = read(case)
    with progress_bar() as progress:
        found = read_case.stability(**how, concepts=concepts or CONCEPTS, progress=progress)
    asked = None if state is None else reasons_of(found, state)
    if out is not None:
        write_table(csv_text(found), out)
    if as_json:
        emit_json(plain(found) | ({} if asked is None else {"reasons": asked}))
    else:
        _print(found, state, read_case.file.title.into("en"))


def _print(found: GraphStudy, state: str | None, title: str) -> None:
    from westphalia.report.stability import stability_parts
    from westphalia.report.stability_chapter import stability_terms
    from westphalia.report.stability_reasons import state_part

    out = console()
    out.print(title, style="bold", markup=False)
    out.print(stability_terms(found), style="dim", markup=False)
    if state is not None:
        print_parts([state_part(found, state, "en")], out)
        return
    most = max(1, (out.width - _LABELS) // _COLUMN - 1)
    print_parts(stability_parts(found, "en", most=most), out)
