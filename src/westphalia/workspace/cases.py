"""The cases of a folder: open, change, create, duplicate, import, put away; no change is ever lost.

The case file is the truth. A change is made to the file as it is now; what it was made from is found
in the history by its digest, and what others changed meanwhile stays (docs/workbench.md §22).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from westphalia.case.create import create
from westphalia.case.document import CASE_FILE, Document, parse
from westphalia.case.text.editing import newline_of
from westphalia.case.text.saving import save
from westphalia.errors import FileError
from westphalia.formats.imported import Account
from westphalia.runs.coding_decisions import Desk
from westphalia.workspace.copies import copy_beside, put_away
from westphalia.workspace.desks import coder_of, opened
from westphalia.workspace.edits import Clash, ClashError, Edit, made, merged
from westphalia.workspace.folder import Place, cases_in, check_new, free_name
from westphalia.workspace.held import DISK, Card, Held, Reading, refused_by_disk, sign_of_file
from westphalia.workspace.incoming import bring_in
from westphalia.workspace.reports import FOLDER, put_text

__all__ = ["DISK", "Card", "Cases", "Held", "Saved"]


@dataclass(frozen=True)
class Saved:
    """A case as saved; `is_merged` tells that the file had been changed since the form was made."""

    document: Document
    is_merged: bool


class Cases(Reading):
    """The cases of a folder.

    Threads may share it, and other processes may change the same folder: whoever changes a case waits for
    the others by a lock.

    Parameters
    ----------
    folder: the folder of the cases, or of one case.
    sources: a further folder in which the texts of sources are looked for.
    """

    # --- changing ---

    def change(self, name: str, base: str, edits: Iterable[Edit], *, by: str, why: str) -> Saved:
        """Make edits that were meant for the version `base`, and save the case.

        Raises
        ------
        ClashError: others changed the same values since; nothing is saved.
        CaseError: the case has errors, or would have with the edits; nothing is saved.
        CallError: a path leads nowhere.
        FileError: there is no such case or version, or the disk refuses.
        """
        wanted = tuple(edits)
        with self._locks.of(name):
            now = self.document(name)
            is_merged = now.file_digest != base
            document = merged(now, self._version(name, base), wanted) if is_merged else made(now, wanted)
            return Saved(self._save(name, document, by, why), is_merged)

    def write_text(self, name: str, base: str, text: str, *, by: str) -> Saved:
        """Save the whole text of the case file; its lines end as those of the file do.

        Raises
        ------
        ClashError: the file is not the version `base` any more; holds both texts.
        CaseError: the text is no sound case; nothing is saved.
        FileError: there is no such case, or the disk refuses.
        """
        with self._locks.of(name):
            held = self.held(name)
            newline = newline_of(held.text) if held.text else "\n"
            # A form sends every line with CR and LF, whatever the file has.
            wanted = newline.join(text.replace("\r\n", "\n").split("\n"))
            if held.digest != base:
                raise ClashError([Clash("", wanted, held.text, self._text_of(name, base))], where=name)
            return self._replace(held, wanted, by, "the text of the file")

    def restore(self, name: str, digest: str, *, by: str, base: str) -> Saved:
        """Make an earlier version the file again, byte by byte.

        Raises
        ------
        ClashError: the file is not the version `base` any more.
        CaseError: that version has errors.
        FileError: there is no such case or version, or the disk refuses.
        """
        with self._locks.of(name):
            held, history = self.held(name), self._history(name)
            raw = history.raw(digest)
            if held.digest != base:
                ours = raw.decode("utf-8", errors="replace")
                raise ClashError([Clash("", ours, held.text, self._text_of(name, base))], where=name)
            at = next((version.at for version in history.versions() if version.digest == digest), "")
            return self._replace(held, raw, by, f"as it was on {at[:16].replace('T', ' ')} (UTC)")

    @contextmanager
    def desk(self, name: str, *, by: str = "", why: str = "coding") -> Iterator[Desk]:
        """Yield the desk of a coder; nobody else changes the case until the block ends.

        What a crash left in the journal and not in the case is brought into the case first.

        Raises
        ------
        CaseError: the case has errors.
        FileError: there is no such case, or its journal cannot be read.
        """
        mark = self._hidden / "desks" / name
        with self._locks.of(name):
            desk = opened(self.document(name), mark)
            try:
                yield desk
            finally:
                self._adopt(self._place(name), desk.document, by or coder_of(desk), why)
                mark.unlink(missing_ok=True)

    # --- new cases, and cases put away ---

    def create(self, name: str, title: str, *, by: str) -> str:
        """Make a case from the template and return its name; without a name it gets one from the title.

        Raises
        ------
        FileError: the name is none, or taken, or the disk refuses.
        """
        with self._new(name, title, by, "created") as (name, target, _):
            create(target, title=title)
        return name

    def duplicate(self, name: str, new: str, *, by: str) -> str:
        """Copy a case with its journal and texts, and return the name of the copy.

        Raises
        ------
        FileError: there is no such case, the new name is none or taken, or the disk refuses.
        CaseError: the case has errors.
        """
        document, place = self.document(name), self._place(name)
        with self._new(new, name, by, f"copied from {name}") as (new, target, _):
            copy_beside(place, document, target)
            save(document.set("id", new), target / CASE_FILE)
        return new

    def import_file(
        self,
        filename: str,
        raw: bytes,
        *,
        name: str = "",
        format_id: str | None = None,
        part: str | None = None,
        by: str,
    ) -> tuple[str, Account]:
        """Make a case of a file that was sent; return its name, and what of the file came over.

        It may be a case file, a table of stands (CSV, XLSX), or a file of another tool. Without a name
        the case gets one from that of the file.

        Raises
        ------
        FileError, CaseError, CallError: as `westphalia.workspace.incoming.bring_in`; nothing is left then.
        """
        stem = filename.replace("\\", "/").rpartition("/")[2].partition(".")[0]
        with self._new(name, stem or "case", by, f"from the file {filename[:100]}") as (name, target, rest):
            account = bring_in(target, filename, raw, rest, format_id=format_id, part=part)
        return name, account

    def remove(self, name: str, *, by: str) -> Path:
        """Put a case with its history away, into a folder below ``.westphalia/removed``, and return that.

        Raises
        ------
        FileError: there is no such case, or the disk refuses.
        """
        with self._locks.of(name):
            self.held(name)
            place, history = self._place(name), self._history(name)
            with refused_by_disk(name):
                rest = put_away(place, history.folder, self._hidden / "removed", by)
            self._histories.drop(name)
            return rest

    def add_text(self, name: str, filename: str, raw: bytes, *, by: str) -> Path:
        """Put a text that was sent into the folder ``sources`` of a case, and return its file.

        The case file stays as it is. `by` is who sent it.

        Raises
        ------
        FileError: there is no such case, there is a text of that name, or it cannot be read.
        """
        with self._locks.of(name):
            return put_text(self._place(name).folder / FOLDER, filename, raw)

    def _text_of(self, name: str, digest: str) -> str | None:
        """Return the text of a version, None if the history does not have it."""
        try:
            return self._history(name).raw(digest).decode("utf-8-sig", errors="replace")
        except FileError:
            return None

    def _replace(self, held: Held, content: str | bytes, by: str, why: str) -> Saved:
        """Save a whole new content in place of the file that is held."""
        document = parse(content, str(held.path.relative_to(self.folder.resolve())))
        has_mark = document.has_mark
        if isinstance(content, str) and held.document is not None:
            has_mark = held.document.has_mark
        document = replace(document, path=held.path, has_mark=has_mark, file_digest=held.digest)
        return Saved(self._save(held.name, document, by, why), is_merged=False)

    def _save(self, name: str, document: Document, by: str, why: str) -> Document:
        if hashlib.sha256(document.raw()).hexdigest() != document.file_digest:
            document = save(document)
        self._adopt(self._place(name), document, by, why)
        return document

    def _adopt(self, place: Place, document: Document, by: str, why: str) -> None:
        """Keep the version that was just saved, and hold its document, so that nobody need read it again."""
        raw = document.raw()
        self._history(place.name).record(raw, by, why)
        with refused_by_disk(place.name):
            sign = sign_of_file(place.file)
            is_on_disk = place.file.read_bytes() == raw
        if is_on_disk:
            digest, warnings = document.file_digest, document.warnings
            held = Held(place.name, place.file, document.text, digest, document, warnings)
            self._held.put(place.name, sign, held)
            self._versions.put(digest, None, document)

    @contextmanager
    def _new(self, name: str, wanted: str, by: str, why: str) -> Iterator[tuple[str, Path, Path]]:
        """Yield the name of a new case, the folder to write it into, and one for other files meanwhile.

        The folder takes its place in one step at the end; if anything is wrong, nothing is left.
        """
        root = self.folder.resolve()
        with refused_by_disk(name):
            taken = {*cases_in(root), *(path.name for path in root.iterdir())}
            name = name or free_name(wanted, taken)
            check_new(root, name, cases_in(root))
            making = self._hidden / "making"
            making.mkdir(parents=True, exist_ok=True)
            with self._locks.of(name), tempfile.TemporaryDirectory(dir=making) as rest:
                (Path(rest) / "made").mkdir()
                target = Path(rest) / "made" / name
                yield name, target, Path(rest)
                check_new(root, name, cases_in(root))
                target.rename(root / name)
                held = self._read(self._place(name))
                self._history(name).record(held.path.read_bytes(), by, why)
