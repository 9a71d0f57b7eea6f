"""The review of codings: entries with a status, the actions on them, and undo and redo of any of these.

A coding is a value: an action makes a new one and says what it edited, and nothing here touches a file.
The journal (`westphalia.dossier.journal`) keeps the actions, the case file gets what was accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field, JsonValue

from westphalia.dossier.proposals import Tier
from westphalia.dossier.schema import COUNTED, Statement, Status
from westphalia.errors import CallError, suggest
from westphalia.fields import Id, Ids, Model

Verb = Literal["add", "remove", "change", "accept", "reject", "dispute", "split", "merge", "undo", "redo"]

OPEN_FIELDS = tuple(name for name in Statement.model_fields if name not in ("id", "status"))
"""What an entry may say of its statement; id and status are the entry's own."""

FROM_CASE = "case"
"""The rule of an entry that the case had before the coding did."""

_STATUS: dict[str, Status] = {"accept": "accepted", "reject": "rejected", "dispute": "disputed"}
_SHAPES: dict[str, tuple[int, int | None, int, int | None]] = {
    "add": (0, 0, 1, None),
    "remove": (1, None, 0, 0),
    "change": (1, 1, 0, 0),
    "accept": (1, None, 0, 0),
    "reject": (1, None, 0, 0),
    "dispute": (1, None, 0, 0),
    "split": (1, 1, 2, None),
    "merge": (2, None, 1, 1),
    "undo": (0, 0, 0, 0),
    "redo": (0, 0, 0, 0),
}
"""By verb: the fewest and the most targets, the fewest and the most new entries."""
_MAY_BRING_FIELDS: tuple[Verb, ...] = ("accept", "dispute")


def _known_fields(raw: dict[str, JsonValue]) -> dict[str, JsonValue]:
    for name in raw:
        if name not in OPEN_FIELDS:
            raise ValueError(f"A statement has no field '{name}'. {suggest(name, OPEN_FIELDS)}")
    return raw


Fields = Annotated[dict[str, JsonValue], pydantic.AfterValidator(_known_fields)]
"""The fields of a statement as the case file writes them, as far as they are known."""


