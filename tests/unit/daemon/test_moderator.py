import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.support.stage import AFK, ALICE, BOB, GUILD, LOBBY, START, make_index, users, voice
from tests.unit.daemon.parts import SNAPSHOT, Running, moderate, until
from voxguard.daemon import moderator as moderator_module
from voxguard.daemon.moderator import Moderator
from voxguard.engine.engine import Engine
from voxguard.model.events import Event
from voxguard.model.ids import UserId
from voxguard.model.visits import EndReason

QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
OUT = "rules: {out: {where: lobby, then: {disconnect: true}}, quiet: {then: {mute: true}}}"


async def test_a_dispatch_becomes_a_decision_on_disk() -> None:
    """Events go in, and decisions, visits and memories are recorded together."""
    async with Running() as running:
        each = moderate(running, QUIET)
        each.dispatch(
            "VOICE_STATE_UPDATE", {"guild_id": "100", "user_id": "501", "channel_id": "1"}
        )
        await running.settled()
        (batch,) = [batch for batch in running.outbox.batches if batch.decisions]
        assert [decision.rule for decision in batch.decisions] == ["quiet"]
        assert [visit.channel_id for visit in batch.visits] == [LOBBY]
        assert [record.user_id for record in batch.members] == [ALICE]
        assert batch.policy_revision == each.engine.index.revision


async def test_what_cannot_be_understood_is_ignored_and_said() -> None:
    """A malformed payload ends nothing."""
    async with Running() as running:
        each = moderate(running, QUIET)
        with capture_logs() as logs:
            each.dispatch("VOICE_STATE_UPDATE", {"guild_id": "x"})
            each.dispatch("TYPING_START", {})
        assert [line["dispatch"] for line in logs] == ["VOICE_STATE_UPDATE"]


async def test_the_timer_decides_what_falls_due() -> None:
    """A time limit acts without an event, at its own instant."""
    async with Running() as running:
        running.clock.at = datetime.now(UTC)
        began_at = running.clock.at
        each = Moderator(Engine(), running.ledger, lambda: datetime.now(UTC), running.events.append)
        each.activate(make_index("rules: {r: {where: lobby, for: 1s, then: {move: afk}}}"))
        each.take(SNAPSHOT)
        each.take(voice(ALICE, LOBBY))
        await until(lambda: running.handed_on)
        (decision,) = running.handed_on
        assert decision.params == {"channel": str(AFK)}
        assert decision.decided_at - began_at < timedelta(seconds=2)
        each.stop()


async def test_a_nap_is_cut_short_to_follow_the_wall_clock() -> None:
    """A clock that is set forward brings what is due with it."""
    async with Running() as running:
        each = moderate(running, "rules: {r: {where: lobby, for: 1h, then: {move: afk}}}")
        each.take(voice(ALICE, LOBBY))
        nap = each._timer
        assert nap is not None
        assert (
            nap.when() - asyncio.get_running_loop().time() <= moderator_module.LONGEST_NAP_SECONDS
        )
        each._wake()
        assert running.handed_on == []
        running.clock.forward(3600)
        each._wake()
        await running.settled()
        assert [decision.rule for decision in running.handed_on] == ["r"]


async def test_many_members_are_decided_in_slices() -> None:
    """A revision that concerns everybody does not keep the event loop to itself."""
    async with Running() as running:
        each = moderate(running, "rules: {}")
        count = 3 * moderator_module.SLICE + 1
        for number in range(count):
            each.take(voice(UserId(1000 + number), LOBBY))
        each.activate(make_index(QUIET))
        waiting = each.engine.unfinished
        assert waiting
        each.take(voice(ALICE, AFK))
        await until(lambda: not each.engine.unfinished)
        await running.settled()
        assert len(running.handed_on) == count


async def test_what_is_due_by_time_is_decided_in_slices_before_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each at the instant at which it was due, and events wait their turn, in order."""
    monkeypatch.setattr(moderator_module, "SLICE", 2)
    async with Running() as running:
        each = moderate(running, "rules: {r: {where: lobby, for: 1h, then: {deafen: true}}}")
        each.take(*(voice(user, LOBBY) for user in users(5)))
        await until(lambda: not each.engine.unfinished)
        running.clock.forward(3700)
        each.take(voice(users(5)[4], AFK))
        assert each.engine.overdue
        each.take(voice(users(5)[4], LOBBY))
        await until(lambda: not each.engine.unfinished)
        await running.settled()
        due = [decision.decided_at - START for decision in running.handed_on]
        assert due == [timedelta(hours=1)] * 5 + [timedelta(seconds=3700)]
        assert [decision.release for decision in running.handed_on] == [False] * 5 + [True]
        assert [str(event) for event in running.events[-2:]] == [
            str(voice(users(5)[4], channel)) for channel in (AFK, LOBBY)
        ]


async def test_a_stopped_moderator_decides_nobody() -> None:
    """No new action begins once the daemon stops."""
    async with Running() as running:
        each = moderate(running, QUIET)
        each.stop()
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        assert running.handed_on == []
        assert running.clock.now() == START


async def test_everybody_is_told_of_an_event_in_order() -> None:
    """Events reach whoever listens after what was decided upon them."""
    async with Running() as running:
        each = moderate(running, QUIET)
        first: Event = voice(ALICE, LOBBY)
        second: Event = voice(BOB, LOBBY)
        each.take(first, second)
        await running.settled()
        assert running.events == [SNAPSHOT, first, second]


async def test_what_was_lost_in_a_gap_ends_when_it_was_last_watched() -> None:
    """The gateway's word on that reaches visits, from a snapshot and from the end of a guild."""
    async with Running() as running:
        each = moderate(running, "rules: {}")
        for name in ("GUILD_CREATE", "GUILD_DELETE"):
            each.take(SNAPSHOT, voice(ALICE, LOBBY))
            watched_at = running.clock.now() + timedelta(seconds=10)
            running.clock.forward(3600)
            each.dispatch(name, {"id": str(GUILD)}, watched_at)
            await running.settled()
            ended = [v for batch in running.outbox.batches for v in batch.visits if v.left_at]
            assert ended[-1].left_at == watched_at
            assert ended[-1].end_reason is EndReason.LOST
