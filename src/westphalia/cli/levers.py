"""`westphalia levers`: the smallest change of one actor that brings a wished-for outcome."""

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
    seed_option,
    table,
    tie_options,
    ties_of,
)

if TYPE_CHECKING:
    import xarray as xr


@click.command(
    epilog="""\b
Examples:
  westphalia levers cases/ukraine-2025-02 --on territory --at-most 50
  westphalia levers my-case --on border --at-least 30 --by north --method challenge
  westphalia levers my-case --zone --draws 200 --json
  westphalia levers my-case --rest today --concept nash --by north
"""
)
@case_argument
@click.option("--on", metavar="ISSUE", help="The issue whose forecast is to move.")
@click.option("--at-most", type=float, metavar="POINT", help="The forecast wished for: at most this.")
@click.option("--at-least", type=float, metavar="POINT", help="The forecast wished for: at least this.")
@click.option("--zone", is_flag=True, help="What would open the zone of agreement, instead of a forecast.")
@click.option(
    "--rest",
    metavar="STATE",
    help="What would bring this state of the graph model to rest: 'today', Y or N a move, or a statement "
    "that holds in one state alone.",
)
@concept_option("By which concept the state is to be at rest.")
@click.option(
    "--most-edits",
    default=2,
    show_default=True,
    type=click.IntRange(min=0, max=6),
    help="Changes of an actor's list of wishes that are tried at most, to bring a state to rest.",
)
@click.option("--method", "-m", default="mean", show_default=True, metavar="ID", help="Whose forecast.")
@click.option("--by", metavar="ACTOR", help="Tell this actor's own moves from persuasion of others.")
@click.option(
    "--cost-of-position",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Cost of a move over the whole scale.",
)
@click.option(
    "--cost-of-salience",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Cost of a change from not caring at all to caring most.",
)
@click.option(
    "--cost-of-capability",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Cost of as much capability again as there is.",
)
@click.option(
    "--option",
    "-o",
    "settings",
    multiple=True,
    metavar="METHOD.NAME=VALUE",
    help="Set an option of the method; `westphalia methods ID` lists them.",
)
@tie_options
@click.option("--draws", default=500, show_default=True, help="Draws on which each lever is tried.")
@seed_option
@click.option("--workers", type=click.IntRange(min=1), help="Threads; one a processor unless given.")
@click.option("--top", default=12, show_default=True, type=click.IntRange(min=1), help="Rows shown.")
@json_option
def levers(case: str, zone: bool, top: int, as_json: bool, **how: Any) -> None:
    """Rank the single changes of CASE after which a forecast passes a point, a zone opens, a state rests.

    A position moves along its scale, a salience or capability up or down, of one actor at a time. Each
    lever is found at central values and then tried on draws: "enough in" is the share of draws in
    which it suffices. What brings a state to rest are changes of wishes: one goes to another place, is
    dropped, or is turned round; they are proved smallest as long as all lists with fewer were tried.
    """
    if how["rest"] is not None:
        _bring_to_rest(case, {**how, "zone": zone, "top": top}, as_json)
        return
    from westphalia.report.levers_data import plain

    found = _opening(case, how) if zone else _moving(case, how)
    if as_json:
        emit_json(plain(found))
    else:
        _print(found, top)


def _moving(case: str, how: dict[str, Any]) -> xr.Dataset:
    from westphalia.api import read
    from westphalia.errors import CallError
    from westphalia.runs.levers import forecast_levers

    if how["on"] is None:
        raise CallError(
            "What is to change is not said.",
            code="bad-wish",
            hint="Give an issue (--on ISSUE --at-most POINT), --zone, or --rest STATE.",
        )
    same = ("at_most", "at_least", "method", "by", "draws", "seed", "workers")
    return forecast_levers(
        read(case).document,
        how["on"],
        costs={kind: how[f"cost_of_{kind}"] for kind in ("position", "salience", "capability")},
        options=parsed_options(how["settings"]),
        ties=ties_of(how),
        **{name: how[name] for name in same},
    )


