"""Compiled kernels of position exchange; formulas and symbols as in docs/methods/exchange.md.

An exchange changes only candidates in which the same actor supplies or demands the same issue. Lists
of these, and a tree that holds the largest gain, spare the rest of the book from being looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.exchange_book import (
    TIE,
    VOID,
    Board,
    Book,
    Rules,
    best,
    build_tree,
    key_of,
    new_board,
    new_book,
    set_gain,
    take_leaves,
    uniform,
)

OWN, INNER_GAIN, INNER_LOSS, OUTER_GAIN, OUTER_LOSS = range(5)


class Played(NamedTuple):
    """What a run leaves, in hundredths of the scale; axes draw, round (0: the start), then as named.

    `voting`, `between` and the lists of exchanges have no entries unless they are asked for.
    """

    path: FloatArray  # issue
    mean: FloatArray  # issue
    position: FloatArray  # actor, issue
    gain: FloatArray  # actor
    externality: FloatArray  # actor, kind
    candidates: Array
    realised: Array
    voting: FloatArray  # actor, issue
    between: FloatArray  # actor, other actor
    trade_round: Array  # axes draw, trade
    trade_actor: Array  # axes draw, trade, side, like all below
    trade_issue: Array
    trade_from: FloatArray
    trade_to: FloatArray
    trade_before: FloatArray
    trade_after: FloatArray
    trade_gain: FloatArray


@compiled
def direction(b: Board, k: Book, c: int, a: int) -> float:
    """Return 1 if the side moves up the scale, else −1."""
    issue = k.issue[c, a]
    return 1.0 if b.x[k.actor[c, 1 - a], issue] > b.x[k.actor[c, a], issue] else -1.0


@compiled
def outcome_seen(b: Board, k: Book, c: int, a: int, is_mended: bool) -> float:
    """Return the outcome on the issue the side supplies, as the partners know it.

    In the program they know the moves of the supplier, and the first move of each other supplier of
    the same demander; mended, they know all.
    """
    supplier, demander, issue = k.actor[c, a], k.actor[c, 1 - a], k.issue[c, a]
    if is_mended:
        return float(b.now[issue])
    others = b.told[demander, issue] - b.told_by[demander, issue, supplier]
    own = (b.y[supplier, issue] - b.x[supplier, issue]) * b.share[supplier, issue]
    return float(b.start[issue] + others + own)


@compiled
def reach(b: Board, k: Book, c: int, a: int) -> float:
    """Return how far the outcome shifts if the side moves all the way to its partner's position."""
    supplier, issue = k.actor[c, a], k.issue[c, a]
    way = (b.x[k.actor[c, 1 - a], issue] - b.y[supplier, issue]) * direction(b, k, c, a)
    return float(way * b.share[supplier, issue]) if way > TIE else 0.0


@compiled
def room(b: Board, k: Book, c: int, a: int, is_mended: bool) -> float:
    """Return how far the outcome may shift before it passes the position demanded.

    In the program an outcome that has got there is not checked any more.
    """
    demanded = b.x[k.actor[c, 1 - a], k.issue[c, a]]
    left = (demanded - outcome_seen(b, k, c, a, is_mended)) * direction(b, k, c, a)
    if left > TIE:
        return float(left)
    return 0.0 if is_mended else np.inf


@compiled
def weigh(b: Board, k: Book, c: int, rules: Rules, draw: int, at: int) -> float:
    """Work out shifts and plans of a candidate; return its gain at equal gains, or VOID.

    Gains are equal where shift times the partners' joint salience is the same on both issues.
    """
    i, j, q, p = k.actor[c, 0], k.actor[c, 1], k.issue[c, 0], k.issue[c, 1]
    joint_q, joint_p = b.s[i, q] + b.s[j, q], b.s[i, p] + b.s[j, p]
    most_q, most_p = reach(b, k, c, 0), reach(b, k, c, 1)
    if not rules.is_mended:
        free = min(most_q * joint_q, most_p * joint_p)
        sum_q = k.planned[c, 0] + direction(b, k, c, 0) * free / joint_q / b.share[i, q]
        sum_p = k.planned[c, 1] + direction(b, k, c, 1) * free / joint_p / b.share[j, p]
        if max(sum_q, sum_p) > 100 + TIE:
            return VOID
    most_q = min(most_q, room(b, k, c, 0, rules.is_mended))
    most_p = min(most_p, room(b, k, c, 1, rules.is_mended))
    common = min(most_q * joint_q, most_p * joint_p)
    shift_q, shift_p = common / joint_q, common / joint_p
    gain = shift_p * b.s[i, p] - shift_q * b.s[i, q]
    if min(gain, shift_q / b.share[i, q], shift_p / b.share[j, p]) < TIE:
        return VOID
    k.shift[c, 0], k.shift[c, 1] = shift_q, shift_p
    if rules.rate > 0:
        depart(b, k, c, (most_q, most_p), gain, rules, draw, at)
    for a in range(2):
        share = b.share[k.actor[c, a], k.issue[c, a]]
        k.plan[c, a] = direction(b, k, c, a) * k.shift[c, a] / share
    return float(gain)


