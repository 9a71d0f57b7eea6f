"""What came of a task: chapters, plain values, tables and files, kept as JSON without loss."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from westphalia.charts.chart import Chart, Column, Table
from westphalia.errors import FileError
from westphalia.report.grid import Chapter, Grid, Part

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a task in one language: the report's chapters by id, and the answer in short."""

    chapters: Mapping[str, Chapter] = field(default_factory=dict)
    answer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a task.

    Attributes
    ----------
    stamp: where it came from, so that it can be computed again: `kind`, `case`, `case_digest`, `version`,
        `seed`, `draws`, `settings`, and `command`, the command line that gives the same.
    told: the chapters and the answer in words, by language.
    values: plain values; numbers that are not finite are None.
    tables: CSV texts by the names of their files.
    files: contents by the names of the files, such as ``report.html``.
    """

    stamp: Mapping[str, Any]
    told: Mapping[str, Told] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def into(self, language: str) -> Told:
        """Return chapters and answer in a language, else in the first there is."""
        return self.told.get(language) or next(iter(self.told.values()), Told())

    def to_json(self) -> str:
        """Return the result as JSON; the same result gives the same text."""
        tree = {
            "format": FORMAT,
            "stamp": self.stamp,
            "values": self.values,
            "told": {language: _of_told(told) for language, told in self.told.items()},
            "tables": self.tables,
            "files": {name: base64.b64encode(raw).decode("ascii") for name, raw in self.files.items()},
        }
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Result:
        """Return the result that `to_json` wrote.

        Raises
        ------
        FileError: the text is none (code ``not-a-result``).
        """
        try:
            tree = json.loads(text)
            if tree["format"] != FORMAT:
                raise ValueError(f"format {tree['format']}")
            return cls(
                stamp=tree["stamp"],
                told={language: _told(told) for language, told in tree["told"].items()},
                values=tree["values"],
                tables=tree["tables"],
                files={name: base64.b64decode(raw) for name, raw in tree["files"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            hint = "Run it again."
            raise FileError(
                "The result that was kept cannot be read.", code="not-a-result", hint=hint
            ) from None


def finite(data: Any) -> Any:
    """Return plain data as JSON can hold it: keys as text, lists, None for numbers that are not finite."""
    if isinstance(data, Mapping):
        return {str(key): finite(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [finite(item) for item in data]
    if isinstance(data, float):
        return float(data) if data - data == 0.0 else None
    return data


# --- chapters ----------------------------------------------------------------------------------------


def _of_told(told: Told) -> dict[str, Any]:
    chapters = {name: _of_chapter(chapter) for name, chapter in told.chapters.items()}
    return {"answer": told.answer, "chapters": chapters}


def _told(tree: dict[str, Any]) -> Told:
    chapters = {name: _chapter(chapter) for name, chapter in tree["chapters"].items()}
    return Told(chapters, tuple(tree["answer"]))


def _of_chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "title": chapter.title,
        "reason": chapter.reason,
        "parts": [_of_part(part) for part in chapter.parts],
        "charts": {name: _of_chart(chart) for name, chart in chapter.charts.items()},
        "terms": chapter.terms,
    }


def _chapter(tree: dict[str, Any]) -> Chapter:
    return Chapter(
        title=tree["title"],
        reason=tree["reason"],
        parts=tuple(map(_part, tree["parts"])),
        charts={name: _chart(chart) for name, chart in tree["charts"].items()},
        terms=tree["terms"],
    )


def _of_part(part: Part) -> dict[str, Any]:
    grids = [[grid.title, grid.head, grid.rows, grid.numbers, grid.is_drawn] for grid in part.grids]
    return {
        "id": part.id,
        "title": part.title,
        "sentences": part.sentences,
        "grids": grids,
        "chart": part.chart,
    }


def _part(tree: dict[str, Any]) -> Part:
    return Part(
        id=tree["id"],
        title=tree["title"],
        sentences=tuple(tree["sentences"]),
        grids=tuple(
            Grid(title, tuple(head), tuple(map(tuple, rows)), tuple(numbers), is_drawn)
            for title, head, rows, numbers, is_drawn in tree["grids"]
        ),
        chart=tree["chart"],
    )


def _of_chart(chart: Chart) -> dict[str, Any]:
    return {
        "id": chart.id,
        "title": chart.title,
        "sentence": chart.sentence,
        "spec": finite(chart.spec),
        "columns": [[column.field, column.title, column.unit] for column in chart.table.columns],
        "rows": finite(chart.table.rows),
        "key": chart.key,
        "notes": chart.notes,
    }


def _chart(tree: dict[str, Any]) -> Chart:
    columns = tuple(Column(*column) for column in tree["columns"])
    return Chart(
        id=tree["id"],
        title=tree["title"],
        sentence=tree["sentence"],
        spec=tree["spec"],
        table=Table(columns, tuple(tree["rows"])),
        key=tree["key"],
        notes=tuple(tree["notes"]),
    )
