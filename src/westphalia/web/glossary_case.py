"""Words for what a case is made of, and for its sources and statements."""

from __future__ import annotations

from typing import Final

from westphalia.language import marked as _
from westphalia.web.glossary_entry import Entry, Group

MODEL: Final = Group(
    "model",
    _("What a case is made of"),
    (
        Entry(
            "actor",
            _("Actor"),
            _(
                "Whoever can influence the outcome: a state, an organisation, a person who speaks for one, "
                "or a public that has to consent at home."
            ),
        ),
        Entry(
            "issue",
            _("Issue"),
            _(
                "A question in dispute, with a scale whose points say in words what each outcome would mean, "
                "or with options that stand in no order."
            ),
        ),
        Entry(
            "position",
            _("Position"),
            _("The outcome an actor asks for on an issue, as a point of its scale, with a range of doubt."),
        ),
        Entry(
            "salience",
            _("Salience"),
            _(
                "How much an issue matters to an actor, from 0 (not at all) to 1 (more than all else). Who "
                "cares little spends little of its capability there."
            ),
        ),
        Entry(
            "stand",
            _("Stand"),
            _("Position and salience of one actor on one issue, with what they rest on."),
        ),
        Entry(
            "capability",
            _("Capability"),
            _(
                "The influence an actor could bring to bear if it used all it has. Only proportions count: "
                "twice the number is twice the influence."
            ),
        ),
        Entry(
            "reversion",
            _("Reversion point"),
            _(
                "What holds on an issue if nothing is agreed. All gains of a deal are measured against the "
                "reversions of all issues."
            ),
        ),
        Entry(
            "no-deal",
            _("No deal"),
            _(
                "The talks fail and the reversions hold. What that is worth to an actor may be stated where "
                "war or delay cost more than the reversions show."
            ),
        ),
        Entry(
            "required",
            _("Required party"),
            _("An actor without whose consent there is no agreement; each of them can block one."),
        ),
        Entry(
            "ratification",
            _("Ratification"),
            _(
                "Consent at home: who signs for a country may need its parliament, army or public, and can "
                "promise no more than those accept."
            ),
        ),
        Entry(
            "commitment",
            _("Commitment"),
            _(
                "A promise or threat that an actor has bound itself to. Its strength says how hard it is to "
                "break, from 0 (words only) to 1 (cannot be broken)."
            ),
        ),
        Entry(
            "linkage",
            _("Exchange across issues"),
            _("An offer to yield on one issue for something on another; both halves stand or fall together."),
        ),
    ),
)

EVIDENCE: Final = Group(
    "evidence",
    _("Sources and statements"),
    (
        Entry(
            "source",
            _("Source"),
            _("A text that was read, or one that such a text points to without giving its words."),
        ),
        Entry(
            "statement",
            _("Statement"),
            _(
                "One thing that somebody asserts, wants, promises, threatens or judges at one place of a "
                "source. Numbers of the case name the statements they rest on."
            ),
        ),
        Entry(
            "span",
            _("Span"),
            _(
                "The place of a statement in its text: first and last character. A fingerprint of the words "
                "tells whether they still stand there."
            ),
        ),
        Entry(
            "gloss",
            _("Gloss"),
            _(
                "What a statement says, in words of whoever coded it; the words of the text stay out of the "
                "file."
            ),
        ),
        Entry(
            "mode",
            _("Mode of a statement"),
            _(
                "How the source gives a statement: quoted, reported indirectly, hearsay, told by the source "
                "itself, or commented. The farther from the speaker’s own words, the less it counts."
            ),
        ),
        Entry(
            "teller",
            _("Teller"),
            _(
                "Who passes a statement on between its speaker and the source; each one more makes it less "
                "sure."
            ),
        ),
        Entry(
            "account",
            _("Account"),
            _(
                "What a group of statements that agree says about where an actor stands. Accounts that "
                "differ stay apart, and each draw believes one of them."
            ),
        ),
        Entry(
            "derived",
            _("Derived position"),
            _("A position that a fixed rule makes of statements, rather than one that an analyst has set."),
        ),
        Entry(
            "assumption",
            _("Assumption"),
            _("The reason for a number that no statement supports. It is shown wherever the number is."),
        ),
        Entry(
            "loaded-wording",
            _("Loaded wording"),
            _(
                "Words that judge while they seem only to name; a note says what a neutral reader should "
                "know."
            ),
        ),
        Entry(
            "coder",
            _("Coder"),
            _(
                "Who reads a text and makes statements of it. Two coders of the same text show how sure a "
                "coding is."
            ),
        ),
        Entry(
            "suggestion",
            _("Suggestion"),
            _(
                "A statement that rules of language found in a text. It is no evidence before somebody "
                "accepts it."
            ),
        ),
        Entry(
            "f1",
            _("F1"),
            _(
                "How far two coders chose the same places: 1 if all are shared, 0 if none is. It is the "
                "harmonic mean of the shares of each one’s places that the other has too."
            ),
        ),
        Entry(
            "alpha",
            _("Krippendorff’s alpha"),
            _(
                "How far two coders agree beyond chance: 1 is full agreement, 0 what chance alone would "
                "give, below 0 less than that."
            ),
        ),
    ),
)
