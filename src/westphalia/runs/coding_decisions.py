"""What a coder decides on suggestions: into the journal and the case file, both or neither, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from pydantic import JsonValue

from westphalia.case.coding import apply_coding, coding_changes
from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.case.text.saving import save
from westphalia.dossier.journal import Journal, journal_file
from westphalia.dossier.matching import Choice, Pair, decided
from westphalia.dossier.proposals import Tier
from westphalia.dossier.review import Action, Coding, Edit, Entry, Verb, entries_of
from westphalia.dossier.schema import Status
from westphalia.errors import CallError, FileError, suggest
from westphalia.runs.coding import Suggestion, Suggestions
from westphalia.runs.coding_entries import (
    Cut,
    action_of,
    entry_at,
    of_suggestion,
    part_of,
    put_together,
)

TIERS: tuple[Tier, ...] = get_args(Tier)


class Desk:
    """A case with its journal: every decision is written into both, or into neither.

    A statement is named by its id, whether it is a suggestion, an entry of the journal, or stands in the
    case alone; suggestions are looked up in `found`. What a decision is done to is taken as it stands
    now, so that a statement that was changed by hand since keeps the change.

    All decisions raise CallError if an id is not there, the call is no action, or the statement would
    not be whole; CaseError if the case would be wrong with it; FileError if case or journal cannot be
    written. Case and journal are then as they were.

    Raises
    ------
    CallError: the case was not read from a file.
    FileError: the journal cannot be read.
    """

    def __init__(self, document: Document) -> None:
        if document.path is None:
            raise CallError("The case was not read from a file.", code="no-path", hint="Save it first.")
        self.document = document
        self.journal = Journal(journal_file(Path(document.path)))

    def keep(self) -> None:
        """Save the case if it differs from its file, as with a source that was just added.

        Raises
        ------
        FileError: it cannot be saved, or the file was changed meanwhile.
        """
        if hashlib.sha256(self.document.raw()).hexdigest() != self.document.file_digest:
            self.document = save(self.document)

    # --- what there is ---

    def entry(self, name: str, found: Suggestions | None = None) -> Entry:
        """Return a statement as it stands: in the case, else in the journal, else as suggested.

        Raises
        ------
        CallError: there is none of that id, or it is gone.
        """
        known = self.journal.coding.entries.get(name)
        if known is not None and known.is_gone:
            return self.journal.coding.entry(name)
        held = next((tree for tree in self.document.tree.get("statements") or () if tree["id"] == name), None)
        if held is not None:
            [entry] = entries_of([held])
            told = {"rule": known.rule, "tier": known.tier, "why": known.why} if known else {}
            return entry.model_copy(update=told)
        if known is not None:
            return known
        suggested = {one.entry.id: one for one in found.statements} if found else {}
        if found is None or name not in suggested:
            hint = suggest(name, (*self._ids, *suggested))
            raise CallError(f"There is no statement '{name}'.", code="unknown-entry", where=name, hint=hint)
        return of_suggestion(found, suggested[name])

    def is_decided(self, suggestion: Suggestion) -> bool:
        """Tell whether a suggestion was decided on already, or stands in the case."""
        name = suggestion.entry.id
        known = self.journal.coding.entries.get(name)
        is_settled = known is not None and (known.is_gone or known.status != "suggested")
        return is_settled or name in self.document.case.statement

    def left(self, found: Suggestions) -> list[Suggestion]:
        """Return the suggestions that were not decided on, in the order of the text."""
        return [one for one in found.statements if not self.is_decided(one)]

    @property
    def _ids(self) -> set[str]:
        """The ids that the case or the journal gives to something."""
        case = self.document.case
        held = (case.source, case.actor, case.issue, case.statement, self.journal.coding.entries)
        return {"author"}.union(*held)

    def bare_sources(self, edits: Iterable[Edit]) -> list[str]:
        """Return the sources of statements just taken out of which the case has no statement any more."""
        sources = {str(edit.before.fields.get("source")) for edit in edits if edit.before is not None}
        used = {one.source for one in self.document.case.statements}
        return sorted((sources - used) & set(self.document.case.source))

    # --- decisions ---

    def accept(
        self,
        names: Sequence[str],
        coder: str,
        *,
        found: Suggestions | None = None,
        fields: Mapping[str, JsonValue] | None = None,
        why: str | None = None,
    ) -> tuple[Edit, ...]:
        """Accept statements, with `fields` changed on each; a gloss that nobody wrote says that it waits."""
        return self._decide("accept", names, coder, found, fields=fields, why=why)

    def dispute(
        self,
        names: Sequence[str],
        coder: str,
        *,
        found: Suggestions | None = None,
        fields: Mapping[str, JsonValue] | None = None,
        why: str | None = None,
    ) -> tuple[Edit, ...]:
        """Mark statements as disputed between coders, with `fields` changed on each."""
        return self._decide("dispute", names, coder, found, fields=fields, why=why)

    def reject(
        self,
        names: Sequence[str],
        coder: str,
        *,
        found: Suggestions | None = None,
        why: str | None = None,
    ) -> tuple[Edit, ...]:
        """Reject statements; those that stand in the case are taken out."""
        return self._decide("reject", names, coder, found, why=why)

    def change(
        self,
        name: str,
        fields: Mapping[str, JsonValue],
        coder: str,
        *,
        found: Suggestions | None = None,
    ) -> tuple[Edit, ...]:
        """Set fields of a statement, as the case file writes them; a None takes one away."""
        return self._decide("change", [name], coder, found, fields=fields)

    def split(
        self,
        name: str,
        cuts: Sequence[Cut],
        text: str,
        coder: str,
        *,
        found: Suggestions | None = None,
    ) -> tuple[Edit, ...]:
        """Put several statements in place of one: each says what the whole said, but for gloss and cut."""
        parts: list[Entry] = []
        whole = self.entry(name, found)
        for cut in cuts:
            parts.append(part_of(text, whole, cut, self._ids.union(one.id for one in parts)))
        return self._decide("split", [name], coder, found, entries=tuple(parts))

    def merge(
        self,
        names: Sequence[str],
        text: str,
        coder: str,
        *,
        found: Suggestions | None = None,
        fields: Mapping[str, JsonValue] | None = None,
    ) -> tuple[Edit, ...]:
        """Put one statement in place of several: what the first says, and `fields`, over their stretch."""
        parts = [self.entry(name, found) for name in names]
        whole = put_together(text, parts, fields or {}, self._ids)
        return self._decide("merge", names, coder, found, entries=(whole,))

    def new_entry(
        self,
        source: str,
        text: str,
        cut: Cut,
        *,
        status: Status = "accepted",
    ) -> Entry:
        """Return an entry for a stretch that a coder has marked in a source's text; `add` puts it in.

        Raises
        ------
        CallError: the case has no such source, the stretch is not in the text, or a field is unknown.
        """
        if source not in self.document.case.source:
            hint = suggest(source, self.document.case.source)
            message = f"The case has no source '{source}'."
            raise CallError(message, code="unknown-source", where=source, hint=hint)
        return entry_at(text, source, cut, self._ids, status=status)

    def add(self, entries: Sequence[Entry], coder: str) -> tuple[Edit, ...]:
        """Add entries that the coder made; those that are accepted or disputed go into the case."""
        return self.do(action_of(verb="add", coder=coder, entries=tuple(entries)))

    def settle(self, first: str, second: str, choice: Choice, coder: str) -> tuple[Edit, ...]:
        """Settle a pair of two coders' statements: one of the two, both as disputed, or neither."""
        standing = Coding({name: self.entry(name) for name in (first, second)})
        both = Coding({**self.journal.coding.entries, **standing.entries})
        return self._do_to(decided(both, first, second, choice, coder), standing)

    def agree(self, pairs: Iterable[Pair], coder: str) -> tuple[Edit, ...]:
        """Make one statement of each pair on which two coders agree; a step for each pair."""
        edits: list[Edit] = []
        for pair in pairs:
            if pair.first is not None and pair.second is not None and pair.is_agreed:
                edits += self.settle(pair.first.id, pair.second.id, "first", coder)
        return tuple(edits)

    # --- to and fro ---

    @property
    def can_undo(self) -> bool:
        """True if there is a decision to take back."""
        return self.journal.history.can_undo

    @property
    def can_redo(self) -> bool:
        """True if a decision was taken back, and none made since."""
        return self.journal.history.can_redo

    def undo(self) -> tuple[Edit, ...]:
        """Take back the last decision; CallError if there is none, or its statements were changed since."""
        return self._turn("undo")

    def redo(self) -> tuple[Edit, ...]:
        """Make the decision again that was taken back last; CallError if there is none."""
        return self._turn("redo")

    def do(self, action: Action) -> tuple[Edit, ...]:
        """Do an action in journal and case; only the statements that it edits are touched."""
        edits = self.journal.history.copy().do(action)
        changed = apply_coding(self.document, _edited(self.document, edits))
        self.journal.do(action)
        if changed is not self.document:
            try:
                self.document = save(changed)
            except FileError:
                back = "redo" if action.verb == "undo" else "undo"
                self.journal.do(Action(verb=back, coder=action.coder))
                raise
        return edits

    def _turn(self, verb: Verb) -> tuple[Edit, ...]:
        edits = self.journal.history.copy().do(Action(verb=verb, coder=verb))
        entries = (entry for edit in edits for entry in (edit.before, edit.after))
        coders = (entry.coder for entry in entries if entry is not None and entry.coder)
        return self.do(Action(verb=verb, coder=next(coders, verb)))

    def _decide(
        self,
        verb: Verb,
        names: Sequence[str],
        coder: str,
        found: Suggestions | None,
        **more: object,
    ) -> tuple[Edit, ...]:
        standing = Coding({name: self.entry(name, found) for name in names})
        given = {name: value for name, value in more.items() if value}
        return self._do_to(action_of(verb=verb, coder=coder, targets=tuple(names), **given), standing)

    def _do_to(self, action: Action, standing: Coding) -> tuple[Edit, ...]:
        """Do an action to statements as they stand; those that the journal has otherwise come along."""
        known = self.journal.coding.entries
        taken = tuple(one for one in standing if known.get(one.id) != one)
        return self.do(action.model_copy(update={"taken": taken}))


