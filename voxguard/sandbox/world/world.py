"""The world: its guilds and people, found by name or id, and who is told of changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from voxguard.errors import UsageError
from voxguard.model.ids import MAX_ID, GuildId, UserId
from voxguard.sandbox.clock import Clock, SystemClock
from voxguard.sandbox.world.names import id_at
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember, GuildRole, User

Ref = int | str
"""Something in the world, by its id or its name."""

EVERYONE = "everyone"
"""The role that everybody has, as people write it."""

JsonObject = dict[str, Any]


class UnknownNameError(UsageError):
    """Nothing in the world has this name or id."""


class RefusedError(UsageError):
    """Discord would not let the member do this."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A gateway event of a guild; `user_id` names the member that a member event is about."""

    name: str
    guild_id: GuildId
    data: JsonObject
    user_id: UserId | None = None


@dataclass(slots=True)
class Bot:
    """The application under test: its account and what the developer portal allows it."""

    user: User
    token: str
    privileged_intents: frozenset[str] = frozenset({"members"})


Key = TypeVar("Key", bound=int)
Named = TypeVar("Named", GuildRole, GuildChannel, Guild)


class World:
    """Everything that the stand-in knows; changes go through the functions beside this module."""

    def __init__(
        self, bot: Bot, guilds: Iterable[Guild] = (), *, clock: Clock | None = None
    ) -> None:
        self.bot = bot
        self.guilds = {guild.id: guild for guild in guilds}
        # Those that the bot was thrown out of: they live on, and nobody tells it.
        self.left: dict[GuildId, Guild] = {}
        self.clock = clock or SystemClock()
        self.users = {bot.user.id: bot.user}
        for guild in self.guilds.values():
            self.users.update({member.user.id: member.user for member in guild.members.values()})
        # The moves and disconnects that further ones of their kind are still merged into.
        self.open_audit_entries: dict[tuple[int, int, int, int | None], datetime] = {}
        self._sequence = 0
        self._on_dispatch: list[Callable[[Dispatch], None]] = []
        self._on_story: list[Callable[[str], None]] = []

    def subscribe(
        self, on_dispatch: Callable[[Dispatch], None], on_story: Callable[[str], None]
    ) -> None:
        """Tell these of every gateway event and, in words, of every change from now on."""
        self._on_dispatch.append(on_dispatch)
        self._on_story.append(on_story)

    def emit(
        self, name: str, guild: Guild, data: JsonObject, *, user_id: UserId | None = None
    ) -> None:
        """Send a gateway event of the guild; one that is unavailable or left is silent."""
        if guild.is_available and guild.id not in self.left:
            dispatch = Dispatch(name, guild.id, data, user_id)
            for tell in self._on_dispatch:
                tell(dispatch)

    def tell(self, story: str) -> None:
        """Say in words what has happened."""
        for listen in self._on_story:
            listen(story)

    def make_id(self) -> int:
        """An id that nothing else has, with the present instant in it."""
        self._sequence += 1
        return id_at(self.clock.now(), self._sequence)

    def only_guild(self) -> Guild:
        """The guild, where there is just one; `UnknownNameError` where a name is needed."""
        guilds = [*self.guilds.values(), *self.left.values()]
        if len(guilds) != 1:
            names = ", ".join(guild.name for guild in guilds)
            raise UnknownNameError(f"say which 'guild' is meant: {names}")
        return guilds[0]

    def guild(self, ref: Ref) -> Guild:
        """The guild with this id or name, left or not; `UnknownNameError` when there is none."""
        return find(self.guilds | self.left, ref, None)

    def member(self, guild: Guild, ref: Ref) -> GuildMember:
        """The guild's member with this id or name; `UnknownNameError` when there is none."""
        return find_member(guild, ref)

    def bot_member(self, guild: Guild) -> GuildMember:
        """The bot as a member of the guild."""
        return guild.members[self.bot.user.id]

    def channel(self, guild: Guild, ref: Ref) -> GuildChannel:
        """The guild's channel with this id or name; `UnknownNameError` when there is none."""
        return find(guild.channels, ref, guild.name)

    def role(self, guild: Guild, ref: Ref) -> GuildRole:
        """The guild's role with this id or name; `UnknownNameError` when there is none."""
        return find_role(guild, ref)


def find(things: Mapping[Key, Named], ref: Ref, guild_name: str | None) -> Named:
    """The guild, channel or role with this id or name, among those of a guild."""
    number = _as_id(ref)
    for key, thing in things.items():
        if key == number or thing.name == ref:
            return thing
    where = "in this world" if guild_name is None else f"in guild {guild_name}"
    names = ", ".join(thing.name for thing in things.values()) or "none"
    raise UnknownNameError(f"there is no {ref!r} {where}; there are: {names}")


def find_role(guild: Guild, ref: Ref) -> GuildRole:
    """The guild's role with this id or name; `everyone` is the one that everybody has."""
    return find(guild.roles, "@everyone" if ref == EVERYONE else ref, guild.name)


def find_member(guild: Guild, ref: Ref) -> GuildMember:
    """The guild's member with this id or name; `UnknownNameError` when there is none."""
    number = _as_id(ref)
    if number is not None and UserId(number) in guild.members:
        return guild.members[UserId(number)]
    for member in guild.members.values():
        if member.user.name == ref:
            return member
    raise UnknownNameError(f"guild {guild.name} has no member {ref!r}")


def _as_id(ref: Ref) -> int | None:
    if isinstance(ref, int):
        return ref
    is_number = ref.isascii() and ref.isdigit() and len(ref) <= len(str(MAX_ID))
    return int(ref) if is_number else None
