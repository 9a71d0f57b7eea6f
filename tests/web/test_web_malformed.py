"""Malformed requests: each is answered in words, none with an error of the server.

Ten thousand with HYPOTHESIS_PROFILE=nightly, two thousand of them by default.
"""

import contextlib
import os
import socket
import threading
import time

import anyio
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from malformed import Maker
from visitors import CSRF, TestClient

from westphalia.case.create import create
from westphalia.web.app import create_app
from westphalia.web.limits import Limits, Rate
from westphalia.web.settings import Settings

SHARE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 5
IN_PROCESS, OVER_THE_WIRE = 8_000 // SHARE, 2_000 // SHARE
LAVISH = Rate(1e9, 1e9)
TELLTALE = (b"Traceback", b"site-packages", b'File "/', b"0x7f")


class Bench:
    """A workbench that counts no requests, and somebody who has come in."""

    def __init__(self, folder, port=8400):
        create(folder / "a-case", title="A case")
        given = Settings(folder, port=port)
        self.app = create_app(given)
        self.app.user_middleware[0].kwargs["limits"] = Limits(
            requests=LAVISH, attempts=LAVISH, addressed=LAVISH
        )
        visitor = TestClient(self.app, base_url=f"http://127.0.0.1:{port}")
        self.csrf = CSRF.search(visitor.get(f"/?token={given.token}").text)[1]
        cookie = visitor.cookies[f"westphalia-{port}"]
        self.headers = {"host": f"127.0.0.1:{port}", "cookie": f"westphalia-{port}={cookie}"}

    def maker(self, seed):
        # What ends the session or puts the case away would leave the rest to strangers.
        routes = [(route.path, route.methods) for route in self.app.routes]
        kept = [one for one in routes if not one[0].endswith(("/logout", "{case}/remove"))]
        return Maker(seed, kept, self.headers, self.csrf)

    async def answer(self, made):
        """Return status, headers and body of the answer to a request; status None if there is none."""
        waiting = [
            {"type": "http.request", "body": body, "more_body": made.breaks_off or at < len(made.body) - 1}
            for at, body in enumerate(made.body or [b""])
        ]
        sent = []

        async def receive():
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.app(made.scope(), receive, send)
        if not sent:
            return None, {}, b""
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("cases"))


def fault(made, status, headers, body):
    """Return what is wrong with the answer to a request, None if nothing is."""
    if status is None:
        return None if made.breaks_off else f"no answer: {made}"
    if status >= 500:
        return f"{status}: {made}"
    if any(word in body for word in TELLTALE):
        return f"tells too much: {made}"
    if b"content-security-policy" not in headers:
        return f"no policy: {made}"
    return None


def test_no_request_makes_the_server_fail(bench):
    """A seeded generator: known pages with odd values, odd headers, forms cut off, anything as a name."""
    statuses: dict[int | None, int] = {}
    wrong = []

    async def run():
        maker = bench.maker(seed=8)
        for _ in range(IN_PROCESS):
            made = maker.made()
            status, headers, body = await bench.answer(made)
            statuses[status] = statuses.get(status, 0) + 1
            said = fault(made, status, headers, body)
            if said:
                wrong.append(said)

    anyio.run(run)
    assert wrong == []
    # The generator gets past the door, and is stopped at each part of it.
    assert {200, 303, 400, 403, 404, 405, 414, 415, 431} <= set(statuses)
    assert statuses[200] > IN_PROCESS / 50


raw = st.binary(max_size=200)
header = st.tuples(
    st.sampled_from([b"host", b"cookie", b"content-type", b"origin", b"content-length"]) | raw, raw
)


@settings(max_examples=2_000 // SHARE)
@given(
    method=st.sampled_from(["GET", "POST"]) | st.text(max_size=10),
    path=st.text(max_size=60).map("/".__add__) | st.text(max_size=60),
    query=raw,
    headers=st.lists(header, max_size=6),
    body=st.lists(raw, max_size=3),
    is_in=st.booleans(),
)
def test_any_bytes_are_answered(bench, method, path, query, headers, body, is_in):
    made = bench.maker(0).made()
    made.method, made.path, made.query, made.body = method, path, query, body
    own = [(name.encode(), value.encode()) for name, value in bench.headers.items()] if is_in else []
    made.headers, made.breaks_off = own + headers, False
    assert fault(made, *anyio.run(bench.answer, made)) is None


@pytest.fixture(scope="module")
def listening(tmp_path_factory):
    """Yield a workbench that listens on this machine, and its port."""
    sock = socket.create_server(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    bench = Bench(tmp_path_factory.mktemp("served"), port)
    config = uvicorn.Config(
        bench.app, log_level="critical", access_log=False, lifespan="off", server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield bench, port
    server.should_exit = True
    thread.join()
    sock.close()


def sent(port, raw, patience=0.3):
    """Send bytes and return all that come back; a server that waits for more is told that none come."""
    come = b""
    connection = socket.create_connection(("127.0.0.1", port), timeout=patience)
    # The server may close before it has read everything; what it said until then counts.
    with connection, contextlib.suppress(ConnectionError):
        connection.sendall(raw)
        with contextlib.suppress(TimeoutError):
            while piece := connection.recv(65_536):
                come += piece
            return come
        connection.settimeout(10)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65_536):
            come += piece
    return come


def test_no_bytes_on_the_wire_make_the_server_fail(listening):
    bench, port = listening
    maker = bench.maker(seed=9)
    statuses: dict[bytes, int] = {}
    for _ in range(OVER_THE_WIRE):
        made = maker.made()
        made.headers.append((b"connection", b"close"))
        raw = made.raw()
        if maker.random.random() < 0.2:
            at = maker.random.randint(0, len(raw))
            raw = raw[:at] + maker.random.randbytes(8) + raw[at + 8 :]
        answer = sent(port, raw)
        status = answer[9:12]
        assert not status.startswith(b"5"), (raw, answer[:500])
        assert not any(word in answer for word in TELLTALE), (raw, answer[:500])
        statuses[status] = statuses.get(status, 0) + 1
    assert {b"200", b"303", b"400", b"404", b"405", b"415", b"431"} <= set(statuses)
    assert statuses.get(b"", 0) < OVER_THE_WIRE / 5
    # It goes on answering.
    lines = [
        "GET / HTTP/1.1",
        *(f"{name}: {value}" for name, value in bench.headers.items()),
        "connection: close",
    ]
    assert sent(port, "\r\n".join([*lines, "", ""]).encode(), patience=10).startswith(b"HTTP/1.1 200 OK")