def _edited(document: Document, edits: Iterable[Edit]) -> Coding:
    """Return a coding of nothing but what the edits change in the case.

    Raises
    ------
    CallError: the case does not hold what they start from.
    """
    kept: dict[str, Entry] = {}
    for edit in edits:
        _refuse_changed(document, edit)
        if edit.after is not None and edit.after.stands:
            kept[edit.id] = edit.after
        elif edit.before is not None and edit.before.stands:
            kept[edit.id] = edit.before.model_copy(update={"status": "rejected"})
    return Coding(kept)


def _refuse_changed(document: Document, edit: Edit) -> None:
    """Refuse an edit of a statement that the case has otherwise than the edit supposes."""
    is_held = edit.id in document.case.statement
    supposed = Coding({edit.id: edit.before} if edit.before is not None and edit.before.stands else {})
    is_as_supposed = not coding_changes(document, supposed) and is_held == bool(supposed.entries)
    is_gone_anyway = not is_held and (edit.after is None or not edit.after.stands)
    if not is_as_supposed and not is_gone_anyway:
        raise CallError(
            f"The statement '{edit.id}' was changed in the case file since it was decided on.",
            code="changed-by-hand",
            where=edit.id,
            hint="Change it by hand, or take it out of the file if it is to go.",
        )


