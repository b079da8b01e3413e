import asyncio
from pathlib import Path

from tests.unit.sandbox.tools import ManualClock
from voxguard.sandbox.files.scenario_file import read_scenario
from voxguard.sandbox.journal import Sighting, Source
from voxguard.sandbox.sandbox import Sandbox

WORLD = """
version: 1
guilds:
  harbour:
    channels: {lobby: {}}
    members: {alice: {}, bob: {}}
"""


def scenario_text(head: str) -> str:
    """A scenario in which Alice does this and that."""
    return f"""
version: 1
{head}
steps:
  - {{at: 0s, do: join, member: alice, channel: lobby}}
  - {{at: 30s, do: move, member: alice, channel: cellar}}
  - {{at: 30s, do: leave, member: bob}}
  - {{at: 1m, do: leave, member: alice}}
"""


async def test_steps_happen_at_their_times(tmp_path: Path, clock: ManualClock) -> None:
    """Each step comes at its time divided by the speed; what cannot be done is passed over."""
    path = tmp_path / "scenario.yaml"
    path.write_text(scenario_text("begin: now\nspeed: 2"))
    seen: list[Sighting] = []
    world = tmp_path / "world.yaml"
    world.write_text(WORLD)
    sandbox = Sandbox(world, clock=clock, listener=seen.append)
    began_at = clock.now()
    await read_scenario(path).play(sandbox)
    assert [
        ((item.at - began_at).total_seconds(), item.text.removeprefix(f"{path}:")) for item in seen
    ] == [
        (0.0, "harbour: alice joins lobby"),
        (
            15.0,
            "7:5: there is no 'cellar' in guild harbour; there are: lobby",
        ),
        (15.0, "8:5: bob is not connected to voice"),
        (30.0, "harbour: alice leaves lobby"),
        (30.0, "the scenario is over"),
    ]
    assert [item.source for item in seen if item.is_refusal] == [Source.SCENARIO] * 2


async def test_a_scenario_waits_for_the_bot(tmp_path: Path, clock: ManualClock) -> None:
    """Where it is not said otherwise, nothing happens before a bot is there."""
    path = tmp_path / "scenario.yaml"
    path.write_text(scenario_text("begin: connected"))
    sandbox = Sandbox(clock=clock)
    play = asyncio.create_task(read_scenario(path).play(sandbox, patience_seconds=0.01))
    (done,) = (await asyncio.wait([play]))[0]
    assert isinstance(done.exception(), TimeoutError)
    assert not sandbox.world.only_guild().connected()
