"""Compiled kernels of the spatial model of politics; formulas and symbols as in docs/methods/smp.md.

A turn needs only what each actor sees of its own challenges, O(n³) votes of third parties, and the
distances, O(n² m) for m issues. KTAB reckons what everybody thinks of everybody's, O(n⁴).
"""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import FloatArray
from westphalia.methods.spatial.smp_outcome import note_end, note_reasons, note_start, note_turn
from westphalia.methods.spatial.smp_table import (
    CAPABILITY,
    CHANCE,
    FAR,
    FOLLOWS,
    GAIN,
    MADE_BY,
    MADE_TO,
    NEW,
    ODDS,
    PROBABILITY,
    QUEUE,
    RISK,
    SEEN,
    SHIFT,
    STRENGTH,
    TARGET,
    TO_I,
    TO_J,
    TOTAL,
    WHO,
    WORTH,
    Played,
    Rules,
    S,
    Stands,
    Table,
    U,
    X,
    Y,
    distance,
    fill_gaps,
    new_table,
    number,
    take_seats,
    utility,
)
from westphalia.methods.spatial.smp_votes import attitudes, cast, elect, vote

NO_COMMIT, SEMI_COMMIT, FULL_COMMIT = range(3)
S1P1, S2P2, S2PMAX = range(3)
INIT_ONLY, INIT_RCVR, PW_COMP = range(3)

INTO_I, INTO_J, WITH_I, WITH_J = range(4, 8)
"""Rows of `Table.room`: what the two put into a challenge for i, for j, and then with third parties'."""

ALONE = 1e-10
"""Strength of each side of a challenge before anybody joins it."""

WORTH_IT = 1e-5
"""Gain that a challenge must promise to be made."""

NUDGE = 1e-6
"""Weight of staying put in a bargain, so that two weights of 0 divide nothing."""


@compiled
def assess(t: Table, n: int, rules: Rules) -> None:
    """Fill distances, the probabilities of all positions without risk, attitudes and true utilities."""
    fill_gaps(t, n)
    for i in range(n):
        for j in range(n):
            t.pair[FAR, i, j] = distance(t, i, t.at[X, j])
            t.pair[U, i, j] = utility(t.pair[FAR, i, j], 0.0)
    elect(t.pair[U], t.of[CAPABILITY], n, n, rules, t.deal[STRENGTH], t.deal[ODDS], t.room, t.of[PROBABILITY])
    attitudes(t.of[PROBABILITY], n, rules, t.of[RISK])
    for i in range(n):
        for j in range(n):
            t.pair[U, i, j] = utility(t.pair[FAR, i, j], t.of[RISK, i])


@compiled
def see(t: Table, n: int, h: int, share: float) -> None:
    """Fill seen[i, j], the utility of j's position to i as h sees it."""
    for i in range(n):
        risk = t.of[RISK, h] if i == h else (1 - share) * t.of[RISK, h] + share * t.of[RISK, i]
        for j in range(n):
            t.pair[SEEN, i, j] = utility(t.pair[FAR, i, j], risk)


@compiled
def take_sides(t: Table, i: int, j: int, rule: int) -> tuple[float, float]:
    """Return what i and j put into i's challenge of j, each for the side it prefers, as seen."""
    mine = t.of[TOTAL, i] * t.of[CAPABILITY, i] * vote(rule, t.pair[SEEN, i, i] - t.pair[SEEN, i, j])
    other = t.of[TOTAL, j] * t.of[CAPABILITY, j] * vote(rule, t.pair[SEEN, j, i] - t.pair[SEEN, j, j])
    for_i = ALONE + (mine if mine > 0 else 0.0) + (other if other > 0 else 0.0)
    for_j = ALONE - (mine if mine < 0 else 0.0) - (other if other < 0 else 0.0)
    return for_i, for_j


@compiled
def gap_ktab(own: float, at_i: float, at_j: float, z: float, for_i: float, for_j: float) -> float:
    """Return what a third party thinks it gains by backing i, as KTAB reckons a semi-committed one."""
    left, right = for_i + (z if z > 0 else 0.0), for_j - (z if z < 0 else 0.0)
    wins = left / (left + right)
    return wins * (own - at_i) - (1 - wins) * (own - at_j)


