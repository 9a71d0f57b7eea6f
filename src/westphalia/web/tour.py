"""The tour: numbered steps that lead through the pages of the case that comes with the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from westphalia.language import marked as _
from westphalia.web.flagship import NAME

SHOWN_STATEMENT: Final = "s062"


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the tour: its number, its page (the rest of the address), what it shows and how."""

    number: int
    rest: str
    title: str
    text: str

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/cases/{NAME}{'/' if self.rest else ''}{self.rest}"

    @property
    def address(self) -> str:
        """The address of its page with the tour on it."""
        return f"{self.path}?tour={self.number}"

    @property
    def following(self) -> Stop | None:
        """The step after it, None at the end."""
        return STOPS[self.number] if self.number < len(STOPS) else None


def stop_at(path: str, number: str) -> Stop | None:
    """Return the step of this number if it stands on the page at `path`."""
    return next((stop for stop in STOPS if stop.path == path and str(stop.number) == number), None)


_PAGES: Final = (
    (
        "",
        _("The answer"),
        _(
            "A case opens with its answer in words: whether there is a settlement, and how sure that is. If "
            "no answer stands here yet, press “Run everything”; it takes a minute, and the tour goes on "
            "meanwhile."
        ),
    ),
    (
        "sources/commentary",
        _("What was read"),
        _(
            "All rests on what somebody said or wrote. Each statement was coded from a place in a report: "
            "who says it, through whom it comes, and whether the report quotes it or has it from hearsay. "
            "The report’s own words are not in the case; with its text at hand you would read them here."
        ),
    ),
    (
        f"statements/{SHOWN_STATEMENT}",
        _("One statement"),
        _(
            "A statement shows its way from the speaker to the report, what speaks against it, and every "
            "number that rests on it. Follow one of them, and come back."
        ),
    ),
    (
        "actors",
        _("Who takes part"),
        _(
            "The parties, the persons who speak for them, and the publics whose consent they need at home. "
            "The capability is how much influence each could bring to bear."
        ),
    ),
    (
        "issues",
        _("What it is about"),
        _(
            "Each issue is a question with a scale. Its points say in words what a number means, and one of "
            "them holds if nothing is agreed."
        ),
    ),
    (
        "stands",
        _("Where each stands"),
        _(
            "A strip is an actor’s position with its doubt; a thick bar means that the issue matters much to "
            "it. Drag an end, or write another number beside it. Nothing is saved before you say so."
        ),
    ),
    (
        "runs",
        _("Ask the methods"),
        _(
            "Every question to the case is a run. Runs are kept with their settings and the version of the "
            "case, so that they can be compared and made again to the same figures."
        ),
    ),
    (
        "deals",
        _("Compose a deal"),
        _(
            "Settle each issue yourself and see who gains, who refuses, and in how many draws. “Improve for "
            "all” looks for a package that is worse for nobody whose consent is needed."
        ),
    ),
    (
        "stability",
        _("Where it comes to rest"),
        _(
            "The moves that parties can make by themselves give states. The table says which of them would "
            "last, by which notion of foresight, and who would leave the others."
        ),
    ),
    (
        "doubt",
        _("What is not known"),
        _(
            "Which numbers drive the answer, what would change it, and how far such forecasts held in the "
            "past. Here you also try scenarios: what if somebody drops out, or changes course?"
        ),
    ),
    (
        "report",
        _("Hand it on"),
        _(
            "The report is one file with everything in it, each number linked to what it rests on. The case "
            "and its results also leave as tables and for other programs."
        ),
    ),
)
STOPS: Final = tuple(Stop(number, *page) for number, page in enumerate(_PAGES, 1))
