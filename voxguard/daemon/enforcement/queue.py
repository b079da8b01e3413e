"""The queue in front of Discord: a pure function of what it is told and when."""

from collections.abc import Callable, Iterable, Sequence

from voxguard.daemon.enforcement.answers import take_answer
from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.roster import Roster
from voxguard.daemon.enforcement.settling import Settled, Settling, supersede
from voxguard.daemon.enforcement.storms import Storms
from voxguard.daemon.enforcement.wants import Field, Kind, Request, make_want
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import (
    Answer,
    Applied,
    NotConnected,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)
from voxguard.ports.enforcement import EnforcementStats, StillWanted, Voices
from voxguard.ports.outbox import UnfinishedDecision

MOMENTARY = (Effect.DISCONNECT, Effect.MOVE)


class Queue:
    """Orders, coalesces and paces edits; it sends nothing and reads no clock.

    Instants are seconds of a steady clock that never goes back. Whoever drives it sends
    what `next_ready` gives until that is None, brings each answer to `answered`, and asks
    again after every call and at `wake_at`. Outcomes wait in `take_settled`. Once
    `token_refused`, nothing is ready any more.
    """

    def __init__(
        self,
        voices: Voices,
        *,
        still_wanted: StillWanted,
        random: Callable[[], float],
        stats: EnforcementStats,
    ) -> None:
        """Begin with nothing wanted; `random` gives numbers from 0 to 1."""
        self._voices = voices
        self._random = random
        self._stats = stats
        self._settling = Settling(stats)
        self._roster = Roster(voices, still_wanted, self._settling)
        self._storms = Storms()
        self._turn = 0
        self.token_refused = False

    def take_settled(self) -> list[Settled]:
        """Outcomes since the last time, in order."""
        return self._settling.take()

    def count(self) -> None:
        """Bring the stats that are levels up to date."""
        wants = [
            want
            for line in self._roster.lines
            for desk in line.desks.values()
            for want in desk.wants.values()
        ]
        self._stats.waiting = len(wants)
        self._stats.pending = sum(want.told is Outcome.PENDING for want in wants)
        self._stats.kinds_paused = sum(line.refusals.paused_count for line in self._roster.lines)

    def submit(self, decisions: Sequence[Decision], now: float) -> None:
        """Want what was decided from now on, in place of what was wanted before."""
        self._stats.submitted += len(decisions)
        desks = dict.fromkeys(self._want(decision, now) for decision in decisions)
        self._roster.look_at(desks, now)

    def restore(self, unfinished: Iterable[UnfinishedDecision], now: float) -> None:
        """Want what an earlier process did not finish; what may have happened is `unknown`."""
        desks: dict[Desk, None] = {}
        for each in unfinished:
            if each.decision.effect not in MOMENTARY:
                desks[self._want(each.decision, now, told=each.outcome)] = None
            elif each.outcome is None:
                self._settling.unknown(each.decision)
            else:
                self._settling.superseded(each.decision)
        self._roster.look_at(desks, now)

    def reported(self, guild_id: GuildId, user_id: UserId, now: float) -> None:
        """A voice state of the member has arrived."""
        desk = self._roster.known_desk(guild_id, user_id)
        if desk is not None:
            desk.reported(self._voices.voice_state(guild_id, user_id), now)
            self._roster.look(desk, now)

    def guild_appeared(self, guild_id: GuildId, now: float) -> None:
        """Voice states of the whole guild have arrived, and its permissions."""
        line = self._roster.known_line(guild_id)
        if line is not None:
            for user_id in list(line.desks):
                self.reported(guild_id, user_id, now)
            self.guild_changed(guild_id, now)

    def guild_changed(self, guild_id: GuildId, now: float) -> None:
        """What Discord refused in the guild may be permitted now."""
        line = self._roster.known_line(guild_id)
        if line is not None:
            line.refusals.changed()
            for kind in Kind:
                self._roster.look_at_waiting(line, kind, now)

    def member_removed(self, guild_id: GuildId, user_id: UserId, now: float) -> None:
        """Nothing is wanted any more of who is no member."""
        desk = self._roster.known_desk(guild_id, user_id)
        if desk is not None:
            for want in desk.wants.values():
                self._settling.superseded(want.decision)
            desk.wants.clear()
            desk.beliefs.clear()
            desk.removed = True
            self._roster.look(desk, now)

    def next_ready(self, now: float) -> Request | None:
        """The request that is to go now, if there is one; it counts as sent."""
        if self.token_refused:
            return None
        request = self._roster.next_ready(now)
        if request is not None:
            self._stats.requests += 1
            self._stats.in_flight += 1
        return request

    def wake_at(self, now: float) -> float | None:
        """When to ask again though nothing has been told; None is never."""
        return None if self.token_refused else self._roster.wake_at(now)

    def answered(self, request: Request, answer: Answer, now: float) -> None:
        """An answer has come to a request that `next_ready` gave."""
        line = self._roster.line(request.guild_id)
        self._roster.limits.answered(now, invalid=self._count(answer))
        paused_until = line.answered(request, answer, now)
        self._draw_limits(request, answer, now)
        desk = line.desks[request.user_id]
        take_answer(desk, request, answer, now, self._settling, self._random)
        self._roster.look(desk, now)
        for kind in dict.fromkeys(want.kind for want in request.wants):
            if paused_until is not None:
                self._roster.look_at_waiting_at(paused_until, line, kind)
            self._roster.look_at_waiting(line, kind, now)

    def _draw_limits(self, request: Request, answer: Answer, now: float) -> None:
        match answer:
            case Applied():
                for want in request.wants:
                    if want.storm_key is not None:
                        self._storms.disconnected(want.storm_key, now)
            case RateLimited(retry_after_seconds=seconds, scope=Scope.GLOBAL):
                self._roster.limits.pause(now + seconds)
            case RateLimited(retry_after_seconds=seconds):
                self._roster.line(request.guild_id).bucket.close(now + seconds)
            case Refused(status=401):
                self.token_refused = True
            case _:
                pass

    def _count(self, answer: Answer) -> bool:
        """Count an answer by its sort; whether it is one of those that lead to a ban."""
        stats = self._stats
        stats.in_flight -= 1
        invalid = False
        match answer:
            case Applied():
                pass
            case Refused(status=status):
                stats.refused += 1
                invalid = status in (401, 403)
            case NotConnected():
                stats.not_connected += 1
            case RateLimited(scope=scope):
                invalid = True
                stats.rate_limited_user += scope is Scope.USER
                stats.rate_limited_global += scope is Scope.GLOBAL
                stats.rate_limited_shared += scope is Scope.SHARED
            case Unreachable():
                stats.unreachable += 1
        stats.invalid += invalid
        return invalid

    def _want(self, decision: Decision, now: float, told: Outcome | None = None) -> Desk:
        desk = self._roster.line(decision.guild_id).desk(decision.user_id)
        if decision.channel_id is not None:
            # Whoever has come back within moments is not where an earlier request puts them.
            desk.beliefs.pop(Field.PLACE, None)
            desk.echoed.add(Field.PLACE)
            desk.left = True
        self._turn += 1
        try:
            want = make_want(decision, self._turn)
        except ValueError as error:
            self._settling.failed(decision, str(error))
            return desk
        want.told = told
        if want.storm_key is not None:
            want.not_before = now + self._storms.delay(want.storm_key, now)
        older = desk.wants.get(want.field)
        if older is not None:
            supersede(older, want, self._settling)
        desk.wants[want.field] = want
        return desk
