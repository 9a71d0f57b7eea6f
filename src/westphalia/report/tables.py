"""Rows as a table of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any


def csv_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV under the names of the first; empty if there is none."""
    several = list(rows)
    if not several:
        return ""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(several[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(several)
    return stream.getvalue()
