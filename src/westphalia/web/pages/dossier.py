"""The sources of a case: what is known of each, reports put in, what is proposed, a header split off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.dossier.metadata import header, without_header
from westphalia.dossier.repairs import Repair
from westphalia.dossier.schema import Source
from westphalia.dossier.texts import KINDS, SourceText, read_text
from westphalia.errors import CallError, CaseError, WestphaliaError, suggest
from westphalia.language import marked as _
from westphalia.runs.coding_source import new_source, source_of
from westphalia.web.asked import bench, by, case_of, document_of
from westphalia.web.dossier_about import FIELDS, Head, Known, edits, head_of, known
from westphalia.web.faults import fault_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, language_of, page, tell
from westphalia.workspace.edits import Edit


@dataclass(frozen=True, slots=True)
class Row:
    """A source in the list.

    `source` is what the case says of it, `has_text` whether its text is at hand, `statements` how many were
    coded.
    """

    source: Source
    has_text: bool
    statements: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The page of the sources of a case.

    `rows` has a row for each; `kinds` are the endings of files that can be read; `has_actors` says whether
    the case names anyone whose words could be looked for; `wrong` and `hint` what went wrong with a file
    that was sent.
    """

    rows: tuple[Row, ...]
    kinds: tuple[str, ...]
    has_actors: bool
    wrong: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """The page of what is known of a source.

    `source` is what the case says, `has_text` whether its text is at hand, `statements` how many were coded
    on it. `fields` are its fields with what is proposed for each; `repairs` what was mended in the text when
    it was read; `head` a header that can be split off, None if there is none or statements stand on the
    text already; `base` the version of the case; `wrong` what is wrong, by field.
    """

    source: Source
    has_text: bool
    statements: int
    fields: tuple[Known, ...]
    repairs: tuple[Repair, ...]
    head: Head | None
    base: str
    wrong: dict[str, str]


def source_asked(request: Request) -> tuple[CaseFile, Source, SourceText | None]:
    """Return the case, the source that the address names, and its text if that is at hand.

    Raises
    ------
    CallError: the case has no such source.
    """
    case, name = document_of(request).case, request.path_params["source"]
    if name not in case.source:
        hint = suggest(name, case.source)
        raise CallError(f"There is no source '{name}'.", code="unknown-source", where=name, hint=hint)
    text = bench(request).cases.texts(request.path_params["case"]).get(name)
    return case, case.source[name], text


def sources(request: Request) -> Response:
    """Show the sources of a case."""
    return page(request, "dossier/sources.html", _sources(request))


def _sources(request: Request, wrong: str = "", hint: str = "") -> Sources:
    case = document_of(request).case
    texts = bench(request).cases.texts(request.path_params["case"])
    coded = Counter(one.source for one in case.statements if one.status != "rejected")
    rows = tuple(Row(source, source.id in texts, coded[source.id]) for source in case.sources)
    return Sources(rows, tuple(filter(None, KINDS)), bool(case.actors), wrong, hint)


@may("coder")
def put_in(request: Request) -> Response:
    """Put in a report: its file into the folder of the case, and a source for it."""
    sent = Form.of(request).file("file")
    if sent is None:
        return page(request, "dossier/sources.html", _sources(request, _("Choose a file first.")), 400)
    try:
        source, is_new = _taken(request, *sent)
    except WestphaliaError as error:
        fault = fault_of(error)
        return page(request, "dossier/sources.html", _sources(request, fault.message, fault.hint), 422)
    said = _("The text of “{}” is there.") if is_new else _("This is the text of “{}”, which the case knows.")
    return tell(request, _at(request, source.id, "about"), said, source.title.into(language_of(request)))


def _taken(request: Request, filename: str, raw: bytes) -> tuple[Source, bool]:
    """Keep a text that was sent, and return its source and whether that is new to the case."""
    name, cases = request.path_params["case"], bench(request).cases
    held = document_of(request)
    path = cases.add_text(name, filename, raw, by=by(request))
    try:
        text = read_text(path)
        source = source_of(held.case, text, path.name)
        is_new = source is None
        source = source or new_source(held.case, text, path.name)
        change = _addition(source) if is_new else _completion(source, text)
        cases.change(name, held.file_digest, change, by=by(request), why=f"the source {source.id}")
    except WestphaliaError:
        path.unlink(missing_ok=True)
        raise
    return source, is_new


