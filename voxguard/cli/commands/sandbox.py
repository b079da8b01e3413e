"""`voxguard sandbox`: a Discord of one's own, for trying policies and the daemon."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxguard.cli import render
from voxguard.cli.options import command_app

if TYPE_CHECKING:
    from voxguard.sandbox.journal import Sighting
    from voxguard.sandbox.sandbox import Sandbox
    from voxguard.sandbox.scenario import Scenario

app = command_app()

_STYLES = {"rest": "cyan", "gateway": "magenta", "world": "green", "scenario": "yellow"}


@app.command()
def sandbox(
    world: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Guilds, channels, roles and members. Default: a small guild."
        ),
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What happens when; see docs/sandbox.md.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 0,
    token: Annotated[
        str | None,
        typer.Option(
            help="The token that the bot must present. Default: the world's.", show_default=False
        ),
    ] = None,
) -> None:
    """Play Discord locally, for a daemon to connect to.

    Shows what the daemon asks and what happens, until it is interrupted. Whoever reaches the
    port can steer it, so keep it to this machine.
    """
    import asyncio

    from voxguard.sandbox.files.scenario_file import read_scenario
    from voxguard.sandbox.sandbox import Sandbox

    script = None if scenario is None else read_scenario(scenario)
    stand_in = Sandbox(world, host=host, port=port, token=token, listener=_show)
    asyncio.run(_serve(stand_in, script))


async def _serve(sandbox: "Sandbox", scenario: "Scenario | None") -> None:
    import asyncio
    import signal

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with sandbox, asyncio.TaskGroup() as tasks:
        _introduce(sandbox)
        player = None if scenario is None else tasks.create_task(scenario.play(sandbox))
        await stop.wait()
        if player is not None:
            player.cancel()


def _introduce(sandbox: "Sandbox") -> None:
    """Say where it listens, in lines that a shell can take."""
    from rich.text import Text

    output = render.output()
    output.print(Text(f"# The sandbox listens on {sandbox.base_url}", style="dim"))
    output.print(Text(f"VOXGUARD_DISCORD_API={sandbox.api_url}"))
    output.print(Text(f"DISCORD_TOKEN={sandbox.token}"))


def _show(sighting: "Sighting") -> None:
    from rich.text import Text

    style = "red" if sighting.is_refusal else _STYLES[sighting.source]
    line = Text.assemble(
        (f"{sighting.at:%H:%M:%S.%f}"[:-3], "dim"),
        " ",
        (f"{sighting.source:<8}", style),
        " ",
        render.printable(sighting.text).replace("\n", " "),
    )
    render.output().print(line)
