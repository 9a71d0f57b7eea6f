"""`westphalia code --compare`: the statements of two coders side by side, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from westphalia.cli.shared import console, emit_json, table
from westphalia.errors import CallError, suggest

if TYPE_CHECKING:
    from westphalia.case.schema import CaseFile
    from westphalia.dossier.matching import Pair
    from westphalia.dossier.schema import Statement


def print_comparison(case: CaseFile, first: str, second: str, *, as_json: bool) -> None:
    """Print matches, span F1 and alphas of two coders' statements in a case.

    Raises
    ------
    CallError: no statement names one of the coders, or they are the same.
    """
    from westphalia.dossier.matching import match

    if first == second:
        raise CallError("A coder is compared with another.", code="same-coder", hint="Name two coders.")
    mine, others = _of(case, first), _of(case, second)
    pairs = match(mine, others)
    told = _figures(case, pairs, mine, others)
    if as_json:
        emit_json({"coders": [first, second], **told, "pairs": [_plain(pair) for pair in pairs]})
    else:
        _print(pairs, told, first, second)


def _of(case: CaseFile, coder: str) -> list[Statement]:
    coders = {one.coder for one in case.statements if one.coder}
    if coder not in coders:
        hint = suggest(coder, coders) if coders else "No statement of the case names a coder."
        raise CallError(f"No statement was coded by '{coder}'.", code="unknown-coder", hint=hint)
    return [one for one in case.statements if one.coder == coder and one.status != "rejected"]


def _figures(
    case: CaseFile, pairs: tuple[Pair, ...], mine: list[Statement], others: list[Statement]
) -> dict[str, Any]:
    from westphalia.dossier.reliability import reliability, span_score
    from westphalia.dossier.reliability_units import unitising_alpha

    lengths: dict[str, int] = {}
    for one in (*mine, *others):
        if one.span is not None:
            stated = case.source[one.source].characters or 0
            lengths[one.source] = max(lengths.get(one.source, stated), one.span.end)
    units = unitising_alpha((mine, others), lengths) if lengths else None
    strict, loose = span_score(pairs), span_score(pairs, same_kind=False)
    return {
        "span_f1": strict.f1,
        "span_f1_any_kind": loose.f1,
        "alphas": {
            name: {"value": one.value, "low": one.low, "high": one.high, "units": one.units}
            for name, one in reliability(pairs).items()
        },
        "alpha_u": units.alpha_u if units else None,
        "cu_alpha": units.cu_alpha if units else None,
        "coverage": units.coverage if units else None,
    }


def _plain(pair: Pair) -> dict[str, Any]:
    return {
        "first": pair.first.id if pair.first else None,
        "second": pair.second.id if pair.second else None,
        "overlap": pair.overlap,
        "differing": list(pair.differing),
    }


def _print(pairs: tuple[Pair, ...], told: dict[str, Any], first: str, second: str) -> None:
    from rich.markup import escape

    out = console()
    made = table("Side by side", escape(first), escape(second), "overlap", "differ in", right=("overlap",))
    for pair in pairs:
        both = pair.first is not None and pair.second is not None
        made.add_row(
            escape(_cell(pair.first)),
            escape(_cell(pair.second)),
            f"{pair.overlap:.2f}" if both else "",
            ", ".join(pair.differing) if both else "one coder only",
        )
    out.print(made)
    figures = table(
        "How far they agree", "figure", "value", "95 % interval", "units", right=("value", "units")
    )
    figures.add_row("span F1, same kind", _figure(told["span_f1"]), "", "")
    figures.add_row("span F1, any kind", _figure(told["span_f1_any_kind"]), "", "")
    for name, one in told["alphas"].items():
        interval = "" if one["low"] != one["low"] else f"{one['low']:.2f} to {one['high']:.2f}"
        figures.add_row(escape(f"α of {name}"), _figure(one["value"]), interval, str(one["units"]))
    for key, title in (("alpha_u", "α_U"), ("cu_alpha", "cu-α"), ("coverage", "coded by both, share")):
        figures.add_row(title, _figure(told[key]), "", "")
    out.print(figures)


def _cell(one: Statement | None) -> str:
    return "" if one is None else f"{one.id}: {one.speaker}, {one.kind}"


def _figure(value: float | None) -> str:
    return "nothing to compare" if value is None or value != value else f"{value:.3f}"
