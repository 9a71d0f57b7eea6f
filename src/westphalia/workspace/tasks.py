"""What can be asked of a case, in one shape for forms, the queue and the worker.

`task_settings` says what each kind of task can be told, `task_work` does it, `results` is what comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from westphalia.errors import CallError, suggest
from westphalia.workspace.results import Result
from westphalia.workspace.task_kinds import settings_by_kind
from westphalia.workspace.task_settings import Setting, checked_settings

if TYPE_CHECKING:
    from westphalia.case.document import Document
    from westphalia.runs.engine import Progress

__all__ = ["KINDS", "Kind", "Result", "Setting", "Task", "carry_out", "checked", "settings_of"]

Kind = Literal[
    "forecast", "deals", "stability", "networks", "doubt", "sensitivity", "levers", "whatif", "report"
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a case: `settings` holds every setting of the kind, and `options` by method."""

    kind: Kind
    settings: dict[str, Any]


def settings_of(kind: str) -> tuple[Setting, ...]:
    """Return what a kind of task can be told, in the order of a form; options of methods come last.

    Raises
    ------
    CallError: there is no such kind (code ``unknown-task``).
    """
    return settings_by_kind()[_known(kind)]


def checked(kind: str, raw: Mapping[str, Any]) -> Task:
    """Return the task of raw settings, as a form or a program gives them, with the defaults filled in.

    A value may be a text, as from a field; a setting that is missing or an empty text is at its default.
    A box that is not ticked sends nothing: a form has to say "no".
    Options of methods are given as ``challenge.rounds`` or together as ``options``, by method; those at their
    defaults are left out, so that the same task is written the same way.

    Raises
    ------
    CallError: no such kind or setting, or a value that is not allowed; `where` is the name of the setting.
    """
    return Task(_known(kind), checked_settings(kind, settings_of(kind), raw))


def carry_out(
    task: Task, document: Document, texts: Mapping[str, str], progress: Progress | None = None
) -> Result:
    """Do a task on a case and return what came of it; the same task on the same case gives the same bits.

    Parameters
    ----------
    document: a checked case.
    texts: words of its sources by id, as far as they are at hand; a report quotes them.
    progress: is told what is done, how far, and of how much.

    Raises
    ------
    CallError: the case does not have what the task needs, or what it names.
    """
    from westphalia.workspace.task_work import done

    return done(task, document, texts, progress)


def _known(kind: str) -> Kind:
    for known in KINDS:
        if kind == known:
            return known
    raise CallError(
        f"There is no task '{kind}'.", code="unknown-task", where="kind", hint=suggest(kind, KINDS)
    )
