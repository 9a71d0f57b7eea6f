"""Speech told in a noun alone: declared aims, what the media are full of, and whose they are."""

from __future__ import annotations

import pytest

from westphalia.dossier.proposals import KnownActor, Proposal, Speech
from westphalia.dossier.speech import propose_speech

GOVERNMENT = KnownActor("government", ("Government of Norland",), "government", ("norländische Führung",))
OKAR = KnownActor("okar", ("Elin Okar",), "person", ("Okar",), speaks_for="norland")
BRANDT = KnownActor("brandt", ("Tor Brandt",), "person", ("Brandt",), speaks_for="sudmark")
MEDIA = KnownActor("press", ("Norland press",), "medium", speaks_for="norland")
OTHERS = KnownActor("radio", ("Radio Sud",), "medium", speaks_for="sudmark")
ACTORS = (GOVERNMENT, OKAR, BRANDT, OTHERS, MEDIA)


def of_rule(text: str, rule: str) -> list[tuple[Proposal, Speech]]:
    found = [one for one in propose_speech(text, ACTORS) if one.rule == f"speech.{rule}"]
    return [(one, one.details) for one in found if isinstance(one.details, Speech)]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (
            "Das ist das erklärte Kriegsziel der norländischen Führung seit Jahren.",
            "der norländischen Führung",
        ),
        ("Sie verfehlte das angekündigte Ziel des Ministers.", "des Ministers"),
        ("Die geäußerte Absicht von Okar ist bekannt.", "Okar"),
        ("It was the declared aim of the government to keep the port.", "the government"),
        ("This is Norland's stated goal in the talks.", "Norland's"),
    ],
)
def test_a_declared_aim_is_that_of_whom_the_text_names(text: str, owner: str) -> None:
    [(proposal, speech)] = of_rule(text, "declared")
    assert (proposal.tier, speech.mode, speech.form, speech.contents) == (
        "possible",
        "indirect",
        "reported",
        (),
    )
    assert speech.source.words is not None
    assert text[slice(*speech.source.words)] == owner


def test_its_owner_is_known_or_asked() -> None:
    text = "Frieden ist das erklärte Ziel der norländischen Führung."
    assert [speech.source.actor for _, speech in of_rule(text, "declared")] == ["government"]
    [(_, speech)] = of_rule("Okar kam. Frieden ist ihr erklärtes Ziel.", "declared")
    assert speech.source.asked is not None
    assert speech.source.asked.candidates[0].actor == "okar"


@pytest.mark.parametrize(
    "text",
    [
        "Das Ziel der Regierung ist erreicht.",
        "Die erklärte Frau der Regierung lachte.",
        "Das große Ziel der Regierung ist der Frieden.",
        "The main aim of the government is peace.",
    ],
)
def test_an_aim_that_nobody_declared_is_none(text: str) -> None:
    assert of_rule(text, "declared") == []


@pytest.mark.parametrize(
    "text",
    [
        "Okar blieb hart. Ihre Medien sind voll von Erfolgsmeldungen.",
        "Okar held firm. Her media are full of reports on the harvest.",
    ],
)
def test_what_the_media_are_full_of_is_theirs_and_the_nearest_sides_are_asked_first(text: str) -> None:
    [(proposal, speech)] = of_rule(text, "reports")
    assert (proposal.tier, speech.mode) == ("possible", "indirect")
    assert speech.source.asked is not None
    assert [one.actor for one in speech.source.asked.candidates] == ["press", "radio"]
    other = text.replace("Okar", "Brandt")
    [(_, speech)] = of_rule(other, "reports")
    assert speech.source.asked is not None
    assert [one.actor for one in speech.source.asked.candidates] == ["radio", "press"]


@pytest.mark.parametrize(
    "text",
    ["Die Leute sind voll von Erfolgsmeldungen.", "The shops are full of reports.", "Die Medien sind leer."],
)
def test_reports_that_no_medium_brings_are_none(text: str) -> None:
    assert of_rule(text, "reports") == []
