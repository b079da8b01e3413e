"""What a failure of the database's means, said without the password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from voxguard.errors import UnreachableError, VoxguardError

_KINDS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What asyncpg calls internal also comes of a connection that ends at an odd moment.
    asyncpg.InternalClientError,
    OSError,
    ValueError,
)
_HINTS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "check the user and the password in DATABASE_URL",
    ),
    (
        asyncpg.InvalidCatalogNameError,
        "create the database, or correct its name in DATABASE_URL",
    ),
    (
        asyncpg.InsufficientPrivilegeError,
        "run `voxguard db upgrade` as the role that owns the tables",
    ),
    (asyncpg.UndefinedTableError, "run `voxguard db upgrade`"),
    (asyncpg.UndefinedColumnError, "run `voxguard db upgrade`"),
    (asyncpg.DuplicateTableError, "another program has a table of that name: use another database"),
    (asyncpg.ReadOnlySQLTransactionError, "DATABASE_URL names a standby: use the primary server"),
    (asyncpg.DiskFullError, "free some space on the database's disk"),
    (OSError, "is the server running, and does DATABASE_URL name it?"),
)


class RowsRefusedError(VoxguardError):
    """The database will not take rows because of what they hold; trying again is no use."""


def describe(dsn: str) -> str:
    """Where an address leads: database, host and port, never the user or a password."""
    try:
        parts = urlsplit(dsn)
        query = parse_qs(parts.query)
        host = parts.hostname or query.get("host", ["localhost"])[0]
        port = parts.port or query.get("port", [""])[0]
    except ValueError:
        return "of DATABASE_URL"
    name = unquote(parts.path.strip("/"))
    return f"{name} at {host}{f':{port}' if port else ''}".strip()


@contextmanager
def errors_for_people(where: str) -> Iterator[None]:
    """Turn what asyncpg and the network raise into errors that say where and what to do.

    Raises:
        RowsRefusedError: Values were refused.
        UnreachableError: Anything else that the database or the way to it is the cause of.
    """
    try:
        yield
    except _KINDS as error:
        if _is_about_the_address(error):
            # Its text may quote a part of the password.
            raise UnreachableError(
                f"database {where}: the address cannot be read",
                hint="DATABASE_URL is like postgresql://user:password@host:5432/name; "
                "in the password / : @ and % are percent-encoded",
            ) from None
        if _is_about_values(error):
            raise RowsRefusedError(_first_line(error)) from None
        raise UnreachableError(f"database {where}: {_cause(error)}", hint=_hint(error)) from None


def _is_about_the_address(error: Exception) -> bool:
    ours = (asyncpg.InterfaceError, UnicodeError)
    plain_value_error = isinstance(error, ValueError) and not isinstance(error, ours)
    return plain_value_error or isinstance(error, asyncpg.ClientConfigurationError)


def _is_about_values(error: Exception) -> bool:
    kinds = (
        # asyncpg's own finding about an argument is a ValueError too.
        ValueError,
        asyncpg.DataError,
        asyncpg.IntegrityConstraintViolationError,
        asyncpg.ProgramLimitExceededError,
    )
    return isinstance(error, kinds)


def _cause(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case ConnectionRefusedError():
            return "nothing listens there"
        case FileNotFoundError():
            return "there is no such socket"
        case OSError(strerror=str(text)):
            return text
        case _:
            return _first_line(error) or type(error).__name__


def _hint(error: Exception) -> str | None:
    return next((hint for kind, hint in _HINTS if isinstance(error, kind)), None)


def _first_line(error: Exception) -> str:
    # What follows the first line quotes statements and values.
    return str(error).partition("\n")[0]
