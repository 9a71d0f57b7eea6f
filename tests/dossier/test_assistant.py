"""The assistant against a real HTTP server: what holds is proposed, all else refused with a reason."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from westphalia.dossier.assistant import LONGEST_PARAGRAPH, Assisted, assist
from westphalia.dossier.assistant_answers import Topic, read_answer
from westphalia.dossier.assistant_endpoint import Endpoint, EndpointError
from westphalia.dossier.proposals import KnownActor
from westphalia.dossier.review import Action, History
from westphalia.errors import CallError, FileError

FIRST = "North said on Monday: “The valley is ours.” South called this a threat."
SECOND = "The valley is empty. The valley is cold. South said the valley is 30 % ice."
TEXT = f"{FIRST}\n\n{SECOND}"
PARAGRAPHS = ((0, len(FIRST)), (len(FIRST) + 2, len(TEXT)))
ACTORS = (KnownActor("north", ("North",), aliases=("the Northerners",)), KnownActor("south", ("South",)))
ISSUES = (Topic("valley", "Who holds the valley?"),)
GOOD = {
    "quote": "The valley is ours.",
    "speaker": "north",
    "kind": "demand",
    "mode": "quote",
    "issue": "valley",
    "gloss": "North claims the valley.",
}

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test says; keeps what it was asked."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append((self.path, dict(self.headers), json.loads(self.rfile.read(length))))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.server.reply(self)

    def send(self, status: int, raw: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    asked: list[Any]
    reply: Reply

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    held = Server(("127.0.0.1", 0), Handler)
    held.asked = []
    thread = threading.Thread(target=held.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield held
    held.shutdown()
    held.server_close()
    thread.join()


def saying(content: Any) -> Reply:
    raw = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
    return lambda handler: handler.send(200, raw)


def statements(*items: Any) -> Reply:
    return saying(json.dumps({"statements": items}, ensure_ascii=False))


def asked(
    server: Server, log: Path, *, seconds: float = 5.0, paragraphs=PARAGRAPHS[:1], **more: Any
) -> Assisted:
    endpoint = Endpoint(server.url, "tiny", seconds=seconds, **more)
    now = datetime.datetime(2025, 2, 14, 10, tzinfo=datetime.UTC)
    return assist(TEXT, "report", paragraphs, endpoint, log, actors=ACTORS, issues=ISSUES, now=lambda: now)


def test_a_good_answer_becomes_suggestions_with_rule_and_tier(server: Server, tmp_path: Path) -> None:
    server.reply = statements(GOOD)
    found = asked(server, tmp_path / "log.jsonl")
    assert (found.refused, found.failed) == ((), ())
    speech, act = sorted(found.sheet, key=lambda one: one.kind, reverse=True)
    start = TEXT.index("The valley is ours.")
    assert speech.spans == act.spans == ((start, start + 19),)
    assert {(one.rule, one.tier) for one in found.sheet} == {("assistant:tiny", "possible")}
    assert (speech.details.source.actor, speech.details.mode, speech.details.form) == (
        "north",
        "quote",
        "direct",
    )
    assert act.details.act == "demand"
    history = History()
    history.do(Action(verb="add", coder="anna", entries=found.entries))
    assert [one.status for one in history.coding] == ["suggested"]
    history.do(Action(verb="accept", coder="anna", targets=(found.entries[0].id,)))
    [accepted] = history.coding.of_status("accepted")
    assert (accepted.coder, accepted.fields["gloss"]) == ("anna", "North claims the valley.")


def test_what_is_sent_is_the_paragraph_with_actors_and_issues_and_nothing_else(server, tmp_path) -> None:
    server.reply = statements()
    asked(server, tmp_path / "log.jsonl")
    [(path, headers, body)] = server.asked
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers
    assert set(body) == {"model", "messages", "temperature", "stream"}
    task, paragraph = (message["content"] for message in body["messages"])
    assert paragraph == FIRST
    assert '{"north": "North; the Northerners", "south": "South"}' in task
    assert '{"valley": "Who holds the valley?"}' in task
    assert "threat" in task
    assert "{kinds}" not in task


def test_prompt_model_and_answer_are_logged_and_the_key_is_not(server, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOME_KEY", "s3cret")
    server.reply = statements(GOOD, {**GOOD, "quote": "nowhere", "x": "\ud800\u2028"})
    asked(server, tmp_path / "log.jsonl", paragraphs=PARAGRAPHS, key_from="SOME_KEY")
    assert server.asked[0][1]["Authorization"] == "Bearer s3cret"
    raw = (tmp_path / "log.jsonl").read_text("ascii")
    assert "s3cret" not in raw
    one, two = map(json.loads, raw.splitlines())
    assert (one["model"], one["source"], one["paragraph"]) == ("tiny", "report", [0, len(FIRST)])
    assert one["prompt"][1]["content"] == FIRST
    assert json.loads(one["answer"])["statements"][0] == GOOD
    assert one["refused"] == [{"what": "nowhere", "why": "These words do not stand in the paragraph."}]
    assert (one["at"], one["failed"]) == ("2025-02-14T10:00:00+00:00", None)
    assert two["prompt"][1]["content"] == SECOND


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({**GOOD, "quote": "The valley is OURS."}, "do not stand in the paragraph"),
        ({**GOOD, "quote": '"The valley is ours."'}, "do not stand in the paragraph"),
        ({**GOOD, "quote": ""}, "There is no quotation"),
        ({**GOOD, "quote": 7}, "There is no quotation"),
        ({**GOOD, "kind": "probability"}, "is no kind or mode"),
        ({**GOOD, "mode": None}, "is no kind or mode"),
        ({**GOOD, "kind": ["demand"]}, "is no kind or mode"),
        ("The valley is ours.", "A statement is a mapping"),
        (None, "A statement is a mapping"),
    ],
)
def test_a_proposal_that_breaks_a_rule_is_refused(item, why) -> None:
    found, refused = read_answer(json.dumps({"statements": [item]}), FIRST, ACTORS, ISSUES)
    assert found == ()
    assert why in refused[0].why


def test_words_that_stand_there_twice_need_their_occurrence() -> None:
    def read(**more: Any) -> Any:
        return read_answer(json.dumps([{**GOOD, "quote": "The valley is", **more}]), SECOND, ACTORS, ISSUES)

    found, refused = read()
    assert found == ()
    assert "stand there 2 times" in refused[0].why
    [second] = read(occurrence=2)[0]
    assert second.start == SECOND.index("The valley is cold")
    for wrong in (0, 3, True, "2", 1.0):
        assert read(occurrence=wrong)[0] == ()


@pytest.mark.parametrize("name", ["probability", "confidence", "score", "likelihood", "p"])
def test_probabilities_are_taken_out_and_told(name) -> None:
    [found], [refused] = read_answer(json.dumps([{**GOOD, name: 0.8}]), FIRST, ACTORS, ISSUES)
    assert (refused.what, "taken out" in refused.why) == (name, True)
    assert "0.8" not in repr(found)


@pytest.mark.parametrize(
    ("gloss", "is_kept"),
    [
        ("North claims the valley.", True),
        ("North probably claims the valley.", False),
        ("Mit 80 Prozent Wahrscheinlichkeit will der Norden das Tal.", False),
        ("North claims it (confidence 0.7).", False),
        ("North claims it, 80 % sure.", False),
        ("x" * 501, False),
        ("", False),
        (["North"], False),
        ("half \ud800 character", False),
    ],
)
def test_a_gloss_that_judges_likelihood_or_is_no_sentence_is_left_out(gloss, is_kept) -> None:
    [found], refused = read_answer(json.dumps([{**GOOD, "gloss": gloss}]), FIRST, ACTORS, ISSUES)
    assert (found.gloss is not None, refused == ()) == (is_kept, is_kept)


def test_a_share_that_the_text_itself_names_may_be_in_the_gloss() -> None:
    item = {**GOOD, "quote": "the valley is 30 % ice", "gloss": "30 % of the valley is ice."}
    assert read_answer(json.dumps([item]), SECOND, ACTORS, ISSUES)[1] == ()


def test_a_speaker_or_issue_that_the_case_does_not_have_is_left_open_and_asked(server, tmp_path) -> None:
    server.reply = statements({**GOOD, "speaker": "East", "issue": ["valley"]})
    found = asked(server, tmp_path / "log.jsonl")
    assert [one.what for one in found.refused] == ["East", "['valley']"]
    speech = next(one for one in found.sheet if one.kind == "speech")
    assert speech.details.source.actor is None
    assert speech.details.source.asked.question == "who speaks?"
    assert "speaker" not in found.entries[0].fields


def test_an_answer_in_a_fence_is_read_and_the_same_proposal_counts_once() -> None:
    body = json.dumps({"statements": [GOOD, GOOD]})
    found, refused = read_answer(f"```json\n{body}\n```", FIRST, ACTORS, ISSUES)
    assert (len(found), refused) == (1, ())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Here are the statements: none.", "The answer is no JSON."),
        ("", "The answer is no JSON."),
        ('{"statements": [', "The answer is no JSON."),
        ("[" * 100_000, "The answer is no JSON."),
        ("{}", "no list of statements"),
        ('{"statements": {"quote": "x"}}', "no list of statements"),
        ("7", "no list of statements"),
    ],
)
def test_an_answer_of_another_form_gives_nothing_and_says_why(server, tmp_path, answer, why) -> None:
    server.reply = saying(answer)
    found = asked(server, tmp_path / "log.jsonl")
    assert (len(found.sheet), found.entries, found.failed) == (0, (), ())
    assert why in found.refused[0].why


def test_at_most_two_hundred_statements_a_paragraph_are_read() -> None:
    found, refused = read_answer(json.dumps([{}] * 300), FIRST, ACTORS, ISSUES)
    assert found == ()
    assert (len(refused), refused[0].what) == (201, "100 statements")


# --- the endpoint fails ------------------------------------------------------------------------------------


def trickle(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def trickled_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def huge(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" " * 10_000)


FAILURES: dict[str, tuple[Reply, str]] = {
    "error": (lambda handler: handler.send(500, b"out of\x1b[31m memory"), "error 500: out of [31m memory"),
    "not found": (lambda handler: handler.send(404, b""), "error 404: no reason given"),
    "redirect": (lambda handler: handler.send(307, b"", Location="http://127.0.0.1:1/"), "not followed"),
    "no JSON": (lambda handler: handler.send(200, b"<html>"), "not the form of chat completions"),
    "no choices": (lambda handler: handler.send(200, b'{"choices": []}'), "not the form"),
    "no text": (saying(None), "not the form"),
    "deep": (lambda handler: handler.send(200, b"[" * 100_000), "not the form"),
    "no HTTP": (lambda handler: handler.wfile.write(b"hello\r\n\r\n"), "hello"),
    "nothing": (lambda handler: None, "without response"),
    "huge": (huge, "longer than 2 MB"),
    "late": (lambda handler: time.sleep(1.2), "within 0.4 seconds"),
    "trickle": (trickle, "within 0.4 seconds"),
    "slow head": (trickled_head, "within 0.4 seconds"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_an_endpoint_that_fails_is_told_and_logged(server: Server, tmp_path: Path, name: str) -> None:
    server.reply, words = FAILURES[name]
    began = time.monotonic()
    found = asked(server, tmp_path / "log.jsonl", seconds=0.4 if "0.4" in words else 5)
    assert time.monotonic() - began < 4
    [(start, end, why)] = found.failed
    assert ((start, end), words in why) == (PARAGRAPHS[0], True), why
    assert (len(found.sheet), found.entries) == (0, ())
    [line] = (tmp_path / "log.jsonl").read_text("ascii").splitlines()
    assert json.loads(line)["failed"] == why


def test_after_three_failures_in_a_row_the_endpoint_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.reply = FAILURES["error"][0]
    found = asked(server, tmp_path / "log.jsonl", paragraphs=PARAGRAPHS * 3)
    assert (len(server.asked), len(found.failed)) == (3, 6)
    assert "was not asked again" in found.failed[-1][2]


def test_nobody_there_is_an_error_of_ours() -> None:
    with pytest.raises(EndpointError, match="Is it running"):
        Endpoint("http://127.0.0.1:1/v1", "tiny", seconds=2).ask([])


def test_a_paragraph_that_is_too_long_is_not_sent(server: Server, tmp_path: Path) -> None:
    text = "word " * LONGEST_PARAGRAPH
    found = assist(
        text, "report", [(0, len(text)), (4, 5)], Endpoint(server.url, "tiny"), tmp_path / "log.jsonl"
    )
    assert server.asked == []
    assert "longer than 12000 characters" in found.failed[0][2]
    assert len(found.failed) == 1


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8080", "ftp://localhost/", "file:///etc/passwd", "http://", "https://a b/", "http://[::1",
     "https://user:pass@host/v1", "https://host/v1?key=1", "https://host/v1\r\nX: y", "http://localhost:99999/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CallError, match="no address of an endpoint"):
        Endpoint(url, "tiny")


@pytest.mark.parametrize(
    "host", ["example.org", "192.168.0.7", "127.0.0.1.example.org", "localhost.example.org"]
)
def test_plain_http_stays_on_this_machine_unless_it_is_allowed(host: str) -> None:
    with pytest.raises(CallError, match="unencrypted to another machine"):
        Endpoint(f"http://{host}/v1", "tiny")
    assert Endpoint(f"http://{host}/v1", "tiny", allows_plain_http=True).url == f"http://{host}/v1"
    assert Endpoint(f"https://{host}/v1", "tiny").url == f"https://{host}/v1"


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://127.0.0.2/v1", "http://[::1]:8080/v1"])
def test_this_machine_may_be_asked_in_the_clear(url: str) -> None:
    assert Endpoint(url, "tiny").url == url


def test_a_key_that_is_missing_or_broken_stops_before_anything_is_sent(server, tmp_path, monkeypatch) -> None:
    for key in ("", "a\nb", "schlüssel"):
        monkeypatch.setenv("SOME_KEY", key)
        with pytest.raises(CallError, match="SOME_KEY of the environment holds no key"):
            asked(server, tmp_path / "log.jsonl", key_from="SOME_KEY")
    assert server.asked == []


@pytest.mark.parametrize(("model", "seconds"), [(" ", 5), ("tiny", 0), ("tiny", float("nan")), ("tiny", 1e9)])
def test_an_endpoint_needs_a_model_and_a_time(model: str, seconds: float) -> None:
    with pytest.raises(CallError, match="name of a model"):
        Endpoint("https://host/v1", model, seconds=seconds)


def test_a_log_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    server.reply = statements(GOOD)
    with pytest.raises(FileError, match="The log cannot be written"):
        asked(server, tmp_path)
