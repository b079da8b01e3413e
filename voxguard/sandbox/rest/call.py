"""One REST call as handlers see it: whom it is about and what it wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxguard.model.ids import MAX_ID, ChannelId, GuildId, UserId
from voxguard.model.permissions import Permission
from voxguard.sandbox.rest import errors
from voxguard.sandbox.session_starts import SessionStarts
from voxguard.sandbox.world.audit import Hand
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember, User
from voxguard.sandbox.world.world import JsonObject, World


@dataclass(slots=True)
class Mailbox:
    """Messages that were sent, and the channels of direct messages by their ids.

    `nonces` are those that may not be used again, each with its message and the seconds on
    the steady clock at which it was sent.
    """

    messages: list[JsonObject] = field(default_factory=list)
    direct_channels: dict[ChannelId, User] = field(default_factory=dict)
    nonces: dict[str, tuple[float, JsonObject]] = field(default_factory=dict)


@dataclass(slots=True)
class Backend:
    """What handlers work on. `session_starts_left` asks the gateway, as `starts` knows them."""

    world: World
    session_starts_left: Callable[[], int]
    starts: SessionStarts
    mailbox: Mailbox = field(default_factory=Mailbox)
    commands: dict[GuildId | None, list[JsonObject]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is let through. `params` are the parts of the path, all of them ids or @me."""

    backend: Backend
    host: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    reason: str | None

    @property
    def world(self) -> World:
        """The world that the call is about."""
        return self.backend.world

    @property
    def hand(self) -> Hand:
        """The bot, with the reason that it gives."""
        return Hand(self.world.bot.user.id, self.reason)

    def guild(self) -> Guild:
        """The guild of the path; 10004 when there is none."""
        guild = self.world.guilds.get(GuildId(self.param("guild")))
        if guild is None:
            raise errors.unknown("Guild")
        return guild

    def member(self, guild: Guild) -> GuildMember:
        """The member of the path; 10013 for a user who does not exist, else 10007."""
        raw = self.params["user"]
        user_id = self.world.bot.user.id if raw == "@me" else UserId(self.param("user"))
        if user_id not in self.world.users:
            raise errors.unknown("User")
        if user_id not in guild.members:
            raise errors.unknown("Member")
        return guild.members[user_id]

    def guild_channel(self, channel_id: int) -> tuple[Guild, GuildChannel]:
        """A channel and its guild; 10003 when there is none."""
        for guild in self.world.guilds.values():
            channel = guild.channels.get(ChannelId(channel_id))
            if channel is not None:
                return guild, channel
        raise errors.unknown("Channel")

    def param(self, name: str) -> int:
        """An id of the path; 50035 when it is none."""
        return as_id(self.params[name], name)

    def fields(self) -> JsonObject:
        """The body, which must be an object."""
        if not isinstance(self.body, dict):
            raise errors.invalid_json()
        return self.body

    def require(
        self, guild: Guild, wanted: Permission, channel: GuildChannel | None = None
    ) -> None:
        """Go on only if the bot has these permissions; else 50001 or 50013."""
        held = guild.permissions(self.world.bot_member(guild), channel)
        if channel is not None and not held & Permission.VIEW_CHANNEL:
            raise errors.missing_access()
        if held & wanted != wanted:
            raise errors.missing_permissions()


def as_id(value: object, field_name: str) -> int:
    """An id in a request; 50035 when it is none."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID):
        raise errors.invalid_form(
            field_name, f"Value {text[:40]!r} is not snowflake.", "NUMBER_TYPE_COERCE"
        )
    return int(text)


def as_flag(value: object, field_name: str) -> bool | None:
    """A switch in a request, null for one that is left alone; 50035 when it is neither."""
    if value is None or isinstance(value, bool):
        return value
    raise errors.invalid_form(field_name, "Must be either true or false.", "BOOLEAN_TYPE_CONVERT")
