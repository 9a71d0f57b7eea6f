"""`westphalia whatif`: the case with changes, beside the case as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    case_argument,
    console,
    emit_json,
    json_option,
    parsed_options,
    progress_bar,
    run_options,
    table,
)
from westphalia.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from westphalia.case.document import Document
    from westphalia.case.scenarios import Change
    from westphalia.runs.whatif import WhatIf


@click.command(
    epilog="""\b
Examples:
  westphalia whatif my-case --set north.border.position=40
  westphalia whatif my-case --set "north.border.position={low: 30, high: 60}" --remove alliance
  westphalia whatif my-case --shift alliance:force:+10 --scale south:1.5 --save thaw --title "A thaw"
  westphalia whatif my-case --scenario thaw --json
  westphalia whatif my-case
"""
)
@case_argument
@click.option(
    "--add-actor",
    "added",
    multiple=True,
    metavar="{id: …}",
    help="Add an actor, written as in the case file, with stands and capability.",
)
@click.option("--remove", "removed", multiple=True, metavar="ACTOR", help="Take an actor out of everything.")
@click.option(
    "--commit", "committed", multiple=True, metavar="{id: …}", help="Add a commitment, as in the case file."
)
@click.option(
    "--set", "settings_", multiple=True, metavar="PATH=VALUE", help="Set a value: north.border.position=40."
)
@click.option(
    "--scale",
    "scaled",
    multiple=True,
    metavar="WHO:FACTOR",
    help="Multiply capability: north:1.5 or a,b:0.5.",
)
@click.option(
    "--shift",
    "shifted",
    multiple=True,
    metavar="WHO:ISSUE:POINTS",
    help="Shift the positions of actors, or of all members of blocs: league:border:+10.",
)
@click.option("--scenario", "names", multiple=True, metavar="ID", help="Run this scenario of the case.")
@click.option("--save", "saved", metavar="ID", help="Save the changes in the case file, as a scenario.")
@click.option("--title", metavar="TEXT", help="Title of the scenario that is saved.")
@click.option("--note", metavar="TEXT", help="Note of the scenario that is saved.")
@run_options
@json_option
def whatif(case: str, as_json: bool, names: tuple[str, ...], **how: Any) -> None:
    """Say what changes to CASE would do to the forecasts, and to who would accept.

    Changes are made in the order of the options above, whatever their order in the call; the file
    is not touched unless the changes are saved. Both runs share the draws of all they have in common,
    so that the spread of the difference is the doubt about the change alone. Without changes all
    scenarios of the case are run, or those named.
    """
    from westphalia.api import read
    from westphalia.report.whatif_data import plain

    document = read(case).document
    changes = _changes(how)
    saving = {name: how.pop(name) for name in ("saved", "title", "note")}
    if changes and names:
        message = "Changes and scenarios cannot be tried in one call."
        raise CallError(message, code="two-kinds", hint="Leave out --scenario, or the changes.")
    if saving["saved"] is not None:
        document = _noted(document, changes, **saving)
    ran = _run(document, changes, names, saving, how)
    if saving["saved"] is not None:
        _save(document, saving["saved"])
    if as_json:
        emit_json({"case": document.case.id, "what_if": {name: plain(one) for name, one in ran.items()}})
    elif changes or names:
        for one in ran.values():
            _print(one)
    else:
        _print_all(ran)


def _changes(how: dict[str, Any]) -> tuple[Change, ...]:
    """Return the changes of a call, in the order in which they are made."""
    from westphalia.case import scenarios as short

    readers = (
        ("added", short.read_actor),
        ("removed", short.read_removal),
        ("committed", short.read_commitment),
        ("settings_", short.read_setting),
        ("scaled", short.read_scaling),
        ("shifted", short.read_shift),
    )
    return tuple(reader(text) for name, reader in readers for text in how.pop(name))


def _noted(
    document: Document, changes: tuple[Change, ...], saved: str, title: str | None, note: str | None
) -> Document:
    from westphalia.case.scenarios import new_scenario
    from westphalia.runs.whatif import with_scenario

    return with_scenario(document, new_scenario(saved, title, changes, note))


def _save(document: Document, name: str) -> None:
    from westphalia.case.text.saving import save

    done = save(document)
    console(err=True).print(f"Saved the scenario '{name}' in {done.name}.", markup=False)


def _run(
    document: Document,
    changes: tuple[Change, ...],
    names: tuple[str, ...],
    saving: dict[str, Any],
    how: dict[str, Any],
) -> Mapping[str, WhatIf]:
    from westphalia.runs.whatif import run_scenarios, what_if

    kept = {name: how[name] for name in ("draws", "seed", "only", "workers")}
    kept["options"] = parsed_options(how["settings"])
    if not changes and not document.case.scenarios:
        message = "The case has no scenarios, and no change is given."
        hint = "Give one, such as --set ACTOR.ISSUE.position=40; --save ID keeps it as a scenario."
        raise CallError(message, code="no-change", where=document.name, hint=hint)
    with progress_bar() as progress:
        if not changes:
            return run_scenarios(document, names, **kept, progress=progress)
        title = saving["title"] or "; ".join(map(str, changes))
        name = saving["saved"] or "changes"
        return {name: what_if(document, changes, title=title, **kept, progress=progress)}


# --- words and tables ------------------------------------------------------------------------------


def _print(ran: WhatIf) -> None:
    from westphalia.report.whatif_data import rows_of

    out = console()
    out.print(f"What if: {ran.title}", style="bold", markup=False)
    for change in ran.changes:
        out.print(f"  {change}", markup=False)
    case = ran.base.document.case
    for issue, methods in rows_of(ran).items():
        question = case.issue[issue]
        heads = ("method", "as it is", "with the changes", "difference", "rises in", "falls in")
        made = table(f"{issue}: {question.question}", *heads, right=("rises in", "falls in"))
        for method, row in methods.items():
            cells = [_spread(row[name], question.ends) for name in ("base", "changed")]
            difference = _spread(row["difference"], question.ends, "+")
            made.add_row(method, *cells, difference, f"{row['rises']:.0%}", f"{row['falls']:.0%}")
        out.print(made)
    _print_accepting(ran)
    out.print("Median, in brackets where 90 % of the draws lie. Draws are shared.", style="dim", markup=False)


def _spread(quantiles: list[float], ends: tuple[float, float], sign: str = "") -> str:
    from westphalia.cli.forecast import digits_of

    form = f"{sign}.{digits_of(*ends)}f"
    low, middle, high = (format(value if abs(value) > 1e-9 else 0.0, form) for value in quantiles)
    return f"{middle} ({low} to {high})"


def _print_accepting(ran: WhatIf) -> None:
    shares = ran.accepting()
    if not shares:
        return
    made = table(
        "Who would accept the compromise mean's package", "actor", "as it is", "with the changes",
        right=("as it is", "with the changes"),
    )  # fmt: skip
    names = {**ran.base.document.case.actor, **ran.changed.document.case.actor}
    for actor, pair in shares.items():
        made.add_row(str(names[actor].name), *("–" if one is None else f"{one:.0%}" for one in pair))
    console().print(made)


def _print_all(ran: Mapping[str, WhatIf]) -> None:
    """Print one table: what each scenario does to the default forecast of each issue."""
    from westphalia.report.whatif_data import rows_of

    first = next(iter(ran.values()))
    rows = {name: rows_of(one) for name, one in ran.items()}
    issues = list(dict.fromkeys(issue for row in rows.values() for issue in row))
    case = first.base.document.case
    made = table("Scenarios: difference of the first method's forecast", "scenario", "title", *issues)
    for name, one in ran.items():
        cells = []
        for issue in issues:
            methods = rows[name].get(issue, {})
            row = next(iter(methods.values()), None)
            cells.append("–" if row is None else _spread(row["difference"], case.issue[issue].ends, "+"))
        made.add_row(name, one.title, *cells)
    console().print(made)
