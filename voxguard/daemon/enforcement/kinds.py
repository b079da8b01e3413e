"""What can be wanted of a member, and by which of Discord's permissions and routes."""

from enum import IntEnum, StrEnum


class Field(StrEnum):
    """What a want is about."""

    PLACE = "place"
    MUTE = "mute"
    DEAF = "deaf"
    TIMEOUT = "timeout"
    AUDIENCE = "audience"
    ROLE = "role"
    MESSAGE = "message"


TOGETHER = frozenset({Field.PLACE, Field.MUTE, Field.DEAF, Field.TIMEOUT})
"""What one PATCH of a member can set at once."""


class Kind(StrEnum):
    """What Discord permits or refuses alike, each by a permission of its own.

    A disconnect needs less than a move, which also asks for the target.
    """

    DISCONNECT = "disconnect"
    MOVE = "move"
    MUTE = "mute"
    DEAFEN = "deafen"
    TIMEOUT = "timeout"
    SUPPRESS = "suppress"
    ROLE = "role"
    WARN = "warn"
    ANNOUNCE = "announce"


NEVER_PAUSED = frozenset({Kind.WARN})
"""Whether somebody takes direct messages says nothing of others, and is no permission."""


class Rank(IntEnum):
    """The order of work in a guild."""

    PLACEMENT = 0
    RELEASE = 1
    OTHER = 2


Standing = tuple[Rank, int]
"""A rank and, within it, the turn: lower is sooner."""


class Route(StrEnum):
    """Requests whose rate Discord limits together.

    Source: Discord developer documentation, "Rate Limits".
    """

    MEMBER = "member"
    GRANT = "grant"
    REVOKE = "revoke"
    STAGE = "stage"
    OPEN_DIRECT = "open direct"
    MESSAGE = "message"


BucketKey = tuple[Route, int]
"""A route and its major parameter: a guild's or channel's id, 0 where it has none."""
