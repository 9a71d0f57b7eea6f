"""`westphalia networks`: who speaks about what, who agrees with whom, who hears whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from westphalia.cli.shared import (
    case_argument,
    console,
    draws_option,
    emit_json,
    json_option,
    print_parts,
    seed_option,
)

if TYPE_CHECKING:
    from westphalia.runs.networks import Networks


@click.command(
    epilog="""\b
Examples:
  westphalia networks cases/ukraine-2025-02
  westphalia networks my-case --out my-case.graphml
  westphalia networks my-case --by positions --out positions.graphml --json
"""
)
@case_argument
@draws_option
@seed_option
@click.option(
    "--out", type=click.Path(), metavar="FILE", help="Write the network as GraphML, for Gephi or visone."
)
@click.option(
    "--by",
    type=click.Choice(["statements", "positions"]),
    help="What agreement in that file rests on; statements unless the case has too few.",
)
@json_option
def networks(case: str, draws: int, seed: int, out: str | None, by: str | None, as_json: bool) -> None:
    """Show the networks of CASE: actors and issues, agreement and conflict, and who hears whom.

    Statements tell who speaks about what and who agrees with whom, as in discourse network analysis;
    stands tell the same by position. Blocs, brokers and polarisation are named with their limits.
    """
    from westphalia.api import read
    from westphalia.runs import networks as runs

    read_case = read(case)
    found = runs.networks(read_case.file, read_case.inputs(draws=draws, seed=seed))
    if out is not None:
        _write(found, by, out, as_json)
    if as_json:
        from westphalia.report.networks_data import plain

        emit_json({"case": read_case.file.id, "draws": draws, "seed": seed, **plain(found)})
        return
    from westphalia.report.networks import TERMS, network_parts

    shown = console()
    shown.print(read_case.file.title.into("en"), style="bold", markup=False)
    shown.print(TERMS, style="dim", markup=False)
    print_parts(network_parts(found, read_case.file, "en"), shown)


def _write(found: Networks, by: str | None, out: str, as_json: bool) -> None:
    from westphalia.formats.graphml import write_graphml
    from westphalia.runs.networks import graph_of_case

    write_graphml(graph_of_case(found, by), out)
    if not as_json:
        console(err=True).print(f"Wrote {out}.", markup=False)
