"""The spatial model of politics as KTAB computes it, in plain Python and by definition only.

Nothing is shared, skipped or rearranged for speed: every sum is written as the definition has it,
so that the compiled kernels can be held against it. Positions are shares of the scales; None is an
issue on which an actor has no stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

TINY = 1e-8


@dataclass(frozen=True)
class Rules:
    """The nine options by our names, and whether the mended reading is meant."""

    victory_probability: str = "linear"
    pce: str = "conditional"
    transitions: str = "deterministic"
    voting_rule: str = "prop"
    risk_adjust: str = "one-third"
    risk_range: str = "mid"
    third_party: str = "semi-commit"
    between_vectors: str = "s2p2"
    bargaining: str = "init-only"
    mended: bool = False
    rounds: int = 100
    stop: float = 0.02


@dataclass
class Group:
    """Who plays: capability c, salience s, position x and ideal y of each, and how ideals follow."""

    c: list[float]
    s: list[list[float]]
    x: list[list[float | None]]
    y: list[list[float | None]] = field(default_factory=list)
    pull: list[list[float]] | None = None

    def __post_init__(self):
        self.y = self.y or [list(row) for row in self.x]


@dataclass(frozen=True)
class Offer:
    """Where initiator i and receiver j would go."""

    i: int
    j: int
    to_i: list[float | None]
    to_j: list[float | None]


@dataclass
class Turn:
    """What one turn computed."""

    p: list[float]
    risk: list[float]
    targets: dict[int, tuple[int, float, float]]
    queues: list[list[Offer | None]]
    worth: list[list[list[float]]]
    chances: list[list[float]]
    chosen: list[int]


def centre(group, k):
    """Return the mean of who has a stand on issue k by capability and salience, where all others stand."""
    there = [(c * s[k], x[k]) for c, s, x in zip(group.c, group.s, group.x, strict=True) if x[k] is not None]
    return sum(w * x for w, x in there) / sum(w for w, _ in there)


def filled(group, places):
    centres = [centre(group, k) for k in range(len(group.s[0]))]
    return [[m if x is None else x for m, x in zip(centres, place, strict=True)] for place in places]


def distance(ideal, salience, place):
    terms = [(s * (y - x)) ** 2 for s, y, x in zip(salience, ideal, place, strict=True) if s > 0]
    return math.sqrt(sum(terms) / sum(s * s for s in salience))


def utility(d, risk):
    return (1 - d) * (1 + risk * d) if d <= 1 else (1 - d) * (1 + risk)


def vote(rule, du):
    sign = du if math.isnan(du) else max(-1.0, min(1.0, du / TINY))
    return {
        "binary": sign,
        "prop-bin": 0.8 * du + 0.2 * sign,
        "prop": du,
        "prop-cbc": (du + du**3) / 2,
        "cubic": du**3,
        "asym-prosp": du if du < 0 else 2 / 3 * du,
    }[rule]


def odds(rule, ours, theirs):
    """Return the chances of both coalitions."""
    if rule == "binary":
        if ours >= 1.1 * theirs:
            a, b = 1.0, 1e-6
        elif theirs >= 1.1 * ours:
            a, b = 1e-6, 1.0
        else:
            a = (2.1 * (ours / (ours + theirs)) - 1) / (1.1 - 1)
            b = 1 - a
        return a / (a + b), b / (a + b)
    power = {"linear": 1, "square": 2, "quartic": 4, "octic": 8}[rule]
    a, b = ours**power, theirs**power
    return a / (a + b), b / (a + b)


def probabilities(u, w, rules):
    """Return the probability of each option; u[k][a] is what voter k gives option a."""
    n = len(u[0])
    c = [[0.0] * n for _ in range(n)]
    p = [[0.5] * n for _ in range(n)]
    for a in range(n):
        c[a][a] = TINY
        for b in range(a):
            votes = [w[k] * vote(rules.voting_rule, u[k][a] - u[k][b]) for k in range(len(u))]
            c[a][b] = TINY + sum(v for v in votes if v > 0)
            c[b][a] = TINY + sum(-v for v in votes if v < 0)
            p[a][b], p[b][a] = odds(rules.victory_probability, c[a][b], c[b][a])
    if rules.pce == "conditional":
        product = [math.prod(row) for row in p]
        return [one / sum(product) for one in product]
    if rules.pce == "markov-uniform":
        return uniform_chain(p)
    return incentive_chain(p, c)


def uniform_chain(p):
    n = len(p)
    now, change = [1 / n] * n, 1.0
    while change > 1e-6:
        new = [sum(p[a][b] * (now[a] + now[b]) for b in range(n)) / n for a in range(n)]
        change = max(abs(q - r) for q, r in zip(new, now, strict=True))
        now = [(q + r) / 2 for q, r in zip(new, now, strict=True)]
    return now


def incentive_chain(p, c):
    n = len(p)
    lure = [[c[a][b] * p[a][b] + (1e-10 if a == b else 0.0) for b in range(n)] for a in range(n)]
    total = [sum(lure[a][b] for a in range(n)) for b in range(n)]
    share = [[lure[a][b] / total[b] for b in range(n)] for a in range(n)]
    now, change = [1 / n] * n, 1.0
    while change > 1e-8:
        flow = [[now[a] * share[b][a] for b in range(n)] for a in range(n)]
        new = [sum(p[a][b] * (flow[a][b] + flow[b][a]) for b in range(n)) for a in range(n)]
        change = max(abs(q - r) for q, r in zip(new, now, strict=True))
        now = [(q + r) / 2 for q, r in zip(new, now, strict=True)]
    return now


def risks(p, rules):
    low, high = min(p), max(p)
    if high - low <= (1e-12 if rules.mended else 0.0):
        return [0.0 if rules.mended else math.nan] * len(p)
    return [
        {
            "min": (one - low) / (high - low),
            "mid": (3 * one - high - 2 * low) / (2 * (high - low)),
            "max": (2 * one - high - low) / (high - low),
        }[rules.risk_range]
        for one in p
    ]


SHARE = {"none": 0.0, "one-third": 1 / 3, "half": 0.5, "two-thirds": 2 / 3, "full": 1.0}


class Viewed:
    """The actors as h sees them: utilities with the risk that h ascribes to each."""

    def __init__(self, group, risk, rules, h):
        n, a = len(group.c), SHARE[rules.risk_adjust]
        self.group, self.rules = group, rules
        x = filled(group, group.x)
        seen = [(1 - a) * risk[h] + a * risk[i] if i != h else risk[h] for i in range(n)]
        self.u = [
            [utility(distance(group.y[i], group.s[i], x[j]), seen[i]) for j in range(n)] for i in range(n)
        ]
        self.total = [sum(row) for row in group.s]

    def chance(self, i, j):
        """Return the chance that i prevails over j."""
        g, u = self.group, self.u
        ours = self.total[i] * g.c[i] * vote(self.rules.voting_rule, u[i][i] - u[i][j])
        theirs = self.total[j] * g.c[j] * vote(self.rules.voting_rule, u[j][i] - u[j][j])
        for_i = 1e-10 + sum(v for v in (ours, theirs) if v > 0)
        for_j = 1e-10 + sum(-v for v in (ours, theirs) if v < 0)
        votes = [self.third(n, i, j, for_i, for_j) for n in range(len(g.c)) if n not in (i, j)]
        with_i = for_i + sum(v for v in votes if v > 0)
        with_j = for_j + sum(-v for v in votes if v < 0)
        return with_i / (with_i + with_j)

    def third(self, n, i, j, for_i, for_j):
        u, rule = self.u, self.rules.voting_rule
        w = self.total[n] * self.group.c[n]
        z = w * vote(rule, u[n][i] - u[n][j])
        own, at_i, at_j = u[n][n], u[n][i], u[n][j]
        if self.rules.mended:
            return w * vote(rule, self.mended_gap(own, at_i, at_j, abs(z), for_i, for_j))
        if self.rules.third_party != "semi-commit":
            return w * vote(rule, 0.0)
        wins = (for_i + max(z, 0.0)) / (for_i + max(z, 0.0) + for_j + max(-z, 0.0))
        return w * vote(rule, wins * (own - at_i) - (1 - wins) * (own - at_j))

    def mended_gap(self, own, at_i, at_j, help_, for_i, for_j):
        """Return utility with i backed less utility with j backed, each over who then wins."""
        helped = (for_i + help_) / (for_i + for_j + help_)
        opposed = for_i / (for_i + for_j + help_)
        kept = {"no-commit": (own, own), "semi-commit": (own, None), "full-commit": (None, None)}
        if_won, if_lost = kept[self.rules.third_party]

        def fate(place, stays):
            return 2 * place + (place if stays is None else stays)

        with_i = helped * fate(at_i, if_won) + (1 - helped) * fate(at_j, if_lost)
        with_j = opposed * fate(at_i, if_lost) + (1 - opposed) * fate(at_j, if_won)
        gap = with_i - with_j
        if self.rules.third_party == "semi-commit" and gap * (at_i - at_j) <= 0:
            return 0.0
        return gap

    def gain(self, i, j, p):
        """Return what the challenge i → j is worth to i."""
        u, resists = self.u[i], self.total[j]
        won, lost = 2 * u[i], 2 * u[j]
        return (1 - resists) * won + resists * (p * won + (1 - p) * lost) - (u[i] + u[j])


def half_up(share):
    return math.floor(share * 10000 + 0.5) / 10000


def meet(group, i, j, p, rules):
    """Return where i and j go if i prevails with chance p (or what the reading takes for it)."""
    to_i, to_j = list(group.x[i]), list(group.x[j])
    for k, (x, z) in enumerate(zip(group.x[i], group.x[j], strict=True)):
        if x is not None and z is not None:
            to_i[k], to_j[k] = meet_on(x, z, group.s[i][k], group.s[j][k], p, 1 - p, rules)
    return to_i, to_j


def meet_on(x, z, s, r, p, q, rules, e=1e-6):
    if rules.between_vectors == "s2pmax":
        a, b = max(0.0, q - p), max(0.0, p - q)
        first = x + (z - x) * a * r * r / (a * r * r + e + (1 - a) * s * s)
        return first, z + (x - z) * b * s * s / (b * s * s + e + (1 - b) * r * r)
    m = 1 if rules.between_vectors == "s1p1" else 2
    w, v = (s * p) ** m, (r * q) ** m
    return (
        half_up(((w + e) * x + v * z) / (w + e + v)),
        half_up((w * x + (v + e) * z) / (w + e + v)),
    )


def offers(group, views, i, j, p, rules):
    """Return the proposals that i's challenge of j brings."""
    first = Offer(i, j, *meet(group, i, j, p, rules))
    if rules.bargaining == "init-only":
        return [first]
    seen = views[j].chance(i, j)
    if not rules.mended:
        u, resists = views[j].u[i], views[j].total[j]
        won = 2 * u[i]
        lost = 2 * u[j]
        seen = (1 - resists) * won + resists * (seen * won + (1 - seen) * lost) - (u[i] + u[j])
    second = Offer(i, j, *meet(group, i, j, seen, rules))
    if rules.bargaining == "init-rcvr":
        return [first, second]
    w = group.c[i] * sum(group.s[i])
    v = (group.c[j] if rules.mended else group.c[i]) * sum(group.s[j])

    def between(a, b):
        return [one if one is None else (w * one + v * two) / (w + v) for one, two in zip(a, b, strict=True)]

    return [Offer(i, j, between(first.to_i, second.to_i), between(first.to_j, second.to_j))]