def _opening(case: str, how: dict[str, Any]) -> xr.Dataset:
    from westphalia.api import read
    from westphalia.errors import CallError
    from westphalia.runs.levers import opening_levers

    if how["on"] is not None:
        message = "A forecast is to move and a zone to open."
        raise CallError(message, code="bad-wish", hint="Ask for one of them: --on or --zone.")
    sized = {name: how[name] for name in ("by", "draws", "seed")}
    return opening_levers(read(case).document, ties=ties_of(how), **sized)


def _bring_to_rest(case: str, how: dict[str, Any], as_json: bool) -> None:
    from westphalia.api import read
    from westphalia.cli.levers_rest import print_rest
    from westphalia.errors import CallError
    from westphalia.report.levers_data import plain_rest
    from westphalia.runs.rests import rest_levers

    if how["zone"] or how["on"] is not None:
        message = "A state is to come to rest and something else to change."
        raise CallError(message, code="bad-wish", hint="Ask for one of them: --on, --zone or --rest.")
    same = ("by", "concept", "most_edits", "draws", "seed")
    found = rest_levers(read(case).document, how["rest"], **{name: how[name] for name in same})
    if as_json:
        emit_json(plain_rest(found))
    else:
        print_rest(found, how["top"])


# --- words and tables ------------------------------------------------------------------------------


def _print(found: xr.Dataset, top: int) -> None:
    from westphalia.report.levers_data import rows_of

    out = console()
    held = float(found["holds_probability"])
    out.print(f"{_asked(found)} Without any change that is so in {held:.0%} of draws.", markup=False)
    rows = rows_of(found)
    enough = [row for row in rows if row["is_enough"]]
    if enough and all(row["lever_size"] == 0 for row in enough):
        out.print("At central values nothing needs to change.")
        return
    parts = [("", enough)]
    if "is_own" in found:
        by = found.attrs["by"]
        parts = [
            (f"What {by} can do itself", [row for row in enough if row["is_own"]]),
            (f"Of what {by} would have to persuade others", [row for row in enough if not row["is_own"]]),
        ]
    for title, of_part in parts:
        out.print(
            _table(title, of_part[:top]) if of_part else f"{title or 'Levers'}: no single change is enough."
        )
    _print_notes(rows, enough)


def _asked(found: xr.Dataset) -> str:
    if "issue" not in found.attrs:
        return "Some package is to be accepted by all."
    side = "at_least" if "at_least" in found.attrs else "at_most"
    point = found.attrs[side]
    return f"{found.attrs['of']} is to expect {side.replace('_', ' ')} {point:g} on {found.attrs['issue']}."


def _print_notes(rows: list[dict[str, Any]], enough: list[dict[str, Any]]) -> None:
    out = console()
    never = len(rows) - len(enough)
    if never:
        out.print(f"{never} other changes are not enough, however far they go.", style="dim")
    if any(not row["is_proved"] for row in enough):
        words = "Found by search, not proved: a smaller change may have been stepped over."
        out.print(words, style="dim")
    if any(not row.get("is_one_way", True) for row in enough):
        out.print("* the forecast goes back and forth as this is moved.", style="dim")


def _table(title: str, rows: list[dict[str, Any]]) -> Any:
    from rich.markup import escape

    columns = ("from", "to", "cost", "enough in")
    made = table(escape(title), "who", "what", *columns, right=columns)
    for row in rows:
        star = "" if row.get("is_one_way", True) else " *"
        what = " on ".join(part for part in (row["lever_kind"].replace("_", " "), row["lever_issue"]) if part)
        share = row["suffices_probability"]
        made.add_row(
            escape(row["lever_actor"]),
            escape(what + star),
            f"{row['lever_from']:.3g}",
            f"{row['lever_to']:.3g}",
            f"{row['lever_cost']:.3g}",
            "" if share != share else f"{share:.0%}",
        )
    return made
