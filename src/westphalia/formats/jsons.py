"""JSON of strangers as nodes that know their place: no doubled keys, no NaN, no endless depth."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from westphalia.errors import suggest
from westphalia.formats.raw import bytes_of, name_of, text_of
from westphalia.formats.reports import Notes, refusal

_LONGEST_DIGITS = 100


@dataclass(frozen=True)
class Node:
    """A value in a JSON file: dict, list, str, Decimal, bool or None."""

    value: Any
    file: str
    path: str = ""

    @property
    def where(self) -> str:
        """The file and the path of keys in it."""
        return f"{self.file}: {self.path}" if self.path else self.file

    def _below(self, key: str | int) -> Node:
        step = f"{key!s:.80}"
        return Node(self.value[key], self.file, f"{self.path}.{step}" if self.path else step)

    def get(self, key: str) -> Node | None:
        """Return what stands under a key; None if this is no mapping or has no such key."""
        return self._below(key) if isinstance(self.value, dict) and key in self.value else None

    def at(self, key: str) -> Node:
        """Return what stands under a key.

        Raises
        ------
        FileError: there is no such key.
        """
        found = self.get(key)
        if found is None:
            keys = self.value if isinstance(self.value, dict) else {}
            raise refusal(f"'{key}' is missing.", self.where, suggest(key, keys), "missing-key")
        return found

    def plain(self, key: str) -> Any:
        """Return the bare value under a key, None if it is not there."""
        found = self.get(key)
        return None if found is None else found.value

    def entries(self, notes: Notes) -> list[tuple[str, Node]]:
        """Return names and nodes of a mapping; raises FileError if this is none."""
        if not isinstance(self.value, dict):
            raise refusal("This is no mapping.", self.where, "Write {name: …}.")
        return [(name_of(key, self.where, notes), self._below(key)) for key in self.value]

    def items(self) -> list[Node]:
        """Return the nodes of a list; raises FileError if this is none."""
        if not isinstance(self.value, list):
            raise refusal("This is no list.", self.where, "Write […].")
        return [self._below(at) for at in range(len(self.value))]


class _WrongError(ValueError):
    """What JSON allows and we do not."""


def read_json(path: Path) -> Node:
    """Return the content of a JSON file, numbers as decimal fractions.

    Raises
    ------
    FileError: the file cannot be read, is no JSON, holds a key twice, a NaN, an endless number, or is
        nested too deep.
    """
    return json_of(bytes_of(path), str(path))


def json_of(raw: bytes, where: str) -> Node:
    """Return the content of JSON in bytes; see `read_json`."""
    text = text_of(raw, where)
    try:
        value = json.loads(
            text, object_pairs_hook=_mapping, parse_constant=_constant, parse_int=_number, parse_float=_number
        )
    except json.JSONDecodeError as error:
        raise refusal(
            f"This is no JSON: {error.msg}.",
            f"{where}:{error.lineno}:{error.colno}",
            "Mend the line, or save the file anew.",
            "bad-json",
        ) from None
    except RecursionError:
        raise refusal("The file is nested too deep.", where, code="too-deep") from None
    except _WrongError as error:
        raise refusal(str(error), where, code="bad-json") from None
    return Node(value, where)


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise _WrongError(f"The key {twice!a:.80} stands twice in one mapping.")
    return held


def _constant(name: str) -> Any:
    raise _WrongError(f"{name} is no number that counts.")


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_DIGITS:
        raise _WrongError(f"A number is {len(text)} characters long.")
    return Decimal(text)
