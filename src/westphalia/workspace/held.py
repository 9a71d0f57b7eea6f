"""The cases of a folder as they are on disk: read once for all who ask, and again when a file changes."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from westphalia.case.document import Document, parse
from westphalia.case.text.reading import MOST_BYTES, too_large
from westphalia.dossier.texts import SourceText
from westphalia.errors import CaseError, FileError, Finding
from westphalia.fields import Text
from westphalia.workspace.database import HIDDEN
from westphalia.workspace.differences import Difference, differences
from westphalia.workspace.folder import Place, cases_in, unknown
from westphalia.workspace.history import History
from westphalia.workspace.kept import Kept
from westphalia.workspace.locks import Locks
from westphalia.workspace.reports import folders_of, sign_of, texts_in

DISK = "disk"
"""Who is said to have made a version that was found and not saved here."""

_MOST_OPEN = 40
_MOST_VERSIONS = 10
_MOST_CARDS = 5_000
_MOST_WITH_TEXTS = 8


@dataclass(frozen=True)
class Held:
    """A case file as it is on disk.

    `path` is the file, `text` what it holds, `digest` the SHA-256 of its bytes. `document` is None where it
    has errors; `findings` are these and the warnings, in the order of the file.
    """

    name: str
    path: Path
    text: str
    digest: str
    document: Document | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Card:
    """What a list of cases shows of one.

    `question` is None and `date` empty where the file has errors; the title is its name then. `changed_at`
    is in UTC (ISO 8601).
    """

    name: str
    title: Text
    question: Text | None
    date: str
    actors: int
    issues: int
    statements: int
    errors: int
    warnings: int
    changed_at: str


class Reading:
    """The cases of a folder to look at.

    Threads may share it. What other programs change is found by the state of the file, and kept in the
    history as of ``disk``.

    Parameters
    ----------
    folder: the folder of the cases, or of one case.
    sources: a further folder in which the texts of sources are looked for.
    """

    def __init__(self, folder: Path, *, sources: Path | None = None) -> None:
        self.folder = folder
        self._sources = sources
        self._hidden = folder / HIDDEN
        self._locks = Locks(self._hidden / "locks")
        self._held: Kept[Held] = Kept(_MOST_OPEN)
        self._cards: Kept[Card] = Kept(_MOST_CARDS)
        self._texts: Kept[dict[str, SourceText]] = Kept(_MOST_WITH_TEXTS)
        self._versions: Kept[Document] = Kept(_MOST_VERSIONS)
        self._histories: Kept[History] = Kept(_MOST_CARDS)

    def names(self) -> tuple[str, ...]:
        """Return the names of all cases, sound or not, in order."""
        return tuple(cases_in(self.folder))

    def cards(self) -> tuple[Card, ...]:
        """Return what a list shows of each case, in the order of their names."""
        return tuple(self._card(place) for place in cases_in(self.folder).values())

    def held(self, name: str) -> Held:
        """Return a case as it is on disk now; it is read once for all who ask.

        Raises
        ------
        FileError: there is no such case (code ``unknown-case``), or it cannot be read.
        """
        held = self._read(self._place(name))
        self._note(held)
        return held

    def document(self, name: str) -> Document:
        """Return the document of a case.

        Raises
        ------
        CaseError: the case has errors; holds them all.
        FileError: as `held`.
        """
        held = self.held(name)
        if held.document is None:
            raise CaseError(held.findings)
        return held.document

    def history(self, name: str) -> History:
        """Return the history of a case; FileError if there is no such case."""
        return self._history(self._place(name).name)

    def difference(self, name: str, old: str, new: str) -> tuple[Difference, ...]:
        """Return where two versions of a case differ, value by value.

        Raises
        ------
        FileError: there is no such case or version.
        CaseError: a version cannot be read as YAML.
        """
        history = self.history(name)
        return differences(history.raw(old), history.raw(new))

    def texts(self, name: str) -> dict[str, SourceText]:
        """Return the texts of the sources of a case that are at hand, by id; read once while they stay.

        They are looked for in the folder ``sources`` beside the case, in the folder of the case, and in
        that of all sources. A case with errors has none.
        """
        held = self.held(name)
        if held.document is None:
            return {}
        sources = held.document.case.sources
        folders = folders_of(held.path.parent, self._sources)
        wanted = tuple((source.id, source.file, source.sha256) for source in sources)
        sign = (wanted, sign_of(folders))
        return self._texts.get(name, sign, lambda: texts_in(folders, sources))

    # --- within ---

    def _place(self, name: str) -> Place:
        places = cases_in(self.folder)
        if name not in places:
            raise unknown(name, places)
        return places[name]

    def _history(self, name: str) -> History:
        return self._histories.get(name, None, lambda: History(self._hidden / "history" / name))

    def _read(self, place: Place) -> Held:
        with refused_by_disk(place.name):
            return self._held.get(place.name, sign_of_file(place.file), lambda: self._parsed(place))

    def _parsed(self, place: Place) -> Held:
        shown = str(place.file.relative_to(self.folder.resolve()))
        with place.file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        digest = hashlib.sha256(raw).hexdigest()
        try:
            if len(raw) > MOST_BYTES:
                raw, digest = b"", ""
                raise too_large(place.file.stat().st_size, shown)
            document = replace(parse(raw, shown), path=place.file)
            self._versions.put(digest, None, document)
        except CaseError as error:
            text = raw.decode("utf-8-sig", errors="replace")
            return Held(place.name, place.file, text, digest, None, error.findings)
        return Held(place.name, place.file, document.text, digest, document, document.warnings)

    def _note(self, held: Held) -> None:
        """Keep what another program wrote; whoever keeps the case now keeps its version as well."""
        history = self._history(held.name)
        last = history.last
        if not held.digest or (last is not None and last.digest == held.digest):
            return
        # A folder that can only be read is still shown.
        with suppress(FileError, OSError), self._locks.of(held.name, patience=0):
            raw = held.path.read_bytes()
            if hashlib.sha256(raw).hexdigest() == held.digest:
                history.record(raw, DISK, "found" if last is None else "changed by another program")

    def _version(self, name: str, digest: str) -> Document:
        """Return a version of a case; CaseError if it had errors, FileError if there is none."""
        raw = self._history(name).raw(digest)
        return self._versions.get(digest, None, lambda: parse(raw, name))

    def _card(self, place: Place) -> Card:
        with refused_by_disk(place.name):
            return self._cards.get(place.name, sign_of_file(place.file), lambda: self._card_of(place))

    def _card_of(self, place: Place) -> Card:
        held = self._read(place)
        self._note(held)
        seconds = place.file.stat().st_mtime
        changed_at = datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")
        errors = sum(finding.severity == "error" for finding in held.findings)
        warnings = len(held.findings) - errors
        if held.document is None:
            title = Text(by_language={"": place.name})
            return Card(place.name, title, None, "", 0, 0, 0, errors, warnings, changed_at)
        case = held.document.case
        counts = (len(case.actors), len(case.issues), len(case.statements), errors, warnings)
        return Card(place.name, case.title, case.question, case.date, *counts, changed_at)


def sign_of_file(file: Path) -> tuple[str, int, int, int]:
    """Return what tells that a file is another than it was."""
    state = file.stat()
    return str(file), state.st_mtime_ns, state.st_size, state.st_ino


@contextmanager
def refused_by_disk(name: str) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"The disk refuses: {reason}.", code="not-saved", where=name) from None
