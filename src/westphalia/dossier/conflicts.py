"""Statements that do not agree: told differently, divided within a party, or against an earlier word.

Proposals over statements that are coded already. What two statements are about must be the same (an
event, or an actor on an issue); what they say of it is compared by value, option and kind alone. Whether
they contradict each other is for a reader to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from westphalia.dossier.dates import interval
from westphalia.dossier.proposals import Conflict, Proposal, Tier
from westphalia.dossier.schema import AUTHOR, About, Statement
from westphalia.uncertain import Value

Sort = Literal["tellers", "divided party", "earlier commitment", "parties"]
_MOST_BONDS = 50
_KEPT = 4
_BINDING = frozenset({"commitment", "promise"})
_UNCOMPARED = frozenset({"evaluation", "motive"})
_WHY: dict[Sort, str] = {
    "tellers": "the same is told by different tellers",
    "divided party": "different speakers of one party put it at different places",
    "parties": "two parties put the same issue at places that share nothing",
    "earlier commitment": "it does not fit what the same party bound itself to",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two statements, the earlier in the list first, that may not agree.

    `over` names the event or issue; `is_linked` says that the coder has linked them already.
    """

    between: tuple[str, str]
    sort: Sort
    over: str
    tier: Tier
    rule: str
    is_linked: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    """One thing that a statement is about."""

    statement: Statement
    about: About
    teller: tuple[str, ...]
    party: str


def disagreements(
    statements: Sequence[Statement], speaks_for: Mapping[str, str] | None = None
) -> tuple[Disagreement, ...]:
    """Return the pairs of statements that may not agree, each pair once with its plainest sort.

    `speaks_for` gives the principal of each person or medium. Each statement is compared with the
    last four of every other teller about the same thing, so that time grows with statements times
    tellers.
    """
    claims = list(_claims(statements, speaks_for or {}))
    found: dict[tuple[str, str], Disagreement] = {}
    for one in (*_broken(claims), *_divided(claims), *_retold(claims), *_opposed(claims)):
        found.setdefault(one.between, one)
    place = {statement.id: at for at, statement in enumerate(statements)}
    return tuple(sorted(found.values(), key=lambda one: [place[each] for each in one.between]))


def conflicts(
    found: Iterable[Disagreement], statements: Sequence[Statement], source: str
) -> tuple[Proposal, ...]:
    """Return the disagreements between two spans of one source as proposals on its text."""
    spans = {one.id: one.span for one in statements if one.source == source}
    made = []
    for one in found:
        first, second = (spans.get(each) for each in one.between)
        if first is None or second is None:
            continue
        ends = sorted({(first.start, first.end), (second.start, second.end)})
        between = (ends[0], ends[-1])
        # Spans of a proposal do not overlap: of two that do, the wider stands for both.
        apart = tuple(ends) if between[0][1] <= between[1][0] else ((between[0][0], max(e for _, e in ends)),)
        details = Conflict(between, one.sort, f"{_WHY[one.sort]}: {one.over}")
        made.append(Proposal("conflict", apart, one.tier, one.rule, details))
    return tuple(made)


def _claims(statements: Iterable[Statement], speaks_for: Mapping[str, str]) -> Iterator[_Claim]:
    for statement in statements:
        speaker = statement.speaker
        for about in statement.about:
            teller = (speaker, *statement.tellers)
            yield _Claim(statement, about, teller, speaks_for.get(speaker, speaker))


def _pair(one: _Claim, other: _Claim, sort: Sort, over: str, tier: Tier, rule: str) -> Disagreement:
    first, second = one.statement, other.statement
    is_linked = any(
        b.id in (*a.contradicts, *a.breaks, *a.supports) for a, b in ((first, second), (second, first))
    )
    return Disagreement((first.id, second.id), sort, over, tier, rule, is_linked)


# --- the three sorts ---------------------------------------------------------------------------


def _retold(claims: list[_Claim]) -> Iterator[Disagreement]:
    """Yield pairs about one event, or one actor on one issue, that different voices tell."""
    told = [c for c in claims if c.statement.kind not in _UNCOMPARED and c.statement.speaker != AUTHOR]
    for over, group in _grouped(told, _event):
        for one, other in _pairs(group):
            if one.statement.speaker != other.statement.speaker:
                yield _pair(one, other, "tellers", over, "possible", "conflict-same-event")
    for over, group in _grouped([*told, *_by_author(claims)], _cell):
        for one, other in _pairs(group):
            apart = _apart(one.about, other.about)
            if apart is not None and one.party != other.party:
                yield _pair(one, other, "tellers", over, apart, "conflict-same-issue")


