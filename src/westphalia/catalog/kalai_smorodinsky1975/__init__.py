"""Sets of attainable utilities given by their corners: the pair of Kalai and Smorodinsky 1975, and traps.

`S` and `T` are the sets they hold against Nash's solution: every level of the first party allows the
second at least as much in `T` as in `S`, and yet Nash's solution gives the second party less. The
other two are made here, to test units and ties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from westphalia.labels import ACTOR, ISSUE, OPTION, described

if TYPE_CHECKING:
    import xarray as xr

Name = Literal["S", "T", "triangle", "flat_top"]

CORNERS: dict[Name, tuple[tuple[float, float], ...]] = {
    "S": ((0.0, 0.0), (0.0, 1.0), (0.75, 0.75), (1.0, 0.0)),
    "T": ((0.0, 0.0), (0.0, 1.0), (1.0, 0.7), (1.0, 0.0)),
    "triangle": ((0.0, 0.0), (10.0, 0.0), (0.0, 5.0)),
    "flat_top": ((0.0, 0.0), (0.0, 4.0), (6.0, 4.0), (10.0, 0.0)),
}


def load_inputs(name: Name) -> xr.Dataset:
    """Return a set as deal inputs: one issue whose options are the corners, and no deal at the origin.

    With lotteries over packages the attainable utilities are the set; without, its corners.
    """
    import xarray as xr

    corners = CORNERS[name]
    data = xr.Dataset(
        {
            "option_value": (
                (ACTOR, ISSUE, OPTION),
                [[[corner[at] for corner in corners]] for at in (0, 1)],
            ),
            "option_count": (ISSUE, [len(corners)]),
            "base_utility": (ACTOR, [0.0, 0.0]),
            "reservation": (ACTOR, [0.0, 0.0]),
            "is_party": (ACTOR, [True, True]),
        },
        coords={ACTOR: ["first", "second"], ISSUE: ["point"]},
    )
    return described(data)
