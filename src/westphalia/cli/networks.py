"""`westphalia networks`: who speaks about what, who agrees with whom, who hears whom."""

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
    seed_option,
)

if TYPE_CHECKING:
    import xarray as xr

    from westphalia.runs.networks import Agreement, Networks


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
        emit_json({"case": read_case.file.id, "draws": draws, "seed": seed, **_plain(found)})
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


def _plain(found: Networks) -> dict[str, Any]:
    """Return the networks as plain data: a list of ties for each, and what they show of the actors."""
    told = found.affiliation
    return {
        "statements": found.statement_count,
        "affiliation": [] if told is None else _ties(told[["mentions", "mean_stance"]], "mentions"),
        "by_statements": _agreement(found.by_statements),
        "by_positions": _agreement(found.by_positions),
        "polarisation": _polarisation(found.polarisation),
        "hears": [] if found.hears is None else _ties(found.hears.to_dataset(), "hears"),
        "share_of_settled_opinion": {} if found.share is None else _by_actor(found.share),
    }


def _ties(network: xr.Dataset, present: str) -> list[dict[str, Any]]:
    """Return the pairs for which the variable `present` is not 0, with all variables."""
    first, second = network[present].dims
    table = network.to_dataframe().reset_index()
    return [
        {str(key): value for key, value in row.items()}
        for row in table[table[present] != 0][[first, second, *network.data_vars]].to_dict("records")
    ]


def _agreement(agreed: Agreement | None) -> dict[str, Any] | None:
    if agreed is None:
        return None
    bloc = {actor: int(number) for actor, number in _by_actor(agreed.blocs["bloc"]).items()}
    return {
        "ties": [tie for tie in _ties(agreed.ties, "overlap") if tie["actor"] < tie["other_actor"]],
        "bloc": bloc,
        "modularity": float(agreed.blocs["modularity"]),
        "camp": {actor: int(number) for actor, number in _by_actor(agreed.camps["camp"]).items()},
        "camp_share": float(agreed.camps["camp_share"]),
        "betweenness": _by_actor(agreed.brokers["betweenness"]),
    }


def _by_actor(values: xr.DataArray) -> dict[str, float]:
    return dict(zip(values["actor"].values.tolist(), values.values.tolist(), strict=True))


def _polarisation(found: xr.DataArray | None) -> dict[str, list[float]]:
    if found is None:
        return {}
    quantiles = found.quantile([0.05, 0.5, 0.95], "draw").transpose("issue", "quantile")
    return dict(zip(found["issue"].values.tolist(), quantiles.values.tolist(), strict=True))
