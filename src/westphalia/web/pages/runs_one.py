"""One run: how far it is, what came of it, why it failed, and its tables, pictures and files to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.errors import CallError
from westphalia.language import marked as _
from westphalia.report.grid import Chapter
from westphalia.web.asked import bench, by, case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, page, tell
from westphalia.web.pages.runs_form import ASKED
from westphalia.workspace.queue import Run
from westphalia.workspace.results import Result

_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
_TYPES = {"html": "text/html", "csv": "text/csv", "json": "application/json", "zip": "application/zip"}


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run and what came of it.

    Attributes
    ----------
    run: what was asked and how far it is. title: what its kind is called.
    settings: those that were given, by name; options of methods under their full names.
    is_current: it is of the case as it stands. can_renew: the case as it stands can be run.
    stamp: where the result comes from. answer: the answer in words. chapters: by id, to be shown.
    values: plain values. tables, files: names of what can be kept. charts: titles of the pictures, by id.
    """

    run: Run
    title: str
    settings: Mapping[str, Any]
    is_current: bool
    can_renew: bool
    stamp: Mapping[str, Any]
    answer: tuple[str, ...]
    chapters: Mapping[str, Chapter]
    values: Mapping[str, Any]
    tables: tuple[str, ...]
    files: tuple[str, ...]
    charts: Mapping[str, str]


def run_of(request: Request, number: int) -> Run:
    """Return a run of the case in the address; one of another case is not there."""
    run = bench(request).queue.run(number)
    if run.case != request.path_params["case"]:
        raise CallError(f"There is no run {number} of this case.", code="unknown-run", where=str(number))
    return run


def one(request: Request) -> Response:
    """Show a run; when it has ended, a page that waits for it is told to show it anew."""
    held, run = case_of(request), run_of(request, request.path_params["run"])
    found = bench(request).queue.result(run.id) if run.state == "done" else Result({})
    context = RunPage(
        run=run,
        title=ASKED[run.task.kind][0],
        settings=given(run),
        is_current=run.version == held.digest,
        can_renew=held.document is not None,
        stamp=found.stamp,
        answer=found.answer,
        chapters=found.chapters,
        values=found.values,
        tables=tuple(found.tables),
        files=tuple(found.files),
        charts={name: chart.title for name, chart in _charts(found).items()},
    )
    answer = page(request, "runs/run.html", context)
    if not run.is_under_way:
        answer.headers["HX-Refresh"] = "true"  # a page that polls is replaced as a whole, with its pictures
    return answer


def given(run: Run) -> dict[str, Any]:
    """Return the settings of a run that hold something, options of methods under their full names."""
    settings = {name: value for name, value in run.task.settings.items() if value not in (None, [], {})}
    options = settings.pop("options", {})
    return settings | {
        f"{method}.{name}": value for method, own in options.items() for name, value in own.items()
    }


def _charts(found: Result) -> dict[str, Chart]:
    """Return the pictures of a result under names of their own."""
    return {
        f"{part}-{name}": chart
        for part, chapter in found.chapters.items()
        for name, chart in chapter.charts.items()
    }


# --- to keep ---------------------------------------------------------------------------------------


def table(request: Request) -> Response:
    """Answer a table of the result as CSV."""
    found = _result(request).tables.get(request.path_params["name"])
    return _kept(request, None if found is None else found.encode("utf-8"))


def file(request: Request) -> Response:
    """Answer a file of the result; it is never shown as a page of ours."""
    return _kept(request, _result(request).files.get(request.path_params["name"]))


def drawing(request: Request) -> Response:
    """Answer a picture of the result as SVG or PNG."""
    name, kind = request.path_params["name"], request.path_params["kind"]
    chart = _charts(_result(request)).get(name)
    if chart is None or kind not in _PICTURES:
        raise HTTPException(404)
    drawn = draw.svg(chart).encode("utf-8") if kind == "svg" else draw.png(chart)
    return _attached(drawn, f"{name}.{kind}", _PICTURES[kind])


def _result(request: Request) -> Result:
    return bench(request).queue.result(run_of(request, request.path_params["run"]).id)


def _kept(request: Request, raw: bytes | None) -> Response:
    if raw is None:
        raise HTTPException(404)
    name = request.path_params["name"]
    return _attached(raw, name, _TYPES.get(name.rpartition(".")[2], "application/octet-stream"))


def _attached(raw: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
    return Response(raw, media_type=kind, headers=headers)


# --- changing --------------------------------------------------------------------------------------


@may("analyst")
def cancel(request: Request) -> Response:
    """Tell a run to stop."""
    run = run_of(request, request.path_params["run"])
    bench(request).queue.cancel(run.id)
    return tell(request, _back(request, run), _("Run {} was told to stop."), run.id)


@may("analyst")
def rename(request: Request) -> Response:
    """Give a run a name."""
    run = run_of(request, request.path_params["run"])
    bench(request).queue.rename(run.id, Form.of(request).text("name"))
    return RedirectResponse(_back(request, run), status_code=303)


@may("analyst")
def remove(request: Request) -> Response:
    """Remove a run and what came of it."""
    run = run_of(request, request.path_params["run"])
    bench(request).queue.remove(run.id)
    return tell(request, address(run.case, "runs"), _("Run {} is gone."), run.name or run.id)


@may("analyst")
def again(request: Request) -> Response:
    """Ask for the same task on the same text once more."""
    run = run_of(request, request.path_params["run"])
    made = bench(request).queue.again(run.id, by(request))
    return RedirectResponse(_back(request, made), status_code=303)


@may("analyst")
def renew(request: Request) -> Response:
    """Ask for the same task on the case as it is now."""
    run = run_of(request, request.path_params["run"])
    text = document_of(request).raw().decode("utf-8")
    made = bench(request).queue.ask(run.case, text, run.task, by(request), run.name)
    return RedirectResponse(_back(request, made), status_code=303)


def _back(request: Request, run: Run) -> str:
    return address(request.path_params["case"], f"runs/{run.id}")


_ONE = "/cases/{case}/runs/{run:int}"
ROUTES = [
    Route(_ONE, one),
    Route(f"{_ONE}/tables/{{name}}", table),
    Route(f"{_ONE}/files/{{name}}", file),
    Route(f"{_ONE}/pictures/{{name:str}}.{{kind:str}}", drawing),
    *(
        Route(f"{_ONE}/{name}", handler, methods=["POST"])
        for name, handler in [
            ("cancel", cancel),
            ("rename", rename),
            ("remove", remove),
            ("again", again),
            ("renew", renew),
        ]
    ),
]
