"""The runs that a page shows: the latest of a kind that is done, the one under way; asking for another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from westphalia.web.asked import bench, by, document_of
from westphalia.web.page import language_of
from westphalia.workspace.cases import Held
from westphalia.workspace.queue import Run
from westphalia.workspace.results import Result
from westphalia.workspace.tasks import Kind, checked

_LOOKED: Final = 200
"""Runs of a case among which the latest is looked for."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The runs of one kind that a page shows.

    `done` is the latest with a result, `is_current` whether it is of the case as it stands; `busy` is the one
    under way, `failed` the latest of all if it failed.
    """

    done: Run | None
    is_current: bool
    busy: Run | None
    failed: Run | None


class Runs:
    """The runs of a case, looked up once for a page."""

    def __init__(self, request: Request, held: Held) -> None:
        self._queue = bench(request).queue
        self._held = held
        self.all = self._queue.runs(held.name, _LOOKED)

    def latest(
        self, kind: Kind, settings: Mapping[str, Any] | None = None, *, apart: str | None = None
    ) -> Latest:
        """Return the runs of a kind whose settings hold those given.

        Runs that ask of something whose name begins with `apart` are left out.
        """
        wanted = dict(settings or {})
        like = [run for run in self.all if run.task.kind == kind and _holds(run, wanted)]
        if apart is not None:
            like = [run for run in like if not str(run.task.settings.get("of", "")).startswith(apart)]
        done = next((run for run in like if run.state == "done"), None)
        return Latest(
            done=done,
            is_current=done is not None and done.version == self._held.digest,
            busy=next((run for run in like if run.is_under_way), None),
            failed=like[0] if like and like[0].state == "failed" else None,
        )

    def result(self, found: Latest) -> Result:
        """Return what came of the run that is done; an empty result if there is none."""
        return self._queue.result(found.done.id) if found.done is not None else Result({})


def _holds(run: Run, wanted: Mapping[str, Any]) -> bool:
    return all(run.task.settings.get(name) == value for name, value in wanted.items())


def ask(request: Request, kind: Kind, settings: Mapping[str, Any], to: str) -> Response:
    """Ask for a run on the case as it stands, and go on to the page that shows it.

    Raises
    ------
    CallError: a setting is wrong; `where` names it.
    """
    document, case = document_of(request), request.path_params["case"]
    task = checked(kind, {"language": language_of(request), **settings})
    run = bench(request).queue.ask(case, document.raw().decode("utf-8"), task, by(request))
    request.state.detail = f"{kind} {run.id}"
    return RedirectResponse(to, status_code=303)


def refreshed(request: Request, answer: Response, shown: Iterable[Latest]) -> Response:
    """Tell a page that waits for runs to show itself anew once none is under way."""
    is_busy = any(one.busy is not None for one in shown)
    if request.headers.get("hx-request") and not is_busy:
        answer.headers["HX-Refresh"] = "true"
    return answer
