"""Numbers, quantiles and labels made ready to be read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from westphalia.charts.style import LABEL
from westphalia.language import decimal, said

SHARES = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
"""The quantiles every spread is shown by: the median, and the middle 50 % and 90 % of the draws."""

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def quantiles(lowest: str = "5 %") -> tuple[tuple[str, str], ...]:
    """Return the fields of a `spread` with their heads; the lowest may say of what they are."""
    return (
        ("low90", lowest),
        ("low50", "25 %"),
        ("median", said("median")),
        ("high50", "75 %"),
        ("high90", "95 %"),
    )


def spread(draws: FloatArray, shares: Mapping[str, float] = SHARES) -> dict[str, float]:
    """Return the quantiles of the draws that the pictures show, `draws` one-dimensional."""
    found = np.quantile(np.asarray(draws, dtype=float), list(shares.values()))
    return {name: float(f"{value:.5g}") for name, value in zip(shares, found, strict=True)}


def number(value: float, length: float = 100.0) -> str:
    """Return a value of a scale of that length in the digits that mean something: about 1 in 100."""
    decimals = 0 if length <= 0 else max(0, 2 - int(np.floor(np.log10(length) + 1e-9)))
    text = f"{value:.{decimals}f}"
    return decimal(text.replace("-", "−") if float(text) else text.lstrip("-"))


def percent(share: float) -> str:
    """Return a share as whole per cent; what is neither none nor all never reads as 0 or 100."""
    if 0 < share <= 0.005:
        return said("under 1 %")
    if 0.995 <= share < 1:
        return said("over 99 %")
    return f"{share * 100:.0f} %"


def broken(text: str, width: int = LABEL, lines: int = 2) -> str:
    """Return a label set in at most so many lines, with an ellipsis where it does not fit."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …")) or text


def row_labels(names: Mapping[str, str], lines: int = 2) -> dict[str, str]:
    """Return a label for each id: its name in lines; what would read alike gets the id beside it."""
    labels = {key: broken(name, lines=lines) for key, name in names.items()}
    counted = list(labels.values())
    return {
        key: label if counted.count(label) == 1 else f"{broken(names[key], lines=1)}\n({key})"
        for key, label in labels.items()
    }


def listed(words: Iterable[str]) -> str:
    """Return the words as a list in a sentence: a, b and c."""
    several: Sequence[str] = tuple(words)
    if len(several) < 2:
        return "".join(several)
    return said("{first} and {last}", first=", ".join(several[:-1]), last=several[-1])
