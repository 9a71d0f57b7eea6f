"""The guard: who is let in, which forms are believed, how much and how often, what answers carry."""

import threading
from pathlib import Path
from types import SimpleNamespace

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from visitors import CSRF, TestClient

from westphalia.web.faults import HANDLERS
from westphalia.web.guard import Guard, may
from westphalia.web.limits import Buckets, Limits, Rate
from westphalia.web.settings import Settings
from westphalia.workspace import people as people_module
from westphalia.workspace.database import Database
from westphalia.workspace.people import Audit, People, Person

TOKEN = "a-token-that-nobody-guesses"
SECRET = "four words nobody joins"


def echo(request):
    form = getattr(request.state, "form", None)
    fields = {name: getattr(value, "filename", value) for name, value in form.items()} if form else {}
    person = request.state.person
    return JSONResponse(
        {
            "person": person and person.name,
            "role": person and person.role,
            "csrf": request.state.csrf,
            "form": fields,
        }
    )


def fail(request):
    raise RuntimeError("the secret of the failure")


@may("analyst")
def analyse(request):
    return PlainTextResponse("analysed")


def bench(folder: Path, *, limits=None, **how):
    """Return the application of a few pages behind a guard, with what it knows."""
    settings = Settings(folder, token=TOKEN, **how)
    database = Database(folder / "workspace.sqlite")
    people, audit = People(database), Audit(database)
    guard = Middleware(Guard, settings=settings, people=people, audit=audit, limits=limits or Limits())
    routes = [
        Route("/", echo),
        Route("/login", echo),
        Route("/people/first", echo),
        Route("/fail", fail),
        Route("/post", echo, methods=["POST"]),
        Route("/cases/{case}/post", echo, methods=["POST"]),
        Route("/login", echo, methods=["POST"]),
        Route("/language", echo, methods=["POST"]),
        Route("/analyse", analyse, methods=["GET", "POST"]),
        Route("/static/{name}", lambda request: PlainTextResponse("static")),
        Route("/own", lambda request: PlainTextResponse("", headers={"Cache-Control": "private"})),
    ]
    app = Starlette(routes=routes, exception_handlers=HANDLERS, middleware=[guard])
    app.state.bench = SimpleNamespace(settings=settings, people=people, audit=audit)
    return app


def client(app, host="127.0.0.1:8400", **more):
    return TestClient(app, base_url=f"http://{host}", follow_redirects=False, **more)


@pytest.fixture
def app(tmp_path):
    return bench(tmp_path)


@pytest.fixture
def one(app):
    """The one user, who has come in."""
    browser = client(app)
    browser.get(f"/?token={TOKEN}")
    return browser


@pytest.fixture
def team(tmp_path, monkeypatch):
    monkeypatch.setattr(people_module, "hashed", lambda password: "none: nobody signs in by one here")
    app = bench(tmp_path, is_team=True)
    for role in ("keeper", "reader"):
        app.state.bench.people.add(f"a-{role}", role.title(), SECRET, role)
    return app


def session(app, person):
    browser = client(app)
    browser.cookies.set("westphalia-8400", app.state.bench.people.sessions.begin(person))
    return browser


def csrf_of(browser):
    return browser.get("/").json()["csrf"]


def post(browser, path="/post", data=None, **more):
    return browser.post(path, data={"csrf": csrf_of(browser), **(data or {})}, **more)


