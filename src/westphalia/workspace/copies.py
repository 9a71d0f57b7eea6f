"""What belongs to a case beside its file: copied with it, and put away with it."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

from westphalia.case.document import CASE_FILE, Document
from westphalia.files import write_whole
from westphalia.workspace.folder import Place
from westphalia.workspace.reports import FOLDER


def copy_beside(place: Place, document: Document, target: Path) -> None:
    """Copy journal, words and texts of a case into the new folder `target`, but not the case file itself.

    Links are left behind, and so is what is hidden. OSError if the disk refuses.
    """
    if place.has_own_folder:
        shutil.copytree(place.folder, target, ignore=_left_behind)
        (target / CASE_FILE).unlink()
        return
    target.mkdir()
    for path in place.beside():
        if path != place.file:
            shutil.copy2(path, target / f"case{path.name.removeprefix(place.file.stem)}")
    for source in document.case.sources:
        for folder in (place.folder / FOLDER, place.folder):
            text = folder / (source.file or "")
            if source.file and text.is_file() and text.resolve().is_relative_to(place.folder.resolve()):
                copied = target / FOLDER / text.relative_to(folder)
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(text, copied)
                break


def _left_behind(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(".") or Path(folder, name).is_symlink()}


def put_away(place: Place, history: Path, removed: Path, by: str) -> Path:
    """Move a case and its history into a folder of its own below `removed`, and return that folder.

    A note in it says who put it away and when. OSError if the disk refuses.
    """
    now = datetime.datetime.now(datetime.UTC)
    rest = removed / f"{place.name}-{now:%Y%m%dT%H%M%S%f}"
    rest.mkdir(parents=True)
    note = {"name": place.name, "by": by, "at": now.isoformat(timespec="seconds")}
    write_whole(rest / "removed.json", json.dumps(note, ensure_ascii=False).encode("utf-8"))
    if place.has_own_folder:
        place.folder.rename(rest / place.name)
    else:
        for path in place.beside():
            path.rename(rest / path.name)
    if history.is_dir():
        history.rename(rest / "history")
    return rest
