"""The workbench put together: pages, faults, and the guard before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from westphalia.report.script import prepared
from westphalia.web.faults import HANDLERS
from westphalia.web.guard import Guard
from westphalia.web.pages import routes
from westphalia.web.settings import Bench, Settings
from westphalia.workspace.cases import Cases
from westphalia.workspace.database import Database
from westphalia.workspace.people import Audit, People
from westphalia.workspace.queue import Queue
from westphalia.workspace.worker import Workers

OWN_FOLDER = ".westphalia"
_JSON = ".json"


class Either:
    """Let a page be asked for as JSON: the address with ``.json`` is that of the page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request with the address of the page."""
        if scope["type"] == "http" and scope["path"].endswith(_JSON):
            path = scope["path"].removesuffix(_JSON)
            scope = {**scope, "path": "/" if path == "/index" else path, "wants_json": True}
        await self.app(scope, receive, send)


def create_app(settings: Settings) -> Starlette:
    """Return the workbench for a folder of cases; its worker runs while the application does.

    Raises
    ------
    FileError: the folder or what the workbench keeps in it cannot be read.
    """
    bench = _bench(settings)
    app = Starlette(
        routes=[*routes()],
        exception_handlers=HANDLERS,  # type: ignore[arg-type]
        middleware=[
            Middleware(Guard, settings=settings, people=bench.people, audit=bench.audit),
            Middleware(Either),
        ],
        lifespan=_working,
    )
    app.state.bench = bench
    return app


def _bench(settings: Settings) -> Bench:
    own = settings.folder / OWN_FOLDER
    database = Database(own / "workspace.sqlite")
    return Bench(
        settings=settings,
        cases=Cases(settings.folder, sources=settings.sources),
        queue=Queue(database, own / "runs"),
        people=People(database),
        audit=Audit(database),
    )


@asynccontextmanager
async def _working(app: Starlette) -> AsyncIterator[None]:
    """Keep the worker at work while the server is up; the pictures' script is made ready meanwhile."""
    prepared()
    settings = app.state.bench.settings
    workers = Workers(settings.folder, sources=settings.sources)
    workers.start()
    try:
        yield
    finally:
        workers.stop()