class Entry(Model):
    """A statement under review, perhaps not yet whole: what is known of it, and where its review stands.

    `rule` and `tier` tell which rule suggested it, `why` the reason given with the last decision.
    What was removed, split or merged stays as `is_gone`, so that its id is never given twice.
    """

    id: Id
    status: Status = "suggested"
    fields: Fields = Field(default={})
    rule: str | None = None
    tier: Tier | None = None
    why: str | None = None
    is_gone: bool = False

    @property
    def coder(self) -> str | None:
        """Who coded it, None while it is a suggestion that nobody took up."""
        return str(self.fields["coder"]) if self.fields.get("coder") else None

    @property
    def counts(self) -> bool:
        """True if its statement belongs in the case as evidence: it is there, accepted or disputed."""
        return not self.is_gone and self.status in COUNTED

    @property
    def stands(self) -> bool:
        """True if it belongs in the case file: as evidence, or as a suggestion that came from there."""
        is_from_there = self.rule == FROM_CASE and self.status == "suggested" and not self.is_gone
        return self.counts or is_from_there

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Source, start, end and id: the order of a coding."""
        start, end = _ends(self.fields.get("span"))
        return str(self.fields.get("source", "")), start, end, self.id


def _ends(span: JsonValue) -> tuple[int, int]:
    pair = [span.get("start"), span.get("end")] if isinstance(span, dict) else span
    if isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, int) for end in pair):
        return int(str(pair[0])), int(str(pair[1]))
    return 0, 0


class Action(Model):
    """What a coder does: a verb, the entries it is done to, and what it brings.

    add brings `entries`; change brings `fields` (a null takes a field away), accept and dispute may;
    accept, reject and dispute may say `why`; split brings two entries or more in place of one, merge
    one in place of several. `taken` holds the targets that the coding gets to know by this action, or
    anew, as the case or the one who suggested them has them. `at` is the time as ISO 8601, if known.
    """

    verb: Verb
    coder: str = Field(min_length=1, max_length=200)
    targets: Ids = ()
    entries: tuple[Entry, ...] = ()
    taken: tuple[Entry, ...] = ()
    fields: Fields = Field(default={})
    why: str | None = None
    at: str | None = Field(None, max_length=40)

    @pydantic.model_validator(mode="after")
    def _has_shape(self) -> Action:
        fewest, most, fewest_new, most_new = _SHAPES[self.verb]
        _within("targets", len(self.targets), fewest, most, self.verb)
        _within("new entries", len(self.entries), fewest_new, most_new, self.verb)
        if bool(self.fields) != (self.verb == "change") and self.verb not in _MAY_BRING_FIELDS:
            raise ValueError(f"'{self.verb}' {'needs' if self.verb == 'change' else 'takes no'} fields.")
        names = [*self.targets, *(entry.id for entry in self.entries)]
        if len(set(names)) < len(names) or any(entry.is_gone for entry in self.entries):
            raise ValueError("An action names every entry once, and brings none that is gone.")
        known = {entry.id for entry in self.taken if not entry.is_gone}
        if len(known) < len(self.taken) or not known <= set(self.targets):
            raise ValueError("What an action takes up are its own targets, each once.")
        return self


def _within(what: str, count: int, fewest: int, most: int | None, verb: str) -> None:
    if count < fewest or (most is not None and count > most):
        wanted = str(fewest) if fewest == most else f"{fewest} or more"
        raise ValueError(f"'{verb}' takes {wanted} {what}, not {count}.")


@dataclass(frozen=True, slots=True)
class Edit:
    """What an action did to one entry; None stands for an id that was not there.

    `is_first` says that the coding did not know the entry before, wherever it came from: undone, the
    coding forgets it again.
    """

    id: str
    before: Entry | None
    after: Entry | None
    is_first: bool = False


@dataclass(frozen=True)
class Coding:
    """All entries by id. Two codings are equal if they hold the same entries, in whatever order."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries that are not gone, in the order of sources and texts."""
        living = (entry for entry in self.entries.values() if not entry.is_gone)
        return iter(sorted(living, key=lambda entry: entry.place))

    def entry(self, name: str) -> Entry:
        """Return an entry by its id.

        Raises
        ------
        CallError: there is none, or it is gone.
        """
        found = self.entries.get(name)
        if found is None or found.is_gone:
            hint = suggest(name, (entry.id for entry in self))
            was = "is gone" if found is not None else "is not here"
            raise CallError(f"The statement '{name}' {was}.", code="unknown-entry", where=name, hint=hint)
        return found

    def of_status(self, *status: Status) -> tuple[Entry, ...]:
        """Return the entries of a status, or of several, in order."""
        return tuple(entry for entry in self if entry.status in status)

    def edited(self, edits: Iterable[Edit]) -> Coding:
        """Return the coding with each edit done."""
        return Coding({**self.entries, **{edit.id: edit.after for edit in edits if edit.after is not None}})

    def restored(self, edits: Iterable[Edit]) -> Coding:
        """Return the coding from before the edits."""
        entries = dict(self.entries)
        for edit in edits:
            if edit.before is None or edit.is_first:
                entries.pop(edit.id, None)
            else:
                entries[edit.id] = edit.before
        return Coding(entries)


# --- actions ---------------------------------------------------------------------------------------


def apply(coding: Coding, action: Action) -> tuple[Coding, tuple[Edit, ...]]:
    """Return the coding after an action, and what the action edited; cost linear in the entries.

    Raises
    ------
    CallError: an entry is not there or there already, or cannot be accepted as it is; or the action
        is undo or redo, which only a `History` can do.
    """
    if action.verb in ("undo", "redo"):
        raise CallError(f"'{action.verb}' needs the history of the coding.", code="needs-history")
    edits = tuple(_edits(coding, action))
    for edit in edits:
        if edit.after is not None and edit.after.counts:
            statement_of(edit.after)
    return coding.edited(edits), edits


def _edits(coding: Coding, action: Action) -> Iterator[Edit]:
    taken = {entry.id: entry for entry in action.taken}
    for name in action.targets:
        is_first = name in taken and name not in coding.entries
        before = taken[name] if is_first else taken.get(name, coding.entry(name))
        yield Edit(name, before, before.model_copy(update=_update(before, action)), is_first)
    for entry in action.entries:
        if entry.id in coding.entries:
            hint = "Give it an id of its own; an id that is gone is not given again."
            raise CallError(
                f"There is a statement '{entry.id}'.", code="doubled-id", where=entry.id, hint=hint
            )
        yield Edit(entry.id, None, _signed(entry, action.coder))


def _signed(entry: Entry, coder: str) -> Entry:
    """Return the entry with the coder who stands for it; a suggestion has none until it is decided on."""
    if entry.coder is not None or entry.status == "suggested":
        return entry
    return entry.model_copy(update={"fields": {**entry.fields, "coder": coder}})


def _update(before: Entry, action: Action) -> dict[str, Any]:
    if action.verb in ("remove", "split", "merge"):
        return {"is_gone": True, "why": action.why}
    changed = {**before.fields, **action.fields}
    fields = {name: value for name, value in changed.items() if value is not None}
    if action.verb == "change":
        return {"fields": fields}
    decided = before.model_copy(update={"status": _STATUS[action.verb], "fields": fields})
    return {"status": decided.status, "why": action.why, "fields": _signed(decided, action.coder).fields}


