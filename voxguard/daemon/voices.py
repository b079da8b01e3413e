"""What enforcement asks of the engine: Discord's last word on members."""

from voxguard.engine.engine import Engine
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.world import VoiceState


class EngineVoices:
    """The engine's tables as `ports.enforcement.Voices`."""

    def __init__(self, engine: Engine) -> None:
        """Ask this engine, which is only read."""
        self._engine = engine

    def voice_state(self, guild_id: GuildId, user_id: UserId) -> VoiceState | None:
        """Discord's last word on a member who is connected."""
        guild = self._engine.guild(guild_id)
        member = None if guild is None or not guild.available else guild.members.get(user_id)
        if member is None or not member.connected:
            return None
        return VoiceState(
            user_id=user_id,
            channel_id=member.channel_id,
            guild_mute=bool(member.reported_mute),
            guild_deaf=bool(member.reported_deaf),
            self_mute=member.self_mute,
            self_deaf=member.self_deaf,
            suppressed=bool(member.reported_suppressed),
            camera=member.camera,
            streaming=member.streaming,
        )

    def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[RoleId] | None:
        """Discord's last word on a member's roles, whether connected or not."""
        guild = self._engine.guild(guild_id)
        known = None if guild is None or not guild.available else guild.known.get(user_id)
        return None if known is None else known.roles
