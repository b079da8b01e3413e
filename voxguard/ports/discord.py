"""Discord as the daemon sees it: a stream of dispatches, and acts upon members with answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId

OnDispatch = Callable[[str, Mapping[str, Any], datetime | None], None]
"""Takes a gateway dispatch by name and payload, in the order of the shard that brought it.

The instant is the last at which its guild was surely watched, where a GUILD_CREATE or a
GUILD_DELETE is news of something that may have happened since then; else None.
"""


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """How the connection to Discord's gateway stands.

    `shard_count` is 0 until Discord has said how many there are. `announced` are the guilds
    that the bot is in, as READY named them and as it has joined and left some since then: a
    GUILD_CREATE follows for each that is available. `last_error` is None while every shard
    is connected. `warnings` are what works less well than it could for as long as the process
    runs. `sessions_started` counts since the start; `sessions_left` may still be started
    before Discord counts anew, None until it has said so.
    """

    shard_count: int = 0
    connected: frozenset[int] = frozenset()
    announced: frozenset[GuildId] = frozenset()
    last_error: str | None = None
    warnings: tuple[str, ...] = ()
    sessions_started: int = 0
    sessions_left: int | None = None

    @property
    def is_connected(self) -> bool:
        """Whether every shard has a session and is connected."""
        return 0 < self.shard_count == len(self.connected)


OnStatus = Callable[[GatewayStatus], None]


class Gateway(Protocol):
    """The connection to the gateway, as the daemon sees it."""

    @property
    def status(self) -> GatewayStatus:
        """How things stand now."""
        ...

    async def run(self) -> None:
        """Stay connected until closed, however long Discord is out of reach.

        Raises:
            UnreachableError: Discord refuses the token, or intents that cannot be left out.
        """
        ...

    def renew(self, guild_id: GuildId) -> bool:
        """Have Discord show a guild anew, by a new session; False where that must not be now."""
        ...

    async def close(self) -> None:
        """Say goodbye to Discord and let `run` end."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member is to be; None is out of voice."""

    channel_id: ChannelId | None


@dataclass(frozen=True, slots=True)
class MemberEdit:
    """What one request changes of a member; None leaves a thing as it is.

    `timeout_until` is the end of a timeout, aware, at most 28 days away.
    """

    mute: bool | None = None
    deaf: bool | None = None
    place: Place | None = None
    timeout_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleEdit:
    """One role is given to a member, or taken from them; their other roles stay."""

    role_id: RoleId
    granted: bool


@dataclass(frozen=True, slots=True)
class StageEdit:
    """A member of a stage channel becomes audience, or a speaker."""

    channel_id: ChannelId
    suppressed: bool


@dataclass(frozen=True, slots=True)
class OpenDirect:
    """Asks for the channel of direct messages to a member; to ask again does no harm."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text into a channel that notifies nobody, whoever it mentions.

    Of two messages with one `nonce` (25 characters at most) Discord takes the first alone,
    for a few minutes.
    """

    channel_id: ChannelId
    text: str
    nonce: str


Act = MemberEdit | RoleEdit | StageEdit | OpenDirect | Message
"""What one request does."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the headers of an answer say of the bucket that the request belongs to.

    Routes of one `bucket` share it; empty where Discord does not name it.
    Source: Discord developer documentation, "Rate Limits".
    """

    limit: int
    remaining: int
    reset_after_seconds: float
    bucket: str = field(default="", compare=False)


class Scope(StrEnum):
    """Whose limit a 429 is about: the bot's in this bucket, the bot's in all, or everybody's."""

    USER = "user"
    GLOBAL = "global"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    rate_limit: RateLimit | None = None


@dataclass(frozen=True, slots=True)
class Applied(_Answered):
    """Discord has done it."""


@dataclass(frozen=True, slots=True)
class Opened(_Answered):
    """The channel of direct messages that was asked for."""

    channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class Refused(_Answered):
    """Discord will not do it; repeating changes nothing. `code` and `text` are Discord's."""

    status: int
    code: int
    text: str

    @property
    def words(self) -> str:
        """Code and text in one, as logs and tables show them."""
        return f"{self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class NotConnected(_Answered):
    """The member is not in voice, or not in that channel, so that it cannot be done now."""


@dataclass(frozen=True, slots=True)
class RateLimited(_Answered):
    """Too many requests: nothing was done, and nothing will be before the time has passed."""

    retry_after_seconds: float
    scope: Scope


@dataclass(frozen=True, slots=True)
class Unreachable(_Answered):
    """No answer, or that something is broken; `in_doubt`: it may have been done all the same."""

    reason: str
    in_doubt: bool


Answer = Applied | Opened | Refused | NotConnected | RateLimited | Unreachable


class Actor(Protocol):
    """What can act upon members, and send messages about them."""

    async def act(self, guild_id: GuildId, user_id: UserId, act: Act, reason: str) -> Answer:
        """Send one request at once and say how it went; nothing is waited for or repeated.

        `reason` is the audit log's text, at most 512 characters, where Discord takes one.
        """
        ...
