"""`westphalia serve`: the workbench in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from westphalia.cli.shared import emit_json, json_option

_EPILOG = """\b
Examples:
  westphalia serve
  westphalia serve cases --sources texts
  westphalia serve cases --team --keeper anna --host 0.0.0.0 --allow workbench.example.org
"""


@click.command(epilog=_EPILOG)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--sources", type=click.Path(path_type=Path), metavar="DIR", help="Folder with the texts of the sources."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8400, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--allow", "hosts", multiple=True, metavar="NAME", help="A name by which browsers may call the server."
)
@click.option("--team", "is_team", is_flag=True, help="Named users with passwords and roles.")
@click.option("--keeper", metavar="NAME", help="With --team: make this first keeper; asks for a password.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@json_option
def serve(folder: Path, *, no_open: bool, keeper: str | None, as_json: bool, **how: Any) -> None:
    """Open the workbench on a FOLDER of cases: read, code, model, run, compare, report.

    The address that is printed opens it; it works without a network, on this machine alone unless
    --host says otherwise. Ctrl+C ends it.
    """
    from westphalia.web.serving import ready, run

    server = ready(folder, **how)
    if keeper:
        server.make_keeper(keeper, click.prompt("Password", hide_input=True, confirmation_prompt=True))
    if as_json:
        emit_json({"address": server.address})
    else:
        click.echo(f"The workbench is at {server.address}\nCtrl+C ends it.", err=True)
    run(server, open_browser=not no_open)
