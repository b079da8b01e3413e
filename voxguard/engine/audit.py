"""What the guild's audit log tells: whose doing something was that passed for our own."""

from datetime import datetime

from voxguard.engine.assume import assume
from voxguard.engine.failures import enforcement_failed
from voxguard.engine.humans import Told, take_over, undo
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Effect
from voxguard.model.events import EnforcementFailed, HandSeen
from voxguard.model.ids import RoleId
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS, Slot, role_slot


def correct(guild: GuildState, event: EnforcementFailed | HandSeen, at: datetime) -> None:
    """Take in that something is not as it was assumed to be."""
    if isinstance(event, HandSeen):
        hand_seen(guild, event, at)
    else:
        enforcement_failed(guild, event)


def hand_seen(guild: GuildState, event: HandSeen, at: datetime) -> None:
    """Somebody has done what a report has shown, and what it was not taken for."""
    member = guild.members.get(event.user_id)
    if member is None or guild.humans is None:
        return
    told = Told(at, by=event.by)
    for effect, role_id in sorted(event.changes, key=str):
        slot, is_on = _reported(member, effect, role_id)
        if slot not in member.enforced.leases or is_on is not (effect in RELEASES):
            continue
        if is_on:
            take_over(guild, member, slot, told)
        else:
            undo(guild, member, slot, told)
            assume(guild, member, effect, role_id)


def _reported(
    member: MemberState, effect: Effect, role_id: RoleId | None
) -> tuple[Slot, bool | None]:
    """The slot that an effect is about, and how it was reported last."""
    if role_id is not None:
        return role_slot(role_id), role_id in member.reported_roles
    match effect:
        case Effect.MUTE | Effect.UNMUTE:
            return MUTE, member.reported_mute
        case Effect.DEAFEN | Effect.UNDEAFEN:
            return DEAFEN, member.reported_deaf
        case _:
            return SUPPRESS, member.reported_suppressed
