"""What a picture is: a Vega-Lite spec, the table behind it, and one sentence."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import Any

Row = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Name of the form the specs keep to; nothing is fetched from there."""

_LINE = 100
"""Characters in a line of a title or note."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table behind a picture: the field of its rows, its head, its unit."""

    field: str
    title: str
    unit: str = ""

    @property
    def head(self) -> str:
        """The title with the unit, if there is one."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers and words that a picture shows; every row is also a row of the spec's data."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def cells(self) -> tuple[tuple[Any, ...], ...]:
        """Return the rows as tuples in the order of the columns; None where a row has no such value."""
        return tuple(tuple(row.get(column.field) for column in self.columns) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture before it is drawn.

    `sentence` says what it shows; `key` how to read its marks; `notes` are lines that belong beside
    it, such as the meanings of the points of a scale.
    """

    id: str
    title: str
    sentence: str
    spec: dict[str, Any]
    table: Table
    key: str
    notes: tuple[str, ...] = ()

    def titled(self) -> Chart:
        """Return the chart with title and notes in the picture, for use without a page around it."""
        below = [line for note in (*self.notes, self.key) for line in textwrap.wrap(note, _LINE)]
        title = {"text": textwrap.wrap(self.title, _LINE), "subtitle": below, "anchor": "start"}
        return replace(self, spec={**self.spec, "title": title})
