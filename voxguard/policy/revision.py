"""The revision: a hash of what a policy set means.

In it goes all that can change a decision, an audit reason or an announcement, with
aliases resolved, durations in seconds and entries as sets. Not in it: how it is written
and split into files, the names of aliases and directories, owners, and the notes on
entries. The names of rules, lists and schedules are in it, since logs and explanations
speak of them; two sets of one revision have rules of equal meaning.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from voxguard.model.decisions import Humans
from voxguard.policy.resolved import GuildPolicy


def revision_of(guilds: Iterable[GuildPolicy]) -> str:
    """The SHA-256 of the canonical meaning, in hexadecimal."""
    canonical = [_canonical(guild) for guild in sorted(guilds, key=lambda guild: guild.id)]
    # The number is that of this form, and changes when the form has to.
    return sha256(json.dumps([1, canonical], sort_keys=True).encode()).hexdigest()


def _canonical(guild: GuildPolicy) -> object:
    exempt = guild.exempt
    # The default is left out, so that sets that do not name it keep their revision.
    humans = {} if guild.humans is Humans.YIELD else {"humans": guild.humans}
    return {
        "id": str(guild.id),
        "mode": guild.mode,
        "timezone": guild.timezone,
        "exempt": {
            "who": None
            if exempt.who is None
            else {leaf.path: leaf.canonical() for leaf in exempt.who},
            "bots": exempt.bots,
            "admins": exempt.admins,
            "afk_channel": exempt.afk_channel,
        },
        "budget": [guild.budget.max, guild.budget.within.total_seconds()],
        "fuse": None
        if guild.fuse is None
        else [guild.fuse.members, guild.fuse.within.total_seconds()],
        "lists": {name: one.digest for name, one in guild.lists.items()},
        "schedules": {name: one.canonical() for name, one in guild.schedules.items()},
        "rules": [rule.meaning for rule in guild.rules],
        **humans,
    }
