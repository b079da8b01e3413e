import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hikari.impl import shard as hikari_shard

from tests.unit.discord.tools import Listener, running
from voxguard.discord import pacing, starts
from voxguard.discord.app import App
from voxguard.sandbox.gateway.connection import Connection
from voxguard.sandbox.gateway.hub import Hub

CONNECTIONS = 12
HEARTBEAT_SECONDS = 41.25


class VirtualPauses:
    """An asyncio in which whoever pauses goes on at once, and the clock goes forward by as much."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever asyncio has
        return getattr(asyncio, name)

    def get_running_loop(self) -> "VirtualPauses":
        """Whoever asks for the loop wants to know the time."""
        return self

    def time(self) -> float:
        """The seconds of a loop in which the pauses were real."""
        return asyncio.get_running_loop().time() + self.seconds

    async def sleep(self, seconds: float) -> None:
        """Pause; the heart goes on beating beside whatever else happens."""
        if seconds == HEARTBEAT_SECONDS:
            await asyncio.sleep(seconds)
        else:
            self.seconds += seconds
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("trouble", "least_seconds"),
    [
        (lambda there: there.send_op(9, data=False), 4.9),
        (lambda there: there.send_op(9, data=True), 1.0),
        (lambda there: there.send_op(7), 1.0),
        (lambda there: there.close(4000, ""), 1.0),
        (lambda there: there.close(4001, ""), 4.9),
        (lambda there: there.close(4011, ""), 4.9),
        (lambda there: there.send(b"no JSON"), 1.0),
    ],
    ids=["op 9", "op 9, resumable", "op 7", "4000", "4001", "4011", "damage"],
)
async def test_it_never_spins(
    app: App,
    listener: Listener,
    trouble: Callable[[Connection], None],
    least_seconds: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever meets each connection at once, the next is made after a while only."""
    made: list[float] = []
    pauses = VirtualPauses()
    for module in (pacing, starts, hikari_shard):
        monkeypatch.setattr(module, "asyncio", pauses)
    begin, resume = Hub.begin, Hub.resume

    def spoilt_begin(
        hub: Hub, there: Connection, host: str, intents: int, shard: tuple[int, int]
    ) -> None:
        begin(hub, there, host, intents, shard)
        spoil(there)

    def spoilt_resume(hub: Hub, there: Connection, session_id: str, sequence: int) -> bool:
        resumed = resume(hub, there, session_id, sequence)
        spoil(there)
        return resumed

    def spoil(there: Connection) -> None:
        made.append(pauses.time())
        trouble(there)

    monkeypatch.setattr(Hub, "begin", spoilt_begin)
    monkeypatch.setattr(Hub, "resume", spoilt_resume)
    async with running(app, listener):
        await listener.wait_for(lambda: len(made) >= CONNECTIONS, 30)
    assert (made[-1] - made[0]) / (len(made) - 1) >= least_seconds
