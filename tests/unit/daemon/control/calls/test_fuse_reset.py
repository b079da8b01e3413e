from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.stage import GUILD
from tests.unit.daemon.looked_at import LookedAt, at_work
from voxguard.daemon.control.call import Asked
from voxguard.daemon.control.calls import fuse_reset
from voxguard.daemon.control.calls.fuse_reset import answer
from voxguard.daemon.fuse_record import FUSES
from voxguard.engine.fuse_memory import recall_fuses
from voxguard.engine.index import RuleIndex
from voxguard.errors import UnreachableError, UsageError
from voxguard.model.decisions import Mode
from voxguard.model.ids import GuildId

OTHER = GuildId(200)


async def reset(each: LookedAt, rule: str, guild: str | None = None) -> Mapping[str, Any]:
    """What user 1000 is answered."""
    return await answer(each.insight(), Asked(1000, {"rule": rule, "guild": guild}))


async def test_a_reset_acts_at_once_and_says_who_asked() -> None:
    """What is answered is on disk."""
    async with at_work() as each:
        each.enter(3)
        with capture_logs() as logs:
            answered = await reset(each, "quiet")
        assert answered == {
            "format_version": 1,
            "guild": str(GUILD),
            "rule": "quiet",
            "reset": True,
            "members": 1,
        }
        latest = [batch.meta[FUSES] for batch in each.outbox.batches if FUSES in batch.meta][-1]
        assert recall_fuses(latest) == {}
        assert each.outbox.decisions[-1].mode is Mode.ENFORCE
        (said,) = [line for line in logs if line["event"] == "a fuse was reset by hand"]
        assert (said["rule"], said["guild"], said["uid"]) == ("quiet", str(GUILD), 1000)


async def test_what_is_whole_stays_so() -> None:
    """No error: what was wanted is so."""
    async with at_work() as each:
        each.enter(1)
        answered = await reset(each, "quiet", str(GUILD))
        assert (answered["reset"], answered["members"]) == (False, 0)


async def test_a_name_that_is_not_there_is_wrong_usage() -> None:
    """With what may have been meant."""
    async with at_work() as each:
        with pytest.raises(UsageError, match="no rule quite") as caught:
            await reset(each, "quite")
        assert caught.value.hint == "did you mean quiet?"
        with pytest.raises(UsageError, match="no rule zzz in guild 100") as caught:
            await reset(each, "zzz", "100")
        assert caught.value.hint is None
        with pytest.raises(UsageError, match="no policies for a guild 7") as caught:
            await reset(each, "quiet", "7")
        assert caught.value.hint == "there are for: 100"


def two_guilds(each: LookedAt) -> None:
    """The same rules in another guild."""
    index = each.index.guilds[GUILD]
    both = {GUILD: index, OTHER: replace(index, guild_id=OTHER)}
    each.index = RuleIndex(each.index.revision, both)
    each.core.activate(each.index)


async def test_of_several_guilds_the_one_whose_fuse_is_blown_is_meant() -> None:
    """Where it is one; else somebody has to say which."""
    async with at_work() as each:
        two_guilds(each)
        assert (await reset(each, "quiet"))["reset"] is False
        each.enter(3)
        assert (await reset(each, "quiet"))["guild"] == str(GUILD)
        each.enter(0)
        guild = each.core.moderator.engine.guild(GUILD)
        assert guild is not None
        each.clock.forward(60)
        for name in (GUILD, OTHER):
            (rule,) = [rule for rule in each.index.guilds[GUILD].rules if rule.name == "quiet"]
            engine = each.core.moderator.engine
            engine.restore_fuses({name: {}})
            state = engine.guild(name)
            assert state is not None
            for user_id in guild.members:
                state.fuses.active = True
                state.fuses.admits(rule, user_id, each.clock.now())
        with pytest.raises(UsageError, match="blown in several guilds: 100, 200") as caught:
            await reset(each, "quiet")
        assert caught.value.hint is not None
        assert "--guild" in caught.value.hint
        assert (await reset(each, "quiet", "200"))["reset"] is True


async def test_a_disk_that_takes_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule acts again when there is room, and a restart may find the fuse blown."""
    monkeypatch.setattr(fuse_reset, "DURABLE_SECONDS", 0.05)
    async with at_work() as each:
        each.enter(3)
        await each.settled()
        each.outbox.failures = 1
        with pytest.raises(UnreachableError, match="not on disk yet: the disk is full"):
            await reset(each, "quiet")
