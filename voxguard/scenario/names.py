"""Names and ids of a policy set, both ways: what people write, and what they read."""

from collections.abc import Iterable, Mapping

from voxguard.errors import UsageError
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.policy.resolved import GuildPolicy, PolicySet
from voxguard.policy.schedules import Schedule
from voxguard.policy.scope import did_you_mean
from voxguard.policy.values import id_of, shown


def find_guild(policy_set: PolicySet, text: str | None) -> GuildPolicy:
    """The guild of this directory or id; the only one there is when none is named.

    Raises:
        UsageError: There is no such guild, or none is named and there are several.

    """
    guilds = {_directory(guild): guild for guild in policy_set.guilds.values()}
    if text is None:
        if len(guilds) == 1:
            return next(iter(guilds.values()))
        raise UsageError(
            f"the policy set has {len(guilds)} guilds", hint=f"name one of them: {_list(guilds)}"
        )
    by_id = {str(guild_id): guild for guild_id, guild in policy_set.guilds.items()}
    found = guilds.get(text) or by_id.get(text)
    if found is None:
        raise _unknown("guild", text, [*guilds, *by_id])
    return found


def find_channel(guild: GuildPolicy, text: str) -> ChannelId:
    """The channel or category of this alias or id.

    Raises:
        UsageError: It is neither.

    """
    return ChannelId(_find("channel", guild.channels, text))


def find_role(guild: GuildPolicy, text: str) -> RoleId:
    """The role of this alias or id.

    Raises:
        UsageError: It is neither.

    """
    return RoleId(_find("role", guild.roles, text))


def find_member(text: str) -> UserId:
    """The user of this id.

    Raises:
        UsageError: It is no id.

    """
    found = id_of(text)
    if found is None:
        raise UsageError(f"{shown(text)} is not the id of a member", hint="an id is 1 to 19 digits")
    return UserId(found)


def schedules_named(
    policy_set: PolicySet, name: str | None
) -> list[tuple[GuildPolicy, str, Schedule]]:
    """The schedules of this name in each guild that has one, or all; by guild and name.

    Raises:
        UsageError: No guild has a schedule of this name.

    """
    every = [
        (guild, each, guild.schedules[each])
        for guild in policy_set.guilds.values()
        for each in sorted(guild.schedules)
    ]
    found = [one for one in every if name in (None, one[1])]
    if name is not None and not found:
        raise _unknown("schedule", name, {each for _, each, _ in every})
    return found


class Names:
    """What people call the guilds, channels and roles of a policy set."""

    def __init__(self, policy_set: PolicySet) -> None:
        self._guilds = policy_set.guilds
        self._channels = {
            guild_id: _reversed(guild.channels) for guild_id, guild in policy_set.guilds.items()
        }
        self._roles = {
            guild_id: _reversed(guild.roles) for guild_id, guild in policy_set.guilds.items()
        }

    def guild(self, guild_id: GuildId) -> str:
        """The guild's directory, else its id."""
        guild = self._guilds.get(guild_id)
        return str(guild_id) if guild is None else _directory(guild)

    def channel(self, guild_id: GuildId, channel_id: int) -> str | None:
        """The channel's alias; None where it has none."""
        return self._channels.get(guild_id, {}).get(channel_id)

    def role(self, guild_id: GuildId, role_id: int) -> str | None:
        """The role's alias; None where it has none."""
        if role_id == guild_id:
            return "everyone"
        return self._roles.get(guild_id, {}).get(role_id)


def _directory(guild: GuildPolicy) -> str:
    # A set of one guild may have its guild.yaml at the top, which has no name of its own.
    return guild.directory if guild.directory not in ("", ".") else str(guild.id)


def _reversed(aliases: Mapping[str, int]) -> Mapping[int, str]:
    return {number: alias for alias, number in sorted(aliases.items(), reverse=True)}


def _find(kind: str, aliases: Mapping[str, int], text: str) -> int:
    found = aliases.get(text)
    if found is None:
        found = id_of(text)
    if found is None:
        raise _unknown(kind, text, aliases)
    return found


def _unknown(kind: str, text: str, known: Iterable[str]) -> UsageError:
    names = sorted(known)
    hint = did_you_mean(text, names) or (f"there are: {_list(names)}" if names else None)
    return UsageError(f"there is no {kind} {shown(text)}", hint=hint)


def _list(names: Iterable[str]) -> str:
    every = sorted(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more


_SHOWN = 10
