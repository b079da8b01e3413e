"""What is wrong with a guild, seen from its policies."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from voxguard.daemon.doctor.findings import Finding, State
from voxguard.daemon.doctor.needs import (
    acting_rules,
    announcement_targets,
    granted_roles,
    move_targets,
    needs,
)
from voxguard.daemon.doctor.wording import counted, listed, needed_by
from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.permissions import (
    VOICE_KINDS,
    Permission,
    channel_permissions,
    guild_permissions,
)
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot
from voxguard.policy.resolved import GuildPolicy

INTO = Permission.VIEW_CHANNEL | Permission.CONNECT
"""What the bot itself needs in a channel that it moves somebody into."""

TO_ANNOUNCE = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES

# Discord developer documentation, "Permissions": what the bot holds in a channel that it cannot
# enter is nothing, or only to see it.
INSIDE = Permission.VIEW_CHANNEL | Permission.CONNECT


def examine_guild(policy: GuildPolicy, guild: GuildSnapshot) -> list[Finding]:
    """Everything about one guild; `guild` has the bot as its only member."""
    findings = [
        *_permissions(policy, guild),
        *_targets(policy, guild),
        *_announcements(policy, guild),
        *_roles(policy, guild),
        *_names(policy, guild),
        *_audit_log(policy, guild),
    ]
    if not any(finding.state is State.ERROR for finding in findings):
        message = f"the bot may do all that {_asked_for(policy)}"
        findings.insert(0, Finding("permissions", State.FINE, _name(guild), message))
    return findings


def _permissions(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    everywhere = _held(guild)
    for_guild: dict[Permission, dict[str, None]] = defaultdict(dict)
    for_channel: dict[ChannelId, dict[Permission, dict[str, None]]] = {}
    channels = {channel.id: channel for channel in guild.channels}
    for need in needs(policy, guild):
        if not everywhere & need.permission:
            for_guild[need.permission][need.rule] = None
        if need.channel is None or not everywhere & need.permission:
            continue
        missing = need.permission & ~_held(guild, need.channel)
        if missing:
            lacking = for_channel.setdefault(need.channel.id, defaultdict(dict))
            lacking[missing][need.rule] = None
    for permission, rules in for_guild.items():
        yield _lacking(_name(guild), permission, rules, "give one of the bot's roles what it lacks")
    for channel_id, lacking in for_channel.items():
        channel = channels[channel_id]
        outside = INSIDE & ~_held(guild, channel)
        for permission, rules in lacking.items():
            yield _lacking(
                f"{_name(guild)} / {channel.name}",
                permission | outside,
                rules,
                "look at the channel's permission overwrites",
            )


def _targets(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    channels = {channel.id: channel for channel in guild.channels}
    for target_id, rules in move_targets(policy).items():
        channel = channels.get(target_id)
        if channel is None or channel.kind not in VOICE_KINDS:
            what = "there is no such channel" if channel is None else "not a voice channel"
            yield Finding(
                "move-target",
                State.ERROR,
                f"{_name(guild)} / {_alias(policy, target_id)}",
                f"{what}: {listed(rules)} cannot move anybody there",
                "correct the id in guild.yaml",
            )
            continue
        subject = f"{_name(guild)} / {channel.name}"
        missing = INTO & ~_held(guild, channel)
        if missing:
            yield _lacking(subject, missing, rules, "look at the channel's permission overwrites")
        if target_id == guild.afk_channel_id:
            yield from _afk_channel(policy, target_id, rules, subject)


def _afk_channel(
    policy: GuildPolicy, target_id: ChannelId, rules: list[str], subject: str
) -> Iterator[Finding]:
    """Rules that move people into the AFK channel and may not know; who names it knows."""
    named = any(_says_afk(name) for name, each in policy.channels.items() if each == target_id)
    unaware = [rule for rule in rules if not named and not _says_afk(rule)]
    if unaware:
        yield Finding(
            "move-target",
            State.WARNING,
            subject,
            "the guild's AFK channel: nobody can speak there, and"
            f" {_exempt(policy)} ({listed(unaware)})",
            "choose another channel, or call it afk in guild.yaml if that is meant",
        )


def _says_afk(name: str) -> bool:
    return "afk" in name.split("-")


def _announcements(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    channels = {channel.id: channel for channel in guild.channels}
    for target_id, rules in announcement_targets(policy).items():
        channel = channels.get(target_id)
        if channel is None or channel.kind is ChannelKind.CATEGORY:
            what = "there is no such channel" if channel is None else "a category takes no messages"
            yield Finding(
                "announcements",
                State.ERROR,
                f"{_name(guild)} / {_alias(policy, target_id)}",
                f"{what}: {listed(rules)} cannot announce anything there",
                "correct the id in guild.yaml",
            )
        elif missing := TO_ANNOUNCE & ~_held(guild, channel):
            hint = "look at the channel's permission overwrites"
            yield _lacking(f"{_name(guild)} / {channel.name}", missing, rules, hint)


def _roles(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    """Roles that Discord lets nobody give, or not the bot, whatever its permissions."""
    [bot] = guild.members
    roles = {role.id: role for role in guild.roles}
    highest = max((role.position for role in guild.roles if role.id in bot.roles), default=0)
    for role_id, rules in granted_roles(policy).items():
        role = roles.get(role_id)
        problem = None
        if role is None:
            problem = "there is no such role", "correct the id in guild.yaml"
        elif role.id == RoleId(guild.id) or role.managed:
            problem = "everybody has it, or an application alone gives it", "choose another role"
        elif role.position >= highest:
            problem = (
                "it is not below the bot's own highest role",
                "move the bot's role above it, in the guild's settings",
            )
        if problem is not None:
            what, hint = problem
            shown = str(role_id) if role is None else role.name
            message = f"{what}: {listed(rules)} cannot give it to anybody"
            yield Finding("roles", State.ERROR, f"{_name(guild)} / {shown}", message, hint)


def _names(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    """Aliases of what is not there: rules that use them match nobody."""
    channel_ids = {channel.id for channel in guild.channels}
    role_ids = {role.id for role in guild.roles}
    missing = [
        *(("channel", name) for name, each in policy.channels.items() if each not in channel_ids),
        *(("role", name) for name, each in policy.roles.items() if each not in role_ids),
    ]
    for kind, name in missing:
        yield Finding(
            "names",
            State.WARNING,
            f"{_name(guild)} / {name}",
            f"the guild has no {kind} with this id",
            "correct the id in guild.yaml",
        )


def _audit_log(policy: GuildPolicy, guild: GuildSnapshot) -> Iterator[Finding]:
    """Whether the bot is told who undoes what rules hold; without that it goes by what it sees."""
    holding = [rule.name for rule in acting_rules(policy) if any(want.held for want in rule.wants)]
    if holding and not _held(guild) & Permission.VIEW_AUDIT_LOG:
        yield Finding(
            "audit-log",
            State.WARNING,
            _name(guild),
            "the bot lacks VIEW_AUDIT_LOG: whose hand it is that undoes or sets what"
            f" {listed(holding)} {'holds' if len(holding) == 1 else 'hold'} is inferred from what"
            " changes",
            "give one of the bot's roles View Audit Log, or leave it at that",
        )


def _held(guild: GuildSnapshot, channel: Channel | None = None) -> Permission:
    [bot] = guild.members
    roles = {role.id: role for role in guild.roles}
    if channel is None:
        return guild_permissions(bot, guild_id=guild.id, owner_id=guild.owner_id, roles=roles)
    return channel_permissions(
        bot, channel, guild_id=guild.id, owner_id=guild.owner_id, roles=roles
    )


def _lacking(subject: str, permissions: Permission, rules: Collection[str], hint: str) -> Finding:
    names = " and ".join(str(each.name) for each in permissions)
    message = f"the bot lacks {names}, which {needed_by(rules)}"
    return Finding("permissions", State.ERROR, subject, message, hint)


def _asked_for(policy: GuildPolicy) -> str:
    return f"{counted(len(policy.rules), 'rule')} {'asks' if len(policy.rules) == 1 else 'ask'} for"


def _exempt(policy: GuildPolicy) -> str:
    return "no rule acts there" if policy.exempt.afk_channel else "rules act there too"


def _alias(policy: GuildPolicy, channel_id: ChannelId) -> str:
    names = [name for name, each in policy.channels.items() if each == channel_id]
    return names[0] if names else str(channel_id)


def _name(guild: GuildSnapshot) -> str:
    return guild.name or str(guild.id)
