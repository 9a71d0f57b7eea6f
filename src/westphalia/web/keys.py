"""The keys that the scripts of the pages know, for the map of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from westphalia.language import marked as _


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that do one thing, as they are written on a keyboard, and what they do."""

    keys: tuple[str, ...]
    does: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of some pages, under a heading."""

    id: str
    title: str
    keys: tuple[Key, ...]


KEYS: Final = (
    KeyGroup(
        "all",
        _("On every page"),
        (
            Key(("?",), _("open this map")),
            Key(
                ("g", "1 … 9, 0, h"),
                _("one after the other: to a page of the case, by its place in the bar above; h: history"),
            ),
            Key(("/",), _("to the first field of search")),
        ),
    ),
    KeyGroup(
        "text",
        _("In the text of a source"),
        (
            Key(("j", "k"), _("to the next statement, to the one before")),
            Key(("c",), _("code the words that are selected")),
        ),
    ),
    KeyGroup(
        "review",
        _("At the suggestions"),
        (
            Key(("a",), _("accept")),
            Key(("r",), _("reject")),
            Key(("d",), _("mark as disputed")),
            Key(("e",), _("change the fields")),
            Key(("w",), _("write the gloss")),
            Key(("1 … 9",), _("answer a question")),
            Key(("j", "k"), _("next, previous")),
            Key(("n",), _("next doubt")),
            Key(("u", "⇧u"), _("take back, do again")),
            Key((_("Ctrl Enter"),), _("accept from within a field")),
            Key((_("Esc"),), _("leave a field")),
        ),
    ),
    KeyGroup(
        "strips",
        _("On a handle of a strip of stands"),
        (
            Key(("←", "→"), _("one step down or up the scale; with Shift ten")),
            Key((_("Page up"), _("Page down")), _("ten steps")),
            Key((_("Home"), _("End")), _("as far as it goes")),
        ),
    ),
)
