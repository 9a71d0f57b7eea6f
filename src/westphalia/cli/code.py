"""`westphalia code`: help with coding a text, the review of what is suggested, two coders side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from westphalia.cli.shared import case_argument, emit_json, json_option
from westphalia.errors import CallError, FileError

if TYPE_CHECKING:
    from westphalia.runs.coding import Suggestions
    from westphalia.runs.coding_decisions import Desk

_LONGEST_NAME = 200
_EPILOG = """\b
Examples:
  westphalia code my-case report.txt
  westphalia code my-case report.txt --accept sure --coder anna
  westphalia code my-case report.txt --review --coder anna
  westphalia code my-case --undo
  westphalia code my-case --compare anna bert
"""


@click.command(epilog=_EPILOG)
@case_argument
@click.argument("text", type=click.Path(), required=False)
@click.option(
    "--language", default="auto", show_default=True, metavar="de|en|auto", help="Language of the text."
)
@click.option(
    "--out", type=click.Path(), metavar="FILE", help="File of the suggestions; beside the case if not given."
)
@click.option(
    "--take-metadata",
    is_flag=True,
    help="Take over what the text says of itself (title, author, date …) where the case is silent.",
)
@click.option("--split-header", is_flag=True, help="Split a header off and code the text without it.")
@click.option(
    "--accept",
    multiple=True,
    metavar="RULE|TIER",
    help="Accept what this rule or tier suggests and nothing asks.",
)
@click.option("--review", is_flag=True, help="Go through the suggestions one by one at the keyboard.")
@click.option("--coder", metavar="NAME", help="Who codes; needed to accept and to review.")
@click.option("--assistant", metavar="URL", help="Ask a language model there, too; the text is sent to it.")
@click.option("--model", metavar="NAME", help="Name of the model; needed with --assistant.")
@click.option(
    "--key-from", metavar="VARIABLE", help="Variable of the environment that holds the model's key."
)
@click.option("--undo", is_flag=True, help="Take back the last decision.")
@click.option(
    "--compare", nargs=2, metavar="CODER CODER", help="Put the statements of two coders side by side."
)
@json_option
def code(case: str, text: str | None, **how: Any) -> None:
    """Suggest statements for TEXT (TXT, HTML, DOCX, PDF) and add it to the sources of CASE.

    Nothing suggested is evidence until you accept it; what the text leaves open is asked, not guessed.
    """
    from westphalia.case.document import read
    from westphalia.cli.code_compare import print_comparison

    _refuse_mixtures(text, how)
    document = read(case)
    if how["compare"]:
        print_comparison(document.case, *how["compare"], as_json=how["as_json"])
    elif how["undo"]:
        _undo(document, as_json=how["as_json"])
    else:
        _code(document, Path(str(text)), how)


def _refuse_mixtures(text: str | None, how: dict[str, Any]) -> None:
    is_about_text = not (how["undo"] or how["compare"])
    if is_about_text == (text is None) or (how["undo"] and how["compare"]):
        hint = "Give a TEXT to code, or --undo, or --compare with two coders: one of the three."
        raise CallError("It is not clear what to do.", code="unclear-call", hint=hint)
    if (how["accept"] or how["review"]) and not (how["coder"] or "").strip():
        hint = "Give --coder NAME: every statement says who stands for it."
        raise CallError("Nobody is named who accepts.", code="no-coder", hint=hint)
    if not (how["coder"] or "").isprintable() or len(how["coder"] or "") > _LONGEST_NAME:
        hint = f"Use at most {_LONGEST_NAME} letters that can be printed."
        raise CallError("The coder's name cannot be used.", code="bad-coder", hint=hint)
    if bool(how["assistant"]) != bool(how["model"]):
        hint = "Give --assistant URL and --model NAME together."
        raise CallError("An assistant needs an address and a model.", code="no-model", hint=hint)
    if how["review"] and how["as_json"]:
        hint = "Leave one of them out."
        raise CallError("A review at the keyboard has no JSON.", code="unclear-call", hint=hint)


# --- coding ------------------------------------------------------------------------------------


def _code(document: Any, path: Path, how: dict[str, Any]) -> None:
    from westphalia.cli.code_review import review
    from westphalia.cli.code_tables import print_left, print_suggestions
    from westphalia.runs.coding_decisions import Desk, chosen
    from westphalia.runs.coding_files import as_plain, suggestions_file, with_kept, write_suggestions

    document, found, is_new = _found(document, path, how)
    desk = Desk(document)
    found, told = _with_assistant(found, desk, how)
    out = Path(how["out"]) if how["out"] else suggestions_file(document.path, found.source.id)
    _refuse_own_files(out, document.path, path, desk.journal.path, _log_of(desk))
    found = with_kept(found, out)
    coder = (how["coder"] or "").strip()
    accepted = [one.entry.id for one in chosen(found, desk, how["accept"], coder)]
    written = write_suggestions(found, out)
    desk.keep()
    if accepted:
        desk.accept(accepted, coder, found=found)
    left = [one.entry.id for one in desk.left(found)]
    if how["as_json"]:
        more = {"written": [str(one) for one in written], "accepted": accepted, "left": left, **told}
        emit_json({**as_plain(found), **more})
        return
    print_suggestions(found, path, is_new=is_new, told=told)
    if how["review"]:
        review(found, desk, coder)
    print_left(found, desk, accepted if how["accept"] else None, written)


def _found(document: Any, path: Path, how: dict[str, Any]) -> tuple[Any, Suggestions, bool]:
    """Read the text, bind it to a source of the case, and return both with what is suggested."""
    from westphalia.dossier.texts import read_text
    from westphalia.runs.coding import suggestions
    from westphalia.runs.coding_source import body_of, new_source, source_of, with_metadata, with_source

    read = read_text(path)
    if how["split_header"]:
        read, path = body_of(read, path)
    known = source_of(document.case, read, path.name)
    source = known or new_source(document.case, read, path.name, how["language"])
    found = suggestions(document.case, source, read, how["language"])
    if how["take_metadata"]:
        found = with_metadata(found, is_new=known is None)
    return with_source(document, found.source, read), found, known is None


def _refuse_own_files(out: Path, *taken: Path) -> None:
    if any(out.resolve() == one.resolve() for one in taken):
        raise FileError(
            "The suggestions would be written over the case, its journal or the text.",
            code="file-exists",
            where=str(out),
            hint="Give --out another name.",
        )


def _log_of(desk: Desk) -> Path:
    return Path(str(desk.document.path)).with_suffix(".assistant.jsonl")


def _with_assistant(
    found: Suggestions, desk: Desk, how: dict[str, Any]
) -> tuple[Suggestions, dict[str, Any]]:
    if not how["assistant"]:
        return found, {}
    from westphalia.dossier.assistant import assist
    from westphalia.dossier.assistant_answers import Topic
    from westphalia.dossier.assistant_endpoint import Endpoint
    from westphalia.dossier.sentences import paragraphs
    from westphalia.runs.coding import known_actors, with_assisted

    case = desk.document.case
    text = found.text.text
    assisted = assist(
        text,
        found.source.id,
        paragraphs(text),
        Endpoint(how["assistant"], how["model"], how["key_from"]),
        _log_of(desk),
        actors=known_actors(case),
        issues=tuple(Topic(issue.id, str(issue.question)) for issue in case.issues),
    )
    refused = [f"{one.what}: {one.why}" for one in assisted.refused]
    failed = [f"line {found.line(start)}: {why}" for start, _, why in assisted.failed]
    return with_assisted(found, assisted), {"refused": refused, "failed": failed}


def _undo(document: Any, *, as_json: bool) -> None:
    from westphalia.runs.coding_decisions import Desk

    desk = Desk(document)
    edits = desk.undo()
    names = [edit.id for edit in edits]
    left = desk.bare_sources(edits)
    if as_json:
        emit_json({"undone": names, "sources_left": left})
        return
    click.echo(f"Taken back: {', '.join(names)}.")
    for source in left:
        click.echo(f"The source '{source}' stays; no statement of the case is from it now.")
