"""The case file itself: as text, and every version of it that there was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.text.emit import flow
from westphalia.errors import CaseError, Finding
from westphalia.language import marked as _
from westphalia.web.asked import bench, by, case_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, page, tell
from westphalia.workspace.differences import Difference
from westphalia.workspace.history import Version

_MOST_DIFFERENCES: Final = 500
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its `number`, its `text`, and the `findings` whose place is in it."""

    number: int
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FilePage:
    """The case file as text.

    `lines` are those of the text, to read, each with what is wrong in it; `text` is what stands in the form
    to write, `base` the version it was made from; `findings` say what is wrong with the text in the form;
    `is_refused` that it was not saved for that.
    """

    lines: tuple[Line, ...]
    text: str
    base: str
    findings: tuple[Finding, ...]
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that differs between two versions: its `path`, what it was `before` and is `after`, as YAML.

    None stands for what is not there.
    """

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Historic:
    """The versions of the case file, the newest first, and what differs between two of them.

    `versions` are all there are, `damage` says what of their list cannot be read; `old` and `new` are the
    two that are compared, empty if none are, and `changed` is what differs; `more` counts what is not
    shown; `base` is the version the file is now.
    """

    versions: tuple[Version, ...]
    damage: tuple[str, ...]
    old: str
    new: str
    changed: tuple[Changed, ...]
    more: int
    base: str


# --- the text ----------------------------------------------------------------------------------------


def file(request: Request) -> Response:
    """Show the case file as text, to be read and written."""
    held = case_of(request)
    context = FilePage(_lines(held.text, held.findings), held.text, held.digest, held.findings, False)
    return page(request, "file/file.html", context)


def _lines(written: str, findings: tuple[Finding, ...]) -> tuple[Line, ...]:
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.place.line, []).append(finding)
    lines = enumerate(_LINE_END.split(written), 1)
    return tuple(Line(at, text, tuple(found.get(at, ()))) for at, text in lines)


@may("analyst")
def write(request: Request) -> Response:
    """Save the text of the case file; one with errors is shown again, with their lines."""
    form, name = Form.of(request), request.path_params["case"]
    # The field itself, not stripped: the blanks and line ends of a file are its own.
    text, base = str(form.data.get("text", "")), form.text("base")
    try:
        bench(request).cases.write_text(name, base, text, by=by(request))
    except CaseError as error:
        context = FilePage(_lines(text, error.findings), text, base, error.findings, True)
        return page(request, "file/file.html", context, 422)
    return tell(request, address(name, "file"), _("Saved."))


# --- the history -------------------------------------------------------------------------------------


def history(request: Request) -> Response:
    """Show every version of the file, and what differs between two that were chosen."""
    held, cases = case_of(request), bench(request).cases
    versions = cases.history(held.name)
    old, new = request.query_params.get("old", ""), request.query_params.get("new", "")
    found = cases.difference(held.name, old, new) if old and new else ()
    context = Historic(
        versions=tuple(reversed(versions.versions())),
        damage=versions.damage,
        old=old,
        new=new,
        changed=tuple(_changed(one) for one in found[:_MOST_DIFFERENCES]),
        more=max(0, len(found) - _MOST_DIFFERENCES),
        base=held.digest,
    )
    return page(request, "file/history.html", context)


def _changed(one: Difference) -> Changed:
    before, after = (None if side is None else flow(side) for side in (one.before, one.after))
    return Changed(one.path, before, after)


@may("analyst")
def restore(request: Request) -> Response:
    """Make an earlier version the file again."""
    form, name = Form.of(request), request.path_params["case"]
    bench(request).cases.restore(name, form.text("digest"), by=by(request), base=form.text("base"))
    return tell(
        request, address(name, "history"), _("That version is the case again; what it replaced stays here.")
    )


ROUTES = [
    Route("/cases/{case}/file", file),
    Route("/cases/{case}/file", write, methods=["POST"]),
    Route("/cases/{case}/history", history),
    Route("/cases/{case}/history", restore, methods=["POST"]),
]
