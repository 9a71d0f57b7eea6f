"""Weighted plurality: which option of a nominal issue has the most weight behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import DRAW, ISSUE, OPTION, described
from westphalia.methods.arrays import Array, FloatArray, Frame, Weighting, framed, weighted
from westphalia.methods.examples import NOMINAL
from westphalia.registry import MethodSpec, register

if TYPE_CHECKING:
    import xarray as xr

TIE = 1e-9
"""Shares that differ by no more than this are equal."""


def _shares(choice: FloatArray, weight: FloatArray, options: int) -> FloatArray:
    """Return the share of weight behind each option (draw, issue, option)."""
    behind = np.stack([np.where(choice == at, weight, 0.0).sum(axis=1) for at in range(options)], axis=-1)
    shares: FloatArray = behind / weight.sum(axis=1)[..., None]
    return shares


def plurality(
    choice: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    option_count: xr.DataArray | None = None,
    *,
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return the share of weight behind each option, and the option with the largest share.

    Parameters
    ----------
    choice: (draw, actor, issue), place of the option in the issue's list, from 0.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand do not count and are not read.
    option_count: (issue), how many options each issue has; as many as are chosen unless given.
    weighting: what makes an actor count.

    Returns
    -------
    Dataset with `share` (draw, issue, option), 0 to 1 and 0 past the issue's options; `winner` (draw,
    issue), the first of the leading options; `is_tie` (draw, issue), whether others share the lead.
    Time is linear in draws, actors, issues and options.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a choice is no place in the list; nobody has
        weight on an issue.

    References
    ----------
    riker1982
    """
    inputs = {"choice": choice, "salience": salience, "capability": capability, "has_stand": has_stand}
    frame = framed(**inputs, **({} if option_count is None else {"option_count": option_count}))
    options = _checked_options(frame)
    share = _shares(frame["choice"], weighted(frame, weighting), options)
    leads = share >= share.max(axis=-1, keepdims=True) - TIE
    result = frame.labelled(
        share=((DRAW, ISSUE, OPTION), share),
        winner=((DRAW, ISSUE), np.argmax(leads, axis=-1)),
        is_tie=((DRAW, ISSUE), leads.sum(axis=-1) > 1),
    )
    return described(result, method=SPEC.id)


def _checked_options(frame: Frame) -> int:
    """Return the largest number of options after checking that every choice is among them."""
    choice: Array = frame["choice"]
    most = frame["option_count"][:, None, :] if "option_count" in frame.arrays else np.inf
    wrong = (choice != np.floor(choice)) | (choice >= most)
    if wrong.any():
        _, _, issue = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        raise CallError(
            f"A choice on '{frame.name_of(ISSUE, int(issue))}' is {choice.flat[int(np.argmax(wrong))]:g}.",
            code="value-out-of-range",
            where="choice",
            hint="A choice is the place of an option in the issue's list: 0, 1, 2 and so on.",
        )
    counted = frame["option_count"] if "option_count" in frame.arrays else choice + 1
    return int(counted.max())


SPEC = register(
    MethodSpec(
        id="plurality",
        title="Weighted plurality",
        question="Which option has the most weight behind it, and how large is its share?",
        family="spatial",
        run=plurality,
        outputs=("share", "winner", "is_tie"),
        takes="nominal",
        sources=("riker1982",),
        limits=(
            "Counts first choices only: an option that most would accept as their second loses to one "
            "that a large minority wants. The share is one of weight, not a probability."
        ),
        cost="Linear in draws, actors, issues and options.",
        invariances=("capability-unit",),
        aliases=("weighted_plurality",),
        example=NOMINAL,
    )
)
