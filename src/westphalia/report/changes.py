"""What the changes of a scenario do to a case, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from westphalia.case.scenarios import Change
from westphalia.case.schema import CaseFile
from westphalia.charts.words import listed
from westphalia.language import decimal, said
from westphalia.report.unknowns import unknown_name
from westphalia.report.values import actor_name


def change_words(change: Change, case: CaseFile, language: str) -> str:
    """Return what a change does, with the names of the case."""
    if change.set is not None:
        return f"{unknown_name(case, change.set, language)} {_written(change.to)}"
    if change.shift:
        return said(
            "{actors} {by} on “{question}”",
            actors=_actors(change.shift, case, language),
            by=decimal(f"{change.by:+g}"),
            question=case.issue[change.on].question.into(language) if change.on else "",
        )
    if change.scale_capability:
        return _scaled(change, case, language)
    return _parted(change)


def _actors(ids: Iterable[str], case: CaseFile, language: str) -> str:
    return listed(actor_name(actor, case, language) for actor in ids)


def _scaled(change: Change, case: CaseFile, language: str) -> str:
    factor = decimal(f"{change.by:g}")
    if change.on is None:
        who = _actors(change.scale_capability, case, language)
        return said("capability of {actors} × {factor}", actors=who, factor=factor)
    who = ", ".join(change.scale_capability)
    return said("capability of {actors} on {issue} × {factor}", actors=who, issue=change.on, factor=factor)


def _parted(change: Change) -> str:
    """Return who or what leaves or joins the case."""
    if change.remove:
        return said("without {actor}", actor=change.remove)
    if change.add_actor:
        return said("with {actor}", actor=change.add_actor.get("id"))
    return said("with the commitment {commitment}", commitment=(change.add_commitment or {}).get("id"))


def _written(value: Any) -> str:
    if isinstance(value, dict) and {"low", "high"} <= set(value):
        return said("{low} to {high}", low=_written(value["low"]), high=_written(value["high"]))
    return decimal(str(value)) if isinstance(value, float) else str(value)
