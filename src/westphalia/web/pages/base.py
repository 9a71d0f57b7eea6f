"""What belongs to no page: styles and scripts, the choice of a language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.language import LANGUAGES
from westphalia.report.page import page_style
from westphalia.report.script import script
from westphalia.web import pictures
from westphalia.web.forms import Form, local
from westphalia.web.page import LANGUAGE_COOKIE, tell

_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@lru_cache(maxsize=64)
def _content(name: str) -> bytes | None:
    """Return what stands at a name: a file of ours, or what is made for the report as well."""
    if name == "figures.js":
        return script().encode("utf-8")
    if name == "report.css":
        return page_style().encode("utf-8")
    file = resources.files("westphalia.web").joinpath("static", name)
    return file.read_bytes() if file.is_file() else None


def static(request: Request) -> Response:
    """Answer a style, a script or a picture that belongs to the workbench."""
    name = request.path_params["name"]
    kind = _TYPES.get(name.rpartition(".")[2])
    content = _content(name) if kind and name.isascii() and ".." not in name else None
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=604800"})


def language(request: Request) -> Response:
    """Keep the language that somebody chose, and go back to the page they came from."""
    form = Form.of(request)
    answer = tell(request, local(form.text("next")))
    chosen = form.text("language")
    if chosen in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="strict")
    return answer


ROUTES = [
    Route("/static/{name}", static),
    Route("/language", language, methods=["POST"]),
    *pictures.ROUTES,
]
