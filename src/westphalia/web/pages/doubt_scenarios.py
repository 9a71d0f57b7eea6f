"""Scenarios of a case: a new one, a further change, one taken out; all is kept in the case file."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.scenarios import Change
from westphalia.errors import Finding
from westphalia.web.asked import document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.modelling import item_of, save
from westphalia.web.page import address, page
from westphalia.web.pages.doubt import ROWS, doubt_page
from westphalia.web.scenario_form import changes_in
from westphalia.workspace.edits import Edit
from westphalia.workspace.folder import free_name

_NEW = "new"


@may("analyst")
def new(request: Request) -> Response:
    """Keep a new scenario of one or more changes."""
    form, case = Form.of(request), document_of(request).case
    title, assumption = form.needed("title"), form.needed("assumption")
    changes = tuple(changes_in(form, ROWS))
    name = free_name(title, [one.id for one in case.scenarios])
    edits = [Edit("append", "scenarios", _scenario(name, title, assumption, changes))]
    return _save(request, form, edits, f"scenario {name} added", _NEW)


def _scenario(name: str, title: str, assumption: str, changes: tuple[Change, ...]) -> dict[str, Any]:
    written = [change.plain() for change in changes]
    return {"id": name, "title": title, "changes": written, "assumption": assumption}


@may("analyst")
def add(request: Request) -> Response:
    """Add a change to a scenario, after those it has."""
    form, name = Form.of(request), request.path_params["scenario"]
    path, _raw = item_of(document_of(request), "scenarios", name)
    edits = [Edit("append", (*path, "changes"), change.plain()) for change in changes_in(form, 1)]
    return _save(request, form, edits, f"scenario {name} changed", name)


@may("analyst")
def remove(request: Request) -> Response:
    """Take a change out of a scenario, or the scenario out of the case, which its last change takes along."""
    form, name = Form.of(request), request.path_params["scenario"]
    path, raw = item_of(document_of(request), "scenarios", name)
    at = form.number("change", 0, len(raw["changes"]) - 1)
    is_whole = at is None or len(raw["changes"]) == 1
    edit = Edit("remove", path if is_whole else (*path, "changes", int(at or 0)))
    return _save(request, form, [edit], f"scenario {name} {'removed' if is_whole else 'changed'}", name)


def _save(request: Request, form: Form, edits: list[Edit], why: str, part: str) -> Response:
    def again(errors: tuple[Finding, ...]) -> Response:
        return page(request, "doubt/doubt.html", doubt_page(request, form, errors, part), 400)

    to = f"{address(request.path_params['case'], 'doubt')}#scenarios"
    return save(request, form, edits, why, to, again)


_ALL = "/cases/{case}/doubt/scenarios"
ROUTES = [
    Route(_ALL, new, methods=["POST"]),
    Route(f"{_ALL}/{{scenario}}", add, methods=["POST"]),
    Route(f"{_ALL}/{{scenario}}/remove", remove, methods=["POST"]),
]
