"""What the page on stability shows of a conflict: its states as a table, its moves, its preferences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from westphalia.case.conflicts import decision_makers, moves_in_play
from westphalia.case.document import Document
from westphalia.case.schema import CaseFile, Move
from westphalia.case.stability import Preference, Stability, Wish
from westphalia.charts.stability_states import LETTERS
from westphalia.fields import Text
from westphalia.labels import CONCEPT
from westphalia.language import marked as _
from westphalia.report.stability_reasons import verdicts_at
from westphalia.report.stability_states import Teller
from westphalia.runs.stability import GraphStudy
from westphalia.uncertain import Value
from westphalia.web.agreement_slots import MOVES
from westphalia.workspace.wishes import can_exchange, in_order

CONCEPTS: Final = {
    "nash": _("Nash"),
    "gmr": _("general metarational"),
    "smr": _("symmetric metarational"),
    "seq": _("sequential"),
    "sseq": _("symmetric sequential"),
    "sim": _("simultaneous"),
    "tableau": _("tableau"),
}
"""The solution concepts by the names of the field, in the order of results."""

LOOKS: Final = {
    "nash": _("Actors look at their own move only."),
    "gmr": _("Actors fear any reply."),
    "smr": _("Actors fear any reply from which they cannot escape."),
    "seq": _("Actors fear replies that pay those who reply."),
    "sseq": _("Actors fear replies that pay and from which they cannot escape."),
    "sim": _("Actors fear what others do at the same time."),
    "tableau": _("Actors fear what the unsettled do at the same time."),
}
"""What a concept supposes."""

_MOST_NAMED: Final = 24
"""States without a letter that are listed at most."""


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move: its `number` in the table (0 if it is not in play), `id`, `content` and whose it is.

    `kind` is in words; `is_taken` tells of today, None if that is not known; `levels` name its levels where
    there are more than two; `evidence` and `assumption` are its grounds.
    """

    number: int
    id: str
    content: Text
    actor: str
    kind: str
    is_taken: bool | None
    levels: tuple[Text, ...]
    evidence: tuple[str, ...]
    assumption: str


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state, a column of the table.

    Attributes
    ----------
    name: as results name it. label: what heads the column. named: the name that the case gives it, if any.
    signs: Y or N a move in play, or its level. described: how it differs from today's.
    marks: each actor's verdict: r, s, g, u; of one concept y (stays) or u. at_rest: concepts by which nobody
        leaves. share: share of draws in which it is at rest, None if no run has counted.
    """

    name: str
    label: str
    named: str
    signs: tuple[str, ...]
    described: str
    marks: tuple[str, ...]
    at_rest: tuple[str, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class StatesTable:
    """The states that are looked at; `more` are others at rest by the concept asked for, by name and signs.

    `count` is how many are at rest by it, `of` how many states there are.
    """

    states: tuple[ShownState, ...]
    more: tuple[tuple[str, str], ...]
    count: int
    of: int


def table_of(
    study: GraphStudy, concept: str, language: str, shares: Mapping[str, Mapping[str, float]]
) -> StatesTable:
    """Return the states of a study as a table.

    Parameters
    ----------
    concept: show those at rest by this one alone, with its verdicts; empty for all.
    shares: by a state's name and a concept, in which share of draws the state is at rest.
    """
    teller, by = Teller(study, language), concept or study.lead
    looked_at = [one for one in study.looked_at if _is_wanted(teller, one, concept)]
    at_rest = np.flatnonzero(study.verdicts["is_equilibrium"].sel({CONCEPT: by}).values).tolist()
    more = [one for one in at_rest if one not in study.looked_at][:_MOST_NAMED]
    return StatesTable(
        states=tuple(_state(teller, one, concept, shares, by) for one in looked_at),
        more=tuple((teller.conflict.name(one), teller.signs(one)) for one in more),
        count=len(at_rest),
        of=teller.conflict.size,
    )


def _is_wanted(teller: Teller, state: int, concept: str) -> bool:
    return not concept or state == teller.today or teller.is_at_rest(state, concept)


def _state(
    teller: Teller, state: int, concept: str, shares: Mapping[str, Mapping[str, float]], by: str
) -> ShownState:
    stays, name = verdicts_at(teller.study, state), teller.conflict.name(state)
    return ShownState(
        name=name,
        label="" if state == teller.today else teller.head(state),
        named="" if teller.moves else teller.named(state),
        signs=tuple(teller.sign(move, state) for move in range(len(teller.moves))),
        described=teller.described(state),
        marks=tuple(_mark(stays, actor, concept) for actor in teller.conflict.actors),
        at_rest=tuple(one for one, held in stays.items() if all(held.values())),
        share=shares.get(name, {}).get(by),
    )


def _mark(stays: Mapping[str, Mapping[str, bool]], actor: str, concept: str) -> str:
    """Return an actor's verdict: by the strictest concept that holds it, or by the one that is asked for."""
    if concept:
        return "y" if stays[concept][actor] else "u"
    return next((letter for one, letter in LETTERS.items() if one in stays and stays[one][actor]), "u")


