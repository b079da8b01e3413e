"""The queue in front of Discord: a pure function of what it is told and when."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from voxguard.daemon.enforcement.answers import Clerk
from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.kinds import Field, Kind
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.roster import Roster
from voxguard.daemon.enforcement.settling import Settled, Settling, supersede, undoes
from voxguard.daemon.enforcement.storms import Storms
from voxguard.daemon.enforcement.tally import count_answer, count_levels
from voxguard.daemon.enforcement.wants import PLACEMENTS, Want, is_momentary, make_want
from voxguard.daemon.enforcement.yielding import by_hand, yield_releases
from voxguard.model.decisions import Decision
from voxguard.model.events import Echo
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import Answer, Applied, RateLimited, Refused, Scope
from voxguard.ports.enforcement import EnforcementStats, Knowledge
from voxguard.ports.outbox import UnfinishedDecision


class Queue:
    """Orders, coalesces and paces edits; it sends nothing and reads no clock.

    Instants are seconds of a steady clock that never goes back. Whoever drives it sends
    what `next_ready` gives until that is None, brings each answer to `answered`, and asks
    again after every call and at `wake_at`. Outcomes wait in `take_settled`. Once
    `token_refused`, nothing is ready any more.
    """

    def __init__(
        self, knowledge: Knowledge, *, random: Callable[[], float], stats: EnforcementStats
    ) -> None:
        """Begin with nothing wanted; `random` gives numbers from 0 to 1."""
        self._knowledge = knowledge
        self._stats = stats
        self._settling = Settling(stats)
        self._roster = Roster(knowledge, self._settling)
        self._clerk = Clerk(self._settling, self._roster.requests.direct, random)
        self._storms = Storms()
        self._turn = 0
        self.token_refused = False

    def take_settled(self) -> list[Settled]:
        """Outcomes since the last time, in order."""
        return self._settling.take()

    def count(self, now: float) -> None:
        """Bring the stats that are levels up to date."""
        count_levels(self._stats, self._roster.lines, self._roster.limits, now)

    def submit(self, decisions: Sequence[Decision], now: float, at: datetime) -> None:
        """Want what was decided from now on, in place of what was wanted before.

        `at` is the present instant on the clock of decisions.
        """
        self._stats.submitted += len(decisions)
        desks = dict.fromkeys(self._want(decision, now, at) for decision in decisions)
        self._roster.look_at(desks, now)

    def restore(self, unfinished: Iterable[UnfinishedDecision], now: float, at: datetime) -> None:
        """Want what an earlier process did not finish; what may have happened is `unknown`.

        Nothing is sent before its guild has appeared.
        """
        desks: dict[Desk, None] = {}
        for each in unfinished:
            if not is_momentary(each.decision) or _was_never_sent(each):
                desks[self._want(each.decision, now, at, restored=each)] = None
            elif each.outcome is None:
                self._settling.unknown(each.decision)
            else:
                self._settling.superseded(each.decision)
        self._roster.look_at(desks, now)

    def reported(self, guild_id: GuildId, user_id: UserId, now: float) -> None:
        """A voice state of the member has arrived."""
        desk = self._roster.known_desk(guild_id, user_id)
        if desk is not None:
            state = self._knowledge.voices.voice_state(guild_id, user_id)
            desk.reported(state, now, self._knowledge.expects)
            self._roster.look(desk, now)

    def guild_appeared(self, guild_id: GuildId, now: float) -> None:
        """Voice states of the whole guild have arrived, and its permissions."""
        line = self._roster.known_line(guild_id)
        if line is not None:
            for user_id, desk in list(line.desks.items()):
                for want in desk.wants.values():
                    want.unseen = False
                self.reported(guild_id, user_id, now)
            self.guild_changed(guild_id, now)

    def guild_changed(self, guild_id: GuildId, now: float) -> None:
        """What Discord refused in the guild may be permitted now."""
        line = self._roster.known_line(guild_id)
        if line is not None:
            line.refusals.changed()
            for kind in Kind:
                self._roster.look_at_waiting(line, kind, now)
                if (paused_until := line.refusals.paused_until(kind)) is not None:
                    self._roster.look_at_waiting_at(paused_until, line, kind)
            self._roster.look_at([desk for desk in line.desks.values() if desk.retry(now)], now)

    def done_by_hand(
        self, guild_id: GuildId, user_id: UserId, changes: Collection[Echo], now: float
    ) -> None:
        """Somebody else has done what releases that wait were to undo."""
        desk = self._roster.known_desk(guild_id, user_id)
        if desk is not None:
            yield_releases(desk, changes, self._settling)
            self._roster.look(desk, now)

    def member_removed(self, guild_id: GuildId, user_id: UserId, now: float) -> None:
        """Nothing is wanted any more of who is no member."""
        desk = self._roster.known_desk(guild_id, user_id)
        if desk is not None:
            for want in list(desk.wants.values()):
                if not want.outlasts_membership:
                    self._settling.superseded(want.decision)
                    del desk.wants[want.slot]
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
        self._roster.limits.answered(now, invalid=count_answer(self._stats, answer))
        buckets = self._roster.requests.buckets
        buckets.answered(request.bucket_key, request.bucket, answer.rate_limit, now)
        paused_until = line.answered(request, answer, now)
        self._draw_limits(request, answer, now)
        desk = line.desks[request.user_id]
        self._clerk.take_answer(desk, request, answer, now)
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
                self._roster.requests.buckets.of(request.bucket_key).close(now + seconds)
            case Refused(status=401):
                self.token_refused = True
            case _:
                pass

    def _want(
        self,
        decision: Decision,
        now: float,
        at: datetime,
        restored: UnfinishedDecision | None = None,
    ) -> Desk:
        desk = self._roster.line(decision.guild_id).desk(decision.user_id)
        if "undone" in decision.details and not by_hand(desk, decision, self._settling):
            return desk
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
        if restored is not None:
            want.restored = want.unseen = True
            want.told = restored.outcome
        if want.storm_key is not None:
            want.not_before = now + self._storms.delay(want.storm_key, now)
        if isinstance(want.value, datetime):
            want.until = now + (want.value - at).total_seconds()
        self._place(desk, want)
        return desk

    def _place(self, desk: Desk, want: Want) -> None:
        """Put a want on the desk in place of an older one of the same."""
        older = desk.wants.pop(want.slot, None)
        if older is not None:
            supersede(older, want, self._settling)
            if undoes(want, older) and not desk.is_asked(want.slot):
                self._settling.needless(want)
                return
        desk.wants[want.slot] = want
        desk.yielded.discard(want.slot)


def _was_never_sent(unfinished: UnfinishedDecision) -> bool:
    """Whether it is still due; a placement of an earlier process is decided anew instead."""
    is_placement = unfinished.decision.effect in PLACEMENTS
    return unfinished.outcome is not None and not is_placement
