"""Who may come in, and with what: the one middleware before every page.

It asks in this order: is the request well made and meant for us, does it come too often, who sends it, may
they see pages, did a page of ours send the form. Handlers find in `request.state` the `person`, the `csrf`
of their forms, the `session` (its token) and the `form`. Every answer gets the headers that keep a page to
itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from westphalia.language import marked as _
from westphalia.web.faults import Fault, unexpected
from westphalia.web.guard_body import proven, read_form
from westphalia.web.guard_refused import Refused, refusal
from westphalia.web.guard_request import inspect, same_origin
from westphalia.web.guard_visit import LOGIN, Door, Visit, keep_session
from westphalia.web.limits import Buckets, Limits
from westphalia.web.page import page
from westphalia.web.settings import LOOPBACK, Settings
from westphalia.workspace.people import Audit, People, Role

Handler = Callable[[Request], Response]

_STATIC: Final = "/static/"
_PASSWORDS: Final = (LOGIN, "/people/me")
"""Where somebody might try one password after the other."""
_UNNOTED: Final = ("/language",)
"""Forms that change nothing of the folder."""

_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# With no-referrer a browser would send "Origin: null" with our own forms, and the origin would prove nothing.
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_NEEDED: Final[dict[Role, str]] = {
    "reader": _("It takes the role of a reader."),
    "coder": _("It takes the role of a coder; a keeper can give it to you."),
    "analyst": _("It takes the role of an analyst; a keeper can give it to you."),
    "keeper": _("It takes the role of a keeper; a keeper can give it to you."),
}


def may(role: Role) -> Callable[[Handler], Handler]:
    """Let only those who hold the role (or a higher one) come to a handler; others see which it takes."""

    def before(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def guarded(request: Request) -> Response:
            if not request.state.person.may(role):
                fault = Fault(403, _("You may not do this."), _NEEDED[role], "role-needed")
                return page(request, "fault.html", fault, status=403)
            return handler(request)

        return guarded

    return before


class Guard:
    """The middleware. `limits` are how much and how often; `audit` gets a line for whatever was changed."""

    def __init__(
        self, app: ASGIApp, settings: Settings, people: People, audit: Audit, limits: Limits | None = None
    ) -> None:
        self.app = app
        self._settings = settings
        self._audit = audit
        self._limits = limits or Limits()
        self._hosts = {"localhost", LOOPBACK, *(name.lower() for name in (settings.host, *settings.hosts))}
        self._door = Door(settings, people)
        self._requests = Buckets(self._limits.requests)
        self._attempts = Buckets(self._limits.attempts)
        self._addressed = Buckets(self._limits.addressed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            await self._answered({**scope}, receive, _Outgoing(send))

    async def _answered(self, scope: Scope, receive: Receive, outgoing: _Outgoing) -> None:
        try:
            await self._judged(scope, receive, outgoing)
        except Refused as refused:
            await refusal(scope, refused)(scope, receive, outgoing)
        except ClientDisconnect:
            return
        except Exception as error:
            if outgoing.has_begun:
                raise
            await unexpected(Request(scope), error)(scope, receive, outgoing)

    async def _judged(self, scope: Scope, receive: Receive, outgoing: _Outgoing) -> None:
        inspect(scope, self._hosts, self._limits)
        if scope["path"].startswith(_STATIC):
            await self.app(scope, receive, outgoing)
            return
        visit = await run_in_threadpool(self._door.visit, scope)
        _not_too_often(self._requests, visit.token if visit.person else _address(scope))
        about = {"person": visit.person, "csrf": visit.csrf, "session": visit.token}
        scope["state"] = {**scope.get("state", {}), **about}
        if visit.is_new:
            outgoing.cookie = self._cookie(scope, visit)
        answer = await run_in_threadpool(self._door.turned_away, scope, visit)
        if answer is not None:
            await answer(scope, receive, outgoing)
        elif scope["method"] == "POST":
            await self._posted(scope, receive, outgoing, visit)
        else:
            await self.app(scope, receive, outgoing)

    async def _posted(self, scope: Scope, receive: Receive, outgoing: _Outgoing, visit: Visit) -> None:
        same_origin(scope)
        form = await read_form(scope, receive, self._limits, is_stranger=visit.person is None)
        try:
            proven(scope, form, visit.csrf)
            self._not_guessing(scope, form, visit)
            scope["state"]["form"] = form
            outgoing.note = functools.partial(self._note, scope)
            await self.app(scope, receive, outgoing)
        finally:
            await form.close()

    def _not_guessing(self, scope: Scope, form: FormData, visit: Visit) -> None:
        """Refuse to try a password if many were tried lately."""
        if scope["path"].removesuffix(".json") not in _PASSWORDS:
            return
        name, address = visit.person.name if visit.person else str(form.get("name"))[:100], _address(scope)
        _not_too_often(self._addressed, address)
        _not_too_often(self._attempts, (name, address))

    def _note(self, scope: Scope) -> None:
        """Write into the journal what a form changed; a handler may say more in `request.state.detail`."""
        handler, state = scope.get("endpoint"), scope["state"]
        person = state["person"]
        if handler is None or person is None or scope["path"] in _UNNOTED:
            return
        of = dict(scope.get("path_params", {}))
        what = f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"
        case = str(of.pop("case", ""))
        self._audit.write(
            person.name, what, case, " ".join([*map(str, of.values()), state.get("detail", "")])
        )

    def _cookie(self, scope: Scope, visit: Visit) -> str:
        """Return the cookie that ties forms to a browser before anybody has signed in."""
        answer = Response()
        keep_session(answer, self._settings, scope, visit.token)
        return answer.headers["set-cookie"]


class _Outgoing:
    """The way of an answer out: writes the journal before it, and puts headers on it.

    `note` writes down what an answer below 400 has changed; `cookie` is given to who came without.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False
        self.cookie = ""
        self.note: Callable[[], None] | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.note is not None and message["status"] < 400:
                await run_in_threadpool(self.note)
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            name = self.cookie.partition("=")[0]
            if self.cookie and not any(one.startswith(f"{name}=") for one in headers.getlist("set-cookie")):
                headers.append("set-cookie", self.cookie)
        await self._send(message)


def _not_too_often(buckets: Buckets, key: Hashable) -> None:
    wait = buckets.wait(key)
    if wait:
        raise Refused(429, headers={"Retry-After": str(wait)})


def _address(scope: Scope) -> str:
    """Return the address somebody calls from."""
    client = scope.get("client")
    return str(client[0]) if client else ""