@compiled
def depart(
    b: Board, k: Book, c: int, most: tuple[float, float], gain: float, rules: Rules, draw: int, at: int
) -> None:
    """Let chance depart from equal gains, along the exchanges that leave nothing on the table.

    One side, by lot, gains more (up to where the other gains nothing) or less (down to nothing).
    """
    f = 0 if uniform(rules.seed, draw, at, 3 * c) < 0.5 else 1
    gives, gets = b.s[k.actor[c, f], k.issue[c, f]], b.s[k.actor[c, f], k.issue[c, 1 - f]]
    theirs_given, theirs_got = (
        b.s[k.actor[c, 1 - f], k.issue[c, 1 - f]],
        b.s[k.actor[c, 1 - f], k.issue[c, f]],
    )
    most_given, most_got = (most[0], most[1]) if f == 0 else (most[1], most[0])
    all_got = min(most_got, most_given * theirs_got / theirs_given)
    largest = all_got * gets - all_got * theirs_given / theirs_got * gives
    part = rules.rate * uniform(rules.seed, draw, at, 3 * c + 2)
    is_more = uniform(rules.seed, draw, at, 3 * c + 1) < 0.5
    aim = gain + part * (largest - gain) if is_more else gain - part * gain
    given, got = most_given, (aim + most_given * gives) / gets
    if got > most_got:
        given, got = (most_got * gets - aim) / gives, most_got
    k.shift[c, f], k.shift[c, 1 - f] = given, got


@compiled
def gain_of(b: Board, k: Book, c: int, a: int) -> float:
    """Return what the side gains as the partners reckon: shift gained less shift given, by salience."""
    actor = k.actor[c, a]
    got = k.shift[c, 1 - a] * b.s[actor, k.issue[c, 1 - a]]
    return float(got - k.shift[c, a] * b.s[actor, k.issue[c, a]])


@compiled
def make_moves(b: Board, k: Book, c: int) -> None:
    """Move both sides and the outcomes, and tell each demander of the first move of its supplier."""
    for a in range(2):
        supplier, demander, issue = k.actor[c, a], k.actor[c, 1 - a], k.issue[c, a]
        b.y[supplier, issue] += k.plan[c, a]
        b.now[issue] += direction(b, k, c, a) * k.shift[c, a]
        if b.told_by[demander, issue, supplier] == 0:
            shift = (b.y[supplier, issue] - b.x[supplier, issue]) * b.share[supplier, issue]
            b.told_by[demander, issue, supplier] = shift
            b.told[demander, issue] += shift


@compiled
def reweigh(b: Board, k: Book, key: int, rules: Rules, draw: int, at: int) -> None:
    """Weigh the candidates of a list anew; what is void stays so."""
    for place in range(k.first[key], k.first[key + 1]):
        c = k.member[place]
        if k.gain[c] >= 0:
            gain = weigh(b, k, c, rules, draw, at)
            if gain != k.gain[c]:
                set_gain(k, c, gain)


@compiled
def follow_up(b: Board, k: Book, done: int, rules: Rules, draw: int, at: int) -> None:
    """Weigh anew what an exchange concerns: mended, all candidates on its two issues."""
    actors, issues = b.x.shape
    for a in range(2):
        supplier, issue = k.actor[done, a], k.issue[done, a]
        key = key_of(supplier, issue, False, actors, issues)
        for place in range(k.first[key], k.first[key + 1]):
            c = k.member[place]
            side = 0 if k.issue[c, 0] == issue else 1
            k.planned[c, side] += k.plan[c, side]
    for a in range(2):
        issue = k.issue[done, a]
        if rules.is_mended:
            for actor in range(actors):
                reweigh(b, k, key_of(actor, issue, False, actors, issues), rules, draw, at)
        else:
            reweigh(b, k, key_of(k.actor[done, a], issue, False, actors, issues), rules, draw, at)
            reweigh(b, k, key_of(k.actor[done, 1 - a], issue, True, actors, issues), rules, draw, at)


@compiled
def note_trade(b: Board, k: Book, c: int, rules: Rules, out: Played, d: int, at: int) -> None:
    """Write down an exchange that is about to be realised."""
    for a in range(2):
        out.gain[d, at, k.actor[c, a]] += gain_of(b, k, c, a)
    if out.trade_round.shape[1] == 0:
        return
    n = out.realised[d].sum()
    out.trade_round[d, n] = at
    for a in range(2):
        actor, issue = k.actor[c, a], k.issue[c, a]
        before = outcome_seen(b, k, c, a, rules.is_mended)
        out.trade_actor[d, n, a], out.trade_issue[d, n, a] = actor, issue
        out.trade_from[d, n, a], out.trade_to[d, n, a] = b.y[actor, issue], b.y[actor, issue] + k.plan[c, a]
        out.trade_before[d, n, a] = before
        out.trade_after[d, n, a] = before + direction(b, k, c, a) * k.shift[c, a]
        out.trade_gain[d, n, a] = gain_of(b, k, c, a)


