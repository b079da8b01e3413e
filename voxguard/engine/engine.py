"""The engine: events in, decisions out, and the next instant at which to ask again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from voxguard.engine.decide import decide_member
from voxguard.engine.fuse_memory import FuseMemory
from voxguard.engine.fuse_reset import reset_fuse
from voxguard.engine.index import EMPTY_INDEX, RuleIndex, no_rules
from voxguard.engine.intake import apply_event
from voxguard.engine.leases import end_holds
from voxguard.engine.recollection import Past, recall_entries, recollect
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.step import Step, report
from voxguard.engine.timers import Timers
from voxguard.engine.visits import end_visit, look_at_occupants, settle
from voxguard.model.decisions import Decision
from voxguard.model.events import Event
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import EndReason


class Engine:
    """Holds the state of every guild and decides it by one rule index.

    It reads no clock: instants are arguments and never decrease. Equal inputs give equal
    decisions in equal order.
    """

    def __init__(
        self, index: RuleIndex = EMPTY_INDEX, *, fuses: bool = False, humans: bool = False
    ) -> None:
        """Begin with no guild known; `fuses` are those of rules that act on too many at once.

        With `humans` it is told which reports are echoes, and takes others for somebody's hand.
        """
        self._index = index
        self._fuses = fuses
        self._humans = humans
        self._guilds: dict[GuildId, GuildState] = {}
        self._changed: set[GuildId] = set()
        self._reporting: set[GuildId] = set()
        self._timers = Timers()
        self._expiries = Timers()

    @property
    def index(self) -> RuleIndex:
        """The revision that is active."""
        return self._index

    @property
    def guilds(self) -> Collection[GuildState]:
        """The tables of every guild that has been seen or restored, to be read only."""
        return self._guilds.values()

    def guild(self, guild_id: GuildId) -> GuildState | None:
        """One guild's tables, to be read only."""
        return self._guilds.get(guild_id)

    @property
    def unfinished(self) -> bool:
        """Whether members wait to be decided, after a step that was limited."""
        return bool(self._changed)

    @property
    def wake_at(self) -> datetime | None:
        """The next instant at which time alone may bring a decision; None is never."""
        return self._timers.next_at

    def restore(self, guild: GuildState) -> None:
        """Take up what is remembered of a guild; nobody in it is decided until it is seen."""
        self._guilds[guild.id] = guild
        self._prepare(guild)
        for member in guild.members.values():
            self._expire(guild, member)
        self._reporting.add(guild.id)

    def restore_fuses(self, memory: FuseMemory) -> None:
        """Take up what was counted of rules, as far as the next revision means the same by them."""
        for guild_id, counters in memory.items():
            guild = self._guilds.setdefault(guild_id, GuildState(guild_id))
            guild.fuses.restore(counters)

    def reset_fuse(self, guild_id: GuildId, rule: str) -> list[UserId] | None:
        """Let a rule act again whose fuse is blown; whom it concerns, None where it was whole.

        They are decided anew with the next step, or when their guild is seen.
        """
        guild = self._guilds.get(guild_id)
        if guild is None or (concerned := reset_fuse(guild, rule)) is None:
            return None
        if guild.available:
            self._changed.add(guild_id)
        return concerned

    def know_stays(self, guild_id: GuildId, since_at: datetime | None) -> None:
        """Say from when on a guild's stays are known; None is all of them.

        Until then nobody has used as much time as a rule asks for that looks back further.
        """
        guild = self._guilds.setdefault(guild_id, GuildState(guild_id))
        guild.around.stays_from = since_at
        if guild.available:
            guild.dirty.update(guild.members)
            self._changed.add(guild_id)

    def recollect(self, guild_id: GuildId, pasts: Iterable[Past], at: datetime) -> None:
        """Take up what the log says of members of a guild that is there.

        What is known already is not taken up twice. The decisions come with the next step.
        """
        guild = self._guilds[guild_id]
        recollect(guild, self._index.guilds.get(guild_id) or no_rules(guild_id), pasts, at)
        self._changed.add(guild_id)

    def activate(self, index: RuleIndex, at: datetime) -> None:
        """Make another revision the active one; everybody connected is decided anew.

        Stretches, episodes and leases go on for rules whose meaning did not change. The
        decisions come with the next step.
        """
        before = self._index.guilds
        self._index = index
        for guild in self._guilds.values():
            self._prepare(guild)
            is_new = guild.available and guild.id not in before
            for member in guild.members.values():
                member.candidates = None
                member.planned = True
                # Of a guild without rules no visit is known, but who is there was there.
                if is_new and member.connected:
                    member.found_in = member.channel_id
                self._expire(guild, member)
                if guild.id not in index.guilds:
                    end_visit(guild, member, at, EndReason.LOST)
                    member.settled_id = None
            if guild.available and (guild.id in index.guilds or guild.id in before):
                guild.dirty.update(guild.members)
                self._changed.add(guild.id)

    def step(self, events: Iterable[Event], at: datetime, limit: int | None = None) -> Step:
        """Apply all events of the instant `at`, then decide whomever they concern.

        What fell due before `at` is decided first, each at its own instant. With `limit`
        at most so many members are decided at `at`; `unfinished` says if some are left.
        """
        decisions: list[Decision] = []
        while (wake_at := self.wake_at) is not None and wake_at < at:
            decisions += self._decide(wake_at, None)
        # What fell due before has looked back from its own instant, not from this one.
        self._forget(at)
        for event in events:
            guild = self._guilds.get(event.guild_id)
            if guild is None:
                guild = self._guilds[event.guild_id] = GuildState(event.guild_id)
                self._prepare(guild)
            apply_event(guild, event, at)
            self._changed.add(guild.id)
        decisions += self._decide(at, limit)
        reporting = [self._guilds[guild_id] for guild_id in sorted(self._reporting)]
        self._reporting.clear()
        return report(decisions, reporting)

    def _decide(self, at: datetime, limit: int | None) -> list[Decision]:
        for guild_id, user_id in self._timers.pop_due(at):
            self._guilds[guild_id].dirty.add(user_id)
            self._changed.add(guild_id)
        decisions: list[Decision] = []
        for guild_id in sorted(self._changed):
            guild = self._guilds[guild_id]
            look_at_occupants(guild, self._index.guilds.get(guild_id), at)
            due = sorted(guild.dirty)[:limit]
            guild.dirty.difference_update(due)
            guild.touched.update(due)
            for user_id in due:
                if (member := guild.members.get(user_id)) is not None:
                    decisions += self._decide_member(guild, member, at)
            self._reporting.add(guild_id)
            if not guild.dirty:
                self._changed.discard(guild_id)
            if limit is not None:
                limit -= len(due)
        return decisions

    def _decide_member(
        self, guild: GuildState, member: MemberState, at: datetime
    ) -> list[Decision]:
        index = self._index.guilds.get(guild.id)
        if index is not None:
            settle(guild, index, member, at)
        decisions = decide_member(guild, index or no_rules(guild.id), member, at)
        self._timers.set(guild.id, member.user_id, member.wake_at)
        # Nothing of somebody who is there expires: when it would have, it is passed over.
        if not member.connected and member.history:
            self._expire(guild, member)
        if member.forgettable:
            del guild.members[member.user_id]
        return decisions

    def _prepare(self, guild: GuildState) -> None:
        """Have a guild's tables remember what its rules ask for, and no more."""
        if self._index is EMPTY_INDEX:
            # Nobody has said yet what is asked for, so that nothing is let go of.
            return
        index = self._index.guilds.get(guild.id) or no_rules(guild.id)
        guild.fuses.active = self._fuses
        guild.humans = index.humans if self._humans else None
        guild.fuses.keep(index.rules)
        if guild.lookback != index.lookback:
            guild.lookback = index.lookback
            recall_entries(guild)
        for member in guild.members.values():
            end_holds(member, index.rules)

    def _expire(self, guild: GuildState, member: MemberState) -> None:
        """Note when nothing of an absent member's past will be asked for any more."""
        expires_at = None
        if not member.connected and self._index is not EMPTY_INDEX:
            expires_at = member.history.expires_at(guild.lookback)
        self._expiries.set(guild.id, member.user_id, expires_at)

    def _forget(self, at: datetime) -> None:
        """Let go of those who are not there and of whom nothing is asked for any more.

        It decides nothing, and so wakes nobody: it is done with the next step.
        """
        for guild_id, user_id in self._expiries.pop_due(at):
            guild = self._guilds[guild_id]
            guild.around.entries.prune(at)
            member = guild.members.get(user_id)
            if member is not None and not member.connected:
                member.history.prune(guild.lookback, at)
                guild.dirty.add(user_id)
                self._changed.add(guild_id)
