"""Discord on a virtual clock: edits take time, reports come late, answers get lost."""

from collections import Counter, deque
from dataclasses import dataclass, field, replace

from tests.unit.daemon.enforcement.people import Person, edit_person
from tests.unit.daemon.enforcement.tools import AFK, GUILD, LOBBY, STAGE, Rig, decide
from voxguard.daemon.enforcement.kinds import Kind
from voxguard.daemon.enforcement.requests import Request
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import (
    Answer,
    Applied,
    MemberEdit,
    Message,
    NotConnected,
    OpenDirect,
    Opened,
    RateLimited,
    Refused,
    RoleEdit,
    Scope,
    StageEdit,
    Unreachable,
)

NONCE_SECONDS = 180.0
"""So long Discord knows a message by its nonce."""

TIMEOUT_SECONDS = 15.0
"""No answer is waited for longer than this."""

REPORT_SECONDS = 2.0
"""No report is later than this."""

LOST = Unreachable("no answer in time", in_doubt=True)


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
    nonces: dict[str, float] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)
    counted: dict[int, float] = field(default_factory=dict)

    def submit(self, effect: Effect, user: int) -> None:
        """A decision; a role is given to who has it not, and taken from who has been given it."""
        if effect in (Effect.GRANT, Effect.REVOKE) and (effect is Effect.GRANT) is self._has(user):
            return
        channel = STAGE if effect in (Effect.SUPPRESS, Effect.UNSUPPRESS) else LOBBY
        self.decisions += self.rig.submit(decide(effect, user, channel=channel))
        self.pump()

    def turn(self, user: int) -> None:
        """Somebody goes in and out: the role is given, taken, given again."""
        self.submit(Effect.REVOKE if self._has(user) else Effect.GRANT, user)

    def _has(self, user: int) -> bool:
        """Whether whoever decides takes it that the member was given the role."""
        has = False
        for decision in self.decisions:
            if decision.user_id == user and decision.effect in (Effect.GRANT, Effect.REVOKE):
                failed = Outcome.FAILED in self.rig.outcomes(decision)
                has = (decision.effect is Effect.GRANT) is not failed
        return has

    def go(self, user: int, channel: ChannelId | None) -> None:
        """A member joins, moves or leaves."""
        if self.people[user].channel != channel:
            self.people[user].go(channel)
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
        """Time passes; reports that are due arrive, and nobody waits for an answer for ever."""
        if seconds > TIMEOUT_SECONDS:
            while self.calls:
                self.rig.answer(self.calls.pop(0).request, LOST)
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
        requests = self.rig.ready()
        self.calls += [Call(request) for request in requests]
        keys = [call.request.key for call in self.calls if not call.request.is_message]
        assert len(keys) == len(set(keys)), "two edits of one member are under way"
        self._count(requests)
        self.rig.collect()
        for outcomes in self.rig.told.values():
            assert not any(is_final(outcome) for outcome in outcomes[:-1]), outcomes

    def _count(self, requests: list[Request]) -> None:
        """Within any span of the budget's length no more than it allows is sent."""
        budget = self.rig.budgets.guild
        for request in requests:
            for want in request.wants:
                if not want.is_release:
                    self.counted.setdefault(want.decision.id.int, self.rig.now)
        since = self.rig.now - budget.within.total_seconds()
        assert sum(at > since for at in self.counted.values()) <= budget.max

    def _report_due(self) -> float | None:
        return self.reports[0][0] + REPORT_SECONDS if self.reports else None

    def _report(self, user: int) -> None:
        self.reports.append((self.rig.now, user, self.people[user].state(user)))

    def _answer(self, request: Request) -> Answer:
        person = self.people[request.user_id]
        if any(want.kind in self.forbidden for want in request.wants):
            return Refused(403, 50013, "Missing Permissions")
        before = replace(person)
        answer = self._act(person, request)
        if before != person:
            self._report(request.user_id)
        return answer

    def _act(self, person: Person, request: Request) -> Answer:
        match request.act:
            case MemberEdit() as edit:
                return edit_person(person, edit)
            case RoleEdit(role_id=role_id, granted=granted):
                person.roles = person.roles | {role_id} if granted else person.roles - {role_id}
            case StageEdit(channel_id=channel_id, suppressed=suppressed):
                if person.channel != channel_id:
                    return NotConnected()
                person.suppressed = suppressed
            case OpenDirect():
                return Opened(ChannelId(1_000 + request.user_id))
            case Message(nonce=nonce):
                known_at = self.nonces.setdefault(nonce, self.rig.now)
                is_new = nonce not in self.delivered or self.rig.now - known_at >= NONCE_SECONDS
                self.delivered[nonce] += is_new
        return Applied()


def is_final(outcome: Outcome) -> bool:
    """Whether nothing more will become of the decision."""
    return outcome not in (Outcome.PENDING, Outcome.DEFERRED)


PLACES = (None, LOBBY, AFK, STAGE)
WITHOUT_LOOKING: tuple[Answer | None, ...] = (
    None,
    None,
    None,
    LOST,
    Unreachable("no connection", in_doubt=False),
    RateLimited(1.0, Scope.USER),
    RateLimited(1.0, Scope.GLOBAL),
)
