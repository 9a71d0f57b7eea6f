"""The pages of people, as somebody with a browser and no script meets them."""

import re
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from visitors import CSRF, TestClient

from westphalia.web.app import create_app
from westphalia.web.settings import Settings
from westphalia.workspace import passwords
from westphalia.workspace.people import ROLES

TEMPLATES = Path(__file__).parents[2] / "src" / "westphalia" / "web" / "templates"
SECRET, OTHER = "four words nobody joins", "another four words here"
OWN_FORMS = {"/login", "/logout", "/language", "/people/me", "/people/first"}


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hash with the smallest costs: these tests are of pages, not of argon2."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(tmp_path):
    return create_app(Settings(tmp_path, is_team=True))


@pytest.fixture
def team(app):
    """A team of one of each role; the login is the role with `a-` before it."""
    for role in ROLES:
        app.state.bench.people.add(f"a-{role}", f"A {role}", SECRET, role)
    return app


class Browser(TestClient):
    def __init__(self, app):
        super().__init__(app, base_url="http://127.0.0.1:8400")

    def submit(self, at, data=None, to=None):
        """Open a page and send the form on it that leads to `to` (the page itself if not said)."""
        shown = self.get(at)
        assert f'action="{to or at}"' in shown.text
        return self.post(to or at, data={"csrf": CSRF.search(shown.text)[1], **(data or {})})

    def sign_in(self, name, password=SECRET):
        return self.submit("/login", {"name": name, "password": password, "next": "/people/me"})


def signed_in(app, role):
    browser = Browser(app)
    assert browser.sign_in(f"a-{role}").status_code == 200
    return browser


def acts(app):
    return [(one.by, one.what, one.detail) for one in app.state.bench.audit.entries()]


def errors(page):
    """Return what is said beside which field."""
    return dict(re.findall(r'id="f-(\w+)-error">([^<]+)</p>', page.text))


class TestSigningIn:
    def test_who_has_a_password_comes_in(self, team):
        browser = Browser(team)
        assert browser.get("/people/me").url.path == "/login"
        page = browser.sign_in("A-Coder")
        assert page.url.path == "/people/me"
        assert "<h1>A coder</h1>" in page.text
        assert acts(team) == [("a-coder", "people.sign_in", "")]

    @pytest.mark.parametrize(
        ("name", "password"), [("a-coder", OTHER), ("nobody-here", SECRET), ("", ""), ("a-coder", "")]
    )
    def test_who_has_none_stays_out(self, team, name, password):
        browser = Browser(team)
        page = browser.sign_in(name, password)
        assert page.status_code == 401
        assert errors(page)["name"].startswith("Login and password do not go together.")
        assert f'value="{name}"' in page.text
        assert password not in page.text or not password
        assert browser.get("/people/me").url.path == "/login"
        known = "a-coder" if name == "a-coder" else ""
        assert acts(team) == [(known, "people.sign_in_refused", "testclient")]

    def test_a_password_in_the_field_of_the_login_is_not_written_down(self, team):
        Browser(team).sign_in(SECRET, "x")
        assert SECRET not in repr(acts(team))

    @pytest.mark.parametrize(
        "next", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\n/x"]
    )
    def test_signing_in_leads_to_no_other_server(self, team, next):
        browser = Browser(team)
        csrf = CSRF.search(browser.get("/login", params={"next": next}).text)[1]
        data = {"csrf": csrf, "name": "a-coder", "password": SECRET, "next": next}
        answer = browser.post("/login", data=data, follow_redirects=False)
        assert answer.headers["location"] == "/"

    def test_the_session_is_another_after_signing_in(self, team):
        browser = Browser(team)
        browser.get("/login")
        before = browser.cookies["westphalia-8400"]
        browser.sign_in("a-coder")
        assert browser.cookies["westphalia-8400"] != before

    def test_signing_out_ends_the_session_for_good(self, team):
        browser = signed_in(team, "coder")
        kept = browser.cookies["westphalia-8400"]
        assert "You are signed out." in browser.submit("/people/me", to="/logout").text
        browser.cookies.set("westphalia-8400", kept)
        assert browser.get("/people/me").url.path == "/login"

    def test_who_is_in_has_no_need_of_the_page(self, team):
        assert signed_in(team, "coder").get("/login?next=/people/me").url.path == "/people/me"

    def test_the_one_user_has_none_of_these_pages(self, tmp_path):
        settings = Settings(tmp_path)
        browser = Browser(create_app(settings))
        browser.get(f"/?token={settings.token}")
        for path in ("/login", "/people", "/people/me", "/people/first", "/people/x"):
            assert browser.get(path).status_code == 404
        assert browser.get("/journal").status_code == 200


