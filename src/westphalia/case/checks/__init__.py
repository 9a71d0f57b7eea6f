"""Everything that can be wrong with a case beyond its form, found in one go."""

from __future__ import annotations

from westphalia.case.checks.backing import warn_of_backing, warn_of_gaps
from westphalia.case.checks.base import Report
from westphalia.case.checks.names import check_cycles, check_ids, check_names
from westphalia.case.checks.partial import Part
from westphalia.case.checks.scenarios import check_scenarios
from westphalia.case.checks.stability import check_stability
from westphalia.case.checks.values import check_spans, check_values
from westphalia.case.checks.whole import check_capability, check_completeness, check_derived, check_wars
from westphalia.case.text.nodes import Places
from westphalia.errors import Finding

_ALWAYS = (check_ids, check_names, check_cycles, check_values, check_spans)
_WHOLE = (
    check_completeness,
    check_capability,
    check_derived,
    check_wars,
    check_stability,
    warn_of_backing,
    warn_of_gaps,
)


def check_all(part: Part, places: Places) -> list[Finding]:
    """Return every error and warning of a case, or of the part of it that could be read.

    What is missing is only reported of a whole case: in a part it may have been left out.
    """
    report = Report(part, places)
    for check in _ALWAYS:
        check(report)
    if part.is_whole:
        for check in _WHOLE:
            check(report)
        check_scenarios(report, check_all)
    return report.findings
