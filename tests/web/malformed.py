"""Requests that no browser of ours sends: every part of a good one, put wrong in some way."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from urllib.parse import quote

METHODS = (
    ["GET"] * 8 + ["POST"] * 10 + ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "", "PÖST", "G\x00T"]
)
PIECES = [
    *(
        "1",
        "0",
        "-1",
        "a-case",
        "x",
        "..",
        ".",
        "",
        "%2e%2e",
        "%00",
        "\x00",
        "\ud800",
        "\u202e",
        "💥",
        "é",
        "Ａ",
        "con",
    ),
    *(
        "9" * 30,
        "9" * 400,
        "1e309",
        "nan",
        "inf",
        "٣",
        "a" * 300,
        "a" * 9_000,
        "' OR 1 --",
        "{{7*7}}",
        "{0.x}",
        "%s%n",
    ),
    *(
        "<script>alert(1)</script>",
        '"><img src=x>',
        "a/b",
        "\\",
        "//",
        "/etc/passwd",
        "..\\..",
        "a\nb",
        "a\r\nb",
        ".json",
    ),
]
HEADERS = [
    *("host", "cookie", "content-type", "content-length", "transfer-encoding", "origin", "sec-fetch-site"),
    *(
        "x-csrf-token",
        "accept-language",
        "accept",
        "hx-request",
        "range",
        "if-none-match",
        "if-modified-since",
    ),
    *(
        "expect",
        "content-encoding",
        "x-forwarded-for",
        "x-forwarded-host",
        "upgrade",
        "connection",
        "referer",
    ),
]
TYPES = [
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded; charset=utf-7",
    b"application/x-www-form-urlencoded; charset=punycode",
    b"multipart/form-data",
    b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=b",
    b"multipart/form-data; boundary=b; charset=idna",
    b"multipart/form-data; boundary=" + b"b" * 300,
    b'multipart/form-data; boundary="b\xff\x00"',
    b"multipart/form-data; boundary*=utf-8''b",
    b"multipart/form-data; boundary=b; boundary=c",
    b"text/plain",
    b"application/json",
    b";;;=",
    b"\xff\xfe",
    b"",
]


@dataclass
class Made:
    """A request: the body comes in pieces; if it `breaks_off`, the browser goes before the end."""

    method: str
    path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: list[bytes] = field(default_factory=list)
    breaks_off: bool = False

    def scope(self) -> dict[str, object]:
        """Return what an application is called with."""
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode("utf-8", "replace"),
            "query_string": self.query,
            "root_path": "",
            "headers": self.headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8400),
        }

    def raw(self) -> bytes:
        """Return the request as bytes on the wire, as wrong as it is."""
        target = quote(self.path.encode("utf-8", "replace"), safe="/%.\\\x00\n") if self.path else ""
        first = f"{self.method} {target}".encode("utf-8", "replace") + (
            b"?" + self.query if self.query else b""
        )
        lines = [first + b" HTTP/1.1", *(name + b": " + value for name, value in self.headers)]
        body = b"".join(self.body)
        if body and not any(name == b"content-length" for name, _ in self.headers):
            lines.append(b"content-length: %d" % len(body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Maker:
    """Makes requests: the same seed, the same ones. `good` are the headers of somebody who has come in."""

    def __init__(
        self, seed: int, routes: list[tuple[str, set[str]]], good: dict[str, str], csrf: str
    ) -> None:
        self.random = random.Random(seed)
        self._routes = routes
        self._good = [(name.encode(), value.encode()) for name, value in good.items()]
        self._csrf = csrf.encode()

    def made(self) -> Made:
        """Return the next request, with one to four things wrong."""
        path, method = self._target()
        made = Made(method, path, b"", [*self._good])
        if method == "POST":
            self._fill(made)
        for wrong in self.random.sample(
            [self._path, self._query, self._header, self._method, self._body, self._many],
            self.random.randint(0, 3),
        ):
            wrong(made)
        return made

    def _target(self) -> tuple[str, str]:
        shape, methods = self.random.choice(self._routes)
        while "{" in shape:
            before, _, rest = shape.partition("{")
            shape = before + self._piece() + rest.partition("}")[2]
        return shape, "POST" if "POST" in methods else "GET"

    def _piece(self) -> str:
        return "a-case" if self.random.random() < 0.5 else self.random.choice(PIECES)

    def _bytes(self, most: int) -> bytes:
        return self.random.randbytes(self.random.randint(0, most))

    def _fill(self, made: Made) -> None:
        """Give a form that is believed, with fields of any value."""
        made.headers.append((b"content-type", TYPES[0]))
        names = [
            "name",
            "base",
            "title",
            "value",
            "low",
            "high",
            "kind",
            "draws",
            "seed",
            "text",
            "id",
            "next",
            "of",
        ]
        chosen = self.random.sample(names, self.random.randint(0, len(names)))
        pairs = [(name, self.random.choice(PIECES)) for name in chosen]
        body = "&".join(f"{name}={quote(value.encode('utf-8', 'replace'))}" for name, value in pairs)
        made.headers.append((b"x-csrf-token", self._csrf))
        made.body = [body.encode()]

    def _path(self, made: Made) -> None:
        odd = self.random.choice(PIECES)
        at = self.random.randint(0, len(made.path))
        made.path = self.random.choice(
            [made.path[:at] + odd + made.path[at:], odd, made.path + ".json", "/" + odd]
        )

    def _query(self, made: Made) -> None:
        pairs = [f"{self._piece()}={self._piece()}".encode("utf-8", "replace") for _ in range(3)]
        known = [name + b"=" + quote(self._piece().encode("utf-8", "replace")).encode() for name in _ASKED]
        made.query = self.random.choice(
            [self._bytes(60), b"&".join(pairs), b"&".join(known), b"token=\xff", b"&" * 2_000]
        )

    def _header(self, made: Made) -> None:
        name = self.random.choice(HEADERS).encode() if self.random.random() < 0.8 else self._bytes(20)
        value = self.random.choice(
            [self._bytes(80), self._piece().encode("utf-8", "replace"), self.random.choice(TYPES)]
        )
        if self.random.random() < 0.5:
            made.headers = [pair for pair in made.headers if pair[0] != name]
        made.headers.insert(self.random.randint(0, len(made.headers)), (name, value))

    def _many(self, made: Made) -> None:
        made.headers += [
            (f"x-{number}".encode(), b"1" * 100) for number in range(self.random.choice([50, 150, 400]))
        ]

    def _method(self, made: Made) -> None:
        made.method = self.random.choice(METHODS)

    def _body(self, made: Made) -> None:
        kind = self.random.choice(TYPES)
        made.headers = [pair for pair in made.headers if pair[0] != b"content-type"] + [
            (b"content-type", kind)
        ]
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00../a.yaml"\r\n\r\n'
        whole = part + self._bytes(200) + b"\r\n--b--\r\n"
        cut = self.random.randint(0, len(whole))
        made.body = self.random.choice(
            [[whole], [whole[:cut], whole[cut:]], [whole[:cut]], [self._bytes(300)], []]
        )
        made.breaks_off = self.random.random() < 0.2


_ASKED = [
    b"next",
    b"before",
    b"case",
    b"page",
    b"of",
    b"language",
    b"draws",
    b"actor",
    b"issue",
    b"left",
    b"right",
]
