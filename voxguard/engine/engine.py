"""The engine: events in, decisions out, and the next instant at which to ask again."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from voxguard.engine.decide import decide_member
from voxguard.engine.expiries import Expiries
from voxguard.engine.fuse_memory import FuseMemory
from voxguard.engine.fuse_reset import reset_fuse
from voxguard.engine.index import EMPTY_INDEX, RuleIndex, no_rules
from voxguard.engine.intake import apply_event
from voxguard.engine.quota import Quota
from voxguard.engine.recollection import Past, recollect
from voxguard.engine.restart import lose_sight
from voxguard.engine.revision import prepare, take_revision
from voxguard.engine.shift import Shift, shift_guild
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.step import Step, report
from voxguard.engine.timers import Timers
from voxguard.engine.visits import look_at_occupants, settle
from voxguard.model.decisions import Decision
from voxguard.model.events import Event
from voxguard.model.ids import GuildId, UserId


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
        self._expiries = Expiries()
        self._overdue_at: datetime | None = None

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

    def member(self, guild_id: GuildId, user_id: UserId) -> MemberState | None:
        """What is known of a member, to be read only."""
        guild = self._guilds.get(guild_id)
        return None if guild is None else guild.members.get(user_id)

    @property
    def unfinished(self) -> bool:
        """Whether members wait to be decided, after a step that was limited."""
        return bool(self._changed)

    @property
    def overdue(self) -> bool:
        """Whether some of them are due before the present; events have all of those decided."""
        return self._overdue_at is not None

    @property
    def wake_at(self) -> datetime | None:
        """The next instant at which time alone may bring a decision; None is never."""
        return self._timers.next_at

    def restore(self, guild: GuildState) -> None:
        """Take up what is remembered of a guild; nobody in it is decided until it is seen."""
        self._guilds[guild.id] = guild
        self._prepare(guild)
        self._expire(guild, guild.members.values())
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
        before, self._index = self._index, index
        self._overdue_at = None
        for guild in self._guilds.values():
            self._prepare(guild)
            is_decided = take_revision(guild, before, index, at)
            self._expire(guild, guild.members.values())
            if is_decided:
                self._changed.add(guild.id)

    def shift(self, by: timedelta, at: datetime) -> None:
        """The wall clock was stepped by `by`, and the present is `at`, this once maybe earlier.

        What counts elapsed time goes on as if nothing had happened; schedules, calendar days,
        ages and entries of lists follow the new time. Everybody is decided anew with the next
        step.
        """
        shift = Shift(by, at)
        for guild in self._guilds.values():
            shift_guild(guild, shift)
            self._reporting.add(guild.id)
            if guild.available:
                self._changed.add(guild.id)
        self._timers.shift(by)
        self._expiries.shift(by)
        self._overdue_at = None

    def lose_sight(self, watched_at: datetime, at: datetime) -> None:
        """Nobody has watched since `watched_at`: what fell due since then is not decided.

        As after a restart each guild is compared with its next GUILD_CREATE, and until then
        nobody in it is decided.
        """
        for guild in self._guilds.values():
            if guild.available or guild.awaited:
                lose_sight(guild, guild.alive_at or watched_at, at)
                self._reporting.add(guild.id)

    def step(self, events: Iterable[Event], at: datetime, limit: int | None = None) -> Step:
        """Apply all events of the instant `at`, then decide whomever they concern.

        What fell due before `at` is decided first, each at its own instant. With `limit`
        at most so many members are decided at `at`, and without events also before it;
        `unfinished` says if some are left.
        """
        events = tuple(events)
        quota = Quota(None if events else limit)
        decisions: list[Decision] = []
        while (due_at := self._due_before(at)) is not None:
            decisions += self._decide(due_at, quota)
            self._overdue_at = due_at if self._changed else None
            if self._changed:
                return self._report(decisions)
        # What fell due before has looked back from its own instant, not from this one.
        self._changed.update(self._expiries.forget(self._guilds, at))
        for event in events:
            guild = self._guilds.get(event.guild_id)
            if guild is None:
                guild = self._guilds[event.guild_id] = GuildState(event.guild_id)
                self._prepare(guild)
            apply_event(guild, event, at)
            self._changed.add(guild.id)
        decisions += self._decide(at, Quota(limit) if events else quota)
        return self._report(decisions)

    def _due_before(self, at: datetime) -> datetime | None:
        """The next instant before `at` at which somebody is to be decided."""
        wake_at = self._overdue_at or self.wake_at
        return wake_at if wake_at is not None and wake_at < at else None

    def _decide(self, at: datetime, quota: Quota) -> list[Decision]:
        for guild_id, user_id in self._timers.pop_due(at):
            self._guilds[guild_id].dirty.add(user_id)
            self._changed.add(guild_id)
        decisions: list[Decision] = []
        for guild_id in sorted(self._changed):
            guild = self._guilds[guild_id]
            look_at_occupants(guild, self._index.guilds.get(guild_id), at)
            if guild.awaited:
                # Everybody in it will be looked at when it is seen.
                guild.dirty.clear()
            due = quota.take(sorted(guild.dirty))
            guild.dirty.difference_update(due)
            guild.touched.update(due)
            for user_id in due:
                if (member := guild.members.get(user_id)) is not None:
                    decisions += self._decide_one(guild, member, at)
            self._reporting.add(guild_id)
            if not guild.dirty:
                self._changed.discard(guild_id)
        return decisions

    def _decide_one(self, guild: GuildState, member: MemberState, at: datetime) -> list[Decision]:
        index = self._index.guilds.get(guild.id)
        if index is not None:
            settle(guild, index, member, at)
        decisions = decide_member(guild, index or no_rules(guild.id), member, at)
        self._timers.set(guild.id, member.user_id, member.wake_at)
        # Nothing of somebody who is there expires: when it would have, it is passed over.
        if not member.connected and member.history:
            self._expire(guild, (member,))
        if member.forgettable:
            del guild.members[member.user_id]
        return decisions

    def _prepare(self, guild: GuildState) -> None:
        prepare(guild, self._index, fuses=self._fuses, humans=self._humans)

    def _expire(self, guild: GuildState, members: Iterable[MemberState]) -> None:
        if self._index is not EMPTY_INDEX:
            for member in members:
                self._expiries.note(guild, member)

    def _report(self, decisions: list[Decision]) -> Step:
        step = report(decisions, [self._guilds[guild_id] for guild_id in sorted(self._reporting)])
        self._reporting.clear()
        return step
