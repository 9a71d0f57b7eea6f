"""A coder's desk that a crash broke off: what the journal has and the case lacks is brought into the case.

The journal is written before the case. While a desk is open a mark stands for it; a mark that is found
again tells that the process ended in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from westphalia.case.coding import apply_coding, coding_changes
from westphalia.case.document import Document
from westphalia.case.text.saving import save
from westphalia.dossier.review import Coding, Entry
from westphalia.runs.coding_decisions import Desk


def opened(document: Document, mark: Path) -> Desk:
    """Return the desk of a case, after what a crash broke off is finished, and set the mark.

    Raises
    ------
    FileError: the journal cannot be read, or the disk refuses.
    CaseError, CallError: the case would be wrong with what was broken off.
    """
    desk = Desk(document)
    edits = desk.journal.history.last
    before = [_standing(edit.before, edit.after) for edit in edits]
    after = [_standing(edit.after, edit.before) for edit in edits]
    # Only where the case is as it was before the last action was that action broken off.
    if mark.exists() and not coding_changes(desk.document, _coding(before)):
        finished = apply_coding(desk.document, _coding(after))
        if finished is not desk.document:
            desk.document = save(finished)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return desk


def _coding(entries: Iterable[Entry]) -> Coding:
    return Coding({entry.id: entry for entry in entries})


def _standing(entry: Entry | None, other: Entry | None) -> Entry:
    """Return the entry where its statement belongs in the case, else one that takes it out."""
    if entry is not None and entry.counts:
        return entry
    known = entry if entry is not None else other
    if known is None:
        raise ValueError("an edit has a side at least")
    return known.model_copy(update={"status": "rejected"})


def coder_of(desk: Desk) -> str:
    """Return who did the last action at the desk, empty if nobody is named."""
    named = (
        entry.coder for edit in desk.journal.history.last for entry in (edit.after, edit.before) if entry
    )
    return next((coder for coder in named if coder), "")
