"""`westphalia show`: what a case holds, and what each value rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import case_argument, console, emit_json, json_option, table
from westphalia.errors import CallError, suggest

if TYPE_CHECKING:
    from westphalia.api import Case
    from westphalia.case.schema import Issue
    from westphalia.case.stands import ResolvedStand
    from westphalia.uncertain import Value


@click.command(
    epilog="""\b
Examples:
  westphalia show cases/ukraine-2025-02
  westphalia show cases/ukraine-2025-02 --issue territory
  westphalia show cases/ukraine-2025-02 --statement s041
"""
)
@case_argument
@click.option("--issue", metavar="ID", help="Only the stands on this issue.")
@click.option("--actor", metavar="ID", help="Only the stands of this actor.")
@click.option("--statement", metavar="ID", help="One statement, whole.")
@json_option
def show(case: str, issue: str | None, actor: str | None, statement: str | None, as_json: bool) -> None:
    """Show CASE: actors, issues, stands with their ranges, and what each rests on."""
    from westphalia.api import read
    from westphalia.case.stands import resolved

    shown = read(case)
    if statement is not None:
        _show_statement(shown, statement, as_json)
        return
    for wanted, known, what in ((issue, shown.file.issue, "issue"), (actor, shown.file.actor, "actor")):
        if wanted is not None:
            _known(wanted, known, what)
    stands = [
        stand
        for stand in resolved(shown.file)
        if (issue is None or stand.issue == issue) and (actor is None or stand.actor == actor)
    ]
    if as_json:
        emit_json({**_overview(shown), "stands": [_plain(stand) for stand in stands]})
        return
    if issue is None and actor is None:
        _print_overview(shown)
    _print_stands(shown, stands)


def _known(wanted: str, known: dict[str, Any], what: str) -> None:
    if wanted not in known:
        raise CallError(
            f"The case has no {what} '{wanted}'.", code=f"unknown-{what}", hint=suggest(wanted, known)
        )


def _show_statement(case: Case, statement: str, as_json: bool) -> None:
    _known(statement, case.file.statement, "statement")
    found = case.file.statement[statement].model_dump(mode="json", exclude_defaults=True)
    if as_json:
        emit_json(found)
        return
    made = table(f"Statement {statement}", "field", "value")
    for name, value in found.items():
        made.add_row(name, str(value))
    console().print(made)


def _overview(case: Case) -> dict[str, Any]:
    file = case.file
    return {
        "case": file.id,
        "title": str(file.title),
        "question": str(file.question),
        "date": file.date,
        "digest": case.digest,
        "counts": {
            name: len(getattr(file, name))
            for name in (
                "sources",
                "statements",
                "actors",
                "issues",
                "commitments",
                "moves",
                "events",
                "consultations",
            )
        },
        "warnings": len(case.warnings),
    }


def _print_overview(case: Case) -> None:
    out, told = console(), _overview(case)
    out.print(f"[bold]{told['title']}[/bold] ({told['case']}, {told['date']})\n{told['question']}\n")
    counts = told["counts"].items()
    out.print(", ".join(f"{count} {name}" for name, count in counts) + f"; {told['warnings']} warnings.")
    actors = table("Actors", "id", "name", "kind", "ties")
    for actor in case.file.actors:
        ties = [f"speaks for {actor.speaks_for}"] if actor.speaks_for else []
        ties += [f"part of {', '.join(actor.part_of)}"] if actor.part_of else []
        ties += [f"ratifies for {actor.ratifies_for}"] if actor.ratifies_for else []
        actors.add_row(actor.id, str(actor.name), actor.kind, "; ".join(ties))
    out.print(actors)
    issues = table("Issues", "id", "question", "scale", "without agreement")
    for issue in case.file.issues:
        scale = "; ".join(f"{_key(point)}: {meaning}" for point, meaning in issue.scale.items())
        issues.add_row(
            issue.id,
            str(issue.question),
            scale,
            _reversion(issue),
        )
    out.print(issues)


def _print_stands(case: Case, stands: list[ResolvedStand]) -> None:
    made = table("Stands", "actor", "issue", "position", "salience", "capability", "position rests on")
    for stand in stands:
        made.add_row(
            stand.actor,
            stand.issue,
            _position(stand),
            _range(stand.salience),
            _range(stand.capability) if stand.capability else "",
            f"{', '.join(stand.position_backing.evidence) or stand.position_backing.assumption or 'nothing'}"
            f"{' (derived)' if stand.origin == 'derived' else ''}",
        )
    console().print(made)


def _position(stand: ResolvedStand) -> str:
    if stand.position is not None:
        return _range(stand.position)
    return _options(stand.chances or {})


def _reversion(issue: Issue) -> str:
    if issue.reversion is None:
        return "not stated"
    if issue.reversion.value is not None:
        return _range(issue.reversion.value)
    return _options(issue.reversion.choice.chances if issue.reversion.choice else {})


def _options(chances: dict[str, float]) -> str:
    return ", ".join(f"{option} {chance:.0%}" for option, chance in chances.items())


def _range(value: Value) -> str:
    if value.low == value.high:
        return f"{value.central:.3g}"
    return f"{value.central:.3g} ({value.low:.3g} to {value.high:.3g})"


def _key(point: float | str) -> str:
    return point if isinstance(point, str) else f"{point:g}"


def _plain(stand: ResolvedStand) -> dict[str, Any]:
    return {
        "actor": stand.actor,
        "issue": stand.issue,
        "position": None if stand.position is None else stand.position.plain(),
        "chances": stand.chances,
        "salience": stand.salience.plain(),
        "capability": None if stand.capability is None else stand.capability.plain(),
        "origin": stand.origin,
        "evidence": list(stand.position_backing.evidence),
        "assumption": stand.position_backing.assumption,
    }
