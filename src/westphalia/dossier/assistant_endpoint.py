"""One question to a language model behind an OpenAI-compatible address, and its answer as text.

The address is the analyst's own word; nothing is asked unless one is named. Text leaves the machine
only to that host: redirects are not followed, proxies of the environment are not used, plain http is for
this machine alone unless it is allowed, and the key comes from a variable of the environment and is
never written down.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from westphalia.errors import CallError, WestphaliaError

MOST_BYTES = 2_000_000
_LONGEST_REASON = 200


class EndpointError(WestphaliaError):
    """The endpoint did not answer, or not with an answer."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and whom to ask.

    Parameters
    ----------
    url: the base address up to the version (``http://localhost:8080/v1``); ``/chat/completions`` is
        added.
    model: the name of the model as the endpoint knows it.
    key_from: the variable of the environment that holds the key, if the endpoint needs one.
    seconds: how long one answer may take in all, above 0.
    allows_plain_http: whether http without encryption may leave this machine.

    Raises
    ------
    CallError: the address is none, or plain http to another machine; there is no model; the time is
        not above 0.
    """

    url: str
    model: str
    key_from: str | None = None
    seconds: float = 60.0
    allows_plain_http: bool = False

    def __post_init__(self) -> None:
        _check_address(self.url, self.allows_plain_http)
        if not self.model.strip() or not 0 < self.seconds <= 3600:
            message = "An endpoint needs the name of a model, and a time above 0 and up to an hour."
            raise CallError(message, code="bad-endpoint", where=self.url)

    def ask(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says to the messages.

        Raises
        ------
        CallError: the variable that should hold the key is empty.
        EndpointError: no answer in time, too long an answer, an error of the server, a redirect, or
            an answer that is not of the form of chat completions.
        """
        body = {"model": self.model, "messages": messages, "temperature": 0, "stream": False}
        headers = {"Content-Type": "application/json", "Accept": "application/json", **self._key()}
        until = time.monotonic() + self.seconds
        connection = self._connection()
        # The time limit of a socket starts anew with every byte; the watch ends a slow trickle as well.
        held: list[socket.socket] = []
        watch = threading.Timer(self.seconds, _cut, (connection, held))
        watch.daemon = True
        watch.start()
        try:
            connection.connect()
            # An answer without length takes the socket from its connection before it is read.
            held.append(connection.sock)
            connection.request("POST", self._path(), json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            raw = answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            is_late = isinstance(error, TimeoutError) or time.monotonic() >= until
            raise self._failed(
                self._late() if is_late else plain(str(error)[:_LONGEST_REASON]) or type(error).__name__
            ) from None
        finally:
            watch.cancel()
            connection.close()
        if time.monotonic() >= until:
            raise self._failed(self._late())
        return self._said(answer.status, raw)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(str(parts.hostname), parts.port, timeout=self.seconds)

    def _path(self) -> str:
        return f"{urlsplit(self.url).path.rstrip('/')}/chat/completions"

    def _late(self) -> str:
        return f"There was no answer within {self.seconds:g} seconds"

    def _key(self) -> dict[str, str]:
        if self.key_from is None:
            return {}
        key = os.environ.get(self.key_from, "").strip()
        if not key or not key.isascii() or not key.isprintable():
            message = f"The variable {self.key_from} of the environment holds no key."
            raise CallError(
                message, code="no-key", where=self.key_from, hint="Set it, or leave key_from out."
            )
        return {"Authorization": f"Bearer {key}"}

    def _said(self, status: int, raw: bytes) -> str:
        """Return the words of the model in the body of an answer."""
        if 300 <= status < 400:
            raise self._failed("It redirects to another address, which is not followed")
        if status != http.HTTPStatus.OK:
            told = plain(raw[:_LONGEST_REASON].decode("utf-8", "replace"))
            raise self._failed(f"It answered with the error {status}: {told or 'no reason given'}")
        if len(raw) > MOST_BYTES:
            raise self._failed(f"The answer is longer than {MOST_BYTES // 1_000_000} MB")
        try:
            held: Any = json.loads(raw)
            said = held["choices"][0]["message"]["content"]
        except (ValueError, RecursionError, LookupError, TypeError):
            said = None
        if not isinstance(said, str):
            message = "The answer has not the form of chat completions: choices, message, content."
            raise EndpointError(message, code="bad-answer", where=self.url)
        return said

    def _failed(self, why: str) -> EndpointError:
        hint = "Is it running, and are address, model and key right?"
        return EndpointError(f"{why.rstrip('.')}.", code="no-answer", where=self.url, hint=hint)


def _cut(connection: http.client.HTTPConnection, held: list[socket.socket]) -> None:
    """End a connection from outside, so that whoever waits for it wakes up."""
    for one in (connection.sock, *held):
        if one is not None:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _check_address(url: str, allows_plain_http: bool) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    is_clean = not re.search(r"[\s\x00-\x1f\x7f]", url) and not (parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not host or not is_clean or parts.username is not None:
        hint = "Write it like http://localhost:8080/v1 or https://host.example/v1, without key or password."
        raise CallError("This is no address of an endpoint.", code="bad-endpoint", where=url[:200], hint=hint)
    if parts.scheme == "http" and not allows_plain_http and not _is_here(host):
        message = "Plain http would send the text unencrypted to another machine."
        hint = "Use https, or say that plain http is allowed."
        raise CallError(message, code="plain-http", where=url, hint=hint)


def _is_here(host: str) -> bool:
    """Return whether a host is this machine, by its very name or address; nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def plain(words: str) -> str:
    """Return words of a stranger on one line, without anything that is no letter or mark."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def as_logged(endpoint: Endpoint) -> Mapping[str, object]:
    """Return what the log says of an endpoint; the key is not among it."""
    return {"url": endpoint.url, "model": endpoint.model}
