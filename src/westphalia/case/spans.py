"""Hold the spans of a case against the texts of its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from westphalia.case.document import Document
from westphalia.dossier.anchors import Anchored, anchor_all
from westphalia.errors import Finding

_HINTS = {
    "moved": "Code it anew at that place.",
    "to-review": "Look at the place and code the span anew.",
    "lost": "Look for what was coded, or drop the statement.",
}


def span_findings(document: Document, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return a warning for every span that no longer stands where it was coded.

    `texts` holds the texts at hand by id of the source; statements of other sources are left out.
    Nothing is changed: a span is never re-attached without a person.
    """
    place = {statement.id: at for at, statement in enumerate(document.case.statements)}
    anchored = anchor_all(document.case.statements, texts)
    return tuple(
        finding
        for statement, parts in anchored.items()
        for finding in _of_statement(document, statement, place[statement], parts)
    )


def _of_statement(
    document: Document, statement: str, at: int, parts: Mapping[str, Anchored]
) -> Iterator[Finding]:
    for part, found in parts.items():
        if found.state == "exact":
            continue
        steps = ("statements", at, *(int(step) if step.isdigit() else step for step in part.split(".")))
        yield Finding(
            "warning",
            f"span-{found.state}",
            f"The {part} of '{statement}' is {found.state.replace('-', ' ')}. {found.reason}",
            document.place(steps),
            ".".join(map(str, steps)),
            _HINTS[found.state],
        )
