"""Compiled kernels of the challenge model; formulas and symbols as in docs/methods/challenge.md.

Everything happens at a `Table`, where actors sit in the order of their positions. So a vote between
two positions splits the voters at the midpoint, and prefix sums over the seats give the odds of all
pairs in O(n²) instead of O(n³).
"""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import FloatArray
from westphalia.methods.spatial.challenge_table import (
    CAPITULATES,
    COMPROMISES,
    GAINS_BY_COMPROMISE,
    NOTHING,
    PREVAILS,
    RECEIVES,
    TIE,
    YIELDS,
    Played,
    Rules,
    Table,
    middle,
    move_seats,
    new_table,
    note_moves,
    note_round,
    take_seats,
)


@compiled
def take_distances(t: Table, n: int, span: float) -> None:
    """Fill D, ln D, ln(.5 − .5 D) and ln(.5 + .5 D) of all pairs; D is a share of the range.

    Every power of the model has one of these as base; an exponential then gives it for any exponent.
    """
    for i in range(n):
        for j in range(i, n):
            distance = (t.x[j] - t.x[i]) / span
            t.far[i, j] = t.far[j, i] = distance
            t.near[i, j] = t.near[j, i] = np.log(distance)
            t.gain[i, j] = t.gain[j, i] = np.log(0.5 - 0.5 * distance)
            t.harm[i, j] = t.harm[j, i] = np.log(0.5 + 0.5 * distance)


@compiled
def spread(loss: FloatArray, k: int, n: int) -> float:
    """Return the sum over all ordered pairs (a, b) of |loss_a − loss_b|.

    `loss` rises from seat k to both sides: merging the two sides sorts it in O(n), and the value of
    rank m then counts 2 (2 m − n + 1) times.
    """
    total, left, right = 0.0, k, k + 1
    for rank in range(n):
        if right >= n or (left >= 0 and loss[left] <= loss[right]):
            value = loss[left]
            left -= 1
        else:
            value = loss[right]
            right += 1
        total += (2 * rank - n + 1) * value
    return 2 * total


@compiled
def count_votes(t: Table, n: int, is_linear: bool, all_pairs: bool, loss: FloatArray) -> float:
    """Fill votes[m, a] = Σ of w_k D_ka^r_k over the first m voters k; return the all-pairs constant.

    The constant is 0 where it is not wanted.
    """
    constant = 0.0
    for a in range(n):
        t.votes[0, a] = 0.0
    for k in range(n):
        for a in range(n):
            if a > 0 and t.x[a] == t.x[a - 1]:
                loss[a] = loss[a - 1]
            elif is_linear:
                loss[a] = t.w[k] * t.far[k, a]
            else:
                loss[a] = t.w[k] * np.exp(t.r[k] * t.near[k, a])
            t.votes[k + 1, a] = t.votes[k, a] + loss[a]
        if all_pairs:
            constant += spread(loss, k, n)
    return constant


@compiled
def weigh_odds(t: Table, n: int, constant: float) -> None:
    """Fill odds[i, j] of i against j; `constant` 0 means each pair's own votes make the whole.

    The voters nearer to the lower of two seats are those before the midpoint. As the upper seat
    moves up so does the midpoint, so the split is found by one walk per lower seat.
    """
    for i in range(n):
        t.odds[i, i] = 0.0
        split = i + 1
        for j in range(i + 1, n):
            t.odds[i, j] = t.odds[j, i] = 0.0
            while split < j and t.x[split] - t.x[i] < t.x[j] - t.x[split]:
                split += 1
            if t.far[i, j] <= TIE:
                continue
            below = t.votes[split, j] - t.votes[split, i]
            above = (t.votes[n, i] - t.votes[split, i]) - (t.votes[n, j] - t.votes[split, j])
            whole = constant if constant > 0 else below + above
            if whole > 0:
                t.odds[i, j], t.odds[j, i] = max(below, 0.0) / whole, max(above, 0.0) / whole