# --- which suggestions -----------------------------------------------------------------------------


def chosen(found: Suggestions, desk: Desk, rules: Iterable[str], coder: str) -> tuple[Suggestion, ...]:
    """Return the suggestions that may be accepted at once: of these tiers or rules, and nothing open.

    What was decided on, and what this coder or the case's own coding has at the same place, is left.

    Raises
    ------
    CallError: a rule is none that suggested anything.
    """
    wanted = {_rule(found, rule) for rule in rules}
    return tuple(
        one
        for one in desk.left(found)
        if not one.questions
        and {one.entry.tier, one.entry.rule} & wanted
        and not has_coded(desk.document.case, one, coder)
    )


def has_coded(case: CaseFile, suggestion: Suggestion, coder: str) -> bool:
    """Tell whether this coder, or the case's own coding, has a statement at the place of a suggestion."""
    held = case.statement.get(suggestion.coded_as or "")
    return held is not None and held.coder in (None, coder)


def _rule(found: Suggestions, rule: str) -> str:
    rules = sorted({str(one.entry.rule) for one in found.statements})
    for known in (*TIERS, *rules):
        if rule in (known, known.removeprefix("speech.")):
            return known
    hint = suggest(rule, (*TIERS, *rules))
    raise CallError(f"No rule '{rule}' suggested anything here.", code="unknown-rule", hint=hint)
