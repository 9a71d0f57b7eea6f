"""`westphalia score`: hold a ledger's chain, enter outcomes, grade forecasts, compute them again."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import console, emit_json, json_option, progress_bar, table
from westphalia.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from westphalia.runs.grading import Calibration, Grade
    from westphalia.runs.ledger import Ledger


@click.command(
    epilog="""\b
Examples:
  westphalia score forecasts.jsonl
  westphalia score forecasts.jsonl --head 5d41402abc4b2a76b9719d911017c592...
  westphalia score forecasts.jsonl --entry 3 --outcome territory=55 --outcome force=20
  westphalia score forecasts.jsonl --entry 3 --reproduce my-case
"""
)
@click.argument("ledger", type=click.Path())
@click.option("--entry", metavar="NUMBER|HASH", help="The sealed forecast that is meant.")
@click.option("--outcome", "came", multiple=True, metavar="ISSUE=VALUE", help="What came; may be repeated.")
@click.option("--note", metavar="TEXT", help="A note to keep with the outcome.")
@click.option("--head", metavar="HASH", help="The hash noted at sealing: it must still be in the ledger.")
@click.option(
    "--reproduce",
    "case",
    type=click.Path(),
    metavar="CASE",
    help="Compute the forecast again from this case.",
)
@json_option
def score(
    ledger: str,
    entry: str | None,
    came: tuple[str, ...],
    note: str | None,
    head: str | None,
    case: str | None,
    as_json: bool,
) -> None:
    """Hold the chain of LEDGER and print how its forecasts did; enter outcomes as they come.

    An entry that was changed, dropped, inserted or moved is named, and nothing is added to such a
    ledger. Errors and CRPS are in points of the issue's scale, in the summary in per cent of it.
    """
    from westphalia.runs.grading import calibration, enter_outcomes, grades
    from westphalia.runs.ledger import read_ledger

    held = read_ledger(ledger, head=_hash(head))
    if (came or case is not None) and entry is None:
        hint = "Give --entry NUMBER; without options the ledger's table shows the numbers."
        raise CallError("It is not said which forecast is meant.", code="no-entry", where=ledger, hint=hint)
    if case is not None and entry is not None:
        _reproduce(held, entry, case, as_json)
        return
    if came and entry is not None:
        added = enter_outcomes(ledger, entry, _outcomes(came), note=note)
        console(err=True).print(f"Entered as entry {added.number}.", markup=False)
        held = read_ledger(ledger)
    graded = grades(held)
    if as_json:
        emit_json(_plain(held, graded, calibration(graded)))
    else:
        _print(held, graded, calibration(graded))


def _hash(head: str | None) -> str | None:
    if head is None:
        return None
    tidy = head.strip().lower()
    if len(tidy) != 64 or set(tidy) - set("0123456789abcdef"):
        message = f"'{head}' is no head of a ledger."
        raise CallError(message, code="bad-head", where="--head", hint="It has 64 hexadecimal digits.")
    return tidy


def _outcomes(came: tuple[str, ...]) -> dict[str, float]:
    """Return outcomes by issue from texts such as ``territory=55``.

    Raises
    ------
    CallError: a text has another form, or an issue stands twice.
    """
    found: dict[str, float] = {}
    for text in came:
        issue, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not issue.strip() or not math.isfinite(number):
            hint = "Write ISSUE=VALUE with a point of the scale, such as territory=55."
            raise CallError(f"'{text}' is no outcome.", code="bad-outcome", where=text, hint=hint)
        if issue.strip() in found:
            raise CallError(f"'{issue.strip()}' is given twice.", code="outcome-twice", where=text)
        found[issue.strip()] = number
    return found


def _reproduce(held: Ledger, entry: str, case: str, as_json: bool) -> None:
    from westphalia.api import read
    from westphalia.runs.sealing import reproduce

    with progress_bar() as progress:
        again = reproduce(held, entry, read(case).document, progress=progress)
    if as_json:
        same = {"is_same": again.is_same, "is_same_case": again.is_same_case}
        emit_json(
            {"entry": entry, **same, "is_same_version": again.is_same_version, "largest": again.largest}
        )
        return
    out = console()
    if again.is_same:
        out.print("The same result, to the bit.")
    elif math.isnan(again.largest):
        out.print("Another result: the case now has other issues.")
    else:
        out.print(f"Not the same bits: quantiles differ by up to {again.largest:.2g} of the scale.")
    if not again.is_same_case:
        out.print("The case has changed since the forecast was sealed.")
    if not again.is_same_version:
        out.print("Another version of westphalia sealed it.")


# --- words and tables ------------------------------------------------------------------------------


def _plain(held: Ledger, graded: tuple[Grade, ...], records: tuple[Calibration, ...]) -> dict[str, Any]:
    return {
        "ledger": str(held.path),
        "entries": len(held.entries),
        "head": held.head,
        "forecasts": [
            {
                "entry": grade.number,
                "case": grade.forecast.case,
                "method": grade.forecast.method,
                "time": grade.forecast.time,
                "issue": grade.issue,
                "scores": None if grade.scores is None else grade.scores.model_dump(),
                "is_corrected": grade.is_corrected,
            }
            for grade in graded
        ],
        "calibration": [
            {
                "method": record.method,
                "count": record.count,
                "error_median": record.error_median,
                "error_mean": record.error_mean,
                "crps": record.crps,
                "coverage": dict(record.coverage),
            }
            for record in records
        ],
    }


def _print(held: Ledger, graded: tuple[Grade, ...], records: tuple[Calibration, ...]) -> None:
    out = console()
    count = len(held.entries)
    out.print(f"The chain holds: {count} {'entry' if count == 1 else 'entries'}.", markup=False)
    out.print(f"Head: {held.head}", markup=False, soft_wrap=True)
    for made in _graded_tables(graded):
        out.print(made)
    if records:
        out.print(_record_table(records))


def _graded_tables(graded: tuple[Grade, ...]) -> Iterator[Any]:
    """Yield a table for each sealed forecast: what it said of each issue, and what came."""
    from rich.markup import escape

    figures = ("median", "came", "error", "CRPS")
    for number, group in itertools.groupby(graded, key=lambda grade: grade.number):
        issues = list(group)
        held = issues[0].forecast
        title = escape(f"Entry {number}: {held.case}, {held.method}, sealed {held.time[:10]}")
        made = table(title, "issue", "median", "90 %", "came", "error", "CRPS", "inside", right=figures)
        for grade in issues:
            made.add_row(*map(escape, _cells(grade)))
        yield made


def _cells(grade: Grade) -> tuple[str, ...]:
    from westphalia.analyses.quantile_scores import interval
    from westphalia.cli.forecast import digits_of

    issue, found = grade.forecast.issues[grade.issue], grade.scores
    form = f".{digits_of(issue.low, issue.high)}f"
    low, high = (format(end, form) for end in interval(issue.quantiles, 0.9))
    said = (grade.issue, format(interval(issue.quantiles, 0.0)[0], form), f"{low} to {high}")
    if found is None:
        return (*said, "open", "", "", "")
    came = f"{found.outcome:g}{', corrected' if grade.is_corrected else ''}"
    inside = next((level for level, is_in in found.inside.items() if is_in), "none")
    return (*said, came, format(found.error_median, form), format(found.crps, form), inside)


def _record_table(records: tuple[Calibration, ...]) -> Any:
    from rich.markup import escape

    levels = list(records[0].coverage)
    heads = (
        "method",
        "outcomes",
        "median",
        "mean",
        "CRPS",
        *(f"in {level}" for level in levels),
    )
    made = table(
        "How far off, and CRPS, in per cent of the scale; how often inside",
        *heads,
        right=heads[1:],
    )
    for record in records:
        errors = (record.error_median, record.error_mean, record.crps)
        cells = [f"{100 * error:.1f}" for error in errors]
        cells += [f"{record.coverage[level]:.0%}" for level in levels]
        made.add_row(escape(record.method), str(record.count), *cells)
    return made
