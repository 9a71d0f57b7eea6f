"""The published JSON Schema takes every valid case, and refuses what a schema can refuse."""

import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from westphalia.case.document import parse, read
from westphalia.case.schema import json_schema
from westphalia.case.template import new_case
from westphalia.case.text.reading import compose
from westphalia.testing import case_trees

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "corpus"))
from broken import FORM, VALID  # noqa: E402

VALIDATOR = jsonschema.Draft202012Validator(json_schema())
# What only the models can say: the calendar, finiteness, and how numbers of one value compare.
BEYOND_A_SCHEMA = {
    "impossible date", "infinite", "minus infinite", "beyond floats", "NaN", "ends swapped", "mode outside",
    "negative deviation", "weights too few", "chances too many", "span before its start", "span backwards",
    "number scale in words", "word scale in numbers", "key twice", "number key twice",
}  # fmt: skip


def as_json(tree):
    """Return a tree with the keys that JSON has: texts."""
    if isinstance(tree, dict):
        return {str(key): as_json(item) for key, item in tree.items()}
    return [as_json(item) for item in tree] if isinstance(tree, list) else tree


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("make", [new_case, lambda: VALID], ids=["template", "valley"])
def test_it_takes_valid_cases(make):
    VALIDATOR.validate(as_json(parse(make()).tree))


def test_it_takes_the_flagship():
    VALIDATOR.validate(as_json(read(ROOT / "cases" / "ukraine-2025-02").tree))


@settings(max_examples=40)
@given(tree=case_trees())
def test_it_takes_every_drawn_case(tree):
    VALIDATOR.validate(as_json(tree))


@pytest.mark.parametrize("broken", FORM, ids=lambda broken: broken.name.replace(" ", "-"))
def test_it_refuses_broken_forms(broken):
    places, _ = compose(broken.raw.decode(), "case")
    is_refused = not VALIDATOR.is_valid(as_json(places.root.plain()))
    assert is_refused == (broken.name not in BEYOND_A_SCHEMA)
