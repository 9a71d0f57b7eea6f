"""Where everybody stands, issue by issue: a strip for each stand, with handles to move it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from westphalia.case.document import Document
from westphalia.case.schema import CaseFile, Issue
from westphalia.case.stands import Backing, ResolvedStand, resolved
from westphalia.errors import Finding
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.uncertain import Value
from westphalia.web.asked import case_of, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.measures import (
    NUMBER,
    RANGE,
    TRIANGLE,
    measure_of,
    plain,
)
from westphalia.web.modelling import Beside, Named, Told, again_with, chances_said, choices, named, save, told
from westphalia.web.page import address, language_of, page
from westphalia.web.pages.model_issues import points_of
from westphalia.web.strips import Band, bands, share, step_of
from westphalia.workspace.edits import Edit

_MOVED: Final = (NUMBER, RANGE, TRIANGLE)
_PARTS: Final = {"low": _("from"), "mode": _("most likely"), "high": _("to")}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a value rests on: `what` value it is, the statements `told`, an `assumption`."""

    what: str
    told: tuple[Told, ...]
    assumption: str


@dataclass(frozen=True, slots=True)
class Handle:
    """An end or the likeliest value of a position that can be moved.

    `part` is low, mode or high, `label` says so in words, `text` is the number as the file writes it.
    """

    part: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The stand of an `actor` on the strip of an issue.

    `position` is the value, on a nominal issue `chances` (option, share) instead; `bands` is where it lies;
    `handles` are what can be moved, none if it `is_derived` or written in another way; `thickness` in pixels
    tells the `salience`; `capability` is what counts on this issue; `grounds` what all of it rests on, and
    `findings` what the check says of it.
    """

    actor: Named
    position: Value | None
    chances: tuple[tuple[Text, float], ...]
    bands: tuple[Band, ...]
    handles: tuple[Handle, ...]
    is_derived: bool
    salience: Value
    thickness: float
    capability: Value | None
    grounds: tuple[Ground, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A described point of a scale: `at` as the file names it, its `meaning`, its `place` in per cent."""

    at: str
    meaning: Text
    place: float


@dataclass(frozen=True, slots=True)
class IssueStrips:
    """The strips of one issue.

    `id`, `question` and `unit` are the issue's; `ticks` its points; `low`, `high` and `step` say what handles
    can reach, None for options; `reversion` is what holds if nothing is agreed, and `back` where it lies;
    `strips` are the stands, `absent` the actors without one.
    """

    id: str
    question: Text
    unit: Text | None
    ticks: tuple[Tick, ...]
    low: float | None
    high: float | None
    step: float | None
    reversion: Value | None
    back: tuple[Band, ...]
    strips: tuple[Strip, ...]
    absent: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stands:
    """The page of all stands, in `issues` one by one.

    `base` is the version the forms are made from; `wrong` says what is wrong with a number that was typed,
    `errors` what would be wrong with the case.
    """

    issues: tuple[IssueStrips, ...]
    base: str
    wrong: dict[str, str]
    errors: tuple[Finding, ...]


# --- the strips --------------------------------------------------------------------------------------


def stands(request: Request) -> Response:
    """Show where everybody stands."""
    return page(request, "model/stands.html", _stands(request))


def _stands(request: Request, form: Form | None = None, errors: tuple[Finding, ...] = ()) -> Stands:
    held, document = case_of(request), document_of(request)
    by_issue: dict[str, list[ResolvedStand]] = {issue: [] for issue in document.case.issue}
    for stand in resolved(document.case):
        by_issue[stand.issue].append(stand)
    beside, language = Beside(held.findings, document), language_of(request)
    return Stands(
        issues=tuple(
            _of_issue(document, document.case.issue[issue], found, beside, language)
            for issue, found in by_issue.items()
        ),
        base=form.text("base") if form else held.digest,
        wrong=form.wrong if form else {},
        errors=errors,
    )


