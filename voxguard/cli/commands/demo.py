"""`voxguard demo`: the daemon at work, without a Discord account and without a database."""

from pathlib import Path

import typer

from voxguard.cli.options import command_app

app = command_app()


@app.command()
def demo(
    speed: float = typer.Option(
        1.0, "--speed", min=0.5, max=5.0, help="How fast the story is told; 2 is twice as fast."
    ),
    picture: Path | None = typer.Option(
        None, "--picture", metavar="FILE", help="Also write the fullest screen to FILE, as SVG."
    ),
) -> int:
    """Show the daemon at work, without a Discord account.

    The daemon, an embedded PostgreSQL and a stand-in for Discord run on this machine for less
    than a minute, with members who follow a script. Nothing is left behind.
    """
    from voxguard.cli.demo.play import play_demo

    return play_demo(speed, picture)
