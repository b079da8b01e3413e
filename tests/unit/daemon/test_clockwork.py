"""What the daemon makes of a clock that was stepped, and of a time in which it slept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, START, make_index, voice
from tests.unit.daemon.parts import SNAPSHOT, Running, until
from voxguard.daemon import clockwork as clockwork_module
from voxguard.daemon.clock import WallClock
from voxguard.daemon.clockwork import Clockwork
from voxguard.daemon.ledger import Ledger
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.engine.memory import recall

LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"


class Works:
    """A moderator on a machine whose clock can be set, and what it has recorded."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.seconds = 0.0
        self.ahead = 0.0
        self.slept = 0
        self.clock = WallClock(self.read, lambda: self.seconds)
        running.ledger = Ledger(running.outbox, self.clock.now, running.handed_on.extend)
        self.moderator = Moderator(Engine(), running.ledger, self.clock.now, running.events.append)
        self.clockwork = Clockwork(self.clock, self.moderator)
        self.clockwork.on_sleep = self.note_sleep
        self.moved: list[datetime] = []
        self.clockwork.on_step = lambda past: self.moved.append(past(START))
        self.moderator.activate(make_index(LIMIT))
        self.moderator.take(SNAPSHOT)

    def read(self) -> datetime:
        """What the machine's clock shows."""
        return START + timedelta(seconds=self.seconds + self.ahead)

    def watch_until(self, seconds: float) -> None:
        """Let time pass, with a look at the clock every few seconds."""
        while self.seconds < seconds:
            self.seconds = min(seconds, self.seconds + 30)
            self.moderator._wake()

    def note_sleep(self) -> None:
        """Count how often Discord was to be looked at anew."""
        self.slept += 1

    @property
    def decided(self) -> list[float]:
        """When something was decided, in seconds since the start."""
        return [(each.decided_at - START).total_seconds() for each in self.running.handed_on]

    async def settled(self) -> None:
        """Wait until everything is on disk."""
        async with asyncio.timeout(5):
            await self.running.ledger.settled()


@pytest.fixture
async def works() -> AsyncIterator[Works]:
    """One at work."""
    running = Running()
    made = Works(running)
    async with running:
        yield made
    made.moderator.stop()


async def test_a_step_is_taken_in_before_anything_is_decided(works: Works) -> None:
    """Set forward by an hour, nobody's hour is over, and the log says what has happened."""
    works.moderator.take(voice(ALICE, LOBBY))
    works.seconds, works.ahead = 5, 3600
    with capture_logs() as logs:
        works.moderator.take(voice(BOB, LOBBY))
    (line,) = [line for line in logs if "stepped" in line["event"]]
    assert line["seconds"] == 3600
    await works.settled()
    assert works.decided == []
    works.watch_until(3600)
    await works.settled()
    assert works.decided == [7200]
    assert works.slept == 0
    assert works.moved == [START + timedelta(hours=1)]


async def test_a_clock_that_is_set_back_delays_nothing(works: Works) -> None:
    """An hour has passed after an hour."""
    works.moderator.take(voice(ALICE, LOBBY))
    works.seconds, works.ahead = 10, -3600
    works.moderator._wake()
    works.watch_until(3600.5)
    await works.settled()
    assert works.decided == [0]


async def test_what_is_on_disk_is_of_one_clock(works: Works) -> None:
    """The sign of life that finds a step carries the memories as the new clock tells them."""
    works.moderator.take(voice(ALICE, LOBBY))
    await works.settled()
    works.seconds, works.ahead = 5, -3600
    works.running.ledger.record()
    await works.settled()
    now = START + timedelta(seconds=5 - 3600)
    batch = next(each for each in works.running.outbox.batches if each.alive_at == now)
    (record,) = batch.members
    assert record.state is not None
    assert recall(GUILD, ALICE, record.state).here_since == START - timedelta(seconds=3600)


async def test_who_slept_decides_nothing_before_discord_has_shown_everything(
    works: Works,
) -> None:
    """What fell due meanwhile is nobody's knowledge; new sessions are begun."""
    works.moderator.take(voice(ALICE, LOBBY))
    works.seconds = 4000
    with capture_logs() as logs:
        works.moderator._wake()
    assert [line["seconds"] for line in logs if "nobody has watched" in line["event"]] == [4000]
    await works.settled()
    assert (works.decided, works.slept) == ([], 1)
    works.moderator.take(SNAPSHOT)
    works.moderator.take(voice(ALICE, AFK))
    await works.settled()
    assert works.decided == []
    lost = [v for batch in works.running.outbox.batches for v in batch.visits if v.left_at]
    assert [visit.left_at for visit in lost] == [START]


async def test_nobody_has_to_look_at_discord(works: Works) -> None:
    """Without a gateway to begin anew the guilds wait all the same."""
    works.clockwork.on_sleep = None
    works.seconds = 4000
    works.clock.now()
    guild = works.moderator.engine.guild(GUILD)
    assert guild is not None
    assert not guild.available


async def test_the_clock_is_looked_at_where_nobody_asks(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every few seconds, so that who has not looked for a minute has slept."""
    monkeypatch.setattr(clockwork_module, "LOOK_SECONDS", 0.001)
    task = asyncio.create_task(works.clockwork.run())
    try:
        works.ahead = 50
        guild = works.moderator.engine.guild(GUILD)
        works.moderator.take(voice(ALICE, LOBBY))
        assert guild is not None
        works.ahead = 100
        begun_at = guild.members[ALICE].here_since
        await until(lambda: guild.members[ALICE].here_since != begun_at)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
