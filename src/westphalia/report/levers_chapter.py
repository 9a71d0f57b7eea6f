"""The chapter on what would change an answer: a forecast, the zone of agreement, or a state at rest."""

from __future__ import annotations

from typing import Any

import xarray as xr

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.charts.words import listed, percent
from westphalia.language import decimal, marked, said, said_n
from westphalia.registry import find
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.levers_data import rows_of
from westphalia.report.values import actor_name, scale_of
from westphalia.runs.rests import Persuasion, RestLevers

MOST = 15
"""Rows of a table; the CSV file holds them all."""

KINDS = {
    "position": marked("position"),
    "salience": marked("salience"),
    "capability": marked("capability"),
    "no_deal": marked("no deal"),
    "commitment": marked("commitment"),
    "linkage": marked("linkage"),
}


def levers_chapter(found: xr.Dataset | RestLevers, document: Document, language: str) -> Chapter:
    """Return the chapter of levers on a forecast, on the zone of agreement, or on a state."""
    if isinstance(found, RestLevers):
        parts = _rest_parts(found, document.case, language)
        return Chapter(said("What would bring it to rest"), "", parts, {}, _rest_terms())
    return Chapter(said("What would change it"), "", _parts(found, document.case, language), {}, _terms())


def levers_answer(found: xr.Dataset | RestLevers, document: Document, language: str) -> tuple[str, ...]:
    """Return in short what was wished for, how often it is so anyway, and the cheapest change."""
    if isinstance(found, RestLevers):
        return _rest_sentences(found, document.case, language)
    return (*_wish(found, document.case, language), _cheapest(found, document.case, language))


# --- forecasts and the zone ----------------------------------------------------------------------------


def _terms() -> str:
    return said(
        "A position moves along its scale, a salience or capability up or down, of one actor at a time. Each "
        "change is found at central values and then tried on draws: “enough in” is the share of draws in "
        "which it suffices. They say what would be enough, not that anybody would do it."
    )


def _wish(found: xr.Dataset, case: CaseFile, language: str) -> tuple[str, str]:
    held = percent(float(found["holds_probability"]))
    return (
        _wished(found, case, language),
        said("Without any change that is so in {share} of draws.", share=held),
    )


def _wished(found: xr.Dataset, case: CaseFile, language: str) -> str:
    if "issue" not in found.attrs:
        return said("Wished for: some package is accepted by all.")
    issue = case.issue[found.attrs["issue"]]
    is_least = "at_least" in found.attrs
    point = float(found.attrs["at_least" if is_least else "at_most"])
    meaning = dict(scale_of(issue, language).points).get(point, "")
    values = {
        "method": said(find(found.attrs["of"]).title),
        "question": issue.question.into(language),
        "point": decimal(f"{point:g}") + (f" ({meaning})" if meaning else ""),
    }
    if is_least:
        return said("Wished for: on “{question}” at least {point}, by the method “{method}”.", **values)
    return said("Wished for: on “{question}” at most {point}, by the method “{method}”.", **values)


def _cheapest(found: xr.Dataset, case: CaseFile, language: str) -> str:
    enough = [row for row in rows_of(found) if row["is_enough"]]
    if not enough:
        return said("No single change is enough.")
    if enough[0]["lever_size"] == 0:
        return said("At central values nothing needs to change.")
    who, what, start, end, *_rest = _row(enough[0], case, language)
    return said(
        "The cheapest change: {who}, {what}, from {start} to {end}.", who=who, what=what, start=start, end=end
    )


def _parts(found: xr.Dataset, case: CaseFile, language: str) -> tuple[Part, ...]:
    rows = rows_of(found)
    enough = [row for row in rows if row["is_enough"]]
    wish = Part("wish", said("What is wished for"), _wish(found, case, language))
    if enough and all(row["lever_size"] == 0 for row in enough):
        return (wish, Part("levers", said("What would be enough"), (_cheapest(found, case, language),)))
    groups = [("levers", said("What would be enough"), enough)]
    if "is_own" in found:
        by = actor_name(str(found.attrs["by"]), case, language)
        own, others = ([row for row in enough if bool(row["is_own"]) is mine] for mine in (True, False))
        groups = [
            ("own", said("What {actor} can do itself", actor=by), own),
            ("others", said("Of what {actor} would have to persuade others", actor=by), others),
        ]
    made = tuple(_part(name, title, of_part, case, language) for name, title, of_part in groups)
    notes = _notes(rows, enough)
    return (wish, *made, *((Part("notes", said("Notes"), notes),) if notes else ()))


