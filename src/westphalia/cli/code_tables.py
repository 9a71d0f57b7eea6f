"""What `westphalia code` prints: how the text was read, what is suggested, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from westphalia.cli.shared import console, table

if TYPE_CHECKING:
    from rich.console import Console

    from westphalia.dossier.proposals import Proposal
    from westphalia.runs.coding import Suggestion, Suggestions
    from westphalia.runs.coding_decisions import Desk

_SHOWN = ("speech", "date", "act", "loaded", "new-actor")
"""Kinds in the table. Mentions, marks and merely possible acts are counted, metadata told before it."""
_MOST_ROWS = 400
_WORDS = 24
"""The least width of the column of words, which a reader judges by."""

_LONGEST = 60
_MOST_NAMED = 5


def shortened(text: str, start: int, end: int, length: int = _LONGEST) -> str:
    """Return words of a text on one line, shortened, and without anything that could steer a terminal."""
    words = " ".join(text[start : min(end, start + 4 * length)].split())
    safe = "".join(letter if letter.isprintable() else "\ufffd" for letter in words)
    return safe if len(safe) <= length else f"{safe[: length - 1].rstrip()}…"


def _whole(words: str) -> str:
    return shortened(words, 0, len(words), 200)


def print_suggestions(found: Suggestions, path: Path, *, is_new: bool, told: dict[str, Any]) -> None:
    """Print how the text was read, its metadata, all suggestions in reading order, and their counts."""
    from rich.markup import escape

    out = console()
    for line in _reading(found, path, is_new=is_new):
        out.print(line, markup=False)
    for what, lines in told.items():
        for line in lines:
            out.print(f"The assistant, {what}: {_whole(line)}", markup=False)
    made = table("Suggestions in the order of the text; ? possible", "line", "what", "rule", "who", "words")
    made.columns[-1].min_width = _WORDS
    rows = [one for one in found.sheet if one.kind in _SHOWN and (one.kind, one.tier) != ("act", "possible")]
    by_start = {(one.entry.rule, one.entry.place[1]): one for one in found.statements}
    for one in rows[:_MOST_ROWS]:
        made.add_row(*(escape(cell) for cell in _row(found, one, by_start)))
    out.print(made)
    if len(rows) > _MOST_ROWS:
        out.print(f"{len(rows) - _MOST_ROWS} more are in the file of the suggestions.", markup=False)
    _print_counts(found, out)


def _reading(found: Suggestions, path: Path, *, is_new: bool) -> Iterator[str]:
    from westphalia.dossier.metadata import header
    from westphalia.dossier.proposals import Meta

    text, source = found.text, found.source
    state = "is now a source of the case" if is_new else "is a source of the case"
    yield (
        f"Read {path.name} ({text.kind}, {text.characters} characters, rules for '{found.language}'): "
        f"it {state}, '{source.id}'."
    )
    if source.note is not None:
        yield f"Note of the source: {_whole(source.note)}"
    for repair in text.repairs:
        lines = f", first in line {repair.lines[0]}" if repair.lines else ""
        yield f"Repaired: {repair.what}, {repair.count} times{lines}."
    for proposed in text.proposed:
        yield f"Proposed {proposed.field}: {_whole(proposed.value)} ({proposed.where})"
    for one in found.sheet.of_kind("meta"):
        if isinstance(one.details, Meta):
            field, value = one.details.name, _whole(one.details.value)
            yield f"Proposed {field}: {value} (line {found.line(one.start)}, {one.tier}, {one.rule})"
    if header(text.text) is not None:
        yield "The text begins with a header; --split-header codes it without."


def _row(found: Suggestions, one: Proposal, by_start: dict[Any, Suggestion]) -> tuple[str, ...]:
    from westphalia.dossier.proposals import Speech
    from westphalia.runs.coding import extent

    text = found.text.text
    start, end = extent(one.details, one) if isinstance(one.details, Speech) else (one.start, one.end)
    statement = by_start.get((one.rule, start)) if one.kind == "speech" else None
    what = one.kind if statement is None else f"{one.kind}: {statement.entry.fields['kind']}"
    return (
        str(found.line(start)),
        what if one.tier == "sure" else f"{what} ?",
        one.rule.removeprefix(f"{one.kind}.").removeprefix(f"{one.kind}-"),
        _told(one) if statement is None else who(found, statement),
        shortened(text, start, end),
    )


def _told(one: Proposal) -> str:
    """Return what else a proposal says in a word: an act, a time, whom a name looks like."""
    from westphalia.dossier.proposals import Act, NewActor, Timed

    match one.details:
        case Act(act=act):
            return act
        case Timed(first=first, last=last, asked=asked):
            known = first if first == last else f"{first or '…'} to {last or '…'}"
            return asked.question if asked else known or ""
        case NewActor(alike=alike) if alike:
            return f"like {', '.join(alike)}?"
    return ""


def who(found: Suggestions, one: Suggestion) -> str:
    """Return the speaker of a suggestion with tellers and addressee, and the questions that are open."""
    text, fields = found.text.text, one.entry.fields
    parts = [str(fields["speaker"])] if "speaker" in fields else []
    for name, word in (("addressee", "to"), ("tellers", "told by")):
        held = fields.get(name)
        if isinstance(held, list):
            parts.append(f"{word} {', '.join(map(str, held))}")
    for question in one.questions:
        words = f" „{shortened(text, *question.words, 30)}“" if question.words else ""
        likely = f" ({', '.join(question.candidates)})" if question.candidates else ""
        parts.append(f"{question.part}{words}: {question.question}{likely}")
    return "; ".join(parts) + (f" [has {one.coded_as}]" if one.coded_as else "")


def _print_counts(found: Suggestions, out: Console) -> None:
    made = table("How many", "kind", "sure", "possible", right=("sure", "possible"))
    counts = found.counts
    for kind in sorted({kind for kind, _ in counts}):
        made.add_row(kind, *(str(counts.get((kind, tier), 0)) for tier in ("sure", "possible")))
    out.print(made)


def print_left(
    found: Suggestions, desk: Desk, accepted: list[str] | None, written: tuple[Path, Path]
) -> None:
    """Print what was accepted, what is left to review or to put into words, and what was written."""
    from westphalia.dossier.glosses import without_words

    out = console()
    if accepted is not None:
        names = f": {', '.join(accepted)}" if accepted else ""
        out.print(f"Accepted {len(accepted)} statements{names}. --undo takes them back.", markup=False)
    left = desk.left(found)
    opened = sum(bool(one.questions) for one in left)
    coded = sum(one.coded_as is not None for one in left)
    out.print(
        f"Left to review: {len(left)} of {len(found.statements)} statements; {opened} of them ask who, "
        f"{coded} stand where the case has a statement already.",
        markup=False,
    )
    waiting = [one.id for one in without_words(desk.document.case.statements)]
    if waiting:
        names = ", ".join(waiting[:_MOST_NAMED]) + (" …" if len(waiting) > _MOST_NAMED else "")
        out.print(f"Glosses that wait for words: {len(waiting)} ({names}).", markup=False)
    if desk.journal.lost:
        out.print(desk.journal.lost, markup=False)
    out.print(f"Written: {written[0]}; the words: {written[1]} (stay with you).", markup=False)
