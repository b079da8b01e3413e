"""Discord on a virtual clock: edits take time, reports come late, answers get lost."""

from collections import deque
from dataclasses import dataclass, field, replace

from tests.unit.daemon.enforcement.tools import AFK, GUILD, LOBBY, Rig, decide
from voxguard.daemon.enforcement.wants import Kind, Request
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import (
    Answer,
    Applied,
    NotConnected,
    Place,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)

REPORT_SECONDS = 2.0
"""No report is later than this."""

LOST = Unreachable("no answer in time", in_doubt=True)


@dataclass
class Person:
    """A member as they really are; a mute outlasts visits."""

    channel: ChannelId | None = None
    mute: bool = False
    deaf: bool = False
    touched: bool = False

    def state(self, user: int) -> VoiceState:
        """What a report says."""
        return VoiceState(UserId(user), self.channel, guild_mute=self.mute, guild_deaf=self.deaf)


@dataclass
class Call:
    """A request under way; the answer is there once it was looked at."""

    request: Request
    answer: Answer | None = None


@dataclass
class Model:
    """Members, requests under way, reports under way."""

    rig: Rig = field(default_factory=Rig)
    people: dict[int, Person] = field(default_factory=lambda: {1: Person(), 2: Person()})
    calls: list[Call] = field(default_factory=list)
    reports: deque[tuple[float, int, VoiceState]] = field(default_factory=deque)
    decisions: list[Decision] = field(default_factory=list)
    forbidden: set[Kind] = field(default_factory=set)

    def submit(self, effect: Effect, user: int) -> None:
        """A decision."""
        self.decisions += self.rig.submit(decide(effect, user))
        self.pump()

    def go(self, user: int, channel: ChannelId | None) -> None:
        """A member joins, moves or leaves."""
        if self.people[user].channel != channel:
            self.people[user].channel = channel
            self._report(user)

    def touch(self, user: int) -> None:
        """A moderator changes a member's mute by hand."""
        person = self.people[user]
        if person.channel is not None:
            person.mute = not person.mute
            person.touched = True
            self._report(user)

    def permit(self, kind: Kind, *, permitted: bool) -> None:
        """A permission is given or taken."""
        (self.forbidden.discard if permitted else self.forbidden.add)(kind)
        self.rig.queue.guild_changed(GUILD, self.rig.now)
        self.pump()

    def deliver(self) -> None:
        """The oldest report arrives."""
        if self.reports:
            _, user, state = self.reports.popleft()
            self.rig.voices.set(GUILD, user, state)
            self.rig.queue.reported(GUILD, UserId(user), self.rig.now)
            self.pump()

    def look(self, number: int, answer: Answer | None = None) -> None:
        """Discord looks at a request, or loses it or turns it down without looking."""
        waiting = [call for call in self.calls if call.answer is None]
        if waiting:
            call = waiting[number % len(waiting)]
            call.answer = answer or self._answer(call.request)

    def answer(self, number: int, *, lost: bool = False) -> None:
        """The answer to a request that was looked at arrives, or is lost on the way."""
        ready = [call for call in self.calls if call.answer is not None]
        if ready:
            call = ready[number % len(ready)]
            self.calls.remove(call)
            assert call.answer is not None
            self.rig.answer(call.request, LOST if lost else call.answer)
            self.pump()

    def wait(self, seconds: float) -> None:
        """Time passes; reports that are due arrive."""
        end = self.rig.now + seconds
        while True:
            wake_at = self.rig.queue.wake_at(self.rig.now)
            due = [at for at in (wake_at, self._report_due()) if at is not None and at <= end]
            self.rig.now = max(self.rig.now, min(due, default=end))
            while (at := self._report_due()) is not None and at <= self.rig.now:
                self.deliver()
            self.pump()
            if not due:
                return

    def settle(self) -> None:
        """Everything is permitted and goes well, until nothing is under way any more."""
        for kind in Kind:
            self.permit(kind, permitted=True)
        for _ in range(20):
            while self.calls:
                self.look(0)
                self.answer(0)
            self.wait(70)

    def pump(self) -> None:
        """Send what is ready, and check what always holds."""
        self.calls += [Call(request) for request in self.rig.ready()]
        keys = [call.request.key for call in self.calls]
        assert len(keys) == len(set(keys)), "two edits of one member are under way"
        self.rig.collect()
        for outcomes in self.rig.told.values():
            assert not any(is_final(outcome) for outcome in outcomes[:-1]), outcomes

    def _report_due(self) -> float | None:
        return self.reports[0][0] + REPORT_SECONDS if self.reports else None

    def _report(self, user: int) -> None:
        self.reports.append((self.rig.now, user, self.people[user].state(user)))

    def _answer(self, request: Request) -> Answer:
        person = self.people[request.user_id]
        if any(want.kind in self.forbidden for want in request.wants):
            return Refused(403, 50013, "Missing Permissions")
        if person.channel is None:
            return NotConnected()
        before = replace(person)
        if request.edit.mute is not None:
            person.mute = request.edit.mute
        if request.edit.deaf is not None:
            person.deaf = request.edit.deaf
        if isinstance(request.edit.place, Place):
            person.channel = request.edit.place.channel_id
        if before != person:
            self._report(request.user_id)
        return Applied()


def is_final(outcome: Outcome) -> bool:
    """Whether nothing more will become of the decision."""
    return outcome not in (Outcome.PENDING, Outcome.DEFERRED)


PLACES = (None, LOBBY, AFK)
WITHOUT_LOOKING: tuple[Answer | None, ...] = (
    None,
    None,
    None,
    LOST,
    Unreachable("no connection", in_doubt=False),
    RateLimited(1.0, Scope.USER),
    RateLimited(1.0, Scope.GLOBAL),
)