class TestToken:
    def test_the_address_that_serve_printed_opens_the_workbench(self, app):
        browser = client(app)
        answer = browser.get(f"/?token={TOKEN}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=strict", "Path=/"):
            assert part in cookie
        assert "Secure" not in cookie
        assert TOKEN not in cookie
        assert browser.get("/").json()["role"] == "keeper"

    def test_over_https_the_cookie_stays_there(self, app):
        browser = TestClient(app, base_url="https://127.0.0.1:8400", follow_redirects=False)
        assert "Secure" in browser.get(f"/?token={TOKEN}").headers["set-cookie"]

    def test_the_rest_of_the_address_is_kept(self, app):
        answer = client(app).get(f"/cases/a%20b?x=1&token={TOKEN}&y=%26")
        assert answer.headers["location"] == "/cases/a%20b?x=1&y=%26"

    @pytest.mark.parametrize("path", ["//evil.example/", "/%5Cevil.example/", "///evil.example"])
    def test_it_leads_to_no_other_server(self, app, path):
        answer = client(app).get(f"http://127.0.0.1:8400{path}?token={TOKEN}")
        assert not answer.headers["location"].startswith(("//", "/\\"))

    @pytest.mark.parametrize("given", ["", "wrong", TOKEN[:-1], TOKEN + "x", "%F0%9F%94%91", "%FF"])
    def test_another_token_opens_nothing(self, app, given):
        browser = client(app)
        assert browser.get(f"/?token={given}").status_code == 303
        answer = browser.get("/")
        assert answer.status_code == 401
        assert "Open the address that `westphalia serve` printed" in answer.text

    def test_without_it_there_is_nothing_to_see(self, app):
        for path in ("/", "/login", "/people/first", "/nowhere", "/analyse"):
            assert client(app).get(path).status_code == 401
        assert client(app).post("/language").status_code == 401

    def test_a_session_of_a_team_is_none_of_the_one_user(self, app):
        assert session(app, "anna").get("/").status_code == 401


class TestTeam:
    def test_a_stranger_is_led_to_sign_in_and_back(self, team):
        answer = client(team).get("/cases/x?y=1&z=%C3%A4")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=%2Fcases%2Fx%3Fy%3D1%26z%3D%25C3%25A4"

    def test_data_and_forms_are_refused_not_led_elsewhere(self, team):
        assert client(team).get("/index.json").status_code == 401
        assert client(team).post("/post").status_code == 401

    def test_a_part_of_a_page_asks_for_the_whole_page_to_sign_in(self, team):
        answer = client(team).get("/x", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")

    def test_the_token_opens_nothing_once_there_is_a_keeper(self, team):
        browser = client(team)
        browser.get(f"/?token={TOKEN}")
        assert browser.get("/").headers["location"] == "/login?next=%2F"
        assert browser.get("/people/first").headers["location"].startswith("/login")

    def test_the_token_of_an_empty_team_leads_to_the_first_keeper_and_nowhere_else(self, tmp_path):
        app = bench(tmp_path, is_team=True)
        assert client(app).get("/login").status_code == 401
        browser = client(app)
        browser.get(f"/?token={TOKEN}")
        assert browser.get("/").headers["location"] == "/people/first"
        assert browser.get("/people/first").json()["person"] is None
        app.state.bench.people.add_first("anna", "Anna", SECRET)
        assert browser.get("/people/first").headers["location"].startswith("/login")

    def test_who_is_shut_out_is_a_stranger(self, team):
        browser = session(team, "a-reader")
        assert browser.get("/").json()["person"] == "a-reader"
        with team.state.bench.people._database.transaction() as rows:
            rows.execute("UPDATE person SET is_active = 0 WHERE name = 'a-reader'")
        assert browser.get("/").status_code == 303

    def test_a_role_is_asked_for(self, team):
        answer = session(team, "a-reader").get("/analyse")
        assert answer.status_code == 403
        assert "It takes the role of an analyst" in answer.text
        assert session(team, "a-keeper").get("/analyse").text == "analysed"

    def test_another_role_counts_at_once(self, team):
        browser = session(team, "a-reader")
        team.state.bench.people.change("a-reader", role="analyst")
        assert browser.get("/analyse").text == "analysed"


class TestHost:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1:8400",
            "localhost:8400",
            "LOCALHOST",
            "localhost.:8400",
            "[::1]:8400",
            "192.168.0.7:8400",
            "10.0.0.1",
        ],
    )
    def test_names_that_are_ours(self, app, host):
        assert client(app).get("/", headers={"Host": host}).status_code == 401

    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example:8400", "localhost.evil.example"]
    )
    def test_a_name_that_leads_here_from_elsewhere_is_refused(self, one, host):
        answer = one.get("/", headers={"Host": host})
        assert answer.status_code == 421
        assert "not known by that name" in answer.text

    @pytest.mark.parametrize(
        "host", ["", "a b", "127.0.0.1:x", "localhost:999999", "a@localhost", "localhost/x", "[::1"]
    )
    def test_what_is_no_name_is_refused(self, one, host):
        assert one.get("/", headers={"Host": host}).status_code == 400

    def test_a_name_that_serve_was_told_is_ours(self, tmp_path):
        app = bench(tmp_path, hosts=("Bench.Example.org",))
        assert client(app).get("/", headers={"Host": "bench.example.org"}).status_code == 401

    def test_static_files_too_are_for_our_names_alone(self, app):
        assert client(app).get("/static/x").text == "static"
        assert client(app).get("/static/x", headers={"Host": "evil.example"}).status_code == 421


