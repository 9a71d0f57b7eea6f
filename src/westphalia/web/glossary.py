"""The terms of the field that pages use, each in one or two plain sentences."""

from __future__ import annotations

from typing import Final

from westphalia.web.glossary_case import EVIDENCE, MODEL
from westphalia.web.glossary_entry import Entry, Group
from westphalia.web.glossary_results import DEALS, DOUBT, RUNS, STABILITY

__all__ = ["GLOSSARY", "GROUPS", "Entry", "Group"]

GROUPS: Final = (MODEL, EVIDENCE, RUNS, DEALS, STABILITY, DOUBT)
GLOSSARY: Final = {entry.id: entry for group in GROUPS for entry in group.entries}
