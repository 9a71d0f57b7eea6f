"""`westphalia anchor`: hold the spans of a case against the texts, and make new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import case_argument, console, emit_json, json_option, table
from westphalia.errors import CallError, suggest

if TYPE_CHECKING:
    from westphalia.api import Case


@click.command(
    epilog="""\b
Examples:
  westphalia anchor my-case --sources ~/texts
  westphalia anchor my-case --sources ~/texts --source speech --find "no return to the old border"
"""
)
@case_argument
@click.option(
    "--sources", type=click.Path(), metavar="DIR", required=True, help="Folder with the sources' texts."
)
@click.option("--find", "words", metavar="WORDS", help="Print the span of these words, ready to paste.")
@click.option("--source", metavar="ID", help="The source to look in; needed if the case has several texts.")
@json_option
def anchor(case: str, sources: str, words: str | None, source: str | None, as_json: bool) -> None:
    """Hold every span of CASE against the texts: exact, moved, to review or lost.

    Nothing is changed: a span is never re-attached without a person.
    """
    from westphalia.api import read, texts_of

    shown = read(case)
    texts = texts_of(shown.file, sources)
    if words is not None:
        _find(texts, words, source, as_json)
        return
    states = _states(shown, texts)
    if as_json:
        emit_json(states)
        return
    made = table("Spans", "state", "statements")
    for state in sorted({row["state"] for row in states}):
        made.add_row(state, ", ".join(row["statement"] for row in states if row["state"] == state))
    console().print(made)


def _states(case: Case, texts: dict[str, str]) -> list[dict[str, Any]]:
    from westphalia.dossier.anchors import anchor as hold

    rows = []
    for statement in case.file.statements:
        if statement.span is None:
            rows.append({"statement": statement.id, "state": "no span", "reason": ""})
        elif statement.source not in texts:
            rows.append(
                {"statement": statement.id, "state": "no text", "reason": "its source is not at hand"}
            )
        else:
            found = hold(statement.span, texts[statement.source])
            rows.append({"statement": statement.id, "state": found.state, "reason": found.reason})
    return rows


def _find(texts: dict[str, str], words: str, source: str | None, as_json: bool) -> None:
    from westphalia.dossier.anchors import locate, make_span

    chosen = source or (next(iter(texts)) if len(texts) == 1 else "")
    if chosen not in texts:
        raise CallError(
            f"There is no text of the source '{chosen}' at hand."
            if chosen
            else "Several sources have a text.",
            code="unknown-source",
            hint=suggest(chosen, texts),
        )
    text = texts[chosen]
    spans = [make_span(text, found.start, found.end) for found in locate(text, words)]
    if not spans:
        raise CallError("These words are not in the text.", code="not-found", hint="Paste them exactly.")
    for span in spans:
        plain = span.model_dump(exclude_none=True)
        if as_json:
            emit_json(plain)
        else:
            click.echo("span: {" + ", ".join(f"{key}: {value}" for key, value in plain.items()) + "}")
