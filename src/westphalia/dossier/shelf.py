"""Finding the texts of a case's sources in a folder: by name, else by what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from westphalia.dossier.schema import Source
from westphalia.dossier.texts import KINDS, LARGEST_FILE, SourceText, read_text
from westphalia.errors import FileError

MOST_FILES = 1_000
_MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Differing:
    """A file that has the name of a source and another text than the one that was coded."""

    source: str
    path: Path
    text: SourceText


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a folder holds of the sources.

    `found` has the texts by id of the source. `differing` are files of the right name with another
    text; their spans can be anchored anew, but not trusted. `missing` are ids of sources with no
    file, `refused` the reasons why files of the right name could not be read.
    """

    found: dict[str, SourceText]
    differing: tuple[Differing, ...]
    missing: tuple[str, ...]
    refused: tuple[FileError, ...]


def find_texts(sources: Iterable[Source], folder: str | Path) -> Shelf:
    """Return the texts of the sources that stand in a folder.

    The file that a source names is taken if its text has the source's SHA-256, or the source states
    none. Else any file in the folder or below whose text has it is taken. Nothing outside the folder
    is read, whatever names or links say; of the folder at most 1,000 files and 500 MB are.

    Raises
    ------
    FileError: there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileError("There is no such folder.", code="missing-folder", where=str(folder))
    found: dict[str, SourceText] = {}
    differing: list[Differing] = []
    refused: list[FileError] = []
    wanted: list[Source] = []
    for source in sources:
        try:
            text, path = _named(source, root)
        except FileError as error:
            refused.append(error)
            text, path = None, root
        if text is not None and source.sha256 in (None, text.sha256):
            found[source.id] = text
            continue
        if text is not None:
            differing.append(Differing(source.id, path, text))
        wanted.append(source)
    found |= _by_hash(wanted, root)
    known = {*found, *(one.source for one in differing)}
    missing = tuple(source.id for source in wanted if source.id not in known)
    return Shelf(found, tuple(differing), missing, tuple(refused))


def _named(source: Source, root: Path) -> tuple[SourceText | None, Path]:
    """Return the text of the file a source names, None if it names none that is there."""
    if source.file is None or "\0" in source.file:
        return None, root
    path = root / source.file
    if not _is_inside(path, root):
        raise FileError(
            f"The source '{source.id}' names a file outside the folder of the texts.",
            code="outside-folder",
            where=source.file,
            hint="Name a file within the folder.",
        )
    return (read_text(path), path) if path.is_file() else (None, root)


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def _by_hash(sources: list[Source], root: Path) -> dict[str, SourceText]:
    """Return the texts that have the SHA-256 of sources, wherever below the folder they stand."""
    wanted: dict[str, list[str]] = {}
    for source in sources:
        if source.sha256 is not None:
            wanted.setdefault(source.sha256, []).append(source.id)
    found: dict[str, SourceText] = {}
    for path in _files(root) if wanted else ():
        try:
            text = read_text(path)
        except FileError:
            # A file that nobody named and that cannot be read is none of the sources.
            continue
        found |= dict.fromkeys(wanted.pop(text.sha256, ()), text)
        if not wanted:
            break
    return found


def _files(root: Path) -> Iterator[Path]:
    """Yield the files below the folder that may be texts, in the order of their names."""
    left = _MOST_BYTES
    for path in islice(_walk(root), MOST_FILES):
        size = path.stat().st_size
        if size <= min(LARGEST_FILE, left):
            left -= size
            yield path


def _walk(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root, followlinks=False):
        below.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in KINDS and path.is_file() and _is_inside(path, root):
                yield path