@compiled
def gap_mended(
    commit: int, own: float, at_i: float, at_j: float, z: float, for_i: float, for_j: float
) -> float:
    """Return what a third party gains by backing i rather than j, each with the chance its help gives.

    The two sides' positions count twice, its own third: it keeps it (no commitment), goes to the
    winner's (full), or to the winner's only if it backed the loser (semi). In the last case it may
    gain by joining the strong against the near; then it stands aside.
    """
    whole = for_i + for_j + abs(z)
    helped, opposed = (for_i + abs(z)) / whole, for_i / whole
    stake = (helped - opposed) * (at_i - at_j)
    if commit == NO_COMMIT:
        return 2 * stake
    if commit == FULL_COMMIT:
        return 3 * stake
    gap = 2 * stake + helped * own + (1 - helped) * at_j - opposed * at_i - (1 - opposed) * own
    return gap if gap * stake > 0 else 0.0


@compiled
def third_party(t: Table, i: int, m: int, first: int, last: int, rules: Rules) -> None:
    """Add what m puts into i's challenges of seats first to last, but its own; see `challenges`."""
    z, gap, votes = t.room[0], t.room[1], t.room[2]
    weight, own, at_i = t.of[TOTAL, m] * t.of[CAPABILITY, m], t.pair[SEEN, m, m], t.pair[SEEN, m, i]
    for j in range(first, last):
        gap[j] = at_i - t.pair[SEEN, m, j]
    cast(rules.voting, gap, z, first, last)
    for j in range(first, last):
        at_j, pull, for_i, for_j = t.pair[SEEN, m, j], weight * z[j], t.room[INTO_I, j], t.room[INTO_J, j]
        if rules.mended:
            gap[j] = gap_mended(rules.third_party, own, at_i, at_j, pull, for_i, for_j)
        else:
            gap[j] = gap_ktab(own, at_i, at_j, pull, for_i, for_j)
    cast(rules.voting, gap, votes, first, last)
    with_i, with_j = t.room[WITH_I, m], t.room[WITH_J, m]
    for j in range(first, last):
        force = weight * votes[j]
        t.room[WITH_I, j] += force if force > 0 else 0.0
        t.room[WITH_J, j] -= force if force < 0 else 0.0
    t.room[WITH_I, m], t.room[WITH_J, m] = with_i, with_j


@compiled
def challenges(t: Table, n: int, i: int, first: int, last: int, rules: Rules) -> None:
    """Fill room[WITH_I, j] with the chance, as seen, that i prevails over j, from seat first to last."""
    for j in range(first, last):
        t.room[INTO_I, j], t.room[INTO_J, j] = take_sides(t, i, j, rules.voting)
        t.room[WITH_I, j], t.room[WITH_J, j] = t.room[INTO_I, j], t.room[INTO_J, j]
    if rules.mended or rules.third_party == SEMI_COMMIT:
        for m in range(n):
            if m != i:
                third_party(t, i, m, first, last, rules)
    for j in range(first, last):
        t.room[WITH_I, j] /= t.room[WITH_I, j] + t.room[WITH_J, j]


@compiled
def promise(t: Table, i: int, j: int, chance: float) -> float:
    """Return what i gains, as seen, by challenging j: j resists as far as it cares."""
    here, there, resists = t.pair[SEEN, i, i], t.pair[SEEN, i, j], t.of[TOTAL, j]
    fought = chance * (2 * here) + (1 - chance) * (2 * there)
    return float((1 - resists) * (2 * here) + resists * fought - (here + there))


@compiled
def find_target(t: Table, n: int, i: int, rules: Rules) -> None:
    """Set whom i challenges, with what chance and gain in its own eyes; -1 if nobody."""
    see(t, n, i, rules.share)
    challenges(t, n, i, 0, n, rules)
    t.whom[TARGET, i], t.of[GAIN, i], t.of[CHANCE, i] = -1, WORTH_IT, np.nan
    for j in range(n):
        if j != i:
            gain = promise(t, i, j, t.room[WITH_I, j])
            if gain > t.of[GAIN, i]:
                t.whom[TARGET, i], t.of[GAIN, i], t.of[CHANCE, i] = j, gain, t.room[WITH_I, j]
    if t.whom[TARGET, i] < 0:
        t.of[GAIN, i] = np.nan


