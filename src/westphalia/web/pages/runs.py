"""The runs of a case: what can be asked with one click, what is under way, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.errors import Finding
from westphalia.language import marked as _
from westphalia.runs.asked import ZONE
from westphalia.web.asked import bench, case_of
from westphalia.web.page import address, page
from westphalia.web.pages.runs_form import ASKED
from westphalia.workspace.queue import Run
from westphalia.workspace.tasks import Kind

_MOST = 100
_AT_ONCE: Mapping[str, Mapping[str, str]] = {"levers": {"of": ZONE}}
"""What one click asks for where a kind cannot do without."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of task that can be asked for.

    `kind` names it, `title` is what it is called, `question` what it answers; `settings` are what one click
    asks for beside the defaults. `open` says why one click cannot ask for it, empty if it can.
    """

    kind: Kind
    title: str
    question: str
    settings: Mapping[str, str]
    open: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A run in the list: `run`, the `title` of its kind; `is_current`: it is of the case as it stands."""

    run: Run
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a case.

    `offers` are what can be asked for, `kept` the latest runs, the newest first; `is_busy` whether any is
    under way; `done` those with a result, to be compared. `findings` say why the case cannot be run.
    """

    offers: tuple[Offer, ...]
    kept: tuple[Kept, ...]
    is_busy: bool
    done: tuple[Kept, ...]
    findings: tuple[Finding, ...]


def runs(request: Request) -> Response:
    """Show what can be asked of the case, and its runs."""
    held = case_of(request)
    found = bench(request).queue.runs(held.name, _MOST)
    kept = tuple(Kept(run, ASKED[run.task.kind][0], run.version == held.digest) for run in found)
    context = Runs(
        offers=tuple(_offer(kind, held.document.case) for kind in ASKED) if held.document else (),
        kept=kept,
        is_busy=any(run.is_under_way for run in found),
        done=tuple(one for one in kept if one.run.state == "done"),
        findings=() if held.document else held.findings,
    )
    return page(request, "runs/list.html", context)


def _offer(kind: Kind, case: CaseFile) -> Offer:
    title, question = ASKED[kind]
    return Offer(kind, title, question, _AT_ONCE.get(kind, {}), _open(kind, case))


def _open(kind: Kind, case: CaseFile) -> str:
    if kind == "stability" and not case.moves:
        return _("The case has no moves yet.")
    if kind == "whatif" and not case.scenarios:
        return _("The case has no scenarios yet; give changes in the settings.")
    return ""


def short(request: Request) -> Response:
    """Go from the short address of a run to its page."""
    run = bench(request).queue.run(request.path_params["run"])
    return RedirectResponse(address(run.case, f"runs/{run.id}"), status_code=303)


ROUTES = [Route("/cases/{case}/runs", runs), Route("/runs/{run:int}", short)]