def _divided(claims: list[_Claim]) -> Iterator[Disagreement]:
    """Yield pairs in which two speakers of one party put it at different places of an issue."""
    for over, group in _grouped(claims, _cell):
        for one, other in _pairs(group):
            apart = _apart(one.about, other.about)
            is_one_party = one.party == other.party and one.statement.speaker != other.statement.speaker
            if apart is not None and is_one_party:
                yield _pair(one, other, "divided party", over, apart, "conflict-divided-party")


def _opposed(claims: list[_Claim]) -> Iterator[Disagreement]:
    """Yield pairs in which two actors are put at places of an issue that share nothing."""
    held = [claim for claim in claims if claim.statement.kind not in _UNCOMPARED]
    for over, group in _grouped(held, _issue):
        for one, other in _pairs(group, _by_actor):
            is_sure = _apart(one.about, other.about) == "sure"
            if is_sure and one.about.actor != other.about.actor:
                yield _pair(one, other, "parties", over, "possible", "conflict-parties")


def _broken(claims: list[_Claim]) -> Iterator[Disagreement]:
    """Yield statements that do not fit a commitment or promise of the same party."""
    for over, group in _grouped(claims, _party_and_issue):
        bonds: list[_Claim] = [claim for claim in group if claim.statement.kind in _BINDING]
        for claim in group:
            for bond in bonds[-_MOST_BONDS:]:
                apart = _apart(bond.about, claim.about)
                if claim is bond or apart is None or claim.statement.kind in _BINDING:
                    continue
                order = _order(bond.statement, claim.statement)
                if order is not False:
                    tier: Tier = "sure" if order and apart == "sure" else "possible"
                    rule = "conflict-earlier-commitment"
                    yield _pair(bond, claim, "earlier commitment", over, tier, rule)


def _by_author(claims: Iterable[_Claim]) -> list[_Claim]:
    return [c for c in claims if c.statement.speaker == AUTHOR and c.statement.kind not in _UNCOMPARED]


# --- what two statements share -----------------------------------------------------------------


def _issue(claim: _Claim) -> str | None:
    return claim.about.issue


def _by_actor(claim: _Claim) -> tuple[str, ...]:
    return (claim.about.actor or "", claim.statement.speaker)


def _by_teller(claim: _Claim) -> tuple[str, ...]:
    return claim.teller


def _event(claim: _Claim) -> str | None:
    return claim.about.event


def _cell(claim: _Claim) -> str | None:
    about = claim.about
    return f"{about.actor} on {about.issue}" if about.actor and about.issue else None


def _party_and_issue(claim: _Claim) -> str | None:
    about = claim.about
    return f"{about.actor or claim.party} on {about.issue}" if about.issue else None


def _grouped(
    claims: Iterable[_Claim], key: Callable[[_Claim], str | None]
) -> Iterator[tuple[str, list[_Claim]]]:
    """Yield what claims share by a key, with those claims in their order."""
    keyed = [(name, claim) for claim in claims if (name := key(claim)) is not None]
    keyed.sort(key=lambda pair: pair[0])
    for name, group in groupby(keyed, key=lambda pair: pair[0]):
        yield name, [claim for _, claim in group]


def _pairs(
    group: list[_Claim], voice: Callable[[_Claim], tuple[str, ...]] = _by_teller
) -> Iterator[tuple[_Claim, _Claim]]:
    """Yield each claim with the last few before it of every other voice."""
    last: dict[tuple[str, ...], deque[_Claim]] = {}
    for claim in group:
        own = voice(claim)
        yield from ((other, claim) for heard, few in last.items() if heard != own for other in few)
        last.setdefault(own, deque(maxlen=_KEPT)).append(claim)


def _apart(one: About, other: About) -> Tier | None:
    """Return how sure it is that two put an actor at different places; None if they do not."""
    if one.option is not None and other.option is not None:
        return "sure" if one.option != other.option else None
    if one.value is None or other.value is None:
        return None
    return _values_apart(one.value, other.value)


def _values_apart(one: Value, other: Value) -> Tier | None:
    if one.high < other.low or other.high < one.low:
        return "sure"
    is_off = not (other.low <= one.central <= other.high and one.low <= other.central <= one.high)
    return "possible" if is_off else None


def _order(bond: Statement, later: Statement) -> bool | None:
    """Tell whether a statement comes after a bond: yes, no, or None where the dates do not say."""
    before, after = interval(bond.date), interval(later.date)
    if before is None or after is None:
        return None
    if before[1] < after[0]:
        return True
    return False if after[1] < before[0] else None
