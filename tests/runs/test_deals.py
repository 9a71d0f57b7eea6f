"""A case is negotiated part by part, each told once; the Python face asks for the same by default."""

from __future__ import annotations

import inspect

from westphalia.api import Case
from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.runs.deals import negotiate


def test_the_face_has_the_defaults_of_the_run() -> None:
    ours = inspect.signature(Case.deals).parameters
    theirs = inspect.signature(negotiate).parameters
    assert list(ours)[1:] == list(theirs)[1:]
    assert [one.default for one in ours.values()][1:] == [one.default for one in theirs.values()][1:]


def test_progress_ends_with_the_last_part() -> None:
    told: list[tuple[str, int, int]] = []
    deals = negotiate(parse(new_case()), draws=8, progress=lambda *step: told.append(step))
    parts = len(deals.seconds)
    assert told == [("deals", done, parts) for done in range(1, parts + 1)]
