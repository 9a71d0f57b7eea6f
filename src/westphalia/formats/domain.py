"""A folder of either format, told apart by what is in it."""

from __future__ import annotations

from pathlib import Path

from westphalia.formats.genius import read_genius
from westphalia.formats.geniusweb import POINTS, read_geniusweb
from westphalia.formats.raw import files_of
from westphalia.formats.reports import Imported, refusal


def read_domain(folder: str | Path, *, points: int = POINTS, lenient: bool = False) -> Imported:
    """Read the domain in a folder, of Genius (XML) or of GeniusWeb (JSON).

    Raises
    ------
    FileError: the folder holds neither or both, and what `read_genius` and `read_geniusweb` raise.
    CallError: `points` is out of bounds.
    """
    at = Path(folder)
    trees, mappings = files_of(at, ".xml"), files_of(at, ".json")
    if trees and mappings:
        raise refusal(
            "The folder holds XML and JSON files.", str(at), "Keep one domain a folder.", "two-domains"
        )
    if not trees and not mappings:
        raise refusal(
            "The folder holds no domain.",
            str(at),
            "Genius domains are XML files, those of GeniusWeb JSON files.",
            "no-profile",
        )
    return (read_genius if trees else read_geniusweb)(at, points=points, lenient=lenient)
