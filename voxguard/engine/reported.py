"""What effects hold, mutes, the audience, roles: Discord's last word, and what rules see."""

from collections.abc import Mapping
from typing import Final

from voxguard.engine.state import MemberState
from voxguard.model.decisions import ENDED, Effect
from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.world import VoiceState
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, Slot, role_slot

HELD_SLOTS: Final[Mapping[Effect, Slot]] = {
    Effect.MUTE: MUTE,
    Effect.DEAFEN: DEAFEN,
    Effect.SUPPRESS: SUPPRESS,
}
"""What is held of a member, but for roles, each of which is a slot of its own."""


def held_slot(effect: Effect, role_id: RoleId | None) -> Slot | None:
    """The slot on which an effect is held, or which its release gives back; None of others."""
    if role_id is not None:
        return role_slot(role_id)
    return HELD_SLOTS.get(ENDED.get(effect, effect))


def reported(member: MemberState, slot: Slot, role_id: RoleId | None) -> bool | None:
    """Whether Discord has said last that it is on; None where nothing is known of that."""
    if role_id is not None:
        return role_id in member.reported_roles
    if slot == MUTE:
        return member.reported_mute
    return member.reported_deaf if slot == DEAFEN else member.reported_suppressed


def set_reported(
    member: MemberState, slot: Slot, role_id: RoleId | None, *, on: bool | None
) -> None:
    """Take something for Discord's last word; None makes nothing of the next one a change.

    A role is there or is not: of one of which nothing is known it is as if it were not.
    """
    if role_id is not None:
        others = member.reported_roles - {role_id}
        member.reported_roles = others | {role_id} if on else others
    elif slot == MUTE:
        member.reported_mute = on
    elif slot == DEAFEN:
        member.reported_deaf = on
    else:
        member.reported_suppressed = on


def last_voice_state(member: MemberState, channel_id: ChannelId | None) -> VoiceState:
    """Discord's last word on a member's voice, as of a channel; None is nowhere."""
    return VoiceState(
        member.user_id,
        channel_id,
        guild_mute=bool(member.reported_mute),
        guild_deaf=bool(member.reported_deaf),
        self_mute=member.self_mute,
        self_deaf=member.self_deaf,
        suppressed=bool(member.reported_suppressed),
        camera=member.camera,
        streaming=member.streaming,
    )


def stands(member: MemberState, release: Effect, role_id: RoleId | None) -> bool:
    """Whether there is something for a release to undo, as rules see it."""
    match release:
        case Effect.UNMUTE:
            return member.guild_mute
        case Effect.UNDEAFEN:
            return member.guild_deaf
        case Effect.UNSUPPRESS:
            return member.suppressed
        case Effect.REVOKE:
            return role_id in member.roles
        case _:
            return False
