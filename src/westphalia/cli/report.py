"""`westphalia report`: the one-file HTML report."""

from __future__ import annotations

from typing import Any

import click

from westphalia.cli.shared import (
    case_argument,
    emit_json,
    json_option,
    parsed_options,
    progress_bar,
    run_options,
    sources_option,
)


@click.command(
    epilog="""\b
Examples:
  westphalia report cases/ukraine-2025-02
  westphalia report my-case --sources ~/texts --out my-case.html
"""
)
@case_argument
@click.option("--out", type=click.Path(), metavar="FILE", help="Where to write; CASE-ID.html unless given.")
@sources_option
@run_options
@json_option
def report(case: str, out: str | None, sources: str | None, as_json: bool, **how: Any) -> None:
    """Run every method on CASE and write a report that opens in any browser, without a network.

    It begins with the answer in words, and holds the pictures, every input with its evidence, and
    what is needed to run it again.
    """
    from westphalia.api import read

    read_case = read(case)
    path = out or f"{read_case.file.id}.html"
    with progress_bar() as progress:
        written = read_case.report(
            path,
            sources=sources,
            draws=how["draws"],
            seed=how["seed"],
            methods=how["only"],
            options=parsed_options(how["settings"]),
            workers=how["workers"],
            progress=progress,
        )
    if as_json:
        emit_json({"written": str(written), "bytes": written.stat().st_size})
    else:
        click.echo(f"Wrote {written} ({written.stat().st_size / 1e6:.1f} MB).")
