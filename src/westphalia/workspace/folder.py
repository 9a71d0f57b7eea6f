"""Which cases a folder holds, and how they are named.

A case is a folder with a ``case.yaml``, or a case file of another name right in the folder. The folder
itself may be the folder of a case. A name is that of the folder or file where it can be an id, else an
id made of it. Nothing is found outside the folder, whatever links and names say.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from westphalia.case.document import CASE_FILE
from westphalia.errors import FileError, suggest
from westphalia.fields import ID_PATTERN, ids_for
from westphalia.workspace.database import HIDDEN

_ENDINGS = (".yaml", ".yml")
_HEAD_BYTES = 4096
_MOST_LETTERS = 80
_IS_CASE = re.compile(rb"^westphalia[ \t]*:", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where a case stands: its name, its file, and whether its folder holds nothing but this case."""

    name: str
    file: Path
    has_own_folder: bool

    @property
    def folder(self) -> Path:
        """The folder of the case file."""
        return self.file.parent

    def beside(self) -> list[Path]:
        """Return the case file and all files that belong to it by their names, such as its journal."""
        mark = f"{self.file.stem}."
        return sorted(
            path
            for path in self.folder.iterdir()
            if path.name.startswith(mark) and path.is_file() and not path.is_symlink()
        )


def cases_in(folder: Path) -> dict[str, Place]:
    """Return the cases of a folder by name, in the order of their names.

    Raises
    ------
    FileError: the folder cannot be read.
    """
    try:
        root = folder.resolve(strict=True)
        found = [one for one in _candidates(root) if _is_inside(one[1], root)]
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The folder cannot be read: {reason}."
        raise FileError(message, code="unreadable-folder", where=str(folder)) from None
    plain = [one for one in found if is_name(one[0])]
    # Whoever has a plain name keeps it, and a folder goes before a file.
    places: dict[str, Place] = {}
    for wanted, file, has_own_folder in [*plain, *(one for one in found if one not in plain)]:
        name = free_name(wanted, places)
        places[name] = Place(name, file, has_own_folder)
    return dict(sorted(places.items()))


def _candidates(root: Path) -> Iterator[tuple[str, Path, bool]]:
    """Yield the wanted name and the file of each case, folders first."""
    names = sorted(path.name for path in root.iterdir() if not path.name.startswith("."))
    if _is_file(root / CASE_FILE):
        yield root.name or "case", root / CASE_FILE, False
    for name in names:
        if _is_file(root / name / CASE_FILE):
            yield name, root / name / CASE_FILE, True
    for name in names:
        path = root / name
        may_be = path.suffix in _ENDINGS and name != CASE_FILE and _is_file(path)
        if may_be and _is_inside(path, root) and _begins_case(path):
            yield path.stem, path, False


def _is_file(path: Path) -> bool:
    """Return whether there is a file; a folder that may not be entered has none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _begins_case(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _IS_CASE.search(stream.read(_HEAD_BYTES)) is not None
    except OSError:
        return False


def _is_inside(path: Path, root: Path) -> bool:
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return False
    return real.is_relative_to(root) and not real.is_relative_to(root / HIDDEN)


def is_name(name: str) -> bool:
    """Return whether a text can be the name of a case."""
    return len(name) <= _MOST_LETTERS and re.fullmatch(ID_PATTERN, name) is not None


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name made of a title or file name that no other case has."""
    held = set(taken)
    name = wanted if is_name(wanted) else ids_for([wanted])[wanted]
    numbered = (f"{name[: _MOST_LETTERS - 8]}-{number}" for number in itertools.count(2))
    return name if name not in held else next(other for other in numbered if other not in held)


def check_new(root: Path, name: str, taken: Iterable[str]) -> None:
    """Refuse a name that cannot be that of a new case.

    Raises
    ------
    FileError: it is no id (code ``bad-name``), or something has this name already (``file-exists``).
    """
    if not is_name(name):
        hint = "Use lower-case letters, digits, '-' and '_', beginning with a letter or digit."
        message = f"'{name[:_MOST_LETTERS]}' cannot be the name of a case."
        raise FileError(message, code="bad-name", where="name", hint=hint)
    target = root / name
    is_rest = target.is_dir() and not target.is_symlink() and not any(target.iterdir())
    if name in taken or (os.path.lexists(target) and not is_rest):
        message = f"There is already something named '{name}'."
        raise FileError(message, code="file-exists", where=name, hint="Choose another name.")


def unknown(name: str, names: Iterable[str]) -> FileError:
    """Return the error for a name that no case has."""
    shown = name if is_name(name) else ascii(name)[:_MOST_LETTERS]
    return FileError("There is no such case.", code="unknown-case", where=shown, hint=suggest(shown, names))
