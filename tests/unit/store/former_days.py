"""A log of former days for tests: rows as a daemon that is lost has left them."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID

from tests.unit.store.records import NOON
from voxguard.engine.recalled_leases import PastLease
from voxguard.model.decisions import RELEASES, Decision, Effect, Mode, Outcome
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.visits import EndReason, Visit
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
