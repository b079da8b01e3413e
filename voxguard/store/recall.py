"""What the two tables say of former days, page by page."""

# Every name in this SQL is our own, and every value is bound.
# ruff: noqa: S608

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from voxguard.engine.history import Act
from voxguard.engine.lookback import act_key
from voxguard.engine.recalled_leases import PastLease
from voxguard.errors import UnreachableError
from voxguard.model.decisions import ENDED, RELEASES, Effect, Mode
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.recall import AWAY, PastAct
from voxguard.store.database import Database

LONGEST_VISIT: Final = timedelta(days=7)
"""How long before the asked time a visit is looked for that reaches into it."""

LEASES_BACK: Final = timedelta(days=400)
"""How old what is still held may be."""

_PAGE: Final = 500
_FIRST_ID: Final = UUID(int=0)
_HELD: Final = sorted(RELEASES)
_OPEN: Final = "(outcome IS NULL OR outcome IN ('pending', 'deferred'))"

_VISITS: Final = """
    SELECT id, user_id, channel_id, joined_at, left_at, end_reason FROM voice_sessions
    WHERE guild_id = $1 AND joined_at >= $2 AND joined_at < $3
        AND (left_at IS NULL OR left_at > $4) AND (joined_at, id) > ($5, $6)
    ORDER BY joined_at, id LIMIT $7
"""
_ACTS: Final = """
    SELECT user_id, mode, episode, min(decided_at) AS began_at, max(decided_at) AS last_at
    FROM action_logs
    WHERE guild_id = $1 AND rule = $2 AND decided_at >= $3 AND decided_at < $4
        AND NOT (details->>'release')::boolean AND (user_id, episode) > ($5, $6)
    GROUP BY user_id, mode, episode ORDER BY user_id, episode LIMIT $7
"""
# What stands last about a thing says whether it is held. An effect that was refused or never
# sent says nothing; a release counts once it is over, however it went.
_LEASES: Final = f"""
    WITH said AS (
        SELECT user_id, rule, effect, episode, decided_at, channel_id, outcome,
            details #>> '{{params,role}}' AS role, details #>> '{{facts,step}}' AS step,
            (details->>'release')::boolean AS release,
            CASE
                WHEN effect IN ('mute', 'unmute') THEN 'mute'
                WHEN effect IN ('deafen', 'undeafen') THEN 'deafen'
                WHEN effect IN ('suppress', 'unsuppress') THEN 'suppress'
                ELSE 'role:' || coalesce(details #>> '{{params,role}}', '')
            END AS slot
        FROM action_logs
        WHERE guild_id = $1 AND mode = 'enforce' AND decided_at >= $2 AND decided_at < $3
            AND user_id >= $4
            AND (
                effect = ANY ($7::text[])
                OR effect = ANY ($6::text[]) AND (
                    outcome IS NULL OR outcome IN ('applied', 'unknown')
                )
            )
    ), latest AS (
        SELECT DISTINCT ON (user_id, slot) * FROM said ORDER BY user_id, slot, decided_at DESC
    )
    SELECT * FROM latest
    WHERE (user_id, slot) > ($4, $5)
        AND (effect = ANY ($6::text[]) OR release AND {_OPEN})
        AND (effect NOT IN ('suppress', 'unsuppress') OR EXISTS (
            SELECT FROM voice_sessions AS visit
            WHERE visit.guild_id = $1 AND visit.user_id = latest.user_id
                AND visit.left_at IS NULL AND visit.channel_id = latest.channel_id
                AND visit.joined_at <= latest.decided_at
        ))
    ORDER BY user_id, slot LIMIT $8
"""
# The last row of any kind is the last sign of life of whoever wrote them.
_ALIVE: Final = """
    SELECT greatest(
        (SELECT max(decided_at) FROM action_logs WHERE decided_at < $2 AND guild_id = $1),
        (SELECT max(executed_at) FROM action_logs
            WHERE executed_at < $2 AND guild_id = $1 AND decided_at >= $2 - interval '7 days'),
        (SELECT max(joined_at) FROM voice_sessions WHERE joined_at < $2 AND guild_id = $1),
        (SELECT max(left_at) FROM voice_sessions
            WHERE left_at < $2 AND guild_id = $1 AND joined_at >= $2 - interval '7 days')
    )
"""
_CLOSE_VISITS: Final = """
    UPDATE voice_sessions SET left_at = greatest(joined_at, $3), end_reason = 'lost'
    WHERE guild_id = $1 AND left_at IS NULL AND joined_at < $2
"""
_CLOSE_ACTIONS: Final = f"""
    UPDATE action_logs SET outcome = 'unknown', error = 'the state directory was lost'
    WHERE guild_id = $1 AND {_OPEN} AND decided_at < $2
"""


