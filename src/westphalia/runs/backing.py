"""What every uncertain number of a case rests on, by the path that names the number."""

from __future__ import annotations

from collections.abc import Mapping

from westphalia.case.schema import CaseFile
from westphalia.case.stands import Backing, resolved
from westphalia.fields import Backed
from westphalia.runs.graph import KINDS, Doubt

Backings = Mapping[str, Backing]


def backings(case: CaseFile) -> Backings:
    """Return the evidence or assumption behind each path of `case.inputs.build`, certain ones included.

    Cost is linear in stands and statements.
    """
    found: dict[str, Backing] = {}
    for stand in resolved(case):
        path = f"{stand.actor}.{stand.issue}"
        found[f"{path}.position"] = stand.position_backing
        found[f"{path}.salience"] = stand.salience_backing
        own = stand.actor in case.capability and stand.issue in case.capability[stand.actor].by_issue
        found[f"{path}.capability" if own else f"{stand.actor}.capability"] = stand.capability_backing
    for issue in case.issues:
        if issue.reversion is not None:
            found[f"{issue.id}.reversion"] = _backing(issue.reversion, issue)
    for actor, stated in case.no_deal.items():
        found[f"{actor}.no_deal"] = _backing(stated)
    for war in case.wars:
        found[f"{war.id}.win_chance"] = _backing(war.win_chance, war)
        for actor, cost in war.costs.items():
            found[f"{war.id}.{actor}.cost"] = _backing(cost, war)
    return found | _of_wishes(case)


def _of_wishes(case: CaseFile) -> dict[str, Backing]:
    """Return what is behind each doubt of a wish, named as in `runs.graph.doubts`."""
    stated = case.stability.preferences if case.stability is not None else {}
    return {
        Doubt(actor, at, kind).name: _backing(wish, own)
        for actor, own in stated.items()
        for at, wish in enumerate(own.priorities or own.weights)
        for kind in KINDS
    }


def _backing(*layers: Backed) -> Backing:
    """Return the first layer's backing that says anything: the number's own, then that of what it is in."""
    told = next((layer for layer in layers if layer.is_backed), layers[0])
    return Backing(told.evidence, told.assumption)