@compiled
def unchallenged(r: float, stays: float, q: float, to_median: float, distance: float) -> float:
    """Return Q U_sq + (1 − Q)(T U_b + (1 − T) U_w), the value of leaving the other alone.

    `stays` is U_sq. T is 1 where the other, moving to the median, comes nearer; distances are shares
    of the range.
    """
    if q == 1:
        return stays
    both = to_median + distance
    change = -0.25 * both if to_median < distance - TIE else 0.25 * both
    return float(q * stays + (1 - q) * (2 - 4 * max(0.5 + change, 0.0) ** r))


@compiled
def expected(odds: float, s: float, success: float, failure: float, alone: float) -> float:
    """Return E(U) of a challenge: the target resists with chance s, and then odds decide."""
    return s * (odds * success + (1 - odds) * failure) + (1 - s) * success - alone


@compiled
def assess_risk(t: Table, n: int, mu: float, span: float, q: float) -> None:
    """Fill r from how much all others expect of challenging each actor, with exponents 1.

    With r = 1 success is worth 2 D and failure −2 D, so no power is taken.
    """
    high, low = -np.inf, np.inf
    for i in range(n):
        danger = 0.0
        for j in range(n):
            if j != i:
                alone = unchallenged(1.0, 0.0, q, abs(t.x[j] - mu) / span, t.far[i, j])
                danger += expected(t.odds[j, i], t.s[i], 2 * t.far[i, j], -2 * t.far[i, j], alone)
        t.target[i] = danger
        high, low = max(high, danger), min(low, danger)
    for i in range(n):
        risk = (2 * t.target[i] - high - low) / (high - low) if high - low > TIE else 0.0
        t.r[i] = min(max((1 - risk / 3) / (1 + risk / 3), 0.5), 2.0)


@compiled
def fill_dyads(t: Table, n: int, mu: float, span: float, rules: Rules) -> None:
    """Fill ours[i, j] = E(U_ij) and theirs[i, j] = E(U_ji), both as i sees them."""
    for i in range(n):
        success = failure = 0.0
        stays = 2 - 4 * 0.5 ** t.r[i]
        for j in range(n):
            if j == 0 or t.x[j] != t.x[j - 1]:
                success = 2 - 4 * np.exp(t.r[i] * t.gain[i, j])
                failure = 2 - 4 * np.exp(t.r[i] * t.harm[i, j])
            alone = unchallenged(t.r[i], stays, rules.q, abs(t.x[i] - mu) / span, t.far[i, j])
            t.ours[i, j] = expected(t.odds[i, j], t.s[j], success, failure, alone)
            if rules.viewer_risk:
                alone = unchallenged(t.r[i], stays, rules.q, abs(t.x[j] - mu) / span, t.far[i, j])
                t.theirs[i, j] = expected(t.odds[j, i], t.s[i], success, failure, alone)
    if not rules.viewer_risk:
        for i in range(n):
            for j in range(n):
                t.theirs[i, j] = t.ours[j, i]


@compiled
def relation_of(ours: float, theirs: float) -> int:
    """Return what an actor expects of a pair, from its own chances and those of the other."""
    if ours > TIE and theirs > TIE:
        if abs(ours - theirs) <= TIE:
            return NOTHING
        return PREVAILS if ours > theirs else YIELDS
    if theirs > TIE and ours < -TIE:
        return COMPROMISES if theirs > -ours + TIE else CAPITULATES
    if ours > TIE and theirs < -TIE:
        return GAINS_BY_COMPROMISE if ours > -theirs + TIE else RECEIVES
    return NOTHING


