"""A recorded trace through a policy set: what would have been decided, and when."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.decisions import Decision
from voxguard.model.ids import GuildId
from voxguard.model.instants import instant_text
from voxguard.scenario.trace import Moment


class Simulation:
    """The engine on the clock of a trace, and the sums of what it decided.

    `at` is the instant up to which it has got. Memory does not grow with the length of the
    trace. It ends with the trace: what falls due after the last line is not decided.
    """

    def __init__(self, index: RuleIndex) -> None:
        self.engine = Engine(index)
        self.events = 0
        self.at: datetime | None = None
        self.by_rule: Counter[str] = Counter()
        self.by_effect: Counter[str] = Counter()
        self.by_guild: Counter[GuildId] = Counter()
        self.by_mode: Counter[str] = Counter()

    @property
    def decisions(self) -> int:
        """How many decisions there have been."""
        return self.by_effect.total()

    def run(self, moments: Iterable[Moment]) -> Iterator[Decision]:
        """The decisions in order, each at the instant at which it falls due."""
        engine = self.engine
        for moment in moments:
            # Step by step, so that a long pause in the trace is not gathered in memory.
            while (wake_at := engine.wake_at) is not None and wake_at < moment.at:
                self.at = wake_at
                yield from self._counted(engine.step((), wake_at).decisions)
            self.events += moment.count
            self.at = moment.at
            yield from self._counted(engine.step(moment.events, moment.at).decisions)

    def _counted(self, decisions: Iterable[Decision]) -> Iterator[Decision]:
        for decision in decisions:
            self.by_rule[decision.rule] += 1
            self.by_effect[decision.effect] += 1
            self.by_guild[decision.guild_id] += 1
            self.by_mode[decision.mode] += 1
            yield decision

    def summary(self) -> dict[str, object]:
        """The sums as JSON values, sorted by name."""
        return {
            "events": self.events,
            "decisions": self.decisions,
            "by_rule": dict(sorted(self.by_rule.items())),
            "by_effect": {str(effect): n for effect, n in sorted(self.by_effect.items())},
        }


def as_json(decision: Decision) -> dict[str, object]:
    """A decision as JSON values."""
    channel_id = decision.channel_id
    return {
        "at": instant_text(decision.decided_at),
        "guild": str(decision.guild_id),
        "member": str(decision.user_id),
        "channel": None if channel_id is None else str(channel_id),
        "rule": decision.rule,
        "effect": str(decision.effect),
        "params": dict(decision.params),
        "mode": str(decision.mode),
    }
