"""Leases of a former run, of which nothing is left but the log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from voxguard.engine.episodes import Lease
from voxguard.engine.index import GuildIndex
from voxguard.engine.reported import HELD_SLOTS, stands
from voxguard.engine.reports import see_roles
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Effect
from voxguard.model.ids import ChannelId, RoleId
from voxguard.policy.effects.base import Slot, role_slot


@dataclass(frozen=True, slots=True)
class PastLease:
    """What a rule held of a member when it was heard of for the last time.

    `step` is the one of the rule's steps that did it; None where its release was decided
    already and nobody knows that it was carried out: nothing holds it any longer then.
    """

    rule: str
    effect: Effect
    episode_id: UUID
    decided_at: datetime
    channel_id: ChannelId | None
    role_id: RoleId | None = None
    step: int | None = None

    @property
    def slot(self) -> Slot:
        """What it is on."""
        return HELD_SLOTS[self.effect] if self.role_id is None else role_slot(self.role_id)


def take_lease(guild: GuildState, index: GuildIndex, member: MemberState, past: PastLease) -> None:
    """Take a lease up again, unless what it held is not there or another has begun since.

    It ends with the next decision about the member, as any lease whose rule does not hold.
    """
    leases = member.enforced.leases
    if past.slot in leases or past.role_id in guild.deleted_roles:
        return
    if not member.connected and not _assume(guild, member, past):
        return
    # The audience is that of a stage: who went elsewhere is in no audience of ours.
    if past.effect is Effect.SUPPRESS and past.channel_id != member.channel_id:
        return
    if not stands(member, RELEASES[past.effect], past.role_id):
        return
    rule = index.by_name.get(past.rule)
    hold = None
    if rule is not None and past.step is not None and past.step < len(rule.rule.steps):
        hold = rule.rule.steps[past.step].hold
    leases[past.slot] = {
        past.rule: Lease(
            rule=past.rule,
            order=(0, 0, past.rule) if rule is None else rule.order,
            effect=past.effect,
            episode_id=past.episode_id,
            since_at=past.decided_at,
            until_at=None if hold is None else past.decided_at + hold,
            role_id=past.role_id,
        )
    }


def _assume(guild: GuildState, member: MemberState, past: PastLease) -> bool:
    """Of whoever is away nobody says how they stand: they left as they were."""
    match past.effect:
        case Effect.MUTE:
            member.guild_mute = member.reported_mute = True
        case Effect.DEAFEN:
            member.guild_deaf = member.reported_deaf = True
        case Effect.GRANT if past.role_id is not None and member.user_id not in guild.known:
            member.own_roles |= {past.role_id}
            member.reported_roles |= {past.role_id}
            see_roles(guild, member)
        case Effect.GRANT:
            pass
        case _:
            return False
    return True
