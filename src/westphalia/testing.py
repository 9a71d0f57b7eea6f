"""Public helpers for tests: Hypothesis strategies for cases and labelled inputs, and assertions.

Hypothesis is wanted only by those who test; it is imported when a strategy is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE

if TYPE_CHECKING:
    import xarray as xr
    from hypothesis.strategies import SearchStrategy

Size = int | tuple[int, int]
_Array = np.ndarray[tuple[int, ...], np.dtype[Any]]
_Draw = Callable[["SearchStrategy[Any]"], Any]

_STEPS = 1000
"""Drawn shares are multiples of 1/1000, so that ties, ends and zeros come up often."""


def _strategies() -> Any:
    try:
        from hypothesis import strategies
    except ModuleNotFoundError as missing:
        raise CallError(
            "The strategies of westphalia.testing need Hypothesis, which is not installed.",
            code="hypothesis-missing",
            hint="Install it: pip install hypothesis.",
        ) from missing
    return strategies


# --- labelled inputs -----------------------------------------------------------------------------


def labelled_inputs(
    actors: Size = (2, 6),
    issues: Size = (1, 3),
    draws: Size | None = (1, 4),
    *,
    all_stands: bool = False,
) -> SearchStrategy[xr.Dataset]:
    """Return a strategy for labelled inputs of methods, with every variable of the design's §4.

    Parameters
    ----------
    actors, issues, draws: how many; a number, or the least and the most. With ``draws=None`` no
        variable has the dimension of draws.
    all_stands: whether every actor has a stand on every issue; otherwise some have none, and the
        cells of those hold 0.

    Each issue has at least one actor whose capability times salience is above 0 in every draw.
    Scales, positions, saliences and capabilities are multiples of 1/1000 of their range.
    """
    st = _strategies()

    def build(draw: _Draw) -> xr.Dataset:
        sizes = [_size(draw, st, wanted) for wanted in (actors, issues, 1 if draws is None else draws)]
        data = _dataset(draw, st, sizes[2], sizes[0], sizes[1], all_stands)
        return data.isel({DRAW: 0}, drop=True) if draws is None else data

    strategy: SearchStrategy[xr.Dataset] = st.composite(build)()
    return strategy


def _size(draw: _Draw, st: Any, wanted: Size) -> int:
    low, high = (wanted, wanted) if isinstance(wanted, int) else wanted
    return int(draw(st.integers(low, high)))


def _shares(draw: _Draw, st: Any, *shape: int) -> _Array:
    from hypothesis.extra.numpy import arrays

    steps: _Array = draw(arrays(np.int64, shape, elements=st.integers(0, _STEPS)))
    return steps / _STEPS


def _flags(draw: _Draw, st: Any, *shape: int) -> _Array:
    from hypothesis.extra.numpy import arrays

    flags: _Array = draw(arrays(np.bool_, shape, elements=st.booleans()))
    return flags


def _dataset(draw: _Draw, st: Any, n_draws: int, n: int, k: int, all_stands: bool) -> xr.Dataset:
    import xarray as xr

    cells = (DRAW, ACTOR, ISSUE)
    has_stand = np.ones((n, k), dtype=bool) if all_stands else _flags(draw, st, n, k)
    anchors = [draw(st.integers(0, n - 1)) for _ in range(k)]
    has_stand[anchors, range(k)] = True
    low = np.array([draw(st.sampled_from([0.0, -50.0, 1.0])) for _ in range(k)])
    length = np.array([draw(st.sampled_from([100.0, 1.0, 6.5])) for _ in range(k)])
    salience, capability = _shares(draw, st, n_draws, n, k), 100 * _shares(draw, st, n_draws, n, k)
    for at, anchor in enumerate(anchors):
        salience[:, anchor, at] = np.maximum(salience[:, anchor, at], 0.1)
        capability[:, anchor, at] = np.maximum(capability[:, anchor, at], 1.0)
    variables: dict[str, tuple[tuple[str, ...], _Array]] = {
        "position": (cells, np.where(has_stand, low + length * _shares(draw, st, n_draws, n, k), 0.0)),
        "salience": (cells, np.where(has_stand, salience, 0.0)),
        "capability": (cells, np.where(has_stand, capability, 0.0)),
        "has_stand": ((ACTOR, ISSUE), has_stand),
        "is_required": ((ACTOR,), _flags(draw, st, n)),
        "scale_low": ((ISSUE,), low),
        "scale_high": ((ISSUE,), low + length),
        "reversion": ((DRAW, ISSUE), low + length * _shares(draw, st, n_draws, k)),
        "has_reversion": ((ISSUE,), _flags(draw, st, k)),
        "no_deal": ((DRAW, ACTOR), _shares(draw, st, n_draws, n)),
        "has_no_deal": ((ACTOR,), _flags(draw, st, n)),
    }
    labels = {ACTOR: [f"actor-{i}" for i in range(n)], ISSUE: [f"issue-{j}" for j in range(k)]}
    return xr.Dataset(variables, coords={DRAW: np.arange(n_draws), **labels})


# --- case trees ----------------------------------------------------------------------------------


def case_trees() -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for valid cases as plain trees, as they come out of a YAML file.

    Two to five actors, one to three issues (one of them may be nominal), values of every form, with
    and without evidence, and statements for the evidence. The check of such a case finds no error.
    """
    st = _strategies()
    strategy: SearchStrategy[dict[str, Any]] = st.composite(lambda draw: _case_tree(draw, st))()
    return strategy


