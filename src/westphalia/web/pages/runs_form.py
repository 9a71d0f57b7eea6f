"""What can be asked of a case, and the form of each kind of task, made from its settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.fields import Text
from westphalia.language import LANGUAGES, NAMES
from westphalia.language import marked as _
from westphalia.registry import MethodSpec, find
from westphalia.runs.asked import ACCEPTANCE, REST, ZONE
from westphalia.web.asked import bench, by, document_of
from westphalia.web.forms import Form
from westphalia.web.guard import may
from westphalia.web.page import address, language_of, page, tell
from westphalia.workspace.tasks import KINDS, Kind, Setting, checked, settings_of

ASKED: Final[dict[Kind, tuple[str, str]]] = {
    "report": (_("Everything"), _("Run all methods, and write the report as one file.")),
    "forecast": (_("Forecast"), _("Where does each issue end, by each method?")),
    "deals": (_("Deals"), _("Is there a package that all would accept, which one, and who blocks it?")),
    "stability": (_("Stability"), _("Where does the conflict come to rest, and who would not stay there?")),
    "networks": (_("Networks"), _("Who stands with whom, and who hears whom?")),
    "doubt": (_("Doubt"), _("What does the answer hang on, and what is not known well enough?")),
    "sensitivity": (_("Sensitivity"), _("Which numbers drive the answer, and by how much?")),
    "levers": (_("Levers"), _("What would have to change to bring about what is wished?")),
    "whatif": (_("What if"), _("What would the scenarios of the case, or changes of your own, bring?")),
}
"""The kinds of task: what each is called, and the question it answers."""

_LABELS: Final = {
    "draws": _("Draws"),
    "seed": _("Seed"),
    "methods": _("Methods"),
    "method": _("Method"),
    "one_expert": _("One expert a draw"),
    "capability_factor": _("Doubt about capability as a whole"),
    "language": _("Language"),
    "loss": _("Loss"),
    "points": _("Points of a scale"),
    "ratifiers": _("Ratifiers"),
    "commitments": _("Commitments"),
    "linkages": _("Exchanges across issues"),
    "time_limit": _("Time limit"),
    "concepts": _("Concepts"),
    "concept": _("Concept"),
    "state": _("State"),
    "wish": _("Wish"),
    "base_draws": _("Draws for what drives the answer"),
    "tried_draws": _("Draws for what is tried"),
    "of": _("What is asked about"),
    "by": _("By"),
    "at_most": _("At most"),
    "at_least": _("At least"),
    "most_edits": _("Changes of wishes at most"),
    "cost_of_position": _("Cost of position"),
    "cost_of_salience": _("Cost of salience"),
    "cost_of_capability": _("Cost of capability"),
    "scenarios": _("Scenarios"),
    "changes": _("Changes"),
    "title": _("Title"),
    "deals": _("Deals"),
    "stability": _("Stability"),
    "doubt": _("Doubt"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A setting in a form.

    `setting` says what it is, `label` what the form calls it; `value` is what the field holds, `ticked` what
    of `options` is chosen where several may be; `options` are values with what they are called, a text of the
    case or one of ours. `wrong` says what is wrong with it.
    """

    setting: Setting
    label: str
    value: str
    ticked: tuple[str, ...] = ()
    options: tuple[tuple[str, str | Text], ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A method in a form.

    `id` and `title` name it, `question` is what it answers, `limits` what it cannot tell, `fields` are its
    options. `is_ticked`: it is chosen by a box; `is_open`: an option is wrong or not at its default.
    """

    id: str
    title: str
    question: str
    limits: str
    fields: tuple[Field, ...]
    is_ticked: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """The form of a kind of task.

    `kind` is that, `title` what it is called, `question` what it answers; `name` is what the run is to be
    called, `fields` are its settings, `methods` the methods that it may run, with their options.
    `boxes_sentence` says what ticking several of them means, empty if they have no boxes. `wrong` is what is
    wrong with the whole.
    """

    kind: Kind
    title: str
    question: str
    name: str
    fields: tuple[Field, ...]
    methods: tuple[Method, ...]
    boxes_sentence: str
    wrong: str = ""

    @property
    def has_boxes(self) -> bool:
        """Whether several methods can be chosen."""
        return bool(self.boxes_sentence)


def asking(request: Request) -> Response:
    """Show the form of a kind of task, filled with the defaults or with the settings of a run."""
    document, kind = document_of(request), _kind(request.path_params["kind"])
    like = request.query_params.get("like", "")
    given: Mapping[str, Any] = {"language": language_of(request)}
    if like.isascii() and like.isdigit():
        given = bench(request).queue.run(int(like)).task.settings
    form = _asking(kind, document.case, _flat(given))
    return page(request, "runs/ask.html", form)


@may("analyst")
def ask(request: Request) -> Response:
    """Ask for a task on the case as it stands; a form that is wrong comes back with notes."""
    document, case = document_of(request), request.path_params["case"]
    form = Form.of(request)
    kind = request.state.detail = _kind(form.text("kind"))
    raw = _raw(form, kind)
    raw.setdefault("language", language_of(request))
    try:
        task = checked(kind, raw)
        text = document.raw().decode("utf-8")
        run = bench(request).queue.ask(case, text, task, by(request), form.text("name"))
    except CallError as error:
        notes = {error.where: f"{error.message} {error.hint}".strip()}
        shown = _asking(kind, document.case, raw, notes, form.text("name"))
        return page(request, "runs/ask.html", shown, 400)
    return tell(request, address(case, f"runs/{run.id}"))


def _kind(name: str) -> Kind:
    """Return the kind of that name; raises CallError if there is none."""
    settings_of(name)
    return next(kind for kind in KINDS if kind == name)


def _raw(form: Form, kind: Kind) -> dict[str, Any]:
    """Return the settings that a form holds; what it leaves out is at its default."""
    found: dict[str, Any] = {}
    for setting in settings_of(kind):
        if setting.type in ("choices", "names"):
            found[setting.name] = ",".join(form.many(setting.name))
        elif setting.name in form.data:
            found[setting.name] = (form.many(setting.name) or ("",))[-1]  # the last that is filled in
    return found


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a task with each option of a method under its full name."""
    options = settings.get("options", {})
    full = {f"{method}.{name}": value for method, own in options.items() for name, value in own.items()}
    return {name: value for name, value in settings.items() if name != "options"} | full


# --- the context -----------------------------------------------------------------------------------


def _asking(
    kind: Kind, case: CaseFile, raw: Mapping[str, Any], notes: Mapping[str, str] | None = None, name: str = ""
) -> Asking:
    wrong = dict(notes or {})
    made = [_field(kind, case, setting, raw, wrong) for setting in settings_of(kind)]
    boxes = next((one for one in made if one.setting.name == "methods"), None)
    title, question = ASKED[kind]
    shown = {one.setting.name for one in made}
    return Asking(
        kind=kind,
        title=title,
        question=question,
        name=name,
        fields=tuple(one for one in made if not one.setting.method and one.setting.name != "methods"),
        methods=tuple(_methods(made, boxes)),
        boxes_sentence=boxes.setting.sentence if boxes is not None else "",
        wrong=" ".join(note for where, note in wrong.items() if where not in shown or where == "methods"),
    )


def _methods(made: list[Field], boxes: Field | None) -> Iterator[Method]:
    """Yield the methods that have a box or options, in the order of the boxes."""
    offered = boxes.setting.choices if boxes is not None else ()
    named = dict.fromkeys([*offered, *(one.setting.method for one in made if one.setting.method)])
    for spec in map(find, named):
        own = tuple(one for one in made if one.setting.method == spec.id)
        yield _method(spec, own, is_ticked=boxes is not None and spec.id in boxes.ticked)


def _method(spec: MethodSpec, own: tuple[Field, ...], *, is_ticked: bool) -> Method:
    is_open = any(one.wrong or one.value != _written(one.setting.default) for one in own)
    return Method(spec.id, spec.title, spec.question, spec.limits, own, is_ticked, is_open)


def _field(
    kind: Kind, case: CaseFile, setting: Setting, raw: Mapping[str, Any], wrong: Mapping[str, str]
) -> Field:
    given = raw.get(setting.name)
    value = setting.default if given is None or given == "" else given
    ticked = _parts(value) if setting.type in ("choices", "names") else ()
    options = _options(kind, case, setting)
    if setting.type == "names":
        known = {one for one, _name in options}
        value = ", ".join(one for one in ticked if one not in known)
    plain = setting.name.rpartition(".")[2]
    label = plain.replace("_", " ") if setting.method else _LABELS.get(plain, plain)
    return Field(setting, label, _written(value), ticked, options, wrong.get(setting.name, ""))


def _parts(value: Any) -> tuple[str, ...]:
    parts = value.replace("\n", ",").split(",") if isinstance(value, str) else value
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _written(value: Any) -> str:
    """Return a value as a field holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _options(kind: Kind, case: CaseFile, setting: Setting) -> tuple[tuple[str, str | Text], ...]:
    """Return what can be chosen: choices of the setting, or what the case has."""
    if setting.name == "language":
        return tuple((one, NAMES[one]) for one in LANGUAGES)
    if setting.name == "method":
        return tuple((one, find(one).title) for one in setting.choices)
    if setting.choices:
        return tuple((one, one.replace("_", " ")) for one in setting.choices)
    return tuple(_of_case(kind, case, setting.name))


def _of_case(kind: Kind, case: CaseFile, name: str) -> Iterator[tuple[str, str | Text]]:
    if name == "scenarios":
        yield from ((one.id, one.title) for one in case.scenarios)
    elif name == "of":
        yield from ((one.id, one.question) for one in case.issues if one.kind != "nominal")
        yield ZONE, _("Is there a package that all accept?")
        if kind == "sensitivity":
            yield ACCEPTANCE, _("Does each party accept what the mean expects?")
        if case.moves:
            yield f"{REST}today", _("Is the state of today at rest?")
    elif name == "by" and kind == "levers":
        yield from ((one.id, one.name) for one in case.actors)


ROUTES = [
    Route("/cases/{case}/runs/new/{kind}", asking),
    Route("/cases/{case}/runs", ask, methods=["POST"]),
]
