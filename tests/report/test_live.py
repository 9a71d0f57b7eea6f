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
    "--window-size=1200,2000",
)


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to open the page in")
def test_every_picture_is_drawn_live_though_code_from_text_is_refused(tmp_path: Path) -> None:
    page = changed(build(cases.study()), 'rootMargin:"300px"', 'rootMargin:"90000px"')
    pictures = page.count("<figure ")
    assert pictures >= 6
    assert drawn(page, tmp_path) == [True] * pictures
    compiling = changed(page, "ast:true", "ast:false")
    assert drawn(compiling, tmp_path) == [False] * pictures


def changed(page: str, old: str, new: str) -> str:
    """Return the page with something of its script replaced, and the policy made to know that script."""
    script = page.split('<script type="module">')[1].split("</script>")[0]
    other = script.replace(old, new)
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
