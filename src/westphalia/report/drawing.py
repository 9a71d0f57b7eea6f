"""Draw the pictures of a page on two processors: drawing holds the interpreter's lock."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from westphalia.charts import draw
from westphalia.charts.chart import Chart

_WORK = (
    "import json, sys, vl_convert\n"
    "version = sys.argv[1]\n"
    "vl_convert.vegalite_to_svg({'mark': 'point'}, vl_version=version, allowed_base_urls=[])\n"
    "drawn = [vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])\n"
    "         for spec in json.loads(sys.stdin.buffer.read())]\n"
    "sys.stdout.buffer.write(json.dumps(drawn).encode())"
)
"""What the helper runs: our own text, and specs, in which what a case says is data. It draws nothing first,
which takes as long as ten pictures."""

_TIME = 60
"""Seconds after which a helper that does not answer is left alone."""


class Helper:
    """A process that gets ready to draw as soon as it is made; one that fails costs time and no picture."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _WORK, draw.VEGA_LITE]
        pipe = subprocess.PIPE
        try:
            self.process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError:
            self.process = None

    def __enter__(self) -> Helper:
        """Begin; the process is there already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, if something went wrong before it had anything to draw."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def svgs(self, charts: Sequence[Chart]) -> dict[str, str]:
        """Return all pictures by the ids of their charts, three of five drawn by the helper; it ends then."""
        others = [chart for at, chart in enumerate(charts) if at % 5 in (1, 3)]
        given = [chart for at, chart in enumerate(charts) if at % 5 not in (1, 3)]
        with ThreadPoolExecutor(max_workers=1) as aside:
            begun = aside.submit(self._drawn, given)
            pictures = {chart.id: draw.svg(chart) for chart in others}
            pictures |= begun.result()
        return pictures | {chart.id: draw.svg(chart) for chart in charts if chart.id not in pictures}

    def _drawn(self, charts: list[Chart]) -> dict[str, str]:
        """Return what the helper draws; nothing if it fails."""
        if self.process is None:
            return {}
        specs = json.dumps([chart.spec for chart in charts], allow_nan=False).encode()
        try:
            told, _ = self.process.communicate(specs, timeout=_TIME)
            drawn = json.loads(told) if self.process.returncode == 0 else []
        except (OSError, ValueError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.communicate()
            return {}
        return dict(zip((chart.id for chart in charts), drawn, strict=False))
