from structlog.testing import capture_logs

from tests.support.stage import ALICE, GUILD, LOBBY, Stage, make_index, voice
from tests.unit.daemon.parts import Running
from voxguard.daemon.attendance import Attendance
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.model.events import GuildAppeared
from voxguard.model.ids import GuildId
from voxguard.model.world import GuildSnapshot
from voxguard.ports.discord import GatewayStatus
from voxguard.ports.reconciliation import ReconciliationStats

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"


def connected(*announced: GuildId) -> GatewayStatus:
    """Every shard is there, and these guilds were announced."""
    return GatewayStatus(1, frozenset({0}), frozenset(announced))


def moderator(running: Running) -> Moderator:
    """A moderator with a revision for one guild."""
    each = Moderator(Engine(), running.ledger, running.clock.now, running.events.append)
    each.activate(make_index(QUIET))
    return each


async def test_what_does_not_fit_is_said_once() -> None:
    """A guild without policies, and policies for a guild that the bot is not in."""
    async with Running() as running:
        attendance = Attendance(moderator(running), ReconciliationStats())
        with capture_logs() as logs:
            for _ in range(2):
                attendance.status(GatewayStatus())
                attendance.status(connected(GuildId(5)))
                attendance.event(GuildAppeared(GuildSnapshot(GuildId(5))))
                attendance.event(GuildAppeared(GuildSnapshot(GUILD)))
                attendance.event(voice(ALICE, LOBBY))
        assert [(line["event"], line["guild"]) for line in logs] == [
            ("the bot is not in this guild", "100"),
            ("no policies for this guild", "5"),
        ]


async def test_a_guild_that_is_gone_is_let_go() -> None:
    """Its leases end as if everybody had left, and nothing more is kept waiting for it."""
    async with Running() as running:
        each = moderator(running)
        each.take(Stage("rules: {}", appear=False).snapshot())
        each.take(voice(ALICE, LOBBY))
        attendance = Attendance(each, ReconciliationStats())
        attendance.status(connected(GUILD))
        attendance.status(connected())
        await running.settled()
        assert [decision.effect.value for decision in running.handed_on] == ["mute", "unmute"]
        assert running.handed_on[-1].channel_id is None
        guild = each.engine.guild(GUILD)
        assert guild is not None
        assert not guild.members
