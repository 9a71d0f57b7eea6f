"""What each solution settles on: its package issue by issue, each on the scale of the issue's options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from westphalia.charts.chart import Chart, Column, Row, Table
from westphalia.charts.deals import NamedPackage, look_of
from westphalia.charts.style import GRID, INK, PAPER, row_axis, spec, tips
from westphalia.charts.words import broken, row_labels
from westphalia.language import marked, said, said_n

KEY = marked(
    "Each band is an issue, from its first option at the left to its last at the right. A mark stands where "
    "the package settles it; a line spans the packages that are equally good."
)
LANE = 20
WORDS, BRIEF = 46, 16
"""Most characters beside a mark, and where the picture is narrow; the table holds them all."""

NARROW = 420
"""Points of width below which the words beside the marks are brief."""


def packages(shown: Sequence[NamedPackage], issues: Mapping[str, str]) -> Chart:
    """Return the picture of packages side by side.

    Parameters
    ----------
    shown: the packages, at least one, each with a spot on every issue.
    issues: what each issue asks, by id, in the order of the case.
    """
    labels = row_labels(issues, lines=3)
    rows = [
        _row(package, lane, issue, labels[issue], issues[issue])
        for issue in issues
        for lane, package in enumerate(shown)
    ]
    unit = said("0 to 1 of the options")
    columns = (
        Column("issue", said("issue")),
        Column("package", said("package")),
        Column("words", said("settled at")),
        Column("at", said("place"), unit),
        Column("low", said("equally good from"), unit),
        Column("high", said("equally good to"), unit),
    )
    return Chart(
        id="deal-packages",
        title=said("What each solution settles on"),
        sentence=_sentence(shown, issues),
        spec=_spec(rows, [labels[issue] for issue in issues], shown),
        table=Table(columns, tuple(rows)),
        key=said(KEY),
    )


def _row(package: NamedPackage, lane: int, issue: str, label: str, question: str) -> Row:
    spot = package.spots[issue]
    return {
        "issue": question,
        "label": label,
        "package": package.name,
        "lane": lane,
        "words": spot.words,
        "short": broken(spot.words, WORDS, lines=1),
        "brief": broken(spot.words.partition(": ")[0], BRIEF, lines=1),
        "at": round(spot.at, 4),
        "low": round(spot.low, 4),
        "high": round(spot.high, 4),
    }


def _sentence(shown: Sequence[NamedPackage], issues: Mapping[str, str]) -> str:
    picked = [package for package in shown if package.kind not in ("expected", "reverted")]
    if not picked:
        return said("No bargaining solution picks a package, since none that all accept was found.")
    same = [issue for issue in issues if len({package.spots[issue].words for package in picked}) == 1]
    if len(picked) == 1:
        return said("All bargaining solutions pick the same package.")
    return said_n(
        "The bargaining solutions pick {packages} packages; they agree on {same} of {n} issue.",
        "The bargaining solutions pick {packages} packages; they agree on {same} of {n} issues.",
        len(issues),
        packages=len(picked),
        same=len(same),
    )


def _spec(rows: list[Row], order: list[str], shown: Sequence[NamedPackage]) -> dict[str, Any]:
    across = {
        "type": "quantitative",
        "scale": {"domain": [-0.02, 1.02], "nice": False},
        "axis": {
            "title": said("first option … last option of the issue"),
            "values": [0, 0.25, 0.5, 0.75, 1],
            "labels": False,
            "ticks": False,
        },
    }
    down = {**row_axis(order), "scale": {"domain": order, "paddingInner": 0.1, "paddingOuter": 0.05}}
    lane = {"field": "lane", "type": "nominal", "scale": {"domain": list(range(len(shown)))}}
    tooltip = tips(("issue", said("issue")), ("package", said("package")), ("words", said("settled at")))
    both = {"y": down, "yOffset": lane, "tooltip": tooltip}
    tied = {"x": {"field": "low", **across}, "x2": {"field": "high"}, "color": look_of(shown, "color")}
    mark = {
        "x": {"field": "at", **across},
        "color": look_of(shown, "color"),
        "shape": look_of(shown, "shape"),
    }
    point = {"type": "point", "filled": True, "size": 100, "opacity": 1, "stroke": PAPER, "strokeWidth": 0.8}
    bands = {
        "mark": {"type": "bar", "color": GRID, "opacity": 0.25},
        "transform": [{"filter": "datum.lane === 0"}],
        "encoding": {"y": down, "x": {"value": 0}, "x2": {"value": "width"}},
    }
    layers: list[dict[str, Any]] = [
        bands,
        {"mark": {"type": "rule", "strokeWidth": 3}, "encoding": {**tied, **both}},
        {"mark": point, "encoding": {**mark, **both}},
        *(_words(across, both, is_right) for is_right in (True, False)),
    ]
    return spec(rows, layers, height=LANE * len(shown) * len(order) + 8)


def _words(across: dict[str, Any], both: dict[str, Any], is_right: bool) -> dict[str, Any]:
    """Return the words beside the marks: right of those in the left half, left of the others."""
    end = "high" if is_right else "low"
    side = {"align": "left", "dx": 10} if is_right else {"align": "right", "dx": -10}
    return {
        "transform": [
            {"filter": "datum.at <= 0.5" if is_right else "datum.at > 0.5"},
            {"calculate": f"width < {NARROW} ? datum.brief : datum.short", "as": "said"},
        ],
        "mark": {"type": "text", "baseline": "middle", "fontSize": 11, "color": INK, **side},
        "encoding": {"x": {"field": end, **across}, "text": {"field": "said"}, **both},
    }
