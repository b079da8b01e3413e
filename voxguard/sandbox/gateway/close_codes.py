"""The gateway's close codes.

Source: Discord developer documentation, "Opcodes and Status Codes" (Gateway Close Event Codes).
"""

from enum import IntEnum


class CloseCode(IntEnum):
    """Why the gateway closes a connection."""

    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    INVALID_SHARD = 4010
    INVALID_API_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014

    @property
    def reason(self) -> str:
        """The words that go with the code."""
        return self.name.replace("_", " ").capitalize() + "."


_SESSION_IS_OVER = frozenset({1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})


def ends_session(code: int) -> bool:
    """Whether a connection closed with this code, by either side, cannot be resumed."""
    return code in _SESSION_IS_OVER
