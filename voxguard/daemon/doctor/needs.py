"""Which permissions the rules of a guild need, and in which of its channels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from voxguard.engine.state import MemberState
from voxguard.model.decisions import Effect, Mode
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.permissions import VOICE_KINDS, Permission
from voxguard.model.world import Channel, GuildSnapshot
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.resolved import GuildPolicy, Rule, RuleMode

WHERE = "where/"

ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""What a rule says of channels does not change with time."""


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that a rule needs in a channel."""

    permission: Permission
    channel: Channel
    rule: str


def acting_rules(policy: GuildPolicy) -> list[Rule]:
    """The rules that may do something to somebody."""
    if policy.mode is not Mode.ENFORCE:
        return []
    return [rule for rule in policy.rules if rule.mode is RuleMode.ENFORCE and rule.wants]


def needs(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Need]:
    """What each rule needs in each voice and stage channel in which it may act."""
    for rule in acting_rules(policy):
        for channel in guild.channels:
            if channel.kind in VOICE_KINDS and _may_act_in(rule, channel, policy, guild):
                for permission in dict.fromkeys(_permission(want.effect) for want in rule.wants):
                    yield Need(permission, channel, rule.name)


def move_targets(policy: GuildPolicy) -> dict[ChannelId, list[str]]:
    """The channels that rules move members into, and which rules those are."""
    targets: dict[ChannelId, list[str]] = {}
    for rule in acting_rules(policy):
        for want in rule.wants:
            if want.target_id is not None:
                targets.setdefault(want.target_id, []).append(rule.name)
    return targets


def _may_act_in(rule: Rule, channel: Channel, policy: GuildPolicy, guild: GuildSnapshot) -> bool:
    if policy.exempt.afk_channel and channel.id == guild.afk_channel_id:
        return False
    somebody = MemberState(
        guild_id=guild.id,
        user_id=UserId(0),
        connected=True,
        channel_id=channel.id,
        category_id=channel.parent_id,
        channel_kind=channel.kind,
    )
    return all(
        condition.matches(somebody, ANY_TIME)
        for condition in rule.conditions
        if condition.path.startswith(WHERE) and not isinstance(condition, HasOccupancy)
    )


def _permission(effect: Effect) -> Permission:
    match effect:
        case Effect.MUTE | Effect.UNMUTE:
            return Permission.MUTE_MEMBERS
        case Effect.DEAFEN | Effect.UNDEAFEN:
            return Permission.DEAFEN_MEMBERS
        case Effect.DISCONNECT | Effect.MOVE:
            return Permission.MOVE_MEMBERS
