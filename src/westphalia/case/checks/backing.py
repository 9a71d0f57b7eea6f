"""Warnings: values that rest on nothing, evidence that says otherwise, gaps in who wants what."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.case.checks.base import Report, bounds, spoken
from westphalia.case.conflicts import decision_makers
from westphalia.case.schema import Stand
from westphalia.case.text.nodes import Path
from westphalia.dossier.glosses import waits_for_words
from westphalia.dossier.schema import About
from westphalia.fields import Quantity

_NEEDS_NO_STAND = ("person", "medium", "public")
_BACK_IT = "Name statements as evidence, or say why it is assumed."


def warn_of_backing(report: Report) -> None:
    """Warn of values without evidence or assumption, and of evidence that contradicts a value."""
    for actor, stands in report.case.stands.items():
        for issue, stand in stands.items():
            _warn_of_stand(report, ("stands", actor, issue), stand)
    _warn_of_contradictions(report)
    for path, what, quantity in _quantities(report):
        if not quantity.is_backed:
            message = f"{what} names neither evidence nor assumption."
            report.warn("no-backing", message, path, _BACK_IT)


def _warn_of_stand(report: Report, path: Path, stand: Stand) -> None:
    if stand.is_backed:
        return
    bare = [] if stand.position.is_backed or stand.position.is_derived else ["position"]
    bare += [] if stand.salience.is_backed else ["salience"]
    if bare:
        verb = "names" if len(bare) == 1 else "name"
        message = (
            f"{' and '.join(bare).capitalize()} of '{path[1]}' on '{path[2]}' {verb} "
            "neither evidence nor assumption."
        )
        report.warn("no-backing", message, (*path, bare[0]), _BACK_IT)


def _quantities(report: Report) -> Iterator[tuple[Path, str, Quantity]]:
    """Yield the quantities outside of stands that should be backed."""
    for path, issue in report.part.each("issues"):
        if issue.reversion is not None:
            yield (*path, "reversion"), f"The reversion of '{issue.id}'", issue.reversion
    for actor, capability in report.case.capability.items():
        if capability.overall is not None:
            yield ("capability", actor), f"The capability of '{actor}'", capability.overall
        for name, quantity in capability.by_issue.items():
            yield (
                ("capability", actor, "by_issue", name),
                f"The capability of '{actor}' on '{name}'",
                quantity,
            )
    for path, war in report.part.each("wars"):
        if not war.is_backed:
            yield (*path, "win_chance"), f"The chance to win in '{war.id}'", war.win_chance
            for actor, quantity in war.costs.items():
                yield (*path, "costs", actor), f"The cost of '{war.id}' to '{actor}'", quantity
    for actor, quantity in report.case.no_deal.items():
        yield ("no_deal", actor), f"The utility without agreement of '{actor}'", quantity


# --- evidence that says otherwise ----------------------------------------------------------------


def _warn_of_contradictions(report: Report) -> None:
    """Compare every statement with the stand it is about, whether the stand cites it or not."""
    for statement in report.case.coded:
        for about in statement.about:
            stand = report.case.stands.get(about.actor or "", {}).get(about.issue or "")
            said = _otherwise(stand, about) if stand is not None else None
            if said is not None:
                path: Path = ("stands", str(about.actor), str(about.issue), "position")
                message = f"'{statement.id}' puts '{about.actor}' on '{about.issue}' at {said}."
                hint = "Widen the position, or say in a note why the statement does not count."
                report.warn("evidence-contradicts", message, path, hint)


def _otherwise(stand: Stand, about: About) -> str | None:
    """Return what a statement says, with what the stand says, if both cannot be true."""
    value, choice = stand.position.value, stand.position.choice
    if about.value is not None and value is not None:
        (low, high), (least, most) = bounds(about.value), (value.low, value.high)
        is_apart = high < least or low > most
        return f"{spoken(low, high)}, outside of the position {spoken(least, most)}" if is_apart else None
    if about.option is not None and choice is not None and choice.chances.get(about.option, 0.0) == 0.0:
        return f"'{about.option}', which the position rules out"
    return None


# --- gaps ----------------------------------------------------------------------------------------


def warn_of_gaps(report: Report) -> None:
    """Warn of actors without stands, issues without reversion, statements without span, date or gloss."""
    _warn_of_actors(report)
    for path, issue in report.part.each("issues"):
        if issue.kind != "nominal" and issue.reversion is None:
            message = f"'{issue.id}' does not say what holds if nothing is agreed."
            report.warn("no-reversion", message, (*path, "id"), "Add a reversion.")
    for path, statement in report.part.each("statements"):
        for key in ("span", "date"):
            if getattr(statement, key) is None:
                message = f"The statement '{statement.id}' has no {key}."
                report.warn(f"no-{key}", message, (*path, "id"))
        if waits_for_words(statement):
            message = f"The gloss of '{statement.id}' still waits for words."
            report.warn("no-gloss", message, (*path, "gloss"), "Say in your own words what is said there.")
    for path, source in report.part.each("sources"):
        if source.file is not None and source.sha256 is None:
            message = f"The source '{source.id}' has no sha256, so changes of its text go unseen."
            report.warn("no-sha256", message, (*path, "id"))


def _warn_of_actors(report: Report) -> None:
    case = report.case
    required = case.agreement.required if case.agreement is not None else ()
    deciding = decision_makers(case, case.stability) if case.stability is not None else ()
    involved = {*case.stands, *required, *deciding}
    for path, actor in report.part.each("actors"):
        speaks_for_itself = actor.kind not in _NEEDS_NO_STAND and actor.speaks_for is None
        if actor.id not in involved and speaks_for_itself:
            message = f"'{actor.id}' has no stand on any issue."
            report.warn("actor-without-stand", message, (*path, "id"))
    for at, name in enumerate(required):
        absent = [issue for issue in case.issue if issue not in case.stands.get(name, {})]
        if name in case.actor and absent:
            issues = ", ".join(f"'{issue}'" for issue in absent)
            message = f"An agreement needs '{name}', which has no stand on {issues}."
            report.warn("required-without-stand", message, ("agreement", "required", at))
    for name in case.capability:
        if name in case.actor and not case.stands.get(name):
            message = f"'{name}' has capability but no stand, so it counts nowhere."
            report.warn("capability-without-stand", message, ("capability", name), at_key=True)
