"""Checks of values: on the issue's scale, within their bounds, spans within their source."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.case.checks.base import Report, bounds, spoken
from westphalia.case.schema import Aim, CaseFile, Issue, Position
from westphalia.case.text.nodes import Path
from westphalia.dossier.schema import About, Source, Span
from westphalia.errors import suggest
from westphalia.fields import Quantity
from westphalia.uncertain import Value


def check_values(report: Report) -> None:
    """Report positions, aims and reversions off their scale, and shares and weights out of bounds."""
    for path, actor, issue, position in _positions(report):
        _check_position(report, path, actor, issue, position)
    for path, aim in report.models:
        if isinstance(aim, About | Aim):
            _check_aim(report, path, aim)
    for path, issue in report.part.each("issues"):
        _check_reversion(report, path, issue)
        _check_losses(report, path, issue)
    for path, move in report.part.each("moves"):
        where = report.case.issue.get(move.issue or "")
        if move.brings is not None and where is not None:
            _check_value(report, (*path, "brings"), "what the move brings", move.brings, where)
    for path, name, quantity, (low, high) in _bounded(report):
        _check_bounds(report, path, name, quantity, low, high)


# --- on the scale --------------------------------------------------------------------------------


def _positions(report: Report) -> Iterator[tuple[Path, str, Issue, Position]]:
    for actor, stands in report.case.stands.items():
        for name, stand in stands.items():
            issue = report.case.issue.get(name)
            if issue is not None:
                yield ("stands", actor, name, "position"), actor, issue, stand.position


def _check_position(report: Report, path: Path, actor: str, issue: Issue, position: Position) -> None:
    _check_place(report, path, f"the position of '{actor}'", position, issue)
    if position.shift and issue.kind == "nominal":
        message = f"'{issue.id}' is nominal: a position on it cannot be shifted."
        report.error("shift-misplaced", message, path, "Its options have no distance.")


def _check_place(report: Report, path: Path, what: str, position: Position, issue: Issue) -> None:
    if position.choice is not None:
        options = tuple(position.choice.chances)
        if issue.kind != "nominal":
            _refuse_option(report, path, what, options[0], issue)
            return
        for option in options:
            _check_option(report, path, option, issue)
    elif position.value is not None:
        _check_value(report, path, what, position.value, issue)


def _check_aim(report: Report, path: Path, aim: About | Aim) -> None:
    issue = report.case.issue.get(aim.issue) if aim.issue else None
    if issue is None:
        return
    if aim.value is not None:
        _check_value(report, (*path, "value"), "the value", aim.value, issue)
    if aim.option is not None and issue.kind == "nominal":
        _check_option(report, (*path, "option"), aim.option, issue)
    elif aim.option is not None:
        _refuse_option(report, (*path, "option"), "the option", aim.option, issue)


def _check_reversion(report: Report, path: Path, issue: Issue) -> None:
    if issue.reversion is None:
        return
    if issue.reversion.is_derived:
        message = f"The reversion of '{issue.id}' cannot be derived from statements."
        report.error(
            "reversion-derived", message, (*path, "reversion"), "State what holds without agreement."
        )
    if issue.reversion.shift:
        message = f"The reversion of '{issue.id}' has a shift; only positions have one."
        report.error("shift-misplaced", message, (*path, "reversion"), "State the reversion itself.")
    _check_place(report, (*path, "reversion"), "the reversion", issue.reversion, issue)


def _check_losses(report: Report, path: Path, issue: Issue) -> None:
    """Report a table of losses on a continuous issue, names that are no points, and losses beyond 0 to 1."""
    if issue.losses and issue.kind == "continuous":
        message = f"'{issue.id}' is continuous: its losses follow from distance."
        report.error("losses-on-continuous", message, (*path, "losses"), "Make it ordered or nominal.")
        return
    points = issue.points
    for wanted, row in issue.losses.items():
        for given in (wanted, *row):
            if given not in points:
                message = f"'{issue.id}' has no point '{given}'."
                report.error("unknown-option", message, (*path, "losses", wanted), suggest(given, points))
        for given, loss in row.items():
            if not 0 <= loss <= 1:
                message = f"The loss of '{wanted}' at '{given}' is {loss:g}."
                where = (*path, "losses", wanted, given)
                report.error("out-of-range", message, where, "It must lie between 0 and 1.")


def _check_value(report: Report, path: Path, what: str, value: Value, issue: Issue) -> None:
    low, high = bounds(value)
    if issue.kind == "nominal":
        message = f"'{issue.id}' is nominal: {what} is one of its options, not {spoken(low, high)}."
        report.error("number-on-nominal", message, path, f"Options: {', '.join(issue.options)}.")
        return
    least, most = issue.ends
    if low < least or high > most:
        message = f"{what} is {spoken(low, high)}, off the scale of '{issue.id}'."
        hint = f"The scale runs from {least:g} to {most:g}."
        report.error("off-scale", message[:1].upper() + message[1:], path, hint)


def _refuse_option(report: Report, path: Path, what: str, option: str, issue: Issue) -> None:
    least, most = issue.ends
    message = f"'{issue.id}' is {issue.kind}: {what} is a number, not '{option}'."
    hint = f"The scale runs from {least:g} to {most:g}; 'derived' takes the position from the statements."
    report.error("option-on-scale", message, path, hint)


def _check_option(report: Report, path: Path, option: str, issue: Issue) -> None:
    if option not in issue.options:
        message = f"'{issue.id}' has no option '{option}'."
        report.error("unknown-option", message, path, suggest(option, issue.options))


# --- within bounds -------------------------------------------------------------------------------

_Bounds = tuple[float | None, float | None]


def _bounded(report: Report) -> Iterator[tuple[Path, str, Quantity, _Bounds]]:
    """Yield every quantity with bounds of its own."""
    yield from _bounded_by_actor(report.case)
    for path, war in report.part.each("wars"):
        yield (*path, "win_chance"), f"the chance to win in '{war.id}'", war.win_chance, (0, 1)
        for actor, quantity in war.costs.items():
            yield (*path, "costs", actor), f"the cost of '{war.id}' to '{actor}'", quantity, (0, None)
    for path, commitment in report.part.each("commitments"):
        if commitment.strength is not None:
            what = f"the strength of '{commitment.id}'"
            yield (*path, "strength"), what, commitment.strength, (0, 1)


def _bounded_by_actor(case: CaseFile) -> Iterator[tuple[Path, str, Quantity, _Bounds]]:
    for actor, stands in case.stands.items():
        for issue, stand in stands.items():
            path: Path = ("stands", actor, issue, "salience")
            yield path, f"the salience of '{actor}' on '{issue}'", stand.salience, (0, 1)
    for actor, capability in case.capability.items():
        path = ("capability", actor)
        if capability.overall is not None:
            yield (*path, "overall"), f"the capability of '{actor}'", capability.overall, (0, None)
        for issue, quantity in capability.by_issue.items():
            yield (*path, "by_issue", issue), f"the capability of '{actor}' on '{issue}'", quantity, (0, None)
    for actor, quantity in case.no_deal.items():
        yield ("no_deal", actor), f"the utility without agreement of '{actor}'", quantity, (None, 1)


def _check_bounds(
    report: Report, path: Path, what: str, quantity: Quantity, least: float | None, most: float | None
) -> None:
    low, high = bounds(quantity.value)
    is_below, is_above = least is not None and low < least, most is not None and high > most
    if not is_below and not is_above:
        return
    message = f"{what[:1].upper()}{what[1:]} is {spoken(low, high)}."
    kind = path[-1] if path[0] in ("stands", "commitments") else path[0]
    if kind == "salience" and 1 < high <= 100 and low >= 0:
        hint = f"Saliences run from 0 to 1: write {high / 100:g} for {high:g}."
    elif least is not None and most is not None:
        hint = f"It must lie between {least:g} and {most:g}."
    else:
        hint = f"It must be at least {least:g}." if least is not None else f"It must be at most {most:g}."
    report.error("out-of-range", message, path, hint)


# --- spans ---------------------------------------------------------------------------------------


def check_spans(report: Report) -> None:
    """Report spans that end behind the end of their source."""
    told = {path: statement.source for path, statement in report.part.each("statements")}
    told |= {path: source.id for path, source in report.part.each("sources")}
    for path, span in report.models:
        if isinstance(span, Span):
            _check_end(report, path, span, report.case.source.get(told.get(path[:2], "")))


def _check_end(report: Report, path: Path, span: Span, source: Source | None) -> None:
    characters = source.characters if source is not None else None
    if source is not None and characters is not None and span.end > characters:
        message = f"The span ends at {span.end}, but '{source.id}' has {characters} characters."
        report.error("span-out-of-source", message, path, "Anchor it again in the text.")
