"""`westphalia schema`: the JSON Schema of the case file."""

from __future__ import annotations

import click

from westphalia.cli.shared import emit_json, json_option


@click.command(
    epilog="""\b
Examples:
  westphalia schema > case.schema.json
  then, as the first line of a case file, for editors:
  # yaml-language-server: $schema=case.schema.json
"""
)
@json_option
def schema(as_json: bool) -> None:
    """Print the JSON Schema of the case file, by which editors complete and check."""
    from westphalia.case.schema import json_schema

    emit_json(json_schema())