def _addition(source: Source) -> list[Edit]:
    tree: dict[str, Any] = source.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return [Edit("append", "sources", tree)]


def _completion(source: Source, text: SourceText) -> list[Edit]:
    """Return the edits that say which text a source has, where the case does not say so yet."""
    if source.sha256 is not None:
        return []
    told = {"sha256": text.sha256, "characters": text.characters}
    return [Edit("set", f"sources.{source.id}.{name}", value) for name, value in told.items()]


def about(request: Request) -> Response:
    """Show what is known of a source, and what is proposed for it."""
    return page(request, "dossier/about.html", _about(request))


def _about(request: Request, wrong: dict[str, str] | None = None) -> About:
    case, source, text = source_asked(request)
    coded = sum(one.source == source.id for one in case.statements)
    return About(
        source=source,
        has_text=text is not None,
        statements=coded,
        fields=known(source, text, language_of(request)),
        repairs=text.repairs if text else (),
        head=None if coded else head_of(text),
        base=case_of(request).digest,
        wrong=wrong or {},
    )


@may("coder")
def describe(request: Request) -> Response:
    """Change what is known of a source."""
    _case, source, _text = source_asked(request)
    form = Form.of(request)
    wanted = edits(source, form, language_of(request))
    if not form.wrong:
        _change(request, source, form, wanted)
    if form.wrong:
        return page(request, "dossier/about.html", _about(request, form.wrong), 400)
    return tell(request, _at(request, source.id, "about"), _("Saved."))


def _change(request: Request, source: Source, form: Form, wanted: Sequence[Edit]) -> None:
    """Save the edits of a form; what the case refuses is noted at its field."""
    name, base = request.path_params["case"], form.text("base")
    try:
        bench(request).cases.change(name, base, wanted, by=by(request), why=f"the source {source.id}")
    except CaseError as error:
        form.wrong |= {
            next((field for field in FIELDS if field in one.path.split(".")), one.path): one.message
            for one in error.findings
            if one.severity == "error"
        }


@may("coder")
def behead(request: Request) -> Response:
    """Split off the header with which a text begins: what is left becomes the text of the source."""
    case, source, text = source_asked(request)
    found = header(text.text) if text else None
    if text is None or found is None or any(one.source == source.id for one in case.statements):
        hint = _("A header is split off before anything is coded.")
        raise CallError(_("There is no header to split off."), code="no-header", where=source.id, hint=hint)
    _replace(request, source, without_header(text, found))
    return tell(request, _at(request, source.id, "about"), _("The header is split off."))


def _replace(request: Request, source: Source, body: SourceText) -> None:
    """Make another text the one of a source, in a file of its own."""
    name, cases = request.path_params["case"], bench(request).cases
    stem = (source.file or source.id).rpartition(".")[0] or source.id
    path = cases.add_text(name, f"{stem}-body.txt", body.text.encode("utf-8"), by=by(request))
    told = {"file": path.name, "sha256": body.sha256, "characters": body.characters}
    wanted = [Edit("set", f"sources.{source.id}.{field}", value) for field, value in told.items()]
    base = Form.of(request).text("base")
    try:
        cases.change(name, base, wanted, by=by(request), why=f"the header of {source.id} split off")
    except WestphaliaError:
        path.unlink(missing_ok=True)
        raise


def _at(request: Request, source: str, rest: str = "") -> str:
    return address(request.path_params["case"], f"sources/{source}{'/' if rest else ''}{rest}")


ROUTES = [
    Route("/cases/{case}/sources", sources),
    Route("/cases/{case}/sources", put_in, methods=["POST"]),
    Route("/cases/{case}/sources/{source}/about", about),
    Route("/cases/{case}/sources/{source}/about", describe, methods=["POST"]),
    Route("/cases/{case}/sources/{source}/header", behead, methods=["POST"]),
]