def shares_of(values: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return of a run's values in which share of draws each state is at rest, by name and concept."""
    states = values.get("states", ())
    return {one["state"]: one["share_of_draws"] for one in states if one["share_of_draws"]}


def shown_in(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return of a run's values the names of the states at rest that it looked at, in its order."""
    return tuple(one["state"] for one in values.get("states", ()) if one["label"] != "today")


# --- moves and preferences -----------------------------------------------------------------------------


def moves_of(case: CaseFile) -> tuple[ShownMove, ...]:
    """Return the moves of a case, those in play first, numbered as the table numbers them."""
    in_play = moves_in_play(case, case.stability) if case.stability else ()
    numbers = {move.id: number for number, move in enumerate(in_play, start=1)}
    rest = [move for move in case.moves if move.id not in numbers]
    return tuple(_move(move, numbers.get(move.id, 0)) for move in (*in_play, *rest))


def _move(move: Move, number: int) -> ShownMove:
    return ShownMove(
        number=number,
        id=move.id,
        content=move.content,
        actor=move.actor,
        kind=MOVES.get(move.kind, ""),
        is_taken=move.is_taken,
        levels=move.levels,
        evidence=move.evidence,
        assumption=move.assumption or "",
    )


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A wish, or a group of a ranking.

    `at` is its place in the file, `says` what stands there; `weight`, `place` and `chance` are as the file
    has them; `is_strong` and `is_unknown` as it says; `evidence` and `assumption` are its grounds; it can
    go before the one above (`can_rise`) or behind the next (`can_fall`).
    """

    at: int
    says: str
    weight: Value | None
    place: Value | None
    chance: Value | None
    is_strong: bool
    is_unknown: bool
    evidence: tuple[str, ...]
    assumption: str
    can_rise: bool
    can_fall: bool


@dataclass(frozen=True, slots=True)
class ShownPreference:
    """What an actor prefers: the `way` it is stated, its `wishes` with the first one first, its grounds.

    `way` is priorities, weights, ranking or from_issues, empty where the case says nothing; `line` is where
    the file has it.
    """

    actor: str
    way: str
    wishes: tuple[ShownWish, ...]
    evidence: tuple[str, ...]
    assumption: str
    line: int


def preferences_of(document: Document) -> tuple[ShownPreference, ...]:
    """Return what each decision maker prefers, in the order of the model."""
    stated = document.case.stability
    if stated is None:
        return ()
    return tuple(_preference(document, actor, stated) for actor in decision_makers(document.case, stated))


def _preference(document: Document, actor: str, model: Stability) -> ShownPreference:
    stated = model.preferences.get(actor)
    if stated is None:
        return ShownPreference(actor, "", (), (), "", document.place(("stability",)).line)
    way = next(way for way in ("priorities", "weights", "ranking", "from_issues") if getattr(stated, way))
    return ShownPreference(
        actor=actor,
        way=way,
        wishes=tuple(_wishes(stated, way)),
        evidence=stated.evidence,
        assumption=stated.assumption or "",
        line=document.place(("stability", "preferences", actor)).line,
    )


def _wishes(stated: Preference, way: str) -> Iterator[ShownWish]:
    if way == "weights":
        for at, one in enumerate(stated.weights):
            yield _wish(at, one.that, one, can_rise=False, can_fall=False)
        return
    items = in_order(stated)
    for here, item in enumerate(items):
        wish = stated.priorities[item.at] if way == "priorities" else None
        can_rise, can_fall = (can_exchange(items, here, there) for there in (here - 1, here + 1))
        yield _wish(item.at, item.says, wish, can_rise=can_rise, can_fall=can_fall)


def _wish(at: int, says: str, wish: Wish | None, *, can_rise: bool, can_fall: bool) -> ShownWish:
    return ShownWish(
        at=at,
        says=says,
        weight=wish.weight.value if wish and wish.weight else None,
        place=wish.place if wish else None,
        chance=wish.chance if wish else None,
        is_strong=wish is not None and wish.is_strong,
        is_unknown=wish is not None and wish.is_unknown,
        evidence=wish.evidence if wish else (),
        assumption=(wish.assumption or "") if wish else "",
        can_rise=can_rise,
        can_fall=can_fall,
    )
