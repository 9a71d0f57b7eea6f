"""Checks of scenarios: every one is tried, and must give a sound case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pydantic

from westphalia.case.changes import UNWRITTEN, changed_tree
from westphalia.case.checks.base import Report
from westphalia.case.checks.messages import translate
from westphalia.case.checks.partial import Part, whole
from westphalia.case.scenarios import Scenario
from westphalia.case.schema import CaseFile
from westphalia.case.text.nodes import Path, Places
from westphalia.errors import CallError, Finding

MOST = 200
"""The most scenarios of a case, so that trying them all stays quick."""

CheckAll = Callable[[Part, Places], list[Finding]]


def check_scenarios(report: Report, check_all: CheckAll) -> None:
    """Report scenarios whose changes cannot be made, or that leave a case that is wrong.

    Only tried where the case itself is right: its own errors would come again in each of them.
    Cost is that of one check of the case per scenario.
    """
    if any(finding.severity == "error" for finding in report.findings):
        return
    if len(report.case.scenarios) > MOST:
        message = f"The case has {len(report.case.scenarios)} scenarios; at most {MOST} are tried."
        report.error("too-many-scenarios", message, ("scenarios",), "Keep fewer.", at_key=True)
        return
    for path, scenario in report.part.each("scenarios"):
        _try(report, path, scenario, check_all)


def _try(report: Report, path: Path, scenario: Scenario, check_all: CheckAll) -> None:
    tree = report.part.tree
    for at, change in enumerate(scenario.changes):
        try:
            tree = changed_tree(tree, [change])
        except CallError as error:
            message = f"The scenario '{scenario.id}' cannot be tried: {error.message}"
            report.error(error.code, message, (*path, "changes", at), error.hint)
            return
    fault = _first_fault(tree, report, check_all)
    if fault is not None:
        message = f"With the scenario '{scenario.id}' the case would be wrong: {fault[0]}"
        report.error("scenario-wrong", message, (*path, "changes"), fault[1], at_key=True)


def _first_fault(tree: dict[str, Any], report: Report, check_all: CheckAll) -> tuple[str, str] | None:
    """Return message and hint of the first error of a changed case.

    Sections that the changes left alone are taken as they were read.
    """
    before = report.part.tree
    read = {name: getattr(report.case, name) for name in UNWRITTEN if tree.get(name) is before.get(name)}
    try:
        findings = check_all(whole(CaseFile.model_validate({**tree, **read}), tree), report.places)
    except pydantic.ValidationError as error:
        findings = translate(error, report.places)
    errors = [finding for finding in findings if finding.severity == "error"]
    return (errors[0].message, errors[0].hint) if errors else None
