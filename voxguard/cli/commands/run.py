"""`voxguard run`: the daemon."""

from pathlib import Path

import typer

from voxguard.cli.options import PathArgument, command_app, policy_path

app = command_app()


@app.command()
def run(
    path: PathArgument = None,
    observe: bool = typer.Option(
        False, "--observe", help="Decide and log, touch nobody, whatever the policies say."
    ),
    record: Path | None = typer.Option(
        None,
        "--record",
        metavar="FILE",
        help="Write what Discord says to FILE, a trace for voxguard simulate.",
    ),
) -> None:
    """Moderate: the daemon, until it is stopped."""
    import asyncio

    from voxguard.cli.render import write_warning
    from voxguard.daemon.logs import configure_logging
    from voxguard.daemon.runner import Options, run_daemon
    from voxguard.settings import load_settings, setting_warnings

    settings = load_settings()
    for warning in setting_warnings():
        write_warning(warning)
    configure_logging(settings.log_level, settings.log_format)
    # The directory in which it was started may go, and come again as another one.
    policies = policy_path(path).absolute()
    options = Options(policies=policies, settings=settings, observe=observe, record=record)
    asyncio.run(run_daemon(options))