@compiled
def half_up(share: float) -> float:
    """Return a share of the scale rounded to 1/10 000."""
    return float(np.floor(share * 10000 + 0.5) / 10000)


@compiled
def meet(t: Table, i: int, j: int, p: float, rule: int, to_i: FloatArray, to_j: FloatArray) -> None:
    """Fill where i and j would go if i prevails with chance p; issues they do not share stay."""
    q = 1 - p
    for k in range(to_i.shape[0]):
        x, z, s, r = t.at[X, i, k], t.at[X, j, k], t.at[S, i, k], t.at[S, j, k]
        to_i[k], to_j[k] = x, z
        if not (t.has[i, k] and t.has[j, k]):
            continue
        if rule == S2PMAX:
            yields, other = max(0.0, q - p), max(0.0, p - q)
            a, b = yields * r * r, other * s * s
            to_i[k] = x + (z - x) * (a / (a + NUDGE + (1 - yields) * s * s))
            to_j[k] = z + (x - z) * (b / (b + NUDGE + (1 - other) * r * r))
            continue
        w, v = s * p, r * q
        if rule == S2P2:
            w, v = w * w, v * v
        to_i[k] = half_up(((w + NUDGE) * x + v * z) / (w + NUDGE + v))
        to_j[k] = half_up((w * x + (v + NUDGE) * z) / (w + NUDGE + v))


@compiled
def add_offer(t: Table, made: int, i: int, p: float, rules: Rules) -> int:
    """Write down an offer of i to its target if i prevails with chance p; return how many there are."""
    t.whom[MADE_BY, made], t.whom[MADE_TO, made] = i, t.whom[TARGET, i]
    meet(t, i, t.whom[TARGET, i], p, rules.vectors, t.at[TO_I, made], t.at[TO_J, made])
    return made + 1


@compiled
def propose(t: Table, n: int, i: int, made: int, rules: Rules) -> int:
    """Write down what i proposes to its target, and return how many offers there are."""
    made = add_offer(t, made, i, t.of[CHANCE, i], rules)
    if rules.bargaining == INIT_ONLY:
        return made
    j = t.whom[TARGET, i]
    see(t, n, j, rules.share)
    challenges(t, n, i, j, j + 1, rules)
    # KTAB takes the gain for the chance here; see "What `mended` mends" in the docs.
    thought = t.room[WITH_I, j] if rules.mended else promise(t, i, j, t.room[WITH_I, j])
    made = add_offer(t, made, i, thought, rules)
    if rules.bargaining == PW_COMP:
        made -= 1
        w, v = (
            t.of[CAPABILITY, i] * t.of[TOTAL, i],
            (t.of[CAPABILITY, j] if rules.mended else t.of[CAPABILITY, i]) * t.of[TOTAL, j],
        )
        for to in (TO_I, TO_J):
            for k in range(t.at.shape[2]):
                t.at[to, made - 1, k] = (w * t.at[to, made - 1, k] + v * t.at[to, made, k]) / (w + v)
    return made


@compiled
def price_offers(t: Table, n: int, made: int) -> None:
    """Fill shift[o, a], what offer o would add to the sum of a's utilities of all positions."""
    for o in range(made):
        i, j = t.whom[MADE_BY, o], t.whom[MADE_TO, o]
        for a in range(n):
            at_i = utility(distance(t, a, t.at[TO_I, o]), t.of[RISK, a])
            at_j = utility(distance(t, a, t.at[TO_J, o]), t.of[RISK, a])
            t.deal[SHIFT, o, a] = (at_i - t.pair[U, a, i]) + (at_j - t.pair[U, a, j])


@compiled
def line_up(t: Table, k: int, made: int) -> int:
    """Fill the queue of k: as it is (-1), its own offers, those it received; return its length."""
    t.whom[QUEUE, 0] = -1
    m = 1
    for o in range(made):
        if t.whom[MADE_BY, o] == k:
            t.whom[QUEUE, m] = o
            m += 1
    for o in range(made):
        if t.whom[MADE_TO, o] == k:
            t.whom[QUEUE, m] = o
            m += 1
    return m


