"""Charts as still pictures of their own address, drawn when a browser first asks, on light and dark paper.

The page itself waits for no picture. Where scripts run, `figures.js` draws each chart anew at the width
of the screen.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.charts.style import ON_DARK
from westphalia.report.page import live

_MOST = 600
_LIGHT, _DARK = "light", "dark"


class _Book:
    """The charts that pages have shown lately, and their drawings; the oldest are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._charts: OrderedDict[str, Chart] = OrderedDict()
        self._drawn: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def name(self, chart: Chart) -> str:
        """Return the name under which the chart can be asked for."""
        content = json.dumps(chart.spec, sort_keys=True, default=str)
        name = hashlib.sha256(content.encode("utf-8")).hexdigest()[:24]
        with self._lock:
            _keep(self._charts, name, chart)
        return name

    def drawn(self, name: str, paper: str) -> bytes | None:
        """Return the drawing of a chart as SVG, None if no page has shown it lately."""
        with self._lock:
            if (name, paper) in self._drawn:
                return self._drawn[name, paper]
            chart = self._charts.get(name)
        if chart is None:
            return None
        svg = draw.svg(_on_dark(chart) if paper == _DARK else chart).encode("utf-8")
        with self._lock:
            _keep(self._drawn, (name, paper), svg)
        return svg


def _keep(held: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    held[key] = value
    held.move_to_end(key)
    while len(held) > _MOST:
        held.popitem(last=False)


def _on_dark(chart: Chart) -> Chart:
    turned: dict[str, Any] = json.loads(
        json.dumps(chart.spec), object_hook=lambda part: {key: _turned(value) for key, value in part.items()}
    )
    return replace(chart, spec=turned)


def _turned(value: Any) -> Any:
    if isinstance(value, list):
        return [_turned(one) for one in value]
    return ON_DARK.get(value, value) if isinstance(value, str) else value


_BOOK = _Book()


def picture(chart: Chart) -> Markup:
    """Return the element that shows a chart as a still picture; its frame says what it shows."""
    name = _BOOK.name(chart)
    return Markup(
        '<picture><source media="(prefers-color-scheme: dark)" srcset="/pictures/{0}-dark.svg">'
        '<img src="/pictures/{0}-light.svg" alt="" loading="lazy"></picture>'
    ).format(name)


def spec(chart: Chart) -> Markup:
    """Return the chart's spec as data for the script that draws it anew."""
    return live(chart)


def still(request: Request) -> Response:
    """Answer a drawing; it never changes under its name."""
    svg = _BOOK.drawn(request.path_params["name"], request.path_params["paper"])
    if svg is None:
        raise HTTPException(404)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=86400"})


ROUTES = [Route("/pictures/{name:str}-{paper:str}.svg", still)]
