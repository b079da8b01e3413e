"""Who is connected where, and how: what voice can do and what Discord answers to it."""

from dataclasses import dataclass

from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind
from voxguard.sandbox.world.payloads import voice_state_json
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember, Voice
from voxguard.sandbox.world.world import RefusedError, World

STAGE_MODERATOR = Permission.MANAGE_CHANNELS | Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS
"""Discord developer documentation, "Stage Instance Resource": who moderates a stage."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The switches that a member sets on their own voice; None leaves one as it is."""

    self_mute: bool | None = None
    self_deaf: bool | None = None
    camera: bool | None = None
    streaming: bool | None = None


def admit(world: World, guild: Guild, member: GuildMember, channel: GuildChannel) -> None:
    """Let a member into a channel who asks for it, or raise `RefusedError` saying why not."""
    who = f"{member.user.name} cannot join {channel.name}"
    if not channel.is_voice:
        raise RefusedError(f"{who}: it is not a voice channel")
    if member.is_timed_out(world.clock.now()):
        raise RefusedError(f"{who}: timed out")
    permissions = guild.permissions(member, channel)
    if not permissions & Permission.CONNECT:
        raise RefusedError(f"{who}: not allowed to connect")
    is_full = 0 < channel.user_limit <= len(guild.connected(channel.id))
    if is_full and not permissions & Permission.MOVE_MEMBERS:
        raise RefusedError(f"{who}: the channel is full")
    place(world, guild, member, channel)


def place(world: World, guild: Guild, member: GuildMember, channel: GuildChannel) -> None:
    """Put a member into a channel, whoever wants it and however full it is."""
    before = member.voice
    if before is not None and before.channel_id == channel.id:
        return
    if before is None:
        member.voice = Voice(channel.id)
        story = f"{member.user.name} joins {channel.name}"
    else:
        source = guild.channels[before.channel_id].name
        member.voice = Voice(channel.id, self_mute=before.self_mute, self_deaf=before.self_deaf)
        story = f"{member.user.name} moves from {source} to {channel.name}"
    member.voice.suppressed = enters_suppressed(guild, member, channel)
    _announce(world, guild, member, story)


def remove(world: World, guild: Guild, member: GuildMember, *, how: str = "leaves") -> None:
    """Take a member out of voice; nothing happens to one who is not in it."""
    if member.voice is None:
        return
    channel = guild.channels[member.voice.channel_id]
    member.voice = None
    _announce(world, guild, member, f"{member.user.name} {how} {channel.name}")


def set_flags(world: World, guild: Guild, member: GuildMember, flags: Flags) -> None:
    """Set the member's own switches; refused while the member is not connected."""
    voice = connected(member)
    changes = []
    for name in ("self_mute", "self_deaf", "camera", "streaming"):
        wanted = getattr(flags, name)
        if wanted is not None and wanted != getattr(voice, name):
            setattr(voice, name, wanted)
            changes.append(f"{name} {'on' if wanted else 'off'}")
    if changes:
        _announce(world, guild, member, f"{member.user.name}: {', '.join(changes)}")


def set_guild_flags(
    world: World,
    guild: Guild,
    member: GuildMember,
    *,
    mute: bool | None = None,
    deaf: bool | None = None,
) -> None:
    """Set a moderator's mute and deafen on a connected member.

    `mute=False` also ends the suppression of somebody who lacks Speak, as it does on
    Discord (outside of stages).
    """
    voice = connected(member)
    changes = []
    if mute is not None and mute != member.guild_mute:
        member.guild_mute = mute
        changes.append("muted" if mute else "unmuted")
    if deaf is not None and deaf != member.guild_deaf:
        member.guild_deaf = deaf
        changes.append("deafened" if deaf else "undeafened")
    is_stage = guild.channels[voice.channel_id].kind is ChannelKind.STAGE
    if mute is False and voice.suppressed and not is_stage:
        voice.suppressed = False
        changes.append("un-suppressed")
    if changes:
        _announce(world, guild, member, f"{member.user.name} is {' and '.join(changes)}")


def set_suppressed(world: World, guild: Guild, member: GuildMember, *, suppressed: bool) -> None:
    """Make a connected member audience, or a speaker."""
    voice = connected(member)
    if voice.suppressed != suppressed:
        voice.suppressed = suppressed
        story = "is suppressed" if suppressed else "may speak"
        _announce(world, guild, member, f"{member.user.name} {story}")


def repeat(world: World, guild: Guild, member: GuildMember) -> None:
    """Send the member's voice state once more though nothing has changed, as Discord may."""
    world.emit("VOICE_STATE_UPDATE", guild, voice_state_json(guild, member))


def connected(member: GuildMember) -> Voice:
    """The member's voice, or `RefusedError` when there is none."""
    if member.voice is None:
        raise RefusedError(f"{member.user.name} is not connected to voice")
    return member.voice


def enters_suppressed(guild: Guild, member: GuildMember, channel: GuildChannel) -> bool:
    """Whether somebody who enters the channel may not speak there: a stage, AFK, no Speak.

    Who moderates a stage speaks on it from the beginning.
    """
    permissions = guild.permissions(member, channel)
    if channel.kind is ChannelKind.STAGE:
        return permissions & STAGE_MODERATOR != STAGE_MODERATOR
    return channel.id == guild.afk_channel_id or not permissions & Permission.SPEAK


def _announce(world: World, guild: Guild, member: GuildMember, story: str) -> None:
    world.tell(f"{guild.name}: {story}")
    world.emit("VOICE_STATE_UPDATE", guild, voice_state_json(guild, member))