@compiled
def choose(p: FloatArray, m: int, is_stochastic: bool, number: float) -> int:
    """Return which of m options is taken: the likeliest, the first of equals, or by the number."""
    best, reached = 0, 0.0
    for at in range(m):
        reached += p[at]
        if is_stochastic and number < reached:
            return at
        if p[at] > p[best]:
            best = at
    return m - 1 if is_stochastic else best


@compiled
def resolve(t: Table, n: int, k: int, made: int, rules: Rules, number: float) -> tuple[int, float, int]:
    """Return the offer that k takes (-1: none), its probability among the options, and their number."""
    m = line_up(t, k, made)
    if m == 1:
        return -1, 1.0, 1
    for a in range(n):
        total = 0.0
        for j in range(n):
            total += t.pair[U, a, j]
        t.deal[WORTH, a, 0] = total / n
        for at in range(1, m):
            t.deal[WORTH, a, at] = total / n + t.deal[SHIFT, t.whom[QUEUE, at], a] / n
    p = t.room[3]
    elect(t.deal[WORTH], t.of[CAPABILITY], n, m, rules, t.deal[STRENGTH], t.deal[ODDS], t.room, p)
    at = choose(p, m, rules.is_stochastic, number)
    return t.whom[QUEUE, at], p[at], m


@compiled
def follow(t: Table, n: int) -> None:
    """Let ideals follow positions: each by the shares in which it follows those who stand there."""
    for i in range(n):
        for k in range(t.at.shape[2]):
            if not t.has[i, k]:
                continue
            towards = part = 0.0
            for j in range(n):
                if t.has[j, k]:
                    towards += t.pair[FOLLOWS, i, j] * t.at[X, j, k]
                    part += t.pair[FOLLOWS, i, j]
            t.at[Y, i, k] = towards + (1 - part) * t.at[Y, i, k]


@compiled
def move(t: Table, n: int) -> float:
    """Move everybody at once, and return the sum of the lengths of the ways."""
    way = 0.0
    for i in range(n):
        square = 0.0
        for k in range(t.at.shape[2]):
            if t.has[i, k]:
                square += (t.at[NEW, i, k] - t.at[X, i, k]) ** 2
                t.at[X, i, k] = t.at[NEW, i, k]
        way += np.sqrt(square)
    follow(t, n)
    return way


@compiled
def play_turn(t: Table, n: int, rules: Rules, out: Played, d: int, turn: int, draw: int) -> float:
    """Play one turn of assessed positions; return how far all moved together."""
    made = 0
    for i in range(n):
        find_target(t, n, i, rules)
        if t.whom[TARGET, i] >= 0:
            made = propose(t, n, i, made, rules)
    price_offers(t, n, made)
    for k in range(n):
        by_chance = number(rules.seed, draw, turn, t.whom[WHO, k]) if rules.is_stochastic else 0.0
        offer, chance, options = resolve(t, n, k, made, rules, by_chance)
        note_reasons(t, out, d, turn, k, offer, chance, options)
        for at in range(t.at.shape[2]):
            if offer < 0:
                t.at[NEW, k, at] = t.at[X, k, at]
            else:
                t.at[NEW, k, at] = (
                    t.at[TO_I, offer, at] if t.whom[MADE_BY, offer] == k else t.at[TO_J, offer, at]
                )
    return move(t, n)


@compiled
def play_draw(t: Table, n: int, rules: Rules, out: Played, d: int, draw: int) -> None:
    """Play one draw until hardly anybody moves any more, or for all rounds."""
    first, turn = 0.0, 0
    while True:
        assess(t, n, rules)
        if turn == 0:
            note_start(t, n, out, d)
        if turn == rules.rounds or out.converged[d]:
            break
        turn += 1
        way = play_turn(t, n, rules, out, d, turn, draw)
        if turn == 1:
            first = way
        note_turn(t, n, out, d, turn, way / (first + 1e-4))
        out.converged[d] = turn >= 2 and way / (first + 1e-4) < rules.stop_below
    note_end(t, n, rules, out, d, turn)


@compiled
def play_all(stands: Stands, rules: Rules, out: Played) -> None:
    """Play every draw; results go to `out`."""
    draws, actors, issues = stands.position.shape
    t = new_table(actors, issues)
    for d in range(draws):
        n = take_seats(t, stands, d, rules)
        play_draw(t, n, rules, out, d, stands.draw[d])
