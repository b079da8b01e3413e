"""Every measure; whoever adds one writes its row in docs/metrics.md."""

from collections.abc import Iterator
from typing import Final

from voxguard.daemon.insight import Insight
from voxguard.daemon.metrics import decisions, discord, enforcement, running
from voxguard.daemon.metrics.measure import Look, Measure
from voxguard.ports.metrics import Metric

CATALOGUE: Final[tuple[Measure, ...]] = (
    *running.MEASURES,
    *decisions.MEASURES,
    *enforcement.MEASURES,
    *discord.MEASURES,
)


class DaemonMetrics:
    """The numbers of one daemon; see `ports.metrics.MetricsSource`."""

    def __init__(self, insight: Insight) -> None:
        """Look at these parts."""
        self._insight = insight

    def metrics(self) -> Iterator[Metric]:
        """How they are now."""
        look = Look(self._insight)
        return (measure.of(look) for measure in CATALOGUE)
