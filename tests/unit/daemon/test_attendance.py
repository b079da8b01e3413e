from structlog.testing import capture_logs

from tests.support.stage import ALICE, GUILD, LOBBY, Stage, make_index, voice
from tests.unit.daemon.parts import Running
from voxguard.daemon.attendance import Attendance
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.model.events import GuildAppeared, GuildVanished
from voxguard.model.ids import GuildId
from voxguard.model.visits import EndReason
from voxguard.model.world import GuildSnapshot, VoiceState
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


async def test_a_guild_that_was_joined_later_is_kept() -> None:
    """What came after READY is announced like the rest, whatever is published in between."""
    async with Running() as running:
        each = moderator(running)
        attendance = Attendance(each, ReconciliationStats())
        attendance.status(connected())
        each.take(Stage("rules: {}", appear=False).snapshot())
        each.take(voice(ALICE, LOBBY))
        attendance.status(connected(GUILD))
        attendance.status(GatewayStatus(1, frozenset(), frozenset({GUILD})))
        attendance.status(connected(GUILD))
        await running.settled()
        assert [decision.effect.value for decision in running.handed_on] == ["mute"]


async def test_being_thrown_out_and_invited_is_said_each_time() -> None:
    """Visits end, releases wait, and a guild that comes back is moderated as before."""
    async with Running() as running:
        each = moderator(running)
        attendance = Attendance(each, ReconciliationStats())
        snapshot = Stage("rules: {}", appear=False).snapshot(voice=[VoiceState(ALICE, LOBBY)])
        with capture_logs() as logs:
            for _ in range(2):
                each.take(snapshot)
                attendance.status(connected(GUILD))
                each.take(GuildVanished(GUILD))
                attendance.status(connected())
                attendance.status(connected())
                running.clock.forward(1)
            await running.settled()
        assert [line["event"] for line in logs if "this guild" in line["event"]] == [
            "the bot is not in this guild",
            "the bot is in this guild now",
            "the bot is not in this guild",
        ]
        effects = [decision.effect.value for decision in running.handed_on]
        assert effects == ["mute", "unmute"] * 2
        visits = [visit for batch in running.outbox.batches for visit in batch.visits]
        assert [v.end_reason for v in visits if v.left_at] == [EndReason.LOST] * 2


async def test_a_revision_that_names_another_guild_is_compared_at_once() -> None:
    """That the bot is not in a guild is said when its policies come into force."""
    async with Running() as running:
        each = Moderator(Engine(), running.ledger, running.clock.now, running.events.append)
        attendance = Attendance(each, ReconciliationStats())
        with capture_logs() as logs:
            attendance.look()
            attendance.status(connected())
            assert logs == []
            each.activate(make_index(QUIET))
            attendance.look()
        assert [line["event"] for line in logs] == ["the bot is not in this guild"]
