"""Listening: the socket is bound before the address is printed, so that this is the true one."""

from __future__ import annotations

import socket
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import uvicorn
from starlette.applications import Starlette

from westphalia.errors import CallError, FileError
from westphalia.web.app import create_app
from westphalia.web.settings import LOOPBACK, Settings

_LOOPBACKS = (LOOPBACK, "localhost", "::1")


@dataclass(frozen=True)
class Server:
    """A workbench that listens but does not answer yet."""

    app: Starlette
    settings: Settings
    listening: socket.socket

    @property
    def address(self) -> str:
        """The address that opens the workbench; whoever comes by it to a team that is empty founds it."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        base = f"http://{host}:{self.settings.port}/"
        has_people = self.settings.is_team and not self.app.state.bench.people.is_empty
        return base if has_people else f"{base}?token={self.settings.token}"

    def make_keeper(self, name: str, password: str) -> None:
        """Add the first keeper of a team; raises CallError if the name or password will not do."""
        self.app.state.bench.people.add(name, name, password, "keeper")


def ready(
    folder: Path,
    *,
    sources: Path | None = None,
    host: str = LOOPBACK,
    port: int = 0,
    hosts: tuple[str, ...] = (),
    is_team: bool = False,
) -> Server:
    """Return a workbench on a folder, listening.

    Raises
    ------
    FileError: there is no such folder, or what is in it cannot be read.
    CallError: the address cannot be listened at, or is open to others while anybody may do anything.
    """
    if not folder.is_dir():
        hint = "Name a folder that holds cases, or an empty one to begin with."
        raise FileError("There is no such folder.", code="missing-folder", where=str(folder), hint=hint)
    if host not in _LOOPBACKS and not is_team:
        raise CallError(
            f"At {host} others could reach the workbench, and it would have no passwords.",
            code="open-to-all",
            hint="Add --team, or leave --host out to serve this machine alone.",
        )
    listening = _bound(host, port)
    port = listening.getsockname()[1]
    settings = Settings(folder.resolve(), sources, host, port, hosts, is_team)
    return Server(create_app(settings), settings, listening)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        raise CallError(
            f"The server cannot listen at {host}, port {port}: {error.strerror or error}.",
            code="cannot-listen",
            hint="Give --port another number; 0 takes a free one.",
        ) from None
    return listening


def run(server: Server, *, open_browser: bool = False) -> None:
    """Answer until the process is told to end."""
    config = uvicorn.Config(
        server.app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=32_768,
        timeout_graceful_shutdown=3,
    )
    if open_browser:
        Timer(0.5, webbrowser.open, [server.address]).start()
    uvicorn.Server(config).run(sockets=[server.listening])
