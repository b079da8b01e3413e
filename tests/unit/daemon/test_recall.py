"""When the past is read, and what is made of it; what the tables say is scripted here."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC, voice
from tests.unit.daemon.parts import START, Running, until
from tests.unit.daemon.recalling import NO_PAST, RULES, Setting
from voxguard.daemon import recall as recall_module
from voxguard.daemon.knowledge import META_KEY
from voxguard.engine.history import Act
from voxguard.engine.recalled_leases import PastLease
from voxguard.errors import UnreachableError
from voxguard.model.decisions import Effect
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.outbox import OutboxState
from voxguard.ports.recall import AWAY, PastAct


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long here."""
    monkeypatch.setattr(recall_module, "FIRST_PAUSE_SECONDS", 0.001)


def visit(number: int, begin: float, end: float | None, **more: object) -> Visit:
    """A visit of alice in the music channel, in minutes before the start."""
    left_at = None if end is None else START - timedelta(minutes=end)
    reason = None if end is None else EndReason.LEFT
    known = Visit(UUID(int=number), GUILD, ALICE, MUSIC, START, left_at, reason)
    return replace(known, joined_at=START - timedelta(minutes=begin), **more)  # type: ignore[arg-type]  # of a dict


async def test_a_fresh_state_directory_reads_everything_and_once() -> None:
    """Leases first, then their rows are closed, then what rules look back at."""
    async with Running() as running:
        each = Setting(running)
        each.script.rows = [visit(1, 100, 20)]
        lease = PastLease("gone", Effect.MUTE, UUID(int=5), START, MUSIC)
        each.script.held = [(BOB, lease)]
        act = Act(START - timedelta(hours=1), START - timedelta(hours=1))
        each.script.episodes = [PastAct(BOB, "enforce:loud", act)]
        each.activate(RULES)
        (complaint,) = each.recall.status.complaints()
        assert "the past of guild 100 is not read from the database yet: " in complaint
        each.appear()
        await each.read()
        assert each.script.asked == [
            ("leases", START),
            ("close", START),
            ("visits", START - timedelta(days=1)),
            ("acts", "loud", START - timedelta(days=1)),
        ]
        assert [d.effect.value for d in running.handed_on] == ["unmute"]
        status = each.recall.status
        assert (status.rows, status.leases, status.closed) == (3, 1, 3)
        assert status.complaints() == ()
        each.moderator.take(voice(ALICE, MUSIC))
        each.moderator.take(voice(BOB, LOBBY))
        await running.settled()
        assert [(d.rule, d.effect.value) for d in running.handed_on[1:]] == [
            ("enough", "mute"),
            ("loud", "deafen"),
        ]

        again = Setting(running)
        again.recall.take_up(OutboxState(alive_at=START, meta=each.meta()))
        again.activate(RULES)
        again.appear()
        assert again.unread() == []


async def test_nothing_is_read_for_a_guild_before_it_is_seen() -> None:
    """What is taken up is compared with what Discord shows."""
    async with Running() as running:
        each = Setting(running)
        each.activate(RULES)
        async with each.reading():
            await asyncio.sleep(0)
            assert each.script.asked == []
            each.appear()
            await until(lambda: not each.recall.status.guilds)


async def test_a_state_directory_of_an_earlier_release_has_nothing_to_catch_up_with() -> None:
    """It has watched all the time, and what it holds is its own."""
    async with Running() as running:
        each = Setting(running)
        each.recall.take_up(OutboxState(alive_at=START))
        each.activate(RULES)
        assert each.unread() == []


async def test_a_revision_that_looks_back_further_reads_the_rest() -> None:
    """Nobody's leases are touched then; a restart in between changes nothing."""
    async with Running() as running:
        each = Setting(running)
        each.recall.take_up(OutboxState(alive_at=START))
        each.activate(NO_PAST)
        await running.settled()
        running.clock.forward(3600)
        again = Setting(running)
        again.recall.take_up(OutboxState(alive_at=START, meta=each.meta()))
        again.script.rows = [visit(1, 100, 20)]
        again.activate(RULES)
        again.appear()
        assert again.unread() == [GUILD]
        await again.read()
        since_at = running.clock.at - timedelta(days=1)
        assert again.script.asked == [("visits", since_at), ("acts", "loud", since_at)]
        again.activate("rules: {}")
        assert again.unread() == []


async def test_a_guild_that_has_no_rules_any_more_is_not_read_of() -> None:
    """When it has some again they begin anew."""
    async with Running() as running:
        each = Setting(running)
        each.activate(RULES)
        empty = type(each.moderator.engine.index)("none")
        each.recall.turn_to(empty)
        each.moderator.activate(empty)
        assert each.unread() == []
        each.activate(RULES)
        assert each.unread() == [GUILD]


async def test_what_cannot_be_read_is_told_and_tried_again() -> None:
    """Whatever it is, the daemon goes on; the reason is in the status, and once in the log."""
    async with Running() as running:
        each = Setting(running)
        each.activate(RULES)
        each.appear()
        with capture_logs() as logs:
            async with each.reading():
                for error, words in (
                    (UnreachableError(AWAY), "the database is away"),
                    (UnreachableError("no right"), "no right"),
                    (LookupError("odd"), "LookupError: odd"),
                ):
                    each.script.error = error
                    await until(lambda words=words: each.recall.status.reason == words)  # type: ignore[misc]  # bound
                    assert f"({words})" in each.recall.status.complaints()[0]
                each.script.error, each.script.behind = None, True
                await until(lambda: "rows that wait" in (each.recall.status.reason or ""))
                each.script.behind = False
                await until(lambda: not each.recall.status.guilds)
                await until(lambda: each.recall.status.reason is None)
        told = [line["why"] for line in logs if line["event"] == "the past cannot be read yet"]
        assert told[:2] == ["no right", "LookupError: odd"]
        assert len(told) == len(set(told))


async def test_who_only_observes_ends_nothing() -> None:
    """What an earlier run holds is left to one that may release it."""
    async with Running() as running:
        each = Setting(running, observe=True)
        each.activate(RULES)
        each.appear()
        await each.read()
        assert [kind for kind, *_ in each.script.asked] == ["visits", "acts"]
        again = Setting(running)
        again.recall.take_up(OutboxState(alive_at=START, meta=each.meta()))
        again.activate(RULES)
        assert again.unread() == [GUILD]


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"born_at": 3, "guilds": {}}'])
async def test_knowledge_that_is_damaged_is_that_of_an_earlier_release(text: str) -> None:
    """Rows of a run that goes on are never taken for those of a lost one."""
    async with Running() as running:
        each = Setting(running)
        with capture_logs() as logs:
            each.recall.take_up(OutboxState(alive_at=START, meta={META_KEY: text}))
        assert [line["event"] for line in logs] == ["what is known of the past is damaged"]
        each.activate(RULES)
        assert each.unread() == []


async def test_a_step_of_the_clock_makes_nobody_forget() -> None:
    """What is known stays known when the clock is set back, and over a restart after that."""
    async with Running() as running:
        each = Setting(running)
        each.activate(RULES)
        each.appear()
        await each.read()
        back = timedelta(hours=3)
        running.clock.at -= back
        assert each.unread() == [GUILD]
        each.recall.shift(lambda instant: min(instant - back, running.clock.at))
        assert each.unread() == []
        await running.settled()
        again = Setting(running)
        again.recall.take_up(OutboxState(alive_at=START, meta=each.meta()))
        again.activate(RULES)
        assert again.unread() == []