class TestFirst:
    def test_the_printed_address_leads_to_the_first_keeper(self, app):
        browser = Browser(app)
        page = browser.get(f"/?token={app.state.bench.settings.token}")
        assert page.url.path == "/people/first"
        data = {"name": "Anna", "shown": "Anna <Berg>", "password": SECRET, "again": SECRET}
        page = browser.submit("/people/first", data)
        assert page.url.path == "/"
        assert "You are the keeper." in page.text
        assert "Anna &lt;Berg&gt;" in page.text
        assert acts(app) == [("anna", "people.found", "")]
        assert browser.get("/people").status_code == 200

    def test_what_is_wrong_stands_beside_its_field(self, app):
        browser = Browser(app)
        browser.get(f"/?token={app.state.bench.settings.token}")
        data = {"name": "anna", "shown": "Anna", "password": "short", "again": "short"}
        page = browser.submit("/people/first", data)
        assert page.status_code == 400
        assert errors(page)["password"].startswith("The password is too short. Take 10 to 200")
        assert 'value="anna"' in page.text
        assert "short" not in re.findall(r'value="([^"]*)"', page.text)
        data |= {"password": SECRET, "again": OTHER}
        assert errors(browser.submit("/people/first", data)) == {
            "again": "The two passwords are not the same. "
        }
        assert app.state.bench.people.is_empty

    def test_a_second_first_keeper_is_refused(self, app):
        browsers = [Browser(app), Browser(app)]
        data = {"shown": "One", "password": SECRET, "again": SECRET}
        for browser in browsers:
            browser.get(f"/?token={app.state.bench.settings.token}")
        token = CSRF.search(browsers[1].get("/people/first").text)[1]
        browsers[0].submit("/people/first", {"name": "anna", **data})
        answer = browsers[1].post("/people/first", data={"csrf": token, "name": "ben", **data})
        assert answer.status_code == 401
        assert [one.name for one in app.state.bench.people.people()] == ["anna"]


class TestKeeping:
    def test_somebody_is_added_and_can_sign_in(self, team):
        keeper = signed_in(team, "keeper")
        data = {"name": "ben", "shown": "Ben Ash", "role": "analyst", "password": SECRET, "again": SECRET}
        page = keeper.submit("/people", data)
        assert "Ben Ash can sign in as “ben”." in page.text
        assert '<a href="/people/ben">Ben Ash</a>' in page.text
        assert "<h1>Ben Ash</h1>" in Browser(team).sign_in("ben").text
        assert acts(team)[1] == ("a-keeper", "people.add", "ben (analyst)")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": "a-coder"}, "name"),
            ({"name": "<script>"}, "name"),
            ({"shown": ""}, "shown"),
            ({"role": "king"}, "role"),
            ({"password": "x"}, "again"),
            ({"password": "x", "again": "x"}, "password"),
        ],
    )
    def test_somebody_who_cannot_be_added_is_not(self, team, wrong, field):
        data = {"name": "ben", "shown": "Ben", "role": "analyst", "password": SECRET, "again": SECRET}
        page = signed_in(team, "keeper").submit("/people", data | wrong)
        assert page.status_code == 400
        assert list(errors(page)) == [field]
        assert "<script>" not in page.text
        assert len(team.state.bench.people.people()) == len(ROLES)

    def test_a_role_is_changed(self, team):
        keeper, coder = signed_in(team, "keeper"), signed_in(team, "coder")
        assert coder.get("/people").status_code == 403
        page = keeper.submit("/people/a-coder", {"shown": "Ada", "role": "keeper"})
        assert "Ada is changed." in page.text
        assert coder.get("/people").status_code == 200
        assert acts(team)[0] == ("a-keeper", "people.change", "a-coder coder → keeper")

    def test_the_last_keeper_is_told_to_find_another(self, team):
        keeper = signed_in(team, "keeper")
        page = keeper.submit("/people/a-keeper", {"shown": "A", "role": "reader"})
        assert errors(page)["role"] == "This is the only keeper. Make somebody else a keeper first."
        page = keeper.submit("/people/a-keeper", to="/people/a-keeper/out")
        assert page.status_code == 400
        assert "This is the only keeper." in page.text

    def test_somebody_is_let_in_no_longer_and_again(self, team):
        keeper, coder = signed_in(team, "keeper"), signed_in(team, "coder")
        assert (
            "A coder can no longer sign in."
            in keeper.submit("/people/a-coder", to="/people/a-coder/out").text
        )
        assert coder.get("/people/me").url.path == "/login"
        assert Browser(team).sign_in("a-coder").status_code == 401
        keeper.submit("/people/a-coder", to="/people/a-coder/in")
        assert Browser(team).sign_in("a-coder").status_code == 200

    def test_a_lost_password_is_replaced(self, team):
        keeper, coder = signed_in(team, "keeper"), signed_in(team, "coder")
        data = {"password": OTHER, "again": OTHER}
        keeper.submit("/people/a-coder", data, to="/people/a-coder/password")
        assert coder.get("/people/me").url.path == "/login"
        assert Browser(team).sign_in("a-coder", SECRET).status_code == 401
        assert Browser(team).sign_in("a-coder", OTHER).status_code == 200
        assert OTHER not in repr(acts(team))

    def test_a_keeper_who_replaces_their_own_stays_in(self, team):
        keeper = signed_in(team, "keeper")
        data = {"password": OTHER, "again": OTHER}
        page = keeper.submit("/people/a-keeper", data, to="/people/a-keeper/password")
        assert page.url.path == "/people"

    def test_nobody_of_that_name(self, team):
        page = signed_in(team, "keeper").get("/people/a-coda")
        assert page.status_code == 404
        assert "Did you mean &#39;a-coder&#39;?" in page.text


