"""Discourse networks read off their formulas, one pair, issue and stance after the other."""

from __future__ import annotations

import math


def weights(rows, count):
    """A_ijk as a dict by actor, issue and stance."""
    said = [{} for _ in range(count)]
    for actor, issue, stance, weight in rows:
        key = issue, None if math.isnan(stance) else stance
        said[actor][key] = said[actor].get(key, 0.0) + weight
    return said


def one_mode(rows, count, nominal):
    """Congruence, conflict and overlap by pair."""
    said = weights(rows, count)
    found = {}
    for i in range(count):
        for h in range(count):
            agree = differ = overlap = 0.0
            for (issue, k), one in said[i].items():
                for (other, m), two in said[h].items():
                    if issue != other or i == h:
                        continue
                    overlap += one * two
                    if k is None or m is None:
                        continue
                    apart = float(k != m) if nominal[issue] else abs(k - m)
                    agree += one * two * (1 - apart)
                    differ += one * two * apart
            found[i, h] = agree, differ, overlap
    return found


def dna_jaccard(rows, count):
    """What Discourse Network Analyzer's Jaccard divides by, for each pair."""
    said = weights(rows, count)
    found = {}
    for i in range(count):
        for h in range(count):
            both = sum(one * said[h][key] for key, one in said[i].items() if key in said[h])
            alone = sum(one for key, one in said[i].items() if key not in said[h])
            found[i, h] = both + alone + sum(two for key, two in said[h].items() if key not in said[i])
    return found
