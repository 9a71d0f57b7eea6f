"""`westphalia seal`: freeze a forecast in a ledger, before the outcome is known."""

from __future__ import annotations

from typing import Any

import click

from westphalia.cli.shared import (
    case_argument,
    console,
    draws_option,
    emit_json,
    json_option,
    parsed_options,
    progress_bar,
    seed_option,
)
from westphalia.errors import CallError


@click.command(
    epilog="""\b
Examples:
  westphalia seal my-case --ledger forecasts.jsonl
  westphalia seal my-case --ledger forecasts.jsonl -m mean --note "before the summit"
"""
)
@case_argument
@click.option("--ledger", required=True, type=click.Path(), metavar="FILE", help="The ledger to add to.")
@click.option(
    "--method", "-m", default="predictive", show_default=True, metavar="ID", help="The method to seal."
)
@click.option(
    "--option",
    "-o",
    "settings",
    multiple=True,
    metavar="METHOD.NAME=VALUE",
    help="Set an option of the method.",
)
@draws_option
@seed_option
@click.option("--workers", type=int, help="Threads; one a processor unless given.")
@click.option("--note", metavar="TEXT", help="A note to keep with the forecast.")
@json_option
def seal(case: str, ledger: str, method: str, settings: tuple[str, ...], as_json: bool, **how: Any) -> None:
    """Freeze the forecast of CASE in a ledger, to be graded when the outcome is known.

    Entries are only ever added: each holds the hash of the one before. Note the head that is printed
    elsewhere (in a letter, a commit, a register); with it even a cut end will show.
    """
    from westphalia.api import read
    from westphalia.runs import sealing

    options = parsed_options(settings)
    for name in options:
        if name != method:
            message = f"Options for '{name}' are given, but '{method}' is sealed."
            raise CallError(message, code="option-of-idle-method", where=name)
    with progress_bar() as progress:
        entry = sealing.seal(
            read(case).document, ledger, method=method, options=options.get(method), **how, progress=progress
        )
    told = {"ledger": ledger, "entry": entry.number, "head": entry.hash, "result": entry.content["result"]}
    if as_json:
        emit_json({**told, "issues": entry.content["issues"]})
        return
    out = console()
    out.print(f"Sealed as entry {entry.number} of {ledger}.", markup=False)
    out.print(f"Head: {entry.hash}", markup=False, soft_wrap=True)
    out.print(
        f"Note the head elsewhere; westphalia score {ledger} --head HASH holds the ledger to it.",
        markup=False,
    )
