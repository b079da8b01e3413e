"""What members do in voice, and what human moderators do to them."""

from collections.abc import Iterable
from datetime import timedelta

from voxguard.sandbox.world import voice
from voxguard.sandbox.world.audit import Hand
from voxguard.sandbox.world.moderation import Edit, Timeout, moderate
from voxguard.sandbox.world.world import Ref, World


class VoiceControls:
    """What members do in voice, and what human moderators do to them."""

    world: World

    def join(self, guild: Ref, member: Ref, channel: Ref) -> None:
        """A member enters a channel, from outside or from another one."""
        where = self.world.guild(guild)
        who = self.world.member(where, member)
        voice.admit(self.world, where, who, self.world.channel(where, channel))

    def move(self, guild: Ref, member: Ref, channel: Ref) -> None:
        """A member who is in voice changes to another channel."""
        where = self.world.guild(guild)
        voice.connected(self.world.member(where, member))
        self.join(guild, member, channel)

    def leave(self, guild: Ref, member: Ref) -> None:
        """A member leaves voice."""
        where = self.world.guild(guild)
        who = self.world.member(where, member)
        voice.connected(who)
        voice.remove(self.world, where, who)

    def set_flags(
        self,
        guild: Ref,
        member: Ref,
        *,
        self_mute: bool | None = None,
        self_deaf: bool | None = None,
        camera: bool | None = None,
        streaming: bool | None = None,
    ) -> None:
        """A member sets switches of their own; None leaves one as it is."""
        where = self.world.guild(guild)
        flags = voice.Flags(self_mute, self_deaf, camera, streaming)
        voice.set_flags(self.world, where, self.world.member(where, member), flags)

    def repeat_voice_state(self, guild: Ref, member: Ref) -> None:
        """Discord sends a voice state again though nothing has changed."""
        where = self.world.guild(guild)
        voice.repeat(self.world, where, self.world.member(where, member))

    def human_edit(  # noqa: PLR0913 - a moderator's menu has this many entries
        self,
        guild: Ref,
        member: Ref,
        *,
        mute: bool | None = None,
        deaf: bool | None = None,
        suppress: bool | None = None,
        move_to: Ref | None = None,
        disconnect: bool = False,
        roles: Iterable[Ref] | None = None,
        timeout_seconds: float | None = None,
        by: Ref | None = None,
        reason: str | None = None,
    ) -> None:
        """A human moderator (by default the owner) does this to a member.

        A timeout of 0 seconds ends one. Whether the moderator may is not asked.
        """
        where = self.world.guild(guild)
        who = self.world.member(where, member)
        timeout = None
        if timeout_seconds is not None:
            until = self.world.clock.now() + timedelta(seconds=timeout_seconds)
            timeout = Timeout(until if timeout_seconds else None)
        given = None
        if roles is not None:
            given = frozenset(self.world.role(where, role).id for role in roles)
            # A role that an application manages cannot be taken away by hand.
            given |= {role_id for role_id in who.roles if where.roles[role_id].managed}
        edit = Edit(
            mute=mute,
            deaf=deaf,
            suppress=suppress,
            move_to=None if move_to is None else self.world.channel(where, move_to),
            disconnect=disconnect,
            roles=given,
            timeout=timeout,
        )
        user_id = where.owner_id if by is None else self.world.member(where, by).user.id
        moderate(self.world, where, who, edit, Hand(user_id, reason))
