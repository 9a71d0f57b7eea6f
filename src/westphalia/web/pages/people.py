"""The people of a team: signing in and out, who they are, what they may do, and the journal."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.errors import CallError
from westphalia.language import marked as _
from westphalia.web.asked import bench, by
from westphalia.web.forms import Form, local
from westphalia.web.guard import Handler, may
from westphalia.web.guard_visit import FIRST, LOGIN, keep_session
from westphalia.web.page import page, tell
from westphalia.workspace.people import Entry, Person

_PAGE_LENGTH = 100
_LATEST = 10**12


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field of a form: its name, what it is, what would be right."""

    field: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The page to sign in: where to go `next`, the login as it was typed, and what was wrong."""

    next: str
    name: str = ""
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The page to make the first keeper: the fields as they were typed, and what was wrong."""

    name: str = ""
    shown: str = ""
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """The page of all people, and the form for another: its fields as they were typed, and what was wrong."""

    people: tuple[Person, ...]
    name: str = ""
    shown: str = ""
    role: str = "reader"
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """The page of one of the team, for keepers, and what was wrong with a form on it."""

    person: Person
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The page of oneself, and what was wrong with the form for another password."""

    person: Person
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """A page of the journal, newest first: of one `case` or of all; `older` is where the next page begins."""

    entries: tuple[Entry, ...]
    case: str
    older: int | None


def _of_team(handler: Handler) -> Handler:
    """Let there be no such page where nobody has a name and password."""

    @functools.wraps(handler)
    def there(request: Request) -> Response:
        if not bench(request).settings.is_team:
            raise HTTPException(404)
        return handler(request)

    return there


@_of_team
def login(request: Request) -> Response:
    """Show the page to sign in."""
    to = local(request.query_params.get("next", "/"))
    if request.state.person is not None:
        return tell(request, to)
    return page(request, "people/login.html", SignIn(to))


@_of_team
def sign_in(request: Request) -> Response:
    """Let somebody in whose password is right."""
    form = Form.of(request)
    name, to = form.text("name").lower(), local(form.text("next", "/"))
    people = bench(request).people
    person = people.check(name, _secret(form, "password"))
    if person is None:
        known = name if name in {one.name for one in people.people()} else ""
        bench(request).audit.write(known, "people.sign_in_refused", detail=_caller(request))
        wrong = Wrong(
            "name", _("Login and password do not go together."), _("Ask a keeper if you lost yours.")
        )
        return page(request, "people/login.html", SignIn(to, name, wrong), status=401)
    return _entered(request, person, tell(request, to))


@_of_team
def sign_out(request: Request) -> Response:
    """End the session."""
    bench(request).people.sessions.end(request.state.session)
    return tell(request, LOGIN, _("You are signed out."))


@_of_team
def first(request: Request) -> Response:
    """Show the page to make the first keeper, to whoever came by the address that `serve` printed."""
    if request.state.person is not None:
        return tell(request, "/")
    return page(request, "people/first.html", First())


@_of_team
def found(request: Request) -> Response:
    """Make the first keeper, and let them in."""
    form = Form.of(request)
    name, shown = form.text("name").lower(), form.text("shown")
    try:
        person = bench(request).people.add_first(name, shown, _new_secret(form))
    except CallError as error:
        return page(request, "people/first.html", First(name, shown, _wrong(error)), status=400)
    return _entered(
        request, person, tell(request, "/", _("You are the keeper. Others are added under your name."))
    )


@_of_team
@may("keeper")
def people(request: Request) -> Response:
    """Show everybody."""
    return page(request, "people/list.html", Team(bench(request).people.people()))


@_of_team
@may("keeper")
def add(request: Request) -> Response:
    """Add somebody, with a first password."""
    form, team = Form.of(request), bench(request).people
    name, shown, role = form.text("name").lower(), form.text("shown"), form.text("role")
    try:
        person = team.add(name, shown, _new_secret(form), role)
    except CallError as error:
        context = Team(team.people(), name=name, shown=shown, role=role, wrong=_wrong(error))
        return page(request, "people/list.html", context, status=400)
    request.state.detail = f"{person.name} ({person.role})"
    return tell(request, "/people", _("{} can sign in as “{}”."), person.shown, person.name)


@_of_team
@may("keeper")
def member(request: Request) -> Response:
    """Show one of the team."""
    return page(request, "people/member.html", Member(_asked(request)))


@_of_team
@may("keeper")
def change(request: Request) -> Response:
    """Change the full name and the role of somebody."""
    form, person = Form.of(request), _asked(request)
    try:
        after = bench(request).people.change(person.name, shown=form.text("shown"), role=form.text("role"))
    except CallError as error:
        return page(request, "people/member.html", Member(person, wrong=_wrong(error)), status=400)
    request.state.detail = f"{person.role} → {after.role}"
    return tell(request, "/people", _("{} is changed."), after.shown)


@_of_team
@may("keeper")
def shut_out(request: Request) -> Response:
    """Let somebody in no longer; what they did stays under their name."""
    person = _asked(request)
    try:
        bench(request).people.change(person.name, is_active=False)
    except CallError as error:
        return page(request, "people/member.html", Member(person, wrong=_wrong(error)), status=400)
    return tell(request, "/people", _("{} can no longer sign in."), person.shown)


@_of_team
@may("keeper")
def let_in(request: Request) -> Response:
    """Let somebody in again."""
    person = bench(request).people.change(_asked(request).name, is_active=True)
    return tell(request, "/people", _("{} can sign in again."), person.shown)


@_of_team
@may("keeper")
def reset(request: Request) -> Response:
    """Give somebody another password, and end their sessions."""
    form, person = Form.of(request), _asked(request)
    try:
        bench(request).people.set_password(person.name, _new_secret(form))
    except CallError as error:
        return page(request, "people/member.html", Member(person, wrong=_wrong(error)), status=400)
    answer = tell(
        request, "/people", _("{} has another password and is signed out everywhere."), person.shown
    )
    return _entered(request, person, answer) if person.name == by(request) else answer


@_of_team
def me(request: Request) -> Response:
    """Show oneself."""
    return page(request, "people/me.html", Me(request.state.person))


@_of_team
def own_password(request: Request) -> Response:
    """Change one's own password; one's other sessions end."""
    form, person = Form.of(request), request.state.person
    team = bench(request).people
    try:
        if team.check(person.name, _secret(form, "old")) is None:
            raise CallError(_("This is not your password."), where="old")
        team.set_password(person.name, _new_secret(form))
    except CallError as error:
        return page(request, "people/me.html", Me(person, _wrong(error)), status=400)
    said = _("You have another password; elsewhere you are signed out.")
    return _entered(request, person, tell(request, "/people/me", said))


@may("keeper")
def journal(request: Request) -> Response:
    """Show who did what, a hundred acts a page."""
    case, before = request.query_params.get("case", ""), request.query_params.get("before", "")
    # One more than is shown says whether there are older ones.
    found = bench(request).audit.entries(case or None, _PAGE_LENGTH + 1, _number(before))
    entries = found[:_PAGE_LENGTH]
    older = entries[-1].id if len(found) > _PAGE_LENGTH else None
    return page(request, "people/journal.html", Journal(entries, case, older))


def _entered(request: Request, person: Person, answer: Response) -> Response:
    """Begin a session for somebody, and return the answer with it; the one before ends."""
    sessions = bench(request).people.sessions
    sessions.end(request.state.session)
    keep_session(answer, bench(request).settings, request.scope, sessions.begin(person.name))
    request.state.person = person
    return answer


def _asked(request: Request) -> Person:
    return bench(request).people.find(request.path_params["name"])


def _secret(form: Form, name: str) -> str:
    """Return a password as it was typed, with its blanks."""
    typed = form.data.get(name)
    return typed if isinstance(typed, str) else ""


def _new_secret(form: Form) -> str:
    """Return a new password, typed twice."""
    password = _secret(form, "password")
    if password != _secret(form, "again"):
        raise CallError(_("The two passwords are not the same."), where="again")
    return password


def _wrong(error: CallError) -> Wrong:
    return Wrong(error.where, error.message, error.hint)


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdigit()
    return min(int(text[:18]), _LATEST) if is_one else None


ROUTES = [
    Route(LOGIN, login),
    Route(LOGIN, sign_in, methods=["POST"]),
    Route("/logout", sign_out, methods=["POST"]),
    Route(FIRST, first),
    Route(FIRST, found, methods=["POST"]),
    Route("/people", people),
    Route("/people", add, methods=["POST"]),
    Route("/people/me", me),
    Route("/people/me", own_password, methods=["POST"]),
    Route("/people/{name}", member),
    Route("/people/{name}", change, methods=["POST"]),
    Route("/people/{name}/password", reset, methods=["POST"]),
    Route("/people/{name}/out", shut_out, methods=["POST"]),
    Route("/people/{name}/in", let_in, methods=["POST"]),
    Route("/journal", journal),
]
