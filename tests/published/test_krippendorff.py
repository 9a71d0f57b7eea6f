"""Krippendorff's alpha, as printed.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections A to E: two observers with
binary and with nominal data, and four observers of twelve units with missing values at four levels.
Krippendorff (2004), Content Analysis, 2nd ed., p. 254: alpha of two unitisings. Hayes and Krippendorff
(2007), Communication Methods and Measures 1, pp. 77-89, name the bootstrap's purpose, not its figures.
"""

from __future__ import annotations

import pytest

from westphalia.dossier.reliability import alpha
from westphalia.dossier.reliability_units import alpha_of_units

MISSING = None
FOUR = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, MISSING, MISSING, MISSING),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, MISSING, 3),
    (MISSING, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, MISSING),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, MISSING),
)


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_four_observers_with_missing_values(level, printed) -> None:
    found = alpha(zip(*FOUR, strict=True), level)
    assert found.value == pytest.approx(printed, abs=0.0005)
    assert (found.units, found.values) == (11, 40)


def test_two_observers_of_binary_data() -> None:
    meg = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0)
    owen = (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    assert alpha(zip(meg, owen, strict=True)).value == pytest.approx(0.095, abs=0.0005)


def test_two_observers_of_nominal_data() -> None:
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert alpha(zip(ben, gerry, strict=True)).value == pytest.approx(0.692, abs=0.0005)


# Observers i and j of Krippendorff (2004, p. 254) on the continuum from 150 to 450.
SECTIONS = (
    ((225, 70, "c"), (370, 30, "c"), (180, 60, "k"), (300, 50, "k")),
    ((220, 80, "c"), (355, 20, "c"), (400, 20, "c"), (180, 60, "k"), (300, 50, "k")),
)


def test_two_unitisings() -> None:
    units = [[(begin - 150, begin - 150 + length, kind) for begin, length, kind in one] for one in SECTIONS]
    found = alpha_of_units(units, 300)
    assert found.by_kind["c"] == pytest.approx(0.7286, abs=0.00005)
    assert found.by_kind["k"] == 1.0
    # Printed as 0.8591, made of the disagreements as rounded there: 0.0144, 0.0532 and 0.0490.
    least, most = (1 - (0.0144 + off) / (0.0532 + 0.0490 - 2 * off) for off in (0.00005, -0.00005))
    assert least <= found.alpha_u <= most
    assert least <= 0.8591 <= most
