from uuid import UUID

import pytest

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, MUSIC, Stage, voice
from tests.unit.daemon.parts import Running
from voxguard.daemon.moderator import Moderator
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.visits import EndReason
from voxguard.model.world import VoiceState
from voxguard.policy.effects.base import MUTE
from voxguard.ports.discord import MemberEdit
from voxguard.ports.outbox import OutcomeRecord

OUT = "rules: {out: {where: lobby, then: {disconnect: true}}}"
AWAY = "rules: {away: {where: lobby, then: {move: afk}}}"


class Discord:
    """A moderator whose placements are answered, with and without a report of them."""

    def __init__(self, running: Running, policies: str) -> None:
        self.running = running
        self.stage = Stage(policies)
        now = running.clock.now
        self.moderator = Moderator(self.stage.engine, running.ledger, now, running.events.append)

    async def decisions(self) -> list[Decision]:
        """Everything that was decided so far."""
        await self.running.settled()
        return self.running.outbox.decisions

    async def confirm(self, outcome: Outcome = Outcome.APPLIED) -> None:
        """Discord answers the latest decision."""
        decision = (await self.decisions())[-1]
        record = OutcomeRecord(decision.id, decision.decided_at, outcome)
        self.moderator.resolve(decision, record)

    async def shows(self, *states: VoiceState) -> int:
        """How many decisions there are once a snapshot of a new session has come."""
        self.running.clock.forward(1)
        self.moderator.take(self.stage.snapshot(voice=states))
        return len(await self.decisions())


IN_LOBBY = VoiceState(ALICE, LOBBY)


@pytest.mark.parametrize("policies", [OUT, AWAY])
async def test_who_came_back_unseen_is_acted_on_anew(policies: str) -> None:
    """A member whose placement was answered, and whom the next snapshot shows there, is new."""
    async with Running() as running:
        discord = Discord(running, policies)
        discord.moderator.take(voice(ALICE, LOBBY))
        await discord.confirm()
        assert await discord.shows(IN_LOBBY) == 2
        visits: dict[UUID, EndReason | None] = {
            visit.id: visit.end_reason for batch in running.outbox.batches for visit in batch.visits
        }
        assert next(iter(visits.values())) is EndReason.VOXGUARD
        assert list(visits.values())[-1] is None
        assert await discord.shows(IN_LOBBY) == 2


@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.UNKNOWN])
async def test_who_was_not_put_elsewhere_has_stayed(outcome: Outcome) -> None:
    """Without an answer that it was done a snapshot of the same channel changes nothing."""
    async with Running() as running:
        discord = Discord(running, OUT)
        discord.moderator.take(voice(ALICE, LOBBY))
        await discord.confirm(outcome)
        assert await discord.shows(IN_LOBBY) == 1


async def test_a_report_is_no_longer_missed_once_it_has_come() -> None:
    """Whoever was reported gone, or elsewhere, is nobody to ask a snapshot about."""
    async with Running() as running:
        discord = Discord(running, AWAY)
        discord.moderator.take(voice(ALICE, LOBBY))
        await discord.confirm()
        discord.moderator.take(voice(ALICE, LOBBY, self_mute=True))
        discord.moderator.take(voice(ALICE, AFK))
        assert await discord.shows(VoiceState(ALICE, AFK)) == 1


async def test_an_answer_that_comes_after_its_report_is_nothing_new() -> None:
    """The order of answer and report does not matter."""
    async with Running() as running:
        discord = Discord(running, OUT)
        discord.moderator.take(voice(ALICE, LOBBY))
        await discord.decisions()
        running.clock.forward(1)
        discord.moderator.take(voice(ALICE, None))
        await discord.confirm()
        discord.moderator.take(voice(ALICE, MUSIC), voice(BOB, MUSIC))
        assert await discord.shows(VoiceState(ALICE, MUSIC), VoiceState(BOB, MUSIC)) == 1


async def test_who_is_elsewhere_or_nowhere_now_is_left_to_the_snapshot() -> None:
    """A snapshot that shows the placement's effect needs no report besides."""
    async with Running() as running:
        discord = Discord(running, OUT)
        for state in ((VoiceState(ALICE, MUSIC),), ()):
            discord.moderator.take(voice(ALICE, LOBBY))
            await discord.confirm()
            count = len(await discord.decisions())
            assert await discord.shows(*state) == count
            running.clock.forward(1)
            discord.moderator.take(voice(ALICE, None))
            running.clock.forward(1)


async def test_the_report_that_was_lost_says_nothing_of_mutes() -> None:
    """Who was muted by a rule, moved, and has come back unseen, is muted by the rule still."""
    rules = "rules: {away: {where: lobby, for: 5m, then: {move: afk}}, quiet: {then: {mute: true}}}"
    async with Running() as running:
        discord = Discord(running, rules)
        discord.moderator.take(voice(ALICE, LOBBY))
        await running.settled()
        discord.moderator.attribution.sent(GUILD, ALICE, MemberEdit(mute=True))
        discord.moderator.take(voice(ALICE, LOBBY, guild_mute=True))
        running.clock.forward(300)
        discord.moderator.take()
        await discord.confirm()
        count = len(await discord.decisions())
        assert await discord.shows(VoiceState(ALICE, LOBBY, guild_mute=True)) == count
        assert [each.effect for each in await discord.decisions()] == [Effect.MUTE, Effect.MOVE]
        assert MUTE in discord.stage.member(ALICE).enforced.leases
