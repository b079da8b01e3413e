"""What the outbox's thread does in its transactions: groups of commits, and single jobs."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from voxguard.ports.outbox import OutboxBatch, OutboxError, OutboxLostError, UnkeepableError
from voxguard.store import outbox_sql
from voxguard.store.outbox_file import is_damage, outbox_error

T = TypeVar("T")

# SQLite's own word on values, where its other errors are about the file.
_ABOUT_VALUES: Final = (
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
)


@dataclass(slots=True)
class Commit:
    """A batch on its way to the disk; `told` once whoever waits for it has been told."""

    batch: OutboxBatch
    done: asyncio.Future[None]
    error: OutboxError | None = None
    told: bool = False


class Job(Generic[T]):
    """A function of the connection, and the future of what it returns."""

    def __init__(self, function: Callable[[sqlite3.Connection], T]) -> None:
        self._function = function
        self.result: Future[T] = Future()

    def run(self, connection: sqlite3.Connection, path: Path) -> None:
        """Run it in a transaction; what it raises belongs to whoever asked.

        Raises:
            OutboxLostError: The file is damaged.
        """
        try:
            connection.execute("BEGIN")
            value = self._function(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            roll_back(connection)
            self.result.set_exception(outbox_error(path, error))
            if is_damage(error):
                raise outbox_error(path, error) from error
        except BaseException as error:  # noqa: BLE001 - see above
            roll_back(connection)
            self.result.set_exception(error)
        else:
            self.result.set_result(value)


def write_group(
    connection: sqlite3.Connection, path: Path, group: list[Commit], change: int
) -> int:
    """Write commits in one transaction, each whole or not at all; the number of the last change.

    Raises:
        OutboxLostError: The file is damaged; nothing of them is written.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        for commit in group:
            change += 1
            _write_one(connection, path, commit, change)
        connection.execute("COMMIT")
    except (sqlite3.Error, MemoryError) as error:
        roll_back(connection)
        if isinstance(error, MemoryError):
            failure = OutboxError(f"outbox {path}: there is no memory left")
        else:
            failure = outbox_error(path, error)
        if isinstance(failure, OutboxLostError):
            raise failure from error
        for commit in group:
            commit.error = failure
    return change


def _write_one(connection: sqlite3.Connection, path: Path, commit: Commit, change: int) -> None:
    connection.execute("SAVEPOINT batch")
    try:
        outbox_sql.write(connection, commit.batch, change)
    except Exception as error:
        if isinstance(error, MemoryError) or (
            isinstance(error, sqlite3.Error) and not isinstance(error, _ABOUT_VALUES)
        ):
            raise
        # What one batch holds is no reason for its neighbours to fail.
        connection.execute("ROLLBACK TO batch")
        commit.error = UnkeepableError(
            f"outbox {path}: a record cannot be kept: {type(error).__name__}: {error}",
            hint="please report it: nothing that is decided should be like that",
        )
    connection.execute("RELEASE batch")


def roll_back(connection: sqlite3.Connection) -> None:
    """End the transaction, if there is one."""
    # SQLite ends it by itself after some errors, a full disk among them.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def lost_error(path: Path, error: BaseException) -> OutboxLostError:
    """Why nothing is written any more, where that is nobody's fault but the program's."""
    return OutboxLostError(
        f"outbox {path}: its writer has ended: {type(error).__name__}: {error}",
        hint="start again, and please report it",
    )


def settle(group: list[Commit]) -> None:
    """Tell whoever waits what became of their commits; to be called on their event loop."""
    for commit in group:
        if commit.done.done():
            continue
        if commit.error is None:
            commit.done.set_result(None)
        else:
            commit.done.set_exception(commit.error)
