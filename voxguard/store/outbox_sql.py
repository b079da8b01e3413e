"""What is written to the outbox's tables and read from them; transactions are the caller's."""

# Every name in this SQL is our own, and every value is bound.
# ruff: noqa: S608

import sqlite3
from pathlib import Path
from typing import Final

from voxguard.model.ids import GuildId, UserId
from voxguard.ports.outbox import MemberRecord, OutboxBatch, OutboxState
from voxguard.store.rows import (
    ActionRow,
    Counts,
    Rows,
    VisitRow,
    action_row,
    from_micros,
    open_visit,
    to_micros,
    unfinished_decision,
    visit_row,
)

_MOST_TOGETHER: Final = 1_000_000
"""More decisions than any batch holds, so that each has a place of its own among all."""

_UNFINISHED: Final = "(outcome IS NULL OR outcome IN ('pending', 'deferred'))"
_ACTION_COLUMNS: Final = ", ".join(ActionRow._fields)
_VISIT_COLUMNS: Final = ", ".join(VisitRow._fields)
# A row that has changed since it was read is another writing of it, and waits for its own turn.
_SAME_ACTION: Final = "WHERE id = ? AND decided_at = ? AND change = ?"
_SAME_VISIT: Final = "WHERE id = ? AND joined_at = ? AND change = ?"

