"""The review at the keyboard: one suggestion after the other, a letter and Enter for each decision."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import click

from westphalia.cli.code_tables import shortened, who
from westphalia.cli.shared import console
from westphalia.dossier.anchors import in_context
from westphalia.dossier.schema import AUTHOR, Kind, Span
from westphalia.errors import CaseError, WestphaliaError

if TYPE_CHECKING:
    from westphalia.runs.coding import Suggestion, Suggestions
    from westphalia.runs.coding_decisions import Desk

_KEYS = "a accept, r reject, s skip, c kind, p speaker, g gloss, u undo, q quit"
_BEFORE, _LONGEST = 80, 300
_KINDS: tuple[str, ...] = get_args(Kind)


def review(found: Suggestions, desk: Desk, coder: str) -> None:
    """Go through the suggestions that nobody decided on; ends with them, with `q` or with the input."""
    Review(found, desk, coder.strip()).run()


class Review:
    """A review in progress: where it is, and what was changed in the suggestion at hand."""

    def __init__(self, found: Suggestions, desk: Desk, coder: str) -> None:
        self.found, self.desk, self.coder = found, desk, coder
        self.queue = desk.left(found)
        self.place = 0
        self.fields: dict[str, Any] = {}
        self.settled: set[str] = set()
        self.out = console()

    def run(self) -> None:
        """Show, ask and do until there is nothing left or the coder quits."""
        self._say(f"{len(self.queue)} to review. {_KEYS}.")
        while self.place < len(self.queue):
            self._show(self.queue[self.place])
            answer = self._ask("> ")
            if answer is None or answer.strip().lower() == "q":
                return
            try:
                self._do(answer.strip())
            except CaseError as error:
                self._say(str(error.findings[0].message) if error.findings else str(error))
            except WestphaliaError as error:
                self._say(f"{error.message} {error.hint}".strip())

    def _do(self, answer: str) -> None:
        key, _, rest = answer.partition(" ")
        actions: dict[str, Callable[[str], None]] = {
            "a": self._accept,
            "r": self._reject,
            "s": self._skip,
            "c": self._change_kind,
            "p": self._pick_speaker,
            "g": self._gloss,
            "u": self._undo,
        }
        action = actions.get(key.lower())
        if action is None:
            self._say(f"There is no key '{shortened(key, 0, len(key), 20)}'. {_KEYS}.")
        else:
            action(rest.strip())

    # --- the keys ---

    def _accept(self, _rest: str) -> None:
        one = self.queue[self.place]
        still = [question for question in one.questions if question.part not in self.settled]
        if still:
            asked = ", ".join(f"{question.part} ({question.question})" for question in still)
            self._say(f"Still open: {asked}. Pick with p, as in 'p 1', or 'p {still[0].part} none'.")
            return
        self.desk.accept([one.entry.id], self.coder, found=self.found, fields=self.fields)
        self._done("Accepted")

    def _reject(self, _rest: str) -> None:
        self.desk.reject([self.queue[self.place].entry.id], self.coder, found=self.found)
        self._done("Rejected")

    def _done(self, what: str) -> None:
        self._say(f"{what}: {self.queue[self.place].entry.id}.")
        self._turn_to(self.place + 1)

    def _skip(self, _rest: str) -> None:
        self._turn_to(self.place + 1)

    def _turn_to(self, place: int) -> None:
        self.place, self.fields, self.settled = place, {}, set()

    def _change_kind(self, rest: str) -> None:
        kind = self._choice(rest, list(_KINDS), "Kind")
        if kind is not None:
            self.fields["kind"] = kind

    def _pick_speaker(self, rest: str) -> None:
        """Settle who speaks, or with `teller` or `addressee` before the choice who else is meant."""
        part, _, choice = rest.partition(" ")
        if part not in ("speaker", "teller", "addressee"):
            part, choice = "speaker", rest
        if part != "speaker" and choice == "none":
            self.settled.add(part)
            return
        actor = self._choice(choice, self._actors(part), part.capitalize())
        if actor is None:
            return
        name = {"teller": "tellers"}.get(part, part)
        held = {**self.queue[self.place].entry.fields, **self.fields}.get(name) or []
        self.fields[name] = actor if part == "speaker" else list(dict.fromkeys([*held, actor]))
        self.settled.add(part)

    def _gloss(self, rest: str) -> None:
        words = rest or (self._ask("What is said, in your own words: ") or "").strip()
        if words:
            self.fields["gloss"] = words

    def _undo(self, _rest: str) -> None:
        names = {edit.id for edit in self.desk.undo()}
        self._say(f"Taken back: {', '.join(sorted(names))}.")
        back = [at for at, one in enumerate(self.queue) if one.entry.id in names]
        if back:
            self._turn_to(back[0])

    # --- talking ---

    def _actors(self, part: str) -> list[str]:
        """Return whom one may pick: first who is likely meant, then the actors of the case."""
        questions = self.queue[self.place].questions
        likely = [actor for one in questions if one.part == part for actor in one.candidates]
        author = [] if part == "addressee" else [AUTHOR]
        return list(dict.fromkeys([*likely, *self.desk.document.case.actor, *author]))

    def _choice(self, given: str, names: list[str], what: str) -> str | None:
        if not given:
            self._say("  ".join(f"{number} {name}" for number, name in enumerate(names, start=1)))
            given = (self._ask(f"{what}, by number or id: ") or "").strip()
        if given in names:
            return given
        if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= len(names):
            return names[int(given[:9]) - 1]
        self._say(f"'{shortened(given, 0, len(given), 20)}' is none of the 1 to {len(names)}.")
        return None

    def _show(self, one: Suggestion) -> None:
        text, (_, start, end, _) = self.found.text.text, one.entry.place
        fields = {**one.entry.fields, **self.fields}
        before = in_context(text, Span.model_validate(one.entry.fields["span"]), _BEFORE)[0]
        self._say("")
        self._say(f"[{self.place + 1}/{len(self.queue)}] line {one.line}, {one.entry.tier}, {one.entry.rule}")
        self._say(f"  {shortened(before, 0, len(before), _BEFORE)} »{shortened(text, start, end, _LONGEST)}«")
        told = who(self.found, _as_it_stands(one, fields, self.settled))
        self._say(f"  {fields['kind']}, {fields['mode']}; {told}")
        for question in one.questions:
            if question.part not in self.settled:
                names = self._actors(question.part)[: max(3, len(question.candidates))]
                self._say("  " + "  ".join(f"{at} {name}" for at, name in enumerate(names, start=1)))

    def _ask(self, prompt: str) -> str | None:
        click.echo(prompt, nl=False)
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            return ""
        # Bytes that are no text must not reach the case file.
        return line.encode("utf-8", "replace").decode("utf-8") if line else None

    def _say(self, words: str) -> None:
        self.out.print(words, markup=False, soft_wrap=True)


def _as_it_stands(one: Suggestion, fields: dict[str, Any], settled: set[str]) -> Suggestion:
    left = tuple(question for question in one.questions if question.part not in settled)
    return replace(one, entry=one.entry.model_copy(update={"fields": fields}), questions=left)
