"""`westphalia import` and `westphalia export`: cases from files of other tools, and back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import case_argument, emit_json, json_option, sources_option
from westphalia.errors import CallError

if TYPE_CHECKING:
    from westphalia.formats.imported import Account, Format, ImportedCase

_HEADS = {"carried": "Came over", "changed": "Taken otherwise", "not_carried": "Did not come over"}
_MOST_NAMED = 3


@click.command(
    "import",
    epilog="""\b
Examples:
  westphalia import scenario.csv
  westphalia import results.db --into talks --part "Second run"
  westphalia import data.txt --format exchange-text --json
""",
)
@click.argument("file", type=click.Path())
@click.option("--into", metavar="FOLDER", help="Folder of the new case; named after the file unless given.")
@click.option(
    "--format", "format_id", metavar="ID", help="Format of the file; told by its content unless given."
)
@click.option("--part", metavar="NAME", help="Read this one of several that the file holds.")
@json_option
def import_(file: str, into: str | None, format_id: str | None, part: str | None, as_json: bool) -> None:
    """Make a case from FILE of another tool, and say what came over and what did not.

    Nothing is overwritten. Every number of the case says that it was read from the file.
    """
    from westphalia.case.create import create_from
    from westphalia.case.document import CASE_FILE
    from westphalia.fields import ids_for
    from westphalia.formats.known import find_format, format_of

    path = Path(file)
    form = find_format(format_id) if format_id is not None else format_of(path)
    case = _read(form, path, part)
    folder = Path(into) if into is not None else Path(ids_for([path.stem])[path.stem])
    document = create_from(folder, case.tree, case.beside)
    commands = [f"westphalia check {shlex.quote(str(folder))}", *_commands(case, folder)]
    told: dict[str, Any] = {
        "format": form.id,
        "written": [str(folder / name) for name in (CASE_FILE, *case.beside)],
        "warnings": len(document.warnings),
        **case.account.as_dict(),
        "commands": commands,
    }
    if as_json:
        emit_json(told)
        return
    click.echo(f"{file} ({form.title}) is now {_named(told['written'])}.")
    _print(case.account)
    click.echo("\nNext:")
    for command in commands:
        click.echo(f"  {command}")


def _named(written: list[str]) -> str:
    """Return the first files that were written by name, and how many others."""
    others = len(written) - _MOST_NAMED
    if others <= 1:
        return ", ".join(written)
    return f"{', '.join(written[:_MOST_NAMED])} and {others} other files beside them"


def _read(form: Format, path: Path, part: str | None) -> ImportedCase:
    if part is not None:
        if form.read_part is None:
            raise CallError(
                f"A file of {form.id} holds one thing only.", code="no-part", hint="Leave --part out."
            )
        return form.read_part(path, part)
    if form.read is None:
        raise CallError(f"{form.title} is written, not read.", code="not-read", where=form.id)
    return form.read(path)


def _commands(case: ImportedCase, folder: Path) -> list[str]:
    return [command.replace("{case}", shlex.quote(str(folder))) for command in case.commands]


@click.command(
    epilog="""\b
Examples:
  westphalia export my-case --out my-case.xml
  westphalia export my-case --format ktab-csv --out scenario.csv
"""
)
@case_argument
@click.option("--out", required=True, type=click.Path(), metavar="FILE", help="File to write.")
@click.option(
    "--format", "format_id", metavar="ID", help="Format of the file; told by its ending unless given."
)
@sources_option
@json_option
def export(case: str, out: str, format_id: str | None, sources: str | None, as_json: bool) -> None:
    """Write CASE to a file that another tool reads, and say what the file does not hold."""
    from westphalia.case.document import read
    from westphalia.workspace.outgoing import outgoing_of
    from westphalia.formats.known import find_format, format_to

    path = Path(out)
    form = find_format(format_id) if format_id is not None else format_to(path)
    if form.write is None:
        raise CallError(f"{form.title} is read, not written.", code="not-written", where=form.id)
    outgoing = outgoing_of(read(case), Path(sources) if sources is not None else None)
    account = form.write(outgoing, path)
    if as_json:
        emit_json({"format": form.id, "written": [str(path)], **account.as_dict()})
        return
    click.echo(f"{case} is now {out} ({form.title}).")
    _print(account)


def _print(account: Account) -> None:
    for key, sentences in account.as_dict().items():
        if sentences:
            click.echo(f"\n{_HEADS[key]}:")
        for sentence in sentences:
            click.echo(f"  {sentence}")
