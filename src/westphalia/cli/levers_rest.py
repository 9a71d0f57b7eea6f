"""What would bring a state to rest, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from westphalia.cli.shared import console, table

if TYPE_CHECKING:
    from westphalia.runs.rests import Persuasion, RestLevers


def print_rest(found: RestLevers, top: int) -> None:
    """Print who would leave the state, and the smallest changes of wishes after which it would stay."""
    out = console()
    often = f"It is at rest in {found.holds_probability:.0%} of draws."
    out.print(f"{found.state} is to be at rest ({found.concept}). {often}", markup=False)
    if not found.persuasions:
        out.print("At central values nobody would leave: nothing needs to change.")
        return
    for one in found.persuasions:
        whom = "its own wishes" if found.is_own(one) else "by persuasion"
        _print_actor(one, f"{one.actor} ({whom})" if found.by else one.actor, top)
    if found.is_enough:
        words = "With the first change of each the state is at rest."
    else:
        words = "The first changes of each together are not enough: none was found, or one undoes another."
    out.print(words, style="dim")


def _print_actor(one: Persuasion, title: str, top: int) -> None:
    from rich.markup import escape

    smallest = one.smallest
    if smallest is None:
        console().print(f"{title} has no list of wishes that could be changed.", markup=False)
        return
    if not smallest.found:
        console().print(
            f"{title}: up to {smallest.edits_tried} changes of its wishes are not enough.", markup=False
        )
        return
    made = table(escape(f"{title} would stay after any one of these"), "changes", "of its wishes")
    for list_ in smallest.found[:top]:
        words = "; ".join(_words(edit.kind, one.wishes[edit.wish], edit.to) for edit in list_.edits)
        made.add_row(str(len(list_.edits)), escape(words))
    console().print(made)


def _words(kind: str, wish: str, to: int | None) -> str:
    if kind == "move" and to is not None:
        return f"“{wish}” goes to place {to + 1}"
    return f"“{wish}” is dropped" if kind == "drop" else f"“{wish}” is turned round"
