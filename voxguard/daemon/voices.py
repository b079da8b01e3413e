"""What enforcement asks of the engine: Discord's last word on members."""

from voxguard.engine.engine import Engine
from voxguard.engine.reported import last_voice_state
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
        return last_voice_state(member, member.channel_id)

    def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[RoleId] | None:
        """Discord's last word on a member's roles, whether connected or not."""
        guild = self._engine.guild(guild_id)
        known = None if guild is None or not guild.available else guild.known.get(user_id)
        return None if known is None else known.roles
