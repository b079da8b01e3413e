"""Which permissions the rules of a guild need, and in which of its channels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from voxguard.engine.state import MemberState
from voxguard.model.decisions import Effect, Mode
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.permissions import VOICE_KINDS, Permission
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot
from voxguard.policy.conditions.occupancy import HasOccupancy
from voxguard.policy.resolved import GuildPolicy, Rule, RuleMode

WHERE = "where/"

ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""What a rule says of channels does not change with time."""

STAGES = (ChannelKind.STAGE,)
NOWHERE: tuple[ChannelKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that a rule needs in a channel; None is the guild as a whole."""

    permission: Permission
    channel: Channel | None
    rule: str


def acting_rules(policy: GuildPolicy) -> list[Rule]:
    """The rules that may do something to somebody."""
    if policy.mode is not Mode.ENFORCE:
        return []
    return [rule for rule in policy.rules if rule.mode is RuleMode.ENFORCE and rule.wants]


def needs(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Need]:
    """What each rule needs in the guild, and in each channel in which it may act."""
    for rule in acting_rules(policy):
        wanted = dict.fromkeys(_permission(want.effect) for want in rule.wants)
        for permission, kinds in wanted:
            if permission and not kinds:
                yield Need(permission, None, rule.name)
        for channel in guild.channels:
            if channel.kind in VOICE_KINDS and _may_act_in(rule, channel, policy, guild):
                for permission, kinds in wanted:
                    if channel.kind in kinds:
                        yield Need(permission, channel, rule.name)


def move_targets(policy: GuildPolicy) -> dict[ChannelId, list[str]]:
    """The channels that rules move members into, and which rules those are."""
    return {
        ChannelId(target): rules for target, rules in _named(policy, Effect.MOVE, "channel").items()
    }


def announcement_targets(policy: GuildPolicy) -> dict[ChannelId, list[str]]:
    """The channels that rules announce in, and which rules those are."""
    found = _named(policy, Effect.ANNOUNCE, "channel")
    return {ChannelId(target): rules for target, rules in found.items()}


def granted_roles(policy: GuildPolicy) -> dict[RoleId, list[str]]:
    """The roles that rules give, and which rules those are."""
    return {RoleId(role): rules for role, rules in _named(policy, Effect.GRANT, "role").items()}


def _named(policy: GuildPolicy, effect: Effect, param: str) -> dict[int, list[str]]:
    """What a parameter of an effect names, by the rules that do."""
    found: dict[int, list[str]] = {}
    for rule in acting_rules(policy):
        for want in rule.wants:
            if want.effect is effect:
                found.setdefault(int(str(want.params[param])), []).append(rule.name)
    return found


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


def _permission(effect: Effect) -> tuple[Permission, tuple[ChannelKind, ...]]:
    """What is needed in channels of which kinds; of none means in the guild as a whole.

    What an announcement needs in its channel is looked at there, and a warning needs nothing.
    Source: Discord developer documentation, "Permissions".
    """
    match effect:
        case Effect.MUTE | Effect.UNMUTE:
            return Permission.MUTE_MEMBERS, VOICE_KINDS
        case Effect.DEAFEN | Effect.UNDEAFEN:
            return Permission.DEAFEN_MEMBERS, VOICE_KINDS
        case Effect.DISCONNECT | Effect.MOVE:
            return Permission.MOVE_MEMBERS, VOICE_KINDS
        case Effect.SUPPRESS | Effect.UNSUPPRESS:
            return Permission.MUTE_MEMBERS, STAGES
        case Effect.GRANT | Effect.REVOKE:
            return Permission.MANAGE_ROLES, NOWHERE
        case Effect.TIMEOUT:
            return Permission.MODERATE_MEMBERS, NOWHERE
        case Effect.WARN | Effect.ANNOUNCE:
            return Permission.NONE, NOWHERE
