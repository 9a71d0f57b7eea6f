"""The page as one file: HTML, style, still pictures, and the script that brings them to life."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from westphalia.charts import draw
from westphalia.charts.chart import Chart
from westphalia.charts.style import FONT, INK, ON_DARK, config
from westphalia.errors import CallError, FileError
from westphalia.files import write_whole
from westphalia.language import decimal, said, speaking, spoken
from westphalia.report.context import Context, context
from westphalia.report.drawing import Helper
from westphalia.report.script import script
from westphalia.runs.deals import Deals
from westphalia.runs.doubt import Doubt
from westphalia.runs.stability import GraphStudy
from westphalia.runs.study import Study

_INSIDE_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

_SPARE = re.compile(
    r' (?:class|font-family|pointer-events|aria-[a-z]+|role)="[^"]*"| opacity="1"| stroke-width="1"'
    r'| font-size="12px"| font-weight="normal"| [xy]2="0"| transform="translate\(0,0\)"'
)
"""What an element of a still picture can do without: hooks for scripts, what its frame says once, and what
holds anyway."""

_EMPTY = re.compile(r'<path d="(?:|M0,0h0v0h0Z)"[^<>]*/>|<g></g>')
"""Elements of a still picture that draw nothing."""

_FINE = re.compile(r"(?<![\d.])\d+\.\d{3,}")
"""A length in a still picture that is finer than any eye."""


def build(
    study: Study,
    language: str = "en",
    deals: Deals | CallError | None = None,
    stability: GraphStudy | CallError | None = None,
    doubt: Doubt | CallError | None = None,
    helper: Helper | None = None,
) -> str:
    """Return the report of a study as one HTML text that asks the network for nothing.

    With `deals`, `stability` and `doubt` it has a chapter on each; if one is an error, it says why there
    is none. Texts of the case are given in `language` where the case has them. The same study gives the same
    text. Draws are summarised, not embedded. A `helper` that was made before the study is ready to draw
    when it is over; it ends here.
    """
    with speaking(language), helper or Helper() as hand:
        c = context(study, language, deals, stability, doubt)
        drawn = hand.svgs([*_charts(c)])
        code = script()
        page = _template().render(
            c=c,
            tongue_of_page=spoken(),
            style=_trusted(page_style()),
            script=_trusted(code),
            policy=_policy(code),
            looks=data_block({"config": config(), "dark": ON_DARK}),
            picture=lambda chart: still(drawn[chart.id]),
            spec=live,
            cell=cell,
            said=said,
            _=said,
        )
    return page


def write(
    study: Study,
    path: str | os.PathLike[str],
    language: str = "en",
    deals: Deals | CallError | None = None,
    stability: GraphStudy | CallError | None = None,
    doubt: Doubt | CallError | None = None,
    helper: Helper | None = None,
) -> Path:
    """Write the report of a study to a file and return its path; its folder is made if need be.

    A failed write leaves the old file. See `build` for the `helper`.

    Raises
    ------
    FileError: the file cannot be written there.
    """
    return _written(Path(path), build(study, language, deals, stability, doubt, helper).encode("utf-8"))


def write_pictures(
    study: Study,
    folder: str | os.PathLike[str],
    language: str = "en",
    deals: Deals | CallError | None = None,
    stability: GraphStudy | CallError | None = None,
    doubt: Doubt | CallError | None = None,
) -> tuple[Path, ...]:
    """Write every picture of a study as PNG and SVG into a folder, named by its id; return the files.

    Raises
    ------
    FileError: a file cannot be written there.
    """
    with speaking(language):
        charts = [*_charts(context(study, language, deals, stability, doubt))]
    drawn = {f"{chart.id}.svg": draw.svg(chart).encode("utf-8") for chart in charts}
    drawn |= {f"{chart.id}.png": draw.png(chart) for chart in charts}
    return tuple(_written(Path(folder) / name, content) for name, content in sorted(drawn.items()))


def _charts(c: Context) -> Iterator[Chart]:
    """Yield the pictures of a page in its order."""
    for chapter in c.chapters.values():
        yield from chapter.charts.values()
    for gallery in c.galleries:
        yield from gallery.charts


def _written(target: Path, content: bytes) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"The report cannot be written: {reason}.", code="file-unwritable", where=str(target)
        ) from None
    return target


def still(drawn: str) -> Markup:
    """Return a drawn picture to stand in the page: any width, shown to a reader by its frame's label."""
    width, height = re.findall(r'(?:width|height)="([\d.]+)"', drawn)[:2]
    look = f'font-family="{FONT}" font-size="12px" aria-hidden="true" focusable="false"'
    body = re.sub(r"<[a-z][^<>]*>", lambda tag: _slim(tag[0]), drawn[drawn.index(">") + 1 :])
    return _trusted(f'<svg viewBox="0 0 {width} {height}" {look}>{_bare(_EMPTY.sub("", body))}')


def _slim(tag: str) -> str:
    """Return a tag of a drawn picture without what it can do without, lengths to a tenth.

    Text in ink is the page's own and needs no colour.
    """
    tag = tag.replace(f' fill="{INK}"', "") if tag.startswith("<text") else tag
    return _FINE.sub(lambda length: f"{float(length[0]):.1f}".removesuffix(".0"), _SPARE.sub("", tag))


def _bare(drawn: str) -> str:
    """Return a drawn picture without groups that say nothing of what is in them."""
    kept: list[bool] = []

    def of(tag: re.Match[str]) -> str:
        if tag[0] != "</g>":
            kept.append(tag[0] != "<g>")
            return tag[0] if kept[-1] else ""
        return tag[0] if kept.pop() else ""

    return re.sub(r"<g(?: [^<>]*)?>|</g>", of, drawn)


def live(chart: Chart) -> Markup:
    """Return the chart's spec as data in a script element; what all specs share is there once."""
    return data_block({key: part for key, part in chart.spec.items() if key != "config"})


def data_block(data: Any) -> Markup:
    """Return data as JSON in which nothing reads as markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _INSIDE_SCRIPT.items():
        text = text.replace(character, escape)
    return _trusted(text)


def _trusted(text: str) -> Markup:
    """Return text that is markup by our own making: style, script, drawn pictures, escaped JSON."""
    return Markup(text)  # noqa: S704 - nothing a case says gets here unescaped; tests hold this


def _policy(script: str) -> str:
    """Return the policy of the page: no request to anywhere, no script but the one it was made with.

    The script has Vega read the expressions of a spec instead of compiling them, so code made from text
    is refused as well.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    allowed = f"script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def page_style() -> str:
    """Return the style of the page, with that of still pictures on dark paper."""
    return _file("style.css") + _dark_pictures()


def _dark_pictures() -> str:
    """Return the style that turns the colours of still pictures on dark paper."""
    rules = "".join(
        f".still [{name}='{light}']{{{name}:{dark}}}"
        for light, dark in ON_DARK.items()
        for name in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_unbroken,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _unbroken(value: Any) -> Any:
    """Keep a number and its per cent sign in one line; markup of our own making is left as it is."""
    return value.replace(" %", "\u00a0%") if type(value) is str else value


def _file(name: str) -> str:
    return resources.files("westphalia.report").joinpath("template", name).read_text(encoding="utf-8")


def cell(row: Mapping[str, Any], field: str) -> str:
    """Return a cell of a chart's table; numbers in at most four digits that mean something."""
    value = row.get(field)
    if isinstance(value, float):
        return decimal(f"{value:.4g}").replace("-", "−")
    return "" if value is None else str(value)
