"""From a coding under review into the case: what was accepted is written, what was rejected taken out."""

from __future__ import annotations

from typing import Any

from westphalia.case.document import Document
from westphalia.case.text.nodes import Path as Steps
from westphalia.dossier.review import Change, Coding, changes

_LIST = "statements"


def coding_changes(document: Document, coding: Coding) -> tuple[Change, ...]:
    """Return what a coding changes in the statements of a case; see `westphalia.dossier.review.changes`."""
    return changes(document.tree.get(_LIST) or (), coding)


def apply_coding(document: Document, coding: Coding) -> Document:
    """Return the document with the statements as the coding has them; everything else stays as it is.

    Raises
    ------
    CaseError: the case would be wrong with them: an unknown actor or issue, a tie to a statement that
        is taken out. The document is as it was.
    CallError: the change cannot be written without disturbing the file.
    """
    place = {tree["id"]: at for at, tree in enumerate(document.tree.get(_LIST) or ())}
    written: dict[Steps, Any] = {}
    dropped = []
    for change in coding_changes(document, coding):
        if change.tree is None:
            dropped.append(place[change.id])
        else:
            at = place.setdefault(change.id, len(place))
            written[_LIST, at] = change.tree
    return document.set_many(written).remove_items(_LIST, dropped)
