"""The outbox's file: created for its owner alone, brought to this program's schema, or set aside.

Source: https://www.sqlite.org/pragma.html, https://www.sqlite.org/rescode.html
"""

import os
import sqlite3
from pathlib import Path
from typing import Final

from voxguard.errors import UnsafeError
from voxguard.ports.outbox import OutboxError

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
)

# Another program holds the file only while it looks at it, or for good.
_BUSY_SECONDS: Final = 5.0

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CAUSES: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space on its file system"),
    sqlite3.SQLITE_IOERR: ("reading or writing failed", "is its disk full or damaged?"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "make it and its directory writable"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "make it and its directory writable"),
    sqlite3.SQLITE_BUSY: ("another program holds it", "end that program"),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", "start again: the damaged file is then set aside"),
    sqlite3.SQLITE_NOTADB: ("it is damaged", "start again: the damaged file is then set aside"),
}


def outbox_error(path: Path, error: sqlite3.Error) -> OutboxError:
    """What a failure of SQLite's means to a person."""
    cause, hint = _CAUSES.get(_primary_code(error), (str(error), None))
    return OutboxError(f"outbox {path}: {cause}", hint=hint)


def open_file(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Open or create the outbox; a damaged one is renamed, and its new name comes second.

    Raises:
        OutboxError: It cannot be created, opened or written.
        UnsafeError: A later release of the program has written it.
    """
    _create(path)
    try:
        return _connect(path), None
    except sqlite3.Error as error:
        if _primary_code(error) not in _DAMAGED:
            raise outbox_error(path, error) from None
    aside = _set_aside(path)
    _create(path)
    try:
        return _connect(path), aside
    except sqlite3.Error as error:
        raise outbox_error(path, error) from None


def _primary_code(error: sqlite3.Error) -> int:
    # The low byte of an extended result code is the primary one.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its WAL and index files the mode of the database file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise OutboxError(
            f"outbox {path}: {error.strerror}",
            hint="VOXGUARD_STATE_DIR must be a directory that this user can write to",
        ) from None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        # Looked at before anything is changed: what cannot be used is kept as it is.
        version = _check(connection, path)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # The writer does it sooner, when nobody waits: within a commit it takes its time too.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA journal_size_limit = 16777216")
        _upgrade(connection, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> int:
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        error = sqlite3.DatabaseError(finding)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(SCHEMA):
        raise UnsafeError(
            f"outbox {path}: a later release of voxguard has written it",
            hint="run that release, or another state directory",
        )
    return int(version)


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
        )
    # The first write tells a file that can only be read from one that can be used.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")
    connection.execute("COMMIT")


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    # The log belongs to the damaged file: a fresh one that found it would be damaged too.
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
