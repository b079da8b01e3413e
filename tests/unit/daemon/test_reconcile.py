import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, BOB, CAROL, GUILD, LOBBY, MUSIC, STAGE, make_index
from tests.unit.daemon.parts import Running, moderate, until
from voxguard.daemon import reconcile
from voxguard.daemon.moderator import Moderator
from voxguard.daemon.reconcile import Pace, Reconciler, Surroundings, as_dispatch, compare
from voxguard.model.events import GuildVanished
from voxguard.model.ids import GuildId, UserId
from voxguard.model.payloads import parse_voice_state
from voxguard.model.world import VoiceState
from voxguard.ports.discord import GatewayStatus
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.reconciliation import Drift, Looked, ReconciliationStats

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
HELD = "rules: {quiet: {where: lobby, then: {mute: true, hold: 1h}}}"
QUICK = Pace(round_seconds=0.01, least_seconds=0.001, sure_seconds=0.005, busy_seconds=0.001)


class World:
    """Where members really are; may refuse to say so, and may have something better to do."""

    def __init__(self) -> None:
        self.states: dict[UserId, VoiceState] = {}
        self.answer: Callable[[UserId], Looked | None] = lambda _: None
        self.asked: list[UserId] = []
        self.renewed: list[GuildId] = []
        self.stats = EnforcementStats()
        self.seen_busy = 0
        self.status = GatewayStatus(1, frozenset({0}))

    async def look(self, _guild_id: GuildId, user_id: UserId) -> Looked:
        """What Discord says."""
        self.asked.append(user_id)
        await asyncio.sleep(0)
        return self.answer(user_id) or Looked(self.states.get(user_id, VoiceState(user_id, None)))

    def enforcement(self) -> EnforcementStats:
        """What there is to do."""
        self.seen_busy += 1
        return self.stats

    def renew(self, guild_id: GuildId) -> bool:
        """As the gateway does it."""
        self.renewed.append(guild_id)
        return True

    async def run(self) -> None:
        """Never called."""

    async def close(self) -> None:
        """Never called."""


class Rig:
    """A moderator, what it was told, and one who compares that with the world."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.moderator: Moderator = moderate(running, QUIET)
        self.world = World()
        self.stats = ReconciliationStats()
        self.reports: list[Mapping[str, Any]] = []
        self.reconciler = Reconciler(
            self.moderator.engine,
            self.world,
            self._report,
            self.stats,
            Surroundings(self.world, self.world.enforcement),
            QUICK,
        )

    def told(self, *states: VoiceState) -> None:
        """Discord has reported these, and they are so."""
        for state in states:
            self.world.states[state.user_id] = state
            self.moderator.dispatch("VOICE_STATE_UPDATE", as_dispatch(GUILD, state))

    def _report(self, name: str, payload: Mapping[str, Any]) -> None:
        self.reports.append(payload)
        self.moderator.dispatch(name, payload)

    def channel(self, user: UserId) -> object:
        """Where the engine takes a member to be."""
        guild = self.moderator.engine.guild(GUILD)
        assert guild is not None
        member = guild.members.get(user)
        return member.channel_id if member is not None and member.connected else None


async def test_what_agrees_is_left_alone() -> None:
    """Everybody is asked after once, and nothing is reported."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(BOB, MUSIC, self_mute=True))
        with capture_logs() as logs:
            await rig.reconciler.round()
        assert sorted(rig.world.asked) == [ALICE, BOB]
        assert (rig.reports, rig.world.renewed, logs) == ([], [], [])
        assert (rig.stats.rounds, rig.stats.asked, sum(rig.stats.drift.values())) == (1, 2, 0)


