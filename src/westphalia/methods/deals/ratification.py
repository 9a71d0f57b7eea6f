"""Ratification: which packages pass at home, and what having to pass there does to the outcome.

Two-level games (Putnam 1988): a party signs abroad what its ratifiers must accept at home. That a
smaller win set at home helps in bargaining is not assumed here; the outcome is computed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from westphalia.check import has_dimensions
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, DRAW, ISSUE, PACKAGE, PRINCIPAL, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.space import TOLERANCE, IntArray, Space, draws_of, space_of

if TYPE_CHECKING:
    import xarray as xr

MOST_LISTED = 2_000_000
SAMPLE = 200_000

Home = Mapping[str, Sequence[str]]
"""The ratifiers of each principal, by name; a principal may have none."""

Rule = Literal["nash", "egalitarian", "utilitarian"]


def ratification(inputs: xr.Dataset, packages: xr.DataArray, ratifiers: Home) -> xr.Dataset:
    """Say which packages each party and its ratifiers accept, u ≥ no deal.

    Parameters
    ----------
    inputs: labelled deal inputs (docs/methods/deals.md); principals and ratifiers are among `is_party`.
    packages: (package, issue) places of the options.
    ratifiers: the ratifiers of each principal; a party that is nobody's ratifier and is not listed
        is a principal without ratifiers.

    Returns
    -------
    Dataset with `is_accepted` (draw, package, actor) of every party, `passes_at_home` (draw, package,
    principal) and `is_ratified` (draw, package). Time is linear in draws, packages and parties.

    Raises
    ------
    CallError: the inputs do not fit together, a name is no party, or a package has no such option.
    """
    import xarray as xr

    has_dimensions(packages, "packages", (PACKAGE, ISSUE))
    places = np.asarray(packages.transpose(PACKAGE, ISSUE).values)
    draws = draws_of(inputs)
    accepted = []
    for draw in range(draws):
        space = space_of(inputs, draw)
        _are_packages(space, places)
        accepted.append(space.slack(places)[:, space.must] >= -TOLERANCE)
    names = [name for name, is_party in zip(space.parties, space.must, strict=True) if is_party]
    homes = _homes(names, ratifiers)
    is_accepted = np.array(accepted)
    passes = np.stack(
        [is_accepted[..., [names.index(n) for n in home]].all(axis=-1) for home in homes.values()], -1
    )
    result = xr.Dataset(
        {
            "is_accepted": ((DRAW, PACKAGE, ACTOR), is_accepted),
            "passes_at_home": ((DRAW, PACKAGE, PRINCIPAL), passes),
            "is_ratified": ((DRAW, PACKAGE), passes.all(axis=-1)),
        },
        coords={ACTOR: names, PRINCIPAL: list(homes)},
    )
    return described(result)


def home_win_sets(
    inputs: xr.Dataset, ratifiers: Home, *, draw: int | None = None, limit: int = MOST_LISTED, seed: int = 1
) -> xr.Dataset:
    """Return how large each principal's win set is with its ratifiers and without.

    Packages are counted where there are at most `limit`, else sampled (200,000 of them).

    Parameters
    ----------
    inputs, ratifiers: as for `ratification`. draw: which draw of the inputs, if there are several.
    limit: up to how many packages to count. seed: of the sample.

    Returns
    -------
    Dataset with `win_set_size` and `win_set_size_alone` (principal), shares of all packages;
    `zone_size` and `zone_size_alone`, the shares that pass with all; `standard_error`, the largest
    of the four kinds, 0 where counted. Time is linear in packages looked at.

    Raises
    ------
    CallError: as `ratification`.
    """
    import xarray as xr

    space = space_of(inputs, draw)
    homes = _homes(_party_names(space), ratifiers)
    heads = [space.parties.index(name) for name in homes]
    whole = [[space.parties.index(name) for name in home] for home in homes.values()]
    counted = np.zeros((2, len(homes) + 1))
    seen = 0
    for block in _looked_at(space, limit, seed):
        fits = space.slack(block) >= -TOLERANCE
        alone = fits[:, heads]
        at_home = np.stack([fits[:, places].all(axis=1) for places in whole], axis=1)
        for row, passing in enumerate((at_home, alone)):
            counted[row] += [*passing.sum(axis=0), passing.all(axis=1).sum()]
        seen += len(block)
    shares = counted / seen
    error = 0.0 if space.size <= limit else float(np.sqrt(shares * (1 - shares) / seen).max())
    result = xr.Dataset(
        {
            "win_set_size": ((PRINCIPAL,), shares[0, :-1]),
            "win_set_size_alone": ((PRINCIPAL,), shares[1, :-1]),
            "zone_size": shares[0, -1],
            "zone_size_alone": shares[1, -1],
            "standard_error": error,
        },
        coords={PRINCIPAL: list(homes)},
    )
    return described(result)


@dataclass(frozen=True)
class _Outcome:
    """The best package (issue), the principals' gains from it, whether others are as good; or none."""

    package: IntArray | None
    gain: FloatArray
    is_tie: bool


