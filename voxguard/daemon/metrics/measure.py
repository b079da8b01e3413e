"""What a measure is: a metric that knows how to be read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from voxguard.daemon.insight import Insight
from voxguard.ports.metrics import Metric, MetricKind, Sample

COUNTER: Final = MetricKind.COUNTER
GAUGE: Final = MetricKind.GAUGE

Read = Callable[[Insight], Iterable[Sample]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of the list; `help` is a sentence for people."""

    name: str
    kind: MetricKind
    help: str
    read: Read
    labels: tuple[str, ...] = ()

    def of(self, insight: Insight) -> Metric:
        """The metric as it is now."""
        samples = tuple(self.read(insight))
        return Metric(self.name, self.kind, self.help, self.labels, samples)


def one(read: Callable[[Insight], float]) -> Read:
    """A metric without labels: one number."""
    return lambda insight: (((), float(read(insight))),)
