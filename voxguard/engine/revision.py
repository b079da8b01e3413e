"""Another revision of the rules: what a guild remembers for it, and whom it concerns."""

from datetime import datetime

from voxguard.engine.index import EMPTY_INDEX, RuleIndex, no_rules
from voxguard.engine.leases import end_holds
from voxguard.engine.recollection import recall_entries
from voxguard.engine.state import GuildState
from voxguard.engine.visits import end_visit
from voxguard.model.visits import EndReason


def prepare(guild: GuildState, rules: RuleIndex, *, fuses: bool, humans: bool) -> None:
    """Have a guild's tables remember what its rules ask for, and no more."""
    if rules is EMPTY_INDEX:
        # Nobody has said yet what is asked for, so that nothing is let go of.
        return
    index = rules.guilds.get(guild.id) or no_rules(guild.id)
    guild.fuses.active = fuses
    guild.humans = index.humans if humans else None
    guild.fuses.keep(index.rules)
    if guild.lookback != index.lookback:
        guild.lookback = index.lookback
        recall_entries(guild)
    for member in guild.members.values():
        end_holds(member, index.rules)


def take_revision(guild: GuildState, before: RuleIndex, index: RuleIndex, at: datetime) -> bool:
    """Let a guild's members know that other rules are in force; whether they are to be decided."""
    had_rules, has_rules = guild.id in before.guilds, guild.id in index.guilds
    for member in guild.members.values():
        member.candidates = None
        member.planned = True
        # Of a guild without rules no visit is known, but who is there was there.
        if guild.available and not had_rules and member.connected:
            member.found_in = member.channel_id
        if not has_rules:
            end_visit(guild, member, at, EndReason.LOST)
            member.settled_id = None
    is_decided = guild.available and (has_rules or had_rules)
    if is_decided:
        guild.dirty.update(guild.members)
    return is_decided
