"""Who has set what: the truth about mutes, roles and the audience, which no report tells."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.sandbox.world.state import Guild, GuildMember

Mark = tuple[GuildId, UserId, str]
"""A member and what is on or off of them: "mute", "deafen", "suppress", or "role:ID"."""


class Hand(StrEnum):
    """Whose doing something is."""

    OURS = "ours"
    HUMAN = "a human's"
    DISCORD = "Discord's"


@dataclass(frozen=True, slots=True)
class Change:
    """What one act has changed of a member."""

    on: frozenset[str]
    off: frozenset[str]
    moved: bool
    timed_out: bool


@dataclass(slots=True)
class Hands:
    """Keeps of everything that is on who has set it, and of what was taken off last by whom.

    `before` is who had set what was taken off last. `off_at` is when.
    `told` are those that a human has set and the process knows of, since when; `told_before` is
    what it knew of one that was taken off. `raced` are those on which a
    request of ours came upon a human's that nobody had told of, which it cannot tell from its own.
    Of those in `late` it had been told since it decided. `shown_off` is when the newest report
    set out by which the process knows that they were off, `signed` are those of which the audit
    log has told it that a human has set them. `now` is whose doing is going on, and `moving` says
    that it is a placement of ours.
    """

    clock: Callable[[], datetime]
    on: dict[Mark, Hand] = field(default_factory=dict)
    off: dict[Mark, Hand] = field(default_factory=dict)
    before: dict[Mark, Hand] = field(default_factory=dict)
    off_at: dict[Mark, datetime] = field(default_factory=dict)
    shown_off: dict[Mark, datetime] = field(default_factory=dict)
    signed: set[Mark] = field(default_factory=set)
    told: dict[Mark, datetime] = field(default_factory=dict)
    told_before: dict[Mark, datetime | None] = field(default_factory=dict)
    raced: set[Mark] = field(default_factory=set)
    late: set[Mark] = field(default_factory=set)
    now: Hand = Hand.HUMAN
    moving: bool = False

    @contextmanager
    def acting(self, guild: Guild, member: GuildMember, hand: Hand) -> Iterator[list[Change]]:
        """Note what happens to a member inside; the list holds the change afterwards."""
        marks, place, until = marks_of(member), place_of(member), member.timed_out_until
        changes: list[Change] = []
        self.now = hand
        yield changes
        self.now = Hand.HUMAN
        if member.user.id not in guild.members:
            self.forget(guild.id, member.user.id)
            return
        after = marks_of(member)
        change = Change(
            frozenset(after - marks),
            frozenset(marks - after),
            place_of(member) != place,
            member.timed_out_until != until,
        )
        if change.moved and "suppress" in after & marks:
            self._set((guild.id, member.user.id, "suppress"), Hand.DISCORD)
        for name in change.off:
            self._take_off((guild.id, member.user.id, name), hand)
        for name in change.on:
            # Whoever goes to a stage is put into its audience by Discord.
            discords = name == "suppress" and change.moved
            self._set((guild.id, member.user.id, name), Hand.DISCORD if discords else hand)
        changes.append(change)

    def _take_off(self, mark: Mark, hand: Hand) -> None:
        self.before[mark] = self.on.pop(mark, Hand.HUMAN)
        self.off[mark] = hand
        self.off_at[mark] = self.clock()
        self.told_before[mark] = self.told.pop(mark, None)

    def _set(self, mark: Mark, hand: Hand) -> None:
        self.on[mark] = hand
        for some in (self.raced, self.late, self.signed):
            some.discard(mark)

    def forget(self, guild_id: GuildId, user_id: UserId) -> None:
        """The member is gone, and nothing of them is left."""
        for marks in (self.on, self.off, self.before):
            for mark in [mark for mark in marks if mark[:2] == (guild_id, user_id)]:
                del marks[mark]
        for times in (self.off_at, self.shown_off, self.told, self.told_before):
            for mark in [mark for mark in times if mark[:2] == (guild_id, user_id)]:
                del times[mark]
        for some in (self.raced, self.late, self.signed):
            some -= {mark for mark in some if mark[:2] == (guild_id, user_id)}

    def enters(self, guild: Guild, member: GuildMember) -> None:
        """Whoever comes to a stage is put into its audience by Discord, also where they were."""
        mark = guild.id, member.user.id, "suppress"
        if mark in self.on:
            self.on[mark] = Hand.DISCORD

    def leave_stages(self, guild_id: GuildId) -> None:
        """Nobody has watched: who is in the audience of a stage is so as after entering it."""
        for mark in [mark for mark in self.on if mark[0] == guild_id and mark[2] == "suppress"]:
            self.on[mark] = Hand.DISCORD

    def another_process(self) -> None:
        """What the one before was told this one does not know."""
        self.told.clear()
        self.shown_off.clear()
        self.signed.clear()

    def reported(self, mark: Mark) -> None:
        """The process knows now that it is on."""
        if self.on.get(mark) is Hand.HUMAN:
            self.told.setdefault(mark, self.clock())

    def reported_off(self, marks: Iterable[Mark], sent_at: datetime) -> None:
        """The process knows now that they were off when the report set out."""
        for mark in marks:
            self.shown_off[mark] = max(sent_at, self.shown_off.get(mark, sent_at))

    def passes_for_ours(self, mark: Mark, decided_at: datetime) -> bool:
        """Whether nobody could know that what a human had set was not what we have.

        It was not known of when our own was decided, and nothing has shown since then that it
        was off in between.
        """
        told_at = self.told_before.get(mark)
        if mark in self.signed or (told_at is not None and told_at < decided_at):
            return False
        shown_at = self.shown_off.get(mark)
        return shown_at is None or shown_at < max(decided_at, self.off_at.get(mark, decided_at))

    def known(self, guild_id: GuildId, user_id: UserId) -> frozenset[str]:
        """The member's marks of which the process knows that a human has set them."""
        return frozenset(mark[2] for mark in self.told if mark[:2] == (guild_id, user_id))

    def came_upon(self, mark: Mark, decided_at: datetime, *, knowing: bool) -> None:
        """A request of ours to set it has found it set by a human.

        The process did not know that, or had learnt it since it decided; else nothing
        excuses it.
        """
        if self.on.get(mark) is Hand.HUMAN:
            if not knowing:
                self.raced.add(mark)
            elif self.told.get(mark, decided_at) >= decided_at:
                self.late.add(mark)


def marks_of(member: GuildMember) -> set[str]:
    """What is on of a member now."""
    marks = {f"role:{role_id}" for role_id in member.roles}
    if member.guild_mute:
        marks.add("mute")
    if member.guild_deaf:
        marks.add("deafen")
    if member.voice is not None and member.voice.suppressed:
        marks.add("suppress")
    return marks


def place_of(member: GuildMember) -> ChannelId | None:
    """Where a member is."""
    return None if member.voice is None else member.voice.channel_id