def _of_issue(
    document: Document, issue: Issue, found: Iterable[ResolvedStand], beside: Beside, language: str
) -> IssueStrips:
    ends = None if issue.kind == "nominal" else issue.ends
    strips = tuple(_strip(document, issue, stand, beside) for stand in found)
    there = {strip.actor.id for strip in strips}
    back = issue.reversion.value if issue.reversion else None
    return IssueStrips(
        id=issue.id,
        question=issue.question,
        unit=issue.unit,
        ticks=tuple(
            Tick(point.at, point.meaning, share(float(point.at), *ends) if ends else 0.0)
            for point in points_of(issue)
        ),
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        step=step_of(*ends) if ends else None,
        reversion=back,
        back=bands(back.within(*ends), *ends) if ends and back is not None else (),
        strips=strips,
        absent=tuple(pair for pair in choices(document.case, language) if pair[0] not in there),
    )


def _strip(document: Document, issue: Issue, stand: ResolvedStand, beside: Beside) -> Strip:
    case, position = document.case, stand.position
    raw = document.tree["stands"][stand.actor][_key(document, stand)]["position"]
    return Strip(
        actor=named(case, [stand.actor])[0],
        position=position,
        chances=chances_said(issue, stand.chances),
        bands=() if position is None else bands(position, *issue.ends),
        handles=tuple(_handles(raw, is_nominal=issue.kind == "nominal")),
        is_derived=stand.origin == "derived",
        salience=stand.salience,
        thickness=round(3 + 15 * stand.salience.central, 1),
        capability=stand.capability,
        grounds=tuple(_grounds(case, stand)),
        findings=beside.of("stands", stand.actor, stand.issue),
    )


def _key(document: Document, stand: ResolvedStand) -> Any:
    """Return the key of a stand's issue as the file has it: 2024 may stand there as a number."""
    return next(key for key in document.tree["stands"][stand.actor] if str(key) == stand.issue)


def _handles(raw: Any, *, is_nominal: bool) -> Iterator[Handle]:
    if is_nominal:
        return
    held = measure_of(raw)
    if held.kind in _MOVED and not held.shift:
        parts = (part for part in _PARTS if held.has(part))
        yield from (Handle(part, _PARTS[part], getattr(held, part)) for part in parts)


def _grounds(case: CaseFile, stand: ResolvedStand) -> Iterator[Ground]:
    yield _ground(case, _("Position"), stand.position_backing)
    yield _ground(case, _("Salience"), stand.salience_backing)
    yield _ground(case, _("Capability"), stand.capability_backing)


def _ground(case: CaseFile, what: str, backing: Backing) -> Ground:
    return Ground(what, told(case, backing.evidence), backing.assumption or "")


@may("analyst")
def move(request: Request) -> Response:
    """Save the positions that were moved on the strips of an issue."""
    form, document, issue = Form.of(request), document_of(request), request.path_params["item"]
    wanted = [edit for actor in document.case.actor for edit in _moved(document, actor, issue, form)]
    to = address(request.path_params["case"], f"stands#{issue}")
    again = again_with(request, form, "model/stands.html", _stands)
    return save(request, form, wanted, f"positions on {issue} moved", to, again)


def _moved(document: Document, actor: str, issue: str, form: Form) -> Iterator[Edit]:
    """Yield the edit of a position whose numbers differ from those in the file; its grounds stay."""
    raw = (document.tree["stands"].get(actor) or {}).get(issue)
    held = measure_of(raw["position"]) if raw else measure_of(None)
    typed_in = {part: form.text(f"{part}-{actor}") for part in _PARTS if f"{part}-{actor}" in form.data}
    if raw is None or held.kind not in _MOVED or not typed_in:
        return
    low, mode, high = (typed_in.get(part, getattr(held, part)) for part in _PARTS)
    wanted = replace(held, low=low, mode=mode, high=high)
    name = f"at-{actor}"
    new = plain(wanted, raw["position"], form, name)
    if new is not None and measure_of(new) != held:
        yield Edit("set", ("stands", actor, issue, "position"), new)


def find_stand(request: Request) -> Response:
    """Go to the form of the stand that was chosen."""
    chosen = f"stands/{request.query_params.get('actor', '')}/{request.query_params.get('issue', '')}"
    return RedirectResponse(address(request.path_params["case"], chosen), status_code=303)


ROUTES = [
    Route("/cases/{case}/stands", stands),
    Route("/cases/{case}/stands/find", find_stand),
    Route("/cases/{case}/stands/{item}", move, methods=["POST"]),
]
