"""`westphalia code --compare`: the statements of two coders side by side, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from westphalia.cli.shared import console, emit_json, table

if TYPE_CHECKING:
    from westphalia.case.schema import CaseFile
    from westphalia.dossier.matching import Pair
    from westphalia.dossier.schema import Statement
    from westphalia.runs.coding_compare import Comparison


def print_comparison(case: CaseFile, first: str, second: str, *, as_json: bool) -> None:
    """Print matches, span F1 and alphas of two coders' statements in a case.

    Raises
    ------
    CallError: no statement names one of the coders, or they are the same.
    """
    from westphalia.runs.coding_compare import compare

    found = compare(case, first, second)
    if as_json:
        pairs = [_plain(pair) for pair in found.pairs]
        emit_json({"coders": [first, second], **_figures(found), "pairs": pairs})
    else:
        _print(found)


def _figures(found: Comparison) -> dict[str, Any]:
    units = found.units
    return {
        "span_f1": found.score.f1,
        "span_f1_any_kind": found.score_any_kind.f1,
        "alphas": {
            name: {"value": one.value, "low": one.low, "high": one.high, "units": one.units}
            for name, one in found.alphas.items()
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


def _print(found: Comparison) -> None:
    from rich.markup import escape

    out, told = console(), _figures(found)
    names = escape(found.first), escape(found.second)
    made = table("Side by side", *names, "overlap", "differ in", right=("overlap",))
    for pair in found.pairs:
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
