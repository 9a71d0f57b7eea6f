"""Deal inputs as a Genius domain and profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from westphalia.formats.raw import file_names
from westphalia.formats.reports import Notes
from westphalia.formats.tables import FloatArray, Issue, Profile, tables_of
from westphalia.formats.writing import write_files

if TYPE_CHECKING:
    import xarray as xr

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_genius(inputs: xr.Dataset, folder: str | Path, *, name: str = "domain") -> tuple[str, ...]:
    """Write a domain and a profile for each party; the folder is made, and must be new or empty.

    The weight of an issue is the value of its best option, so weights need not sum to 1.

    Returns
    -------
    Sentences on what the format does not carry; there are none for what `read_genius` gave.

    Raises
    ------
    CallError: the inputs hold draws, interactions, a value that is missing, or a package worth less
        than 0.
    FileError: the folder holds something, or cannot be written.
    """
    notes = Notes()
    issues, profiles = tables_of(inputs, notes)
    files = {"domain.xml": _domain(name, issues)}
    names = file_names([profile.party for profile in profiles], ".xml")
    files |= {file: _profile(name, issues, profile) for file, profile in zip(names, profiles, strict=True)}
    write_files(Path(folder), files)
    return tuple(notes.not_carried)


def _domain(name: str, issues: list[Issue]) -> str:
    lines = [_HEAD + f"<negotiation_template name={quoteattr(name)}>"]
    lines += _objective(name, issues, None)
    return "\n".join([*lines, "</negotiation_template>", ""])


def _profile(name: str, issues: list[Issue], profile: Profile) -> str:
    lines = [_HEAD + f'<utility_space number_of_issues="{len(issues)}" party={quoteattr(profile.party)}>']
    lines += _objective(name, issues, profile.values)
    lines += [f'  <reservation value="{profile.reservation!r}"/>', '  <discount_factor value="1.0"/>']
    return "\n".join([*lines, "</utility_space>", ""])


def _objective(name: str, issues: list[Issue], values: list[FloatArray] | None) -> list[str]:
    lines = [f'  <objective index="0" name={quoteattr(name)} type="objective" etype="objective">']
    for at, issue in enumerate(issues):
        kind = 'etype="discrete" type="discrete" vtype="discrete"'
        lines.append(f'    <issue index="{at + 1}" name={quoteattr(issue.name)} {kind}>')
        for place, label in enumerate(issue.labels):
            value = "" if values is None else f' evaluation="{float(values[at][place])!r}"'
            lines.append(f'      <item index="{place + 1}" value={quoteattr(label)}{value}/>')
        lines.append("    </issue>")
    for at, value_of in enumerate(values or []):
        lines.append(f'    <weight index="{at + 1}" value="{float(value_of.max())!r}"/>')
    return [*lines, "  </objective>"]