_INSERT_ACTION: Final = f"""
    INSERT INTO actions ({_ACTION_COLUMNS}, waiting, came)
    VALUES ({", ".join("?" * len(ActionRow._fields))}, ?, ?)
    ON CONFLICT (decided_at, id) DO NOTHING
"""
_UPDATE_OUTCOME: Final = f"""
    UPDATE actions SET outcome = ?, error = ?, executed_at = coalesce(?, executed_at),
        change = ?, waiting = ?, refused = NULL
    WHERE id = ? AND decided_at = ? AND {_UNFINISHED}
"""
_UPSERT_VISIT: Final = f"""
    INSERT INTO visits ({_VISIT_COLUMNS}, waiting)
    VALUES ({", ".join("?" * len(VisitRow._fields))}, ?)
    ON CONFLICT (joined_at, id) DO UPDATE SET left_at = excluded.left_at,
        end_reason = excluded.end_reason, change = excluded.change,
        waiting = excluded.waiting, refused = NULL
    WHERE visits.left_at IS NULL AND excluded.left_at IS NOT NULL
"""
_UPSERT_MEMBER: Final = """
    INSERT INTO members (guild_id, user_id, state) VALUES (?, ?, ?)
    ON CONFLICT (guild_id, user_id) DO UPDATE SET state = excluded.state
"""
_UPSERT_META: Final = """
    INSERT INTO meta (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_UPSERT_ALIVE: Final = """
    INSERT INTO alive (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at
"""
_RETRY: Final = "SET waiting = change, refused = NULL WHERE refused IS NOT NULL"


def last_change(connection: sqlite3.Connection) -> int:
    """The highest number of a change that any row bears.

    Each row waits, was refused or is not finished, and each of these has an index.
    """
    (number,) = connection.execute(
        f"""
        SELECT max(number) FROM (
            SELECT max(waiting) AS number FROM actions WHERE waiting IS NOT NULL
            UNION ALL SELECT max(change) FROM actions WHERE refused IS NOT NULL
            UNION ALL SELECT max(change) FROM actions WHERE {_UNFINISHED}
            UNION ALL SELECT max(waiting) FROM visits WHERE waiting IS NOT NULL
            UNION ALL SELECT max(change) FROM visits WHERE refused IS NOT NULL
            UNION ALL SELECT max(change) FROM visits WHERE left_at IS NULL
        )
        """
    ).fetchone()
    return number or 0


def write(connection: sqlite3.Connection, batch: OutboxBatch, change: int) -> None:
    """Write one batch; its rows bear this number of a change."""
    revision = batch.policy_revision
    connection.executemany(
        _INSERT_ACTION,
        [
            (*action_row(decision, revision, change), change, change * _MOST_TOGETHER + place)
            for place, decision in enumerate(batch.decisions)
        ],
    )
    connection.executemany(
        _UPDATE_OUTCOME,
        [
            (
                record.outcome,
                record.error,
                None if record.executed_at is None else to_micros(record.executed_at),
                change,
                change,
                record.decision_id.bytes,
                to_micros(record.decided_at),
            )
            for record in batch.outcomes
        ],
    )
    connection.executemany(
        _UPSERT_VISIT,
        [(*visit_row(visit, revision, change), change) for visit in batch.visits],
    )
    for member in batch.members:
        _write_member(connection, member)
    connection.executemany(_UPSERT_META, list(batch.meta.items()))
    if batch.alive_at is not None:
        connection.execute(_UPSERT_ALIVE, (to_micros(batch.alive_at),))


def _write_member(connection: sqlite3.Connection, member: MemberRecord) -> None:
    key = (member.guild_id, member.user_id)
    if member.state is None:
        connection.execute("DELETE FROM members WHERE guild_id = ? AND user_id = ?", key)
    else:
        connection.execute(_UPSERT_MEMBER, (*key, member.state))


def read_state(connection: sqlite3.Connection, set_aside: Path | None) -> OutboxState:
    """Everything that a start needs, in an order that does not depend on the file's history."""
    members = connection.execute(
        "SELECT guild_id, user_id, state FROM members ORDER BY guild_id, user_id"
    )
    actions = connection.execute(
        f"""
        SELECT {_ACTION_COLUMNS} FROM actions INDEXED BY actions_unfinished
        WHERE {_UNFINISHED} ORDER BY came, decided_at, change, id
        """
    )
    visits = connection.execute(
        f"""
        SELECT {_VISIT_COLUMNS} FROM visits INDEXED BY visits_open
        WHERE left_at IS NULL ORDER BY joined_at, change, id
        """
    )
    alive = connection.execute("SELECT at FROM alive").fetchone()
    return OutboxState(
        members=tuple(MemberRecord(GuildId(g), UserId(u), state) for g, u, state in members),
        decisions=tuple(unfinished_decision(ActionRow._make(row)) for row in actions),
        visits=tuple(open_visit(VisitRow._make(row)) for row in visits),
        alive_at=None if alive is None else from_micros(alive[0]),
        meta=dict(connection.execute("SELECT key, value FROM meta ORDER BY key")),
        set_aside=set_aside,
    )


def read_waiting(connection: sqlite3.Connection, limit: int) -> Rows:
    """The oldest changes that the database does not have, at most `limit` of each table."""
    actions = connection.execute(
        f"SELECT {_ACTION_COLUMNS} FROM actions WHERE waiting IS NOT NULL ORDER BY waiting LIMIT ?",
        (limit,),
    )
    visits = connection.execute(
        f"SELECT {_VISIT_COLUMNS} FROM visits WHERE waiting IS NOT NULL ORDER BY waiting LIMIT ?",
        (limit,),
    )
    return Rows(tuple(map(ActionRow._make, actions)), tuple(map(VisitRow._make, visits)))


def is_waiting(connection: sqlite3.Connection, change: int) -> bool:
    """Whether a change up to this number is one that the database does not have."""
    (found,) = connection.execute(
        """
        SELECT EXISTS (SELECT 1 FROM actions WHERE waiting <= ?1)
            OR EXISTS (SELECT 1 FROM visits WHERE waiting <= ?1)
        """,
        (change,),
    ).fetchone()
    return bool(found)


def acknowledge(connection: sqlite3.Connection, rows: Rows) -> None:
    """Forget rows that are handed over and finished; the others are not sent again unchanged."""
    actions = [(row.id, row.decided_at, row.change) for row in rows.actions]
    visits = [(row.id, row.joined_at, row.change) for row in rows.visits]
    for statement in (
        f"DELETE FROM actions {_SAME_ACTION} AND NOT {_UNFINISHED}",
        f"UPDATE actions SET waiting = NULL {_SAME_ACTION}",
    ):
        connection.executemany(statement, actions)
    for statement in (
        f"DELETE FROM visits {_SAME_VISIT} AND left_at IS NOT NULL",
        f"UPDATE visits SET waiting = NULL {_SAME_VISIT}",
    ):
        connection.executemany(statement, visits)


def refuse(connection: sqlite3.Connection, rows: Rows, error: str) -> None:
    """Lay rows aside until they change or the program is started again."""
    actions = [(error, row.id, row.decided_at, row.change) for row in rows.actions]
    visits = [(error, row.id, row.joined_at, row.change) for row in rows.visits]
    connection.executemany(
        f"UPDATE actions SET waiting = NULL, refused = ? {_SAME_ACTION}", actions
    )
    connection.executemany(f"UPDATE visits SET waiting = NULL, refused = ? {_SAME_VISIT}", visits)


def retry_refused(connection: sqlite3.Connection) -> None:
    """Let refused rows wait again: the database or the program may have learnt to take them."""
    connection.execute(f"UPDATE actions {_RETRY}")
    connection.execute(f"UPDATE visits {_RETRY}")


def count(connection: sqlite3.Connection) -> Counts:
    """How many rows wait and how many were refused."""
    return Counts(*connection.execute("SELECT waiting, refused FROM counts").fetchone())
