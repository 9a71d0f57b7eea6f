"""`westphalia report`: the one-file HTML report."""

from __future__ import annotations

from typing import Any

import click

from westphalia.cli.shared import (
    case_argument,
    conducted,
    emit_json,
    json_option,
    progress_bar,
    run_options,
    sources_option,
)


@click.command(
    epilog="""\b
Examples:
  westphalia report cases/ukraine-2025-02
  westphalia report my-case --no-deals --no-stability --draws 500
  westphalia report my-case --sources ~/texts --out my-case.html
"""
)
@case_argument
@click.option("--out", type=click.Path(), metavar="FILE", help="Where to write; CASE-ID.html unless given.")
@sources_option
@click.option(
    "--language", default="en", show_default=True, help="Language of the case's texts, where it has it."
)
@click.option(
    "--pictures", type=click.Path(), metavar="DIR", help="Write every picture as PNG and SVG as well."
)
@click.option("--no-deals", is_flag=True, help="Leave out the chapter on packages that all would accept.")
@click.option(
    "--no-stability", is_flag=True, help="Leave out the chapter on where the conflict comes to rest."
)
@click.option("--no-doubt", is_flag=True, help="Leave out the chapter on what the answer hangs on.")
@run_options
@json_option
def report(
    case: str,
    out: str | None,
    sources: str | None,
    language: str,
    pictures: str | None,
    no_deals: bool,
    no_stability: bool,
    no_doubt: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Run every method on CASE and write a report that opens in any browser, without a network.

    It begins with the answer in words, and holds the pictures, every input with its evidence, and
    what is needed to run it again.
    """
    from concurrent.futures import ThreadPoolExecutor

    from westphalia.api import read
    from westphalia.report import Helper, write, write_pictures
    from westphalia.report.script import prepared
    from westphalia.runs.stability import REPORTED

    prepared()
    read_case = read(case)
    path = out or f"{read_case.file.id}.html"
    with Helper() as helper, progress_bar() as progress, ThreadPoolExecutor(max_workers=1) as aside:
        shared = {"workers": how["workers"], "progress": progress}
        asked = {"draws": how["draws"], "seed": how["seed"], **shared}
        fewer = {**asked, "draws": min(how["draws"], REPORTED)}
        negotiated = None if no_deals else aside.submit(read_case.deals_or_reason, **asked)
        played = None if no_stability else aside.submit(read_case.stability_or_reason, **fewer)
        study = conducted(read_case, how, progress, sources)
        doubt = None if no_doubt else read_case.doubt_or_reason(study, **shared)
        deals = None if negotiated is None else negotiated.result()
        stability = None if played is None else played.result()
        written = write(study, path, language, deals, stability, doubt, helper)
    drawn = write_pictures(study, pictures, language, deals, stability, doubt) if pictures is not None else ()
    if as_json:
        told = {"written": str(written), "bytes": written.stat().st_size}
        emit_json({**told, "pictures": [str(file) for file in drawn]})
    else:
        click.echo(f"Wrote {written} ({written.stat().st_size / 1e6:.1f} MB).")
