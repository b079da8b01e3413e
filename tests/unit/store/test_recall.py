"""What is read back from the two tables, with the real PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.store.former_days import ALICE, BOB, ELSEWHERE, GUILD, HOUR, Log, every
from tests.unit.store.records import NOON
from voxguard.errors import UnreachableError
from voxguard.model.decisions import Effect, Mode, Outcome
from voxguard.model.visits import EndReason
from voxguard.store.recall import DatabaseRecollection


@pytest.mark.usefixtures("page")
async def test_visits_are_those_that_reach_into_the_time(log: Log) -> None:
    """In the order in which they began, with those that go on, of the one guild."""
    reaching = await log.visited(180, 59)
    await log.visited(180, 61)
    going_on = await log.visited(90, None, user=BOB)
    within = await log.visited(50, 40)
    await log.visited(50, 40, guild=ELSEWHERE)
    await log.visited(-1, None)
    found = await every(log.recollection.visits(GUILD, NOON - HOUR, NOON))
    assert found == [reaching, going_on, within]


async def test_a_visit_of_weeks_is_not_looked_for(log: Log) -> None:
    """Where to look has a bound, so that reading does."""
    await log.visited(8 * 24 * 60, 5)
    assert await every(log.recollection.visits(GUILD, NOON - HOUR, NOON)) == []


@pytest.mark.usefixtures("page")
async def test_acts_are_episodes_of_a_rule(log: Log) -> None:
    """One for each, from its first decision to its last, apart by mode, without releases."""
    for minutes in (50, 30, 40):
        await log.decided(Effect.WARN, minutes, episode=1)
    await log.decided(Effect.MUTE, 20, episode=2)
    await log.decided(Effect.UNMUTE, 10, episode=2)
    await log.decided(Effect.MUTE, 20, episode=3, mode=Mode.OBSERVE, user=BOB)
    await log.decided(Effect.UNMUTE, 5, episode=4, release=False, user=BOB)
    for other in ({"rule": "other"}, {"guild": ELSEWHERE}):
        await log.decided(Effect.MUTE, 20, episode=5, **other)
    await log.decided(Effect.MUTE, 61, episode=6)
    await log.decided(Effect.MUTE, -1, episode=7)
    found = await every(log.recollection.acts(GUILD, "quiet", NOON - HOUR, NOON))

    def ago(minutes: float) -> datetime:
        return NOON - timedelta(minutes=minutes)

    assert [(x.user_id, x.key, x.act.began_at, x.act.last_at) for x in found] == [
        (ALICE, "enforce:quiet", ago(50), ago(30)),
        (ALICE, "enforce:quiet", ago(20), ago(20)),
        (BOB, "observe:quiet", ago(20), ago(20)),
        (BOB, "enforce:quiet", ago(5), ago(5)),
    ]


async def test_rows_that_were_left_open_are_closed(log: Log) -> None:
    """Visits end when the lost daemon is last known to have lived, and nothing later is touched."""
    before = await log.visited(60, None)
    await log.visited(30, 20, user=BOB)
    later = await log.visited(-5, None)
    await log.visited(60, None, guild=ELSEWHERE)
    for outcome in (None, Outcome.PENDING, Outcome.DEFERRED, Outcome.APPLIED):
        await log.decided(Effect.MUTE, 15, outcome=outcome)
    await log.decided(Effect.MUTE, -5, outcome=None)
    await log.decided(Effect.MUTE, 50, outcome=None, guild=ELSEWHERE)
    assert await log.recollection.close(GUILD, NOON) == 4
    assert await log.recollection.close(GUILD, NOON) == 0
    found = await every(log.recollection.visits(GUILD, NOON - HOUR, NOON + HOUR))
    alive_at = NOON - timedelta(minutes=14)
    assert found[0] == replace(before, left_at=alive_at, end_reason=EndReason.LOST)
    assert found[-1] == later
    closed = await log.rows(
        "SELECT outcome, error, count(*) FROM action_logs GROUP BY 1, 2 ORDER BY 1"
    )
    assert closed == [
        ("applied", None, 1),
        ("unknown", "the state directory was lost", 3),
        (None, None, 2),
    ]


async def test_a_log_without_rows_says_nothing(log: Log) -> None:
    """A first start has nothing to read, and closes nothing."""
    assert await log.recollection.caught_up()
    assert await log.held() == []
    assert await log.recollection.close(GUILD, NOON) == 0


async def test_without_a_database_it_is_said_so() -> None:
    """Whoever reads tries again later."""

    async def flush() -> bool:
        return False

    recollection = DatabaseRecollection(lambda: None, flush)
    assert not await recollection.caught_up()
    with pytest.raises(UnreachableError, match="the database is away"):
        await recollection.close(GUILD, NOON)
