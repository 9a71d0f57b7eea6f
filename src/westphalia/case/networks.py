"""From a checked case to the inputs of networks: who says what about which issue, and who hears whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import numpy as np

from westphalia.case.derive import own_voices, reliance
from westphalia.case.schema import CaseFile, Consultation, Issue
from westphalia.dossier.dates import interval
from westphalia.dossier.schema import AUTHOR, About, Statement
from westphalia.labels import ACTOR, ISSUE, OTHER, STATEMENT, described

if TYPE_CHECKING:
    import xarray as xr

By = Literal["stand", "speaker"]


def statement_table(case: CaseFile, *, by: By = "stand") -> xr.Dataset:
    """Return the statements of a checked case about issues, one row for each actor and issue of each.

    Parameters
    ----------
    by: whose a statement is. ``stand``: the actor that it puts on the issue, whoever says so.
        ``speaker``: who speaks, and only where it speaks for itself or for whom it may speak.

    Returns
    -------
    Dataset over `statement` (its id; a second row of the same statement is ``id#2``) with
    `statement_actor` and `statement_issue`, places in `actor` and `issue`; `stance`, NaN where it gives
    no value: on a scale the mean of its value as share of the scale, on a nominal issue the place of the
    option; `day`, the first day its date covers, else its source's, else none; `reliance`, 0 to 1, as
    for derived positions (design §10); `mode`, `speaker`, `teller` (nearest to the reader) and `source`;
    and `is_nominal` (issue). Actors are those with a row, in the order of the file; issues are all.
    Cost is linear in statements.
    """
    import xarray as xr

    rows = list(_rows(case, by))
    present = {actor for _, _, actor in rows}
    actors = [actor.id for actor in case.actors if actor.id in present]
    places = {actor: at for at, actor in enumerate(actors)}
    columns = {issue.id: at for at, issue in enumerate(case.issues)}
    told = [statement for statement, _, _ in rows]
    stances = [_stance(about, case.issue[str(about.issue)]) for _, about, _ in rows]
    trust = [reliance(statement, own_voices(case, actor)).weight for statement, _, actor in rows]
    variables = {
        "statement_actor": (STATEMENT, np.array([places[actor] for _, _, actor in rows], dtype=np.int64)),
        "statement_issue": (
            STATEMENT,
            np.array([columns[str(row[1].issue)] for row in rows], dtype=np.int64),
        ),
        "stance": (STATEMENT, np.array(stances, dtype=float)),
        "day": (STATEMENT, np.array([_day(case, one) for one in told], dtype="datetime64[ns]")),
        "reliance": (STATEMENT, np.array(trust, dtype=float)),
        "mode": (STATEMENT, np.array([one.mode for one in told], dtype=object)),
        "speaker": (STATEMENT, np.array([one.speaker for one in told], dtype=object)),
        "teller": (
            STATEMENT,
            np.array([one.tellers[-1] if one.tellers else AUTHOR for one in told], dtype=object),
        ),
        "source": (STATEMENT, np.array([one.source for one in told], dtype=object)),
        "is_nominal": (ISSUE, np.array([issue.kind == "nominal" for issue in case.issues], dtype=bool)),
    }
    coords = {STATEMENT: _labels(told), ACTOR: actors, ISSUE: list(columns)}
    return described(xr.Dataset(variables, coords=coords))


def hearing(case: CaseFile, actors: Sequence[str]) -> xr.DataArray:
    """Return `hears` (actor, other_actor): in how many consultations the actor heard the other.

    Who asks hears those asked; who is informed hears the one who informs; in a call both ends hear each
    other, in a meeting everyone hears everyone. Who was left out heard nothing. What someone did who is
    not among `actors` counts for the one it speaks for. Cost is linear in consultations.
    """
    import xarray as xr

    place = {actor: at for at, actor in enumerate(actors)}
    ties = np.zeros((len(actors), len(actors)))
    for consultation in case.consultations:
        pairs = {(_voice(case, a, place), _voice(case, b, place)) for a, b in _heard(consultation)}
        for hearer, heard in pairs:
            if hearer is not None and heard is not None and hearer != heard:
                ties[place[hearer], place[heard]] += 1
    names = list(actors)
    return xr.DataArray(ties, dims=(ACTOR, OTHER), coords={ACTOR: names, OTHER: names}, name="hears")


def _rows(case: CaseFile, by: By) -> Iterator[tuple[Statement, About, str]]:
    for statement in case.coded:
        for about in statement.about:
            if about.issue is None or about.actor is None:
                continue
            if by == "stand":
                yield statement, about, about.actor
            elif statement.speaker in own_voices(case, about.actor):
                yield statement, about, statement.speaker


def _stance(about: About, issue: Issue) -> float:
    if issue.kind == "nominal":
        return float(issue.options.index(about.option)) if about.option is not None else np.nan
    if about.value is None:
        return np.nan
    low, high = issue.ends
    return float(np.clip((about.value.central - low) / (high - low), 0.0, 1.0))


def _day(case: CaseFile, statement: Statement) -> np.datetime64:
    known = interval(statement.date) or interval(case.source[statement.source].date)
    return np.datetime64("NaT") if known is None else np.datetime64(known[0].isoformat())


def _labels(told: Sequence[Statement]) -> list[str]:
    seen: dict[str, int] = {}
    labels = []
    for statement in told:
        seen[statement.id] = seen.get(statement.id, 0) + 1
        again = seen[statement.id]
        labels.append(statement.id if again == 1 else f"{statement.id}#{again}")
    return labels


def _heard(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """Yield who heard whom."""
    if consultation.how == "met":
        yield from permutations((consultation.by, *consultation.whom), 2)
        return
    for other in consultation.whom:
        if consultation.how in ("asked", "called"):
            yield consultation.by, other
        if consultation.how in ("informed", "called"):
            yield other, consultation.by


def _voice(case: CaseFile, actor: str, known: dict[str, int]) -> str | None:
    """Return the actor, or whom it speaks for, whoever is known first; None if nobody is."""
    seen: set[str] = set()
    here: str | None = actor
    while here is not None and here not in known and here not in seen:
        seen.add(here)
        here = case.actor[here].speaks_for if here in case.actor else None
    return here if here in known else None
