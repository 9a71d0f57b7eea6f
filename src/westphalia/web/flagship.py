"""The case that comes with the package: put into a folder, it shows a newcomer what there is."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

NAME: Final = "ukraine-2025-02"


def flagship() -> bytes | None:
    """Return the case file, None if it did not come along.

    It is part of an installed package; where that runs from its sources, it is the one of the repository.
    """
    package = Path(str(resources.files("westphalia")))
    places = (package / "flagship.yaml", package.parents[1] / "cases" / NAME / "case.yaml")
    return next((place.read_bytes() for place in places if place.is_file()), None)
