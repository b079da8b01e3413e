import asyncio
from datetime import UTC, datetime

from tests.unit.daemon.enforcement.bench import AFK_ID, ALICE, BOB, GUILD_ID, want
from tests.unit.daemon.enforcement.tools import FakeBudgets, PlainTexts
from voxguard.daemon.enforcement.enforcer import Enforcer
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Act, Answer, Applied
from voxguard.ports.enforcement import Knowledge, OnOutcome
from voxguard.ports.outbox import OutcomeRecord


class Breaking:
    """An actor with a bug."""

    def __init__(self) -> None:
        self.calls = 0

    async def act(self, _guild: GuildId, _user: UserId, _act: Act, _reason: str) -> Answer:
        """Fail the first time."""
        self.calls += 1
        if self.calls == 1:
            raise ZeroDivisionError
        return Applied()


class Connected:
    """Everybody is in the same channel, and nobody has a role."""

    def voice_state(self, _guild_id: GuildId, user_id: UserId) -> VoiceState:
        """A voice state that never changes."""
        return VoiceState(user_id, AFK_ID)

    def roles(self, _guild_id: GuildId, _user_id: UserId) -> frozenset[RoleId]:
        """Roles that never change."""
        return frozenset()


def enforcer_of(actor: Breaking, on_outcome: OnOutcome) -> Enforcer:
    """An enforcer of which everything is wanted."""
    return Enforcer(
        actor,
        Knowledge(Connected(), PlainTexts(), FakeBudgets(), lambda _: True),
        on_outcome,
        now=lambda: datetime.now(UTC),
        afterwards=lambda notice: notice(),
    )


async def test_a_bug_in_the_actor_loses_no_decision() -> None:
    """What could not even be asked for is tried again."""
    told = asyncio.Queue[OutcomeRecord]()
    actor = Breaking()
    enforcer = enforcer_of(actor, lambda _, record: told.put_nowait(record))
    enforcer.submit([want(Effect.MUTE)])
    async with asyncio.timeout(5):
        assert (await told.get()).outcome is Outcome.APPLIED
    assert actor.calls == 2
    await enforcer.close(1.0)


async def test_whoever_is_told_may_submit_more() -> None:
    """An outcome that leads to another decision does not confuse the queue."""
    told: list[Outcome] = []
    done = asyncio.Event()

    def on_outcome(_decision: Decision, record: OutcomeRecord) -> None:
        assert record.outcome is not None
        told.append(record.outcome)
        if len(told) < 3:
            enforcer.submit([want(Effect.UNMUTE, BOB)])
        else:
            done.set()

    enforcer = enforcer_of(Breaking(), on_outcome)
    enforcer.submit([want(Effect.UNMUTE, ALICE)])
    async with asyncio.timeout(5):
        await done.wait()
    assert told == [Outcome.APPLIED] * 3
    enforcer.member_removed(GUILD_ID, UserId(BOB))
