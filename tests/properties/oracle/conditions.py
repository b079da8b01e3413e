"""Whether the blocks of a rule match a member at an instant, from the facts alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.properties.oracle.clock import created_at, day_began, duration
from tests.properties.oracle.documents import Policy
from tests.properties.oracle.facts import ADMINISTRATOR, STAGE, VOICE, Guild, Member
from tests.properties.oracle.rules import Rule
from tests.properties.oracle.schedules import is_open

Doc = dict[str, Any]
KINDS = {"voice": VOICE, "stage": STAGE}
STATES = {"guild_mute": "mute", "guild_deaf": "deafen", "suppressed": "suppress"}


@dataclass(frozen=True)
class World:
    """All that conditions may ask about a guild at an instant."""

    policy: Policy
    guild: Guild
    now: int


def in_set(names: Doc, has: Callable[[Any], bool]) -> bool:
    """Whether a name set holds, when `has` tells of one name."""
    return (
        ("any" not in names or any(map(has, names["any"])))
        and ("all" not in names or all(map(has, names["all"])))
        and ("none" not in names or not any(map(has, names["none"])))
    )


def within(bounds: Doc, age: int) -> bool:
    """Whether an age lies between its bounds: it reaches `min` and leaves `max`."""
    low, high = bounds.get("min"), bounds.get("max")
    return (low is None or age >= duration(low)) and (high is None or age < duration(high))


def who(world: World, block: Doc, member: Member) -> bool:
    """Whether a `who` matches."""
    now = world.now
    listed = block.get("lists", {})
    joined_at = member.joined_at
    return (
        in_set(listed, lambda name: world.policy.listed(name, member.id, now))
        and in_set(block.get("roles", {}), lambda role: world.guild.has(member, role))
        and ("members" not in block or member.id in _ids(block["members"]))
        and ("bot" not in block or member.bot == block["bot"])
        and within(block.get("account_age", {}), now - created_at(member.id))
        and (
            "membership_age" not in block
            or (joined_at is not None and within(block["membership_age"], now - joined_at))
        )
    )


def _ids(value: Any) -> set[int]:  # noqa: ANN401 - as a document has it
    return {int(each) for each in (value if isinstance(value, list) else [value])}


def place(world: World, block: Doc, channel: int) -> bool:
    """Whether a channel is one of those that a `where` means, occupancy aside."""
    kinds = block.get("kinds", list(KINDS))
    types = [KINDS[kind] for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return in_set(block.get("channels", {}), lambda name: world.guild.is_in(channel, name)) and (
        "kinds" not in block or world.guild.kind(channel) in types
    )


def where(world: World, block: Doc, channel: int) -> bool:
    """Whether a `where` matches."""
    bounds = block.get("occupancy", {})
    people = sum(each.channel == channel and not each.bot for each in world.guild.members.values())
    enough = people >= int(bounds.get("min", 0))
    return place(world, block, channel) and enough and people <= int(bounds.get("max", people))


def when(world: World, rule: Rule, block: Doc, member: Member) -> bool:
    """Whether a `when` of a rule matches."""
    policy, now = world.policy, world.now

    def opened(name: str) -> bool:
        return is_open(policy.schedules[name], policy.zone, now)

    return (
        in_set(block.get("schedule", {}), opened)
        and all(_state(member, flag) == told for flag, told in block.get("state", {}).items())
        and ("entries" not in block or _entered(block["entries"], member.entries, now))
        and ("channel_entries" not in block or _crowded(world, block["channel_entries"], member))
        and ("time_used" not in block or to_use(world, rule, block["time_used"], member) <= 0)
    )


def _state(member: Member, flag: str) -> bool:
    if flag in STATES:
        return (STATES[flag], 0) in member.on
    return member.flags.get(flag, False)


def _entered(asked: Doc, entries: list[tuple[int, int]], now: int) -> bool:
    span = duration(asked["within"])
    return sum(at <= now < at + span for at, _ in entries) >= int(asked["min"])


def _crowded(world: World, asked: Doc, member: Member) -> bool:
    everybody = [entry for each in world.guild.members.values() for entry in each.entries]
    here = [entry for entry in everybody if entry[1] == member.channel]
    return _entered(asked, here, world.now)


def to_use(world: World, rule: Rule, asked: Doc, member: Member) -> int:
    """How much connected time is missing to what a `time_used` asks for."""
    since = _counted_since(world, asked)
    spent = sum(max(0, end - max(start, since)) for start, end in _used(world, rule, member))
    return duration(asked["min"]) - spent


def is_used(world: World, rule: Rule, asked: Doc, member: Member) -> bool:
    """Whether the time that counts for a `time_used` grows right now.

    It does while the member is where it counts, but not while as much of it grows too old.
    """
    since = _counted_since(world, asked)
    return (
        member.channel is not None
        and place(world, rule.where, member.channel)
        and (
            asked["per"] == "day"
            or not any(start <= since < end for start, end in _used(world, rule, member))
        )
    )


def _counted_since(world: World, asked: Doc) -> int:
    if asked["per"] == "day":
        return day_began(world.now, world.policy.zone)
    return world.now - duration(asked["per"])


def _used(world: World, rule: Rule, member: Member) -> list[tuple[int, int]]:
    """The stays that count, the present one with them."""
    stays = list(member.visits)
    if member.channel is not None:
        stays.append((member.channel, member.visit_began, world.now))
    return [(start, end) for channel, start, end in stays if place(world, rule.where, channel)]


def exempt(world: World, member: Member) -> bool:
    """Whether no rule may touch a member."""
    asked, guild = world.policy.exempt, world.guild
    return (
        (asked.get("bots", True) and member.bot)
        or (asked.get("admins", True) and _is_admin(guild, member))
        or (asked.get("afk_channel", True) and member.channel == guild.afk)
        or (asked["who"] is not None and who(world, asked["who"], member))
    )


def _is_admin(guild: Guild, member: Member) -> bool:
    held = [number for role, number in guild.roles.items() if guild.has(member, role)]
    return member.id == guild.owner or any(number & ADMINISTRATOR for number in held)


def blocks_match(world: World, rule: Rule, member: Member) -> bool:
    """Whether who, where and when of a rule match somebody who is connected."""
    assert member.channel is not None
    return (
        who(world, rule.who, member)
        and where(world, rule.where, member.channel)
        and when(world, rule, rule.when, member)
    )


def excused(world: World, rule: Rule, member: Member) -> bool:
    """Whether the `unless` of a rule matches: all of its blocks do."""
    asked = rule.unless
    assert member.channel is not None
    return bool(asked) and (
        who(world, asked.get("who", {}), member)
        and where(world, asked.get("where", {}), member.channel)
        and when(world, rule, asked.get("when", {}), member)
    )
