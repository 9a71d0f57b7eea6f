"""Draw a chart as SVG or PNG: the same picture from the same chart, without a browser or a network."""

from __future__ import annotations

import json
from typing import Any

from westphalia.charts.chart import Chart
from westphalia.charts.style import PAPER
from westphalia.errors import CallError

VEGA_LITE = "6.4"
"""The version of Vega-Lite that draws, here and in the page."""

_SCALES = (0.1, 10.0)


def svg(chart: Chart) -> str:
    """Return the picture as SVG with a clear background, without a title; the same chart, the same text."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(_plain(chart.spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn


def png(chart: Chart, scale: float = 2.0) -> bytes:
    """Return the picture with its title and notes as PNG on white paper, `scale` pixels a point.

    Raises
    ------
    CallError: `scale` is not between 0.1 and 10.
    """
    import vl_convert

    low, high = _SCALES
    if not low <= scale <= high:
        raise CallError(
            f"The scale of a picture is {scale:g}.", code="bad-scale", hint=f"Allowed: {low:g} to {high:g}."
        )
    config = {**chart.spec["config"], "background": PAPER}
    spec = {**chart.titled().spec, "config": config}
    drawn: bytes = vl_convert.vegalite_to_png(
        _plain(spec), vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]
    )
    return drawn


def _plain(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the spec as plain JSON data; NaN and infinities are refused here, not drawn as gaps."""
    plain: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    return plain
