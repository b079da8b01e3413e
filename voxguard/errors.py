"""The errors that end a command, each with the exit code that scripts rely on."""

from typing import ClassVar


class VoxguardError(Exception):
    """A failure that a person can do something about.

    The message says what went wrong and where; `hint` says what to do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep the message for `str()` and the hint beside it."""
        super().__init__(message)
        self.hint = hint


class UsageError(VoxguardError):
    """A wrong argument, a missing setting, an unknown name or a malformed trace."""

    exit_code = 2


class PolicyError(VoxguardError):
    """The policy set does not load."""

    exit_code = 3


class UnsafeError(VoxguardError):
    """Refused because it would be unsafe."""

    exit_code = 5


class LockedError(VoxguardError):
    """Refused as stale, or because another process holds the lock."""

    exit_code = 6


class UnreachableError(VoxguardError):
    """The daemon, the database or Discord is out of reach, or Discord refuses the token."""

    exit_code = 7
