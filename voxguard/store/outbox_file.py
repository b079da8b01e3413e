"""The outbox's file: created for its owner alone, brought to this program's schema, or set aside.

Source: https://www.sqlite.org/pragma.html, https://www.sqlite.org/rescode.html
"""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from voxguard.errors import UnsafeError
from voxguard.ports.outbox import OutboxError, OutboxLostError
from voxguard.store.outbox_schema import SCHEMA
from voxguard.store.outbox_sql import last_change

# Another program holds the file only while it looks at it, or for good.
_BUSY_SECONDS: Final = 5.0

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CAUSES: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space on its file system"),
    sqlite3.SQLITE_IOERR: ("reading or writing failed", "is its disk full, read-only or failing?"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "make it and its directory writable"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "make it and its directory writable"),
    sqlite3.SQLITE_BUSY: ("another program holds it", "end that program"),
}
_DAMAGE_HINT: Final = "start again: the damaged file is set aside, and its disk may be failing"

# What a look at the whole file may take at a start; reading more takes seconds.
_WHOLE_CHECK_BYTES: Final = 64_000_000
_SMALL_TABLES: Final = ("members", "meta", "alive", "counts")


def outbox_error(path: Path, error: sqlite3.Error) -> OutboxError:
    """What a failure of SQLite's means to a person."""
    if is_damage(error):
        return OutboxLostError(f"outbox {path}: it is damaged", hint=_DAMAGE_HINT)
    cause, hint = _CAUSES.get(_primary_code(error), (str(error), None))
    return OutboxError(f"outbox {path}: {cause}", hint=hint)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is not what SQLite has written."""
    return _primary_code(error) in _DAMAGED


def damaged_files(path: Path) -> tuple[Path, ...]:
    """The damaged files that were set aside in the place of this outbox and are still there."""
    found = path.parent.glob(f"{path.name}.corrupt-*")
    return tuple(sorted(each for each in found if each.suffix[-1].isdigit()))


class Opened(NamedTuple):
    """An outbox that can be used, the highest number in it, and what a damaged one is called."""

    connection: sqlite3.Connection
    change: int
    set_aside: Path | None


def open_file(path: Path) -> Opened:
    """Open or create the outbox; a damaged one is renamed.

    Raises:
        OutboxError: It cannot be created, opened or written.
        UnsafeError: A later release of the program has written it.
    """
    _create(path)
    try:
        return Opened(*_connect(path), None)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise outbox_error(path, error) from None
    aside = set_aside(path)
    _create(path)
    try:
        return Opened(*_connect(path), aside)
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


def _connect(path: Path) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        # Nobody else works on it. So it needs no shared memory, which is a file too, and one that
        # ends the process with a signal when its disk takes nothing any more.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # Looked at before anything is changed: what cannot be used is kept as it is.
        version = _check(connection, path)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # The writer does it sooner, when nobody waits: within a commit it takes its time too.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA journal_size_limit = 16777216")
        _upgrade(connection, version)
        change = last_change(connection)
    except BaseException:
        connection.close()
        raise
    return connection, change


def _check(connection: sqlite3.Connection, path: Path) -> int:
    for finding in _findings(connection, path):
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


def _findings(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    """What a look at the file finds, "ok" where it is sound.

    Of a long backlog only what every start needs is looked at: damage among the rows that
    wait shows when they are read.
    """
    if path.stat().st_size <= _WHOLE_CHECK_BYTES:
        checks = ["PRAGMA quick_check(1)"]
    else:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        checks = [f"PRAGMA quick_check({name})" for name in _SMALL_TABLES if name in there]
    for check in checks:
        yield connection.execute(check).fetchone()[0]


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
        )
    # The first write tells a file that can only be read from one that can be used.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")
    connection.execute("COMMIT")


def set_aside(path: Path) -> Path:
    """Rename a damaged file with all of its parts; its new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    # The log belongs to the damaged file: a fresh one that found it would be damaged too.
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
