"""The help: the way of a case, the words of the field, the keys, and the tour of the example."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from visitors import FLAGSHIP, FLAGSHIP_NAME, Visitor, workbench

from westphalia.language import catalogue
from westphalia.web import flagship as shipped
from westphalia.web.glossary import GLOSSARY, GROUPS
from westphalia.web.keys import KEYS
from westphalia.web.pages.help import _STEPS
from westphalia.web.tour import STOPS, stop_at

PAGES = ("/help", "/help/words", "/help/keys", "/help/tour")
WEB = resources.files("westphalia.web")
ENTRIES = [entry for group in GROUPS for entry in group.entries]


@pytest.fixture
def newcomer(tmp_path: Path) -> Visitor:
    """The user of a workbench on an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return workbench(folder)


@pytest.mark.parametrize("path", PAGES)
def test_pages_answer_in_both_languages_and_as_data(visitor: Visitor, path: str) -> None:
    english = visitor.get(path, headers={"Accept-Language": "en"})
    german = visitor.get(path, headers={"Accept-Language": "de"})
    assert (english.status_code, german.status_code) == (200, 200)
    assert '<html lang="de">' in german.text
    assert len(re.findall("<h1", english.text)) == 1
    titles = [re.search(r"<h1>([^<]+)", answer.text)[1] for answer in (english, german)]
    assert titles[0] != titles[1]
    assert visitor.get(f"{path}.json").json()


# --- words ---


def test_no_term_is_defined_twice() -> None:
    assert len(GLOSSARY) == len(ENTRIES)
    german = catalogue("de").gettext
    for what in ("name", "sentence"):
        texts = [getattr(entry, what) for entry in ENTRIES]
        assert [text for text, times in Counter(texts).items() if times > 1] == []
        translated = Counter(german(text) for text in texts)
        assert [text for text, times in translated.items() if times > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_sentence_exists_in_both_languages(entry) -> None:
    german = catalogue("de").gettext(entry.sentence)
    assert german != entry.sentence
    for sentence in (entry.sentence, german):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 320


def test_an_entry_can_be_linked_to_and_names_what_it_means(visitor: Visitor) -> None:
    page = visitor.get("/help/words", headers={"Accept-Language": "en"}).text
    for entry in ENTRIES:
        assert page.count(f'<div id="{entry.id}">') == 1
    assert "<dt>Salience</dt><dd>How much an issue matters to an actor" in page


def test_terms_on_pages_lead_to_entries_that_are_there() -> None:
    lists = {}
    for path in Path(str(WEB)).glob("templates/**/*.html"):
        found = re.search(r"words_for\((\[[^]]+\])\)", path.read_text(encoding="utf-8"))
        if found:
            lists[path.name] = ast.literal_eval(found[1])
    assert len(lists) >= 10
    for name, ids in lists.items():
        assert set(ids) <= set(GLOSSARY), name
        assert len(set(ids)) == len(ids), name
    assert {id for step in _STEPS for id in step.terms} <= set(GLOSSARY)


def test_a_term_has_its_sentence_as_description(visitor: Visitor) -> None:
    page = visitor.get("/help", headers={"Accept-Language": "de"}).text
    found = re.search(r'<a class="term" href="/help/words#salience" title="([^"]+)">([^<]+)</a>', page)
    assert found is not None
    assert found[1].startswith("Wie viel")
    assert found[2] == "Gewicht (Salienz)"


# --- keys ---


def test_every_key_of_the_pages_is_on_the_map() -> None:
    on_map = {key for group in KEYS for one in group.keys for key in one.keys}
    for path in Path(str(WEB)).glob("templates/**/*.html"):
        for key in re.findall(r'data-key="(\w)"', path.read_text(encoding="utf-8")):
            assert key in on_map or f"⇧{key.lower()}" in on_map, (path.name, key)
    script = WEB.joinpath("static", "workbench.js").read_text(encoding="utf-8")
    for key in re.findall(r'event\.key === "(.)"', script):
        assert key in on_map


# --- the tour ---


def test_the_example_is_the_flagship_byte_for_byte() -> None:
    assert shipped.flagship() == (FLAGSHIP / "case.yaml").read_bytes()
    assert shipped.NAME == FLAGSHIP_NAME


def test_the_steps_lead_from_page_to_page_and_end(visitor: Visitor) -> None:
    at = STOPS[0].address
    for stop in STOPS:
        answer = visitor.get(at, headers={"Accept-Language": "en"})
        assert answer.status_code == 200, at
        assert f"Tour, step {stop.number} of {len(STOPS)}:" in answer.text
        ending = f'<a href="{stop.path}">End the tour</a>'
        assert ending in answer.text
        following = re.search(r'<a class="button" href="([^"]+)">(?:Next step|That was all)', answer.text)
        assert following is not None
        at = following[1]
    assert at == "/help"
    assert "End the tour" not in visitor.get(STOPS[3].path).text


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "1.0", "<script>", "²", ""])
def test_a_number_that_is_no_step_shows_none(visitor: Visitor, number: str) -> None:
    answer = visitor.get(STOPS[0].path, params={"tour": number})
    assert answer.status_code == 200
    assert 'class="tour"' not in answer.text
    assert "<script>" not in answer.text


def test_a_step_stands_on_its_own_page_alone() -> None:
    assert stop_at(STOPS[3].path, "4") == STOPS[3]
    assert stop_at(STOPS[3].path, "5") is None
    assert stop_at("/cases/another/actors", "4") is None


def test_the_statement_of_the_tour_has_what_its_step_promises(visitor: Visitor) -> None:
    stop = next(stop for stop in STOPS if stop.rest.startswith("statements/"))
    told = visitor.get(f"{stop.path}.json").json()
    assert told["contradicts"]
    assert told["rests"]


def test_an_empty_folder_offers_the_example(newcomer: Visitor) -> None:
    assert newcomer.get("/help").status_code == 200
    assert 'action="/help/example"' in newcomer.get("/").text
    assert 'action="/help/example"' in newcomer.get("/help/tour").text
    answer = newcomer.submit("/help/example")
    assert answer.url.path == STOPS[0].path
    assert answer.url.query == b"tour=1"
    folder = newcomer.app.state.bench.settings.folder
    assert (folder / FLAGSHIP_NAME / "case.yaml").read_bytes() == (FLAGSHIP / "case.yaml").read_bytes()
    assert newcomer.get("/help/tour.json").json()["is_there"]
    again = newcomer.submit("/help/example")
    assert again.status_code == 422
    assert "Traceback" not in again.text


def test_a_copy_without_the_example_says_so(newcomer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("westphalia.web.pages.help.flagship", lambda: None)
    assert 'action="/help/example"' not in newcomer.get("/help/tour").text
    answer = newcomer.submit("/help/example", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "did not come with this copy" in answer.text


def test_a_reader_looks_but_puts_nothing_in(signed_in) -> None:
    reader = signed_in("reader")
    for path in PAGES:
        assert reader.get(path).status_code == 200
    assert reader.submit("/help/example").status_code == 403
