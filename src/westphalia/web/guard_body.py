"""Reading the form of a request within its bounds, and the proof that a page of ours sent it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncGenerator

import anyio
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from westphalia.language import marked as _
from westphalia.web.guard_refused import Refused
from westphalia.web.guard_request import header
from westphalia.web.limits import Limits

CSRF_FIELD = "csrf"
_CSRF_HEADER = b"x-csrf-token"
_PLAIN = b"application/x-www-form-urlencoded"
_WITH_FILES = b"multipart/form-data"


def csrf_of(token: str) -> str:
    """Return what forms of a session carry: it follows from the session's token, not the other way round."""
    return hmac.new(token.encode("ascii"), b"westphalia form", hashlib.sha256).hexdigest()


async def read_form(scope: Scope, receive: Receive, limits: Limits, *, is_stranger: bool) -> FormData:
    """Return the fields of a form; nothing is read beyond its bounds.

    Raises
    ------
    Refused: it is too large (413), slow (408), of another kind (415), or cannot be read (400).
    ClientDisconnect: the browser went away.
    """
    kind, most = _kind(scope), limits.stranger
    if not is_stranger:
        most = limits.upload if kind == _WITH_FILES else limits.body
    bounded = _bounded(receive, most)
    try:
        _announced(scope, most)
        with anyio.fail_after(limits.body_seconds):
            request = Request({"type": "http", "headers": scope["headers"]}, bounded)
            form = await (_with_files if kind == _WITH_FILES else _plain)(request, limits)
    except TimeoutError:
        raise Refused(408) from None
    except (MultiPartException, FormParserError, ValueError, LookupError):
        raise Refused(400, _("The form is broken or has too many fields.")) from None
    if any(_has_null(part) for pair in form.multi_items() for part in pair):
        await form.close()
        raise Refused(400)
    return form


async def _plain(request: Request, limits: Limits) -> FormData:
    parser = FormParser(
        request.headers, request.stream(), max_fields=limits.fields, max_part_size=limits.field
    )
    return await parser.parse()


class _Parts(MultiPartParser):
    """The parts of a form with files; knows whether the last one came."""

    is_whole = False

    def on_end(self) -> None:
        self.is_whole = True


async def _with_files(request: Request, limits: Limits) -> FormData:
    """Return a form with files; half of one is none."""

    async def pieces() -> AsyncGenerator[bytes, None]:
        async for piece in request.stream():
            yield piece
        if not parts.is_whole:
            # Raised from within, so that the parser closes the files it had begun.
            raise MultiPartException("The form is cut off.")

    parts = _Parts(
        request.headers,
        pieces(),
        max_files=limits.files,
        max_fields=limits.fields,
        max_part_size=limits.field,
    )
    return await parts.parse()


def _kind(scope: Scope) -> bytes:
    """Return which of the two kinds of forms it is; one without a body is a plain one."""
    said = header(scope, b"content-type")
    if said is None and header(scope, b"content-length") in (None, b"0"):
        return _PLAIN
    kind, options = parse_options_header(said)
    charset = options.get(b"charset", b"utf-8").lower()
    if kind not in (_PLAIN, _WITH_FILES) or charset != b"utf-8":
        raise Refused(415)
    return kind


def _announced(scope: Scope, most: int) -> None:
    said = header(scope, b"content-length")
    if said is None:
        return
    if not said.isdigit() or len(said) > 15:
        raise Refused(400)
    if int(said) > most:
        raise _too_large(most)


def _bounded(receive: Receive, most: int) -> Receive:
    """Return a way to read the body that refuses to go on once more came than may."""
    come = 0

    async def read() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > most:
            raise _too_large(most)
        return message

    return read


def _too_large(most: int) -> Refused:
    hint = _("At most 60 MB can be sent, in forms without files 1 MB.") if most > 10_000 else ""
    return Refused(413, hint, {"Connection": "close"})


def _has_null(part: str | UploadFile) -> bool:
    return "\x00" in (part if isinstance(part, str) else part.filename or "")


def proven(scope: Scope, form: FormData, csrf: str) -> None:
    """Raise Refused unless the form or a header carries what a page of this session would."""
    given = form.get(CSRF_FIELD)
    sent = header(scope, _CSRF_HEADER) or (
        given.encode("utf-8", "replace") if isinstance(given, str) else b""
    )
    if not hmac.compare_digest(sent, csrf.encode("ascii")):
        raise Refused(403, _("The page was too old. Open it again and send the form once more."))
