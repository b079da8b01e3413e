"""Batches into the two tables: one statement each, and the same again changes nothing."""

from typing import Final
from uuid import UUID

from asyncpg import Connection, Record

from voxguard.store.rows import Rows, from_micros

# What is final, and what is closed, stays: a batch that arrives late or twice changes nothing.
_ACTIONS: Final = """
    INSERT INTO action_logs AS known (
        id, decided_at, episode, guild_id, user_id, channel_id, rule, effect, mode, details,
        policy_revision, outcome, error, executed_at
    )
    SELECT id, decided_at, episode, guild_id, user_id, channel_id, rule, effect, mode,
        jsonb_build_object(
            'release', release, 'reason', reason, 'params', params, 'facts', facts
        ),
        policy_revision, outcome, error, executed_at
    FROM unnest(
        $1::uuid[], $2::timestamptz[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[],
        $7::text[], $8::text[], $9::text[], $10::boolean[], $11::text[], $12::jsonb[],
        $13::jsonb[], $14::text[], $15::text[], $16::text[], $17::timestamptz[]
    ) AS new (
        id, decided_at, episode, guild_id, user_id, channel_id, rule, effect, mode, release,
        reason, params, facts, policy_revision, outcome, error, executed_at
    )
    ON CONFLICT (id, decided_at) DO UPDATE SET
        outcome = excluded.outcome, error = excluded.error, executed_at = excluded.executed_at
    WHERE excluded.outcome IS NOT NULL
        AND (known.outcome IS NULL OR known.outcome IN ('pending', 'deferred'))
"""
_VISITS: Final = """
    INSERT INTO voice_sessions AS known (
        id, joined_at, guild_id, user_id, channel_id, left_at, end_reason, policy_revision
    )
    SELECT * FROM unnest(
        $1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[],
        $6::timestamptz[], $7::text[], $8::text[]
    )
    ON CONFLICT (id, joined_at) DO UPDATE SET
        left_at = excluded.left_at, end_reason = excluded.end_reason
    WHERE known.left_at IS NULL AND excluded.left_at IS NOT NULL
"""


async def write_rows(connection: "Connection[Record]", rows: Rows) -> None:
    """Insert what is new and bring forward what is known; no key may stand in `rows` twice."""
    if rows.actions:
        columns = [list(column) for column in zip(*rows.actions, strict=True)]
        columns.pop()  # `change` is the outbox's own business
        for index in (0, 2):
            columns[index] = [UUID(bytes=value) for value in columns[index]]
        for index in (1, 16):
            columns[index] = _instants(columns[index])
        columns[9] = [bool(value) for value in columns[9]]
        await connection.execute(_ACTIONS, *columns)
    if rows.visits:
        columns = [list(column) for column in zip(*rows.visits, strict=True)]
        columns.pop()
        columns[0] = [UUID(bytes=value) for value in columns[0]]
        for index in (1, 5):
            columns[index] = _instants(columns[index])
        await connection.execute(_VISITS, *columns)


def _instants(column: list[object]) -> list[object]:
    return [from_micros(value) if isinstance(value, int) else None for value in column]
