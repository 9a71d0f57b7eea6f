"""The script of the page: Vega, Vega-Lite and our own in one file."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from importlib import resources

from westphalia.charts.draw import VEGA_LITE

_MAKE = (
    "import sys, vl_convert;"
    "own = sys.stdin.buffer.read().decode('utf-8');"
    "made = vl_convert.javascript_bundle(own, vl_version=sys.argv[1]);"
    "sys.stdout.buffer.write(made.encode('utf-8'))"
)


@lru_cache(maxsize=1)
def prepared() -> Future[str]:
    """Begin to make the script, so that it is ready when the page is; takes a second of another processor.

    Bundling holds the interpreter's lock, hence a process of its own.
    """
    pool = ThreadPoolExecutor(max_workers=1)
    begun = pool.submit(_bundle)
    pool.shutdown(wait=False)
    return begun


@lru_cache(maxsize=1)
def script() -> str:
    """Return the script, safe to stand inside a script element; it is made once a process."""
    return prepared().result().replace("\r\n", "\n").replace("</script", "<\\/script")


def _bundle() -> str:
    own = resources.files("westphalia.report").joinpath("template", "figures.js").read_text(encoding="utf-8")
    command = [sys.executable, "-c", _MAKE, VEGA_LITE]
    try:
        # The command is our own text; nothing of a case gets there.
        ran = subprocess.run(command, input=own.encode("utf-8"), capture_output=True, check=True, timeout=60)  # noqa: S603
        return ran.stdout.decode("utf-8")
    except (OSError, subprocess.SubprocessError):
        import vl_convert

        made: str = vl_convert.javascript_bundle(own, vl_version=VEGA_LITE)
        return made
