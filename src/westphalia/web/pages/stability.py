"""Where the conflict comes to rest: states and verdicts, reasons, ways from today, what parties prefer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.charts.chart import Chart
from westphalia.errors import CallError
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.language import speaking
from westphalia.report.grid import Chapter
from westphalia.runs.asked import CONCEPT, REST
from westphalia.runs.stability import GraphStudy
from westphalia.web.asked import bench, by, case_of, document_of
from westphalia.web.faults import Fault, fault_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.latest import Latest, Runs, ask, refreshed
from westphalia.web.page import address, language_of, page, tell
from westphalia.web.states import (
    CONCEPTS,
    ShownMove,
    ShownPreference,
    StatesTable,
    moves_of,
    preferences_of,
    shares_of,
    shown_in,
    table_of,
)
from westphalia.workspace.results import Result
from westphalia.workspace.stability_desk import StateJudged, chapter_of, judged, study_of
from westphalia.workspace.task_kinds import JUDGED
from westphalia.workspace.wishes import exchanged

TODAY: Final = "today"


@dataclass(frozen=True, slots=True)
class StabilityPage:
    """Where the conflict comes to rest.

    Attributes
    ----------
    run: the runs on stability. answer: where it comes to rest, in words. ways: how to get there from today.
    charts: the pictures by id. chapter: all of the run, where states cannot be judged while the page waits.
    concepts: those by which states can be shown, with their names. concept: the one chosen, empty for all.
    table: the states. actors: the decision makers in the order of the verdicts. names: of actors, by id.
    judged: the state looked at closely, with `wrong` if the address names none; by, the concept by which it
        is asked what would bring it to rest.
    levers: the runs that look for what would bring that state to rest. levers_chapter: what came of it.
    moves: of the case. preferences: of the decision makers. base: the version that forms are made from.
    fault: why there are no states.
    """

    run: Latest
    answer: tuple[str, ...]
    ways: tuple[str, ...]
    charts: Mapping[str, Chart]
    chapter: Chapter | None
    concepts: tuple[tuple[str, str], ...]
    concept: str
    table: StatesTable | None
    actors: tuple[str, ...]
    names: Mapping[str, Text]
    judged: StateJudged | None
    wrong: str
    by: str
    levers: Latest | None
    levers_chapter: Chapter | None
    moves: tuple[ShownMove, ...]
    preferences: tuple[ShownPreference, ...]
    base: str
    fault: Fault | None


def stability(request: Request) -> Response:
    """Show the states that hold, a state looked at closely, and what preferences that hangs on."""
    document, runs = document_of(request), Runs(request, case_of(request))
    with speaking(language_of(request)):
        made = _page(request, document, runs)
    answer = page(request, "stability/stability.html", made, 404 if made.wrong else 200)
    return refreshed(request, answer, [one for one in (made.run, made.levers) if one is not None])


def _page(request: Request, document: Document, runs: Runs) -> StabilityPage:
    language, asked = language_of(request), request.query_params
    run = runs.latest("stability")
    result = runs.result(run)
    told = result if run.is_current else Result({})
    study, fault = _study(document, told)
    concept = asked.get("concept", "")
    concept = concept if study is not None and concept in study.concepts else ""
    found, wrong = _judged(study, asked.get("state", TODAY), _by(concept), language)
    levers = runs.latest("levers", {"of": REST + found.name, "concept": _by(concept)}) if found else None
    chapter = _chapter(study, told, language)
    parts = {part.id: part.sentences for part in chapter.parts} if chapter else {}
    return StabilityPage(
        run=run,
        answer=parts.get("rest", ()),
        ways=parts.get("ways", ()),
        charts=chapter.charts if chapter else {},
        chapter=result.chapters.get("stability") if study is None else None,
        concepts=tuple((one, CONCEPTS[one]) for one in study.concepts) if study else (),
        concept=concept,
        table=table_of(study, concept, language, shares_of(told.values)) if study else None,
        actors=study.model.conflict.actors if study else (),
        names={actor.id: actor.name for actor in document.case.actors},
        judged=found,
        wrong=wrong,
        by=_by(concept),
        levers=levers,
        levers_chapter=runs.result(levers).chapters.get("levers") if levers else None,
        moves=moves_of(document.case),
        preferences=preferences_of(document),
        base=document.file_digest,
        fault=fault,
    )


def _study(document: Document, told: Result) -> tuple[GraphStudy | None, Fault | None]:
    """Return the study at central values, or why there is none."""
    try:
        return study_of(document, shown_in(told.values)), None
    except CallError as error:
        return None, fault_of(error)


def _by(concept: str) -> str:
    """Return the concept by which levers are looked for."""
    return concept if concept in JUDGED else CONCEPT


def _judged(
    study: GraphStudy | None, state: str, concept: str, language: str
) -> tuple[StateJudged | None, str]:
    """Return the state that the address names, or what is wrong with the name."""
    if study is None or (state == TODAY and study.model.today is None):
        return None, ""
    try:
        return judged(study, state, concept, language), ""
    except CallError as error:
        return None, f"{error.message} {error.hint}".strip()


def _chapter(study: GraphStudy | None, told: Result, language: str) -> Chapter | None:
    """Return what is told: by the run if it is of the case as it stands, else at central values."""
    if study is None:
        return None
    found = told.chapters.get("stability")
    return found if found and found.parts else chapter_of(study, language)


# --- asking and changing -------------------------------------------------------------------------------


@may("analyst")
def run(request: Request) -> Response:
    """Ask for a run on stability."""
    return ask(request, "stability", {}, address(request.path_params["case"], "stability"))


@may("analyst")
def levers(request: Request) -> Response:
    """Ask what would bring a state to rest."""
    form = Form.of(request)
    state, concept = form.needed("state"), form.one_of("concept", JUDGED)
    form.settle()
    query = urlencode({"state": state, "concept": concept})
    to = f"{address(request.path_params['case'], 'stability')}?{query}#levers"
    return ask(request, "levers", {"of": REST + state, "concept": concept}, to)


@may("analyst")
def move_wish(request: Request) -> Response:
    """Put a wish, or a state of a ranking, one place up or down."""
    form, held, document = Form.of(request), case_of(request), document_of(request)
    actor, way = request.path_params["actor"], form.one_of("by", ("up", "down"))
    at = form.number("at", 0, 100_000)
    form.settle()
    text = exchanged(document, actor, int(at or 0), form.text("says"), is_down=way == "down")
    bench(request).cases.write_text(held.name, document.file_digest, text, by=by(request))
    request.state.detail = way
    return tell(request, f"{address(held.name, 'stability')}#of-{actor}", _("Saved."))


_ONE = "/cases/{case}/stability"
ROUTES = [
    Route(_ONE, stability),
    Route(f"{_ONE}/run", run, methods=["POST"]),
    Route(f"{_ONE}/levers", levers, methods=["POST"]),
    Route(f"{_ONE}/preferences/{{actor}}", move_wish, methods=["POST"]),
]
