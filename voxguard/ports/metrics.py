"""Numbers for monitoring, as whoever serves them may ask for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MetricKind(StrEnum):
    """A counter only grows, and begins at 0 with the process; a gauge is how it is now."""

    COUNTER = "counter"
    GAUGE = "gauge"


Sample = tuple[tuple[str, ...], float]
"""The values of the labels, in their order, and the number."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with all its samples. The name of a counter ends in `_total`."""

    name: str
    kind: MetricKind
    help: str
    labels: tuple[str, ...]
    samples: tuple[Sample, ...]


class MetricsSource(Protocol):
    """Whoever has numbers."""

    def metrics(self) -> Iterable[Metric]:
        """How they are now; answered at once."""
        ...
