"""Engine, ledger and enforcement before a sandbox, with decisions that are made by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from tests.unit.daemon.enforcement.bench import ALICE, DJ_ID, GUILD, GUILD_ID, LOBBY_ID, LOG_ID
from tests.unit.daemon.enforcement.tools import decide
from tests.unit.daemon.parts import MemoryOutbox, until
from voxguard.daemon.background import Background
from voxguard.daemon.clock import WallClock
from voxguard.daemon.core import Core
from voxguard.daemon.fuse_record import FUSES
from voxguard.daemon.voices import EngineVoices
from voxguard.discord.app import open_app
from voxguard.discord.gateway import HikariGateway
from voxguard.discord.rest import DiscordActor
from voxguard.engine.compile import compile_policies
from voxguard.engine.fuse_memory import remember_fuses
from voxguard.engine.fuses import FuseCounter
from voxguard.engine.state import GuildState
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.model.limits import DEFAULT_BUDGET
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.ports.discord import Act, Answer
from voxguard.ports.outbox import OutboxBatch, OutboxState
from voxguard.sandbox.sandbox import Sandbox
from voxguard.store.outbox import FileOutbox

POLICIES = f"""
version: 1
guild: {{id: "{GUILD_ID}"}}
rules:
  rule: {{description: Be kind., who: {{members: ["5"]}}, then: {{mute: true}}}}
"""


def made(effect: Effect, **params: object) -> Decision:
    """A decision about alice, of now."""
    decision = decide(effect, ALICE, guild=GUILD_ID, params=params, channel=LOBBY_ID)
    return replace(decision, id=uuid4(), decided_at=datetime.now(UTC))


class Running:
    """A core at work, and the outcomes that are on disk."""

    def __init__(self, core: Core, outbox: FileOutbox) -> None:
        self.core = core
        self.outbox = outbox
        self.outcomes: dict[UUID, list[Outcome | None]] = {}
        core.ledger.subscribe(self._read)

    def _read(self, batch: OutboxBatch) -> None:
        for record in batch.outcomes:
            self.outcomes.setdefault(record.decision_id, []).append(record.outcome)

    async def ends(self, *decisions: Decision) -> list[Outcome | None]:
        """The final outcomes of decisions, once they are there."""
        await until(lambda: all(self.last(each) in FINAL for each in decisions))
        return [self.last(each) for each in decisions]

    def last(self, decision: Decision) -> Outcome | None:
        """What was told last."""
        return self.outcomes.get(decision.id, [None])[-1]


FINAL = [outcome for outcome in Outcome if outcome.is_final]


@asynccontextmanager
async def running(sandbox: Sandbox, file: Path) -> AsyncIterator[Running]:
    """A daemon's core with its outbox and its connection to the sandbox."""
    outbox = await FileOutbox.open(file)
    policies = load_sources(Sources({"guild.yaml": POLICIES.encode()}, {})).policy_set
    assert policies is not None
    async with open_app(sandbox.token, sandbox.api_url) as app:
        core = Core(outbox, DiscordActor(app), WallClock())
        core.take_up(await outbox.load())
        core.activate(compile_policies(policies))
        gateway = HikariGateway(app, core.dispatch, core.gateway_changed)
        made_running = Running(core, outbox)
        background = Background()
        async with core.running(background):
            connected = asyncio.create_task(gateway.run())
            voices = EngineVoices(core.moderator.engine)
            await until(lambda: voices.roles(GUILD_ID, sandbox.world.bot.user.id))
            yield made_running
            await gateway.close()
            await connected
    await outbox.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox in which alice is in the lobby."""
    async with Sandbox() as started:
        started.join(GUILD, "alice", "lobby")
        yield started


async def test_what_is_decided_is_carried_out(sandbox: Sandbox, tmp_path: Path) -> None:
    """From the disk to Discord, with names and reasons filled in, and back to the disk."""
    async with running(sandbox, tmp_path / "outbox.sqlite3") as daemon:
        text = "{member} in {channel}: {reason}"
        decisions = [
            made(Effect.GRANT, role=str(DJ_ID)),
            made(Effect.WARN, text=text),
            made(Effect.ANNOUNCE, channel=str(LOG_ID), text=text),
            made(Effect.TIMEOUT, seconds=60),
        ]
        daemon.core.ledger.record(decisions=decisions)
        assert await daemon.ends(*decisions) == [Outcome.APPLIED] * 4
    assert {message["content"] for message in sandbox.messages} == {r"alice in lobby: Be kind\."}
    alice = sandbox.world.guild(GUILD).members[decisions[0].user_id]
    assert (alice.roles, alice.voice) == ({DJ_ID}, None)
    assert alice.timed_out_until is not None


async def test_the_log_speaks_only_of_what_is_on_disk(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever kills it at any instant finds each decision of the log in the tables afterwards."""
    told: list[str] = []
    async with running(sandbox, tmp_path / "outbox.sqlite3") as daemon:
        commit = daemon.outbox.commit

        async def commit_a_decision(batch: OutboxBatch) -> None:
            if batch.decisions:
                told.append("commit")
                assert "decided" not in [line["event"] for line in logs]
            await commit(batch)

        monkeypatch.setattr(daemon.outbox, "commit", commit_a_decision)
        sandbox.add_member(GUILD, "five", user_id=5)
        with capture_logs() as logs:
            sandbox.join(GUILD, "five", "lobby")
            await until(lambda: "outcome" in [line["event"] for line in logs])
    events = [line["event"] for line in logs]
    assert told == ["commit"]
    assert events.index("decided") < events.index("outcome")


