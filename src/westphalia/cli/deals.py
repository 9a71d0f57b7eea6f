"""`westphalia deals`: is there a package that all would accept, which one, who blocks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    case_argument,
    console,
    draws_option,
    emit_json,
    json_option,
    print_parts,
    progress_bar,
    seed_option,
    tie_options,
    ties_of,
    write_table,
)

if TYPE_CHECKING:
    from westphalia.runs.deals import Deals


@click.command(
    epilog="""\b
Examples:
  westphalia deals cases/ukraine-2025-02
  westphalia deals my-case --loss quadratic --points 21
  westphalia deals my-case --no-ratifiers --no-commitments --draws 500
  westphalia deals my-case --out packages.csv --json > deals.json
"""
)
@case_argument
@draws_option
@seed_option
@click.option(
    "--loss",
    type=click.Choice(["linear", "quadratic"]),
    default="linear",
    show_default=True,
    help="How utility falls with the distance from a party's position.",
)
@click.option(
    "--points",
    default=11,
    show_default=True,
    help="Even points of a continuous issue that are options beside its stated points.",
)
@click.option("--no-ratifiers", is_flag=True, help="Count only the required parties, nobody at home.")
@click.option("--no-commitments", is_flag=True, help="Breaking a commitment costs nothing.")
@click.option(
    "--no-linkages", is_flag=True, help="Exchanges across issues that the case states do not count."
)
@tie_options
@click.option(
    "--time-limit",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds each search may take; what it proved by then is told.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Threads; two unless given.")
@click.option(
    "--out", type=click.Path(), metavar="FILE.csv", help="Write the solutions and the frontier as a table."
)
@json_option
def deals(case: str, out: str | None, as_json: bool, **how: Any) -> None:
    """Say whether any package of CASE is acceptable to all, which one, and who blocks it.

    A package settles every issue. Shown are the zone of possible agreement and its size, what the
    bargaining solutions pick and what each party gains over no deal, who blocks, which concession
    or payment would change the answer, whether it passes at home, and which exchanges pay.
    """
    from westphalia.api import read
    from westphalia.report.deals_data import csv_text, plain

    found = _judged(case, how)
    if out is not None:
        write_table(csv_text(found), out)
    if as_json:
        emit_json(plain(found))
    else:
        _print(found, read(case).file.title.into("en"))


def _judged(case: str, how: dict[str, Any]) -> Deals:
    from westphalia.api import read

    kept: dict[str, Any] = {
        name: not how.pop(f"no_{name}") for name in ("ratifiers", "commitments", "linkages")
    }
    ties = ties_of(how)
    with progress_bar() as progress:
        return read(case).deals(**how, **kept, ties=ties, progress=progress)


def _print(found: Deals, title: str) -> None:
    from westphalia.report.deals import deal_parts
    from westphalia.report.deals_chapter import deal_terms

    out = console()
    out.print(title, style="bold", markup=False)
    out.print(deal_terms(found), style="dim", markup=False)
    print_parts(deal_parts(found, "en"), out)
