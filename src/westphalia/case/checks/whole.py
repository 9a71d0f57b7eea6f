"""Checks of what a case must have: two actors, an issue, stands, capability, statements to derive from."""

from __future__ import annotations

from westphalia.case.checks.base import Report, bounds
from westphalia.case.derive import accounts
from westphalia.case.schema import CaseFile, Issue
from westphalia.case.text.nodes import Path


def check_completeness(report: Report) -> None:
    """Report fewer than two actors, no issue, and issues on which nobody has a stand."""
    case = report.case
    if len(case.actors) < 2:
        count = "no actor" if not case.actors else "only one actor"
        message = f"The case has {count}."
        report.error("too-few-actors", message, ("actors",), "A conflict has at least two.", at_key=True)
    if not case.issues and case.stability is None:
        message = "The case has no issue."
        report.error("no-issue", message, ("issues",), "State at least one question in dispute.", at_key=True)
    for path, issue in report.part.each("issues"):
        if not any(issue.id in stands for stands in case.stands.values()):
            message = f"Nobody has a stand on '{issue.id}'."
            hint = "Give the stands of the actors that dispute it, or remove the issue."
            report.error("issue-without-stands", message, (*path, "id"), hint)


def check_capability(report: Report) -> None:
    """Report stands without capability, which no method can weigh, and capabilities that are all 0."""
    case = report.case
    if case.capability and all(_largest(case, actor) == 0 for actor in case.capability):
        message = "Every capability is 0, so nobody counts."
        report.error("no-capability", message, ("capability",), "Give at least one above 0.", at_key=True)
    for actor, stands in case.stands.items():
        given = case.capability.get(actor)
        lacking = [issue for issue in stands if given is None or given.on(issue) is None]
        if actor in case.actor and lacking:
            where = "" if given is None else f" on {', '.join(lacking)}"
            message = f"'{actor}' has a stand but no capability{where}."
            hint = f"Add it under capability: {actor}: …, overall or by_issue."
            report.error("capability-missing", message, ("stands", actor), hint, at_key=True)


def check_wars(report: Report) -> None:
    """Report wars that are not between two, costs of others, and no-deal values that are stated twice."""
    fought: dict[str, str] = {}
    for path, war in report.part.each("wars"):
        if len(set(war.between)) != 2:
            message = f"The war '{war.id}' is between {len(set(war.between))} actors."
            report.error(
                "war-not-between-two", message, (*path, "between"), "Name the two sides of the lottery."
            )
            continue
        if set(war.costs) != set(war.between):
            hint = f"Give costs for {war.between[0]} and {war.between[1]}."
            message = f"The costs of '{war.id}' are not those of its two sides."
            report.error("war-costs", message, (*path, "costs"), hint)
        for actor in war.between:
            other = f"the war '{fought[actor]}'" if actor in fought else ""
            other = other or ("no_deal" if actor in report.case.no_deal else "")
            if other:
                message = f"No deal is worth two things to '{actor}': by '{war.id}' and by {other}."
                report.error("no-deal-twice", message, (*path, "between"), "Keep one of them.")
            fought[actor] = war.id


def _largest(case: CaseFile, actor: str) -> float:
    capability = case.capability[actor]
    given = [*capability.by_issue.values(), *([capability.overall] if capability.overall else [])]
    return max((bounds(quantity.value)[1] for quantity in given), default=0.0)


def check_derived(report: Report) -> None:
    """Report derived positions that no statement gives a value for."""
    for actor, stands in report.case.stands.items():
        for name, stand in stands.items():
            issue = report.case.issue.get(name)
            if stand.position.is_derived and issue is not None and not _is_told(report.case, actor, issue):
                path: Path = ("stands", actor, name, "position")
                message = f"The position of '{actor}' on '{name}' is derived, but no statement gives one."
                key = "option" if issue.kind == "nominal" else "value"
                hint = f"Code a statement with about: {{actor: {actor}, issue: {name}, {key}: …}}."
                report.error("nothing-to-derive-from", message, path, hint)


def _is_told(case: CaseFile, actor: str, issue: Issue) -> bool:
    told = accounts(case, actor, issue.id)
    if issue.kind == "nominal":
        return any(account.option is not None for account in told)
    return any(account.value is not None for account in told)
