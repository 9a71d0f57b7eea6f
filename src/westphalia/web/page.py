"""One way to answer: the context of a page as HTML, or as JSON at the same address with ``.json``."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import jinja2
from pydantic_core import to_jsonable_python
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from westphalia.charts.style import ON_DARK, config
from westphalia.language import LANGUAGES, NAMES, catalogue, preferred, said, speaking
from westphalia.report.page import cell, data_block
from westphalia.runs.engine import version
from westphalia.web.glossary import GLOSSARY
from westphalia.web.pictures import picture, spec
from westphalia.web.tour import STOPS, Stop, stop_at
from westphalia.web.writing import WRITERS
from westphalia.workspace.people import Person

_TOLD = "told"
_LONGEST_TOLD = 1_500
LANGUAGE_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Here:
    """What every page knows of where it is: the template's `here`.

    `case` is the name of the case in the address, empty outside of one; `path` the address without
    ``.json`` and query, `address` with its query; `tour` the step of the tour that stands on the page.
    """

    path: str
    address: str
    case: str
    language: str
    csrf: str
    person: Person | None
    is_team: bool
    told: str
    version: str
    tour: Stop | None

    def of_case(self, rest: str = "") -> str:
        """Return the address of a page of this case."""
        return address(self.case, rest)

    @property
    def as_json(self) -> str:
        """The address of this page as JSON."""
        path, mark, query = self.address.partition("?")
        return f"{path}.json{mark}{query}"

    def is_in(self, *rests: str) -> bool:
        """Tell whether this is one of these pages of the case, or a page below one of them."""
        below = tuple(f"{self.of_case(rest)}/" for rest in rests if rest)
        return self.path in map(self.of_case, rests) or self.path.startswith(below)


def address(case: str, rest: str = "") -> str:
    """Return the address of a page of a case."""
    return f"/cases/{quote(case, safe='')}{'/' if rest else ''}{rest}"


def page(request: Request, template: str, context: Any, status: int = 200) -> Response:
    """Return the context, a frozen dataclass, as the page that the template makes of it, or as JSON."""
    if request.scope.get("wants_json"):
        return JSONResponse(to_jsonable_python(context, fallback=str), status)
    here = _here(request)
    with speaking(here.language):
        text = _environment(here.language).get_template(template).render(c=context, here=here)
    answer = HTMLResponse(text, status)
    if here.told:
        answer.delete_cookie(_TOLD)
    return answer


def language_of(request: Request) -> str:
    """Return the language to answer in: that of the cookie, else the browser's first that we have."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def tell(request: Request, to: str, said: str = "", *values: object) -> Response:
    """Send the browser to a page of ours; what was done stands there once at the top.

    `said` is a text in English with ``{}`` for each of the values; it is translated.
    """
    answer = RedirectResponse(to, status_code=303)
    if said:
        words = catalogue(language_of(request)).gettext(said).format(*values)[:_LONGEST_TOLD]
        safe = base64.urlsafe_b64encode(words.encode("utf-8")).decode("ascii")
        answer.set_cookie(_TOLD, safe, max_age=60, httponly=True, samesite="strict")
    return answer


def _told(request: Request) -> str:
    try:
        return base64.urlsafe_b64decode(request.cookies.get(_TOLD, "")).decode("utf-8")[:_LONGEST_TOLD]
    except ValueError:
        return ""


def _here(request: Request) -> Here:
    bench = getattr(request.app.state, "bench", None)
    return Here(
        path=request.url.path,
        address=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        case=str(request.path_params.get("case", "")),
        language=language_of(request),
        csrf=getattr(request.state, "csrf", ""),
        person=getattr(request.state, "person", None),
        is_team=bench is not None and bench.settings.is_team,
        told=_told(request),
        version=version(),
        tour=stop_at(request.url.path, request.query_params.get("tour", "")),
    )


@lru_cache(maxsize=len(LANGUAGES))
def _environment(language: str) -> jinja2.Environment:
    """Return what makes pages in a language; everything a case or a person wrote is escaped."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader("westphalia.web"), jinja2.PackageLoader("westphalia.report", "template")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = catalogue(language)
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    with speaking(language):
        looks = data_block({"config": config(), "dark": ON_DARK})
    made.globals |= {"languages": NAMES, "looks": looks}
    made.globals |= {"said": said, "picture": picture, "spec": spec, "cell": cell, "address": address}
    made.globals |= {"glossary": GLOSSARY, "tour_steps": len(STOPS)}
    made.filters |= {name: writer(language) for name, writer in WRITERS.items()} | {"query": _query}
    # `_` is for texts of templates alone: it takes what it is given for markup of ours and for a format.
    made.filters["said"] = lambda text: words.gettext(text) if text else ""
    return made


def _query(values: dict[str, object] | Sequence[tuple[str, object]]) -> str:
    """Return pairs as the query of an address."""
    pairs = values.items() if isinstance(values, dict) else values
    return "&".join(f"{quote(str(name))}={quote(str(value))}" for name, value in pairs)
