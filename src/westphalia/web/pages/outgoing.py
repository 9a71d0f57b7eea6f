"""What goes out of a case: the report as one file, and the case for other tools, each with what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.formats.imported import Account
from westphalia.language import LANGUAGES, NAMES
from westphalia.web.asked import bench, case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.later import Later
from westphalia.web.latest import Latest, Runs, ask, refreshed
from westphalia.web.page import address, language_of, page
from westphalia.web.pages.runs_form import ASKED
from westphalia.workspace.exports import EXPORTS, Tried, find_export, tried
from westphalia.workspace.queue import Run
from westphalia.workspace.reports import FOLDER
from westphalia.workspace.tasks import KINDS

REPORT_FILE: Final = "report.html"
CHAPTERS: Final = ("deals", "stability", "doubt")
"""Chapters that a report can do without."""

_MOST: Final = 50
_SEALED: Final = (
    "sandbox allow-scripts allow-popups; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A report is a page of its own: what runs in it cannot reach ours. What may run it says itself."""

_TRIED: Later[dict[str, Tried]] = Later(8)


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report that was made: its run, its language, the chapters that were left out, if it is current."""

    run: Run
    language: str
    without: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The reports of a case.

    `run` are the runs that make them, `made` the reports there are, the newest first; `languages` and
    `language` are those to choose from and the one of this page; `chapters` what can be left out, with names.
    """

    run: Latest
    made: tuple[MadeReport, ...]
    languages: Mapping[str, str]
    language: str
    chapters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way for a case to go out: its id, title and ending.

    `account` says what the file holds and what not, None while that is worked out; `open` why it cannot be
    written.
    """

    id: str
    title: str
    suffix: str
    account: Account | None
    open: str


@dataclass(frozen=True, slots=True)
class ResultKept:
    """A run whose result can be taken along: what it is called, the names of its tables and files."""

    run: Run
    title: str
    tables: tuple[str, ...]
    files: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class ExportPage:
    """What a case goes out as: the `ways`, and the `results` of the latest runs, one of each kind.

    `is_ready`: what each way holds is worked out.
    """

    ways: tuple[Way, ...]
    results: tuple[ResultKept, ...]
    is_ready: bool


# --- reports -------------------------------------------------------------------------------------------


def report(request: Request) -> Response:
    """Show the form for a report, and those that were made."""
    held = case_of(request)
    runs = Runs(request, held)
    found = runs.latest("report")
    made = tuple(_made(run, held.digest) for run in runs.all if _is_made(run))
    chapters = tuple((name, ASKED[name][0]) for name in CHAPTERS)
    shown = ReportPage(found, made[:_MOST], NAMES, language_of(request), chapters)
    return refreshed(request, page(request, "outgoing/report.html", shown), [found])


def _is_made(run: Run) -> bool:
    return run.task.kind == "report" and run.state == "done"


def _made(run: Run, digest: str) -> MadeReport:
    settings = run.task.settings
    without = tuple(ASKED[name][0] for name in CHAPTERS if not settings[name])
    return MadeReport(run, settings["language"], without, run.version == digest)


@may("analyst")
def make(request: Request) -> Response:
    """Ask for a report."""
    form = Form.of(request)
    language, left = form.one_of("language", LANGUAGES), form.many("without")
    form.settle()
    settings = {"language": language, **{name: name not in left for name in CHAPTERS}}
    return ask(request, "report", settings, address(request.path_params["case"], "report"))


def opened(request: Request) -> Response:
    """Answer a report as a page, sealed off from those of the workbench."""
    run = bench(request).queue.run(request.path_params["run"])
    if run.case != request.path_params["case"] or not _is_made(run):
        raise HTTPException(404)
    raw = bench(request).queue.result(run.id).files.get(REPORT_FILE)
    if raw is None:
        raise HTTPException(404)
    return Response(raw, media_type="text/html", headers={"Content-Security-Policy": _SEALED})


# --- exports -------------------------------------------------------------------------------------------


def exports(request: Request) -> Response:
    """Show what the case goes out as, and what each file does not hold."""
    held, document = case_of(request), document_of(request)
    sources = _sources(request)
    found = _TRIED.get((document.digest, sources), lambda: tried(document, sources))
    context = ExportPage(
        ways=tuple(_ways(found)),
        results=tuple(_results(request, held.digest)),
        is_ready=found is not None,
    )
    return page(request, "outgoing/export.html", context)


def _ways(found: Mapping[str, Tried] | None) -> Iterator[Way]:
    for one in EXPORTS:
        of = found[one.id] if found is not None else None
        yield Way(one.id, one.title, one.suffix, of.account if of else None, of.open if of else "")


def _results(request: Request, digest: str) -> Iterator[ResultKept]:
    runs = Runs(request, case_of(request))
    for kind in KINDS:
        run = runs.latest(kind).done
        if run is not None:
            result = bench(request).queue.result(run.id)
            tables, files = tuple(result.tables), tuple(result.files)
            yield ResultKept(run, ASKED[kind][0], tables, files, run.version == digest)


def export(request: Request) -> Response:
    """Answer the case as a file for another tool."""
    way, case = find_export(request.path_params["format"]), request.path_params["case"]
    raw, _account = way.make(document_of(request), _sources(request))
    name = f"{case}{'' if way.id == 'case' else '-' + way.id}{way.suffix}"
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
    return Response(raw, media_type="application/octet-stream", headers=headers)


def _sources(request: Request) -> Path | None:
    """Return the folder in which the texts of the case's sources lie."""
    own = case_of(request).path.parent / FOLDER
    return own if own.is_dir() else bench(request).settings.sources


_ONE = "/cases/{case}"
ROUTES = [
    Route(f"{_ONE}/report", report),
    Route(f"{_ONE}/report", make, methods=["POST"]),
    Route(f"{_ONE}/report/{{run:int}}", opened),
    Route(f"{_ONE}/export", exports),
    Route(f"{_ONE}/export/{{format}}", export),
]
