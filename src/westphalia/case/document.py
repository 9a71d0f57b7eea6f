"""A case file as read: its text, its tree with places, and the case it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

import pydantic

from westphalia.case.checks import check_all
from westphalia.case.checks.messages import translate
from westphalia.case.checks.partial import valid_part, whole
from westphalia.case.schema import CaseFile
from westphalia.case.text.editing import append_value, remove_items, remove_value, set_values
from westphalia.case.text.nodes import Path, Places
from westphalia.case.text.reading import MOST_BYTES, check_characters, compose, decode, too_large, uncollected
from westphalia.errors import CaseError, FileError, Finding, Place

CASE_FILE = "case.yaml"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Document:
    """A case file that checks without error.

    `text` is the file's text as it stands, without byte-order mark; `tree` its plain values; `digest`
    the SHA-256 of the tree, which comments and layout do not change; `file_digest` that of the bytes
    that were read, which tells on saving whether the file has changed meanwhile.
    """

    name: str
    path: FilePath | None
    text: str
    has_mark: bool
    tree: dict[str, Any]
    case: CaseFile
    places: Places
    warnings: tuple[Finding, ...]
    digest: str
    file_digest: str

    def place(self, path: str | Sequence[str | int]) -> Place:
        """Return file, line and column of the value at a path like ``stands.usa.territory``."""
        return self.places.value_place(steps(path))

    def set(self, path: str | Sequence[str | int], value: Any) -> Document:
        """Return the document with the value at the path set; a key that is missing is added.

        Raises
        ------
        CaseError: the case would be wrong with it.
        CallError: the path leads nowhere.
        """
        return self.set_many({steps(path): value})

    @uncollected()
    def set_many(self, changes: Mapping[Path, Any]) -> Document:
        """Return the document with the value at each path set; see `set`."""
        return self.with_places(set_values(self.places, changes)) if changes else self

    @uncollected()
    def remove(self, path: str | Sequence[str | int]) -> Document:
        """Return the document without the key or item at the path; raises like `set`."""
        return self.with_places(remove_value(self.places, steps(path)))

    @uncollected()
    def remove_items(self, path: str | Sequence[str | int], items: Collection[int]) -> Document:
        """Return the document without several items of the list at the path; raises like `set`."""
        return self.with_places(remove_items(self.places, steps(path), items)) if items else self

    @uncollected()
    def append(self, path: str | Sequence[str | int], item: Any) -> Document:
        """Return the document with an item added to the list at the path; raises like `set`."""
        return self.with_places(append_value(self.places, steps(path), item))

    def with_places(self, places: Places) -> Document:
        """Return the document with the text that `places` holds, checked once however much was changed.

        Raises
        ------
        CaseError: the case would be wrong with it.
        """
        changed = _sound(places, [])
        return replace(changed, path=self.path, has_mark=self.has_mark, file_digest=self.file_digest)

    def raw(self) -> bytes:
        """Return the bytes of the file."""
        return (_BOM if self.has_mark else b"") + self.text.encode("utf-8")


def steps(path: str | Sequence[str | int]) -> Path:
    """Return a path as a tuple of steps; a text is cut at its dots, and whole numbers are places in lists."""
    if not isinstance(path, str):
        return tuple(path)
    return tuple(int(step) if re.fullmatch("[0-9]{1,9}", step) else step for step in path.split("."))


def locate(path: str | FilePath) -> FilePath:
    """Return the case file that a path means: the file itself, or ``case.yaml`` in the folder.

    Raises
    ------
    FileError: there is none.
    """
    given = FilePath(path)
    try:
        if given.is_dir():
            inside = given / CASE_FILE
            if inside.is_file():
                return inside
            message, hint = "The folder holds no case.", f"A case's folder has a file '{CASE_FILE}'."
            raise FileError(message, code="no-case-in-folder", where=str(given), hint=hint)
        if not given.exists():
            raise FileError("There is no such file.", code="file-missing", where=str(given))
    except (OSError, ValueError) as error:
        raise FileError(f"The path cannot be used: {error}.", code="bad-path", where=str(given)) from None
    return given


def read(path: str | FilePath) -> Document:
    """Read a case from its file or from the folder that holds it.

    Raises
    ------
    CaseError: the case is wrong; holds every finding with its place.
    FileError: there is no such file, or it cannot be read.
    """
    file = locate(path)
    return _document(_bytes_of(file), str(file), file)


def parse(source: str | bytes, name: str = "case") -> Document:
    """Read a case from text or bytes.

    Raises
    ------
    CaseError: the case is wrong; holds every finding with its place.
    """
    return _document(source, name, None)


def check(path: str | FilePath) -> tuple[Finding, ...]:
    """Return every error and warning of a case file, in the order of the file.

    Raises
    ------
    FileError: there is no such file, or it cannot be read.
    """
    try:
        return read(path).warnings
    except CaseError as error:
        return error.findings


def digest_of(tree: object) -> str:
    """Return the SHA-256 of a plain tree as canonical JSON; the order of keys counts, as it names options."""
    canonical = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _bytes_of(file: FilePath) -> bytes:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
            size = len(raw) if len(raw) <= MOST_BYTES else max(file.stat().st_size, len(raw))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"The file cannot be read: {reason}.", code="file-unreadable", where=str(file)
        ) from None
    if size > MOST_BYTES:
        raise too_large(size, str(file))
    return raw


def _document(source: str | bytes, name: str, path: FilePath | None) -> Document:
    if isinstance(source, bytes):
        text, has_mark, raw = decode(source, name), source.startswith(_BOM), source
    else:
        has_mark = source.startswith("\ufeff")
        text = source.removeprefix("\ufeff")
        check_characters(text, name)
        raw = source.encode("utf-8")
    document = _sound(*compose(text, name))
    return replace(document, path=path, has_mark=has_mark, file_digest=hashlib.sha256(raw).hexdigest())


@uncollected()
def _sound(places: Places, findings: list[Finding]) -> Document:
    """Return the document of a text that was read, if all checks find no error."""
    tree = places.root.plain()
    case, faults = _validate(tree, places)
    findings = _in_order([*findings, *faults])
    if case is None or any(finding.severity == "error" for finding in findings):
        raise CaseError(findings)
    return Document(
        name=places.file,
        path=None,
        text=places.text,
        has_mark=False,
        tree=tree,
        case=case,
        places=places,
        warnings=tuple(findings),
        digest=digest_of(tree),
        file_digest="",
    )


def _validate(tree: dict[str, Any], places: Places) -> tuple[CaseFile | None, list[Finding]]:
    try:
        case = CaseFile.model_validate(tree)
    except pydantic.ValidationError as error:
        part = valid_part(tree, error)
        checked = check_all(part, places) if part is not None else []
        return None, [*translate(error, places), *checked]
    return case, check_all(whole(case, tree), places)


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda found: (found.place.line, found.place.column))
