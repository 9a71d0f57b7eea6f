"""What handlers ask of a request: the bench, the case in the address, who asks."""

from __future__ import annotations

from starlette.requests import Request

from westphalia.case.document import Document
from westphalia.errors import CaseError
from westphalia.web.settings import Bench
from westphalia.workspace.cases import Held


def bench(request: Request) -> Bench:
    """Return what the pages work with."""
    found: Bench = request.app.state.bench
    return found


def by(request: Request) -> str:
    """Return the name of who asks."""
    return str(request.state.person.name)


def case_of(request: Request) -> Held:
    """Return the case that the address names, sound or not; one that is not there raises."""
    return bench(request).cases.held(request.path_params["case"])


def document_of(request: Request) -> Document:
    """Return the document of the case in the address.

    Raises
    ------
    CaseError: the case is wrong; the page shows what to mend.
    """
    held = case_of(request)
    if held.document is None:
        raise CaseError(held.findings)
    return held.document
