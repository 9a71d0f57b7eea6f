"""An address for every page that the workbench has: of the flagship, or of a case that has a text."""

from __future__ import annotations

import valley
from driven import FLAGSHIP_NAME

from westphalia.web.pages import routes
from westphalia.workspace.tasks import KINDS

CASE = f"/cases/{FLAGSHIP_NAME}"
TEAM = {
    "/login": ["/login"],
    "/people/first": [],
    "/people": ["/people"],
    "/people/me": ["/people/me"],
    "/people/{name}": ["/people/keeper"],
    "/journal": ["/journal"],
}
"""What only a team sees."""

NO_PAGES = {
    "/static/{name}",
    "/pictures/{name:str}-{paper:str}.svg",
    "/runs/{run:int}",
    "/cases/{case}/stands/find",
    "/cases/{case}/export/{format}",
    "/cases/{case}/report/{run:int}",
    "/cases/{case}/runs/{run:int}/tables/{name}",
    "/cases/{case}/runs/{run:int}/files/{name}",
    "/cases/{case}/runs/{run:int}/pictures/{name:str}.{kind:str}",
}
"""Files, and ways to another page."""

_PAGES = {
    "/": ["/"],
    "/cases/{case}": [CASE, valley.CASE],
    "/cases/{case}/coding/{source}": [f"{valley.CASE}/coding/{{source}}"],
    "/cases/{case}/coding/{source}/glosses": [f"{valley.CASE}/coding/{{source}}/glosses"],
    "/cases/{case}/coders": [f"{CASE}/coders"],
    "/cases/{case}/sources": [f"{CASE}/sources"],
    "/cases/{case}/sources/{source}": [f"{CASE}/sources/commentary", f"{valley.CASE}/sources/{{source}}"],
    "/cases/{case}/sources/{source}/about": [f"{CASE}/sources/commentary/about"],
    "/cases/{case}/sources/{source}/code": [f"{valley.CASE}/sources/{{source}}/code?start=25&end=45"],
    "/cases/{case}/actors": [f"{CASE}/actors"],
    "/cases/{case}/actors/{item}": [f"{CASE}/actors/ukraine"],
    "/cases/{case}/issues": [f"{CASE}/issues"],
    "/cases/{case}/issues/{item}": [f"{CASE}/issues/territory"],
    "/cases/{case}/stands": [f"{CASE}/stands"],
    "/cases/{case}/stands/{actor}/{issue}": [f"{CASE}/stands/usa/territory"],
    "/cases/{case}/statements/{item}": [f"{CASE}/statements/s001"],
    "/cases/{case}/agreement": [f"{CASE}/agreement"],
    "/cases/{case}/commitments/{item}": [f"{CASE}/commitments/accords-2024"],
    "/cases/{case}/moves/{item}": [f"{CASE}/moves/tariffs"],
    "/cases/{case}/file": [f"{valley.CASE}/file"],
    "/cases/{case}/history": [f"{CASE}/history"],
    "/cases/{case}/runs": [f"{CASE}/runs"],
    "/cases/{case}/runs/compare": [f"{CASE}/runs/compare?a=1&b=2"],
    "/cases/{case}/runs/new/{kind}": [f"{CASE}/runs/new/{kind}" for kind in KINDS],
    "/cases/{case}/runs/{run:int}": [f"{CASE}/runs/1"],
    "/cases/{case}/deals": [f"{CASE}/deals"],
    "/cases/{case}/stability": [f"{CASE}/stability"],
    "/cases/{case}/doubt": [f"{CASE}/doubt"],
    "/cases/{case}/report": [f"{CASE}/report"],
    "/cases/{case}/export": [f"{CASE}/export"],
    "/help": ["/help"],
    "/help/words": ["/help/words"],
    "/help/keys": ["/help/keys"],
    "/help/tour": ["/help/tour"],
}


def shown() -> dict[str, list[str]]:
    """Return each page that the one user sees, with addresses; none for a page that is not known here."""
    asked = {route.path for route in routes() if "GET" in (route.methods or ())}
    return {path: _PAGES.get(path, []) for path in sorted(asked - NO_PAGES - set(TEAM))}
