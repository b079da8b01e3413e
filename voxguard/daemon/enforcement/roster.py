"""Who may go next: lines of all guilds in turn, and what keeps a want from being sent now."""

import math
from collections import deque
from collections.abc import Iterable
from functools import partial

from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.kinds import Kind
from voxguard.daemon.enforcement.limits import Limits
from voxguard.daemon.enforcement.line import Line
from voxguard.daemon.enforcement.requests import Request, Requests, can_go_with
from voxguard.daemon.enforcement.review import Reviewer
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.timers import Timers
from voxguard.daemon.enforcement.wants import Want
from voxguard.model.decisions import Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.enforcement import Knowledge


class Roster:
    """The lines of all guilds, served one request each in turn."""

    def __init__(self, knowledge: Knowledge, settling: Settling) -> None:
        """Begin with no guild."""
        self._knowledge = knowledge
        self._settling = settling
        self._reviewer = Reviewer(knowledge, settling)
        self._lines: dict[GuildId, Line] = {}
        self._rota: deque[Line] = deque()
        self._timers = Timers()
        self._held: dict[Desk, None] = {}
        self.limits = Limits()
        self.requests = Requests(knowledge.texts)

    def line(self, guild_id: GuildId) -> Line:
        """The guild's line, a new one if there is none."""
        line = self._lines.get(guild_id)
        if line is None:
            budgets = self._knowledge.budgets
            line = self._lines[guild_id] = Line(guild_id, self.requests.buckets, budgets)
        return line

    def known_line(self, guild_id: GuildId) -> Line | None:
        """The guild's line, if there is one."""
        return self._lines.get(guild_id)

    def known_desk(self, guild_id: GuildId, user_id: UserId) -> Desk | None:
        """The member's desk, if there is one."""
        line = self._lines.get(guild_id)
        return None if line is None else line.desks.get(user_id)

    @property
    def lines(self) -> Iterable[Line]:
        """Every guild's line, to be read only."""
        return self._lines.values()

    def look_at(self, desks: Iterable[Desk], now: float) -> None:
        """Give members whose wants or facts have changed their places in line."""
        for desk in desks:
            self.look(desk, now)

    def look(self, desk: Desk, now: float) -> None:
        """Give what a member waits for its place in line, or a timer, or nothing."""
        line = self._lines[desk.key[0]]
        for want in self._ready(line, desk, now):
            self._enter(line, want, desk)
        self._forget_idle(line, desk)

    def look_at_waiting(self, line: Line, kind: Kind, now: float) -> None:
        """Look at those again whom a kind's pause kept waiting, if it is over."""
        if line.refusals.allows(kind, now):
            waiting = [UserId(user_id) for user_id in line.refusals.take_waiting(kind)]
            self.look_at([line.desks[each] for each in waiting if each in line.desks], now)

    def look_at_waiting_at(self, at: float, line: Line, kind: Kind) -> None:
        """Do that when the pause ends."""
        self._timers.set(at, partial(self.look_at_waiting, line, kind))

    def next_ready(self, now: float) -> Request | None:
        """The request that is to go now, if there is one; it counts as sent."""
        self._timers.run(now)
        if self._held and not self.limits.only_releases(now):
            held, self._held = self._held, {}
            self.look_at(held, now)
        if self.limits.free_at(now) > now:
            return None
        for _ in range(len(self._rota)):
            line = self._rota.popleft()
            line.in_rota = False
            request = self._serve(line, now)
            self._join(line)
            if request is not None:
                return request
        return None

    def wake_at(self, now: float) -> float | None:
        """When to ask again though nothing has been told; None is never."""
        next_at = self._timers.next_at
        instants = [math.inf if next_at is None else next_at]
        if self._rota:
            free_at = min(line.free_at(now) for line in self._rota)
            instants.append(max(free_at, self.limits.free_at(now)))
        if self._held:
            instants.append(max(now, self.limits.opens_at()))
        earliest = min(instants)
        return None if earliest == math.inf else earliest

    def _enter(self, line: Line, want: Want, desk: Desk) -> None:
        line.enter(want, desk, self.requests.bucket_key(want))
        self._join(line)

    def _join(self, line: Line) -> None:
        if not line.in_rota and not line.is_empty:
            line.in_rota = True
            self._rota.append(line)

    def _forget_idle(self, line: Line, desk: Desk) -> None:
        if desk.is_idle:
            line.desks.pop(desk.key[1], None)

    def _serve(self, line: Line, now: float) -> Request | None:
        while (first := line.pop(now)) is not None:
            want, desk = first
            if not desk.holds(want):
                continue
            ready = self._ready(line, desk, now)
            self._forget_idle(line, desk)
            if want not in ready:
                continue
            if line.spend(want, now):
                return self._send(line, desk, want, ready, now)
            # It has a budget that it did not have when it got in line.
            self._enter(line, want, desk)
        line.tell(self._settling, now)
        return None

    def _send(self, line: Line, desk: Desk, want: Want, ready: list[Want], now: float) -> Request:
        others = [each for each in ready if each is not want and can_go_with(each, want)]
        wants = [want, *(each for each in others if line.spend(each, now))]
        request = self.requests.make(wants, now)
        desk.send(request)
        line.sent(request.wants)
        request.bucket.sent(now)
        self.limits.sent(now)
        return request

    def _ready(self, line: Line, desk: Desk, now: float) -> list[Want]:
        """The wants that may be sent now; the others are noted where they wait."""
        needed = self._reviewer.review(desk, now)
        ready = []
        instants = [
            each.until for each in desk.beliefs.values() if each.contradicted and each.until > now
        ]
        for want in needed:
            if want.not_before > now:
                instants.append(want.not_before)
            elif not want.is_release and self.limits.only_releases(now):
                self._held[desk] = None
                self._settling.passing(want, Outcome.DEFERRED)
            elif not line.refusals.allows(want.kind, now):
                line.refusals.wait(want.kind, desk.key[1])
                if line.refusals.is_paused(want.kind):
                    self._settling.passing(want, Outcome.DEFERRED)
            else:
                ready.append(want)
        if instants:
            self._set_timer(desk, min(instants))
        return ready

    def _set_timer(self, desk: Desk, at: float) -> None:
        if desk.timer_at is None or at < desk.timer_at:
            desk.timer_at = at
            self._timers.set(at, partial(self._ring, desk))

    def _ring(self, desk: Desk, now: float) -> None:
        if self.known_desk(*desk.key) is desk:
            if desk.timer_at is not None and desk.timer_at <= now:
                desk.timer_at = None
            self.look(desk, now)
