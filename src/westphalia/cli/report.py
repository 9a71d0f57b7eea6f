"""`westphalia report`: the one-file HTML report."""

from __future__ import annotations

from typing import Any

import click

from westphalia.cli.shared import (
    case_argument,
    conducted,
    emit_json,
    json_option,
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
    from westphalia.report import write

    read_case = read(case)
    path = out or f"{read_case.file.id}.html"
    written = write(conducted(read_case, how, sources), path)
    if as_json:
        emit_json({"written": str(written), "bytes": written.stat().st_size})
    else:
        click.echo(f"Wrote {written} ({written.stat().st_size / 1e6:.1f} MB).")
