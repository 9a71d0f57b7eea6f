"""What a coder decides on suggestions: into the journal and the case file, both or neither, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from westphalia.case.coding import apply_coding, coding_changes
from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.case.text.saving import save
from westphalia.dossier.journal import Journal, journal_file
from westphalia.dossier.proposals import Tier
from westphalia.dossier.review import Action, Coding, Edit, Entry
from westphalia.dossier.schema import COUNTED, Status
from westphalia.errors import CallError, FileError, suggest
from westphalia.runs.coding import Suggestion, Suggestions

TIERS: tuple[Tier, ...] = get_args(Tier)


class Desk:
    """A case with its journal: every decision is written into both, or into neither.

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

    def do(self, action: Action) -> tuple[Edit, ...]:
        """Do an action in journal and case; only the statements that it edits are touched.

        Raises
        ------
        CaseError, CallError: the case would be wrong with it, or a statement was changed by hand since.
        FileError: case or journal cannot be written. In all cases both are as they were.
        """
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

    def undo(self) -> tuple[Edit, ...]:
        """Take back the last action; raises as `do`, and CallError if there is none."""
        edits = self.journal.history.copy().do(Action(verb="undo", coder="undo"))
        coders = (edit.before.coder for edit in edits if edit.before is not None and edit.before.coder)
        return self.do(Action(verb="undo", coder=next(coders, "undo")))

    def is_decided(self, suggestion: Suggestion) -> bool:
        """Tell whether a suggestion was decided on already, or stands in the case."""
        name = suggestion.entry.id
        return name in self.journal.coding.entries or name in self.document.case.statement

    def left(self, found: Suggestions) -> list[Suggestion]:
        """Return the suggestions that were not decided on, in the order of the text."""
        return [one for one in found.statements if not self.is_decided(one)]


def _edited(document: Document, edits: Iterable[Edit]) -> Coding:
    """Return a coding of nothing but what the edits change in the case."""
    kept: dict[str, Entry] = {}
    gone: dict[str, Entry] = {}
    for edit in edits:
        if edit.after is not None and edit.after.counts:
            kept[edit.id] = edit.after
        elif edit.before is not None and edit.before.counts:
            gone[edit.id] = edit.before
    _refuse_changed(document, Coding(gone))
    out = {name: entry.model_copy(update={"status": "rejected"}) for name, entry in gone.items()}
    return Coding({**kept, **out})


def _refuse_changed(document: Document, gone: Coding) -> None:
    changed = [one.id for one in coding_changes(document, gone) if one.id in document.case.statement]
    if changed:
        raise CallError(
            f"The statement '{changed[0]}' was changed in the case file since it was accepted.",
            code="changed-by-hand",
            where=changed[0],
            hint="Take it out of the file by hand if it is to go.",
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
        and not _has(desk.document.case, one, coder)
    )


def _has(case: CaseFile, suggestion: Suggestion, coder: str) -> bool:
    held = case.statement.get(suggestion.coded_as or "")
    return held is not None and held.coder in (None, coder)


def _rule(found: Suggestions, rule: str) -> str:
    rules = sorted({str(one.entry.rule) for one in found.statements})
    for known in (*TIERS, *rules):
        if rule in (known, known.removeprefix("speech.")):
            return known
    hint = suggest(rule, (*TIERS, *rules))
    raise CallError(f"No rule '{rule}' suggested anything here.", code="unknown-rule", hint=hint)


def signed(
    suggestion: Suggestion,
    case: CaseFile,
    coder: str,
    status: Status,
    fields: dict[str, object] | None = None,
) -> Entry:
    """Return the entry of a suggestion as the coder decides on it; one to accept gets a gloss of its own.

    The gloss says who does what in which line and that it waits for words: those of the text stay out
    of the case file, and the meaning is for the coder to put down.
    """
    made = {**suggestion.entry.fields, **(fields or {}), "coder": coder}
    if status in COUNTED and "speaker" in made and "gloss" not in made:
        actor = case.actor.get(str(made["speaker"]))
        who = str(actor.name) if actor is not None else "The author"
        made["gloss"] = f"{who}: {made['kind']} ({made['mode']}) in line {suggestion.line}, not yet in words."
    return suggestion.entry.model_copy(update={"status": status, "fields": made})
