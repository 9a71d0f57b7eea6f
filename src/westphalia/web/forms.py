"""From the fields of a form to values, with a word beside each field that is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from westphalia.errors import CallError, suggest
from westphalia.language import marked as _


@dataclass
class Form:
    """The fields of a form as they came, and what is wrong with them, by field."""

    data: FormData
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> Form:
        """Return the form of a request, which the guard has read."""
        return cls(request.state.form)

    def text(self, name: str, default: str = "") -> str:
        """Return a field without the blanks around it, its line ends as LF."""
        value = self.data.get(name, default)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else default

    def many(self, name: str) -> tuple[str, ...]:
        """Return all values of a field that may stand several times."""
        return tuple(value for value in self.data.getlist(name) if isinstance(value, str) and value)

    def needed(self, name: str) -> str:
        """Return a field, or note that it has to be filled in."""
        value = self.text(name)
        if not value:
            self.wrong.setdefault(name, _("This has to be filled in."))
        return value

    def one_of(self, name: str, options: Iterable[str]) -> str:
        """Return a field that is one of the options, or note which there are."""
        value, known = self.text(name), list(options)
        if value not in known:
            self.wrong.setdefault(name, suggest(value, known))
        return value

    def number(self, name: str, low: float = -math.inf, high: float = math.inf) -> float | None:
        """Return a number, written with a point or a comma; None if empty or, with a note, if it is none."""
        raw = self.text(name)
        if not raw:
            return None
        value = number_in(raw)
        if value is None:
            self.wrong.setdefault(name, _("This is no number."))
        elif not low <= value <= high:
            self.wrong.setdefault(name, f"{low:g} … {high:g}")
        else:
            return value
        return None

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Return name and content of an uploaded file, None if there is none."""
        sent = self.data.get(name)
        if not isinstance(sent, UploadFile) or not sent.filename:
            return None
        return sent.filename, sent.file.read()

    def settle(self) -> None:
        """Raise CallError if a field is wrong, for a form whose page has no room for notes."""
        for name, said in self.wrong.items():
            raise CallError(f"{name}: {said}", code="bad-field", where=name)


def number_in(raw: str) -> float | None:
    """Return the finite number that a person wrote, with a point or a comma, None if it is none."""
    try:
        value = float(raw.replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def local(to: str) -> str:
    """Return an address of ours to go to; anything else becomes the first page."""
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_ours else "/"
