"""The definitions of the graph model read one by one, with sets and dictionaries, however slow.

States are places 0, 1, …, decision makers likewise. Nothing here knows how the engines work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, product


@dataclass(eq=False)
class Game:
    """`moves[i][s]`: where i can go from s; `rank[i][s]`: larger is better; `much[i][s]`: grades.

    `unknown[i]`: pairs (s, q), both ways, whose order i does not know or we do not know of i.
    In option form, `levels[s]`: the level of every option at s; `owner`: who holds each option;
    `can_rise`, `can_fall`: which ways it may change.
    """

    moves: list[dict[int, set[int]]]
    rank: list[list[int]]
    much: list[list[int]] | None = None
    unknown: list[set[tuple[int, int]]] = field(default_factory=list)
    levels: list[tuple[int, ...]] | None = None
    owner: tuple[int, ...] = ()
    can_rise: tuple[bool, ...] = ()
    can_fall: tuple[bool, ...] = ()

    @property
    def everyone(self):
        return range(len(self.moves))

    @property
    def states(self):
        return range(len(self.rank[0]))

    def others(self, i):
        return [j for j in self.everyone if j != i]

    def is_unknown(self, i, q, s):
        return bool(self.unknown) and (q, s) in self.unknown[i]

    def better(self, i, q, s):
        """q >_i s, known."""
        return not self.is_unknown(i, q, s) and self.rank[i][q] > self.rank[i][s]

    def much_worse(self, i, q, s):
        return not self.is_unknown(i, q, s) and self.much[i][q] < self.much[i][s]

    def improvements(self, i, s):
        """R+_i(s)."""
        return {q for q in self.moves[i][s] if self.better(i, q, s)}

    def perhaps_improvements(self, i, s):
        """R+U_i(s): improvements, and moves of unknown worth."""
        return self.improvements(i, s) | {q for q in self.moves[i][s] if self.is_unknown(i, q, s)}

    def jump(self, members, s):
        """Where members get by changing all their options at once."""
        return {q for q in self.states if q != s and self.is_open(members, s, q)}

    def is_open(self, members, s, q):
        """Whether the options that differ are the members', and may change that way."""
        steps = zip(self.owner, self.levels[s], self.levels[q], self.can_rise, self.can_fall, strict=True)
        return all(x == y or (k in members and (up if y > x else down)) for k, x, y, up, down in steps)


def game_of(conflict, preferences):
    """The same conflict, spelt out state by state from what its fields mean."""
    rank = [[int(value) for value in row] for row in preferences.rank]
    much = preferences.grade
    unknown = []
    if preferences.unknown is not None:
        for table in preferences.unknown:
            rows = [] if table is None else table.tolist()
            unknown.append({(s, q) for s, row in enumerate(rows) for q, is_so in enumerate(row) if is_so})
    game = Game([], rank, None if much is None else [[int(v) for v in row] for row in much], unknown)
    if len(conflict.moves):
        counts = [int(count) for count in conflict.levels]
        everything = [tuple(reversed(at)) for at in product(*(range(count) for count in reversed(counts)))]
        places = range(len(everything)) if conflict.codes is None else conflict.codes.tolist()
        game.levels = [everything[code] for code in places]
        game.owner = tuple(conflict.owner.tolist())
        game.can_rise, game.can_fall = tuple(conflict.can_rise), tuple(conflict.can_fall)
    for i in range(len(conflict.actors)):
        if conflict.arcs is not None:
            arcs = conflict.arcs[i]
            ends = [arcs.targets[arcs.starts[s] : arcs.starts[s + 1]].tolist() for s in game.states]
            game.moves.append({s: set(targets) for s, targets in enumerate(ends)})
        else:
            game.moves.append({s: game.jump((i,), s) for s in game.states})
    return game


