"""The bargaining range that a war stated as no deal leaves between its two sides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.case.schema import War
from westphalia.charts.chart import Chart
from westphalia.charts.deals_war import war_range
from westphalia.charts.words import percent, spread
from westphalia.labels import ACTOR
from westphalia.language import decimal, said
from westphalia.methods.deals.war import bargaining_range
from westphalia.report.deals_packages import names_of
from westphalia.report.grid import Part
from westphalia.runs.deals import Deals


def war_parts(deals: Deals, language: str) -> Iterator[Part]:
    """Yield for each war what it is worth to its sides, and the range that follows."""
    names = names_of(deals, language)
    for war in _wars(deals):
        first, second = (f"{names[side]} {_worth(deals, side)}" for side in war.between)
        width = spread(_range(deals, war)["range_width"].values)
        sentences = (
            said(
                "Without a deal there is war, worth to {first} and to {second} where 1 is all one wants.",
                first=first,
                second=second,
            ),
            said(
                "Could what is at stake be divided freely, the divisions that both prefer to war would span "
                "{median} of it at the median (90 %: {low90} to {high90}).",
                **{name: percent(max(0.0, value)) for name, value in width.items()},
            ),
        )
        title = said("What the war leaves to bargain over")
        yield Part(f"war-{war.id}", title, sentences, (), f"war-range-{war.id}")


def war_charts(deals: Deals, language: str) -> Iterator[Chart]:
    """Yield the picture of each war's range."""
    names = names_of(deals, language)
    for war in _wars(deals):
        yield war_range(_range(deals, war), names, war.id)


def _wars(deals: Deals) -> list[War]:
    known = names_of(deals, "en")
    return [war for war in deals.document.case.wars if all(side in known for side in war.between)]


def _worth(deals: Deals, side: str) -> str:
    held = spread(np.atleast_1d(deals.drawn["reservation"].sel({ACTOR: side}).values))
    show = {name: decimal(f"{value:.2f}".replace("-", "−")) for name, value in held.items()}
    return said("{median} (90 %: {low90} to {high90})", **show)


def _range(deals: Deals, war: War) -> xr.Dataset:
    """Return the range by draw: what war is worth net of its cost is what each side must get."""
    worth = deals.drawn["reservation"].sel({ACTOR: list(war.between)}).clip(0.0, 1.0)
    return bargaining_range(worth, 0.0)
