"""What a decision makes true of a member, before Discord has said so."""

from typing import assert_never

from voxguard.engine.reports import see_roles
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import Effect
from voxguard.model.ids import RoleId


def assume(guild: GuildState, member: MemberState, effect: Effect, role_id: RoleId | None) -> None:
    """Take a decision as carried out, as far as it changes a fact by itself.

    Where a member is stays what the world says.
    """
    match effect:
        case Effect.MUTE | Effect.UNMUTE:
            member.guild_mute = effect is Effect.MUTE
        case Effect.DEAFEN | Effect.UNDEAFEN:
            member.guild_deaf = effect is Effect.DEAFEN
        case Effect.SUPPRESS | Effect.UNSUPPRESS:
            member.suppressed = effect is Effect.SUPPRESS
        case Effect.GRANT | Effect.REVOKE:
            changed = {role_id} if role_id is not None else set()
            roles = member.own_roles
            member.own_roles = roles | changed if effect is Effect.GRANT else roles - changed
            if see_roles(guild, member):
                member.candidates = None
        case Effect.DISCONNECT | Effect.MOVE | Effect.TIMEOUT | Effect.WARN | Effect.ANNOUNCE:
            pass
        case _:
            assert_never(effect)
