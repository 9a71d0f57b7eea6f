"""The German catalogues hold every text that is shown, once, with the same places for values."""

import re
from collections import Counter
from importlib import resources
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from tests.language.collected import every

from westphalia.language import LANGUAGES, SOURCE, catalogue, decimal, preferred, said, said_n, speaking

FOLDER = resources.files("westphalia").joinpath("locale", "de")
FILES = sorted((path for path in FOLDER.iterdir() if path.name.endswith(".po")), key=lambda path: path.name)
PERCENT = re.compile(r"%\((\w+)\)[sd]")


def messages():
    for path in FILES:
        with path.open("rb") as stream:
            for message in read_po(stream, locale="de"):
                if message.id:
                    yield path.name, message


def places(text: str) -> Counter:
    """Return the names of values in a text; a text for templates has them as ``%(name)s``."""
    if "%(" in text:
        return Counter(set(PERCENT.findall(text)))
    try:
        return Counter({name for _, name, _, _ in Formatter().parse(text) if name is not None})
    except ValueError:
        return Counter()


def test_every_text_is_translated() -> None:
    held = {message.id if isinstance(message.id, tuple) else (message.id,) for _, message in messages()}
    missing = {text: place for text, place in every().items() if text not in held}
    assert not missing, f"{len(missing)} texts have no German: {list(missing.items())[:5]}"


def test_no_translation_is_left_over() -> None:
    known = set(every())
    idle = [
        (name, message.id)
        for name, message in messages()
        if (message.id if isinstance(message.id, tuple) else (message.id,)) not in known
    ]
    assert not idle, f"{len(idle)} translations of texts that are not there: {idle[:5]}"


def test_no_text_is_translated_twice() -> None:
    counted = Counter(message.id for _, message in messages())
    assert not [text for text, times in counted.items() if times > 1]


def test_translations_are_whole_and_keep_the_values() -> None:
    for name, message in messages():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy, (name, message.id)
        assert len(strings) == len(ids), (name, message.id)
        for string in strings:
            assert string.strip(), (name, message.id)
            assert places(string) <= places(ids[-1]), (name, message.id, string)
            assert places(ids[-1]) - places(string) <= Counter(["n", "num"]), (name, message.id, string)


def test_a_language_is_spoken_inside_its_block_alone() -> None:
    with speaking("de"):
        assert decimal("1,234.5") == "1.234,5"
        with speaking("fr"):
            assert decimal("1,234.5") == "1,234.5"
        assert said("narrow") == "schmal"
    assert said("narrow") == "narrow"


def test_values_are_put_in_by_name_and_not_read_as_a_pattern() -> None:
    assert said("near “{point}”", point="{0} {x}") == "near “{0} {x}”"
    assert said_n("{n} page", "{n} pages", 1) == "1 page"
    assert said_n("{n} page", "{n} pages", 0) == "0 pages"
    assert said("") == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-AT,de;q=0.9", "de"), ("fr, en;q=0.5", "en"), ("", "en"), ("xx;;,,;q=", "en"), ("x" * 9999, "en")],
)
def test_the_first_language_that_we_have_is_taken(header: str, language: str) -> None:
    assert preferred(header) == language


def test_all_catalogues_can_be_read() -> None:
    for language in LANGUAGES:
        assert catalogue(language).gettext("no such text") == "no such text"
    assert SOURCE in LANGUAGES
