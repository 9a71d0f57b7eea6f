"""Who comes: from the cookie of a request to the person, by way of the session."""

from __future__ import annotations

import getpass
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from westphalia.errors import CallError
from westphalia.language import marked as _
from westphalia.web.forms import local
from westphalia.web.guard_body import csrf_of
from westphalia.web.guard_refused import Refused
from westphalia.web.guard_request import header
from westphalia.web.settings import Settings
from westphalia.workspace.people import People, Person, is_login
from westphalia.workspace.sessions import MOST_SECONDS

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,100}")
_GIVEN: Final = "token"

LOGIN: Final = "/login"
FIRST: Final = "/people/first"
_OPEN: Final = (LOGIN, "/language")
"""Pages of a team that strangers see."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's comer. `token` is what the cookie holds, or will: it is new if `is_new`.

    `person` is who has come in, None for a stranger. `is_founder` is whoever came by the address that
    `serve` printed while the team is empty: they may make the first keeper.
    """

    token: str
    person: Person | None = None
    is_founder: bool = False
    is_new: bool = False

    @property
    def csrf(self) -> str:
        """What the forms of this session carry."""
        return csrf_of(self.token)


class Door:
    """Knows people by their cookies. Its methods ask the database."""

    def __init__(self, settings: Settings, people: People) -> None:
        self._settings = settings
        self._people = people
        self._one = Person(_system_name(), _system_name(), "keeper")

    def visit(self, scope: Scope) -> Visit:
        """Return who comes with a request."""
        cookies = (header(scope, b"cookie") or b"").decode("latin-1")
        token = cookie_parser(cookies).get(cookie_name(self._settings), "")
        if not _TOKEN.fullmatch(token):
            return Visit(secrets.token_urlsafe(32), is_new=True)
        visit, name = Visit(token), self._people.sessions.person_of(token)
        if name is None:
            return visit
        if not self._settings.is_team:
            return visit if name else replace(visit, person=self._one)
        if not name:
            return replace(visit, is_founder=self._people.is_empty)
        return replace(visit, person=self._active(name))

    def _active(self, name: str) -> Person | None:
        try:
            person = self._people.find(name)
        except CallError:
            return None
        return person if person.is_active else None

    def turned_away(self, scope: Scope, visit: Visit) -> Response | None:
        """Return where to go instead, None if the comer may go on.

        Raises
        ------
        Refused: there is nowhere else to go (401).
        """
        path = scope["path"]
        answer = self._opened(scope)
        if answer is not None or visit.person is not None:
            return answer
        if visit.is_founder:
            return None if path in (FIRST, *_OPEN) else _to(FIRST)
        if not self._settings.is_team or self._people.is_empty:
            raise Refused(401, _("Open the address that `westphalia serve` printed when it was started."))
        if path in _OPEN:
            return None
        if header(scope, b"hx-request") is not None:
            return Response(status_code=401, headers={"HX-Redirect": LOGIN})
        if scope["method"] == "POST" or path.endswith(".json"):
            raise Refused(401)
        back = address_of(path, scope["query_string"].decode("ascii"))
        return _to(f"{LOGIN}?{urlencode({'next': back})}")

    def _opened(self, scope: Scope) -> Response | None:
        """Return the way from an address that holds the token to the same without it, None if it holds none.

        The right token begins a session; a wrong one begins nothing.
        """
        query = scope["query_string"].decode("ascii")
        if scope["method"] != "GET" or _GIVEN not in query:
            return None
        pairs = parse_qsl(query, keep_blank_values=True)
        given = [value for name, value in pairs if name == _GIVEN]
        if not given:
            return None
        rest = [pair for pair in pairs if pair[0] != _GIVEN]
        answer = _to(address_of(scope["path"], urlencode(rest)))
        if hmac.compare_digest(given[0].encode("utf-8"), self._settings.token.encode("utf-8")):
            keep_session(answer, self._settings, scope, self._people.sessions.begin())
        return answer


def address_of(path: str, query: str) -> str:
    """Return path and query as an address of ours to go to."""
    return local(quote(path, safe="/") + (f"?{query}" if query else ""))


def _to(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address})


def keep_session(answer: Response, settings: Settings, scope: Scope, token: str) -> None:
    """Let the browser keep the token of a session, out of reach of scripts and of other sites."""
    answer.set_cookie(
        cookie_name(settings),
        token,
        max_age=MOST_SECONDS,
        secure=scope["scheme"] == "https",
        httponly=True,
        samesite="strict",
    )


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie; servers of one machine share cookies whatever their ports."""
    return f"westphalia-{settings.port}"


def _system_name() -> str:
    """Return the name this machine has for who started the server, in the form of a login."""
    try:
        name = re.sub(r"[^a-z0-9_-]", "-", getpass.getuser().lower())
    except (OSError, KeyError, ImportError):
        return "you"
    return name if is_login(name) else "you"
