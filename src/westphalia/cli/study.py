"""`westphalia study`: every method on every case of a folder, kept on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    console,
    emit_json,
    json_option,
    parsed_options,
    progress_bar,
    run_options,
    table,
)

if TYPE_CHECKING:
    from westphalia.runs.studies import Tally


@click.command(
    epilog="""\b
Examples:
  westphalia study cases --out results
  westphalia study cases -m mean -m challenge --draws 1000 --out results
  westphalia study cases --out results --scheduler tcp://10.0.0.1:8786

Killed, interrupted or out of disk: give the same command again, and it goes on where it stopped.
"""
)
@click.argument("folder", type=click.Path())
@click.option(
    "--out", required=True, type=click.Path(), metavar="DIR", help="New folder for the results, or a study's."
)
@run_options
@click.option("--scheduler", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler.")
@json_option
def study(folder: str, out: str, as_json: bool, scheduler: str | None, **how: Any) -> None:
    """Run the methods on every case in FOLDER and keep all draws, as Parquet files.

    Parts that are finished are not run again. A case that is wrong is noted with the reason, and does
    not stop the others.
    """
    from westphalia.runs.studies import conduct_study

    with progress_bar() as progress:
        tally = conduct_study(
            folder,
            out,
            methods=how["only"],
            draws=how["draws"],
            seed=how["seed"],
            options=parsed_options(how["settings"]),
            workers=how["workers"],
            scheduler=scheduler,
            progress=progress,
        )
    if as_json:
        emit_json(_plain(tally))
    else:
        _print(tally)


def _plain(tally: Tally) -> dict[str, Any]:
    failures = [{"file": _shown(file), "reason": reason} for file, reason in tally.told]
    counts = {name: value for name, value in vars(tally).items() if isinstance(value, int)}
    return {"study": str(tally.path), **counts, "failures": failures}


def _print(tally: Tally) -> None:
    click.echo(
        f"{tally.cases} cases, {tally.failed} of them failed. "
        f"Parts: {tally.made} run now, {tally.kept} were finished; {tally.skipped} of them hold a reason "
        f"instead of a forecast."
    )
    if tally.unfinished:
        click.echo(f"{tally.unfinished} parts broke off; the same command tries them again.")
    if tally.told:
        from rich.markup import escape

        made = table("The first failures", "file", "reason")
        for file, reason in tally.told:
            made.add_row(escape(_shown(file)), escape(reason))
        console().print(made)
    click.echo(f"Kept in {tally.path}; `westphalia.runs.studies.open_study` reads it.")


def _shown(file: str) -> str:
    """Return a file's name with what is no character made visible."""
    return file.encode("utf-8", "backslashreplace").decode()
