"""What the forms of agreement, commitments and moves ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from westphalia.case.schema import CaseFile
from westphalia.case.trees import many
from westphalia.language import marked as _
from westphalia.web.items import QUANTITY, Slot, languages_of
from westphalia.web.modelling import choices

MOVES: Final[dict[str, str]] = {
    "threat": _("threat"),
    "offer": _("offer"),
    "escalation": _("escalation"),
    "concession": _("concession"),
    "withdrawal": _("withdrawal"),
    "support": _("support"),
    "exclusion": _("exclusion"),
    "exit": _("exit"),
    "other": _("other"),
}
_KNOWN: Final = (("", _("not known")), ("yes", _("yes")), ("no", _("no")))
_IDS: Final = _("Ids of statements, such as s001 s002.")
_WHY: Final = _("Why it is assumed, where no statement says so.")
_DAY: Final = _("A year, a month or a day: 2025, 2025-02, 2025-02-12.")


def parts_of(case: CaseFile, language: str) -> tuple[Slot, ...]:
    """Return the fields of the agreement: who has to consent, and for each of those who at home."""
    actors = choices(case, language)
    held = case.agreement
    home = (
        Slot(f"home:{one}", case.actor[one].name.into(language), "many", options=actors)
        for one in (held.required if held else ())
    )
    required = Slot("required", _("Whose consent an agreement needs"), "many", options=actors, is_needed=True)
    return required, *home


def held_of(agreement: Any) -> dict[str, Any]:
    """Return the agreement of the file by the names of its fields."""
    held = agreement or {}
    homes = held.get("ratifiers") or {}
    return {"required": many(held.get("required")), **{f"home:{one}": many(at) for one, at in homes.items()}}


def _issues(case: CaseFile, language: str) -> tuple[tuple[str, str], ...]:
    return (("", "–"), *((issue.id, issue.question.into(language)) for issue in case.issues))


def _commitment(case: CaseFile, language: str) -> tuple[Slot, ...]:
    actors = choices(case, language)
    options = dict.fromkeys(
        option for issue in case.issues if issue.kind == "nominal" for option in issue.options
    )
    strength = _("How hard it is to break, from 0 (words only) to 1 (cannot be broken).")
    return (
        Slot("content", _("What was promised"), "words", options=languages_of(case), is_needed=True),
        Slot("by", _("By whom"), "many", options=actors, is_needed=True),
        Slot("to", _("To whom"), "many", options=actors),
        Slot("about.issue", _("On which issue"), "one", options=_issues(case, language)),
        Slot("about.value", _("Where it puts the issue"), "value", options=QUANTITY),
        Slot("about.option", _("Or which option"), "one", options=(("", "–"), *((o, o) for o in options))),
        Slot("strength", _("Strength"), "measure", strength, QUANTITY),
        Slot("term.since", _("Since"), "line", _DAY),
        Slot("term.until", _("Until"), "line", _DAY),
        Slot("term.years", _("For how many years"), "number"),
        Slot("broken_by", _("Broken by"), "ids", _IDS),
        Slot("evidence", _("Evidence"), "ids", _IDS),
        Slot("assumption", _("Assumption"), "text", _WHY),
        Slot("note", _("Note"), "text"),
    )


def _move(case: CaseFile, language: str) -> tuple[Slot, ...]:
    actors = choices(case, language)
    return (
        Slot("content", _("What can be done"), "words", options=languages_of(case), is_needed=True),
        Slot("actor", _("By whom"), "one", options=actors, is_needed=True),
        Slot("kind", _("Kind"), "one", options=tuple(MOVES.items()), is_needed=True),
        Slot("against", _("Against whom"), "many", options=actors),
        Slot("issue", _("On which issue"), "one", options=_issues(case, language)),
        Slot("brings", _("Where it brings the issue if it is taken"), "value", options=QUANTITY),
        Slot("is_taken", _("Is it taken today?"), "flag", options=_KNOWN),
        Slot("is_reversible", _("Can it be taken back?"), "flag", options=_KNOWN[1:]),
        Slot("evidence", _("Evidence"), "ids", _IDS),
        Slot("assumption", _("Assumption"), "text", _WHY),
        Slot("note", _("Note"), "text"),
    )


SLOTS: Final[dict[str, Callable[[CaseFile, str], tuple[Slot, ...]]]] = {
    "commitments": _commitment,
    "moves": _move,
}
"""The fields of the items of a list of the case, for a case and a language."""