async def test_what_was_deferred_is_sent_once_after_a_restart(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The guild's budget holds a message back, and the next process sends it, and only it."""
    sandbox.set_limit("message", limit=1_000, within_seconds=1.0)
    file = tmp_path / "outbox.sqlite3"
    decisions = [
        made(Effect.ANNOUNCE, channel=str(LOG_ID), text=str(number))
        for number in range(DEFAULT_BUDGET.max + 1)
    ]
    async with running(sandbox, file) as daemon:
        daemon.core.ledger.record(decisions=decisions)
        await daemon.ends(*decisions[:-1])
        await until(lambda: daemon.last(decisions[-1]) is Outcome.DEFERRED)
    assert len(sandbox.messages) == DEFAULT_BUDGET.max
    async with running(sandbox, file) as daemon:
        assert await daemon.ends(decisions[-1]) == [Outcome.APPLIED]
        assert daemon.outcomes[decisions[-1].id] == [None, Outcome.APPLIED]
    texts = [message["content"] for message in sandbox.messages]
    assert sorted(texts, key=int) == [str(number) for number in range(DEFAULT_BUDGET.max + 1)]


class NoActor:
    """A Discord that is never asked."""

    async def act(self, guild_id: GuildId, user_id: UserId, act: Act, reason: str) -> Answer:
        """Refuse to be asked."""
        raise AssertionError(guild_id, user_id, act, reason)


async def test_fuses_follow_a_clock_that_was_set_back_meanwhile() -> None:
    """What was counted counts no time for a while of which nobody knows how long it was."""
    alive_at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    counter = FuseCounter("enforce:1", {UserId(1): alive_at - timedelta(seconds=10)}, alive_at)
    guild = GuildState(GuildId(100))
    guild.fuses.restore({"quiet": counter})
    now = alive_at - timedelta(hours=1)
    core = Core(MemoryOutbox(), NoActor(), WallClock(lambda: now, lambda: 0.0))
    core.take_up(OutboxState(meta={FUSES: remember_fuses([guild])}, alive_at=alive_at))
    restored = core.moderator.engine.guild(guild.id)
    assert restored is not None
    assert restored.fuses.blown == {"quiet": now}
    assert restored.fuses.counters["quiet"].members == {UserId(1): now - timedelta(seconds=10)}
