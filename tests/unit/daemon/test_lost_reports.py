import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.unit.daemon.parts import MemoryOutbox, until
from tests.unit.daemon.test_core import POLICIES
from tests.unit.discord.tools import ALICE_ID, CAROL_ID, GUILD, GUILD_ID
from voxguard.daemon.background import Background
from voxguard.daemon.clock import WallClock
from voxguard.daemon.core import Core
from voxguard.daemon.reconcile import Pace, Reconciler, Surroundings
from voxguard.daemon.voices import EngineVoices
from voxguard.discord import pacing
from voxguard.discord.app import open_app
from voxguard.discord.gateway import HikariGateway
from voxguard.discord.rest import DiscordActor
from voxguard.discord.voice_reads import DiscordVoices
from voxguard.engine.compile import compile_policies
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.ports.reconciliation import Drift
from voxguard.sandbox.sandbox import Sandbox

QUICK = Pace(round_seconds=0.1, least_seconds=0.01, sure_seconds=0.1, busy_seconds=0.01)


@contextmanager
def unreported(sandbox: Sandbox) -> Iterator[None]:
    """Whatever happens inside, the gateway says nothing of it."""
    guild = sandbox.world.guild(GUILD)
    guild.is_available = False
    yield
    guild.is_available = True


async def test_lost_reports_are_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has left unseen is found by asking, who has come by the session that is begun then."""
    monkeypatch.setattr(pacing, "IDENTIFY_SECONDS", 0.1)
    async with Sandbox() as sandbox, open_app(sandbox.token, sandbox.api_url) as app:
        sandbox.join(GUILD, "alice", "lobby")
        core = Core(MemoryOutbox(), DiscordActor(app), WallClock())
        policies = load_sources(Sources({"guild.yaml": POLICIES.encode()}, {})).policy_set
        assert policies is not None
        core.activate(compile_policies(policies))
        gateway = HikariGateway(app, core.dispatch, core.gateway_changed)
        engine, stats = core.moderator.engine, core.reconciliation
        voices = EngineVoices(engine)
        reconciler = Reconciler(
            engine,
            DiscordVoices(app),
            core.dispatch,
            stats,
            Surroundings(gateway, lambda: core.enforcement.stats),
            QUICK,
        )
        background = Background()
        async with core.running(background), background.running("again", reconciler.run()):
            connected = asyncio.create_task(gateway.run())
            await until(lambda: voices.voice_state(GUILD_ID, ALICE_ID))
            await until(lambda: stats.rounds >= 2)
            assert sum(stats.drift.values()) == 0
            with unreported(sandbox):
                sandbox.leave(GUILD, "alice")
                sandbox.join(GUILD, "carol", "lobby")
            await until(lambda: voices.voice_state(GUILD_ID, CAROL_ID))
            assert voices.voice_state(GUILD_ID, ALICE_ID) is None
            assert (stats.drift[Drift.GONE], stats.renewed) == (1, 1)
            assert gateway.status.sessions_started == 2
            await gateway.close()
            await connected
