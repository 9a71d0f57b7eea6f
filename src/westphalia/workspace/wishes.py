"""The order of an actor's preferences in a case file: neighbours change places, their comments with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from westphalia.case.document import Document
from westphalia.case.stability import Preference, Wish
from westphalia.case.text.editing import remove_value, set_values
from westphalia.case.text.moving import moved_item
from westphalia.case.text.nodes import Path, Places
from westphalia.errors import CallError, suggest

Way = Literal["priorities", "ranking"]
WAYS: tuple[Way, ...] = ("priorities", "ranking")
"""The ways to state preferences in which the order counts."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An item of a list whose order counts: its place `at` in the file, and what the file `says` there.

    `is_first` tells of a strong wish, which stands before all that are not.
    """

    at: int
    says: str
    is_first: bool = False


def in_order(stated: Preference) -> tuple[Ordered, ...]:
    """Return the wishes by their priority at central values, or the states of a ranking, best first.

    A wish whose place is stated stands at the middle of that, any other at its place in the list; strong
    wishes stand before the rest.
    """
    if stated.ranking:
        return tuple(Ordered(at, " ".join(group)) for at, group in enumerate(stated.ranking))
    placed = sorted(enumerate(stated.priorities), key=_place)
    return tuple(Ordered(at, wish.that, wish.is_strong) for at, wish in placed)


def _place(listed: tuple[int, Wish]) -> tuple[bool, float, int]:
    at, wish = listed
    return not wish.is_strong, at + 1.0 if wish.place is None else wish.place.central, at


def can_exchange(items: Sequence[Ordered], here: int, there: int) -> bool:
    """Return whether two places of a list, one beside the other, can be exchanged."""
    return 0 <= there < len(items) and items[here].is_first == items[there].is_first


def exchanged(document: Document, actor: str, at: int, says: str, *, is_down: bool) -> str:
    """Return the text of the case with an item of an actor's list and its neighbour in each other's place.

    Where the file states places of wishes, these are exchanged too, with their doubt.

    Parameters
    ----------
    at, says: the item, as `in_order` told of it.
    is_down: it goes behind the next one, else before the one above it. At an end nothing changes, nor between
        a strong wish and one that is not.

    Raises
    ------
    CallError: the actor has no such list (``unknown-actor``), the item is another now (``item-moved``), or
        the list cannot be edited.
    """
    stated = document.case.stability.preferences if document.case.stability else {}
    if actor not in stated or not (stated[actor].priorities or stated[actor].ranking):
        hint = suggest(actor, stated)
        raise CallError(f"'{actor}' has no list of wishes.", code="unknown-actor", where=actor, hint=hint)
    items = in_order(stated[actor])
    here = next((place for place, item in enumerate(items) if (item.at, item.says) == (at, says)), None)
    if here is None:
        hint = "Look at the list as it is now."
        raise CallError("The list was changed meanwhile.", code="item-moved", where=actor, hint=hint)
    there = here + (1 if is_down else -1)
    if not can_exchange(items, here, there):
        return document.text
    way: Way = "ranking" if stated[actor].ranking else "priorities"
    path: Path = ("stability", "preferences", actor, way)
    first, last = sorted((at, items[there].at))
    return _with_places(document, _swapped(document.places, path, first, last), path, first, last).text


def _swapped(places: Places, path: Path, first: int, last: int) -> Places:
    """Return the text with two items exchanged: by moving their lines, or else by writing the list anew."""
    try:
        moved = moved_item(places, path, first, last)
        return moved_item(moved, path, last - 1, first) if last - first > 1 else moved
    except CallError as error:
        if error.code != "cannot-edit":
            raise
    node = places.node(path)
    held = list(node.plain()) if node is not None else []
    held[first], held[last] = held[last], held[first]
    return set_values(places, {path: held})


def _with_places(document: Document, places: Places, path: Path, first: int, last: int) -> Places:
    """Return the text with the stated places of two wishes exchanged back: each place stays where it was."""
    held: list[Any] = document.tree["stability"]["preferences"][path[2]][path[3]]
    for at in (first, last):
        was, other = held[at], held[last if at == first else first]
        if not (isinstance(was, dict) and isinstance(other, dict)) or was.get("place") == other.get("place"):
            continue
        if was.get("place") is None:
            places = remove_value(places, (*path, at, "place"))
        else:
            places = set_values(places, {(*path, at, "place"): was["place"]})
    return places
