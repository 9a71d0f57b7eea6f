"""The challenge model straight from its formulas: plain Python, clear and slow.

The compiled kernels are tested against this. One issue, one draw, every actor takes part. Symbols
are those of docs/methods/challenge.md: x position, s salience, w weight (capability times
salience), r risk exponent, span the range R.
"""

from __future__ import annotations

from dataclasses import dataclass

TIE = 1e-9


@dataclass(frozen=True)
class Rules:
    """Where the two readings part; the defaults are those of the reading ``scholz-code``."""

    all_pairs: bool = True
    viewer_risk: bool = True
    voter_risk: bool = True
    by_average: bool = True
    conflict_moves: bool = True
    capitulation: bool = False
    q: float = 1.0


SCHOLZ = Rules()
PRINTED = Rules(all_pairs=False, viewer_risk=False, voter_risk=False, by_average=False, capitulation=True)


def median(x, w):
    """The lowest position at which half of the weight is reached."""
    half, total = sum(w) / 2, 0.0
    for position, weight in sorted(zip(x, w, strict=True)):
        total += weight
        if total >= half * (1 - TIE):
            return position
    raise AssertionError("the weights sum to nothing")


def vote(k, a, b, x, w, exponent, span):
    """What voter k throws in for position a against position b."""
    return w[k] * ((abs(x[k] - b) / span) ** exponent[k] - (abs(x[k] - a) / span) ** exponent[k])


def constant(x, w, exponent, span):
    """The votes over all ordered pairs of actors' positions, in size."""
    return sum(abs(vote(k, a, b, x, w, exponent, span)) for k in range(len(x)) for a in x for b in x)


def win_odds(i, j, x, w, exponent, span, rules, all_votes):
    """P of i against j; no contest where both stand at the same place."""
    if abs(x[i] - x[j]) <= TIE * span:
        return 0.0
    votes = [vote(k, x[i], x[j], x, w, exponent, span) for k in range(len(x))]
    whole = all_votes if rules.all_pairs else sum(map(abs, votes))
    return sum(v for v in votes if v > 0) / whole


def expected(i, j, p, r, x, s, mu, span, q):
    """E(U) of i challenging j with odds p, seen with risk exponent r."""
    distance = abs(x[i] - x[j]) / span
    success = 2 - 4 * (0.5 - 0.5 * distance) ** r
    failure = 2 - 4 * (0.5 + 0.5 * distance) ** r
    stays = 2 - 4 * 0.5**r
    both = (abs(x[i] - mu) + abs(x[i] - x[j])) / span
    better = 2 - 4 * (0.5 - 0.25 * both) ** r
    worse = 2 - 4 * (0.5 + 0.25 * both) ** r
    comes_nearer = abs(x[i] - mu) < abs(x[i] - x[j]) - TIE * span
    unchallenged = q * stays + (1 - q) * (better if comes_nearer else worse)
    return s[j] * (p * success + (1 - p) * failure) + (1 - s[j]) * success - unchallenged


def risk_exponents(x, w, s, span, rules):
    """Risk exponents from how secure each actor is against the challenges of all others."""
    n, ones, mu = len(x), [1.0] * len(x), median(x, w)
    all_votes = constant(x, w, ones, span)
    danger = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        odds = {j: win_odds(j, i, x, w, ones, span, rules, all_votes) for j in others}
        danger.append(sum(expected(j, i, odds[j], 1.0, x, s, mu, span, rules.q) for j in others))
    high, low = max(danger), min(danger)
    if high - low <= TIE:
        return ones
    risk = [(2 * d - high - low) / (high - low) for d in danger]
    return [(1 - a / 3) / (1 + a / 3) for a in risk]


def dyad(i, j, r, x, w, s, span, rules, all_votes):
    """(E(U_ij), E(U_ji)) as i sees them."""
    exponent = r if rules.voter_risk else [1.0] * len(x)
    mu = median(x, w)
    p_ij = win_odds(i, j, x, w, exponent, span, rules, all_votes)
    p_ji = win_odds(j, i, x, w, exponent, span, rules, all_votes)
    r_other = r[i] if rules.viewer_risk else r[j]
    return (
        expected(i, j, p_ij, r[i], x, s, mu, span, rules.q),
        expected(j, i, p_ji, r_other, x, s, mu, span, rules.q),
    )


def offer(i, j, ours, theirs, x, rules):
    """(order, key, target) of what i must concede to j, or None."""
    if theirs <= TIE:
        return None
    if ours > TIE:
        yields = theirs > ours + TIE and rules.conflict_moves
        return (0, abs(x[i] - x[j]), x[j]) if yields else None
    if ours >= -TIE:
        return None
    if theirs > -ours + TIE:
        target = x[i] + (x[j] - x[i]) * abs(ours / theirs)
        average = (abs(ours) * x[i] + abs(theirs) * x[j]) / (abs(ours) + abs(theirs))
        return (1, average if rules.by_average else abs(x[i] - target), target)
    return (2, abs(x[i] - x[j]), x[j]) if rules.capitulation else None


def better(new, old, span):
    """Whether an offer goes before another: by kind, then key, then the lower target."""
    if old is None or new[0] != old[0]:
        return old is None or new[0] < old[0]
    if abs(new[1] - old[1]) > TIE * span:
        return new[1] < old[1]
    return new[2] < old[2] - TIE * span


def play_round(x, w, s, span, rules):
    """One round: (risk exponents, table of dyads, new positions, who moved each)."""
    n = len(x)
    r = risk_exponents(x, w, s, span, rules)
    all_votes = constant(x, w, r if rules.voter_risk else [1.0] * n, span)
    dyads, targets, movers = {}, [], []
    for i in range(n):
        best, by = None, -1
        for j in range(n):
            if abs(x[i] - x[j]) <= TIE * span:
                continue
            dyads[i, j] = dyad(i, j, r, x, w, s, span, rules, all_votes)
            made = offer(i, j, *dyads[i, j], x, rules)
            if made is not None and better(made, best, span):
                best, by = made, j
        targets.append(x[i] if best is None else best[2])
        movers.append(by)
    return r, dyads, targets, movers


def play(x, w, s, rounds, rules):
    """Positions at the start and after each round."""
    span = max(x) - min(x)
    path = [list(x)]
    for _ in range(rounds):
        path.append(play_round(path[-1], w, s, span, rules)[2] if span > 0 else list(x))
    return path