class TestForms:
    def test_a_form_of_ours_is_read(self, one):
        answer = post(one, data={"a": "ä & b", "b": "2"})
        assert answer.json()["form"] | {"csrf": ""} == {"csrf": "", "a": "ä & b", "b": "2"}

    def test_files_are_read(self, one):
        answer = post(one, files={"file": ("report.txt", b"x" * 2_000_000)})
        assert answer.json()["form"]["file"] == "report.txt"

    def test_a_header_proves_it_too(self, one):
        assert one.post("/post", headers={"X-CSRF-Token": csrf_of(one)}).status_code == 200

    @pytest.mark.parametrize(
        "csrf", [None, "", "0" * 64, "ä", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
    )
    def test_without_proof_it_is_refused(self, one, csrf):
        answer = one.post("/post", data={} if csrf is None else {"csrf": csrf})
        assert answer.status_code == 403
        assert "Open it again" in answer.text

    def test_the_proof_of_one_session_is_none_in_another(self, app):
        browsers = [client(app), client(app)]
        for browser in browsers:
            browser.get(f"/?token={TOKEN}")
        assert browsers[0].post("/post", data={"csrf": csrf_of(browsers[1])}).status_code == 403

    def test_a_stranger_proves_a_form_by_the_cookie_of_the_visit(self, team):
        browser = client(team)
        csrf = browser.get("/login").json()["csrf"]
        assert browser.post("/login", data={"csrf": csrf, "name": "x"}).status_code == 200
        assert client(team).post("/login", data={"csrf": csrf, "name": "x"}).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://evil.example"},
            {"Origin": "http://127.0.0.1:9999"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://127.0.0.1:8400", "Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_a_page_elsewhere_cannot_send_forms(self, one, headers):
        answer = post(one, headers=headers)
        assert answer.status_code == 403
        assert "sent by a page elsewhere" in answer.text

    def test_a_page_of_ours_can(self, one):
        headers = {"Origin": "http://127.0.0.1:8400", "Sec-Fetch-Site": "same-origin"}
        assert post(one, headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/json", "application/x-www-form-urlencoded; charset=utf-7", "x"]
    )
    def test_other_kinds_of_forms_are_refused(self, one, kind):
        headers = {"Content-Type": kind, "X-CSRF-Token": csrf_of(one)}
        assert one.post("/post", content=b"a=1", headers=headers).status_code == 415

    @pytest.mark.parametrize("data", [{"a": "x\x00y"}, {"x\x00y": "a"}])
    def test_a_null_character_is_refused(self, one, data):
        assert post(one, data=data).status_code == 400

    def test_nothing_but_reading_and_forms(self, one):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"):
            answer = one.request(method, "/post")
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")

    def test_a_web_socket_is_closed(self, app):
        sent = []

        async def send(message):
            sent.append(message)

        anyio.run(app, {"type": "websocket", "path": "/", "headers": []}, None, send)
        assert sent == [{"type": "websocket.close", "code": 1008}]


class TestSizes:
    def test_a_form_has_at_most_a_megabyte(self, one):
        assert post(one, data={"a": "x" * 999_000}).status_code == 200
        answer = post(one, data={"a": "x" * 1_000_000})
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"

    def test_a_form_with_files_may_be_larger(self, tmp_path):
        app = bench(tmp_path, limits=Limits(body=1_000, upload=50_000))
        browser = client(app)
        browser.get(f"/?token={TOKEN}")
        assert post(browser, files={"file": ("a", b"x" * 40_000)}).status_code == 200
        assert post(browser, files={"file": ("a", b"x" * 50_000)}).status_code == 413

    def test_a_stranger_sends_little(self, team):
        browser = client(team)
        csrf = browser.get("/login").json()["csrf"]
        assert browser.post("/login", data={"csrf": csrf, "name": "x" * 9_000}).status_code == 413

    @pytest.mark.parametrize(("announced", "read"), [(b"10000000", 0), (None, 1_010_000)])
    def test_what_is_too_large_is_not_read(self, app, announced, read):
        taken = 0

        async def receive():
            nonlocal taken
            taken += 10_000
            return {"type": "http.request", "body": b"x" * 10_000, "more_body": True}

        assert posted(app, receive, announced) == 413
        assert taken == read

    @pytest.mark.parametrize("length", ["-1", "1e3", "x", "9" * 40, "١"])
    def test_a_length_that_is_none_is_refused(self, one, length):
        headers = [("X-CSRF-Token", csrf_of(one)), ("Content-Length", length.encode())]
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        assert one.post("/post", content=iter([b"a=1"]), headers=headers).status_code == 400

    def test_a_form_has_at_most_a_thousand_fields(self, one):
        many = {f"f{number}": "1" for number in range(1_000)}
        assert post(one, data=many).status_code == 400
        many.pop("f0")
        assert post(one, data=many).status_code == 200

    def test_addresses_and_headers_have_bounds(self, one):
        assert one.get("/" + "x" * 8_200).status_code == 414
        assert one.get("/?a=" + "x" * 8_200).status_code == 414
        assert one.get("/", headers={"X-Long": "x" * 33_000}).status_code == 431
        assert one.get("/", headers={f"X-{number}": "1" for number in range(101)}).status_code == 431
        assert one.get("/?" + "&".join("a" * 1 for _ in range(1_001))).status_code == 400

    @pytest.mark.parametrize("path", ["/a%00b", "/a%0Ab", "/?a=%00", "/?%00=a"])
    def test_control_characters_are_refused(self, one, path):
        assert one.get(path).status_code == 400

    def test_a_body_that_comes_too_slowly_is_given_up(self, tmp_path):
        app = bench(tmp_path, limits=Limits(body_seconds=0.05))

        async def receive():
            await anyio.sleep(10)

        assert posted(app, receive) == 408

    def test_a_browser_that_goes_away_gets_no_answer(self, app):
        async def receive():
            return {"type": "http.disconnect"}

        assert posted(app, receive) is None


def posted(app, receive, length=None):
    """Send a form whose body is as `receive` says, and return the status of the answer, None without one."""
    browser = client(app)
    browser.get(f"/?token={TOKEN}")
    headers = {
        b"host": b"localhost",
        b"cookie": f"westphalia-8400={browser.cookies['westphalia-8400']}".encode(),
        b"x-csrf-token": csrf_of(browser).encode(),
        b"content-type": b"application/x-www-form-urlencoded",
    }
    if length is not None:
        headers[b"content-length"] = length
    scope = {"type": "http", "method": "POST", "path": "/post", "query_string": b"", "scheme": "http"}
    sent = []

    async def send(message):
        sent.append(message)

    anyio.run(app, {**scope, "headers": [*headers.items()]}, receive, send)
    return sent[0]["status"] if sent else None


class TestRates:
    def test_a_bucket_fills_at_its_rate(self):
        now = [0.0]
        buckets = Buckets(Rate(per_second=2.0, burst=3.0), clock=lambda: now[0])
        assert [buckets.wait("a") for _ in range(5)] == [0, 0, 0, 1, 1]
        assert buckets.wait("b") == 0
        now[0] = 0.5
        assert [buckets.wait("a") for _ in range(2)] == [0, 1]
        now[0] = 100.0
        assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 1]

    def test_many_keys_do_not_fill_the_memory(self):
        buckets = Buckets(Rate(1.0, 1.0))
        for key in range(30_000):
            buckets.wait(key)
        assert len(buckets._levels) == 20_000

    def test_too_many_requests_are_told_to_wait(self, tmp_path):
        app = bench(tmp_path, limits=Limits(requests=Rate(0.1, 3.0)))
        browser = client(app)
        statuses = [browser.get("/").status_code for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        assert int(browser.get("/").headers["retry-after"]) in range(1, 11)
        assert browser.get("/static/x").status_code == 200

    def test_sessions_are_counted_apart(self, team):
        team.user_middleware[0].kwargs["limits"] = Limits(requests=Rate(0.1, 3.0))
        first, second = session(team, "a-keeper"), session(team, "a-reader")
        assert [first.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert second.get("/").status_code == 200
        assert client(team).get("/login").status_code == 200

    def test_passwords_are_tried_five_times_a_minute(self, team):
        browser = client(team)
        csrf = browser.get("/login").json()["csrf"]

        def tries(name, path="/login"):
            return browser.post(path, data={"csrf": csrf, "name": name}).status_code

        assert [tries("anna") for _ in range(7)] == [200] * 5 + [429] * 2
        assert tries("ben") == 200
        assert tries("anna", "/login.json") == 401

    def test_nor_can_ones_own_password_be_guessed(self, team):
        browser = session(team, "a-reader")
        paths = ["/people/me", "/people/me.json"] * 4
        assert [post(browser, path).status_code for path in paths] == [404] * 5 + [429] * 3

    def test_trying_many_names_is_bounded_too(self, team):
        team.user_middleware[0].kwargs["limits"] = Limits(addressed=Rate(0.001, 6.0))
        browser = client(team)
        csrf = browser.get("/login").json()["csrf"]
        answers = [browser.post("/login", data={"csrf": csrf, "name": f"n{at}"}) for at in range(8)]
        assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2


class TestHeaders:
    def test_every_answer_keeps_the_page_to_itself(self, one, app):
        answers = [one.get(path) for path in ("/", "/nowhere", "/fail", "/a%00", "/static/x")]
        answers += [client(app).get("/"), one.post("/post"), one.put("/"), one.get(f"/?token={TOKEN}")]
        assert [answer.status_code for answer in answers] == [200, 404, 500, 400, 200, 401, 403, 405, 303]
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'self'; script-src 'self'; style-src 'self';")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"

    def test_a_page_may_say_itself_how_long_it_keeps(self, one):
        assert one.get("/own").headers["cache-control"] == "private"

    def test_an_error_that_nobody_foresaw_is_told_without_its_text(self, one, caplog):
        answer = one.get("/fail")
        assert answer.status_code == 500
        assert "Something went wrong" in answer.text
        for secret in ("secret of the failure", "Traceback", "RuntimeError"):
            assert secret not in answer.text
        assert "the secret of the failure" in caplog.text

    def test_a_refusal_is_json_where_json_was_asked_for(self, app):
        answer = client(app).get("/index.json")
        assert answer.status_code == 401
        assert answer.json()["message"] == "You are not signed in."

    def test_a_refusal_is_in_the_language_of_the_browser(self, app):
        assert '<html lang="de">' in client(app).get("/", headers={"Accept-Language": "de"}).text

    def test_the_language_can_be_changed_where_one_is_refused(self, team):
        for browser, path in ((session(team, "a-reader"), "/analyse"), (client(team), "/login")):
            shown = browser.get(path)
            csrf = shown.json()["csrf"] if path == "/login" else CSRF.search(shown.text)[1]
            assert browser.post("/language", data={"csrf": csrf}).status_code == 200


class TestJournal:
    def test_every_form_that_changed_something_is_in_the_journal(self, team):
        browser = session(team, "a-keeper")
        post(browser, "/cases/the%20peace/post")
        (entry,) = team.state.bench.audit.entries()
        assert (entry.by, entry.what, entry.case) == ("a-keeper", "test_web_guard.echo", "the peace")

    def test_what_was_refused_or_only_looked_at_is_not(self, team):
        browser = session(team, "a-reader")
        browser.get("/")
        browser.post("/post")
        post(browser, "/analyse")
        post(browser, "/nowhere")
        post(browser, "/language")
        assert team.state.bench.audit.entries() == ()

    def test_it_is_written_before_the_answer_is_given(self, team):
        browser = session(team, "a-keeper")
        seen = []

        class Watching:
            def __init__(self, app):
                self.app = app

            async def __call__(self, scope, receive, send):
                async def watched(message):
                    if message["type"] == "http.response.start":
                        seen.append(len(team.state.bench.audit.entries()))
                    await send(message)

                await self.app(scope, receive, watched)

        csrf = csrf_of(browser)
        watching = client(Watching(team))
        watching.cookies = browser.cookies
        watching.post("/post", data={"csrf": csrf})
        assert seen == [1]


def test_many_at_once_are_each_who_they_are(team):
    names = ["a-keeper", "a-reader"] * 8
    found = [None] * len(names)

    def ask(at):
        found[at] = {session(team, names[at]).get("/").json()["person"] for _ in range(5)}

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{name} for name in names]


def test_the_one_user_has_a_name_that_can_be_written_down(one, app):
    person = one.get("/").json()
    assert Person(person["person"], "", person["role"]).may("keeper")
    assert person["person"] == "you" or person["person"].islower()
