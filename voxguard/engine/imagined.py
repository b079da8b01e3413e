"""A guild with nobody in it but the member who is thought of."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from voxguard.engine.history import Act, History
from voxguard.engine.index import GuildIndex, IndexedRule
from voxguard.engine.lookback import Lookback, act_key
from voxguard.engine.newcomer import Newcomer, Possibility
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.usage import PastStay
from voxguard.model.visits import Visit
from voxguard.model.world import Channel
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.channel_entries import HasChannelEntries
from voxguard.policy.conditions.entries import HasEntries
from voxguard.policy.conditions.membership_age import HasMembershipAge
from voxguard.policy.conditions.time_used import HasTimeUsed

_NO_ID: Final = UUID(int=0)


class Imagined:
    """The engine's own tables, as one way of how everything could be would fill them."""

    def __init__(
        self, index: GuildIndex, newcomer: Newcomer, way: Possibility, at: datetime
    ) -> None:
        self._index = index
        self._newcomer = newcomer
        self._way = way
        self._at = at
        self._escalating = [each for each in index.rules if each.rule.forget_after is not None]
        self.guild = GuildState(index.guild_id, available=True)
        self.made_up = _made_up(newcomer)
        self._arrange()

    def _arrange(self) -> None:
        """Put the channel there, and people and entries into it."""
        channel_id, around, way = self._newcomer.channel_id, self.guild.around, self._way
        around.set_channel(Channel(channel_id, way.kind, way.category_id))
        around.occupancy.humans[channel_id] = way.occupancy
        many = [(self._at, channel_id)] * way.channel_entries
        around.entries.recall(many, Lookback(channel_entries=len(many)))

    def enter(self) -> MemberState:
        """The member, who has just been seen for the first time."""
        newcomer, way, guild = self._newcomer, self._way, self.guild
        return MemberState(
            guild_id=guild.id,
            user_id=newcomer.user_id,
            bot=newcomer.bot,
            own_roles=newcomer.roles,
            roles=guild.effective_roles(newcomer.roles),
            connected=True,
            channel_id=newcomer.channel_id,
            joined_at=way.joined_at,
            category_id=way.category_id,
            channel_kind=way.kind,
            around=guild.around,
            settled_id=newcomer.channel_id,
            judged=self._index.sparing,
            history=self._past(),
            visit=Visit(_NO_ID, guild.id, newcomer.user_id, newcomer.channel_id, self._at),
        )

    def _past(self) -> History:
        """Entries at this very instant, a stay up to it, and episodes in which rules acted."""
        channel_id, at, way = self._newcomer.channel_id, self._at, self._way
        history = History()
        history.entries.extend([at] * way.entries)
        if way.used:
            history.stays.append(PastStay(channel_id, at - way.used, at))
        for each in self._escalating:
            # No cooldown goes on: the last decision is as long ago as that.
            last_at = at - (each.rule.cooldown or timedelta())
            acts = [Act(last_at, last_at)] * self.earlier_episodes(each)
            history.acts[act_key(each.name, each.mode)] = deque(acts)
        return history

    def earlier_episodes(self, rule: IndexedRule) -> int:
        """How many episodes of a rule count already, as far as that makes a difference."""
        cooldown, forget_after = rule.rule.cooldown, rule.rule.forget_after
        if forget_after is None or (cooldown is not None and cooldown >= forget_after):
            # When the cooldown is over nothing counts any more.
            return 0
        return min(self._newcomer.earlier_episodes, len(rule.rule.steps) - 1)


def _made_up(newcomer: Newcomer) -> tuple[type[Condition], ...]:
    """The conditions on facts that time changes and nobody has given."""
    unknown: dict[type[Condition], bool] = {
        HasMembershipAge: newcomer.joined_at is None,
        HasEntries: newcomer.entries is None,
        HasChannelEntries: newcomer.channel_entries is None,
        HasTimeUsed: newcomer.used is None,
    }
    return tuple(kind for kind, missing in unknown.items() if missing)
