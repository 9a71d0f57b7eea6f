"""What reading a file of others gives: the deal inputs, and all that was mended or left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from westphalia.errors import FileError

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class ImportReport:
    """How an import went.

    `format` is ``genius`` or ``geniusweb``, `name` the name of the domain, `files` what was read.
    `repaired` says in sentences what was wrong in the files and how it was taken; `not_carried` what
    the files say that deal inputs do not hold.
    """

    format: str
    name: str
    files: tuple[str, ...]
    repaired: tuple[str, ...] = ()
    not_carried: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data, the one shape all faces give out."""
        return {
            "format": self.format,
            "name": self.name,
            "files": list(self.files),
            "repaired": list(self.repaired),
            "not_carried": list(self.not_carried),
        }


@dataclass(frozen=True)
class Imported:
    """Deal inputs (docs/methods/deals.md) and the report of where they come from."""

    inputs: xr.Dataset
    report: ImportReport


@dataclass
class Notes:
    """Sentences collected while files are read; each is kept once."""

    repaired: dict[str, None] = field(default_factory=dict)
    not_carried: dict[str, None] = field(default_factory=dict)

    def repair(self, sentence: str) -> None:
        """Say what was wrong and how it was taken."""
        self.repaired[shown(sentence)] = None

    def leave(self, sentence: str) -> None:
        """Say what deal inputs do not hold."""
        self.not_carried[shown(sentence)] = None


def refusal(message: str, where: str, hint: str = "", code: str = "bad-format") -> FileError:
    """Return the error for a file that does not hold what its format asks for."""
    return FileError(shown(message), code=code, where=shown(where), hint=shown(hint))


def shown(text: str) -> str:
    """Return a text that any terminal and any file takes: what cannot be printed is replaced."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