def state_utilities(group, risk, places):
    """Return what each actor gives a state: the mean utility of everybody's place in it."""
    n = len(group.c)
    x = filled(group, places)
    return [
        sum(utility(distance(group.y[a], group.s[a], x[m]), risk[a]) for m in range(n)) / n for a in range(n)
    ]


def base(group, rules):
    """Return the probabilities of all positions without risk, and the risk attitudes."""
    n = len(group.c)
    x = filled(group, group.x)
    u = [[utility(distance(group.y[i], group.s[i], x[j]), 0.0) for j in range(n)] for i in range(n)]
    p = probabilities(u, group.c, rules)
    return p, risks(p, rules)


def turn(group, rules, uniform: Callable[[int], float] | None = None) -> Turn:
    n = len(group.c)
    p, risk = base(group, rules)
    views = [Viewed(group, risk, rules, h) for h in range(n)]
    targets, made = {}, [[] for _ in range(n)]
    for i in range(n):
        best = 1e-5
        for j in range(n):
            if j != i:
                chance = views[i].chance(i, j)
                gain = views[i].gain(i, j, chance)
                if gain > best:
                    best, targets[i] = gain, (j, chance, gain)
        if i in targets:
            made[i] = offers(group, views, i, targets[i][0], targets[i][1], rules)
    queues = [[None, *made[k], *(one for i in range(n) for one in made[i] if one.j == k)] for k in range(n)]
    result = Turn(p, risk, targets, queues, [], [], [])
    for k in range(n):
        u = [state_utilities(group, risk, after(group.x, option)) for option in queues[k]]
        voters = [[column[a] for column in u] for a in range(n)]
        chances = probabilities(voters, group.c, rules)
        result.worth.append(u)
        result.chances.append(chances)
        result.chosen.append(choose(chances, None if uniform is None else uniform(k), rules))
    return result


