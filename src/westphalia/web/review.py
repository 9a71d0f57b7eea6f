"""One suggestion as the page of a review asks it: its place, its fields, its questions, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from westphalia.case.schema import CaseFile
from westphalia.dossier.anchors import in_context
from westphalia.dossier.review import Entry
from westphalia.dossier.schema import Span
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.runs.coding import Question, Suggestion, Suggestions
from westphalia.runs.coding_decisions import Desk, has_coded
from westphalia.web.forms import Form
from westphalia.web.statement_form import StatementFields, fields_of

NOBODY, OTHER = "nobody", "other"
_WIDTH = 400


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant: `id` and `name` of an actor, and the `key` that chooses it, if any."""

    id: str
    name: Text
    key: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question that a suggestion leaves open.

    `number` counts from 0; `part` is what it asks for (speaker, teller or addressee), `question` how it was
    put, `words` what the text has for it; `candidates` are likely ones.
    """

    number: int
    part: str
    question: str
    words: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A suggestion that is asked.

    `id`, `tier` and `rule` are those of the entry, `line` and `start` to `end` its place; `words` stand
    there, with what is `before` and `after`. `fields` is what the form shows, `queries` what is open;
    `coded_as` is a statement at the same place, of another coder.
    """

    id: str
    tier: str
    rule: str
    line: int
    start: int
    end: int
    before: str
    words: str
    after: str
    fields: StatementFields
    queries: tuple[Query, ...]
    coded_as: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the suggestions of a text.

    `suggestions` are to be decided on; `coded` says how many stand in the case already, `decided` how many
    were decided on.
    """

    suggestions: tuple[Suggestion, ...]
    coded: int
    decided: int

    @property
    def doubts(self) -> int:
        """How many of those left are doubtful."""
        return sum(map(is_doubtful, self.suggestions))

    def place(self, name: str) -> int:
        """Return which of those left a suggestion is, the first if it is none of them."""
        return next((at for at, one in enumerate(self.suggestions) if one.entry.id == name), 0)

    def after(self, end: int) -> str:
        """Return the suggestion that begins at a place of the text or after it, else the first left."""
        later = (one for one in self.suggestions if one.entry.place[1] >= end)
        one = next(later, None) or next(iter(self.suggestions), None)
        return one.entry.id if one else ""

    def doubt_after(self, at: int) -> str:
        """Return the next doubtful one after a place in the list, from its end on from the beginning."""
        turned = (*self.suggestions[at + 1 :], *self.suggestions[:at])
        return next((one.entry.id for one in turned if is_doubtful(one)), "")


def is_doubtful(one: Suggestion) -> bool:
    """Tell whether a suggestion asks something or is no more than possible."""
    return bool(one.questions) or one.entry.tier == "possible"


def left_of(found: Suggestions, desk: Desk, coder: str) -> Left:
    """Return what is left for a coder to decide on."""
    case = desk.document.case
    undecided = desk.left(found)
    left = tuple(one for one in undecided if not has_coded(case, one, coder))
    return Left(left, len(undecided) - len(left), len(found.statements) - len(undecided))


def asked(found: Suggestions, desk: Desk, one: Suggestion) -> Asked:
    """Return a suggestion as the page asks it: as it stands, if somebody changed it already."""
    entry, text = desk.entry(one.entry.id, found), found.text.text
    _source, start, end, _name = entry.place
    before, words, after = in_context(text, Span(start=start, end=end), _WIDTH)
    return Asked(
        id=entry.id,
        tier=str(entry.tier or ""),
        rule=str(entry.rule or ""),
        line=one.line,
        start=start,
        end=end,
        before=before,
        words=words,
        after=after,
        fields=fields_of(entry.fields, text),
        queries=_queries(text, desk.document.case, open_questions(desk, one, entry)),
        coded_as=one.coded_as or "",
    )


def open_questions(desk: Desk, one: Suggestion, entry: Entry) -> tuple[Question, ...]:
    """Return the questions that nobody has answered yet: whoever changed a suggestion has been asked."""
    was_changed = one.entry.id in desk.journal.coding.entries
    return tuple(
        question
        for question in one.questions
        if not (entry.fields.get("speaker") if question.part == "speaker" else was_changed)
    )


def _queries(text: str, case: CaseFile, questions: Sequence[Question]) -> tuple[Query, ...]:
    keys = iter("123456789")
    return tuple(
        Query(
            number,
            question.part,
            question.question,
            text[slice(*question.words)] if question.words else "",
            tuple(
                Candidate(name, case.actor[name].name, next(keys, ""))
                for name in question.candidates
                if name in case.actor
            ),
        )
        for number, question in enumerate(questions)
    )


def answered(
    fields: StatementFields, form: Form, questions: Sequence[Question], *, is_needed: bool
) -> StatementFields:
    """Return the fields with the answers of a form; one that is missing is noted if it is needed."""
    for number, question in enumerate(questions):
        answer = form.text(f"answer-{number}")
        answer = form.text(f"other-{number}") if answer == OTHER or not answer else answer
        if question.part == "speaker":
            fields = replace(fields, speaker=answer)
        elif question.part == "teller" and answer not in ("", NOBODY):
            fields = replace(fields, tellers=tuple(dict.fromkeys((*fields.tellers, answer))))
        elif answer not in ("", NOBODY):
            fields = replace(fields, addressee=tuple(dict.fromkeys((*fields.addressee, answer))))
        if is_needed and not answer:
            form.wrong[f"answer-{number}"] = _("This is still open: choose somebody.")
    return fields
