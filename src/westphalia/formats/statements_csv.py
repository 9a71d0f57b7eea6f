"""The statements of a case as a tidy CSV: a row for each statement and thing it is about, a column a field.

Everything that is coded is in it, the words of the texts are not. A statement about nothing has one
row, one about three things has three; `row` counts from 1, so that rows of 1 are the statements.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from westphalia.dossier.schema import About, Dated, Source, Span, Statement
from westphalia.formats.codings_out import evidence_of
from westphalia.formats.codings_own import text_in
from westphalia.formats.imported import Account, Format, Ledger, Outgoing
from westphalia.formats.writing import write_file

_SPAN = tuple(Span.model_fields)
_DATE = ("at", "since", "until", "inferred", "relation", "event")
COLUMNS = (
    *("statement", "row", "rows", "source", "source_title", "source_date", "source_sha256", "start", "end"),
    *(f"hash_{name}" if name != "sentence" else name for name in _SPAN if name not in ("start", "end")),
    *("speaker", "tellers", "addressee", "mode", "kind"),
    *("about_actor", "about_issue", "about_value", "about_low", "about_high", "about_option", "about_event"),
    *(f"date_{name}" for name in _DATE),
    *("date_start", "date_end", "gloss", "gloss_languages", "loaded", "supports", "contradicts", "breaks"),
    *("refers_to", "coder", "status", "note"),
)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "|", "%")
"""A spreadsheet may take a text that begins with one of these for a formula or a command."""


def write_statements_csv(outgoing: Outgoing, path: Path) -> Account:
    """Write all statements of a case, of every status; UTF-8 with byte-order mark, as spreadsheets want it.

    Raises
    ------
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    evidence = evidence_of(outgoing, Ledger())
    sources = {source.id: source for source in evidence.sources}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    rows = list(rows_of(evidence.statements, sources.values()))
    writer.writerows([safe(row.get(name)) for name in COLUMNS] for row in rows)
    write_file(Path(path), b"\xef\xbb\xbf" + out.getvalue().encode("utf-8"))
    ledger.carry(f"Statements, with all their fields: {len(evidence.statements)}, in {len(rows)} rows.")
    ledger.change("A text that a spreadsheet would take for a formula has an apostrophe before it.")
    ledger.leave("The words of the texts are not in the file; their places and hashes are.")
    return ledger.account()


def rows_of(statements: Iterable[Statement], sources: Iterable[Source] = ()) -> Iterator[dict[str, Any]]:
    """Yield the rows of statements as plain values by column; what is not known is missing or None."""
    by_id = {source.id: source for source in sources}
    for statement in statements:
        abouts = statement.about or (About(),)
        whole = _of_statement(statement, by_id.get(statement.source))
        for number, about in enumerate(abouts, start=1):
            yield {**whole, "row": number, "rows": len(abouts), **_of_about(about)}


def safe(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    text = str(value)
    # Blanks before the sign do not help: some programs take them off before they look.
    return f"'{text}" if text.startswith(_RISKY) or text.lstrip().startswith(_RISKY) else text


def _of_statement(statement: Statement, source: Source | None) -> dict[str, Any]:
    plain = statement.model_dump(mode="json")
    date = statement.date
    return {
        "statement": statement.id,
        "source": statement.source,
        **_of_source(source),
        **_of_span(statement.span),
        **{name: plain[name] for name in ("speaker", "mode", "kind", "refers_to", "coder", "status", "note")},
        **{
            name: " ".join(plain[name])
            for name in ("tellers", "addressee", "supports", "contradicts", "breaks")
        },
        **({f"date_{name}": getattr(date, name) for name in _DATE} if date is not None else {}),
        **_of_words(date),
        "gloss": text_in(statement.gloss),
        "gloss_languages": _json(plain["gloss"]) if isinstance(plain["gloss"], dict) else None,
        "loaded": _json(statement.model_dump(mode="json", exclude_none=True)["loaded"])
        if statement.loaded
        else None,
    }


def _of_source(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    date = source.date.first if source.date is not None else None
    return {"source_title": text_in(source.title), "source_date": date, "source_sha256": source.sha256}


def _of_span(span: Span | None) -> dict[str, Any]:
    if span is None:
        return {}
    bare = ("start", "end", "sentence")
    return {(name if name in bare else f"hash_{name}"): getattr(span, name) for name in _SPAN}


def _of_words(date: Dated | None) -> dict[str, Any]:
    if date is None or date.words is None:
        return {}
    return {"date_start": date.words.start, "date_end": date.words.end}


def _of_about(about: About) -> dict[str, Any]:
    plain = about.model_dump(mode="json")
    cells: dict[str, Any] = {f"about_{name}": plain[name] for name in ("actor", "issue", "option", "event")}
    if about.value is None:
        return cells
    is_bare = isinstance(plain["value"], int | float)
    value = plain["value"] if is_bare else _json(plain["value"])
    return {**cells, "about_value": value, "about_low": about.value.low, "about_high": about.value.high}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


STATEMENTS_CSV = Format(
    "statements",
    "Statements as a tidy table",
    (".csv",),
    "written only: a header that begins with 'statement,row,rows'",
    lambda head: False,
    write=write_statements_csv,
)