def statement_of(entry: Entry) -> Statement:
    """Return the statement of an entry.

    Raises
    ------
    CallError: fields are missing or wrong; names each of them.
    """
    try:
        return Statement.model_validate({**entry.fields, "id": entry.id, "status": entry.status})
    except pydantic.ValidationError as error:
        faults = error.errors(include_url=False)
        missing = [str(fault["loc"][0]) for fault in faults if fault["type"] == "missing"]
        wrong = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in faults
            if fault["type"] != "missing"
        ]
        lacking = [f"It has no {', '.join(dict.fromkeys(missing))}."] if missing else []
        raise CallError(
            f"'{entry.id}' is no whole statement. {' '.join([*lacking, *wrong[:5]])}",
            code="incomplete-statement",
            where=entry.id,
            hint="Change it first, then accept it.",
        ) from None


# --- undo and redo -----------------------------------------------------------------------------------


class History:
    """A coding that remembers how it came about.

    `do` takes every action, undo and redo among them; a new action forgets what was undone. Undo
    gives the very coding from before; the cost of each step is that of its edits and a copy of the
    table of entries. `last` are the edits of the last action, undo and redo among them.
    """

    def __init__(self) -> None:
        self.coding = Coding()
        self.last: tuple[Edit, ...] = ()
        self._done: list[tuple[Edit, ...]] = []
        self._undone: list[tuple[Edit, ...]] = []

    def copy(self) -> History:
        """Return a history that goes its own way from here."""
        other = History()
        other.coding, other.last = self.coding, self.last
        other._done, other._undone = [*self._done], [*self._undone]
        return other

    @property
    def can_undo(self) -> bool:
        """True if there is an action to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """True if there is an undone action, and nothing was done since."""
        return bool(self._undone)

    def do(self, action: Action) -> tuple[Edit, ...]:
        """Do an action and return its edits; an action that is refused changes nothing.

        Raises
        ------
        CallError: as `apply`, or there is nothing to undo or redo.
        """
        self.last = self._edits_of(action)
        return self.last

    def _edits_of(self, action: Action) -> tuple[Edit, ...]:
        if action.verb == "undo":
            edits = _last(self._done, "undo")
            self.coding = self.coding.restored(edits)
            self._undone.append(self._done.pop())
            return tuple(Edit(one.id, one.after, one.before) for one in reversed(edits))
        if action.verb == "redo":
            edits = _last(self._undone, "redo")
            self._done.append(self._undone.pop())
            self.coding = self.coding.edited(edits)
            return edits
        self.coding, edits = apply(self.coding, action)
        self._done.append(edits)
        self._undone.clear()
        return edits


def _last(steps: Sequence[tuple[Edit, ...]], verb: str) -> tuple[Edit, ...]:
    if not steps:
        raise CallError(f"There is nothing to {verb}.", code=f"nothing-to-{verb}")
    return steps[-1]


# --- into the case -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What a coding changes in the statements of a case: the tree to write, or None to take it out."""

    id: str
    tree: dict[str, JsonValue] | None
    is_new: bool


def changes(trees: Iterable[Mapping[str, Any]], coding: Coding) -> tuple[Change, ...]:
    """Return what a coding changes in the statements of a case, given as the trees of its file.

    Accepted and disputed entries are written, in their order; rejected ones and those that are gone
    are taken out. Suggestions stay out of the case unless they came from there, and statements that the
    coding does not know stay as they are.
    """
    held = {str(tree.get("id")): _without_default(tree) for tree in trees}
    written = [(entry.id, _tree(entry)) for entry in coding if entry.stands]
    found = [Change(name, tree, name not in held) for name, tree in written if held.get(name) != tree]
    dropped = [
        name
        for name, entry in coding.entries.items()
        if name in held and (entry.is_gone or entry.status == "rejected")
    ]
    return (*found, *(Change(name, None, False) for name in dropped))


def _without_default(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree as `_tree` writes it: accepted is what a statement is if nothing is said."""
    return {name: value for name, value in tree.items() if (name, value) != ("status", "accepted")}


def _tree(entry: Entry) -> dict[str, JsonValue]:
    status: dict[str, JsonValue] = {} if entry.status == "accepted" else {"status": entry.status}
    return {"id": entry.id, **entry.fields, **status}


def entries_of(trees: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries of statements as a case file writes them, to add them to a coding."""
    return tuple(
        Entry(
            id=tree["id"],
            status=tree.get("status", "accepted"),
            fields={name: value for name, value in tree.items() if name not in ("id", "status")},
            rule=FROM_CASE,
        )
        for tree in trees
    )