@compiled
def note_effects(
    b: Board, k: Book, c: int, before: tuple[float, float], out: Played, d: int, at: int
) -> None:
    """Add what an exchange brought everybody, by how near the outcomes came to what they prefer."""
    i, j, q, p = k.actor[c, 0], k.actor[c, 1], k.issue[c, 0], k.issue[c, 1]
    for actor in range(b.x.shape[0]):
        change = 0.0
        for issue, old in ((q, before[0]), (p, before[1])):
            if b.share[actor, issue] > 0:
                nearer = abs(old - b.x[actor, issue]) - abs(b.now[issue] - b.x[actor, issue])
                change += b.s[actor, issue] * nearer
        kind = OWN
        if actor not in (i, j):
            is_in_both = b.share[actor, q] > 0 and b.share[actor, p] > 0
            is_same_q = b.is_left[actor, q] == b.is_left[i, q]
            is_inner = is_in_both and is_same_q == (b.is_left[actor, p] == b.is_left[i, p])
            kind = (INNER_GAIN if change > 0 else INNER_LOSS) if is_inner else OUTER_GAIN
            if not is_inner and change <= 0:
                kind = OUTER_LOSS
        out.externality[d, at, actor, kind] += change
        if out.between.shape[1] > 0:
            if actor in (i, j):
                out.between[d, at, j if actor == i else i, actor] += change
            else:
                out.between[d, at, i, actor] += change / 2
                out.between[d, at, j, actor] += change / 2


@compiled
def take_board(b: Board, position: FloatArray, salience: FloatArray, weight: FloatArray) -> None:
    """Set up the stands of a draw."""
    for issue in range(position.shape[1]):
        total = weight[:, issue].sum()
        for actor in range(position.shape[0]):
            b.x[actor, issue], b.s[actor, issue] = position[actor, issue], salience[actor, issue]
            b.share[actor, issue] = weight[actor, issue] / total


@compiled
def begin_round(b: Board) -> None:
    """Let everybody vote what it prefers, and see who stands left of the outcome."""
    b.told[:] = 0.0
    b.told_by[:] = 0.0
    b.y[:] = b.x
    b.start[:] = (b.share * b.x).sum(axis=0)
    b.now[:] = b.start
    for issue in range(b.x.shape[1]):
        for actor in range(b.x.shape[0]):
            b.is_left[actor, issue] = b.x[actor, issue] <= b.start[issue] + TIE


@compiled
def play_round(b: Board, rules: Rules, out: Played, d: int, at: int, draw: int) -> None:
    """Realise exchanges, the largest gain first, until none is left."""
    begin_round(b)
    k = new_book(b)
    take_leaves(k, rules.shuffles, rules.seed, draw, at)
    for c in range(k.gain.shape[0]):
        k.gain[c] = weigh(b, k, c, rules, draw, at)
    build_tree(k)
    out.candidates[d, at] = k.gain.shape[0]
    c = best(b, k, rules.by_given)
    while c >= 0:
        note_trade(b, k, c, rules, out, d, at)
        before = (b.now[k.issue[c, 0]], b.now[k.issue[c, 1]])
        make_moves(b, k, c)
        note_effects(b, k, c, before, out, d, at)
        out.realised[d, at] += 1
        set_gain(k, c, VOID)
        follow_up(b, k, c, rules, draw, at)
        c = best(b, k, rules.by_given)


@compiled
def end_round(b: Board, rules: Rules) -> None:
    """Let those who gave way take over part of it, the more the less the issue counts for them."""
    for actor in range(b.x.shape[0]):
        for issue in range(b.x.shape[1]):
            part = rules.fixed_weight + rules.salience_weight * (1 - b.s[actor, issue])
            b.x[actor, issue] += part * (b.y[actor, issue] - b.x[actor, issue])


@compiled
def play_all(
    position: FloatArray, salience: FloatArray, weight: FloatArray, names: Array, rules: Rules, out: Played
) -> None:
    """Play every draw; inputs are (draw, actor, issue), `names` are numbers of draws, results go to `out`."""
    draws, actors, issues = position.shape
    b = new_board(actors, issues)
    for d in range(draws):
        take_board(b, position[d], salience[d], weight[d])
        start = (b.share * b.x).sum(axis=0)
        out.path[d, 0], out.mean[d, 0], out.position[d, 0] = start, start, b.x
        for at in range(1, rules.rounds + 1):
            play_round(b, rules, out, d, at, names[d])
            out.path[d, at] = (b.share * b.y).sum(axis=0)
            if out.voting.shape[1] > 0:
                out.voting[d, at] = b.y
            end_round(b, rules)
            out.position[d, at], out.mean[d, at] = b.x, (b.share * b.x).sum(axis=0)
        if out.voting.shape[1] > 0:
            out.voting[d, 0] = position[d]
