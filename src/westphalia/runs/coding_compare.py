"""Two coders of a case side by side: what each made of a place, and how far they agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from westphalia.case.schema import CaseFile
from westphalia.dossier.matching import Pair, match
from westphalia.dossier.reliability import Alpha, SpanScore, reliability, span_score
from westphalia.dossier.reliability_units import UnitAlpha, unitising_alpha
from westphalia.dossier.schema import Statement
from westphalia.errors import CallError, suggest


@dataclass(frozen=True, slots=True)
class Comparison:
    """The statements of two coders in pairs, in the order of the texts, and the figures of reliability.

    `score` counts matches of one kind, `score_any_kind` all; `units` is None where no span was coded.
    """

    first: str
    second: str
    pairs: tuple[Pair, ...]
    score: SpanScore
    score_any_kind: SpanScore
    alphas: dict[str, Alpha]
    units: UnitAlpha | None


def coders(case: CaseFile) -> dict[str, int]:
    """Return who coded statements of a case that were not rejected, and how many, by name."""
    named = Counter(one.coder for one in case.statements if one.coder and one.status != "rejected")
    return dict(sorted(named.items()))


def compare(case: CaseFile, first: str, second: str) -> Comparison:
    """Return the statements of two coders side by side, and how far they agree.

    Raises
    ------
    CallError: no statement names one of the coders, or they are the same.
    """
    if first == second:
        raise CallError("A coder is compared with another.", code="same-coder", hint="Name two coders.")
    mine, others = of_coder(case, first), of_coder(case, second)
    pairs = match(mine, others)
    lengths = _lengths(case, (*mine, *others))
    return Comparison(
        first,
        second,
        pairs,
        span_score(pairs),
        span_score(pairs, same_kind=False),
        reliability(pairs),
        unitising_alpha((mine, others), lengths) if lengths else None,
    )


def of_coder(case: CaseFile, coder: str) -> list[Statement]:
    """Return the statements of a coder that were not rejected.

    Raises
    ------
    CallError: no statement names the coder.
    """
    known = coders(case)
    if coder not in known:
        hint = suggest(coder, known) if known else "No statement of the case names a coder."
        raise CallError(f"No statement was coded by '{coder}'.", code="unknown-coder", hint=hint)
    return [one for one in case.statements if one.coder == coder and one.status != "rejected"]


def _lengths(case: CaseFile, statements: tuple[Statement, ...]) -> dict[str, int]:
    """Return the characters of each text that was coded: as stated, or up to the last span."""
    lengths: dict[str, int] = {}
    for one in statements:
        if one.span is not None:
            stated = case.source[one.source].characters or 0
            lengths[one.source] = max(lengths.get(one.source, stated), one.span.end)
    return lengths
