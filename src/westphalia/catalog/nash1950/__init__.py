"""Bill and Jack barter nine goods without money: the example of Nash 1950."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING

from westphalia.labels import ACTOR, ISSUE, OPTION, described

if TYPE_CHECKING:
    import xarray as xr

GIVEN = {"Bill": ("book", "whip", "ball", "bat"), "Jack": ("pen", "toy", "knife")}
"""What each gives in the solution printed in the paper."""

GAINS = {"Bill": 12.0, "Jack": 5.0}
"""Each one's gain in the solution, as printed."""


def load_goods() -> list[dict[str, str]]:
    """Return the table of goods, a row a dict; the file's first lines say where it comes from."""
    text = resources.files(__name__).joinpath("goods.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def load_inputs() -> xr.Dataset:
    """Return the barter as deal inputs: each good is an issue, kept or given, and no deal is worth 0."""
    import xarray as xr

    goods = load_goods()
    value = [
        [[0.0, float(good[party]) * (-1 if good["owner"] == party else 1)] for good in goods]
        for party in GAINS
    ]
    data = xr.Dataset(
        {
            "option_value": ((ACTOR, ISSUE, OPTION), value),
            "option_count": (ISSUE, [2] * len(goods)),
            "option_label": ((ISSUE, OPTION), [["kept", "given"]] * len(goods)),
            "base_utility": (ACTOR, [0.0, 0.0]),
            "reservation": (ACTOR, [0.0, 0.0]),
            "is_party": (ACTOR, [True, True]),
        },
        coords={ACTOR: list(GAINS), ISSUE: [good["good"] for good in goods]},
    )
    return described(data)
