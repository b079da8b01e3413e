"""What could not be carried out: the facts are then as Discord has reported them."""

from voxguard.engine.assume import assume
from voxguard.engine.leases import hold_on
from voxguard.engine.reported import held_slot, reported
from voxguard.engine.state import GuildState
from voxguard.model.decisions import ENDED, RELEASES, Effect, role_of
from voxguard.model.events import EnforcementFailed


def enforcement_failed(guild: GuildState, event: EnforcementFailed) -> None:
    """Take back what was assumed of a decision, and have the member decided anew."""
    member = guild.members.get(event.user_id)
    if member is None:
        return
    if event.lifting is not None:
        hold_on(member, event.lifting)
        guild.dirty.add(event.user_id)
        return
    role_id = role_of(event.params)
    slot = held_slot(event.effect, role_id)
    if slot is not None:
        held = ENDED.get(event.effect, event.effect)
        is_on = reported(member, slot, role_id)
        assume(guild, member, held if is_on else RELEASES[held], role_id)
    elif event.effect in {Effect.DISCONNECT, Effect.MOVE}:
        member.enforced.placement = None
    else:
        return
    guild.dirty.add(event.user_id)
