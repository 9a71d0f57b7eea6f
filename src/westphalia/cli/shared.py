"""What the commands share: arguments, options, output as JSON, progress."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from westphalia.errors import CallError
from westphalia.runs.asked import CONCEPT

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from westphalia.analyses.sampling import Ties
    from westphalia.api import Case
    from westphalia.report.grid import Grid, Part
    from westphalia.runs.engine import Progress
    from westphalia.runs.study import Study

Command = TypeVar("Command", bound=Callable[..., Any])


def _remember_json(ctx: click.Context, _param: click.Parameter, chosen: bool) -> bool:
    ctx.find_root().meta["westphalia.json"] = chosen
    return chosen


case_argument = click.argument("case", type=click.Path())
json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    is_eager=True,
    callback=_remember_json,
    help="Print exact data as JSON, errors too.",
)
sources_option = click.option(
    "--sources",
    type=click.Path(),
    metavar="DIR",
    help="Folder with the texts of the sources; with it, evidence shows its words.",
)

salience_option = click.option(
    "--salience-per-cent", is_flag=True, help="The table gives saliences on 0 to 100 instead of 0 to 1."
)

draws_option = click.option("--draws", default=2000, show_default=True, help="Draws of the uncertain inputs.")
seed_option = click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
settings_option = click.option(
    "--option",
    "-o",
    "settings",
    multiple=True,
    metavar="METHOD.NAME=VALUE",
    help="Set an option of a method; `westphalia methods ID` lists them.",
)


def concept_option(sentence: str) -> Callable[[Command], Command]:
    """Return the option of the solution concept by which a state is judged; `sentence` is its help."""
    return click.option(
        "--concept",
        type=click.Choice(["nash", "gmr", "smr", "seq", "sseq"]),
        default=CONCEPT,
        show_default=True,
        help=sentence,
    )


def run_options(command: Command) -> Command:
    """Add the options of every command that runs methods."""
    options = (
        draws_option,
        seed_option,
        click.option(
            "--method", "-m", "only", multiple=True, metavar="ID", help="Run this method; may be repeated."
        ),
        settings_option,
        click.option("--workers", type=int, help="Threads; one a processor unless given."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def tie_options(command: Command) -> Command:
    """Add the options that say what errs together in a draw; `ties_of` takes them out again."""
    options = (
        click.option(
            "--one-expert", is_flag=True, help="Believe one expert in all of a draw, not one a value."
        ),
        click.option(
            "--capability-factor",
            default=1.0,
            show_default=True,
            help="Each actor's capability may be so many times too high or low, on all issues at once.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def ties_of(how: dict[str, Any]) -> Ties:
    """Return what errs together, by the options of `tie_options`, and take these out of `how`."""
    from westphalia.analyses.sampling import Ties

    return Ties(how.pop("one_expert", False), how.pop("capability_factor", 1.0))


def parsed_options(settings: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return options by method from texts such as ``challenge.rounds=4``.

    Raises
    ------
    CallError: a text has another form.
    """
    options: dict[str, dict[str, Any]] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        method, dot, name = path.partition(".")
        if not (equals and dot and method and name):
            raise CallError(
                f"'{setting}' is no option of a method.",
                code="bad-option",
                hint="Write METHOD.NAME=VALUE, such as challenge.rounds=4.",
            )
        options.setdefault(method, {})[name] = _plain(value)
    return options


def _plain(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def conducted(case: Case, how: dict[str, Any], progress: Progress, sources: str | None = None) -> Study:
    """Run the methods as the options of `run_options` say, and of `tie_options` if there are any."""
    return case.study(
        draws=how["draws"],
        seed=how["seed"],
        methods=how["only"],
        options=parsed_options(how["settings"]),
        sources=sources,
        ties=ties_of(how),
        workers=how["workers"],
        scheduler=how.get("scheduler"),
        progress=progress,
    )


def emit_json(data: Any) -> None:
    """Print data as JSON on standard output; numbers that are not finite become null."""
    click.echo(json.dumps(_finite(data), indent=2, ensure_ascii=False))


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _finite(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(item) for item in data]
    if isinstance(data, float) and data - data != 0.0:
        return None
    return data


def console(*, err: bool = False) -> Console:
    """Return the console for words and tables: standard output, or standard error for notices."""
    from rich.console import Console

    return Console(stderr=err, highlight=False)


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns named in `right` hold numbers."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def print_parts(parts: Iterable[Part], out: Console) -> None:
    """Print questions with their answers, in sentences and tables, as the report has them."""
    for part in parts:
        out.print()
        out.print(part.title, style="bold underline", markup=False)
        for sentence in part.sentences:
            out.print(sentence, markup=False)
        for grid in part.grids:
            out.print(_of_grid(grid))


def _of_grid(grid: Grid) -> Table:
    from rich.markup import escape

    made = table(escape(grid.title))
    for at, head in enumerate(grid.head):
        is_figure = at in grid.numbers
        made.add_column(escape(head), justify="right" if is_figure else "left", overflow="fold")
    for row in grid.rows:
        made.add_row(*(escape(text) for text in row))
    return made


def write_table(text: str, out: str) -> None:
    """Write a table as text to a file, and say so.

    Raises
    ------
    FileError: the file cannot be written there.
    """
    from westphalia.errors import FileError
    from westphalia.files import write_whole

    try:
        write_whole(Path(out), text.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"The table cannot be written: {reason}.", code="file-unwritable", where=out
        ) from None
    console(err=True).print(f"Wrote {out}.", markup=False)


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield what a run reports to; a bar appears on standard error once it takes over a second."""
    from rich.progress import Progress as Bar

    started = time.monotonic()
    with Bar(console=console(err=True), transient=True) as bar:
        bar.stop()
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)
            if time.monotonic() - started > 1 and not bar.live.is_started:
                bar.start()

        yield report
