"""Members as they really are, and what an edit makes of them."""

from dataclasses import dataclass
from datetime import datetime

from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Answer, Applied, MemberEdit, NotConnected, Place


@dataclass
class Person:
    """A member as they really are; a mute outlasts visits."""

    channel: ChannelId | None = None
    mute: bool = False
    deaf: bool = False
    suppressed: bool = False
    roles: frozenset[RoleId] = frozenset()
    timeout_until: datetime | None = None
    touched: bool = False

    def state(self, user: int) -> VoiceState:
        """What a report says."""
        return VoiceState(
            UserId(user),
            self.channel,
            guild_mute=self.mute,
            guild_deaf=self.deaf,
            suppressed=self.suppressed,
        )

    def go(self, channel: ChannelId | None) -> None:
        """Be somewhere else; who is audience is so in one channel alone."""
        self.suppressed = self.suppressed and self.channel == channel
        self.channel = channel


def edit_person(person: Person, edit: MemberEdit) -> Answer:
    """What Modify Guild Member does, and answers."""
    needs_voice = (edit.mute, edit.deaf, edit.place) != (None, None, None)
    if person.channel is None and needs_voice:
        return NotConnected()
    if edit.mute is not None:
        person.mute = edit.mute
    if edit.deaf is not None:
        person.deaf = edit.deaf
    if isinstance(edit.place, Place):
        person.go(edit.place.channel_id)
    if edit.timeout_until is not None:
        person.timeout_until = edit.timeout_until
        person.go(None)
    return Applied()
