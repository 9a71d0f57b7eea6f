"""Names and texts that would be markup, on every page and in the report: they stay text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import valley
from driven import Caller, Workbench, followed, visiting

pytestmark = pytest.mark.browser

SHOT = "document.documentElement.dataset.shot='1'"
MARKUP = [
    f"<script>{SHOT}</script>",
    f'"><img src=x onerror="{SHOT}">',
    f"</script><script>{SHOT}</script>",
    f'<svg onload="{SHOT}"><a href="javascript:{SHOT}"></svg>',
    f"</textarea></title></style><iframe srcdoc='<script>parent.{SHOT}</script>'></iframe>",
    "{{ 7777 * 7 }} {% raw %} ${7777*7} %(num)d {0.__class__}",
    "<!--<script>-->' onmouseover='alert(1)' x='",
    "<base href=https://elsewhere.example/><form action=https://elsewhere.example/>",
]
TEXT = "\n\n".join(
    f'North said that it would stay. {each} "We shall never {each} give way", South said.' for each in MARKUP
)
ELEMENTS = "img:not([src^='/pictures/']), iframe, base, svg a, [onload], [onerror], [onmouseover]"


@pytest.fixture(scope="module")
def source(bench: Workbench) -> str:
    """A source whose text and name are markup, in a case whose names are."""
    with contextlib.closing(Caller(bench)) as caller:
        assert caller.submit("/cases", title=f"Talks on the valley {MARKUP[0]}").startswith("/cases/")
        case = caller.get("/index.json").json()["cards"]
        name = next(card["name"] for card in case if card["name"].startswith("talks"))
        file = bench.folder / name / "case.yaml"
        text = file.read_text(encoding="utf-8")
        for at, plain in enumerate(("name: North", "name: South", "name: The alliance")):
            assert plain in text
            text = text.replace(plain, f"{plain[:6]}{quoted(plain[6:] + MARKUP[at + 1])}")
        question = "Where will the border run?"
        text = text.replace(question, quoted(question + MARKUP[4]), 1)
        file.write_text(text, encoding="utf-8")
        path = valley.put_in(caller, TEXT, f"{MARKUP[1]}.txt".replace("/", "-"), f"/cases/{name}")
        caller.run(name, "forecast", draws=20, name=MARKUP[2])
        return path


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture
def page(browser: Any, bench: Workbench, source: str) -> Iterator[Any]:
    with visiting(browser, bench) as visited:
        yield visited


def is_text(page: Any) -> None:
    """The markup did nothing, and made nothing."""
    assert page.evaluate("document.documentElement.dataset.shot") is None
    assert page.locator(ELEMENTS).count() == 0
    assert str(7777 * 7) not in page.locator("main").inner_text()


def test_markup_stays_text_on_every_page(page: Any, bench: Workbench, source: str) -> None:
    case, _, rest = source.partition("/sources/")
    pages = ["", "/actors", "/actors/north", "/issues", "/issues/border", "/stands", "/stands/north/border",
             "/sources", f"/sources/{rest}", f"/sources/{rest}/about", f"/sources/{rest}/code?start=0&end=90",
             f"/coding/{rest}", "/coders", "/file", "/history", "/runs", "/runs/1", "/deals", "/stability",
             "/doubt", "/report", "/export"]  # fmt: skip
    for rest in pages:
        answer = page.goto(bench.base + case + rest)
        page.wait_for_load_state("load")
        assert answer.status == 200, rest
        is_text(page)
    page.goto(bench.base)
    is_text(page)
    assert MARKUP[0] in page.locator("main").inner_text()


def test_each_suggestion_shows_the_words_as_they_are(page: Any, bench: Workbench, source: str) -> None:
    page.goto(bench.base + source.replace("/sources/", "/coding/"))
    page.get_by_role("button", name="Accept").wait_for()
    seen = page.locator("blockquote").inner_text()
    for _ in range(4):
        following = page.get_by_role("link", name=re.compile("^Next j"))
        if not following.count():
            break
        followed(page, following)
        is_text(page)
        seen += page.locator("blockquote").inner_text()
    assert f"<script>{SHOT}</script>" in seen


def test_the_report_holds_it_as_text(browser: Any, bench: Workbench, source: str, tmp_path: Path) -> None:
    case = source.partition("/sources/")[0]
    with contextlib.closing(Caller(bench)) as caller:
        without = [
            box
            for box in re.findall(r'name="without" value="([^"]+)"', caller.get(f"{case}/report").text)
            if box != "forecast"
        ]
        run = caller.run(case.rpartition("/")[2], "report", draws=20, without=",".join(without))
        made = caller.get(f"{case}/runs/{run.rpartition('/')[2]}/files/report.html")
    file = tmp_path / "report.html"
    file.write_bytes(made.content)
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.dataset.shot") is None
        assert page.locator("iframe, base, [onload], [onerror], [onmouseover]").count() == 0
        assert MARKUP[0] in page.locator("h1").first.inner_text()
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
