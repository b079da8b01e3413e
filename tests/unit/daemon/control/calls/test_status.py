"""Everything that `voxguard status` can say, from parts that stand so."""

import json
from pathlib import Path

from tests.support.stage import GUILD, LOBBY, voice
from tests.unit.daemon.looked_at import LookedAt, at_work
from tests.unit.daemon.parts import START
from tests.unit.daemon.test_vitals import BROKEN
from voxguard.daemon.control.call import Asked
from voxguard.daemon.control.calls.status import answer
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import GatewayStatus, Refused
from voxguard.ports.outbox import HandoverStatus

ASKED = Asked(uid=0)


async def test_a_daemon_that_is_well() -> None:
    """Ready, nothing amiss, and the guild with whoever is there."""
    async with at_work() as each:
        each.enter(2)
        await each.settled()
        status = await answer(each.insight(), ASKED)
    assert json.loads(json.dumps(status)) == status
    assert (status["ready"], status["unready"], status["warnings"]) == (True, [], [])
    assert (status["started_at"], status["observe"]) == ("2026-03-02T12:00:00Z", False)
    assert status["policies"]["revision"] == each.index.revision
    assert status["policies"]["since"] == "2026-03-02T12:00:00Z"
    assert status["guilds"] == [
        {
            "guild": str(GUILD),
            "has_policies": True,
            "bot_is_member": True,
            "available": True,
            "connected": 2,
            "leases": {"mute": 2},
        }
    ]
    assert status["fuses_blown"] == []
    assert status["enforcement"]["requests"] == 2
    assert status["enforcement"]["invalid_left"] == 1_000


async def test_a_daemon_that_is_not() -> None:
    """Each part says what is the matter with it."""
    async with at_work() as each:
        each.set_aside = Path("outbox.damaged")
        each.gateway.status = GatewayStatus(2, frozenset({1}), last_error="no network")
        each.handover.status = HandoverStatus(waiting_rows=7, refused_rows=1, last_error="away")
        each.policies.status = ReloadStatus(
            revision="abc",
            since=START,
            problems=(BROKEN,),
            failure="no time",
            from_last_good=True,
            not_kept="disk full",
        )
        each.policies.waiting = "git is at work"
        each.enter(4)
        await each.settled()
        each.core.ledger.failure = "the disk is full"
        status = await answer(each.insight(), ASKED)
    assert not status["ready"]
    assert len(status["unready"]) == 2
    assert status["recording"] == {
        "failure": "the disk is full",
        "outbox_set_aside": "outbox.damaged",
        "records_left_out": 0,
    }
    assert status["gateway"]["shards_connected"] == 1
    assert status["database"]["waiting_rows"] == 7
    policies = status["policies"]
    assert (policies["last_good"], policies["in_force"]) == (True, False)
    assert (policies["waiting"], policies["not_kept"]) == ("git is at work", "disk full")
    assert policies["problems"][0] == {
        "check": "VG001",
        "name": "syntax",
        "level": "error",
        "file": "rules.yaml",
        "line": 3,
        "column": 7,
        "pointer": "",
        "message": "This is no YAML.",
        "hint": None,
    }
    (fuse,) = status["fuses_blown"]
    assert (fuse["rule"], fuse["counted"], fuse["observed"]) == ("quiet", 2, 2)
    assert any("quiet" in warning for warning in status["warnings"])


async def test_what_is_refused_is_named() -> None:
    """The kind and the guild."""
    async with at_work("rules: {quiet: {where: lobby, then: {mute: true}}}") as each:
        each.actor.answer = Refused(403, 50013, "Missing Permissions")
        each.enter(3)
        await each.settled()
        status = await answer(each.insight(), ASKED)
    queue = status["enforcement"]
    assert queue["paused"] == [{"guild": str(GUILD), "kind": "mute"}]
    assert (queue["invalid_lately"], queue["invalid_left"]) == (3, 997)


async def test_a_guild_that_was_not_seen_and_one_without_policies() -> None:
    """Both are shown, and told apart."""
    each = LookedAt()
    async with at_work() as seen:
        seen.core.moderator.take(voice(UserId(7), LOBBY))
        index = seen.index
    each.core.activate(index)
    each.core.moderator.engine.restore_fuses({GuildId(7): {}})
    other, ours = (await answer(each.insight(), ASKED))["guilds"]
    assert (other["guild"], other["has_policies"], other["available"]) == ("7", False, False)
    assert (ours["guild"], ours["has_policies"], ours["available"]) == (str(GUILD), True, False)
