"""The page in a browser: its policy lets the script draw every picture anew."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.report import cases

from westphalia.report import build

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--window-size=1200,30000",
)


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to open the page in")
def test_every_picture_is_drawn_live_though_code_from_text_is_refused(tmp_path: Path) -> None:
    page = build(cases.study())
    pictures = page.count("<figure ")
    assert pictures >= 6
    assert drawn(page, tmp_path) == [True] * pictures
    assert drawn(compiling(page), tmp_path) == [False] * pictures


def compiling(page: str) -> str:
    """Return the page with a script, known to the policy, that makes code from the expressions of a spec."""
    script = page.split('<script type="module">')[1].split("</script>")[0]
    other = script.replace("ast:true", "ast:false")
    assert other != script
    return page.replace(script, other).replace(digest(script), digest(other))


def digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def drawn(page: str, folder: Path) -> list[bool]:
    """Open a page, and say of each of its pictures whether the script has drawn it."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'browser'}", "--dump-dom", file.as_uri()]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=120)
    shown = ran.stdout.decode("utf-8")
    return [found == "plot drawn" for found in re.findall(r'class="(plot[^"]*)"', shown)]
