"""What if: a case with changes made, run on the draws of the case as it is, and set beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from westphalia.analyses.compare import differences
from westphalia.case.changes import changed_tree
from westphalia.case.document import Document, parse
from westphalia.case.scenarios import Change, Scenario
from westphalia.case.text import emit
from westphalia.errors import CallError, CaseError, suggest
from westphalia.labels import ACTOR, DRAW
from westphalia.runs.engine import Progress
from westphalia.runs.study import Options, Study, conduct


@dataclass(frozen=True)
class WhatIf:
    """What changes do to the forecasts of a case.

    `base` and `changed` are studies with the same seed, in which what both cases have is drawn alike;
    `difference` (method, draw, issue) is taken draw by draw, empty if no method forecasts both.
    """

    title: str
    changes: tuple[Change, ...]
    base: Study
    changed: Study
    difference: xr.Dataset

    def accepting(self) -> dict[str, tuple[float | None, float | None]]:
        """Return, by actor, the share of draws in which it accepts: without and with the changes.

        None where the actor takes no part, or where nobody's acceptance can be judged.
        """
        without, with_ = _accepting(self.base), _accepting(self.changed)
        return {actor: (without.get(actor), with_.get(actor)) for actor in {**without, **with_}}


def _accepting(study: Study) -> dict[str, float]:
    if study.acceptance is None:
        return {}
    share = study.acceptance["is_accepted"].mean(DRAW)
    return dict(zip(share[ACTOR].values.tolist(), share.values.tolist(), strict=True))


def changed_document(
    document: Document, changes: Iterable[Change], title: str = "the changed case"
) -> Document:
    """Return the document of the case with the changes made, checked like any other; the file stays.

    Its text is written anew, without comments, and it belongs to no file.

    Raises
    ------
    CallError: a change names what the case does not have, or the changed case would be wrong.
    """
    tree = changed_tree(document.tree, changes)
    try:
        return parse(emit.block(tree, 0, "\n"), title)
    except CaseError as error:
        faults = [finding for finding in error.findings if finding.severity == "error"]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        message = f"With these changes the case would be wrong: {faults[0].message}{more}"
        raise CallError(
            message, code="changed-case-wrong", where=faults[0].path, hint=faults[0].hint
        ) from None


def what_if(
    document: Document,
    changes: Iterable[Change],
    *,
    title: str = "the changes",
    draws: int = 2000,
    seed: int = 1,
    only: tuple[str, ...] = (),
    options: Options | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Run the methods on a case as it is and with changes made; see `conduct` for the options.

    Raises
    ------
    CallError: a change cannot be made or leaves a wrong case; an unknown method or option.
    """
    how: dict[str, Any] = {"draws": draws, "seed": seed, "only": only, "options": options}
    how |= {"workers": workers, "progress": progress}
    made = tuple(changes)
    other = changed_document(document, made, title)
    return _beside(conduct(document, **how), other, title, made, how)


def run_scenarios(
    document: Document,
    names: Iterable[str] = (),
    *,
    draws: int = 2000,
    seed: int = 1,
    only: tuple[str, ...] = (),
    options: Options | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Mapping[str, WhatIf]:
    """Run the scenarios of a case (those named, or all), each beside the case as it is, which runs once.

    Raises
    ------
    CallError: the case has no such scenario, or as in `what_if`.
    """
    chosen = [scenario_of(document, name) for name in names] or list(document.case.scenarios)
    how: dict[str, Any] = {"draws": draws, "seed": seed, "only": only, "options": options}
    how |= {"workers": workers, "progress": progress}
    base = conduct(document, **how)
    return {
        one.id: _beside(
            base, changed_document(document, one.changes, one.id), str(one.title), one.changes, how
        )
        for one in chosen
    }


def scenario_of(document: Document, name: str) -> Scenario:
    """Return the scenario of that id.

    Raises
    ------
    CallError: there is none; names the nearest.
    """
    known = {scenario.id: scenario for scenario in document.case.scenarios}
    if name not in known:
        message = f"The case has no scenario '{name}'."
        raise CallError(message, code="unknown-scenario", where=name, hint=suggest(name, known))
    return known[name]


def with_scenario(document: Document, scenario: Scenario) -> Document:
    """Return the document with a scenario added to it, every other byte as it was; see `save`.

    Raises
    ------
    CaseError: the case has one of that id, or it leaves a wrong case.
    """
    return document.append("scenarios", scenario.plain())


def _beside(
    base: Study, document: Document, title: str, changes: tuple[Change, ...], how: dict[str, Any]
) -> WhatIf:
    changed = conduct(document, **how, like=base.inputs)
    has_both = "forecast" in base.forecast and "forecast" in changed.forecast
    difference = (
        differences(base.forecast["forecast"], changed.forecast["forecast"]) if has_both else xr.Dataset()
    )
    stamp = {**base.forecast.attrs, "changes": [str(change) for change in changes]}
    return WhatIf(title, changes, base, changed, difference.assign_attrs(stamp))
