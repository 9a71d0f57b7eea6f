"""How the unknowns of a case, and groups of them, are called."""

from __future__ import annotations

from westphalia.case.schema import CaseFile
from westphalia.language import marked, said

WORDS = {
    "position": marked("position"),
    "salience": marked("salience"),
    "capability": marked("capability"),
    "capability_error": marked("capability error"),
    "no_deal": marked("no deal"),
    "reversion": marked("reversion"),
    "win_chance": marked("win chance"),
    "cost": marked("cost"),
    "chance": marked("chance"),
    "place": marked("place"),
    "assumed": marked("assumed"),
    "no evidence": marked("no evidence"),
    "ties": marked("ties"),
    "several issues": marked("several issues"),
    "no issue": marked("no issue"),
    "no actor": marked("no actor"),
}
"""What unknowns are of, and what stands where they belong to no group."""

_WISH = "wish-"


def unknown_name(case: CaseFile, group: str, language: str, *, is_brief: bool = False) -> str:
    """Return the name of an unknown or group in words, with the names of the case: what a picture shows.

    In brief a value is called without the issue it is on, which then stands beside it.
    """
    if group in case.actor:
        return case.actor[group].name.into(language)
    if group in case.source:
        return case.source[group].title.into(language)
    if group in case.issue:
        return case.issue[group].question.into(language)
    *owners, what = group.strip("()").split(".")
    if not owners or owners[0] not in case.actor:
        return ": ".join((*owners, _word(what)))
    actor = case.actor[owners[0]].name.into(language)
    if len(owners) == 2 and owners[1].startswith(_WISH):
        number = owners[1].removeprefix(_WISH)
        return said("{actor}: {what} of wish {number}", actor=actor, what=_word(what), number=number)
    if len(owners) == 2 and not is_brief:
        return said("{actor}: {what} on {issue}", actor=actor, what=_word(what), issue=owners[1])
    return f"{actor}: {_word(what)}"


def _word(what: str) -> str:
    return said(WORDS[what]) if what in WORDS else what.replace("_", " ")
