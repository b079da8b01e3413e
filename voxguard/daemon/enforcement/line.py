"""One guild's line: its members' desks, who of them is next, and what holds in this guild."""

import heapq

from voxguard.daemon.enforcement.bucket import Bucket
from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.refusals import Refusals
from voxguard.daemon.enforcement.wants import Request, Standing
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import Answer, Applied, Refused

# Those who got in line again at another place are met a second time, and passed over.
Entry = tuple[Standing, UserId]


class Line:
    """The members of one guild who can be served, the soonest first."""

    def __init__(self, guild_id: GuildId) -> None:
        """Begin with nobody in line."""
        self.guild_id = guild_id
        self.desks: dict[UserId, Desk] = {}
        self.bucket = Bucket()
        self.refusals = Refusals()
        self.in_rota = False
        self._heap: list[Entry] = []

    def desk(self, user_id: UserId) -> Desk:
        """The member's desk, a new one if there is none."""
        desk = self.desks.get(user_id)
        if desk is None:
            desk = self.desks[user_id] = Desk((self.guild_id, user_id))
        return desk

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in line."""
        return not self._heap

    def enter(self, desk: Desk, standing: Standing | None) -> None:
        """Give a member this place in line, or none."""
        if desk.queued == standing:
            return
        desk.queued = standing
        if standing is not None:
            heapq.heappush(self._heap, (standing, desk.key[1]))

    def pop(self) -> tuple[Standing, Desk] | None:
        """Take whoever is next out of line."""
        while self._heap:
            standing, user_id = heapq.heappop(self._heap)
            desk = self.desks.get(user_id)
            if desk is not None and desk.queued == standing:
                desk.queued = None
                return standing, desk
        return None

    def sent(self, request: Request, now: float) -> None:
        """Count a request that has gone."""
        self.bucket.sent(now)
        for want in request.wants:
            self.refusals.sent(want.kind)

    def answered(self, request: Request, answer: Answer, now: float) -> float | None:
        """Count an answer; the end of the pause that it begins for a kind, if it does."""
        self.bucket.answered(answer.rate_limit, now)
        paused_until = None
        for want in request.wants:
            match answer:
                case Applied():
                    self.refusals.permitted(want.kind)
                case Refused(status=403) if len(request.wants) == 1:
                    paused_until = self.refusals.forbidden(want.kind, now)
                case _:
                    self.refusals.unsettled(want.kind)
        return paused_until
