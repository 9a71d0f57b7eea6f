"""What every registered method owes: documents, options, errors, and results that can be trusted."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import DIMENSIONS, VARIABLES
from westphalia.methods import load_all
from westphalia.registry import find, register, registered

load_all()
DOCS = Path(__file__).parent.parent.parent / "docs"
SPECS = [spec for spec in registered() if spec.run.__module__.startswith("westphalia.")]
PAGES = sorted((DOCS / "methods").glob("*.md"))
HEADS = (
    *("Question", "Inputs", "Definition", "Algorithm", "Worked example", "Limits"),
    *("What it does not tell you", "Sources"),
)
METAMORPHIC = ("translate", "scale", "reflect", "capability-unit")
OF_PACKAGES = ("utility-scale",)
ON_SCALE = ("position", "scale_low", "scale_high", "reversion")

every = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
on_draws = pytest.mark.parametrize(
    "spec", [spec for spec in SPECS if spec.takes != "packages"], ids=lambda spec: spec.id
)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def example(spec):
    data = xr.Dataset.from_dict(spec.example)
    return data[[name for name in spec.inputs if name in data]]


def run(spec, data, **options):
    return spec.run(**{str(name): data[name] for name in data.data_vars}, **options)


def test_there_are_methods():
    assert {"mean", "median", "nash", "challenge", "plurality"} <= {spec.id for spec in SPECS}


@every
def test_has_a_theory_page(spec):
    assert DOCS / "methods" / f"{spec.id}.md" in PAGES


@every_page
def test_page_keeps_the_fixed_heads(page):
    assert tuple(re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)) == HEADS


@every_page
def test_worked_example_of_a_page_is_right(page):
    results = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert results.attempted > 0
    assert results.failed == 0


def keys():
    return set(
        re.findall(r"^@\w+\{(\w+),", (DOCS / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )


@every
def test_sources_are_in_the_bibliography_and_on_the_page(spec):
    assert spec.sources
    assert set(spec.sources) <= keys()
    page = (DOCS / "methods" / f"{spec.id}.md").read_text(encoding="utf-8")
    assert [key for key in spec.sources if f"`{key}`" not in page] == []


@every_page
def test_keys_a_page_cites_are_in_the_bibliography(page):
    sources = page.read_text(encoding="utf-8").split("## Sources")[1]
    assert set(re.findall(r"`(\w+)`", sources)) <= keys()


@every
def test_spec_says_what_the_faces_need(spec):
    assert spec.question.endswith("?")
    assert spec.limits.endswith(".")
    assert spec.cost.endswith(".")
    assert spec.title
    assert spec.run.__doc__
    assert set(spec.invariances) <= set(OF_PACKAGES if spec.takes == "packages" else METAMORPHIC)
    assert spec.forecast is None or spec.forecast in spec.outputs
    for alias in spec.aliases:
        assert find(alias) is spec


@every
def test_options_have_sentence_unit_and_bounds(spec):
    for option in spec.options:
        assert option.param.sentence.endswith("."), option.name
        assert option.param.unit, option.name
        if option.type in (int, float):
            assert option.param.low is not None, option.name
            assert option.param.high is not None, option.name
        else:
            assert option.default in option.choices, option.name
    assert spec.checked({}) == {option.name: option.default for option in spec.options}


@every
def test_a_wrong_option_is_told(spec):
    with pytest.raises(CallError, match="has no option 'no-such'"):
        spec.checked({"no-such": 1})
    for option in spec.options:
        with pytest.raises(CallError, match=f"Option '{option.name}' of '{spec.id}'"):
            spec.checked({option.name: "no-such"})


@every
def test_no_method_is_registered_twice(spec):
    with pytest.raises(ValueError, match="registered twice"):
        register(spec)


@on_draws
def test_every_choice_of_every_option_runs(spec):
    for option in spec.options:
        for choice in option.choices:
            run(spec, example(spec), **{option.name: choice})


@on_draws
def test_example_runs_and_gives_what_is_promised(spec):
    result = run(spec, example(spec))
    assert set(spec.outputs) == set(result.data_vars)
    assert result.attrs["method"] == spec.id
    for name, array in result.data_vars.items():
        assert array.dims[0] == "draw", name
        assert set(array.dims) <= set(DIMENSIONS), name
        label = VARIABLES[name]
        assert array.attrs["long_name"] == label.long_name
        assert array.attrs["units"] == label.unit
        low, high = (np.nan_to_num(bound, nan=0.0) for bound in (array.min(), array.max()))
        assert low >= (-np.inf if label.low is None else label.low)
        assert high <= (np.inf if label.high is None else label.high)


@on_draws
def test_inputs_are_not_changed(spec):
    data = example(spec)
    before = data.copy(deep=True)
    run(spec, data)
    assert data.identical(before)


@on_draws
def test_actors_permute_with_the_result(spec):
    data = example(spec)
    order = [2, 0, 1]
    before, after = run(spec, data), run(spec, data.isel(actor=order))
    if "actor" in before.dims:
        before = before.isel(actor=order)
    xr.testing.assert_allclose(before, after, atol=1e-6)


def changed(data, invariance):
    if invariance == "capability-unit":
        return data.assign(capability=1000 * data["capability"]), lambda outcome: outcome
    to = {"translate": lambda x: x + 64, "scale": lambda x: 8 * x, "reflect": lambda x: 100 - x}[invariance]
    moved = {name: to(data[name]) for name in ON_SCALE if name in data}
    if invariance == "reflect" and "scale_low" in moved:
        moved["scale_low"], moved["scale_high"] = moved["scale_high"], moved["scale_low"]
    return data.assign(moved), to


@pytest.mark.parametrize(
    ("spec", "invariance"),
    [(spec, kind) for spec in SPECS if spec.takes != "packages" for kind in spec.invariances],
    ids=lambda item: getattr(item, "id", item),
)
def test_declared_invariances_hold(spec, invariance):
    data = example(spec)
    other, to = changed(data, invariance)
    name = spec.forecast or spec.outputs[0]
    before, after = run(spec, data)[name], run(spec, other)[name]
    assert after.values == pytest.approx(to(before).values, abs=1e-5)


@on_draws
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_by_name(spec, bad):
    for name in spec.inputs:
        data = example(spec)
        if data[name].dtype == bool:
            continue
        spoilt = data[name].astype(float)
        spoilt[(0,) * spoilt.ndim] = bad
        with pytest.raises(CallError, match=f"'{name}' of .* is (nan|-?inf)"):
            run(spec, data.assign({name: spoilt}))


@on_draws
def test_what_an_absent_cell_holds_is_never_read(spec):
    data = example(spec)
    has_stand = data["has_stand"].copy()
    has_stand[2, :] = False
    filled = data.assign(has_stand=has_stand)
    spoilt = filled.assign(
        {
            name: filled[name].where(has_stand)
            for name in ("position", "choice", "salience", "capability")
            if name in data
        }
    )
    assert run(spec, filled).identical(run(spec, spoilt))


@on_draws
def test_labels_that_do_not_fit_are_refused(spec):
    data = {str(name): array for name, array in example(spec).data_vars.items()}
    with pytest.raises(CallError, match="stand in another order") as caught:
        spec.run(**{**data, "salience": data["salience"].isel(actor=[1, 0, 2])})
    assert caught.value.code == "labels-differ"
    with pytest.raises(CallError, match="lacks actor"):
        spec.run(**{**data, "salience": data["salience"].isel(actor=0)})
    with pytest.raises(CallError, match="is not a labelled array"):
        spec.run(**{**data, "salience": data["salience"].values})


@on_draws
def test_an_issue_on_which_nobody_counts_is_named(spec):
    data = example(spec)
    issue = str(data["issue"].values[0])
    empty = data["has_stand"].copy()
    empty[:, 0] = False
    if spec.id == "nash":
        assert run(spec, data.assign(has_stand=empty))["forecast"].values[0, 0] == data["reversion"].values[0]
        return
    with pytest.raises(CallError, match=f"No actor with any weight takes a stand on '{issue}'"):
        run(spec, data.assign(has_stand=empty))


def sampled(spec, draws=5):
    data = example(spec)
    factor = xr.DataArray(np.linspace(0.5, 1.0, draws), dims="draw", coords={"draw": np.arange(draws)})
    return data.assign(salience=(factor * data["salience"]).transpose("draw", "actor", "issue"))


@on_draws
def test_the_same_bits_on_repeat_and_in_chunks(spec):
    data = sampled(spec)
    whole = run(spec, data)
    assert whole.identical(run(spec, data))
    parts = [run(spec, data.isel(draw=slice(*ends))) for ends in ((0, 2), (2, 5))]
    joined = xr.concat(parts, dim="draw", data_vars="minimal", coords="minimal", compat="override")
    assert whole.identical(joined)


@on_draws
def test_result_survives_a_save(spec, tmp_path):
    result = run(spec, sampled(spec))
    assert xr.Dataset.from_dict(json.loads(json.dumps(result.to_dict()))).equals(result)
    result.to_netcdf(tmp_path / "result.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "result.nc", engine="scipy") as read:
        assert read.load().equals(result)
