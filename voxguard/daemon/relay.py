"""Tells enforcement what has happened, once it has been handed what was decided upon it."""

from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    EchoMissed,
    EnforcementFailed,
    Event,
    GuildAppeared,
    GuildChanged,
    GuildVanished,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import UserId
from voxguard.ports.enforcement import Enforcement


class Relay:
    """Passes each event on as what it means for requests that wait."""

    def __init__(self, enforcement: Enforcement) -> None:
        """Tell this enforcement; `bot_id` is set when Discord has said who we are."""
        self._enforcement = enforcement
        self.bot_id: UserId | None = None

    def event(self, event: Event) -> None:
        """A voice state may let something happen now, a role or channel may allow it."""
        guild_id = event.guild_id
        match event:
            case VoiceStateChanged(state=state):
                self._enforcement.reported(guild_id, state.user_id)
            case GuildAppeared() | ChannelDeleted():
                self._enforcement.guild_appeared(guild_id)
                self._enforcement.guild_changed(guild_id)
            case MemberRemoved(user_id=user_id):
                self._enforcement.member_removed(guild_id, user_id)
            case MemberChanged(member=member):
                if member.user_id == self.bot_id:
                    self._enforcement.guild_changed(guild_id)
            case GuildChanged() | RoleChanged() | RoleDeleted() | ChannelChanged():
                self._enforcement.guild_changed(guild_id)
            case HandSeen(user_id=user_id, by=by, changes=changes):
                if by != self.bot_id:
                    self._enforcement.done_by_hand(guild_id, user_id, changes)
            case GuildVanished() | EnforcementFailed() | EchoMissed():
                pass