class DatabaseRecollection:
    """Reads through whatever connection there is at the time; see `ports.recall.Recollection`."""

    def __init__(
        self, database: Callable[[], Database | None], flush: Callable[[], Awaitable[bool]]
    ) -> None:
        """Ask `database` for what is connected, and `flush` to hand rows over."""
        self._current = database
        self._flush = flush

    async def caught_up(self) -> bool:
        """See `ports.recall.Recollection.caught_up`."""
        return await self._flush()

    async def visits(
        self, guild_id: GuildId, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[Visit]]:
        """See `ports.recall.Recollection.visits`."""
        last: tuple[datetime, UUID] = (since_at - LONGEST_VISIT, _FIRST_ID)
        while True:
            first_at = since_at - LONGEST_VISIT
            rows = await self._fetch(_VISITS, guild_id, first_at, until_at, since_at, *last, _PAGE)
            if rows:
                yield [_visit(guild_id, row) for row in rows]
                last = (rows[-1]["joined_at"], rows[-1]["id"])
            if len(rows) < _PAGE:
                return

    async def acts(
        self, guild_id: GuildId, rule: str, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[PastAct]]:
        """See `ports.recall.Recollection.acts`."""
        last: tuple[int, UUID] = (0, _FIRST_ID)
        while True:
            rows = await self._fetch(_ACTS, guild_id, rule, since_at, until_at, *last, _PAGE)
            if rows:
                yield [_act(rule, row) for row in rows]
                last = (rows[-1]["user_id"], rows[-1]["episode"])
            if len(rows) < _PAGE:
                return

    async def leases(
        self, guild_id: GuildId, before: datetime
    ) -> AsyncIterator[Sequence[tuple[UserId, PastLease]]]:
        """See `ports.recall.Recollection.leases`."""
        last = (0, "")
        held, releases = list(map(str, _HELD)), list(map(str, RELEASES.values()))
        while True:
            since_at = before - LEASES_BACK
            rows = await self._fetch(
                _LEASES, guild_id, since_at, before, *last, held, releases, _PAGE
            )
            if rows:
                yield [(UserId(row["user_id"]), _lease(row)) for row in rows]
                last = (rows[-1]["user_id"], rows[-1]["slot"])
            if len(rows) < _PAGE:
                return

    async def close(self, guild_id: GuildId, before: datetime) -> int:
        """See `ports.recall.Recollection.close`."""
        async with self._database().connection() as connection, connection.transaction():
            alive_at = await connection.fetchval(_ALIVE, guild_id, before)
            if alive_at is None:
                return 0
            done = [
                await connection.execute(_CLOSE_VISITS, guild_id, before, alive_at),
                await connection.execute(_CLOSE_ACTIONS, guild_id, before),
            ]
        return sum(int(status.rpartition(" ")[2]) for status in done)

    def _database(self) -> Database:
        database = self._current()
        if database is None:
            raise UnreachableError(AWAY)
        return database

    async def _fetch(self, query: str, *arguments: object) -> list[Record]:
        async with self._database().connection() as connection:
            return await connection.fetch(query, *arguments)


def _visit(guild_id: GuildId, row: Record) -> Visit:
    return Visit(
        id=row["id"],
        guild_id=guild_id,
        user_id=UserId(row["user_id"]),
        channel_id=ChannelId(row["channel_id"]),
        joined_at=row["joined_at"],
        left_at=row["left_at"],
        end_reason=None if row["end_reason"] is None else EndReason(row["end_reason"]),
    )


def _act(rule: str, row: Record) -> PastAct:
    key = act_key(rule, Mode(row["mode"]))
    return PastAct(UserId(row["user_id"]), key, Act(row["began_at"], row["last_at"]))


def _lease(row: Record) -> PastLease:
    effect = Effect(row["effect"])
    step = row["step"]
    return PastLease(
        rule=row["rule"],
        effect=ENDED.get(effect, effect),
        episode_id=row["episode"],
        decided_at=row["decided_at"],
        channel_id=None if row["channel_id"] is None else ChannelId(row["channel_id"]),
        role_id=None if row["role"] is None else RoleId(int(row["role"])),
        step=None if effect in ENDED or step is None else int(step) - 1,
    )
