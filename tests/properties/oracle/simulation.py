"""A trace through a policy set, by looking at everything at every instant that may matter."""

import heapq
from collections.abc import Iterable
from typing import Any

from tests.properties.oracle.clock import created_at, instant_text, midnights, parse_instant
from tests.properties.oracle.conditions import World, is_used, to_use
from tests.properties.oracle.deciding import Decision, Round, end_leases
from tests.properties.oracle.documents import Files, Policy, load
from tests.properties.oracle.events import apply, guild_of, settle
from tests.properties.oracle.facts import Guild, Member
from tests.properties.oracle.holding import look
from tests.properties.oracle.schedules import edges

Doc = dict[str, Any]


def simulate(files: Files, trace: list[Doc], more: Iterable[int] = ()) -> list[Doc]:
    """The decisions as `voxguard simulate --format json` prints them, without the summary.

    `more` are instants at which to look as well. They change nothing.
    """
    if not trace:
        return []
    instants = [parse_instant(line["at"]) for line in trace]
    found = []
    for policy in load(files):
        found += _Clock(policy, instants[0], instants[-1], more).run(
            (at, line) for at, line in zip(instants, trace, strict=True)
        )
    # Within an instant of a guild they are in order already.
    found.sort(key=lambda entry: entry[:2])
    return [decision for _, _, decision in found]


class _Clock:
    """One guild through the trace."""

    def __init__(self, policy: Policy, first: int, last: int, more: Iterable[int]) -> None:
        self.policy, self.last = policy, last
        self.now = first - 1
        self.guild = Guild(policy.id)
        self.found: list[tuple[int, int, Doc]] = []
        self.due: list[int] = [*more, *midnights(first, last, policy.zone)]
        for entries in policy.lists.values():
            self.due += [entry.until for entry in entries if entry.until is not None]
        for schedule in policy.schedules.values():
            self.due += edges(schedule, policy.zone, first, last)
        heapq.heapify(self.due)

    def run(self, lines: Iterable[tuple[int, Doc]]) -> list[tuple[int, int, Doc]]:
        """Take every instant of the trace, and those between that are due."""
        together: dict[int, list[Doc]] = {}
        for at, line in lines:
            together.setdefault(at, []).append(line)
        for at, happening in together.items():
            self._until(at)
            for line in happening:
                self._apply(line, at)
            for member in self.guild.members.values():
                settle(member, at)
            self._decide(at, changed=True)
        return self.found

    def _apply(self, line: Doc, at: int) -> None:
        payload = line.get("d")
        if isinstance(payload, dict) and guild_of(line["t"], payload) == self.guild.id:
            apply(self.guild, line["t"], payload, at)

    def _until(self, end: int) -> None:
        """Decide whatever is due before an instant."""
        while self.due and self.due[0] < end:
            at = heapq.heappop(self.due)
            if at > self.now:
                self._decide(at, changed=False)

    def _decide(self, now: int, *, changed: bool) -> None:
        """Decide everybody, and note when to look again."""
        self.now = now
        world = World(self.policy, self.guild, now)
        for member in sorted(self.guild.members.values(), key=lambda each: each.id):
            changed = self._decide_member(world, member) or changed
            self._look_at_quotas(world, member)
        if changed:
            # Whatever began now may be over, or long enough, after any duration of the set.
            self._look_at(now, (now + span for span in self.policy.spans))
            for member in self.guild.members.values():
                births = (created_at(member.id), member.joined_at)
                for birth in births:
                    if birth is not None:
                        self._look_at(now, (birth + span for span in self.policy.spans))

    def _look_at(self, now: int, instants: Iterable[int]) -> None:
        for at in instants:
            if now < at <= self.last:
                heapq.heappush(self.due, at)

    def _look_at_quotas(self, world: World, member: Member) -> None:
        """Look again when time that is being used may be used up."""
        for rule in self.policy.rules:
            for when in (rule.when, rule.unless.get("when", {})):
                if "time_used" in when and is_used(world, rule, when["time_used"], member):
                    missing = to_use(world, rule, when["time_used"], member)
                    self._look_at(world.now, [world.now + missing])

    def _decide_member(self, world: World, member: Member) -> bool:
        """Decide a member round by round; whether anything changed."""
        begun: set[str] = set()
        gone = [lease for lease in member.leases if lease.left]
        self._note(world, member, None, end_leases(world, member, gone, member.on))
        changed = bool(gone)
        while True:
            leases = [(lease, lease.held_until) for lease in member.leases]
            changed = look(world, member, begun) or changed
            decisions = Round(world, member).decide()
            self._note(world, member, member.channel, decisions)
            after = [(lease, lease.held_until) for lease in member.leases]
            changed = changed or bool(decisions) or leases != after
            if not decisions:
                return changed

    def _note(
        self, world: World, member: Member, channel: int | None, decisions: list[Decision]
    ) -> None:
        for decision in decisions:
            shown = {
                "at": instant_text(world.now),
                "guild": str(self.guild.id),
                "member": str(member.id),
                "channel": None if channel is None else str(channel),
                "rule": decision.rule,
                "effect": decision.effect,
                "params": decision.params,
                "mode": decision.mode,
            }
            self.found.append((world.now, self.guild.id, shown))
