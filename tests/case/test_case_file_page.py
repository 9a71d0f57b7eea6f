"""The examples of the page on the case file are cases that check without error."""

import re
from pathlib import Path

import pytest

from westphalia.case.document import parse
from westphalia.case.schema import CaseFile
from westphalia.case.text import emit
from westphalia.case.text.reading import compose

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def merged(base, more):
    """Return a tree with the keys of another: lists are joined, mappings merged, the rest replaced."""
    for key, value in more.items():
        if isinstance(value, list) and isinstance(base.get(key), list):
            base[key] = [*base[key], *value]
        elif isinstance(value, dict) and isinstance(base.get(key), dict) and "value" not in base[key]:
            merged(base[key], value)
        else:
            base[key] = value
    return base


def plain(text):
    places, findings = compose(text, "example")
    assert not findings
    return places.root.plain()


def test_the_whole_case_checks_without_error_or_warning():
    assert parse(BLOCKS[0]).warnings == ()


def test_all_examples_together_are_a_sound_case():
    tree = plain(BLOCKS[0])
    for fragment in BLOCKS[1:]:
        more = plain(fragment)
        if "agreement" in more:
            del tree["agreement"]
        merged(tree, more)
    document = parse(emit.block(tree, 0, "\n"))
    assert document.tree == tree
    shown = set(re.findall(r"^(\w+):", "".join(BLOCKS), flags=re.MULTILINE))
    assert shown >= set(CaseFile.model_fields) - {"summary", "note"}


FORMS = re.findall(r"^\| `([^`]+)` \|", PAGE.split("## Sources")[0], flags=re.MULTILINE)


@pytest.mark.parametrize("form", FORMS)
def test_each_way_to_write_a_value_is_read(form):
    document = parse(BLOCKS[0].replace("{value: 30, assumption", f"{{value: {form}, assumption"))
    reversion = document.case.issue["border"].reversion
    assert reversion.value.plain() == document.tree["issues"][0]["reversion"]["value"]


def test_all_ways_to_write_a_value_are_shown():
    assert len(FORMS) == 6


def test_every_warning_is_explained():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/westphalia/case/checks").glob("*.py"))
    codes = set(re.findall(r'report\.warn\(\s*f?"([a-z0-9-]+)"', source)) | {"no-span", "no-date"}
    table = PAGE.split("## What a check says")[1].split("## Stands")[0]
    assert codes == set(re.findall(r"`((?:no|[a-z]+)-[a-z0-9-]+)`", table))
