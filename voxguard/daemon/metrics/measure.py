"""What a measure is: a metric that knows how to be read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from voxguard.daemon.fuse_states import FuseState, fuse_states
from voxguard.daemon.guild_counts import GuildCounts, count_guild
from voxguard.daemon.insight import Insight
from voxguard.model.ids import GuildId
from voxguard.ports.enforcement import EnforcementStats
from voxguard.ports.health import Health
from voxguard.ports.metrics import Metric, MetricKind, Sample

COUNTER: Final = MetricKind.COUNTER
GAUGE: Final = MetricKind.GAUGE


class Look:
    """The daemon at one moment: what has to be counted is counted once for all metrics."""

    def __init__(self, insight: Insight) -> None:
        """Look at these parts."""
        self.insight = insight

    @cached_property
    def stats(self) -> EnforcementStats:
        """The queue."""
        return self.insight.core.enforcement.stats

    @cached_property
    def health(self) -> Health:
        """What the probes say."""
        return self.insight.vitals.health()

    @cached_property
    def guilds(self) -> list[tuple[GuildId, GuildCounts]]:
        """Who is where."""
        return [(guild.id, count_guild(guild)) for guild in self.insight.engine.guilds]

    @cached_property
    def fuses(self) -> list[FuseState]:
        """The fuses that say something."""
        return fuse_states(self.insight.engine, self.insight.now())


Read = Callable[[Look], Iterable[Sample]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of the list; `help` is a sentence for people."""

    name: str
    kind: MetricKind
    help: str
    read: Read
    labels: tuple[str, ...] = ()

    def of(self, look: Look) -> Metric:
        """The metric as it is now."""
        return Metric(self.name, self.kind, self.help, self.labels, tuple(self.read(look)))


def one(read: Callable[[Look], float]) -> Read:
    """A metric without labels: one number."""
    return lambda look: (((), float(read(look))),)
