"""One statement in its context: its words in the text, who told it, what rests on it, what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.derive import own_voices
from westphalia.case.schema import CaseFile
from westphalia.case.trees import unknown
from westphalia.dossier.anchors import anchor, in_context
from westphalia.dossier.schema import About, Dated, Statement
from westphalia.errors import Finding
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.uncertain import Value
from westphalia.web.asked import bench, case_of, document_of
from westphalia.web.modelling import Beside, Hangs, Named, Told, hangs, named, told
from westphalia.web.page import address, page

MODES: Final[dict[str, tuple[str, str]]] = {
    "quote": (_("Quoted"), _("The source gives the speaker's own words.")),
    "indirect": (_("Reported indirectly"), _("The source says in its own words what the speaker said.")),
    "hearsay": (_("Hearsay"), _("The source has it from others, or says that it is said.")),
    "narration": (_("Told by the source"), _("The source tells what happened.")),
    "commentary": (_("Commented"), _("The source judges, explains or foresees.")),
}
KINDS: Final[dict[str, str]] = {
    "position": _("position"),
    "demand": _("demand"),
    "offer": _("offer"),
    "promise": _("promise"),
    "threat": _("threat"),
    "commitment": _("commitment"),
    "fact": _("fact"),
    "forecast": _("forecast"),
    "motive": _("motive"),
    "evaluation": _("evaluation"),
}
STATUS: Final[dict[str, str]] = {
    "suggested": _("suggested, not evidence yet"),
    "accepted": _("accepted"),
    "rejected": _("rejected, no evidence"),
    "disputed": _("disputed between coders"),
}
STATES: Final[dict[str, str]] = {
    "exact": "",
    "moved": _("The words stand at another place than where they were coded."),
    "to-review": _("The text has changed here; the coding has to be reviewed."),
    "lost": _("The words are no longer in the text."),
}
_WIDTH: Final = 320


@dataclass(frozen=True, slots=True)
class Words:
    """The `words` of a statement, what stands `before` and `after` them, and in `state` if they moved."""

    before: str
    words: str
    after: str
    state: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What a statement is about: the stand of an `actor` on an `issue`, put at a `value` or an `option`.

    `question` is what the issue asks, `to` the address of the stand; `event` is what else it may be about.
    """

    actor: Named | None
    issue: str
    question: Text | None
    value: Value | None
    option: Text | None
    event: Text | None
    to: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One statement.

    `id`, `gloss`, `note`, `coder` and `date` are the case's; `mode` says how the source gives it, in words,
    and `meaning` what that means; `kind` and `status` are in words; `speaker`, `tellers` (the one nearest
    to the speaker first) and `addressee` are its chain; `source` and `title` where it stands; `about` what
    it says of whom; `words` its words in the text, None if there is no span or the text `is_missing`;
    `loaded` holds each loaded wording with what to know of it; `supports`, `contradicts` (either way) and
    `breaks` are its ties to other statements and commitments; `rests` is what rests on it, `derived` the
    stands that follow from it; `findings` is what the check says of it.
    """

    id: str
    gloss: Text
    note: str
    coder: str
    date: Dated | None
    mode: str
    meaning: str
    kind: str
    status: str
    speaker: Named
    tellers: tuple[Named, ...]
    addressee: tuple[Named, ...]
    source: str
    title: Text
    about: tuple[Aim, ...]
    words: Words | None
    is_missing: bool
    loaded: tuple[tuple[str, Text], ...]
    supports: tuple[Told, ...]
    contradicts: tuple[Told, ...]
    breaks: tuple[Hangs, ...]
    rests: tuple[Hangs, ...]
    derived: tuple[Hangs, ...]
    findings: tuple[Finding, ...]


def statement(request: Request) -> Response:
    """Show a statement in its context."""
    return page(request, "model/statement.html", _statement(request))


def _statement(request: Request) -> StatementPage:
    held, document, name = case_of(request), document_of(request), request.path_params["item"]
    case = document.case
    if name not in case.statement:
        raise unknown("statement", name, case.statement)
    one = case.statement[name]
    source = bench(request).cases.texts(held.name).get(one.source)
    text = None if source is None else source.text
    mode, meaning = MODES[one.mode]
    findings = Beside(held.findings, document).of("statements", name)
    return StatementPage(
        id=one.id,
        gloss=one.gloss,
        note=one.note or "",
        coder=one.coder or "",
        date=one.date,
        mode=mode,
        meaning=meaning,
        kind=KINDS[one.kind],
        status=STATUS[one.status],
        speaker=named(case, [one.speaker])[0],
        tellers=named(case, one.tellers),
        addressee=named(case, one.addressee),
        source=one.source,
        title=case.source[one.source].title,
        about=tuple(_aim(case, held.name, about) for about in one.about),
        words=_words(one, text),
        is_missing=text is None,
        loaded=tuple(_loaded(one, text)),
        supports=told(case, one.supports),
        contradicts=told(case, dict.fromkeys([*one.contradicts, *_against(case, name)])),
        breaks=tuple(_broken(case, held.name, one.breaks)),
        rests=hangs(document, held.name, "statements", name, but=("statements",)),
        derived=tuple(_derived(case, held.name, one)),
        findings=(*findings, *(found for found in held.findings if _is_contradicted(found, name))),
    )


def _words(one: Statement, text: str | None) -> Words | None:
    if text is None or one.span is None:
        return None
    found = anchor(one.span, text)
    if found.start is None:
        return Words("", "", "", STATES[found.state])
    return Words(*in_context(text, found, _WIDTH), STATES[found.state])


def _loaded(one: Statement, text: str | None) -> Iterator[tuple[str, Text]]:
    for loaded in one.loaded:
        found = anchor(loaded.span, text) if text is not None else None
        is_there = found is not None and found.start is not None and text is not None
        yield (text[found.start : found.end] if is_there and text and found else ""), loaded.note


def _aim(case: CaseFile, name: str, about: About) -> Aim:
    issue = case.issue.get(about.issue or "")
    meaning = {str(key): text for key, text in issue.scale.items()} if issue else {}
    event = next((event.name for event in case.events if event.id == about.event), None)
    to = address(name, f"stands/{about.actor}/{about.issue}") if about.actor and issue else ""
    return Aim(
        actor=named(case, [about.actor])[0] if about.actor else None,
        issue=about.issue or "",
        question=issue.question if issue else None,
        value=about.value,
        option=meaning.get(about.option) if about.option else None,
        event=event,
        to=to,
    )


def _against(case: CaseFile, name: str) -> Iterator[str]:
    """Yield the statements that are said to contradict this one."""
    return (one.id for one in case.statements if name in one.contradicts)


def _broken(case: CaseFile, name: str, broken: Iterable[str]) -> Iterator[Hangs]:
    for one in broken:
        part = "statements" if one in case.statement else "commitments"
        yield Hangs(
            _("statement") if part == "statements" else _("commitment"), one, address(name, f"{part}/{one}")
        )


def _derived(case: CaseFile, name: str, one: Statement) -> Iterator[Hangs]:
    """Yield the stands whose position is derived and takes this statement as an account."""
    if not one.counts:
        return
    placed = [about for about in one.about if about.value is not None or about.option is not None]
    for actor, stands in case.stands.items():
        for issue, stand in stands.items():
            aims = [about.actor for about in placed if about.issue == issue]
            if stand.position.is_derived and aims and own_voices(case, actor) & set(aims):
                yield Hangs(_("stand"), f"{actor}/{issue}", address(name, f"stands/{actor}/{issue}"))


def _is_contradicted(found: Finding, name: str) -> bool:
    return found.code == "evidence-contradicts" and found.message.startswith(f"'{name}' ")


ROUTES = [Route("/cases/{case}/statements/{item}", statement)]
