"""The engine's tables as they can be shown."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from voxguard.daemon.demo.view import ChannelView, MemberView, TimerView
from voxguard.engine.engine import Engine
from voxguard.engine.holding import exemption
from voxguard.engine.index import IndexedRule
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.permissions import VOICE_KINDS


def name_of(guild: GuildState, user_id: UserId) -> str:
    """A member's name, as far as Discord has told it."""
    known = guild.known.get(user_id)
    return str(user_id) if known is None else known.name or str(user_id)


def effect_text(guild: GuildState, effect: Effect, params: Mapping[str, object]) -> str:
    """An effect in a word or two; a move names its target."""
    target = params.get("channel")
    if target is None:
        return effect.value
    channel = guild.channels.get(ChannelId(int(str(target))))
    return f"{effect.value} to {target if channel is None else channel.name}"


def channels_of(guild: GuildState) -> tuple[ChannelView, ...]:
    """The channels that people talk in, and who does."""
    return tuple(
        ChannelView(
            channel.name,
            tuple(
                MemberView(name_of(guild, member.user_id), _marks(member), member.visit.joined_at)
                for member in sorted(guild.members.values(), key=lambda each: each.user_id)
                if member.channel_id == channel.id and member.visit is not None
            ),
        )
        for channel in guild.channels.values()
        if channel.kind in VOICE_KINDS
    )


def timers_of(engine: Engine, guild_id: GuildId, at: datetime) -> tuple[TimerView, ...]:
    """What will be decided if only time passes, the next first."""
    guild, index = engine.guild(guild_id), engine.index.guilds.get(guild_id)
    if guild is None or index is None:
        return ()
    found: dict[tuple[datetime, str, str], list[str]] = {}
    for member in sorted(guild.members.values(), key=lambda each: each.user_id):
        if member.connected and not exemption(guild, index, member, at)[0]:
            for due_at, rule, effect in _due(guild, member, at):
                found.setdefault((due_at, rule, effect), []).append(name_of(guild, member.user_id))
    return tuple(TimerView(key[0], tuple(found[key]), *key[1:]) for key in sorted(found))


def _marks(member: MemberState) -> tuple[str, ...]:
    flags = {
        "muted": member.reported_mute,
        "deafened": member.reported_deaf,
        "self-muted": member.self_mute,
        "self-deafened": member.self_deaf,
    }
    return tuple(name for name, is_set in flags.items() if is_set)


def _due(
    guild: GuildState, member: MemberState, at: datetime
) -> Iterator[tuple[datetime, str, str]]:
    for rule in member.candidates or ():
        stretch = member.stretches.get(rule.name)
        matches, changes_at = rule.clause.verdict(member, at)
        if stretch is not None and stretch.episode is not None:
            if changes_at is not None:
                yield from _releases(member, rule, changes_at)
            continue
        due_at = changes_at
        if matches:
            lasting = rule.rule.lasting
            if stretch is None or lasting is None or _is_excused(rule, member, at):
                continue
            due_at = stretch.since_at + lasting
        if due_at is not None:
            for want in rule.rule.wants:
                yield due_at, rule.name, effect_text(guild, want.effect, want.params)


def _releases(
    member: MemberState, rule: IndexedRule, at: datetime
) -> Iterator[tuple[datetime, str, str]]:
    for want in rule.rule.wants:
        leases = member.enforced.leases.get(want.slot, {}) if want.slot else {}
        if want.release is not None and rule.name in leases:
            yield at, rule.name, want.release.value


def _is_excused(rule: IndexedRule, member: MemberState, at: datetime) -> bool:
    return rule.unless is not None and rule.unless.verdict(member, at)[0]
