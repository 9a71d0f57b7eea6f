"""Entries that a person makes: of a stretch of a text, of a part of a statement, of several in one."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import pydantic
from pydantic import JsonValue

from westphalia.dossier.anchors import make_span
from westphalia.dossier.glosses import waiting_gloss
from westphalia.dossier.review import Action, Entry
from westphalia.dossier.schema import Status, free_id
from westphalia.errors import CallError
from westphalia.runs.coding import Suggestion, Suggestions, place_id


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a statement: `start` up to but without `end` in code points, and what only it says."""

    start: int
    end: int
    fields: Mapping[str, JsonValue] = field(default_factory=dict)


def entry_at(
    text: str,
    source: str,
    cut: Cut,
    taken: Container[str],
    *,
    status: Status = "suggested",
) -> Entry:
    """Return a new entry for a stretch of a source's text, with its span; its gloss waits if none is given.

    Parameters
    ----------
    cut: the place, and the fields of the statement as the case file writes them.
    taken: the ids that it may not have.

    Raises
    ------
    CallError: the stretch is empty or not in the text, or a field is none of a statement's.
    """
    span = make_span(text, cut.start, cut.end).model_dump(exclude_none=True)
    gloss = waiting_gloss(text, cut.start)
    fields = {"gloss": gloss, **cut.fields, "source": source, "span": span}
    name = free_id(place_id(source, cut.start, cut.end), taken)
    try:
        return Entry(id=name, status=status, fields=fields)
    except pydantic.ValidationError as error:
        raise in_words(error) from None


def of_suggestion(found: Suggestions, one: Suggestion) -> Entry:
    """Return the entry of a suggestion as a coder takes it up: its gloss waits, if it has none."""
    gloss = waiting_gloss(found.text.text, one.entry.place[1])
    return one.entry.model_copy(update={"fields": {"gloss": gloss, **one.entry.fields}})


def part_of(text: str, whole: Entry, cut: Cut, taken: Container[str]) -> Entry:
    """Return a part of an entry: it says what the whole says but for the gloss, and what the cut says.

    Raises
    ------
    CallError: the part is empty or not in the text, or a field is none of a statement's.
    """
    shared = {name: value for name, value in whole.fields.items() if name != "gloss"}
    part = Cut(cut.start, cut.end, {**shared, **cut.fields})
    return entry_at(text, whole.place[0], part, taken, status=whole.status)


def put_together(
    text: str, parts: Sequence[Entry], fields: Mapping[str, JsonValue], taken: Container[str]
) -> Entry:
    """Return one entry for several: what the first in the text says, from its start to the last one's end.

    Parameters
    ----------
    fields: what the whole says itself, such as its gloss; over what the first part says.

    Raises
    ------
    CallError: there are fewer than two parts, or they are of several sources.
    """
    ordered = sorted(parts, key=lambda one: one.place)
    if len(ordered) < 2 or len({one.place[0] for one in ordered}) > 1:
        hint = "Name two statements or more of one source."
        raise CallError("These cannot be one statement.", code="no-merge", hint=hint)
    end = max(one.place[2] for one in ordered)
    whole = Cut(ordered[0].place[1], end, {**ordered[0].fields, **fields})
    return entry_at(text, ordered[0].place[0], whole, taken, status=ordered[0].status)


def action_of(**plain: object) -> Action:
    """Return an action of its parts.

    Raises
    ------
    CallError: they make no action; says which part is wrong.
    """
    try:
        return Action.model_validate(plain)
    except pydantic.ValidationError as error:
        raise in_words(error) from None


def in_words(error: pydantic.ValidationError) -> CallError:
    """Return what is wrong with an entry or an action as an error that a coder can read."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(map(str, fault["loc"]))
    message = fault["msg"].removeprefix("Value error, ").rstrip(".")
    return CallError(f"{message}.", code="bad-entry", where=where)