async def test_whoever_is_otherwise_is_put_right_as_by_a_report() -> None:
    """Gone, elsewhere, or muted: told in one line, counted by kind, and decided."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(BOB, MUSIC), VoiceState(CAROL, STAGE))
        rig.world.states = {
            BOB: VoiceState(BOB, LOBBY),
            CAROL: VoiceState(CAROL, STAGE, suppressed=True),
        }
        with capture_logs() as logs:
            await rig.reconciler.round()
        await running.settled()
        assert (rig.channel(ALICE), rig.channel(BOB)) == (None, LOBBY)
        decided = [(each.user_id, each.effect.value) for each in running.handed_on]
        assert sorted(decided) == [(ALICE, "mute"), (ALICE, "unmute"), (BOB, "mute")]
        found = {Drift.GONE: 1, Drift.ELSEWHERE: 1, Drift.FLAGS: 1, Drift.UNSEEN: 0}
        assert rig.stats.drift == found
        assert rig.world.renewed == [GUILD]
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == [
            "members were not as reported; put right"
        ]
        assert sorted(rig.world.asked) == sorted(2 * [ALICE, BOB, CAROL])
        await rig.reconciler.round()
        assert len(rig.reports) == 3


async def test_whoever_waits_for_a_release_is_asked_after_too() -> None:
    """Somebody with a lease who is there unseen is decided as if they had just come."""
    async with Running() as running:
        rig = Rig(running)
        rig.moderator.activate(make_index(HELD))
        rig.told(VoiceState(ALICE, LOBBY), VoiceState(ALICE, None))
        rig.world.states[ALICE] = VoiceState(ALICE, MUSIC, guild_mute=True)
        await rig.reconciler.round()
        assert rig.channel(ALICE) == MUSIC
        assert rig.stats.drift[Drift.UNSEEN] == 1


async def test_flags_alone_are_no_reason_for_another_session() -> None:
    """No joining has been missed then."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(BOB, MUSIC))
        rig.world.states[BOB] = VoiceState(BOB, MUSIC, camera=True)
        await rig.reconciler.round()
        assert (rig.stats.drift[Drift.FLAGS], rig.world.renewed) == (1, [])


async def test_a_report_that_is_on_its_way_is_no_drift() -> None:
    """Whoever differs is asked after again, by when the report has come; and a report wins."""
    async with Running() as running:
        rig = Rig(running)
        rig.told(VoiceState(BOB, MUSIC), VoiceState(CAROL, MUSIC))

        def answer(user_id: UserId) -> Looked | None:
            if user_id == CAROL:
                # It comes while the question is under way, and is newer than the answer.
                rig.told(VoiceState(CAROL, LOBBY))
                return Looked(VoiceState(CAROL, None))
            first = rig.world.asked.count(BOB) == 1
            if first:
                asyncio.get_running_loop().call_soon(rig.told, VoiceState(BOB, STAGE))
            return Looked(VoiceState(BOB, STAGE))

        rig.world.answer = answer
        await rig.reconciler.round()
        assert (rig.reports, sum(rig.stats.drift.values())) == ([], 0)


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


def test_a_voice_state_as_a_dispatch_says_the_same() -> None:
    """What is reported in this way is understood as it was meant."""
    state = VoiceState(ALICE, LOBBY, True, False, True, False, True, False, True)
    assert parse_voice_state(as_dispatch(GUILD, state)) == state
    assert parse_voice_state(as_dispatch(GUILD, VoiceState(ALICE, None))).channel_id is None


def test_kinds_of_drift() -> None:
    """Where somebody is comes before how they are there; of who is away nothing else counts."""
    here, there = VoiceState(ALICE, LOBBY), VoiceState(ALICE, MUSIC, camera=True)
    away = VoiceState(ALICE, None)
    assert compare(here, here) is None
    assert compare(here, there) is Drift.ELSEWHERE
    assert compare(here, away) is Drift.GONE
    assert compare(away, here) is Drift.UNSEEN
    assert compare(away, VoiceState(ALICE, None, guild_mute=True)) is None
    assert compare(here, VoiceState(ALICE, LOBBY, self_deaf=True)) is Drift.FLAGS
