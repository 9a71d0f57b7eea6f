"""`westphalia new`: a first case to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from westphalia.cli.shared import emit_json, json_option, salience_option


@click.command(
    epilog="""\b
Examples:
  westphalia new border-talks --title "Talks on the border"
  westphalia new toll --from stands.csv
"""
)
@click.argument("folder", type=click.Path())
@click.option("--title", default="A conflict", show_default=True, help="Title of the case.")
@click.option(
    "--from",
    "table",
    type=click.Path(),
    help="CSV or XLSX with actor, issue, position, salience, capability: the stands to begin with.",
)
@salience_option
@json_option
def new(folder: str, title: str, table: str | None, salience_per_cent: bool, as_json: bool) -> None:
    """Write a new case into FOLDER, with comments that say what to fill in."""
    from westphalia.case.create import create

    path = create(
        Path(folder),
        title=title,
        table=Path(table) if table is not None else None,
        salience_per_cent=salience_per_cent,
    )
    if as_json:
        emit_json({"written": str(path)})
        return
    click.echo(f"Wrote {path}. Fill it in, then: westphalia check {folder}")
