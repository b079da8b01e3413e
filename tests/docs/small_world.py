"""A small world in which rules are tried: one member, one channel, company, and a bit over a day.

A scene is one way in which the member, the channel and the company could be. In each of them
the member does the same: comes and goes quickly, then stays with certain flags set. Like in a
simulation nobody is really moved, so that whatever comes after a move is tried as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice, product
from typing import Final

from voxguard.engine.compile import compile_guild
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.events import Event, GuildAppeared, VoiceStateChanged
from voxguard.model.ids import DISCORD_EPOCH, ChannelId, UserId
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Role, VoiceState
from voxguard.policy.conditions.members import IsMember
from voxguard.policy.resolved import GuildPolicy, RuleMode

START: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
_LENGTH: Final = timedelta(hours=26)
_ENTRIES: Final = 25
_BETWEEN: Final = timedelta(milliseconds=200)
_LONG_AGO: Final = START - timedelta(days=400)
_ELSEWHERE: Final = Channel(ChannelId(1), ChannelKind.VOICE)
_OLD: Final = UserId(80351110224670000)
_COMPANY: Final = tuple(UserId(_OLD + number) for number in range(1, 6))
_FLAGS: Final[tuple[dict[str, bool], ...]] = (
    {},
    {"self_mute": True, "self_deaf": True, "camera": True, "streaming": True},
    {"self_mute": True},
    {"camera": True},
    {"guild_mute": True},
    {"guild_mute": True, "guild_deaf": True, "suppressed": True},
)
_MOST_WAKES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Scene:
    """Who comes, where, with which flags of the voice state, and who is there already."""

    member: Member
    channel: Channel
    flags: dict[str, bool]
    company: tuple[UserId, ...]


@dataclass(slots=True)
class Tried:
    """The rules that have held for somebody, and those that have decided something."""

    held: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)


def try_rules(guild: GuildPolicy, most: int | None = None) -> Tried:
    """Play scenes, all or so many, until every rule has held and, if it can, decided."""
    tried = Tried()
    index = RuleIndex("tried", {guild.id: compile_guild(guild)})
    rules = [rule for rule in guild.rules if rule.mode is not RuleMode.OFF]
    for scene in islice(_scenes(guild), most):
        if all(rule.name in (tried.decided if rule.wants else tried.held) for rule in rules):
            break
        _play(scene, guild, Engine(index), tried)
    return tried


def _scenes(guild: GuildPolicy) -> Iterator[Scene]:
    # What differs most between rules varies first, so that few scenes are needed.
    every = product(((), _COMPANY), _members(guild), _FLAGS, _channels(guild))
    for company, member, flags, channel in every:
        yield Scene(member, channel, flags, company)


def _channels(guild: GuildPolicy) -> Iterator[Channel]:
    for name, channel_id in guild.channels.items():
        yield Channel(channel_id, ChannelKind.STAGE if name == "stage" else ChannelKind.VOICE)
    yield _ELSEWHERE


def _members(guild: GuildPolicy) -> Iterator[Member]:
    """Of no role and of each; on the lists; new; a bot; of any two roles and of all."""
    roles = sorted(guild.roles.values())
    yield Member(_OLD, joined_at=_LONG_AGO)
    for role in roles:
        yield Member(_OLD, frozenset({role}), joined_at=_LONG_AGO)
    for user_id in sorted(_named(guild)):
        yield Member(user_id, joined_at=_LONG_AGO)
    yield Member(_made_at(START), joined_at=START)
    yield Member(_OLD, bot=True, joined_at=_LONG_AGO)
    for some in (*combinations(roles, 2), roles):
        yield Member(_OLD, frozenset(some), joined_at=_LONG_AGO)


def _named(guild: GuildPolicy) -> set[UserId]:
    """Some of those on lists, and whom rules name by their ids."""
    lists = guild.lists.values()
    named = {UserId(number) for one in lists for number in sorted(one.permanent)[:2]}
    conditions = (each for rule in guild.rules for each in rule.all_conditions)
    return named.union(*(each.ids for each in conditions if isinstance(each, IsMember)))


def _made_at(instant: datetime) -> UserId:
    return UserId((instant - DISCORD_EPOCH) // timedelta(milliseconds=1) << 22)


def _play(scene: Scene, guild: GuildPolicy, engine: Engine, tried: Tried) -> None:
    def step(at: datetime, *events: Event) -> None:
        decisions = engine.step(events, at).decisions
        tried.decided.update(each.rule for each in decisions if not each.release)
        tables = engine.guild(guild.id)
        for member in () if tables is None else tables.members.values():
            tried.held.update(name for name, each in member.stretches.items() if each.episode)

    step(START, _snapshot(scene, guild))
    at = START
    for _ in range(_ENTRIES):
        at += _BETWEEN
        step(at, _report(scene, guild, None), _report(scene, guild, scene.channel.id))
    step(at, _report(scene, guild, scene.channel.id, **scene.flags))
    for _ in range(_MOST_WAKES):
        wake_at = engine.wake_at
        if wake_at is None or wake_at > START + _LENGTH:
            break
        step(wake_at)
    else:
        raise AssertionError("the engine does not come to rest")


def _snapshot(scene: Scene, guild: GuildPolicy) -> Event:
    return GuildAppeared(
        GuildSnapshot(
            id=guild.id,
            roles=tuple(Role(role) for role in sorted(guild.roles.values())),
            channels=(scene.channel,),
            members=(scene.member, *(Member(user, joined_at=_LONG_AGO) for user in scene.company)),
            voice_states=tuple(VoiceState(user, scene.channel.id) for user in scene.company),
        )
    )


def _report(
    scene: Scene, guild: GuildPolicy, channel_id: ChannelId | None, **flags: bool
) -> VoiceStateChanged:
    state = VoiceState(scene.member.user_id, channel_id, **flags)
    return VoiceStateChanged(guild.id, state, scene.member)
