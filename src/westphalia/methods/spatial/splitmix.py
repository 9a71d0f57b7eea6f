"""Random numbers that depend on names alone, for compiled kernels: rounds of SplitMix64."""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled

BIT_30, BIT_27, BIT_31, BIT_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
STEP = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def stirred(z: np.uint64, part: int) -> np.uint64:
    """Return 64 bits that depend on `z` and `part` alone: one round."""
    z = (z ^ np.uint64(part)) + STEP
    z = (z ^ (z >> BIT_30)) * MIX_1
    z = (z ^ (z >> BIT_27)) * MIX_2
    return z ^ (z >> BIT_31)


@compiled
def below_one(z: np.uint64) -> float:
    """Return 64 bits as a number from 0 to less than 1."""
    return float(z >> BIT_11) * 2.0**-53
