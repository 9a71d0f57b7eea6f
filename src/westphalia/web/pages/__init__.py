"""The pages, a module each; `routes` gathers what they answer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from starlette.routing import Route


def routes() -> Iterator[Route]:
    """Yield the routes of all pages: those of `ROUTES` in each module, in the order of their names."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        yield from importlib.import_module(f"{__name__}.{found.name}").ROUTES
