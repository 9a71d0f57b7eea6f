"""Hold the spans of a case against the texts of its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from westphalia.case.document import Document
from westphalia.dossier.anchors import Anchored, anchor_all
from westphalia.dossier.shelf import Shelf
from westphalia.errors import Finding

_HINTS = {
    "moved": "Code it anew at that place.",
    "to-review": "Look at the place and code the span anew.",
    "lost": "Look for what was coded, or drop the statement.",
}


def span_findings(document: Document, shelf: Shelf) -> tuple[Finding, ...]:
    """Return a warning for every source whose text is not the coded one, and every span that drifted.

    Statements of sources that are not on the shelf are left out. Nothing is changed: a span is never
    re-attached without a person.
    """
    differing = {one.source: one.text for one in shelf.differing}
    anchored = anchor_all(document.case.statements, {**shelf.found, **differing})
    place = {statement.id: at for at, statement in enumerate(document.case.statements)}
    return (
        *_of_sources(document, shelf),
        *(
            finding
            for statement, parts in anchored.items()
            for finding in _of_statement(document, statement, place[statement], parts)
        ),
    )


def _of_sources(document: Document, shelf: Shelf) -> Iterator[Finding]:
    place = {source.id: at for at, source in enumerate(document.case.sources)}
    for one in shelf.differing:
        steps = ("sources", place[one.source], "sha256")
        yield Finding(
            "warning",
            "source-differs",
            f"The text in '{one.path.name}' is not the one that was coded as '{one.source}'.",
            document.place(steps),
            ".".join(map(str, steps)),
            "Use the text that was coded, or make the new one a source of its own.",
        )
    for source in document.case.sources:
        if source.id in shelf.missing and source.file is not None:
            steps = ("sources", place[source.id], "file")
            yield Finding(
                "warning",
                "source-missing",
                f"The text of '{source.id}' is not in the folder.",
                document.place(steps),
                ".".join(map(str, steps)),
                f"Put '{source.file}' there.",
            )
    for error in shelf.refused:
        yield Finding(
            "warning", error.code, error.message, document.place(("sources",)), "sources", error.hint
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
