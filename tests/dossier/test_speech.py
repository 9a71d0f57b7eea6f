"""Reported speech: cue, source, addressee, content, form and the chain of tellers."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.proposals import MODES, KnownActor, Party, Proposal, Speech
from westphalia.dossier.sentences import paragraphs
from westphalia.dossier.speech import SURE, propose_speech

SOURCES = os.environ.get("WESTPHALIA_SOURCES")
WEBER = KnownActor("weber", ("Anna Weber",), "person", ("Weber",), ("foreign minister",), "north")
BERG = KnownActor("berg", ("Karl Berg",), "person", ("Berg",))
COURIER = KnownActor("courier", ("Northern Courier", "Nordischer Bote"), "medium", ("Bote",))
NORTH = KnownActor("north", ("Northland", "Nordland"), "state")
ACTORS = (WEBER, BERG, COURIER, NORTH)

NAMES = ["Anna Weber", "Berg", "er", "sie", "Nordland", "dem Boten", "der Hafen", "Ankündigung"]
CUES = ["sagte", "erklärte", "laut", "nach Angaben von", "zufolge", "so", "wie", "mit", "teilte", "said"]
MOODS = ["soll", "sei", "habe", "gedroht", "will", "haben", "bleibt", "gegenüber", "that"]
MARKS = [", dass", ", ", ": ", ". ", "„", "“", '"', "\n\n", "(", ")"]
PIECES = st.sampled_from([*NAMES, *CUES, *MOODS, *MARKS])
TEXTS = st.lists(PIECES, max_size=40).map(" ".join)


def speech(text: str, language: str | None = None) -> list[tuple[Proposal, Speech]]:
    found = []
    for one in propose_speech(text, ACTORS, language=language):
        assert isinstance(one.details, Speech)
        found.append((one, one.details))
    return found


def only(text: str, language: str = "de") -> tuple[Proposal, Speech]:
    [found] = speech(text, language)
    return found


def words(text: str, party: Party | None) -> str | None:
    return text[slice(*party.words)] if party is not None and party.words is not None else None


def contents(text: str, details: Speech) -> list[str]:
    return [text[slice(*stretch)] for stretch in details.contents]


@given(TEXTS, st.sampled_from(["de", "en"]))
def test_every_stretch_lies_in_the_paragraph_of_its_frame(text: str, language: str) -> None:
    around = paragraphs(text)
    for proposal, details in speech(text, language):
        parties = [details.source, *details.tellers, *([details.addressee] if details.addressee else [])]
        named = [party.words for party in parties if party.words is not None]
        for start, end in (*proposal.spans, *details.cue, *details.contents, *named):
            assert 0 <= start < end <= len(text)
            assert sum(first <= start and end <= last for first, last in around) == 1
        assert len({next(a for a in around if a[0] <= s < a[1]) for s, _ in proposal.spans}) == 1
        assert list(proposal.spans) == sorted(proposal.spans)
        assert all(one[1] < two[0] for one, two in pairwise(proposal.spans))
        assert details.mode == MODES[details.form]
        assert (proposal.tier == "sure") == (proposal.rule.removeprefix("speech.") in SURE)


@given(TEXTS)
def test_nobody_is_both_asked_and_known(text: str) -> None:
    for _, details in speech(text):
        assert details.source.asked is None or details.source.actor is None
        assert details.source.asked is not None or details.source.words is not None


@pytest.mark.parametrize(
    ("text", "rule", "source", "said"),
    [
        ("Anna Weber sagte, dass der Hafen bleibt.", "clause", "Anna Weber", ["dass der Hafen bleibt"]),
        ("Am Montag teilte Weber mit, sie werde reisen.", "clause", "Weber", ["sie werde reisen"]),
        ("Laut Weber bleibt der Hafen.", "according", "Weber", ["bleibt der Hafen"]),
        ("Angaben der Polizei zufolge kamen viele.", "according", "Angaben der Polizei", ["kamen viele"]),
        ("Nach Ansicht von Weber bleibt der Hafen.", "according", "Weber", ["bleibt der Hafen"]),
        ("Der Hafen, so Weber, bleibt offen.", "so", "Weber", ["Der Hafen", "bleibt offen"]),
        ("Wie Weber mitteilte, ruht die Arbeit.", "as", "Weber", ["ruht die Arbeit"]),
        ("Weber drohte, den Hafen zu schließen.", "infinitive", "Weber", ["den Hafen zu schließen"]),
        ("In dem Vertrag heißt es, der Hafen bleibe.", "says-it", "dem Vertrag", ["der Hafen bleibe"]),
        ("„Wir bleiben hier“, sagte Weber.", "quoted", "Weber", ["Wir bleiben hier"]),
        ("Weber: „Wir bleiben hier.“", "introduced", "Weber", ["Wir bleiben hier"]),
        ("Der Sprecher, ein Mann aus Nordland, sagte, er komme.", "clause", "Der Sprecher", ["er komme"]),
    ],
)
def test_german_frames(text: str, rule: str, source: str, said: list[str]) -> None:
    proposal, details = only(text)
    assert (proposal.rule, proposal.tier) == (f"speech.{rule}", "sure")
    assert words(text, details.source) == source
    assert contents(text, details) == said


@pytest.mark.parametrize(
    ("text", "rule", "source", "said"),
    [
        ("Anna Weber said that the port stays.", "clause", "Anna Weber", ["that the port stays"]),
        ("According to Weber, the port stays.", "according", "Weber", ["the port stays"]),
        ("“We shall stay here,” the minister said.", "quoted", "the minister", ["We shall stay here"]),
    ],
)
def test_english_frames(text: str, rule: str, source: str, said: list[str]) -> None:
    proposal, details = only(text, "en")
    assert (proposal.rule, proposal.tier) == (f"speech.{rule}", "sure")
    assert words(text, details.source) == source
    assert contents(text, details) == said


def test_the_language_is_that_of_the_small_words() -> None:
    [(_, details)] = speech("The minister was in the town, and Weber said that the port of the north stays.")
    assert details.form == "indirect"


def test_a_quotation_in_two_parts_is_one_frame() -> None:
    text = "„Wir gehen nicht“, sagte Weber am Abend, „solange niemand fragt.“"
    proposal, details = only(text)
    assert contents(text, details) == ["Wir gehen nicht", "solange niemand fragt"]
    assert (details.form, details.mode, details.source.actor) == ("direct", "quote", "weber")
    assert proposal.spans == ((0, len(text)),)


def test_a_quotation_of_several_sentences_goes_to_the_verb_behind_it() -> None:
    text = "„Wir gehen nicht. Wir bleiben hier“, sagte Weber. Es regnete."
    _, details = only(text)
    assert contents(text, details) == ["Wir gehen nicht. Wir bleiben hier"]
    assert details.source.actor == "weber"


@pytest.mark.parametrize(
    ("text", "form", "mode"),
    [
        ("Weber erklärte, sie komme.", "indirect", "indirect"),
        ("Das sei seit langem bekannt.", "free-indirect", "indirect"),
        ("Nordland soll zugestimmt haben.", "hearsay", "hearsay"),
        ("Berg will nichts gewusst haben.", "hearsay", "hearsay"),
        ("Weber kritisierte den Vertrag.", "reported", "indirect"),
        ("„Das ist nicht wahr!“", "direct", "quote"),
    ],
)
def test_forms_and_modes(text: str, form: str, mode: str) -> None:
    _, details = only(text)
    assert (details.form, details.mode) == (form, mode)


def test_what_is_only_summarised_has_no_content() -> None:
    assert only("Weber kritisierte den Vertrag.")[1].contents == ()


def test_who_claims_of_himself_is_named_and_who_tells_a_rumour_is_asked() -> None:
    assert only("Berg will nichts gewusst haben.")[1].source.actor == "berg"
    asked = only("Nordland soll zugestimmt haben.")[1].source
    assert (asked.words, asked.actor) == (None, None)
    assert asked.asked is not None
    assert asked.asked.question == "who speaks?"


def test_a_pronoun_is_asked_with_the_nearest_first() -> None:
    text = "Anna Weber kam an. Dann traf Karl Berg ein. Er sagte, dass es regnet."
    _, details = only(text)
    assert words(text, details.source) == "Er"
    assert details.source.actor is None
    assert details.source.asked is not None
    assert details.source.asked.question == "who is this?"
    assert [one.actor for one in details.source.asked.candidates] == ["berg", "weber"]


def test_speech_without_a_speaker_is_asked_and_who_spoke_last_comes_first() -> None:
    text = "Weber sagte, sie komme. Berg schwieg. Das sei ihr Recht."
    details = speech(text)[-1][1]
    assert details.source.words is None
    assert details.source.asked is not None
    assert details.source.asked.candidates[0].actor == "weber"


def test_a_medium_that_is_spoken_to_is_addressee_and_teller() -> None:
    text = "Weber sagte der Zeitung „Nordischer Bote“, dass der Hafen bleibe."
    _, details = only(text)
    assert details.source.actor == "weber"
    assert details.addressee is not None
    assert details.addressee.actor == "courier"
    assert [one.actor for one in details.tellers] == ["courier"]


def test_a_medium_through_which_another_speaks_is_a_teller() -> None:
    _, details = only("Laut Bote erklärte Weber, der Vertrag gelte.")
    assert details.source.actor == "weber"
    assert [one.actor for one in details.tellers] == ["courier"]
    assert only("Laut Bote gilt der Vertrag.")[1].source.actor == "courier"


def test_a_known_actor_beside_the_speaker_is_the_addressee() -> None:
    _, details = only("Gestern hat Weber Berg gedroht, den Vertrag zu kündigen.")
    assert details.source.actor == "weber"
    assert details.addressee is not None
    assert details.addressee.actor == "berg"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Webers Sprecher sagte, sie komme.", "de"),
        ("Weber's adviser said that she comes.", "en"),
        ("Der Sprecher von Anna Weber sagte, sie komme.", "de"),
    ],
)
def test_who_belongs_to_an_actor_is_not_the_actor(text: str, language: str) -> None:
    _, details = only(text, language)
    assert details.source.words is not None
    assert details.source.actor is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Außenministerin, Anna Weber, sagte, sie komme.", "de"),
        ("The foreign minister, Anna Weber, said that she comes.", "en"),
        ("Webers Ankündigung, sie werde gehen, half.", "de"),
    ],
)
def test_an_apposition_or_a_genitive_names_the_speaker(text: str, language: str) -> None:
    assert only(text, language)[1].source.actor == "weber"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Es wurde von Berg erklärt, dass der Hafen offen ist.", "Berg"),
        ("It was confirmed by Berg that the harbour is open.", "Berg"),
        ("In dieser Erklärung, die lang ist, heißt es, dass der Hafen offen ist.", "dieser Erklärung"),
        ("Auf der Tafel heißt es, der Hafen sei offen.", "der Tafel"),
        ("Während Berg ankündigte, den Hafen zu öffnen, blieb es still.", "Berg"),
        ("Als Anna Weber sagte, dass es regnet, war es Nacht.", "Anna Weber"),
    ],
)
def test_an_agent_a_text_or_a_subordinate_clause_names_who_says_it(text: str, source: str) -> None:
    details = next(one for _, one in speech(text, "en" if text.startswith("It ") else "de") if one.cue)
    assert words(text, details.source) == source


def test_the_subject_of_what_is_told_is_not_who_told_it() -> None:
    text = "Berg sagte, dass es regnet. Die Leute hätten gewartet, bis das Schiff gekommen sei."
    *_, (_, details) = speech(text, "de")
    assert (details.source.words, details.form) == (None, "free-indirect")
    assert details.source.asked is not None
    assert details.source.asked.candidates[0].actor == "berg"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Nordische Bote zitiert Anna Weber mit den Worten: „Wir gehen morgen alle nach Hause.“", "de"),
        ("Weber wird vom Boten mit den Worten zitiert: „Wir gehen morgen alle nach Hause.“", "de"),
        ("The Northern Courier quoted Anna Weber: “We will all go home tomorrow.”", "en"),
    ],
)
def test_who_is_cited_speaks_and_who_cites_passes_it_on(text: str, language: str) -> None:
    details = next(one for _, one in speech(text, language) if one.mode == "quote")
    assert (details.source.actor, [one.actor for one in details.tellers]) == ("weber", ["courier"])


def test_a_name_with_von_is_one_name() -> None:
    leader = KnownActor("leader", ("Erika von der Au",), "person")
    text = "Erika von der Au sagte, dass es regnet."
    [one] = propose_speech(text, [leader], language="de")
    assert isinstance(one.details, Speech)
    assert (one.details.source.words, one.details.source.actor) == ((0, 16), "leader")


def test_a_medium_is_no_candidate_for_a_pronoun() -> None:
    text = "Anna Weber kam an. Der Nordische Bote war da. Sie sagte, dass es regnet."
    _, details = only(text)
    assert details.source.asked is not None
    assert "courier" not in [one.actor for one in details.source.asked.candidates]


@pytest.mark.parametrize(
    "text",
    [
        "Der Hafen ist seit gestern offen.",
        "Das erklärte Ziel bleibt der Friede.",
        "Damit soll niemand reisen.",
        "Ich habe keine Zeit, und ich werde gehen.",
        "Der Vertrag wurde bestätigt.",
        "Sie wohnt im Haus „Nordstern“ am Hafen.",
        "Es ist kalt, es sei denn, die Sonne scheint.",
    ],
)
def test_what_is_no_speech(text: str) -> None:
    assert [one for one, _ in speech(text, "de") if one.tier == "sure"] == []


@pytest.mark.skipif(SOURCES is None, reason="the report is not ours: name its folder in WESTPHALIA_SOURCES")
def test_the_speakers_of_the_report() -> None:
    text = (Path(SOURCES or "") / "report.txt").read_text("utf-8")
    person = [("trump", "Donald Trump", "Trump"), ("putin", "Wladimir Putin", "Putin")]
    person += [("hegseth", "Pete Hegseth", "Hegseth"), ("vance", "J. D. Vance", "Vance")]
    actors = [KnownActor(name, (full,), "person", (short,)) for name, full, short in person]
    actors.append(KnownActor("journal", ("Wall Street Journal",), "medium"))
    found = [one.details for one in propose_speech(text, actors) if isinstance(one.details, Speech)]
    assert [(one.source.actor, one.mode) for one in found if one.source.asked is None] == [
        ("trump", "indirect"),
        ("putin", "hearsay"),
        ("trump", "indirect"),
        ("trump", "indirect"),
        (None, "indirect"),
        ("vance", "indirect"),
    ]
    assert [one.actor for one in found[-1].tellers] == ["journal"]
    quotes = [one.source.asked for one in found if one.mode == "quote"]
    assert [asked.question for asked in quotes if asked] == ["who is this?", "who speaks?"]
    assert [asked.candidates[0].actor for asked in quotes if asked] == ["hegseth", "hegseth"]


@pytest.mark.parametrize(
    "unit",
    ["sagte ", "laut Weber, ", "er sagte „ja ja“ und ", '"Aa bb," ', "soll ", "sei ", ".", "Medien Meldung "],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    begin = time.process_time()
    propose_speech(unit * (50_000 // len(unit)), ACTORS, language="de")
    assert time.process_time() - begin < 10