def reached(steps, members, start):
    """R_H(start): ends of legal sequences of at least one move by members, nobody twice in a row.

    `steps(j, s)` are the moves that j may make at s.
    """
    seen = set()
    waiting = [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for mover in members:
            if mover == last:
                continue
            for target in steps(mover, state):
                if (target, mover) not in seen:
                    seen.add((target, mover))
                    waiting.append((target, mover))
    return {state for state, _ in seen}


# --- one decision maker, simple preference -------------------------------------------------------


def nash(game, i, s):
    return not game.improvements(i, s)


@lru_cache(maxsize=4096)
def any_reply(game, i, q):
    return reached(lambda j, at: game.moves[j][at], game.others(i), q)


@lru_cache(maxsize=4096)
def credible_reply(game, i, q):
    return reached(game.improvements, game.others(i), q)


def gmr(game, i, s):
    return all(any(not game.better(i, r, s) for r in any_reply(game, i, q)) for q in game.improvements(i, s))


def seq(game, i, s):
    return all(
        any(not game.better(i, r, s) for r in credible_reply(game, i, q)) for q in game.improvements(i, s)
    )


def _holds_back(game, i, s, r):
    return not game.better(i, r, s) and not any(game.better(i, t, s) for t in game.moves[i][r])


def smr(game, i, s):
    return all(
        any(_holds_back(game, i, s, r) for r in any_reply(game, i, q)) for q in game.improvements(i, s)
    )


def sseq(game, i, s):
    return all(
        any(_holds_back(game, i, s, r) for r in credible_reply(game, i, q)) for q in game.improvements(i, s)
    )


def _together(game, s, targets):
    """The state where each mover's options stand as in its target, the rest as at s; None if infeasible."""
    levels = list(game.levels[s])
    for mover, target in targets.items():
        for k, owner in enumerate(game.owner):
            if owner == mover:
                levels[k] = game.levels[target][k]
    return game.levels.index(tuple(levels)) if tuple(levels) in game.levels else None


def _is_met_at_once(game, i, s, opponents, movers):
    """Whether each improvement of i may end no better than s if opponents make one of theirs at once.

    `movers`: all opponents who have an improvement make one, or some of them, at least one.
    """
    theirs = {j: game.improvements(j, s) for j in opponents if game.improvements(j, s)}
    choices = [targets | ({s} if movers == "some" else set()) for targets in theirs.values()]
    joint = [c for c in product(*choices) if any(target != s for target in c)]
    return all(
        any(
            end is not None and not game.better(i, end, s)
            for end in (_together(game, s, {i: q, **dict(zip(theirs, c, strict=True))}) for c in joint)
        )
        for q in game.improvements(i, s)
    )


def sim(game, i, s, movers="all"):
    return _is_met_at_once(game, i, s, game.others(i), movers)


def tableau(game, i, s, movers="all"):
    """Fraser and Hipel: those left unstable hold one another, all of them, by improving at once."""
    left = [j for j in game.everyone if not seq(game, j, s)]
    return i not in left or (
        len(left) > 1 and all(_is_met_at_once(game, j, s, [k for k in left if k != j], movers) for j in left)
    )


CONCEPTS = {"nash": nash, "gmr": gmr, "smr": smr, "seq": seq, "sseq": sseq, "sim": sim}


# --- strength of preference -----------------------------------------------------------------------


def strong_gmr(game, i, s, replies=any_reply):
    return all(any(game.much_worse(i, r, s) for r in replies(game, i, q)) for q in game.improvements(i, s))


def strong_smr(game, i, s, replies=any_reply):
    return all(
        any(
            game.much_worse(i, r, s) and all(game.much_worse(i, t, s) for t in game.moves[i][r])
            for r in replies(game, i, q)
        )
        for q in game.improvements(i, s)
    )


def strong_seq(game, i, s):
    return strong_gmr(game, i, s, credible_reply)


def strong_sseq(game, i, s):
    return strong_smr(game, i, s, credible_reply)


STRONG = {"gmr": strong_gmr, "smr": strong_smr, "seq": strong_seq, "sseq": strong_sseq}


# --- unknown preference -----------------------------------------------------------------------------

BOLD = ("a", "c")
"""Attitudes in which the focal decision maker takes moves of unknown worth."""
WARY = ("c", "d")
"""Attitudes in which a state of unknown worth deters."""


def unknown_stable(game, concept, attitude, i, s):
    """Li, Hamouda, Kilgour and Hipel 2004, attitudes a to d."""
    leaves = game.perhaps_improvements(i, s) if attitude in BOLD else game.improvements(i, s)

    def deters(r):
        if game.is_unknown(i, r, s):
            return attitude in WARY
        return game.rank[i][r] <= game.rank[i][s]

    def holds(r):
        return deters(r) and (concept in ("gmr", "seq") or all(deters(t) for t in game.moves[i][r]))

    def replies(q):
        credible = concept in ("seq", "sseq")
        steps = game.perhaps_improvements if credible else lambda j, at: game.moves[j][at]
        return reached(steps, game.others(i), q)

    if concept == "nash":
        return not leaves
    return all(any(holds(r) for r in replies(q)) for q in leaves)


# --- coalitions -----------------------------------------------------------------------------------


def coalitions(people):
    people = tuple(people)
    return [members for size in range(1, len(people) + 1) for members in combinations(people, size)]


@dataclass(frozen=True)
class Reading:
    """How coalitions are read.

    `improvement`: "all-better" for all members in the end, or each step for its mover too
    ("each-step"). `replies`: improvements of any "coalitions" of those outside, or of single "actors".
    `joint_jump`: members change all their options at once, whatever lies between.
    """

    improvement: str = "all-better"
    replies: str = "coalitions"
    joint_jump: bool = False


PLAIN_READING = Reading()


def _any_step(game):
    return lambda j, at: game.moves[j][at]


@lru_cache(maxsize=1 << 14)
def group_reach(game, members, start, reading):
    if not members:
        return set()
    return game.jump(members, start) if reading.joint_jump else reached(_any_step(game), members, start)


@lru_cache(maxsize=1 << 14)
def group_improvements(game, members, start, reading):
    ends = group_reach(game, members, start, reading)
    if reading.improvement == "each-step":
        ends = reached(game.improvements, members, start)
    return {q for q in ends if all(game.better(i, q, start) for i in members)}


@lru_cache(maxsize=1 << 14)
def group_replies(game, outside, start, reading):
    if reading.replies == "actors":
        return reached(game.improvements, outside, start)
    return reached(lambda k, at: group_improvements(game, k, at, reading), coalitions(outside), start)


def coalition_stable(game, concept, members, s, reading=PLAIN_READING):
    """Kilgour, Hipel, Fang and Peng 2001; Inohara and Hipel 2008."""
    outside = tuple(j for j in game.everyone if j not in members)

    def gains(q):
        return all(game.better(i, q, s) for i in members)

    def holds(r):
        escapes = group_reach(game, members, r, reading) if concept in ("smr", "sseq") else ()
        return not gains(r) and not any(gains(t) for t in escapes)

    def replies(q):
        credible = concept in ("seq", "sseq")
        return (group_replies if credible else group_reach)(game, outside, q, reading)

    improvements = group_improvements(game, members, s, reading)
    if concept == "nash":
        return not improvements
    return all(any(holds(r) for r in replies(q)) for q in improvements)


# --- looking a number of moves ahead --------------------------------------------------------------


class Horizon:
    """Limited moves of Fang, Hipel and Kilgour 1993, read for any number of decision makers.

    Whoever may move looks for the move whose end it likes best with one move less to come, and makes
    it if that end is better than where it stands. After a move anybody but its maker may go on; who
    is not known, nor which of equally good moves is made: one counts on what is worst for oneself
    (`pick` = min), or best.
    """

    def __init__(self, game, pick=min):
        self.game, self.pick = game, pick
        self.known = {}

    def best(self, i, s, h):
        """What the best move of i from s is worth to it with h moves to come; where it leads."""
        ends = {q: self.end(i, i, q, h - 1) for q in self.game.moves[i][s]}
        most = max(ends.values(), default=None)
        return most, [q for q, end in ends.items() if end == most]

    def leaves(self, i, s, h):
        return bool(self.game.moves[i][s]) and h > 0 and self.best(i, s, h)[0] > self.game.rank[i][s]

    def end(self, i, last, s, h):
        """The rank of the end that i expects when `last` has just moved to s and h moves are to come."""
        key = (i, last, s, h)
        if key not in self.known:
            ends = [
                self.end(i, j, q, h - 1)
                for j in self.game.everyone
                if j != last and self.leaves(j, s, h)
                for q in self.best(j, s, h)[1]
            ]
            self.known[key] = self.pick(ends) if ends else self.game.rank[i][s]
        return self.known[key]

    def is_stable(self, i, s, h):
        return not self.leaves(i, s, h)
