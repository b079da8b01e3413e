from tests.unit.daemon.looked_at import LookedAt, at_work
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.daemon.standing import standing_warnings
from voxguard.ports.discord import Refused


async def test_a_daemon_that_is_well_warns_of_nothing() -> None:
    """Nobody has to do anything."""
    async with at_work() as each:
        assert standing_warnings(each.insight()) == []


async def test_what_lasts_is_said_for_as_long_as_it_lasts() -> None:
    """The last good revision, a blown fuse and a missing permission, each with what to do."""
    async with at_work() as each:
        each.policies.status = ReloadStatus(from_last_good=True)
        each.enter(3)
        await each.settled()
        last_good, fuse = standing_warnings(each.insight())
        assert "last good revision" in last_good
        assert "rule quiet of guild 100 only observes" in fuse
        assert "which is 2 within 30 s" in fuse
        each.policies.status = ReloadStatus()
        each.core.moderator.reset_fuse(next(iter(each.index.guilds)), "quiet")
        assert standing_warnings(each.insight()) == []


async def test_what_discord_refuses_is_said() -> None:
    """The kind of edit, and where."""
    async with at_work("rules: {quiet: {where: lobby, then: {mute: true}}}") as each:
        each.actor.answer = Refused(403, 50013, "Missing Permissions")
        each.enter(3)
        await each.settled()
        (warning,) = standing_warnings(each.insight())
        assert warning.startswith("Discord refuses mute in guild 100")


def test_the_parts_need_not_be_at_work() -> None:
    """A daemon that is still starting can be asked."""
    assert LookedAt().insight().engine.index.revision == ""
