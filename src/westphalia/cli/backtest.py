"""`westphalia backtest`: how methods did on past decisions, never fitted on what they are scored on."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import console, emit_json, json_option, progress_bar, table
from westphalia.errors import FileError

if TYPE_CHECKING:
    from westphalia.runs.backtest import Backtest

SCORES = ("issues", "proposals", "mae", "rmse", "crps", "skill", "skill_low", "skill_high")


@click.command(
    epilog="""\b
Examples:
  westphalia backtest past-decisions
  westphalia backtest past-decisions -m predictive -m challenge:reading=printed,settle=mean
  westphalia backtest past-decisions --by spread --by wave --out issues.csv --json > scores.json
  westphalia backtest past-decisions --fit law.json
"""
)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option(
    "--method",
    "-m",
    "methods",
    multiple=True,
    metavar="ID[:NAME=VALUE,…]",
    help="Score this method, with these options; may be repeated. All methods unless given.",
)
@click.option(
    "--by",
    multiple=True,
    default=("spread",),
    show_default=True,
    metavar="COLUMN",
    help="Score each value of this column of issues.csv too; 'spread': thirds by distance of positions.",
)
@click.option("--folds", default=10, show_default=True, help="Parts, each scored by what the others taught.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same parts.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Write what came of each issue as CSV.")
@click.option(
    "--fit",
    type=click.Path(),
    metavar="FILE",
    help="Fit the predictive law to all issues and write it as JSON.",
)
@json_option
def backtest(folder: str, out: str | None, fit: str | None, as_json: bool, **how: Any) -> None:
    """Score methods on the past decisions in DIR: issues.csv with outcomes, power.csv with capabilities.

    Point forecasts get the errors of the other parts as their distribution. Skill is the share of the
    compromise mean's CRPS that is saved, with its 95 % interval over proposals.
    """
    from westphalia.runs import backtest as running
    from westphalia.runs.backtest_files import read_past

    past = read_past(Path(folder))
    with progress_bar() as progress:
        result = running.backtest(past, **how, progress=progress)
    if out is not None:
        _write(Path(out), result.single.to_dataframe().to_csv())
    if fit is not None:
        _write(Path(fit), json.dumps(asdict(running.fit(past)), indent=2) + "\n")
    if as_json:
        emit_json(_plain(result))
    else:
        _print(result)


def _write(target: Path, text: str) -> None:
    from westphalia.files import write_whole

    try:
        write_whole(target, text.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"It cannot be written: {reason}.", code="not-saved", where=str(target)) from None


def _rows(result: Backtest, group: str) -> dict[str, dict[str, Any]]:
    """Return the scores of each method on a group of issues."""
    rows = {}
    for method in result.scores["method"].values.tolist():
        one = result.scores.sel({"method": method, "group": group})
        row: dict[str, Any] = {name: one[name].item() for name in SCORES}
        for name in ("coverage", "interval_width"):
            row[name] = {
                f"{level:g}": value
                for level, value in zip(one["level"].values.tolist(), one[name].values.tolist(), strict=True)
            }
        rows[method] = row
    return rows


def _plain(result: Backtest) -> dict[str, Any]:
    return {
        "scores": {group: _rows(result, group) for group in result.scores["group"].values.tolist()},
        "skipped": result.skipped,
        "notices": result.notices,
    }


def _print(result: Backtest) -> None:
    out, notices = console(), console(err=True)
    for group in result.scores["group"].values.tolist():
        rows = _rows(result, group)
        names = ("n", "MAE", "RMSE", "CRPS", "skill %", "50%", "80%", "90%")
        made = table(group, "method", *names, right=names)
        for column in made.columns:
            column.no_wrap = True
        for method, row in rows.items():
            if row["issues"]:
                made.add_row(method, *_cells(row))
        out.print(made)
    out.print(
        "n: issues; MAE, RMSE and CRPS in per cent of the scale; skill: share of the compromise mean's "
        "CRPS that is saved, with its interval; 50%: share of outcomes that such intervals held."
    )
    for notice in (*result.notices, *(f"{method}: {why}" for method, why in result.skipped.items())):
        notices.print(notice)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    saved = [100 * row[name] for name in ("skill", "skill_low", "skill_high")]
    has_skill = not math.isnan(saved[0])
    return (
        str(row["issues"]),
        *(f"{row[name]:.1f}" for name in ("mae", "rmse", "crps")),
        "{:+.0f} ({:+.0f} to {:+.0f})".format(*saved) if has_skill else "",
        *(f"{share:.0%}" for share in row["coverage"].values()),
    )
