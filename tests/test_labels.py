"""Every label is said once, so that no later one silently takes its place."""

from __future__ import annotations

from collections import Counter

from westphalia import labels
from westphalia.labels import VARIABLES, Label

FAMILIES = {name: part for name, part in vars(labels).items() if name.isupper() and isinstance(part, tuple)}


def test_no_variable_is_defined_twice() -> None:
    told = Counter(label.name for family in FAMILIES.values() for label in family)
    assert sum(told.values()) >= len(VARIABLES) > 200
    assert [name for name, times in told.items() if times > 1] == []


def test_every_family_is_in_the_list_of_variables() -> None:
    assert all(isinstance(label, Label) for family in FAMILIES.values() for label in family)
    assert {label.name for family in FAMILIES.values() for label in family} == set(VARIABLES)
