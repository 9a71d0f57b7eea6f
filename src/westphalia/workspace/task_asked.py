"""A task on a case, as what does it is given it, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from westphalia.analyses.sampling import Ties
from westphalia.case.document import Document
from westphalia.report.grid import Chapter
from westphalia.runs.engine import Progress
from westphalia.runs.study import Study, conduct
from westphalia.workspace.tasks import Task

MOST_ANSWERED = 6
"""Sentences of an answer in short."""


@dataclass(frozen=True)
class Done:
    """What a task came to, before it is stamped; see `Result`."""

    chapters: Mapping[str, Chapter]
    answer: tuple[str, ...]
    values: Mapping[str, Any]
    tables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A task on a case, with what the methods want to know of it."""

    task: Task
    document: Document
    texts: Mapping[str, str]
    progress: Progress | None

    @property
    def language(self) -> str:
        """The language of the case's texts."""
        return str(self.task.settings["language"])

    def __getitem__(self, name: str) -> Any:
        """Return a setting."""
        return self.task.settings[name]

    def of(self, *names: str) -> dict[str, Any]:
        """Return some settings, to be handed on under the same names."""
        return {name: self.task.settings[name] for name in names}

    @property
    def ties(self) -> Ties:
        """What errs together."""
        return Ties(self["one_expert"], self["capability_factor"])

    def study(self, **more: Any) -> Study:
        """Run the methods that are asked for, or `more` says."""
        how: dict[str, Any] = {**self.of("draws", "seed", "options"), "only": tuple(self["methods"])}
        return conduct(self.document, **{**how, **more}, texts=self.texts, progress=self.progress)


def first_sentences(chapter: Chapter) -> tuple[str, ...]:
    """Return the first sentence of each part."""
    return tuple(part.sentences[0] for part in chapter.parts if part.sentences)[:MOST_ANSWERED]


def pictured(chapter: Chapter) -> tuple[str, ...]:
    """Return what the pictures of a chapter show, a sentence each."""
    return tuple(chart.sentence for chart in chapter.charts.values())[:MOST_ANSWERED]
