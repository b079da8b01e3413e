"""What could not be carried out: the facts are then as Discord has reported them."""

from typing import assert_never

from voxguard.engine.reports import see_roles
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import Effect
from voxguard.model.events import EnforcementFailed
from voxguard.model.ids import RoleId


def enforcement_failed(guild: GuildState, event: EnforcementFailed) -> None:
    """Take back what was assumed of a decision, and have the member decided anew."""
    member = guild.members.get(event.user_id)
    if member is None:
        return
    match event.effect:
        case Effect.DISCONNECT | Effect.MOVE:
            member.enforced.placement = None
        case Effect.MUTE | Effect.UNMUTE:
            member.guild_mute = bool(member.reported_mute)
        case Effect.DEAFEN | Effect.UNDEAFEN:
            member.guild_deaf = bool(member.reported_deaf)
        case Effect.SUPPRESS | Effect.UNSUPPRESS:
            member.suppressed = bool(member.reported_suppressed)
        case Effect.GRANT | Effect.REVOKE:
            _take_role_back(guild, member, RoleId(int(str(event.params["role"]))))
        case Effect.TIMEOUT | Effect.WARN | Effect.ANNOUNCE:
            return
        case _:
            assert_never(event.effect)
    guild.dirty.add(event.user_id)


def _take_role_back(guild: GuildState, member: MemberState, role: RoleId) -> None:
    has_it = role in member.reported_roles
    member.own_roles = member.own_roles | {role} if has_it else member.own_roles - {role}
    if see_roles(guild, member):
        member.candidates = None
