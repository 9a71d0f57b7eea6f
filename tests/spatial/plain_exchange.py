"""Position exchange in plain Python: every candidate is looked at after every exchange.

Actors and issues are numbers, a stand is `stands[actor, issue] = (position, salience, power)` with
positions from 0 to 100. Written from the description alone and without regard to speed: each candidate
keeps its own record of the moves it was told of. Equal gains only, ties by least given or by order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

SMALL = 1e-10


@dataclass
class Candidate:
    i: int
    j: int
    p: int  # demanded by i, supplied by j
    q: int  # supplied by i, demanded by j
    told: dict = field(default_factory=dict)  # (issue, supplier) → voting position
    old_plans: dict = field(default_factory=dict)  # issue → sum of plans out of date
    plan: dict = field(default_factory=dict)  # issue → move
    shift: dict = field(default_factory=dict)
    gain: float = 0.0
    is_void: bool = False

    def sides(self):
        """(supplier, demander, issue) of both sides."""
        return ((self.i, self.j, self.q), (self.j, self.i, self.p))


@dataclass
class Trade:
    i: int
    j: int
    p: int
    q: int
    gain: float
    moves: dict  # issue → (from, to)
    outcomes: dict  # issue → (before, after) as the partners know it


class Round:
    """One round: `voting` and `trades` are what it leaves."""

    def __init__(self, preferences, stands, is_mended=False, by_given=True):
        self.x, self.stands, self.is_mended, self.by_given = preferences, stands, is_mended, by_given
        self.issues = sorted({issue for _, issue in stands})
        self.voting = dict(preferences)
        self.start = outcome(preferences, stands)
        self.left = {cell: x <= self.start[cell[1]] + SMALL for cell, x in preferences.items()}
        self.candidates = self.opposed()
        self.count = len(self.candidates)
        self.trades = []
        for candidate in self.candidates:
            self.weigh(candidate)
        self.play()

    def s(self, actor, issue):
        return self.stands[actor, issue][1]

    def share(self, actor, issue):
        whole = sum(s * c for (_, k), (_, s, c) in self.stands.items() if k == issue)
        _, s, c = self.stands[actor, issue]
        return s * c / whole

    def opposed(self):
        found = []
        actors = sorted({actor for actor, _ in self.stands})
        for p, q in combinations(self.issues, 2):
            here = [a for a in actors if (a, p) in self.stands and (a, q) in self.stands]
            for a, b in combinations(here, 2):
                if self.left[a, p] == self.left[b, p] or self.left[a, q] == self.left[b, q]:
                    continue
                first_wants_p = self.s(a, p) / self.s(a, q) >= self.s(b, p) / self.s(b, q)
                i, j = (a, b) if first_wants_p else (b, a)
                found.append(Candidate(i, j, p, q))
        return found

    def known(self, candidate, supplier, issue):
        """The outcome on an issue if only the moves the candidate knows of are made."""
        if self.is_mended:
            return outcome(self.voting, self.stands)[issue]
        seen = dict(self.x)
        for (k, actor), y in candidate.told.items():
            if k == issue:
                seen[actor, issue] = y
        seen[supplier, issue] = self.voting[supplier, issue]
        return outcome(seen, self.stands)[issue]

    def weigh(self, c):
        c.is_void = True
        joint = {k: self.s(c.i, k) + self.s(c.j, k) for k in (c.p, c.q)}
        full, capped, sign = {}, {}, {}
        for supplier, demander, k in c.sides():
            sign[k] = 1 if self.x[demander, k] > self.x[supplier, k] else -1
            way = sign[k] * (self.x[demander, k] - self.voting[supplier, k])
            if way <= SMALL:
                return
            full[k] = way * self.share(supplier, k)
            room = sign[k] * (self.x[demander, k] - self.known(c, supplier, k))
            if room <= SMALL and self.is_mended:
                return
            capped[k] = min(full[k], room) if room > SMALL else full[k]
        free = min(full[k] * joint[k] for k in joint)
        for supplier, _, k in c.sides():
            move = sign[k] * free / joint[k] / self.share(supplier, k)
            if not self.is_mended and c.old_plans.get(k, 0.0) + move > 100 + SMALL:
                return
        common = min(capped[k] * joint[k] for k in joint)
        c.shift = {k: common / joint[k] for k in joint}
        c.plan = {k: sign[k] * c.shift[k] / self.share(actor, k) for actor, _, k in c.sides()}
        c.gain = c.shift[c.p] * self.s(c.i, c.p) - c.shift[c.q] * self.s(c.i, c.q)
        c.is_void = min(c.gain, *(abs(move) for move in c.plan.values())) < SMALL

    def given(self, c):
        return sum(abs(self.voting[actor, k] - self.x[actor, k]) for actor, _, k in c.sides())

    def choose(self, alive):
        most = max(c.gain for c in alive)
        tied = [c for c in alive if c.gain >= most - SMALL]
        chosen = tied[0]
        for c in tied:
            if self.by_given and self.given(c) < self.given(chosen) - SMALL:
                chosen = c
        return chosen

    def play(self):
        alive = [c for c in self.candidates if not c.is_void]
        while alive:
            done = self.choose(alive)
            self.realise(done)
            alive.remove(done)
            for c in alive:
                self.tell(c, done)
            alive = [c for c in alive if not c.is_void]

    def realise(self, c):
        moves, outcomes = {}, {}
        for supplier, _, k in c.sides():
            before = self.known(c, supplier, k)
            direction = 1 if c.plan[k] > 0 else -1
            outcomes[k] = (before, before + direction * c.shift[k])
            moves[k] = (self.voting[supplier, k], self.voting[supplier, k] + c.plan[k])
        for supplier, _, k in c.sides():
            self.voting[supplier, k] = moves[k][1]
        self.trades.append(Trade(c.i, c.j, c.p, c.q, c.gain, moves, outcomes))

    def tell(self, c, done):
        is_concerned = self.is_mended and bool({c.p, c.q} & {done.p, done.q})
        for supplier, demander, k in done.sides():
            for own_supplier, own_demander, own in c.sides():
                if own != k:
                    continue
                if own_supplier == supplier:
                    c.old_plans[k] = c.old_plans.get(k, 0.0) + c.plan[k]
                    is_concerned = True
                if own_demander == demander:
                    c.told.setdefault((k, supplier), self.voting[supplier, k])
                    is_concerned = True
        if is_concerned:
            self.weigh(c)


def outcome(positions, stands):
    """Mean by salience times power, by issue."""
    total, moment = {}, {}
    for (actor, issue), (_, s, c) in stands.items():
        total[issue] = total.get(issue, 0.0) + s * c
        moment[issue] = moment.get(issue, 0.0) + s * c * positions[actor, issue]
    return {issue: moment[issue] / total[issue] for issue in total}


def play(stands, rounds=1, is_mended=False, by_given=True):
    """The rounds played, in order."""
    preferences = {cell: x for cell, (x, _, _) in stands.items()}
    played = []
    for _ in range(rounds):
        played.append(Round(preferences, stands, is_mended, by_given))
        preferences = {
            (actor, k): x + (0.1 + 0.4 * (1 - stands[actor, k][1])) * (played[-1].voting[actor, k] - x)
            for (actor, k), x in preferences.items()
        }
    return played
