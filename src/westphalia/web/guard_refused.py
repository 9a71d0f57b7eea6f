"""What the guard says when it does not let a request in."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from westphalia.language import marked as _
from westphalia.web.faults import Fault
from westphalia.web.page import page

_SAID = {
    400: _("The request cannot be read."),
    401: _("You are not signed in."),
    403: _("You may not do this."),
    405: _("This address does not take that."),
    408: _("What was sent took too long to come."),
    413: _("This is too large."),
    414: _("The address is too long."),
    415: _("A form of this kind cannot be read."),
    421: _("This server is not known by that name."),
    429: _("Too many requests in a short time. Wait a moment."),
    431: _("The headers of the request are too large."),
}

_HEARD = (b"accept-language", b"cookie")


class Refused(Exception):  # noqa: N818 - it is no error: the guard does what it is there for
    """A request that is not let in: the status, what would be right, and headers of the answer."""

    def __init__(self, status: int, hint: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.fault = Fault(status, _SAID[status], hint)
        self.headers = dict(headers or {})


def refusal(scope: Scope, refused: Refused) -> Response:
    """Return the page that says why; of the request it reads nothing but the language."""
    headers = [(name, value) for name, value in scope["headers"] if name in _HEARD]
    is_json = scope["path"].endswith(".json")
    bare = {**scope, "path": "/", "raw_path": b"/", "query_string": b"", "headers": headers}
    request = Request({**bare, "server": None, "wants_json": is_json})
    answer = page(request, "fault.html", refused.fault, status=refused.fault.status)
    answer.headers.update(refused.headers)
    return answer