def _case_tree(draw: _Draw, st: Any) -> dict[str, Any]:
    actors = [f"actor-{i}" for i in range(draw(st.integers(2, 5)))]
    issues = [_issue(draw, st, f"issue-{j}") for j in range(draw(st.integers(1, 3)))]
    statements = [_statement(draw, st, f"s{i}", actors) for i in range(draw(st.integers(1, 3)))]
    cited = [statement["id"] for statement in statements]
    return {
        "westphalia": 1,
        "id": "drawn",
        "title": "A drawn case",
        "question": draw(_words(st)),
        "date": draw(st.sampled_from([2025, "2025-02", "2025-02-12"])),
        "sources": [{"id": "paper", "title": "A paper", "characters": 1000}],
        "actors": [{"id": actor, "name": draw(_words(st)), "kind": "state"} for actor in actors],
        "issues": issues,
        "stands": {
            actor: {issue["id"]: _stand(draw, st, issue, cited) for issue in issues} for actor in actors
        },
        "capability": {actor: draw(_value(st, 1, 100)) for actor in actors},
        "no_deal": {actors[0]: draw(_value(st, 0, 1))},
        "agreement": {"required": actors[:2]},
        "statements": statements,
    }


def _words(st: Any) -> Any:
    plain = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
    return st.text(plain, min_size=1, max_size=12).map(lambda text: f"Text {text}")


def _value(st: Any, low: float, high: float) -> Any:
    ends = st.integers(0, _STEPS).map(lambda step: round(low + (high - low) * step / _STEPS, 4))
    pairs = st.tuples(ends, ends).map(sorted)
    triples = st.tuples(ends, ends, ends).map(sorted)
    ranges = pairs.map(lambda pair: {"low": pair[0], "high": pair[1]})
    return st.one_of(
        ends,
        ranges,
        triples.map(lambda three: {"low": three[0], "mode": three[1], "high": three[2]}),
        ends.map(lambda mean: {"normal": [mean, round((high - low) / 10, 4)]}),
        st.lists(st.one_of(ends, ranges), min_size=1, max_size=3),
    )


def _issue(draw: _Draw, st: Any, name: str) -> dict[str, Any]:
    if draw(st.booleans()):
        scale: dict[Any, str] = {"here": "They meet here", "there": "They meet there"}
        return {"id": name, "question": draw(_words(st)), "kind": "nominal", "scale": scale}
    scale = {0: "None of it", 50: "Half of it", 100: "All of it"}
    reversion = draw(_value(st, 0, 100))
    return {"id": name, "question": draw(_words(st)), "scale": scale, "reversion": reversion}


