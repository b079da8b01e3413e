"""The tables of the outbox's file, one script for each step that they have come."""

# Every name in this SQL is our own.
# ruff: noqa: S608

from typing import Final

# One script for each step of the schema; its number is the file's user_version afterwards.
# `waiting` repeats `change` in rows that the database does not have, so that these are found and
# counted in a small index alone, however many rows there are. The instant stands first in a key:
# rows that come together and go together then lie together.
SCHEMA: Final = (
    """
    CREATE TABLE actions (
        id BLOB NOT NULL, decided_at INTEGER NOT NULL, episode BLOB NOT NULL,
        guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, channel_id INTEGER,
        rule TEXT NOT NULL, effect TEXT NOT NULL, mode TEXT NOT NULL,
        is_release INTEGER NOT NULL, reason TEXT NOT NULL, params TEXT NOT NULL,
        details TEXT NOT NULL, policy_revision TEXT NOT NULL,
        outcome TEXT, error TEXT, executed_at INTEGER,
        change INTEGER NOT NULL, waiting INTEGER, refused TEXT,
        PRIMARY KEY (decided_at, id)
    ) WITHOUT ROWID;
    CREATE INDEX actions_waiting ON actions (waiting) WHERE waiting IS NOT NULL;
    CREATE INDEX actions_refused ON actions (change) WHERE refused IS NOT NULL;
    CREATE TABLE visits (
        id BLOB NOT NULL, joined_at INTEGER NOT NULL,
        guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, channel_id INTEGER NOT NULL,
        left_at INTEGER, end_reason TEXT, policy_revision TEXT NOT NULL,
        change INTEGER NOT NULL, waiting INTEGER, refused TEXT,
        PRIMARY KEY (joined_at, id)
    ) WITHOUT ROWID;
    CREATE INDEX visits_waiting ON visits (waiting) WHERE waiting IS NOT NULL;
    CREATE INDEX visits_refused ON visits (change) WHERE refused IS NOT NULL;
    CREATE TABLE members (
        guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, state BLOB NOT NULL,
        PRIMARY KEY (guild_id, user_id)
    ) WITHOUT ROWID;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
    """,
    # A start finds what goes on, and the highest change, without looking at what only waits.
    # Counts are kept by the rows themselves: counting takes as long as there are rows.
    """
    CREATE INDEX actions_unfinished ON actions (change)
        WHERE (outcome IS NULL OR outcome IN ('pending', 'deferred'));
    CREATE INDEX visits_open ON visits (change) WHERE left_at IS NULL;
    CREATE TABLE counts (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        waiting INTEGER NOT NULL, refused INTEGER NOT NULL
    );
    INSERT INTO counts SELECT 1,
        (SELECT count(*) FROM actions WHERE waiting IS NOT NULL)
            + (SELECT count(*) FROM visits WHERE waiting IS NOT NULL),
        (SELECT count(*) FROM actions WHERE refused IS NOT NULL)
            + (SELECT count(*) FROM visits WHERE refused IS NOT NULL);
    """
    + "".join(
        f"""
        CREATE TRIGGER {table}_come AFTER INSERT ON {table} BEGIN
            UPDATE counts SET waiting = waiting + (new.waiting IS NOT NULL),
                refused = refused + (new.refused IS NOT NULL);
        END;
        CREATE TRIGGER {table}_change AFTER UPDATE OF waiting, refused ON {table}
        WHEN (new.waiting IS NULL) <> (old.waiting IS NULL)
            OR (new.refused IS NULL) <> (old.refused IS NULL)
        BEGIN
            UPDATE counts SET
                waiting = waiting + (new.waiting IS NOT NULL) - (old.waiting IS NOT NULL),
                refused = refused + (new.refused IS NOT NULL) - (old.refused IS NOT NULL);
        END;
        CREATE TRIGGER {table}_go AFTER DELETE ON {table} BEGIN
            UPDATE counts SET waiting = waiting - (old.waiting IS NOT NULL),
                refused = refused - (old.refused IS NOT NULL);
        END;
        """
        for table in ("actions", "visits")
    ),
    # Of one instant and one member there may be several decisions, of which the last one counts.
    "ALTER TABLE actions ADD COLUMN came INTEGER NOT NULL DEFAULT 0;",
)
