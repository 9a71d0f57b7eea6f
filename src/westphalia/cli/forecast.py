"""`westphalia forecast`: what the methods expect, issue by issue, with the spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    case_argument,
    conducted,
    console,
    emit_json,
    json_option,
    print_parts,
    progress_bar,
    run_options,
    table,
    tie_options,
)

if TYPE_CHECKING:
    from rich.console import Console

    from westphalia.report.exchanges import Exchanges
    from westphalia.runs.study import Study


@click.command(
    epilog="""\b
Examples:
  westphalia forecast cases/ukraine-2025-02
  westphalia forecast my-case -m mean -m challenge -o challenge.reading=printed
  westphalia forecast my-case -m exchange --exchanges
  westphalia forecast my-case --one-expert --capability-factor 1.5
  westphalia forecast my-case --draws 10000 --seed 7 --json > forecast.json
"""
)
@case_argument
@click.option(
    "--exchanges",
    is_flag=True,
    help="List the exchanges that position exchange realises at the central values, and who pays.",
)
@run_options
@click.option(
    "--scheduler", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler, to the same bits."
)
@tie_options
@json_option
def forecast(case: str, exchanges: bool, as_json: bool, **how: Any) -> None:
    """Say what the methods expect on each issue of CASE, never without the spread.

    The default forecast comes first, the predictive distribution: it alone holds the error that such
    forecasts made in the past. All others hold the doubt of the inputs and nothing else, beginning with the
    compromise mean, its centre. 50 % of the draws lie in the narrow interval, 90 % in the wide one.
    """
    from westphalia.api import read
    from westphalia.report.forecast_data import plain

    with progress_bar() as progress:
        study = conducted(read(case), how, progress)
    if as_json:
        emit_json(plain(study) | ({"exchanges": _exchanges(study)} if exchanges else {}))
        return
    _print(study)
    if exchanges:
        _print_exchanges(study)


def _exchanged(study: Study) -> Exchanges:
    """Return the exchanges at the central values.

    Raises
    ------
    CallError: position exchange was not run, and why.
    """
    from westphalia.errors import CallError
    from westphalia.report.exchanges import Exchanges
    from westphalia.runs.rivals import realised

    if "exchange" not in study.results:
        reason = study.skipped.get("exchange", "Position exchange is not among the methods that are run.")
        raise CallError(reason, code="input-missing", where="exchange", hint="Add: --method exchange.")
    return Exchanges(realised(study.inputs, study.options), study.document.case, "en")


def _exchanges(study: Study) -> dict[str, Any]:
    """Return the exchanges as plain data, and by actor and effect what they brought."""
    from westphalia.report.exchanges import rows_of

    found = _exchanged(study)
    effects = found.brought["effect"].values.tolist()
    brought = {
        actor: dict(zip(effects, found.brought.sel(actor=actor).values.tolist(), strict=True))
        for actor in found.names
    }
    return {"realised": list(rows_of(found)), "brought": brought}


def _print_exchanges(study: Study) -> None:
    from westphalia.report.exchanges import TERMS, exchange_parts

    out = console()
    out.print()
    out.print(TERMS, style="dim", markup=False)
    print_parts(exchange_parts(_exchanged(study)), out)


def _print(study: Study) -> None:
    from westphalia.report.forecast_data import quantiles_of, shares_of_options

    out = console()
    case = study.document.case
    rows = quantiles_of(study)
    for issue, methods in rows.items():
        question = case.issue[issue]
        digits = digits_of(*question.ends)
        made = table(
            f"{issue}: {question.question}",
            "method",
            "median",
            "50 %",
            "90 %",
            "nearest to",
            right=("median",),
        )
        for method, (low, lower, middle, upper, high) in methods.items():
            nearest = min(question.scale, key=lambda point: abs(float(point) - middle))
            made.add_row(
                method,
                f"{middle:.{digits}f}",
                f"{lower:.{digits}f} to {upper:.{digits}f}",
                f"{low:.{digits}f} to {high:.{digits}f}",
                str(question.scale[nearest]),
            )
        out.print(made)
    _print_default(out, rows)
    for issue, options in shares_of_options(study).items():
        made = table(
            f"{issue}: {case.issue[issue].question}", "option", "support", "90 %", right=("support",)
        )
        for option, (low, _, middle, _, high) in options.items():
            made.add_row(str(case.issue[issue].scale[option]), f"{middle:.0%}", f"{low:.0%} to {high:.0%}")
        out.print(made)
    _print_acceptance(study)


def _print_default(out: Console, rows: dict[str, dict[str, list[float]]]) -> None:
    from westphalia.analyses.forecasts import PREDICTIVE

    if any(PREDICTIVE in methods for methods in rows.values()):
        words = (
            f"{PREDICTIVE} is the default forecast: beside the doubt of the inputs it holds the error "
            "of such forecasts on past decisions of the European Union. All others hold that doubt alone."
        )
        out.print(words, style="dim", markup=False)


def digits_of(low: float, high: float) -> int:
    """Return the decimals that tell a hundredth of the scale apart, and no more."""
    return max(0, 2 - math.ceil(math.log10(high - low)))


def _print_acceptance(study: Study) -> None:
    out = console()
    if study.acceptance is not None:
        made = table(
            "Who would accept the compromise mean's package",
            "actor",
            "accepts in",
            "gain, 90 %",
            right=("accepts in",),
        )
        for actor in study.acceptance["actor"].values.tolist():
            one = study.acceptance.sel(actor=actor)
            low, high = one["gain"].quantile([0.05, 0.95]).values
            made.add_row(
                str(study.document.case.actor[actor].name),
                f"{float(one['is_accepted'].mean()):.0%} of draws",
                f"{low:+.2f} to {high:+.2f}",
            )
        out.print(made)
    for method, reason in study.skipped.items():
        console(err=True).print(f"{method} was not run: {reason}")
