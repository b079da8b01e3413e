import asyncio

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC
from tests.unit.daemon.parts import Running, until
from tests.unit.daemon.second_look import Rig
from voxguard.daemon import reconcile
from voxguard.model.events import GuildVanished
from voxguard.model.ids import UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import GatewayStatus
from voxguard.ports.reconciliation import Looked


async def test_nothing_is_asked_while_there_is_something_to_do() -> None:
    """Decisions that can be sent go first, and without a connection there is nothing to compare."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(BOB, MUSIC))
        rig.world.stats.waiting, rig.world.stats.pending = 3, 2
        rig.world.status = GatewayStatus()
        task = asyncio.create_task(rig.reconciler.round())
        await until(lambda: rig.world.seen_busy > 3)
        rig.world.status = GatewayStatus(1, frozenset({0}))
        seen = rig.world.seen_busy
        await until(lambda: rig.world.seen_busy > seen + 3)
        assert rig.world.asked == []
        rig.world.stats.deferred = 1
        await task
        assert rig.world.asked == [BOB]


async def test_what_is_refused_is_not_asked_again() -> None:
    """One refusal closes a channel for the round, ten end it, and it is said once."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, MUSIC), VoiceState(BOB, MUSIC))
        rig.world.answer = lambda _: Looked(None, "it answers 403", refused=True)
        with capture_logs() as logs:
            for _ in range(2):
                await rig.reconciler.round()
        assert len(rig.world.asked) == 2
        assert (rig.stats.unanswered, rig.stats.asked) == (2, 2)
        assert [line["why"] for line in logs] == ["it answers 403"]


async def test_too_many_refusals_end_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """They count towards a ban of the address, whichever channel they are about."""
    monkeypatch.setattr(reconcile, "MOST_REFUSALS", 1)
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, MUSIC), VoiceState(BOB, LOBBY))
        rig.world.answer = lambda _: Looked(None, "it answers 403", refused=True)
        await rig.reconciler.round()
        assert len(rig.world.asked) == 1


async def test_a_bucket_that_is_empty_is_waited_for() -> None:
    """What Discord asks for is kept to; no answer is no refusal."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, MUSIC), VoiceState(BOB, MUSIC))
        rig.world.answer = lambda _: Looked(None, "slow down", pause_seconds=0.2)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await rig.reconciler.round()
        assert loop.time() - began >= 0.2
        assert rig.stats.unanswered == 2


async def test_a_guild_that_is_away_is_not_asked_after() -> None:
    """Nor is whoever is in a guild without policies, or in one that vanishes meanwhile."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, MUSIC))
        task = asyncio.create_task(rig.reconciler.round())
        await asyncio.sleep(0)
        rig.moderator.take(GuildVanished(GUILD))
        await task
        await rig.reconciler.round()
        assert rig.world.asked == []


async def test_it_goes_round_and_round_whatever_happens() -> None:
    """An error that nobody thought of ends a round and nothing else."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, MUSIC))

        def fail(_: UserId) -> Looked | None:
            if len(rig.world.asked) == 1:
                raise ZeroDivisionError
            return None

        rig.world.answer = fail
        with capture_logs() as logs:
            task = asyncio.create_task(rig.reconciler.run())
            await until(lambda: rig.stats.rounds == 2)
            task.cancel()
        assert [line["event"] for line in logs] == ["a round of reconciliation has ended early"]