def _statement(draw: _Draw, st: Any, name: str, actors: list[str]) -> dict[str, Any]:
    start = draw(st.integers(0, 900))
    return {
        "id": name,
        "source": "paper",
        "span": [start, start + draw(st.integers(1, 99))],
        "speaker": draw(st.sampled_from([*actors, "author"])),
        "mode": draw(st.sampled_from(["quote", "indirect", "hearsay"])),
        "kind": "position",
        "gloss": draw(_words(st)),
    }


def _stand(draw: _Draw, st: Any, issue: dict[str, Any], cited: list[str]) -> dict[str, Any]:
    is_nominal = issue.get("kind") == "nominal"
    position = draw(st.sampled_from(["here", "there"]) if is_nominal else _value(st, 0, 100))
    backing = st.sampled_from([{"evidence": cited[:1]}, {"assumption": "drawn"}, {"evidence": cited[0]}, {}])
    return {"position": position, "salience": draw(_value(st, 0, 1)), **draw(backing)}


# --- made cases ----------------------------------------------------------------------------------


def made_case(seed: int, *, actors: int = 8, issues: int = 4) -> str:
    """Return the text of a sound made-up case, `made-SEED`: every actor on every issue, all with doubt.

    The same seed gives the same text; three actors must agree, capabilities and reversions are known.
    """
    import random

    from westphalia.case.text import emit

    rng = random.Random(seed)  # noqa: S311
    who, what = [f"actor-{i}" for i in range(actors)], [f"issue-{k}" for k in range(issues)]

    def spread(low: float, high: float) -> dict[str, float]:
        ends = sorted(round(rng.uniform(low, high), 3) for _ in range(3))
        return dict(zip(("low", "mode", "high"), ends, strict=True))

    def stand() -> dict[str, Any]:
        return {"position": spread(0, 100), "salience": spread(0.05, 1), "assumption": "made up"}

    scale = {0: "none of it", 100: "all of it"}
    tree = {
        "westphalia": 1,
        "id": f"made-{seed}",
        "title": f"Made case {seed}",
        "question": "What will they agree on?",
        "date": 2025,
        "sources": [],
        "actors": [{"id": actor, "name": actor, "kind": "state"} for actor in who],
        "issues": [
            {"id": issue, "question": "How much?", "scale": scale, "reversion": rng.randint(0, 100)}
            for issue in what
        ],
        "stands": {actor: {issue: stand() for issue in what} for actor in who},
        "capability": {actor: rng.randint(1, 100) for actor in who},
        "agreement": {"required": who[:3]},
    }
    return emit.block(tree, 0, "\n") + "\n"


# --- assertions ----------------------------------------------------------------------------------


def assert_same_bits(left: xr.Dataset, right: xr.Dataset) -> None:
    """Assert that two datasets hold the same names, dimensions, types, attributes and bits.

    Raises
    ------
    AssertionError: naming the first variable that differs.
    """
    assert list(left.variables) == list(right.variables), "the names of the variables differ"  # noqa: S101
    assert left.attrs == right.attrs, "the attributes differ"  # noqa: S101
    for name in left.variables:
        one, other = left[name].variable, right[name].variable
        assert one.dims == other.dims, f"'{name}' has dimensions {one.dims} and {other.dims}"  # noqa: S101
        assert one.dtype == other.dtype, f"'{name}' has types {one.dtype} and {other.dtype}"  # noqa: S101
        first, second = np.ascontiguousarray(one.values), np.ascontiguousarray(other.values)
        is_same = (
            first.tolist() == second.tolist()
            if first.dtype.hasobject
            else first.tobytes() == second.tobytes()
        )
        assert is_same, f"'{name}' differs in its bits"  # noqa: S101
        assert one.attrs == other.attrs, f"the attributes of '{name}' differ"  # noqa: S101
