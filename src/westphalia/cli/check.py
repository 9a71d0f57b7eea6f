"""`westphalia check`: everything that is wrong with a case, in one go."""

from __future__ import annotations

import click

from westphalia.cli.shared import case_argument, console, emit_json, json_option, sources_option
from westphalia.errors import EXIT_CASE


@click.command(
    epilog="""\b
Examples:
  westphalia check cases/ukraine-2025-02
  westphalia check my-case --sources ~/texts --no-warnings
"""
)
@case_argument
@sources_option
@click.option("--warnings/--no-warnings", default=True, help="Show warnings beside errors.")
@json_option
def check(case: str, sources: str | None, warnings: bool, as_json: bool) -> None:
    """Check CASE: a case file, or the folder that holds case.yaml.

    Every fault is told with file, line and column, what is wrong and what would be right. With
    --sources, spans are held against the texts as well. The exit code is 1 if there is an error.
    """
    from westphalia.api import check_case

    findings = check_case(case, sources=sources)
    errors = [finding for finding in findings if finding.severity == "error"]
    shown = findings if warnings else tuple(errors)
    if as_json:
        emit_json([finding.as_dict() for finding in shown])
    else:
        for finding in shown:
            click.echo(str(finding))
        told = f"{_counted(len(errors), 'error')}, {_counted(len(findings) - len(errors), 'warning')}."
        console(err=True).print(told if errors else f"The case is sound: {told}")
    if errors:
        raise click.exceptions.Exit(EXIT_CASE)


def _counted(many: int, noun: str) -> str:
    return f"{many} {noun}{'' if many == 1 else 's'}"
