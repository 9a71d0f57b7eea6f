"""What the answer hangs on: scenarios, what drives it, what would change it, and the record of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.analyses.forecasts import PREDICTIVE
from westphalia.case.document import Document
from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts.calibration import calibration
from westphalia.charts.chart import Chart
from westphalia.errors import CallError, Finding
from westphalia.fields import Text
from westphalia.labels import METHOD
from westphalia.language import marked as _
from westphalia.language import said, speaking
from westphalia.report.doubt_chapter import GROUPS
from westphalia.report.grid import Chapter, Part
from westphalia.report.record import record_sentences
from westphalia.runs.asked import REST, ZONE
from westphalia.web.asked import case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.latest import Latest, Runs, ask, refreshed
from westphalia.web.page import address, language_of, page
from westphalia.web.scenario_form import CHANGES, ShownScenario, change_shown
from westphalia.workspace.tasks import Kind, checked

BY: Final = {
    "value": _("single numbers"),
    "actor": _("actors"),
    "issue": _("issues"),
    "source": _("sources"),
    "statement": _("statements"),
}
"""What the numbers of a case can be taken together by."""

ROWS: Final = 3
"""Changes that the form of a new scenario has room for."""

_LEVER: Final = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Ties:
    """What errs together in a draw, as the runs shown have it: one expert, and the factor on capability."""

    one_expert: bool
    capability_factor: float


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """What the answer hangs on.

    Attributes
    ----------
    run: the runs on all of it. parts: what the latest tells, by the id of the part. charts: its pictures.
    scenarios: those of the case. tried: the runs that try them. tried_chapter: what came of it.
    changes: the changes that a form makes, by what they are called. rows: how many a new scenario has.
    by: what numbers are taken together by. ways: what can be chosen for it, with names.
    drivers: the runs on what drives the answer, by that. drivers_chapter: what came of it. ties: of that run.
    levers: the runs on what would change the answer. levers_chapter: what came of it.
    record: the track record of the default method in words. record_chart: the same as a picture.
    actors, issues: by id, for forms; issues on a scale with their points are in scales.
    values: what a form that comes back held. wrong: notes beside its fields. errors: what would be wrong
        with the case. part: which form came back. base: the version that forms are made from.
    """

    run: Latest
    parts: Mapping[str, Part]
    charts: Mapping[str, Chart]
    scenarios: tuple[ShownScenario, ...]
    tried: Latest
    tried_chapter: Chapter | None
    changes: Mapping[str, str]
    rows: int
    by: str
    ways: Mapping[str, str]
    drivers: Latest
    drivers_chapter: Chapter | None
    ties: Ties
    levers: Latest
    levers_chapter: Chapter | None
    record: tuple[str, ...]
    record_chart: Chart
    actors: Mapping[str, Text]
    issues: Mapping[str, Text]
    scales: Mapping[str, tuple[float, float]]
    values: Mapping[str, str]
    wrong: Mapping[str, str]
    errors: tuple[Finding, ...]
    part: str
    base: str


def doubt(request: Request) -> Response:
    """Show what the answer hangs on, as far as it was run."""
    made = doubt_page(request)
    answer = page(request, "doubt/doubt.html", made)
    return refreshed(request, answer, (made.run, made.tried, made.drivers, made.levers))


def doubt_page(
    request: Request, form: Form | None = None, errors: tuple[Finding, ...] = (), part: str = ""
) -> DoubtPage:
    """Return the context, with the form as it came where something is wrong with it; `part` says which."""
    document, runs, language = document_of(request), Runs(request, case_of(request)), language_of(request)
    by = request.query_params.get("by", "value")
    by = by if by in BY else "value"
    run, tried = runs.latest("doubt"), runs.latest("whatif")
    drivers, levers = runs.latest("sensitivity", {"by": by}), runs.latest("levers", apart=REST)
    chapter, case = runs.result(run).chapters.get("doubt"), document.case
    set_so = drivers.done.task.settings if drivers.done else {}
    with speaking(language):
        record, record_chart = record_sentences(), _record_chart()
        scenarios = _scenarios(document)
    return DoubtPage(
        run=run,
        parts={one.id: one for one in chapter.parts} if chapter else {},
        charts=chapter.charts if chapter else {},
        scenarios=scenarios,
        tried=tried,
        tried_chapter=runs.result(tried).chapters.get("whatif"),
        changes=CHANGES,
        rows=ROWS,
        by=by,
        ways=BY,
        drivers=drivers,
        drivers_chapter=runs.result(drivers).chapters.get("sensitivity"),
        ties=Ties(bool(set_so.get("one_expert")), float(set_so.get("capability_factor", 1.0))),
        levers=levers,
        levers_chapter=runs.result(levers).chapters.get("levers"),
        record=record,
        record_chart=record_chart,
        actors={actor.id: actor.name for actor in case.actors},
        issues={issue.id: issue.question for issue in case.issues},
        scales={issue.id: issue.ends for issue in case.issues if issue.kind != "nominal"},
        values=_held(form),
        wrong=form.wrong if form else {},
        errors=errors,
        part=part,
        base=form.text("base") if form and form.text("base") else document.file_digest,
    )


def _held(form: Form | None) -> dict[str, str]:
    return {name: form.text(name) for name in form.data} if form else {}


def _scenarios(document: Document) -> tuple[ShownScenario, ...]:
    case = document.case
    return tuple(
        ShownScenario(
            id=one.id,
            title=one.title,
            changes=tuple(change_shown(case, change) for change in one.changes),
            evidence=one.evidence,
            assumption=one.assumption or "",
            line=document.place(("scenarios", at)).line,
        )
        for at, one in enumerate(case.scenarios)
    )


def _record_chart() -> Chart:
    scores = load_scores().sel({METHOD: PREDICTIVE})
    groups = {group: said(name) for group, name in GROUPS.items()}
    return calibration(scores, groups, said("Did intervals hold what they promised, on past decisions?"))


# --- asking --------------------------------------------------------------------------------------------


@may("analyst")
def run(request: Request) -> Response:
    """Ask for all that the answer hangs on."""
    return ask(request, "doubt", {}, address(request.path_params["case"], "doubt"))


@may("analyst")
def try_scenarios(request: Request) -> Response:
    """Ask for the scenarios of the case beside the case as it is."""
    return ask(request, "whatif", {}, f"{address(request.path_params['case'], 'doubt')}#scenarios")


@may("analyst")
def drivers(request: Request) -> Response:
    """Ask what drives the answer."""
    form = Form.of(request)
    settings = {name: form.text(name) for name in ("by", "one_expert", "capability_factor")}
    to = f"{address(request.path_params['case'], 'doubt')}?by={form.text('by')}#drivers"
    return _asked(request, form, "sensitivity", settings, to)


@may("analyst")
def levers(request: Request) -> Response:
    """Ask what would bring about what is wished for."""
    form = Form.of(request)
    settings = {"of": form.text("of")}
    if settings["of"] != ZONE:
        settings[form.one_of("side", _LEVER)] = form.needed("point")
    to = f"{address(request.path_params['case'], 'doubt')}#levers"
    return _asked(request, form, "levers", settings, to)


_NOTED: Final = {"at_least": "point", "at_most": "point"}
"""Fields of a form beside which what is wrong with a setting is said, where they differ in name."""


def _asked(request: Request, form: Form, kind: Kind, settings: Mapping[str, str], to: str) -> Response:
    """Ask for a run; where a setting is wrong, show the form again with a word beside it."""
    if not form.wrong:
        try:
            checked(kind, settings)
        except CallError as error:
            said_so = f"{error.message} {error.hint}".strip()
            form.wrong.setdefault(_NOTED.get(error.where, error.where), said_so)
    if form.wrong:
        return page(request, "doubt/doubt.html", doubt_page(request, form, part=kind), 400)
    return ask(request, kind, settings, to)


_ONE = "/cases/{case}/doubt"
ROUTES = [
    Route(_ONE, doubt),
    Route(f"{_ONE}/run", run, methods=["POST"]),
    Route(f"{_ONE}/tried", try_scenarios, methods=["POST"]),
    Route(f"{_ONE}/drivers", drivers, methods=["POST"]),
    Route(f"{_ONE}/levers", levers, methods=["POST"]),
]
