"""Who may go next: lines of all guilds in turn, and what keeps a want from being sent now."""

import math
from collections import deque
from collections.abc import Iterable
from functools import partial

from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.limits import Limits
from voxguard.daemon.enforcement.line import Line
from voxguard.daemon.enforcement.review import review
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.timers import Timers
from voxguard.daemon.enforcement.wants import Kind, Request, Want, make_request
from voxguard.model.decisions import Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.enforcement import StillWanted, Voices


class Roster:
    """The lines of all guilds, served one request each in turn."""

    def __init__(self, voices: Voices, still_wanted: StillWanted, settling: Settling) -> None:
        """Begin with no guild."""
        self._voices = voices
        self._still_wanted = still_wanted
        self._settling = settling
        self._lines: dict[GuildId, Line] = {}
        self._rota: deque[Line] = deque()
        self._timers = Timers()
        self._held: dict[Desk, None] = {}
        self.limits = Limits()

    def line(self, guild_id: GuildId) -> Line:
        """The guild's line, a new one if there is none."""
        line = self._lines.get(guild_id)
        if line is None:
            line = self._lines[guild_id] = Line(guild_id)
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
        """Give a member their place in line, or a timer, or nothing."""
        guild_id, user_id = desk.key
        line = self._lines[guild_id]
        ready = [] if desk.sent is not None else self._ready(line, desk, now)
        line.enter(desk, min((want.standing for want in ready), default=None))
        self._join(line)
        if desk.is_idle:
            line.desks.pop(user_id, None)

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
            request = self._serve(line, now) if line.bucket.free_at(now) <= now else None
            self._join(line)
            if request is not None:
                return request
        return None

    def wake_at(self, now: float) -> float | None:
        """When to ask again though nothing has been told; None is never."""
        next_at = self._timers.next_at
        instants = [math.inf if next_at is None else next_at]
        if self._rota:
            free_at = min(line.bucket.free_at(now) for line in self._rota)
            instants.append(max(free_at, self.limits.free_at(now)))
        if self._held:
            instants.append(max(now, self.limits.opens_at()))
        earliest = min(instants)
        return None if earliest == math.inf else earliest

    def _join(self, line: Line) -> None:
        if not line.in_rota and not line.is_empty:
            line.in_rota = True
            self._rota.append(line)

    def _serve(self, line: Line, now: float) -> Request | None:
        while (first := line.pop()) is not None:
            standing, desk = first
            ready = self._ready(line, desk, now)
            best = min(ready, key=lambda want: want.standing, default=None)
            if best is None:
                if desk.is_idle:
                    line.desks.pop(desk.key[1], None)
            elif best.standing != standing:
                line.enter(desk, best.standing)
            else:
                together = [best] if best.alone else [want for want in ready if not want.alone]
                request = make_request(together)
                desk.send(request)
                line.sent(request, now)
                self.limits.sent(now)
                return request
        return None

    def _ready(self, line: Line, desk: Desk, now: float) -> list[Want]:
        """The wants that may be sent now; the others are noted where they wait."""
        values = desk.values(self._voices.voice_state(*desk.key), now)
        ready = []
        instants = [belief.until for belief in desk.beliefs.values()]
        for want in review(desk, values, now, self._still_wanted, self._settling):
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
