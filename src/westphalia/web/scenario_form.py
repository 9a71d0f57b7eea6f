"""Scenarios on a page: changes in words, and a change from the fields of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from westphalia.case.scenarios import Change, change_of
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.web.forms import Form, number_in

CHANGES: Final = {
    "shift": _("move a position"),
    "scale_capability": _("multiply capability"),
    "remove": _("leave an actor out"),
    "position": _("set a position"),
    "salience": _("set a salience"),
    "capability": _("set a capability"),
    "no_deal": _("set what no deal is worth"),
    "reversion": _("set what holds without agreement"),
}
"""The changes that a form makes, by what they are called there."""

FIELDS: Final = ("what", "who", "on", "amount")
"""Fields of a change in a form; several stand beside each other with a number behind the name."""

_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "shift": ("who", "on", "amount"),
    "scale_capability": ("who", "amount"),
    "remove": ("who",),
    "position": ("who", "on", "amount"),
    "salience": ("who", "on", "amount"),
    "capability": ("who", "amount"),
    "no_deal": ("who", "amount"),
    "reversion": ("on", "amount"),
}
_PATHS: Final = {
    "position": "{who}.{on}.position",
    "salience": "{who}.{on}.salience",
    "capability": "{who}.capability",
    "no_deal": "{who}.no_deal",
    "reversion": "{on}.reversion",
}
_ENDS: Final = {2: ("low", "high"), 3: ("low", "mode", "high")}


MEASURES: Final = {
    "position": _("position"),
    "salience": _("salience"),
    "capability": _("capability"),
    "no_deal": _("worth of no deal"),
    "reversion": _("what holds without agreement"),
}
"""What can be set or moved, in words."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change of a scenario.

    `kind` is that of the case file; `who` are the actors it is about, `on` the question of its issue,
    `measure` what of these is changed; `by` the points of a shift or the factor of a scaling, `to` the new
    value.
    What has none of these is `said` as the file has it.
    """

    kind: str
    who: tuple[Text, ...]
    on: Text | None
    measure: str
    by: float | None
    to: str
    said: str


@dataclass(frozen=True, slots=True)
class ShownScenario:
    """A scenario of the case: its changes in their order, what it rests on, where the file has it."""

    id: str
    title: Text
    changes: tuple[ShownChange, ...]
    evidence: tuple[str, ...]
    assumption: str
    line: int


def change_shown(case: CaseFile, change: Change) -> ShownChange:
    """Return a change with the names of the case."""
    set_at = change.set.removeprefix("stands.").split(".") if change.set else []
    ids = change.shift or change.scale_capability or ((change.remove,) if change.remove else set_at[:1])
    who = tuple(case.actor[one].name for one in ids if one in case.actor)
    issue = change.on or next((step for step in set_at[:2] if step in case.issue), "")
    moved = {"shift": "position", "scale_capability": "capability"}.get(change.kind, "")
    measure = MEASURES.get(moved or (set_at[-1] if set_at else ""), "")
    is_named = bool(who) or (issue in case.issue and bool(measure))
    return ShownChange(
        kind=change.kind,
        who=who,
        on=case.issue[issue].question if issue in case.issue else None,
        measure=measure,
        by=change.by,
        to=str(change).partition(" = ")[2] if set_at else "",
        said="" if is_named and (measure or change.remove) else str(change),
    )


def changes_in(form: Form, rows: int) -> Iterator[Change]:
    """Yield the changes of the rows that are filled in; notes beside the fields say what is wrong.

    Rows are numbered from 1; the first has to be filled in.
    """
    for row in range(1, rows + 1):
        names = {field: f"{field}-{row}" for field in FIELDS}
        if row > 1 and not any(form.text(names[field]) for field in ("who", "on", "amount")):
            continue
        made = _change(form, names)
        if made is not None:
            yield made


def _change(form: Form, names: Mapping[str, str]) -> Change | None:
    what = form.one_of(names["what"], CHANGES)
    if what not in CHANGES:
        return None
    given = {field: form.needed(names[field]) for field in _NEEDS[what]}
    if not all(given.values()):
        return None
    if what not in _PATHS:
        given["on"] = form.text(names["on"])
    raw = _raw(what, given, form, names["amount"])
    try:
        return change_of(raw, what) if raw else None
    except CallError as error:
        form.wrong.setdefault(names["what"], f"{error.message} {error.hint}".strip())
        return None


def _raw(what: str, given: Mapping[str, str], form: Form, amount: str) -> dict[str, Any]:
    """Return the change as the case file writes it, empty if the amount is none."""
    if what == "remove":
        return {"remove": given["who"]}
    if what in _PATHS:
        return {"set": _PATHS[what].format(**given), "to": _written(given["amount"])}
    by = number_in(given["amount"].removeprefix("+").removeprefix("×").strip())
    if by is None:
        form.wrong.setdefault(amount, _("This is no number."))
        return {}
    return {what: given["who"], "by": by, **({"on": given["on"]} if given["on"] else {})}


def _written(text: str) -> Any:
    """Return a value as the case file writes it: a number, a range of two, one of three, or an option."""
    parts = [number_in(part) for part in re.split(r"\s+", text)]
    numbers = [part for part in parts if part is not None]
    if len(numbers) != len(parts):
        return text
    return numbers[0] if len(numbers) == 1 else dict(zip(_ENDS.get(len(numbers), ()), numbers, strict=False))
