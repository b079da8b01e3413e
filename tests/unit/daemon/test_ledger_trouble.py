"""What the ledger does with a disk that takes nothing, and with records that no disk takes."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, Stage, voice
from tests.unit.daemon.parts import SNAPSHOT, START, Running, moderate, until
from voxguard.daemon import ledger as ledger_module
from voxguard.daemon.overflow import Overflow
from voxguard.model.decisions import Decision, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.outbox import (
    MemberRecord,
    OutboxBatch,
    OutboxError,
    OutboxLostError,
    OutcomeRecord,
    UnkeepableError,
)

MUTED = "rules: {r: {where: lobby, then: {mute: true}}}"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second here."""
    monkeypatch.setattr(ledger_module, "RETRY_SECONDS", 0.001)


def decisions_of(*users: UserId) -> list[Decision]:
    """A mute of each."""
    stage = Stage(MUTED)
    for user in users:
        stage.enter(user, LOBBY)
    return stage.decisions


def memory(user: UserId, state: bytes = b"known") -> MemberRecord:
    """What is remembered of a member."""
    return MemberRecord(GUILD, user, state)


async def test_what_is_said_again_waits_once() -> None:
    """However long the disk takes nothing, of each thing the newest word alone waits."""
    visit = Visit(UUID(int=1), GUILD, ALICE, ChannelId(1), START)
    pending = OutcomeRecord(UUID(int=2), START, Outcome.PENDING)
    over = replace(visit, left_at=START, end_reason=EndReason.LEFT)
    async with Running() as running:
        running.outbox.failures = 1_000_000
        running.ledger.record(members=[memory(BOB)])
        await until(lambda: running.ledger.failure)
        for number in range(10_000):
            pending = OutcomeRecord(UUID(int=2), START, Outcome.PENDING)
            state = str(number).encode()
            running.ledger.record(
                outcomes=[pending], visits=[visit], members=[memory(ALICE, state)]
            )
        running.ledger.record(visits=[over], outcomes=[replace(pending, outcome=Outcome.APPLIED)])
        running.ledger.record(visits=[visit], outcomes=[pending], meta={"a": "1"})
        running.ledger.record(meta={"a": "2"})
        assert not is_full(running)
        running.outbox.failures = 0
        await running.settled()
        batch = running.outbox.batches[-1]
        assert batch.members == (memory(ALICE, b"9999"),)
        assert batch.visits == (over,)
        assert [each.outcome for each in batch.outcomes] == [Outcome.APPLIED]
        assert batch.meta == {"a": "2"}


def is_full(running: Running) -> bool:
    """Whether the ledger asks for nothing new."""
    return running.ledger.is_full