def _part(name: str, title: str, rows: list[dict[str, Any]], case: CaseFile, language: str) -> Part:
    if not rows:
        return Part(name, title, (said("No single change is enough."),))
    head = (said("who"), said("what"), said("from"), said("to"), said("cost"), said("enough in"))
    shown = tuple(_row(row, case, language) for row in rows[:MOST])
    return Part(name, title, (), (Grid(title, head, shown, (2, 3, 4, 5)),))


def _row(row: dict[str, Any], case: CaseFile, language: str) -> tuple[str, ...]:
    issue = case.issue.get(row["lever_issue"])
    on = issue.question.into(language) if issue is not None else str(row["lever_issue"])
    kind = said(KINDS.get(row["lever_kind"], str(row["lever_kind"])))
    star = "" if row.get("is_one_way", True) else " *"
    share = row["suffices_probability"]
    return (
        actor_name(str(row["lever_actor"]), case, language),
        (said("{kind} on {issue}", kind=kind, issue=on) if on else kind) + star,
        *(decimal(f"{row[name]:.3g}") for name in ("lever_from", "lever_to", "lever_cost")),
        "" if share != share else percent(share),
    )


def _notes(rows: list[dict[str, Any]], enough: list[dict[str, Any]]) -> tuple[str, ...]:
    notes: list[str] = []
    never = len(rows) - len(enough)
    if never:
        notes.append(
            said_n(
                "One other change is not enough, however far it goes.",
                "{n} other changes are not enough, however far they go.",
                never,
            )
        )
    if any(not row["is_proved"] for row in enough):
        notes.append(said("Found by search, not proved: a smaller change may have been stepped over."))
    if any(not row.get("is_one_way", True) for row in enough):
        notes.append(said("* the forecast goes back and forth as this is moved."))
    return tuple(notes)


# --- states --------------------------------------------------------------------------------------------


def _rest_terms() -> str:
    return said(
        "What brings a state to rest are changes of wishes: one goes to another place, is dropped, or is "
        "turned round. They are proved smallest as long as all lists with fewer were tried."
    )


def _rest_sentences(found: RestLevers, case: CaseFile, language: str) -> tuple[str, ...]:
    held = said(
        "Wished for: {state} is at rest ({concept}). It is in {share} of draws.",
        state=found.state,
        concept=found.concept,
        share=percent(found.holds_probability),
    )
    if not found.persuasions:
        return (held, said("At central values nobody would leave: nothing needs to change."))
    who = listed(actor_name(one.actor, case, language) for one in found.persuasions)
    return (held, said("Who would leave it: {actors}.", actors=who), _together(found))


def _together(found: RestLevers) -> str:
    if found.is_enough:
        return said("With the first change of each the state is at rest.")
    return said("The first changes of each together are not enough: none was found, or one undoes another.")


def _rest_parts(found: RestLevers, case: CaseFile, language: str) -> tuple[Part, ...]:
    wish = Part("wish", said("What is wished for"), _rest_sentences(found, case, language))
    return (wish, *(_persuaded(one, found, case, language) for one in found.persuasions))


def _persuaded(one: Persuasion, found: RestLevers, case: CaseFile, language: str) -> Part:
    name = actor_name(one.actor, case, language)
    title = said("{actor}: its own wishes", actor=name) if found.is_own(one) else name
    if one.smallest is None:
        return Part(one.actor, title, (said("It has no list of wishes that could be changed."),))
    if not one.smallest.found:
        tried = one.smallest.edits_tried
        few = said_n(
            "One change of its wishes is not enough.",
            "Up to {n} changes of its wishes are not enough.",
            tried,
        )
        return Part(one.actor, title, (few,))
    rows = tuple(
        (str(len(made.edits)), "; ".join(_edit(e.kind, one.wishes[e.wish], e.to) for e in made.edits))
        for made in one.smallest.found[:MOST]
    )
    head = (said("changes"), said("of its wishes"))
    return Part(one.actor, title, (), (Grid(said("It would stay after any one of these"), head, rows, (0,)),))


def _edit(kind: str, wish: str, to: int | None) -> str:
    if kind == "move" and to is not None:
        return said("“{wish}” goes to place {place}", wish=wish, place=to + 1)
    if kind == "drop":
        return said("“{wish}” is dropped", wish=wish)
    return said("“{wish}” is turned round", wish=wish)