def choose(chances, number, rules):
    if rules.transitions == "deterministic":
        return chances.index(max(chances))
    reached = 0.0
    for at, chance in enumerate(chances):
        reached += chance
        if number < reached:
            return at
    return len(chances) - 1


def after(places, option):
    if option is None:
        return places
    return [
        option.to_i if m == option.i else option.to_j if m == option.j else place
        for m, place in enumerate(places)
    ]


def moved(group, played):
    """Return the group after a turn: all move at once, then ideals follow."""
    n, issues = len(group.c), range(len(group.s[0]))
    x = [
        list(group.x[k])
        if (o := played.queues[k][played.chosen[k]]) is None
        else list(o.to_i if o.i == k else o.to_j)
        for k in range(n)
    ]
    y = [list(row) for row in x]
    if group.pull is not None:
        for i in range(n):
            for k in issues:
                if x[i][k] is not None:
                    there = [j for j in range(n) if x[j][k] is not None]
                    follows = sum(group.pull[i][j] for j in there)
                    y[i][k] = sum(group.pull[i][j] * x[j][k] for j in there) + (1 - follows) * group.y[i][k]
    return Group(group.c, group.s, x, y, group.pull)


def length(first, second):
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(first, second, strict=True) if a is not None))


@dataclass
class Played:
    """A whole run: the group after each turn, what each turn did, and the ratios that end it."""

    path: list[Group]
    turns: list[Turn]
    ratios: list[float]


