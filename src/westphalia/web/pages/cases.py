"""The cases of the folder, and the first page of each: the answer in words and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.errors import Finding, WestphaliaError
from westphalia.formats.known import FORMATS
from westphalia.language import marked as _
from westphalia.web.asked import bench, by, case_of
from westphalia.web.faults import fault_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, language_of, page, tell
from westphalia.workspace.cases import Card
from westphalia.workspace.queue import Run


@dataclass(frozen=True, slots=True)
class CaseList:
    """The page of all cases: `formats` are those of other tools that can be read, `wrong` what went wrong."""

    cards: tuple[Card, ...]
    formats: tuple[tuple[str, str], ...]
    wrong: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next: where, and whether it is done."""

    name: str
    to: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Front:
    """The first page of a case: `answer` in words from the latest run that is done, `steps` to get there.

    `run` is that run, `is_current` whether it was made with the case as it stands now.
    """

    case: CaseFile | None
    findings: tuple[Finding, ...]
    answer: tuple[str, ...]
    run: Run | None
    is_current: bool
    steps: tuple[Step, ...]


def cases(request: Request) -> Response:
    """Show the cases of the folder."""
    return page(request, "cases/list.html", _list(request))


def _list(request: Request, wrong: str = "", title: str = "") -> CaseList:
    formats = tuple((form.id, form.title) for form in FORMATS if form.read is not None)
    return CaseList(bench(request).cases.cards(), formats, wrong, title)


@may("analyst")
def new(request: Request) -> Response:
    """Make a case from its title, and open it."""
    form = Form.of(request)
    title = form.needed("title")
    try:
        form.settle()
        name = bench(request).cases.create(form.text("name"), title, by=by(request))
    except WestphaliaError as error:
        fault = fault_of(error)
        return page(request, "cases/list.html", _list(request, fault.message, title), fault.status)
    return tell(request, address(name), _("The case “{}” is there to be filled."), title)


@may("analyst")
def take(request: Request) -> Response:
    """Make a case from a file of another tool, and say what came over."""
    form = Form.of(request)
    sent = form.file("file")
    if sent is None:
        return page(request, "cases/list.html", _list(request, _("Choose a file first.")), 400)
    name, account = bench(request).cases.import_file(
        *sent, name=form.text("name"), format_id=form.text("format") or None, by=by(request)
    )
    said = "; ".join(account.not_carried) if account else ""
    return tell(request, address(name), _("The file was read. Did not come over: {}"), said or "–")


@may("analyst")
def duplicate(request: Request) -> Response:
    """Make a second case of a case."""
    form = Form.of(request)
    new_name = form.needed("name")
    form.settle()
    made = bench(request).cases.duplicate(request.path_params["case"], new_name, by=by(request))
    return tell(request, address(made), _("This is the copy."))


@may("keeper")
def remove(request: Request) -> Response:
    """Put a case away; it stays in the folder `.westphalia/removed`."""
    name = request.path_params["case"]
    bench(request).cases.remove(name, by=by(request))
    return tell(request, "/", _("“{}” was put away, into .westphalia/removed."), name)


def front(request: Request) -> Response:
    """Show a case: the answer in words, what is wrong with it, what to do next."""
    return page(request, "cases/front.html", _front(request))


def _front(request: Request) -> Front:
    held = case_of(request)
    run = bench(request).queue.latest(held.name, "report") or bench(request).queue.latest(
        held.name, "forecast"
    )
    case = held.document.case if held.document else None
    return Front(
        case=case,
        findings=held.findings,
        answer=bench(request).queue.result(run.id).into(language_of(request)).answer if run else (),
        run=run,
        is_current=run is not None and run.version == held.digest,
        steps=_steps(held.name, case, has_run=run is not None),
    )


def _steps(name: str, case: CaseFile | None, *, has_run: bool) -> tuple[Step, ...]:
    """Return the way through a case, in the order in which a newcomer goes it."""

    def has(part: str) -> bool:
        return case is not None and bool(getattr(case, part))

    return (
        Step(
            _("Put in the report, and code what is said in it"), address(name, "sources"), has("statements")
        ),
        Step(_("Name the actors"), address(name, "actors"), has("actors")),
        Step(_("Put the issues on their scales"), address(name, "issues"), has("issues")),
        Step(_("Say where each actor stands, with its doubt"), address(name, "stands"), has("stands")),
        Step(_("Run the methods"), address(name, "runs"), has_run),
        Step(_("Compose a deal and see who refuses"), address(name, "deals"), has_run),
    )


ROUTES = [
    Route("/", cases),
    Route("/cases", new, methods=["POST"]),
    Route("/import", take, methods=["POST"]),
    Route("/cases/{case}", front),
    Route("/cases/{case}/duplicate", duplicate, methods=["POST"]),
    Route("/cases/{case}/remove", remove, methods=["POST"]),
]
