"""What the words of a chapter come in: parts of sentences and small tables of text."""

from __future__ import annotations

from dataclasses import dataclass

from westphalia.charts.chart import Chart
from westphalia.errors import CallError


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text: `numbers` are the places of the columns that hold figures.

    What `is_drawn` stands in the part's picture as well and is left out where that is shown.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One question and its answer; `chart` is the id of the picture that goes with it, if there is one."""

    id: str
    title: str
    sentences: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: `charts` by id, as the parts name them; `reason` says why there is nothing else."""

    title: str
    reason: str
    parts: tuple[Part, ...]
    charts: dict[str, Chart]
    terms: str


def absent(title: str, lacking: str, error: CallError) -> Chapter:
    """Return the chapter that only says why it is empty: what is `lacking`, and what the error says."""
    return Chapter(title, f"{lacking}: {error.message} {error.hint}".strip(), (), {}, "")
