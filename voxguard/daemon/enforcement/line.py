"""One guild's line: its members' desks, who of them is next, and what holds in this guild."""

from collections.abc import Iterable
from functools import partial

from voxguard.daemon.enforcement.allowance import Allowance
from voxguard.daemon.enforcement.buckets import Buckets
from voxguard.daemon.enforcement.desk import Desk
from voxguard.daemon.enforcement.kinds import BucketKey
from voxguard.daemon.enforcement.lane import Lane
from voxguard.daemon.enforcement.refusals import Refusals
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.settling import Settling
from voxguard.daemon.enforcement.wants import Want
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import Answer, Applied, Opened, Refused
from voxguard.ports.enforcement import Budgets

LaneKey = tuple[BucketKey, str | None]
"""A route, and a rule with a budget of its own; "" is the guild's budget, None is none."""


class Line:
    """The wants of one guild that can be served, by what they have to wait for."""

    def __init__(self, guild_id: GuildId, buckets: Buckets, budgets: Budgets) -> None:
        """Begin with nobody in line."""
        self.guild_id = guild_id
        self.desks: dict[UserId, Desk] = {}
        self.refusals = Refusals()
        self.in_rota = False
        self._buckets = buckets
        self._budgets = budgets
        self._lanes: dict[LaneKey, Lane] = {}
        self._whole = Allowance(partial(budgets.guild_budget, guild_id))
        self._of_rules: dict[str, Allowance] = {}

    def desk(self, user_id: UserId) -> Desk:
        """The member's desk, a new one if there is none."""
        desk = self.desks.get(user_id)
        if desk is None:
            desk = self.desks[user_id] = Desk((self.guild_id, user_id))
        return desk

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in line."""
        return not self._lanes

    def enter(self, want: Want, desk: Desk, bucket_key: BucketKey) -> None:
        """Let a want wait for its turn, once."""
        key = bucket_key, self._budget_of(want)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(self._buckets, bucket_key, self._allowances(want))
        if want.lane is not lane:
            lane.push(want, desk)

    def pop(self, now: float) -> tuple[Want, Desk] | None:
        """Take the want out of line that is next of those that may go now."""
        free = [(lane.head, key) for key, lane in self._lanes.items() if lane.free_at(now) <= now]
        if not free:
            return None
        _, key = min(free, key=lambda each: each[0])
        want, desk = self._lanes[key].pop()
        if self._lanes[key].is_empty:
            del self._lanes[key]
        return want, desk

    def free_at(self, now: float) -> float:
        """When somebody may go."""
        return min(lane.free_at(now) for lane in self._lanes.values())

    def tell(self, settling: Settling, now: float) -> None:
        """Say of what waits for a budget that it is deferred."""
        for lane in self._lanes.values():
            lane.tell(settling, now)

    def spend(self, want: Want, now: float) -> bool:
        """Count a want to its budgets, once; False where one of them is used up."""
        allowances = self._allowances(want)
        if any(each.free_at(now) > now for each in allowances):
            return False
        for each in allowances:
            each.take(now)
        want.spent = True
        return True

    def sent(self, wants: Iterable[Want]) -> None:
        """Count what has gone."""
        for want in wants:
            self.refusals.sent(want.kind)

    def answered(self, request: Request, answer: Answer, now: float) -> float | None:
        """Count an answer; the end of the pause that it begins for a kind, if it does."""
        paused_until = None
        for want in request.wants:
            match answer:
                case Applied() | Opened():
                    self.refusals.permitted(want.kind)
                case Refused(status=403) if len(request.wants) == 1:
                    paused_until = self.refusals.forbidden(want.kind, now)
                case _:
                    self.refusals.unsettled(want.kind)
        return paused_until

    def _budget_of(self, want: Want) -> str | None:
        if want.is_release or want.spent:
            return None
        rule = want.decision.rule
        return "" if self._budgets.rule_budget(self.guild_id, rule) is None else rule

    def _allowances(self, want: Want) -> tuple[Allowance, ...]:
        rule = self._budget_of(want)
        if rule is None:
            return ()
        if not rule:
            return (self._whole,)
        own = self._of_rules.get(rule)
        if own is None:
            budget = partial(self._budgets.rule_budget, self.guild_id, rule)
            own = self._of_rules[rule] = Allowance(budget)
        return (self._whole, own)
