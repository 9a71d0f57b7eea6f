"""Whether a request is one that a browser on a page of ours sends: host, method, address, headers, origin."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from westphalia.language import marked as _
from westphalia.web.guard_refused import Refused
from westphalia.web.limits import Limits

METHODS: Final = ("GET", "HEAD", "POST")
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::[0-9]{1,5})?", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")
_OURS: Final = (b"same-origin", b"none")


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the first header of that lower-case name, None if there is none."""
    return next((value for known, value in scope["headers"] if known == name), None)


def inspect(scope: Scope, hosts: Collection[str], limits: Limits) -> None:
    """Raise Refused unless the request is well made and meant for us; `hosts` are names we go by."""
    if scope["method"] not in METHODS:
        raise Refused(405, headers={"Allow": ", ".join(METHODS)})
    _sizes(scope, limits)
    _host(scope, hosts)
    _address(scope, limits)


def _sizes(scope: Scope, limits: Limits) -> None:
    lines = scope["headers"]
    if (
        len(lines) > limits.header_lines
        or sum(len(name) + len(value) for name, value in lines) > limits.headers
    ):
        raise Refused(431)


def _host(scope: Scope, hosts: Collection[str]) -> None:
    """Refuse a name that is not ours: a page elsewhere may have its own name lead to this machine.

    A page that was reached by a number cannot do that, so any number is good; nor does the port matter,
    which a tunnel may change.
    """
    given = [value for name, value in scope["headers"] if name == b"host"]
    found = _HOST.fullmatch(given[0].decode("latin-1")) if len(given) == 1 else None
    if found is None:
        raise Refused(400)
    name = found["name"].lower()
    if name not in hosts and not _is_number(name):
        raise Refused(421, _("Start it with `--allow` and that name if it is meant to be."))


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _address(scope: Scope, limits: Limits) -> None:
    path, query = scope["path"], scope["query_string"]
    try:
        length = len(path.encode("utf-8")) + len(query.decode("ascii"))
    except UnicodeError:
        raise Refused(400) from None
    if max(length, len(scope.get("raw_path") or b"")) > limits.address:
        raise Refused(414)
    if not path.startswith("/") or _UNPRINTABLE.search(path):
        raise Refused(400)
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=limits.fields)
    except ValueError:
        raise Refused(400) from None
    if any("\x00" in name or "\x00" in value for name, value in pairs):
        raise Refused(400)


def same_origin(scope: Scope) -> None:
    """Raise Refused if the browser says that another page than one of ours sends the form."""
    origin, site = header(scope, b"origin"), header(scope, b"sec-fetch-site")
    host = header(scope, b"host") or b""
    is_ours = origin is None or origin.partition(b"://")[2].lower() == host.lower()
    if not is_ours or (site is not None and site not in _OURS):
        raise Refused(403, _("The form was sent by a page elsewhere."))