def effect_of_ratifiers(
    inputs: xr.Dataset,
    ratifiers: Home,
    *,
    rule: Rule = "nash",
    draw: int | None = None,
    limit: int = MOST_LISTED,
) -> xr.Dataset:
    """Return the outcome among the principals with their ratifiers and without, and who gains by them.

    The principals bargain; the ratifiers only accept or refuse. Nash: the largest product of the
    principals' gains over no deal; egalitarian: the largest least gain as a share of the principal's
    best gain among acceptable packages; utilitarian: the largest sum of
    gains. Ties go to the larger least share, then the next. Every package is looked at, so the outcome
    is the best there is.

    Parameters
    ----------
    inputs, ratifiers: as for `ratification`. draw: which draw, if there are several.
    rule: the bargaining solution. limit: the most packages to look at.

    Returns
    -------
    Dataset with `chosen_option`, `chosen_option_alone` (issue; −1 without a deal), `gain`,
    `gain_alone`, `gain_from_ratifiers` (principal; no deal gains 0), and `is_settled`,
    `is_settled_alone`, `is_tie`. Of tied packages the first is given. Time and memory are linear in
    packages.

    Raises
    ------
    CallError: as `ratification`; there are more packages than `limit` (code ``space-too-large``).

    References
    ----------
    putnam1988, nash1950
    """
    import xarray as xr

    space = space_of(inputs, draw)
    homes = _homes(_party_names(space), ratifiers)
    heads = np.array([space.parties.index(name) for name in homes])
    packages = space.enumerate_all(limit)
    slack = space.slack(packages)
    fits = slack >= -TOLERANCE
    bound = np.asarray(fits[:, space.must].all(axis=1))
    alone = np.asarray(fits[:, heads].all(axis=1))
    with_home, without = (_settle(packages, slack[:, heads], zone, rule) for zone in (bound, alone))
    none = np.full(len(space.issues), -1, dtype=np.int64)
    result = xr.Dataset(
        {
            "chosen_option": ((ISSUE,), none if with_home.package is None else with_home.package),
            "chosen_option_alone": ((ISSUE,), none if without.package is None else without.package),
            "gain": ((PRINCIPAL,), with_home.gain),
            "gain_alone": ((PRINCIPAL,), without.gain),
            "gain_from_ratifiers": ((PRINCIPAL,), with_home.gain - without.gain),
            "is_settled": with_home.package is not None,
            "is_settled_alone": without.package is not None,
            "is_tie": with_home.is_tie or without.is_tie,
        },
        coords={PRINCIPAL: list(homes), ISSUE: list(space.issues)},
    )
    return described(result, rule=rule)


def _settle(packages: IntArray, slack: FloatArray, zone: Array, rule: str) -> _Outcome:
    """Return the package that the rule picks in a zone, by the gains (package, principal)."""
    if not zone.any():
        return _Outcome(None, np.zeros(slack.shape[1]), False)
    gains = np.maximum(slack[zone], 0.0)
    best = _best(gains, rule)
    at = int(best[0])
    return _Outcome(packages[zone][at], gains[at], len(best) > 1)


def _best(gains: FloatArray, rule: str) -> IntArray:
    """Return the places of the best packages by their gains (package, principal), ties by leximin."""
    ideal = gains.max(axis=0)
    # A principal that gains nowhere does not count: its share is 1 in every package.
    shares = np.divide(gains, ideal, out=np.ones_like(gains), where=ideal > TOLERANCE)
    kept: IntArray = np.arange(len(gains), dtype=np.int64)
    if rule == "utilitarian":
        kept = _largest(gains.sum(axis=1))
    elif rule == "nash" and shares.prod(axis=1).any():
        with np.errstate(divide="ignore"):
            kept = _largest(np.log(shares).sum(axis=1))
    ranked = np.sort(shares, axis=1)
    for place in range(ranked.shape[1]):
        kept = kept[_largest(ranked[kept, place])]
    return kept


def _largest(values: FloatArray) -> IntArray:
    return np.flatnonzero(values >= values.max() - TOLERANCE).astype(np.int64)


def _looked_at(space: Space, limit: int, seed: int) -> Iterator[IntArray]:
    if space.size <= limit:
        yield from space.blocks()
    else:
        yield space.sample(SAMPLE, np.random.default_rng(seed))


def _party_names(space: Space) -> list[str]:
    return [name for name, is_party in zip(space.parties, space.must, strict=True) if is_party]


def _homes(parties: list[str], ratifiers: Home) -> dict[str, list[str]]:
    """Return each principal with itself and its ratifiers, in the order of the parties."""
    below = {name for names in ratifiers.values() for name in names}
    for name in [*ratifiers, *sorted(below)]:
        if name not in parties:
            raise CallError(
                f"'{name}' is no party of the deal.",
                code="unknown-party",
                where=name,
                hint=suggest(name, parties),
            )
    both = sorted(below & set(ratifiers))
    if both:
        raise CallError(
            f"'{both[0]}' is a principal and a ratifier.",
            code="rule-contradictory",
            where=both[0],
            hint="Give its ratifiers to the principal above it.",
        )
    return {name: [name, *ratifiers.get(name, ())] for name in parties if name not in below}


def _are_packages(space: Space, places: Array) -> None:
    wrong = (places < 0) | (places >= np.array(space.counts))
    if wrong.any():
        package, issue = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        raise CallError(
            f"Package {int(package)} takes option {int(places[package, issue])} of "
            f"'{space.issues[int(issue)]}', which has {space.counts[int(issue)]}.",
            code="value-out-of-range",
            where="packages",
            hint="Options count from 0.",
        )
