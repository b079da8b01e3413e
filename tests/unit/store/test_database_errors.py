import asyncpg
import pytest

from voxguard.errors import UnreachableError
from voxguard.store.database import Database
from voxguard.store.database_errors import RowsRefusedError, describe, errors_for_people


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://me:secret@db.example:5433/vox", "vox at db.example:5433"),
        ("postgresql://me:secret@db.example/vox", "vox at db.example"),
        ("postgresql://me:secret@/vox?host=/run/pg&port=1", "vox at /run/pg:1"),
        ("postgresql://", "at localhost"),
        ("postgresql://me:sec/ret@db/vox", "of DATABASE_URL"),
    ],
)
def test_a_description_says_where_and_no_secret(dsn: str, expected: str) -> None:
    """Messages name the place; user and password are never a part of it."""
    assert describe(dsn) == expected


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://me:se/cret@localhost/vox",
        "postgresql://me:se[cret@localhost/vox",
        "postgresql://me:secret@localhost:1/vox",
        "postgresql://me:secret@localhost:99999/vox",
        "postgresql://me:secret@localhost:1/vox?sslmode=secret",
    ],
)
async def test_no_error_repeats_a_part_of_the_password(dsn: str) -> None:
    """Not even an address that was mistyped is quoted, in the message or in what led to it."""
    with pytest.raises(UnreachableError) as caught:
        await Database.connect(dsn)
    shown = f"{caught.value} {caught.value.hint}"
    assert "cret" not in shown
    assert "database " in shown
    assert caught.value.__suppress_context__


async def test_a_wrong_password_is_told_from_a_server_that_is_away(database_url: str) -> None:
    """The hint says what to look at."""
    address = database_url.partition("&passfile")[0].replace("voxguard@", "voxguard:wrong@")
    with pytest.raises(UnreachableError, match="password authentication failed") as caught:
        await Database.connect(address)
    assert caught.value.hint == "check the user and the password in DATABASE_URL"


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (TimeoutError(), "database x: no answer in time", "is the server running"),
        (ConnectionRefusedError(), "database x: nothing listens there", "is the server running"),
        (OSError(113, "No route to host"), "database x: No route to host", "is the server"),
        (asyncpg.InterfaceError(""), "database x: InterfaceError", "None"),
        (asyncpg.DiskFullError("could not extend"), "database x: could not extend", "free some"),
        (asyncpg.DeadlockDetectedError("deadlock"), "database x: deadlock", "None"),
    ],
)
def test_failures_say_the_cause_and_the_way_out(error: Exception, message: str, hint: str) -> None:
    """Everything that the network and the server do becomes one line for people."""
    with pytest.raises(UnreachableError) as caught, errors_for_people("x"):
        raise error
    assert str(caught.value) == message
    assert str(caught.value.hint).startswith(hint)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UntranslatableCharacterError("unsupported Unicode escape sequence"),
        asyncpg.CheckViolationError("violates check constraint"),
        asyncpg.ProgramLimitExceededError("index row size"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ],
)
def test_refused_values_are_told_from_failures(error: Exception) -> None:
    """What would be refused again and again is not retried for ever."""
    with pytest.raises(RowsRefusedError), errors_for_people("x"):
        raise error
