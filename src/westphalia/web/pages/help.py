"""Help: what the workbench is for and the way of a case, the words of the field, the keys, and the tour."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from westphalia.errors import FileError
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.web.asked import bench, by
from westphalia.web.flagship import NAME, flagship
from westphalia.web.glossary import GROUPS, Group
from westphalia.web.guard import may
from westphalia.web.keys import KEYS, KeyGroup
from westphalia.web.page import page, tell
from westphalia.web.tour import STOPS, Stop


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of a case: its page (the rest of the address), what is done, words for it."""

    rest: str
    title: str
    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """The first page of the help: the `steps` of a case.

    They link to the pages of `case`, named `title`: the example, else the first case of the folder; empty
    where there is none. `has_example` tells whether the example is in the folder.
    """

    steps: tuple[Step, ...]
    case: str
    title: Text | str
    has_example: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The glossary: its `groups` of entries."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """The map of keys: its `groups`, by the pages on which they act."""

    groups: tuple[KeyGroup, ...]


@dataclass(frozen=True, slots=True)
class Tour:
    """The tour: its `stops`.

    `is_there` tells whether the case that it leads through is in the folder, `has_example` whether it came
    with the package.
    """

    stops: tuple[Stop, ...]
    is_there: bool
    has_example: bool


_STEPS = (
    Step(
        "sources",
        _("Put in what was written"),
        _("A report as text, HTML, DOCX or PDF. It stays on this machine."),
        ("source",),
    ),
    Step(
        "sources",
        _("Code what is said in it"),
        _(
            "Rules suggest statements and you decide on each; or select words and code them yourself. Every "
            "statement keeps its place in the text."
        ),
        ("statement", "mode", "suggestion", "coder"),
    ),
    Step(
        "actors",
        _("Name the actors and the issues"),
        _(
            "Who can influence the outcome, who speaks for whom, who must consent at home; and each issue "
            "with a scale whose points say what they mean."
        ),
        ("actor", "issue", "capability", "reversion"),
    ),
    Step(
        "stands",
        _("Say where each stands, and how sure that is"),
        _("Positions come from statements or from your judgement; a range says more than a number."),
        ("stand", "position", "salience", "assumption"),
    ),
    Step(
        "runs",
        _("Run the methods"),
        _("One click runs them all, on many draws of what is not known exactly."),
        ("run", "draw", "forecast", "interval"),
    ),
    Step(
        "deals",
        _("Look for a settlement, and for what would hold"),
        _("Compose packages and see who refuses; see which states of the conflict nobody would leave."),
        ("package", "zone", "frontier", "at-rest"),
    ),
    Step(
        "doubt",
        _("Question the answer, and hand it on"),
        _(
            "See what drives it and what would change it, try scenarios, and write the report, in which "
            "every number leads to its evidence."
        ),
        ("driver", "lever", "scenario", "track-record"),
    ),
)


def start(request: Request) -> Response:
    """Show what the workbench is for, and the way of a case."""
    cards = {card.name: card for card in bench(request).cases.cards()}
    card = cards.get(NAME) or next(iter(cards.values()), None)
    name, title = (card.name, card.title or card.name) if card else ("", "")
    return page(request, "help/help.html", Help(_STEPS, name, title, NAME in cards))


def words(request: Request) -> Response:
    """Show the glossary."""
    return page(request, "help/words.html", Words(GROUPS))


def keys(request: Request) -> Response:
    """Show the map of keys."""
    return page(request, "help/keys.html", Keys(KEYS))


def tour(request: Request) -> Response:
    """Show the steps of the tour, and offer the case that it leads through."""
    is_there = any(card.name == NAME for card in bench(request).cases.cards())
    return page(request, "help/tour.html", Tour(STOPS, is_there, flagship() is not None))


@may("analyst")
def put_example(request: Request) -> Response:
    """Put the case that comes with the package into the folder, and begin the tour."""
    raw = flagship()
    if raw is None:
        message = _("The example case did not come with this copy of westphalia.")
        raise FileError(message, code="no-example")
    bench(request).cases.import_file(f"{NAME}.yaml", raw, name=NAME, by=by(request))
    return tell(request, STOPS[0].address, _("The example case is in the folder."))


ROUTES = [
    Route("/help", start),
    Route("/help/words", words),
    Route("/help/keys", keys),
    Route("/help/tour", tour),
    Route("/help/example", put_example, methods=["POST"]),
]
