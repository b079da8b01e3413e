"""What can be asked of Discord without the gateway: who the bot is, and how a guild stands."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import hikari

from voxguard.discord.app import App
from voxguard.discord.closes import token_refused
from voxguard.discord.http import Seen, TooManyRequestsError, watched
from voxguard.discord.reasons import NOT_DISCORD, http_reason
from voxguard.errors import UnreachableError
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Overwrite, Role
from voxguard.settings import DISCORD_API

KINDS = {
    hikari.ChannelType.GUILD_VOICE: ChannelKind.VOICE,
    hikari.ChannelType.GUILD_STAGE: ChannelKind.STAGE,
    hikari.ChannelType.GUILD_CATEGORY: ChannelKind.CATEGORY,
}

MEMBERS_INTENT = (
    hikari.ApplicationFlags.VERIFIED_FOR_GUILD_MEMBERS_INTENT
    | hikari.ApplicationFlags.GUILD_MEMBERS_INTENT
)

_LOOK_AT_ADDRESS = f"is VOXGUARD_DISCORD_API a base address like {DISCORD_API}?"


@dataclass(frozen=True, slots=True)
class Account:
    """The bot as Discord knows it.

    `may_see_members` is whether the privileged intent is granted. `clock_offset` is how far
    Discord's clock is ahead of ours, to about a second; None where it did not say.
    """

    user_id: UserId
    name: str
    may_see_members: bool
    clock_offset: timedelta | None


class DiscordReads:
    """Asks Discord; every method raises UnreachableError where it gives no answer."""

    def __init__(self, app: App) -> None:
        """Ask through the app's direct client."""
        self._client = app.direct

    async def account(self) -> Account:
        """Who the bot is and what it was granted."""
        async with _asking() as seen:
            user = await self._client.fetch_my_user()
            now = datetime.now(UTC)
        offset = None if seen.date is None else seen.date - now
        async with _asking():
            application = await self._client.fetch_application()
        return Account(
            user_id=UserId(int(user.id)),
            name=user.username,
            may_see_members=bool(application.flags & MEMBERS_INTENT),
            clock_offset=offset,
        )

    async def guild_ids(self) -> tuple[GuildId, ...]:
        """The guilds that the bot is in."""
        async with _asking():
            return tuple([GuildId(int(each.id)) async for each in self._client.fetch_my_guilds()])

    async def guild(self, guild_id: GuildId, user_id: UserId) -> GuildSnapshot:
        """A guild that the bot is in, with its own member alone."""
        async with _asking():
            guild = await self._client.fetch_guild(guild_id)
        async with _asking():
            channels = await self._client.fetch_guild_channels(guild_id)
        async with _asking():
            member = await self._client.fetch_member(guild_id, user_id)
        return GuildSnapshot(
            id=guild_id,
            owner_id=UserId(int(guild.owner_id)),
            afk_channel_id=None
            if guild.afk_channel_id is None
            else ChannelId(int(guild.afk_channel_id)),
            name=guild.name,
            roles=tuple(
                Role(
                    RoleId(int(role.id)),
                    int(role.permissions),
                    role.name,
                    position=role.position,
                    managed=role.is_managed,
                )
                for role in guild.roles.values()
            ),
            channels=tuple(_channel(channel) for channel in channels),
            members=(Member(user_id, frozenset(RoleId(int(each)) for each in member.role_ids)),),
        )


@asynccontextmanager
async def _asking() -> AsyncGenerator[Seen]:
    with watched() as seen:
        try:
            yield seen
        except hikari.UnauthorizedError:
            raise token_refused() from None
        except TooManyRequestsError as error:
            raise UnreachableError(
                "Discord asks for patience",
                hint=f"try again in {error.answer.retry_after_seconds:.0f} s",
            ) from None
        except hikari.HTTPError as error:
            # All that is asked for here is there, so that the base address is another's.
            elsewhere = isinstance(error, hikari.NotFoundError)
            raise UnreachableError(
                f"Discord is out of reach: {http_reason(error)}",
                hint=_LOOK_AT_ADDRESS if elsewhere else None,
            ) from None
        except NOT_DISCORD:
            raise UnreachableError(
                "what answers is not Discord's API", hint=_LOOK_AT_ADDRESS
            ) from None


def _channel(channel: hikari.GuildChannel) -> Channel:
    overwrites: tuple[Overwrite, ...] = ()
    if isinstance(channel, hikari.PermissibleGuildChannel):
        overwrites = tuple(
            Overwrite(
                target_id=int(each.id),
                is_role=each.type is hikari.PermissionOverwriteType.ROLE,
                allow=int(each.allow),
                deny=int(each.deny),
            )
            for each in channel.permission_overwrites.values()
        )
    return Channel(
        id=ChannelId(int(channel.id)),
        kind=KINDS.get(hikari.ChannelType(channel.type), ChannelKind.OTHER),
        parent_id=None if channel.parent_id is None else ChannelId(int(channel.parent_id)),
        name=channel.name or "",
        overwrites=overwrites,
    )
