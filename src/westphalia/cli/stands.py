"""`westphalia stands`: the stands as a table, out and in again."""

from __future__ import annotations

from pathlib import Path

import click

from westphalia.cli.shared import case_argument, emit_json, json_option, salience_option
from westphalia.errors import CallError


@click.command(
    epilog="""\b
Examples:
  westphalia stands my-case --to stands.xlsx
  westphalia stands my-case --from stands.xlsx
"""
)
@case_argument
@click.option("--to", type=click.Path(), metavar="FILE", help="Write the stands to this CSV or XLSX file.")
@click.option("--from", "source", type=click.Path(), metavar="FILE", help="Take the stands from this file.")
@salience_option
@json_option
def stands(case: str, to: str | None, source: str | None, salience_per_cent: bool, as_json: bool) -> None:
    """Write the stands of CASE as a long table (actor, issue, position, salience, capability), or read them.

    Reading touches only the values that differ; comments and formatting of the case stay.
    """
    from westphalia.api import read
    from westphalia.case.tables.stands import export, import_stands, read_table, write_table
    from westphalia.case.text.saving import save

    if (to is None) == (source is None):
        raise CallError(
            "Say where the stands go or come from.", code="bad-call", hint="Give --to FILE or --from FILE."
        )
    document = read(case).document
    if to is not None:
        write_table(document, Path(to))
        told = {"written": to, "rows": len(export(document))}
    else:
        changed = import_stands(document, read_table(Path(str(source)), salience_per_cent=salience_per_cent))
        save(changed)
        told = {"saved": str(changed.path), "changed": changed.text != document.text}
    if as_json:
        emit_json(told)
    else:
        click.echo(", ".join(f"{key}: {value}" for key, value in told.items()))
