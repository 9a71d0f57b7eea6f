"""The command line: one file a command group, each of them parse, call, print.

Nothing heavy is imported until a command runs, so that `westphalia --help` answers at once.
"""

from __future__ import annotations

import json
from typing import Any

import click

from westphalia.cli.anchor import anchor
from westphalia.cli.backtest import backtest
from westphalia.cli.check import check
from westphalia.cli.code import code
from westphalia.cli.deals import deals
from westphalia.cli.domain import domain
from westphalia.cli.forecast import forecast
from westphalia.cli.importing import export, import_
from westphalia.cli.levers import levers
from westphalia.cli.methods import methods
from westphalia.cli.networks import networks
from westphalia.cli.new import new
from westphalia.cli.report import report
from westphalia.cli.schema import schema
from westphalia.cli.score import score
from westphalia.cli.seal import seal
from westphalia.cli.sensitivity import sensitivity
from westphalia.cli.serve import serve
from westphalia.cli.show import show
from westphalia.cli.stability import stability
from westphalia.cli.stands import stands
from westphalia.cli.study import study
from westphalia.cli.whatif import whatif
from westphalia.errors import WestphaliaError, suggest

EXAMPLES = """\b
Examples:
  westphalia new my-case
  westphalia check my-case
  westphalia forecast my-case --draws 2000 --seed 1
  westphalia deals my-case
  westphalia stability my-case
  westphalia report my-case --out my-case.html
  westphalia serve
"""


class Workbench(click.Group):
    """The group of all commands: names the nearest command, and prints errors without a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was likely meant."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(f"There is no command '{args[0]}'. {suggest(args[0], self.commands)}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors of ours become a message and an exit code."""
        try:
            return super().invoke(ctx)
        except WestphaliaError as error:
            if ctx.meta.get("westphalia.json"):
                click.echo(json.dumps({"error": error.as_dict()}, indent=2, ensure_ascii=False))
            else:
                click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Workbench, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
@click.version_option(package_name="westphalia", prog_name="westphalia")
def main() -> None:
    """Say of a conflict whether there is a settlement, which one, who can block it, on what evidence.

    Westphalia reads a case file (actors, issues, positions with their evidence), runs published
    models on it with all its doubt, and says what follows.
    """


COMMANDS = (
    serve,
    new,
    check,
    show,
    forecast,
    deals,
    stability,
    networks,
    sensitivity,
    levers,
    whatif,
    report,
    backtest,
    seal,
    score,
    study,
    stands,
    anchor,
    code,
    methods,
    schema,
    domain,
    import_,
    export,
)

for command in COMMANDS:
    main.add_command(command)