class TestOneself:
    def test_another_password(self, team):
        here, elsewhere = signed_in(team, "coder"), signed_in(team, "coder")
        page = here.submit("/people/me", {"old": SECRET, "password": OTHER, "again": OTHER})
        assert "You have another password; elsewhere you are signed out." in page.text
        assert page.url.path == "/people/me"
        assert elsewhere.get("/people/me").url.path == "/login"
        assert Browser(team).sign_in("a-coder", OTHER).status_code == 200

    @pytest.mark.parametrize(
        ("old", "password", "again", "field"),
        [(OTHER, OTHER, OTHER, "old"), (SECRET, OTHER, SECRET, "again"), (SECRET, "x", "x", "password")],
    )
    def test_what_is_wrong_stands_beside_its_field(self, team, old, password, again, field):
        coder = signed_in(team, "coder")
        page = coder.submit("/people/me", {"old": old, "password": password, "again": again})
        assert page.status_code == 400
        assert list(errors(page)) == [field]
        assert Browser(team).sign_in("a-coder", SECRET).status_code == 200

    def test_keepers_find_the_way_to_the_others(self, team):
        assert 'href="/people"' in signed_in(team, "keeper").get("/people/me").text
        assert 'href="/people"' not in signed_in(team, "coder").get("/people/me").text


class TestJournal:
    def test_it_is_read_page_by_page(self, team):
        audit = team.state.bench.audit
        for number in range(250):
            audit.write("a-coder", "cases.new", "the peace", f"act {number}.")
        keeper = signed_in(team, "keeper")
        seen, at = [], "/journal?case=the%20peace"
        while at:
            page = keeper.get(at)
            seen += re.findall(r"act (\d+)\.", page.text)
            older = re.search(r'href="(/journal\?[^"]*before=[^"]*)"', page.text)
            at = older and older[1].replace("&amp;", "&")
        assert seen == [str(number) for number in reversed(range(250))]

    @pytest.mark.parametrize("before", ["", "x", "-1", "9" * 400, "٣", "1.5"])
    def test_an_address_that_somebody_made_up(self, team, before):
        keeper = signed_in(team, "keeper")
        assert keeper.get("/journal", params={"before": before, "case": "' OR 1 --"}).status_code == 200

    def test_it_is_for_keepers(self, team):
        assert signed_in(team, "analyst").get("/journal").status_code == 403


def forms_of(app):
    found = {route.path for route in app.routes if "POST" in (route.methods or ())}
    return [*sorted(found - {"/logout"}), "/logout"]


def test_a_reader_changes_nothing(team):
    """Every form but one's own is refused to a reader before anything is looked up."""
    reader = signed_in(team, "reader")
    csrf = CSRF.search(reader.get("/people/me").text)[1]
    for form in forms_of(team):
        path = re.sub(r"\{\w+(:\w+)?\}", "1", form)
        status = reader.post(path, data={"csrf": csrf}, follow_redirects=False).status_code
        assert (status == 403) is (form not in OWN_FORMS), form


def test_a_stranger_sends_no_form_but_to_sign_in(team):
    browser = Browser(team)
    csrf = CSRF.search(browser.get("/login").text)[1]
    for form in forms_of(team):
        path = re.sub(r"\{\w+(:\w+)?\}", "1", form)
        answer = browser.post(path, data={"csrf": csrf}, follow_redirects=False)
        assert (answer.status_code == 401) is (form != "/language"), form


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", ["/people", "/people/a-coder", "/people/me", "/journal"])
def test_pages_stand_in_both_languages_and_every_field_has_a_label(team, path, language):
    page = signed_in(team, "keeper").get(path, headers={"Accept-Language": language})
    assert f'<html lang="{language}">' in page.text
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    fields = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page.text)
    assert sorted(fields) == sorted(re.findall(r'<label for="([^"]+)"', page.text))


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_what_templates_translate_are_their_own_texts(template):
    """The translating function takes its argument for markup: what came from elsewhere goes by `said`."""
    text = template.read_text(encoding="utf-8")
    wrong = re.findall(r"\b(?:_|gettext|ngettext)\((?![\"'])[^)]*\)", text)
    assert not wrong


def test_every_role_has_a_word():
    text = (TEMPLATES / "people" / "parts.html").read_text(encoding="utf-8")
    named = re.search(r"set names = \{(.*)\}", text)[1]
    assert re.findall(r'"(\w+)":', named) == [*ROLES]