@compiled
def choose(t: Table, n: int, span: float, rules: Rules) -> bool:
    """Set where each actor moves; return whether anybody does.

    Conflict goes before compromise before capitulation, then the least key: the length of the move,
    or for compromises `by_average` the average position weighted by utilities. Equal keys go to the
    lower target, equal targets to the first actor.
    """
    moves = False
    for i in range(n):
        best_kind, best_key, best, by, here = NOTHING, np.inf, t.x[i], -1, t.x[i]
        for j in range(n):
            ours, theirs = t.ours[i, j], t.theirs[i, j]
            if theirs <= TIE or t.far[i, j] <= TIE:
                continue
            kind = relation_of(ours, theirs)
            if not must_give_way(kind, rules) or (best_kind != NOTHING and kind > best_kind):
                continue
            target, key = t.x[j], abs(t.x[j] - here)
            if kind == COMPROMISES:
                target, key = concession(here, t.x[j], -ours, theirs, rules.by_average)
            if kind == best_kind and not goes_before(key, target, best_key, best, TIE * span):
                continue
            best_kind, best_key, best, by = kind, key, target, t.who[j]
        t.target[i], t.moved_by[i], t.move[i] = best, by, best_kind
        moves |= best != here
    return moves


@compiled
def must_give_way(kind: int, rules: Rules) -> bool:
    """Say whether an actor moves for that relation; the codes of kinds rise in order of preference."""
    if kind == YIELDS:
        return rules.conflict_moves
    return kind == COMPROMISES or (kind == CAPITULATES and rules.capitulation)


@compiled
def concession(
    here: float, there: float, pressed: float, pressing: float, by_average: bool
) -> tuple[float, float]:
    """Return where a compromise takes an actor, and the key it is ranked by.

    `pressed` and `pressing` are the sizes of the two expected utilities.
    """
    target = here + (there - here) * (pressed / pressing)
    if by_average:
        return target, (pressed * here + pressing * there) / (pressed + pressing)
    return target, abs(target - here)


@compiled
def goes_before(key: float, target: float, best_key: float, best: float, tie: float) -> bool:
    """Say whether an offer goes before the best one of its kind so far."""
    if abs(key - best_key) > tie:
        return key < best_key
    return target < best - tie


@compiled
def play_round(t: Table, n: int, span: float, rules: Rules, loss: FloatArray) -> bool:
    """Play one round and fill targets, without moving anybody; return whether anybody will move."""
    mu = middle(t, n)
    take_distances(t, n, span)
    weigh_odds(t, n, count_votes(t, n, True, rules.all_pairs, loss))
    assess_risk(t, n, mu, span, rules.q)
    if rules.voter_risk:
        weigh_odds(t, n, count_votes(t, n, False, rules.all_pairs, loss))
    fill_dyads(t, n, mu, span, rules)
    return choose(t, n, span, rules)


@compiled
def note_dyads(t: Table, n: int, out: Played, d: int, k: int) -> None:
    """Write down the risk exponents of the first round, and its dyads where they are asked for."""
    for i in range(n):
        out.risk[d, t.who[i], k] = t.r[i]
    if out.odds.shape[1] == 0:
        return
    for i in range(n):
        for j in range(n):
            if i != j:
                to = d, t.who[i], t.who[j], k
                out.odds[to], out.ours[to], out.theirs[to] = t.odds[i, j], t.ours[i, j], t.theirs[i, j]
                out.relation[to] = relation_of(t.ours[i, j], t.theirs[i, j])


@compiled
def play_issue(t: Table, n: int, rules: Rules, out: Played, d: int, k: int, loss: FloatArray) -> None:
    """Play all rounds of one draw and issue; once nobody moves, the rest is copied."""
    rounds = out.path.shape[1] - 1
    span = t.x[n - 1] - t.x[0]
    moves = span > 0
    note_round(t, n, out, d, 0, k)
    for at in range(1, rounds + 1):
        if moves:
            moves = play_round(t, n, span, rules, loss)
            if at == 1:
                note_dyads(t, n, out, d, k)
            note_moves(t, n, out, d, at, k)
            move_seats(t, n)
        note_round(t, n, out, d, at, k)


@compiled
def play_all(
    position: FloatArray, salience: FloatArray, weight: FloatArray, rules: Rules, out: Played
) -> None:
    """Play every draw and issue; inputs are (draw, actor, issue), results go to `out`."""
    draws, actors, issues = position.shape
    t, loss = new_table(actors), np.empty(actors)
    for d in range(draws):
        for k in range(issues):
            n = take_seats(t, position[d, :, k], salience[d, :, k], weight[d, :, k])
            play_issue(t, n, rules, out, d, k, loss)
