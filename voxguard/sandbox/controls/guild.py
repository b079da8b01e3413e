"""What happens to guilds and to what they consist of."""

from collections.abc import Iterable

from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.world import bot_presence, layout, membership
from voxguard.sandbox.world.membership import Drop
from voxguard.sandbox.world.state import GuildChannel, GuildMember, GuildRole
from voxguard.sandbox.world.world import Ref, RefusedError, World


class GuildControls:
    """What happens to guilds and to what they consist of."""

    world: World

    def add_member(
        self,
        guild: Ref,
        name: str,
        *,
        user_id: int | None = None,
        roles: Iterable[Ref] = (),
        bot: bool = False,
    ) -> GuildMember:
        """A user joins the guild."""
        where = self.world.guild(guild)
        role_ids = [self.world.role(where, role).id for role in roles]
        return membership.add_member(
            self.world, where, name, user_id=user_id, roles=role_ids, bot=bot
        )

    def remove_member(self, guild: Ref, member: Ref, *, drop: Drop = Drop.BEFORE) -> None:
        """A member leaves the guild or is thrown out."""
        where = self.world.guild(guild)
        who = self.world.member(where, member)
        membership.remove_member(self.world, where, who, drop=drop)

    def kick_bot(self, guild: Ref) -> None:
        """The bot is thrown out of the guild, which goes on without it."""
        bot_presence.kick_bot(self.world, self.world.guild(guild))

    def invite_bot(self, guild: Ref) -> None:
        """The bot is invited again, with the roles that it had."""
        bot_presence.invite_bot(self.world, self.world.guild(guild))

    def set_takes_messages(self, guild: Ref, member: Ref, *, takes: bool) -> None:
        """A member begins or ceases to take direct messages."""
        self.world.member(self.world.guild(guild), member).user.takes_messages = takes

    def create_role(self, guild: Ref, name: str, *, permissions: int = 0) -> GuildRole:
        """A role is made."""
        return layout.create_role(self.world, self.world.guild(guild), name, permissions)

    def change_role(
        self, guild: Ref, role: Ref, *, name: str | None = None, permissions: int | None = None
    ) -> None:
        """A role is given another name or other permissions."""
        where = self.world.guild(guild)
        which = self.world.role(where, role)
        layout.change_role(self.world, where, which, name=name, permissions=permissions)

    def delete_role(self, guild: Ref, role: Ref) -> None:
        """A role is deleted."""
        where = self.world.guild(guild)
        layout.delete_role(self.world, where, self.world.role(where, role))

    def create_channel(
        self,
        guild: Ref,
        name: str,
        *,
        kind: ChannelKind = ChannelKind.VOICE,
        category: Ref | None = None,
    ) -> GuildChannel:
        """A channel is made."""
        where = self.world.guild(guild)
        parent = None if category is None else self.world.channel(where, category).id
        return layout.create_channel(self.world, where, name, kind=kind, parent_id=parent)

    def change_channel(
        self,
        guild: Ref,
        channel: Ref,
        *,
        name: str | None = None,
        user_limit: int | None = None,
    ) -> None:
        """A channel is given another name or limit."""
        where = self.world.guild(guild)
        which = self.world.channel(where, channel)
        layout.change_channel(self.world, where, which, name=name, user_limit=user_limit)

    def set_overwrite(
        self,
        guild: Ref,
        channel: Ref,
        *,
        role: Ref | None = None,
        member: Ref | None = None,
        allow: int = 0,
        deny: int = 0,
    ) -> None:
        """A channel's overwrite for one role or one member becomes this one; without bits it goes.

        Raises `RefusedError` unless there is exactly one of `role` and `member`.
        """
        where = self.world.guild(guild)
        which = self.world.channel(where, channel)
        if role is not None and member is None:
            target_id = int(self.world.role(where, role).id)
        elif member is not None and role is None:
            target_id = int(self.world.member(where, member).user.id)
        else:
            raise RefusedError("an overwrite is for one role or for one member")
        others = [item for item in which.overwrites if item.target_id != target_id]
        if allow or deny:
            others.append(Overwrite(target_id, is_role=role is not None, allow=allow, deny=deny))
        layout.change_channel(self.world, where, which, overwrites=tuple(others))

    def delete_channel(self, guild: Ref, channel: Ref) -> None:
        """A channel is deleted; who is inside drops out of voice."""
        where = self.world.guild(guild)
        layout.delete_channel(self.world, where, self.world.channel(where, channel))

    def set_afk_channel(self, guild: Ref, channel: Ref | None = None) -> None:
        """Another channel becomes the guild's AFK channel, or none."""
        where = self.world.guild(guild)
        which = None if channel is None else self.world.channel(where, channel)
        layout.set_afk_channel(self.world, where, which)

    def set_available(self, guild: Ref, *, available: bool) -> None:
        """The guild becomes unavailable, or available again."""
        layout.set_available(self.world, self.world.guild(guild), available=available)
