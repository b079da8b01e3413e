"""What is read back from the two tables, with the real PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID

import pytest

from tests.unit.store.records import NOON
from voxguard.engine.recalled_leases import PastLease
from voxguard.errors import UnreachableError
from voxguard.model.decisions import RELEASES, Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.store import recall
from voxguard.store.database import Database
from voxguard.store.recall import DatabaseRecollection
from voxguard.store.rows import Rows, action_row, to_micros, visit_row

T = TypeVar("T")
GUILD, ELSEWHERE = GuildId(7), GuildId(8)
ALICE, BOB = UserId(501), UserId(502)
LOBBY, STAGE = ChannelId(1), ChannelId(4)
DJ = RoleId(12)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Log:
    """Writes rows as a daemon that is lost has left them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = count(1)
        self.recollection = DatabaseRecollection(lambda: database, self._flush)

    async def _flush(self) -> bool:
        return True

    async def decided(
        self,
        effect: Effect,
        minutes: float,
        *,
        user: UserId = ALICE,
        outcome: Outcome | None = Outcome.APPLIED,
        episode: int = 1,
        rule: str = "quiet",
        release: bool | None = None,
        mode: Mode = Mode.ENFORCE,
        guild: GuildId = GUILD,
        role: RoleId | None = None,
        channel: ChannelId = LOBBY,
    ) -> Decision:
        """A decision so many minutes before noon."""
        decision = Decision(
            id=UUID(int=next(self._numbers)),
            episode_id=UUID(int=episode),
            decided_at=NOON - timedelta(minutes=minutes),
            guild_id=guild,
            user_id=user,
            channel_id=channel,
            rule=rule,
            effect=effect,
            mode=mode,
            release=effect in RELEASES.values() if release is None else release,
            params={} if role is None else {"role": str(role)},
            details={"step": 2},
        )
        row = action_row(decision, "revision", 1)
        row = row._replace(outcome=outcome, executed_at=to_micros(decision.decided_at + MINUTE))
        await self._database.write(Rows(actions=(row,)))
        return decision

    async def visited(
        self,
        begin: float,
        end: float | None,
        *,
        user: UserId = ALICE,
        channel: ChannelId = LOBBY,
        guild: GuildId = GUILD,
    ) -> Visit:
        """A visit, in minutes before noon."""
        left_at = None if end is None else NOON - timedelta(minutes=end)
        visit = Visit(
            id=UUID(int=next(self._numbers)),
            guild_id=guild,
            user_id=user,
            channel_id=channel,
            joined_at=NOON - timedelta(minutes=begin),
            left_at=left_at,
            end_reason=None if left_at is None else EndReason.LEFT,
        )
        await self._database.write(Rows(visits=(visit_row(visit, "revision", 1),)))
        return visit

    async def held(self) -> list[tuple[UserId, PastLease]]:
        """What was held at noon."""
        return await every(self.recollection.leases(GUILD, NOON))

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query says."""
        async with self._database.connection() as connection:
            return [tuple(row) for row in await connection.fetch(query)]


async def every(pages: AsyncIterator[Sequence[T]]) -> list[T]:
    """All that the pages hold."""
    return [each async for page in pages for each in page]


@pytest.fixture
async def log(database: Database) -> Log:
    """A log without rows."""
    await database.upgrade(NOON)
    return Log(database)


@pytest.fixture(params=[recall._PAGE, 1])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of the usual size, and the smallest ones."""
    monkeypatch.setattr(recall, "_PAGE", request.param)


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


@pytest.mark.usefixtures("page")
async def test_what_is_held_is_what_stands_last(log: Log) -> None:
    """A thing that was done and not ended is held, each thing of a member by itself."""
    mute = await log.decided(Effect.MUTE, 30)
    await log.decided(Effect.DEAFEN, 30)
    await log.decided(Effect.UNDEAFEN, 20)
    grant = await log.decided(Effect.GRANT, 10, role=DJ, user=BOB)
    await log.decided(Effect.GRANT, 10, role=RoleId(13), user=BOB)
    await log.decided(Effect.REVOKE, 9, role=RoleId(13), user=BOB)
    await log.decided(Effect.MUTE, 5, user=BOB, mode=Mode.OBSERVE)
    await log.decided(Effect.MUTE, 5, user=BOB, guild=ELSEWHERE)
    held = await log.held()
    assert held == [
        (
            ALICE,
            PastLease("quiet", Effect.MUTE, UUID(int=1), mute.decided_at, LOBBY, None, step=1),
        ),
        (BOB, PastLease("quiet", Effect.GRANT, UUID(int=1), grant.decided_at, LOBBY, DJ, step=1)),
    ]
    assert [lease.slot for _, lease in held] == ["mute", f"role:{DJ}"]


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        (None, None, True),
        (Outcome.UNKNOWN, None, True),
        (Outcome.FAILED, None, False),
        (Outcome.PENDING, None, False),
        (Outcome.DEFERRED, None, False),
        (Outcome.APPLIED, Outcome.APPLIED, False),
        (Outcome.APPLIED, Outcome.SUPERSEDED, False),
        (Outcome.APPLIED, Outcome.YIELDED, False),
        (Outcome.APPLIED, Outcome.PENDING, True),
        (Outcome.APPLIED, Outcome.DEFERRED, True),
    ],
)
async def test_outcomes_say_whether_it_is_held(
    log: Log, first: Outcome | None, then: Outcome | None, held: bool
) -> None:
    """What was never sent holds nothing, and a release that was not carried out ends nothing."""
    await log.decided(Effect.MUTE, 30, outcome=first)
    if then is not None:
        await log.decided(Effect.UNMUTE, 20, outcome=then)
    found = await log.held()
    assert bool(found) is held
    assert [(lease.effect, lease.step is None) for _, lease in found] == (
        [(Effect.MUTE, then is not None)] if held else []
    )


async def test_a_lifting_by_a_rule_ends_what_was_held(log: Log) -> None:
    """One that waits still ends nothing itself, but is no release that has to be made up for."""
    await log.decided(Effect.MUTE, 30)
    await log.decided(Effect.UNMUTE, 20, release=False, rule="speak-up")
    assert await log.held() == []
    await log.decided(Effect.UNMUTE, 10, release=False, outcome=Outcome.PENDING)
    assert await log.held() == []


async def test_an_audience_is_held_for_as_long_as_the_visit(log: Log) -> None:
    """Who left the stage is in no audience of ours, whatever the log says of a release."""
    await log.visited(40, None, channel=STAGE)
    await log.decided(Effect.SUPPRESS, 30, channel=STAGE)
    await log.visited(40, 35, channel=STAGE, user=BOB)
    await log.decided(Effect.SUPPRESS, 37, channel=STAGE, user=BOB)
    assert [user for user, _ in await log.held()] == [ALICE]


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