async def test_a_full_ledger_asks_for_nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions, visits and notices count, for a disk that takes nothing and for no other."""
    monkeypatch.setattr(ledger_module, "MOST_WAITING", 4)
    async with Running() as running:
        running.ledger.record(decisions=decisions_of(ALICE, BOB) * 3)
        assert not is_full(running)
        running.outbox.failures = 1_000_000
        await until(lambda: running.ledger.failure)
        assert is_full(running)
        running.outbox.failures = 0
        await running.settled()
        running.outbox.failures = 1_000_000
        running.ledger.record(decisions=decisions_of(ALICE))
        await until(lambda: running.ledger.failure)
        running.ledger.record(decisions=decisions_of(BOB))
        running.ledger.set_revision("another")
        running.ledger.record(visits=[Visit(UUID(int=1), GUILD, ALICE, ChannelId(1), START)])
        assert not is_full(running)
        running.ledger.afterwards(lambda: None)
        assert is_full(running)
        running.outbox.failures = 0
        await running.settled()
        assert not is_full(running)


async def test_a_poison_record_is_left_out_and_the_rest_is_kept() -> None:
    """One record that cannot be kept keeps neither others from the disk nor their deeds undone."""
    mutes = decisions_of(ALICE, BOB)
    poison = replace(mutes[0], id=UUID(int=1), rule="poison")
    outcome = OutcomeRecord(UUID(int=2), START, Outcome.APPLIED)

    def refuses(batch: OutboxBatch) -> OutboxError | None:
        bad = poison in batch.decisions or "poison" in batch.meta
        return UnkeepableError("no", hint="report it") if bad else None

    async with Running() as running:
        running.outbox.refuses = refuses
        with capture_logs() as logs:
            running.ledger.record(
                decisions=[mutes[0], poison, mutes[1]],
                members=[memory(ALICE), memory(BOB)],
                outcomes=[outcome],
                meta={"poison": "x", "fine": "y"},
            )
            await running.settled()
        assert running.handed_on == mutes
        assert running.handed_back == [poison]
        kept = running.outbox.batches
        assert running.outbox.decisions == mutes
        assert [each for batch in kept for each in batch.members] == [memory(ALICE), memory(BOB)]
        assert [each for batch in kept for each in batch.outcomes] == [outcome]
        assert [dict(batch.meta) for batch in kept if batch.meta] == [{"fine": "y"}]
        assert kept[-1].alive_at == START
        assert running.ledger.left_out == 2
        assert running.ledger.failure is None
    assert [(line["event"], line["what"]) for line in logs] == [
        ("a record is left out", f"decision of member {ALICE} in guild {GUILD}"),
        ("a record is left out", "poison"),
    ]


async def test_whose_memory_cannot_be_kept_is_left_alone() -> None:
    """Nothing is done that the next start would not know of; that it was decided is recorded."""
    mutes = decisions_of(ALICE, BOB)

    def refuses(batch: OutboxBatch) -> OutboxError | None:
        return UnkeepableError("no") if memory(ALICE) in batch.members else None

    async with Running() as running:
        running.outbox.refuses = refuses
        running.ledger.record(decisions=mutes, members=[memory(ALICE), memory(BOB)])
        await running.settled()
        assert running.handed_on == [mutes[1]]
        assert running.handed_back == [mutes[0]]
        assert running.outbox.decisions == mutes


@pytest.mark.parametrize("kind", ["visit", "outcome", "alive"])
async def test_every_kind_of_record_is_named(kind: str) -> None:
    """Whoever reads the log learns what was left out."""
    visit = Visit(UUID(int=1), GUILD, ALICE, ChannelId(1), START)
    outcome = OutcomeRecord(UUID(int=2), START, Outcome.APPLIED)
    names = {
        "visit": f"visit of member {ALICE} in guild {GUILD}",
        "outcome": f"outcome of decision {UUID(int=2)}",
        "alive": "sign of life",
    }
    found = {"visit": "visits", "outcome": "outcomes", "alive": "alive_at"}[kind]

    def refuses(batch: OutboxBatch) -> OutboxError | None:
        return UnkeepableError("no") if getattr(batch, found) else None

    async with Running() as running:
        running.outbox.refuses = refuses
        with capture_logs() as logs:
            running.ledger.record(visits=[visit], outcomes=[outcome])
            await running.settled()
    assert [line["what"] for line in logs] == [names[kind]]


async def test_an_outbox_that_is_lost_ends_the_ledger() -> None:
    """Nobody goes on as if anything could still be recorded: the daemon ends with the reason."""
    running = Running()
    running.outbox.refuses = lambda _: OutboxLostError("it is damaged", hint="start again")
    running.ledger.record(decisions=decisions_of(ALICE))
    with capture_logs() as logs, pytest.raises(OutboxLostError):
        await running.ledger.run()
    assert running.ledger.failure == "it is damaged"
    assert logs[0]["hint"] == "start again"
    assert running.handed_on == []


async def test_overflow_lets_go_of_guilds_until_discord_shows_them_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While too much waits nothing is taken in; then everybody is decided by what is shown."""
    monkeypatch.setattr(ledger_module, "MOST_WAITING", 10)
    asked = asyncio.Event()
    async with Running() as running:
        moderator = moderate(running, MUTED)
        overflow = Overflow(running.ledger, moderator)
        overflow.start_over = asked.set
        moderator.take(voice(ALICE, LOBBY))
        await running.settled()
        running.outbox.failures = 1_000_000
        running.clock.forward(1)
        while not overflow.refuses():
            moderator.take(voice(BOB, LOBBY))
            moderator.take(voice(BOB, None))
            await asyncio.sleep(0)
        assert overflow.refuses()
        assert not asked.is_set()
        running.clock.forward(3600)
        running.outbox.failures = 0
        async with asyncio.timeout(5):
            await asked.wait()
        assert not overflow.refuses()
        ended = [v for batch in running.outbox.batches for v in batch.visits if v.left_at]
        last = [each for each in ended if each.user_id == ALICE]
        assert [each.left_at for each in last] == [START + timedelta(seconds=1)]
        assert [each.end_reason for each in last] == [EndReason.LOST]
        moderator.take(
            replace(
                SNAPSHOT, guild=replace(SNAPSHOT.guild, voice_states=(voice(ALICE, LOBBY).state,))
            )
        )
        await running.settled()
        assert [each.effect.value for each in running.handed_on[-2:]] == ["unmute", "mute"]