def play(group, rules, uniform: Callable[[int, int], float] | None = None) -> Played:
    if rules.mended:
        mean = sum(group.c) / len(group.c)
        group = replace(group, c=[c / mean for c in group.c])
    run, first = Played([group], [], []), 0.0
    for t in range(1, rules.rounds + 1):
        played = turn(group, rules, None if uniform is None else lambda k, t=t: uniform(t, k))
        new = moved(group, played)
        way = sum(length(a, b) for a, b in zip(group.x, new.x, strict=True))
        first = way if t == 1 else first
        group = new
        run.path.append(group)
        run.turns.append(played)
        run.ratios.append(way / (first + 1e-4))
        if t >= 2 and run.ratios[-1] < rules.stop:
            break
    return run


def is_same(a, b):
    return [x is None for x in a] == [x is None for x in b] and length(a, b) < 1e-3


def distinct(places):
    """Return, for each actor, the place of its position in the list of distinct ones, and that list."""
    heads, of = [], []
    for place in places:
        at = next((h for h, i in enumerate(heads) if is_same(places[i], place)), len(heads))
        if at == len(heads):
            heads.append(len(of))
        of.append(at)
    return of, heads


def win_probabilities(group, rules):
    """Return the probability of each actor's position, and those of the distinct ones with their heads."""
    n = len(group.c)
    _, risk = base(group, rules)
    of, heads = distinct(group.x)
    x = filled(group, group.x)
    u = [[utility(distance(group.y[i], group.s[i], x[j]), risk[i]) for j in heads] for i in range(n)]
    p = probabilities(u, group.c, rules)
    return [p[at] for at in of], p, heads


def settlement(group, rules, k):
    """Return the mean of the distinct positions on issue k by their chance to win, and its deviation."""
    _, p, heads = win_probabilities(group, rules)
    there = [(w + 1e-300, group.x[h][k]) for w, h in zip(p, heads, strict=True) if group.x[h][k] is not None]
    whole = sum(w for w, _ in there)
    mean = sum(w * x for w, x in there) / whole
    return mean, math.sqrt(sum(w * (x - mean) ** 2 for w, x in there) / whole)
