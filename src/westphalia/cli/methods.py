"""`westphalia methods`: which models there are, what they answer, what can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import console, emit_json, json_option, table

if TYPE_CHECKING:
    from westphalia.registry import MethodSpec


@click.command(
    epilog="""\b
Examples:
  westphalia methods
  westphalia methods challenge
"""
)
@click.argument("method", required=False)
@json_option
def methods(method: str | None, as_json: bool) -> None:
    """List the methods, or say all about one METHOD: its question, options, limits and sources."""
    from westphalia.methods import load_all
    from westphalia.registry import find, registered

    load_all()
    chosen = [find(method)] if method else list(registered())
    if as_json:
        emit_json([_plain(spec) for spec in chosen])
    elif method:
        _print_one(chosen[0])
    else:
        listed = table("Methods", "id", "title", "what it answers")
        for spec in chosen:
            listed.add_row(spec.id, spec.title, spec.question)
        console().print(listed)


def _plain(spec: MethodSpec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "title": spec.title,
        "family": spec.family,
        "question": spec.question,
        "takes": spec.takes,
        "inputs": list(spec.inputs),
        "outputs": list(spec.outputs),
        "limits": spec.limits,
        "cost": spec.cost,
        "sources": list(spec.sources),
        "aliases": list(spec.aliases),
        "options": [
            {
                "name": option.name,
                "default": option.default,
                "choices": list(option.choices),
                "low": option.param.low,
                "high": option.param.high,
                "unit": option.param.unit,
                "sentence": option.param.sentence,
            }
            for option in spec.options
        ],
    }


def _print_one(spec: MethodSpec) -> None:
    out = console()
    out.print(f"[bold]{spec.title}[/bold] ({spec.id})\n{spec.question}\n")
    options = table("Options", "option", "default", "allowed", "what it sets")
    for option in spec.options:
        low, high = option.param.low, option.param.high
        bounds = f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}"
        allowed = " | ".join(option.choices) or ("" if low is None and high is None else bounds)
        options.add_row(f"{spec.id}.{option.name}", str(option.default), allowed, option.param.sentence)
    out.print(options if spec.options else "It has no options.")
    out.print(f"Needs: {', '.join(spec.inputs)}\nLimits: {spec.limits}\nCost: {spec.cost}")
    out.print(f"Sources: {', '.join(spec.sources)}")
