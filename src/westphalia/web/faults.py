"""An error as a page or as JSON: what is wrong, what would be right, never a traceback."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from westphalia.errors import CaseError, FileError, Finding, WestphaliaError
from westphalia.language import marked as _
from westphalia.web.page import page
from westphalia.workspace.edits import Clash, ClashError

_MISSING = ("file-missing", "no-case-in-folder", "unknown-case", "unknown-run", "unknown-entry")
_SAID = {
    400: _("The request cannot be read."),
    401: _("You are not signed in."),
    403: _("You may not do this."),
    404: _("There is no such page."),
    405: _("This address does not take that."),
    413: _("This is too large."),
    414: _("The address is too long."),
    429: _("Too many requests in a short time. Wait a moment."),
}
_log = logging.getLogger("westphalia.web")


@dataclass(frozen=True, slots=True)
class Fault:
    """What the page of an error shows: the status, what is wrong, what would be right."""

    status: int
    message: str
    hint: str = ""
    code: str = ""
    findings: tuple[Finding, ...] = ()
    clashes: tuple[Clash, ...] = ()


def of_ours(request: Request, error: WestphaliaError) -> Response:
    """Answer an error that the package raised on purpose."""
    return _answer(request, fault_of(error))


def fault_of(error: WestphaliaError) -> Fault:
    """Return what there is to say of an error of ours."""
    findings = error.findings if isinstance(error, CaseError) else ()
    clashes = error.clashes if isinstance(error, ClashError) else ()
    message = _("The case would be wrong.") if findings else error.message
    return Fault(_status(error), message, error.hint, error.code, findings, clashes)


def _status(error: WestphaliaError) -> int:
    if isinstance(error, ClashError) or error.code == "file-changed":
        return 409
    if error.code in _MISSING or error.code.startswith("unknown-"):
        return 404
    return 422 if isinstance(error, CaseError | FileError) else 400


def of_http(request: Request, error: HTTPException) -> Response:
    """Answer what the server itself refuses, such as an address that leads nowhere."""
    return _answer(request, Fault(error.status_code, _SAID.get(error.status_code, _SAID[400])))


def unexpected(request: Request, error: Exception) -> Response:
    """Answer an error that nobody foresaw: it goes into the log, not to the page."""
    _log.error("unexpected error at %s", request.url.path, exc_info=error)
    said = _("Something went wrong that should not have. Nothing was saved. The server's log says more.")
    return _answer(request, Fault(500, said))


def _answer(request: Request, fault: Fault) -> Response:
    return page(request, "fault.html", fault, status=fault.status)


HANDLERS = {WestphaliaError: of_ours, HTTPException: of_http, Exception: unexpected}
