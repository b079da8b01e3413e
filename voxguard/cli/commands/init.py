"""`voxguard init`: a new repository for policies."""

import os
from pathlib import Path
from typing import Annotated

import typer

from voxguard.cli.options import command_app
from voxguard.errors import UsageError

app = command_app()

DirectoryArgument = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="Where to make it; it may exist. Default: the current directory.",
        show_default=False,
    ),
]


@app.command()
def init(directory: DirectoryArgument = ".") -> None:
    """Make a new policy repository.

    Sample policies with their tests, JSON Schemas and settings for editors, checks for GitHub
    Actions and pre-commit, and a README. It lints clean and passes its tests as it is.

    Nothing is written over: where a file is in the way, nothing is made at all.
    """
    from voxguard.cli.scaffold.content import POLICIES, repository_files
    from voxguard.cli.scaffold.place import create, in_the_way

    if not directory:
        raise UsageError("the directory's name is empty")
    target = Path(directory)
    shown = _named(target)
    files = repository_files()
    try:
        _check_target(target)
        _refuse(in_the_way(target, files, whole=POLICIES), shown)
        create(target, files)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"no repository could be made in {shown}: {reason}",
            hint="nothing of it was left behind",
        ) from None
    _say_what_is_next(target, shown, len(files))


def _check_target(target: Path) -> None:
    there = [path for path in (target, *target.parents) if os.path.lexists(path)]
    if there and not there[0].is_dir():
        raise UsageError(f"{there[0]} is not a directory")


def _named(target: Path) -> Path:
    """The directory as messages name it."""
    try:
        return Path.cwd() if target == Path() else target
    except FileNotFoundError:
        # The current directory has been removed.
        return target


def _refuse(found: list[str], shown: Path) -> None:
    if found:
        raise UsageError(
            f"this is in the way in {shown}: {', '.join(found)}",
            hint="nothing was written; move it elsewhere, or choose another directory",
        )


def _say_what_is_next(target: Path, shown: Path, count: int) -> None:
    from shlex import quote

    from voxguard.cli import render
    from voxguard.cli.scaffold.content import GUILD

    steps = [
        ("voxguard lint", "finds nothing: all is in order as it is"),
        ("voxguard test --coverage", "all pass"),
        (GUILD, "put your guild's ids where it says placeholder"),
        ("README.md", "says what is where"),
        ("git init && git add . && git commit", "keeps the history"),
    ]
    if target != Path():
        steps.insert(0, (f"cd {quote(str(target))}", ""))
    width = max(len(step) for step, _ in steps[-5:])
    lines = [f"A policy repository of {count} files is in {shown}.", "", "Next:"]
    lines += [f"  {step.ljust(width)}  {what}".rstrip() for step, what in steps]
    for line in lines:
        render.write_line(render.printable(line))
