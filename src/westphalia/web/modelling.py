"""What the pages of the model share: saving a form, findings beside what they concern, what hangs on what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from westphalia.case.document import Document
from westphalia.case.hanging import Hanging, Kind, hanging_on
from westphalia.case.schema import CaseFile, Issue
from westphalia.case.text.nodes import Path
from westphalia.case.trees import Tree, unknown
from westphalia.errors import CaseError, Finding
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.web.asked import bench, by
from westphalia.web.forms import Form
from westphalia.web.items import Slot
from westphalia.web.page import address, page, tell
from westphalia.workspace.edits import Edit

Again = Callable[[tuple[Finding, ...]], Response]
"""Shows the form again, with the errors that the case would have."""

Made = Callable[[Request, Form | None, tuple[Finding, ...]], Any]
"""Makes the context of a page anew, with a form as it was typed and the errors that the case would have."""

MERGED: Final = _("Saved. The file had been changed meanwhile; both changes are in it.")

SECTIONS: Final = {
    "sources": _("source"),
    "actors": _("actor"),
    "issues": _("issue"),
    "stands": _("stand"),
    "capability": _("capability"),
    "no_deal": _("worth of no deal"),
    "wars": _("war"),
    "commitments": _("commitment"),
    "linkages": _("exchange"),
    "moves": _("move"),
    "stability": _("stability"),
    "events": _("event"),
    "consultations": _("consultation"),
    "agreement": _("agreement"),
    "statements": _("statement"),
    "scenarios": _("scenario"),
}
"""What a part of a section of the case file is called."""

_PAGED: Final = ("actors", "issues", "commitments", "moves", "statements")


@dataclass(frozen=True, slots=True)
class Hangs:
    """Something that names a part of the case: `what` it is, its `id`, the address `to` see it at."""

    what: str
    id: str
    to: str


@dataclass(frozen=True, slots=True)
class Named:
    """An actor by its `id` with the `name` to show, which is None for the author of a source."""

    id: str
    name: Text | None


def save(request: Request, form: Form, edits: Sequence[Edit], why: str, to: str, again: Again) -> Response:
    """Make the edits of a form, and go on to `to`; where something is wrong, show the form `again`."""
    if form.wrong:
        return again(())
    if not edits:
        return tell(request, to, _("Nothing was changed."))
    case = request.path_params["case"]
    try:
        saved = bench(request).cases.change(case, form.text("base"), edits, by=by(request), why=why)
    except CaseError as error:
        return again(tuple(one for one in error.findings if one.severity == "error"))
    request.state.detail = why
    return tell(request, to, MERGED if saved.is_merged else _("Saved."))


def again_with(request: Request, form: Form, template: str, made: Made) -> Again:
    """Return what shows a page again with the form as it was typed."""
    return lambda errors: page(request, template, made(request, form, errors), 400)


def refused(request: Request, form: Form, template: str, made: Made) -> Response:
    """Show a page again that says what keeps something from being removed."""
    form.wrong["remove"] = _("Other parts of the case name it. Change those first; they are listed below.")
    return page(request, template, made(request, form, ()), 409)


def new_id() -> Slot:
    """Return the field of the id of something new."""
    said = _("How the file names it: small letters, digits and hyphens. It stays.")
    return Slot("id", _("Short name"), "line", said, is_needed=True)


def item_of(document: Document, section: str, name: str) -> tuple[Path, Tree]:
    """Return the path of an item of a list, and the item as the file has it.

    The path names the item by its id, so that it is found in other versions of the file as well.

    Raises
    ------
    CallError: there is no such item.
    """
    items = document.tree.get(section) or []
    ids = [str(item["id"]) for item in items]
    if name not in ids:
        raise unknown(section.removesuffix("s"), name, ids)
    at = ids.index(name)
    return (section, at if name.isdigit() else name), items[at]


def named(case: CaseFile, actors: Iterable[str]) -> tuple[Named, ...]:
    """Return actors with their names; who is none is the author of a source."""
    return tuple(Named(one, case.actor[one].name if one in case.actor else None) for one in actors)


def choices(case: CaseFile, language: str, *, is_needed: bool = True) -> tuple[tuple[str, str], ...]:
    """Return the actors to choose from, with an empty choice first unless one is needed."""
    known = tuple((actor.id, actor.name.into(language)) for actor in case.actors)
    return known if is_needed else (("", "–"), *known)


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that a value rests on: its `id`, its `gloss`, its `mode`."""

    id: str
    gloss: Text
    mode: str


def told(case: CaseFile, statements: Iterable[str]) -> tuple[Told, ...]:
    """Return statements as what a value rests on."""
    found = (case.statement[one] for one in statements)
    return tuple(Told(one.id, one.gloss, one.mode) for one in found)


def chances_said(issue: Issue, chances: dict[str, float] | None) -> tuple[tuple[Text, float], ...]:
    """Return the chances of the options of a nominal issue, each with what it means."""
    meaning = {str(key): text for key, text in issue.scale.items()}
    return tuple((meaning[option], chance) for option, chance in (chances or {}).items())


# --- findings beside what they concern ---------------------------------------------------------------


class Beside:
    """The findings of a case by the part that they concern, so that each stands beside it."""

    def __init__(self, findings: Iterable[Finding], document: Document) -> None:
        self._found: dict[Path, list[Finding]] = {}
        for finding in findings:
            steps = finding.path.split(".")
            items = document.tree.get(steps[0])
            if (
                isinstance(items, list)
                and len(steps) > 1
                and steps[1].isdigit()
                and int(steps[1]) < len(items)
            ):
                steps[1] = str(items[int(steps[1])].get("id", steps[1]))
            for depth in range(1, len(steps) + 1):
                self._found.setdefault(tuple(steps[:depth]), []).append(finding)

    def of(self, *path: str) -> tuple[Finding, ...]:
        """Return the findings at a path or below it; items of lists are named by their ids."""
        return tuple(self._found.get(path, ()))


# --- what hangs on what ------------------------------------------------------------------------------


def hangs(
    document: Document, case: str, kind: Kind, name: str, *, but: Iterable[str] = ()
) -> tuple[Hangs, ...]:
    """Return what of the case names a part of it, each thing once; sections in `but` are left out."""
    found = [one for one in hanging_on(document, kind, name) if one.section not in set(but)]
    return tuple(dict.fromkeys(_hangs(case, one) for one in found))


def _hangs(case: str, one: Hanging) -> Hangs:
    what = SECTIONS.get(one.section, one.section)
    if one.section == "stands" and len(one.path) > 2:
        on = f"{one.item}/{one.path[2]}"
        return Hangs(what, on, address(case, f"stands/{on}"))
    if one.section in _PAGED:
        return Hangs(what, one.item, address(case, f"{one.section}/{one.item}"))
    if one.section in ("capability", "no_deal"):
        return Hangs(what, one.item, address(case, f"actors/{one.item}"))
    if one.section == "agreement":
        return Hangs(what, one.item, address(case, "agreement"))
    return Hangs(what, one.item, address(case, f"file#line-{one.line}"))
