"""`westphalia sensitivity`: what the answers of a case depend on, and which number is worth knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import (
    case_argument,
    concept_option,
    console,
    emit_json,
    json_option,
    parsed_options,
    progress_bar,
    seed_option,
    settings_option,
    table,
    tie_options,
    ties_of,
    write_table,
)

if TYPE_CHECKING:
    import xarray as xr

_NEGLIGIBLE = 0.0005
_UNSURE = 0.25
"""Half an interval above which a share says little."""


@click.command(
    epilog="""\b
Examples:
  westphalia sensitivity cases/ukraine-2025-02 --of territory
  westphalia sensitivity my-case -m mean -m challenge --of border --by actor
  westphalia sensitivity my-case --by source --json > sources.json
  westphalia sensitivity my-case --of zone --by actor --draws 512
  westphalia sensitivity my-case --of rest:today --concept nash --draws 512
  westphalia sensitivity my-case --screen --out effects.csv
"""
)
@case_argument
@click.option(
    "--method",
    "-m",
    "methods",
    multiple=True,
    metavar="ID",
    help="Method that forecasts; may be repeated. The compromise mean unless given.",
)
@click.option(
    "--of",
    multiple=True,
    metavar="NAME",
    help="An issue, 'zone' (is any package accepted by all), 'acceptance' (does each party accept what "
    "the mean expects), or 'rest:STATE' (is this state, or some state in which this statement over moves "
    "holds, at rest; 'rest:today'); may be repeated. All issues on a scale unless given.",
)
@concept_option("By which concept a state is at rest.")
@click.option(
    "--by",
    type=click.Choice(["value", "actor", "issue", "source", "statement"]),
    default="value",
    show_default=True,
    help="Look at each number alone, or together at those of an actor, an issue, a source, a statement.",
)
@click.option("--draws", default=4096, show_default=True, help="Size of each of the two base samples.")
@seed_option
@settings_option
@tie_options
@click.option("--screen", is_flag=True, help="Only screen, by Morris's trajectories: for very many unknowns.")
@click.option("--trajectories", default=20, show_default=True, help="Trajectories of the screening.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; one a processor unless given.")
@click.option(
    "--top", default=10, show_default=True, type=click.IntRange(min=1), help="Rows shown an answer."
)
@click.option("--out", type=click.Path(), metavar="FILE.csv", help="Write all rows as a table.")
@json_option
def sensitivity(case: str, top: int, out: str | None, as_json: bool, **how: Any) -> None:
    """Say what each answer of CASE depends on, and which number known exactly would narrow it most.

    "Goes if known" is the share of the variance that would go if the number or group were known
    exactly (first-order Sobol index); "stays if all else is" the share that would stay if everything
    but it were (total index). The two differ where it works together with others.
    """
    from westphalia.report.sensitivity_data import csv_text, plain

    found = _computed(case, how)
    if out is not None:
        write_table(csv_text(found), out)
    if as_json:
        emit_json(plain(found))
    else:
        _print(found, top)


def _computed(case: str, how: dict[str, Any]) -> xr.Dataset:
    from westphalia.api import read
    from westphalia.runs.sensitivity import screening
    from westphalia.runs.sensitivity import sensitivity as computed

    asked: dict[str, Any] = {
        "methods": how["methods"],
        "of": how["of"],
        "concept": how["concept"],
        "seed": how["seed"],
        "options": parsed_options(how["settings"]),
        "ties": ties_of(how),
    }
    document = read(case).document
    if how["screen"]:
        return screening(document, trajectories=how["trajectories"], **asked)
    with progress_bar() as progress:
        sizes = {name: how[name] for name in ("by", "draws", "workers")}
        return computed(document, **sizes, progress=progress, **asked)


# --- words and tables ------------------------------------------------------------------------------


def _print(found: xr.Dataset, top: int) -> None:
    from westphalia.report.sensitivity_data import rows_of

    is_screened = "effect_size" in found
    for answer, rows in rows_of(found).items():
        one = found.sel(answer=answer)
        made = _screened(answer, rows[:top]) if is_screened else _taken_apart(answer, one, rows, top)
        console().print(made)
        if not is_screened and float(one["total_order_error"].max()) > _UNSURE:
            words = "The shares are not sure (±): what is asked for changes too rarely for so few draws."
            console().print(words, style="dim")
    if "by" in found.attrs and found.attrs["by"] in ("source", "statement"):
        words = "A value that names several statements counts for each: the shares may sum to more than all."
        console().print(words, style="dim")


def _taken_apart(answer: str, one: xr.Dataset, rows: list[dict[str, Any]], top: int) -> Any:
    from rich.markup import escape

    width = float(one["answer_width"])
    title = f"{answer}: {float(one['answer_mean']):.3g} on average, the middle 80 % of draws {width:.3g} wide"
    columns = ("goes if known", "±", "stays if all else is", "± ", "narrows the 80 % by")
    made = table(escape(title), "what", *columns, right=columns)
    shown = [row for row in rows if row["total_order"] > _NEGLIGIBLE][:top]
    for row in shown:
        cut = row["interval_cut"]
        narrows = "" if cut != cut else f"{max(0.0, cut):.2g}"
        made.add_row(
            escape(row["group"]),
            f"{max(0.0, row['first_order']):.1%}",
            f"{row['first_order_error']:.1%}",
            f"{row['total_order']:.1%}",
            f"{row['total_order_error']:.1%}",
            narrows,
        )
    if not shown:
        made.add_row("nothing: it is the same in every draw", "", "", "", "", "")
    return made


def _screened(answer: str, rows: list[dict[str, Any]]) -> Any:
    from rich.markup import escape

    columns = ("moves it by", "±", "on average", "scatter")
    made = table(
        escape(f"{answer}: change over the whole range of each number"), "what", *columns, right=columns
    )
    for row in rows:
        figures = (row["effect_size"], row["effect_size_error"], row["mean_effect"], row["effect_spread"])
        made.add_row(escape(row["group"]), *(f"{figure:.3g}" for figure in figures))
    return made
