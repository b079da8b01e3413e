"""`/metrics`: numbers in the text format of Prometheus.

Source: Prometheus, "Exposition formats".
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from voxguard.ports.metrics import Metric as Measured
from voxguard.ports.metrics import MetricKind, MetricsSource

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""Our names need nothing newer, and every server understands it."""


class Exposition:
    """The numbers of one source and of the process, read whenever somebody asks.

    The registry is its own: the one that the library keeps for the process holds whatever any
    other library has put there.
    """

    def __init__(self, source: MetricsSource) -> None:
        """Read from this source."""
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Collector(source))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All of it as it is now."""
        return generate_latest(self._registry)


class _Collector(Collector):
    def __init__(self, source: MetricsSource) -> None:
        self._source = source

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: the names are asked for with the numbers."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every metric with its samples."""
        for measured in self._source.metrics():
            family = _family(measured)
            for values, number in measured.samples:
                family.add_metric(values, number)
            yield family


def _family(measured: Measured) -> CounterMetricFamily | GaugeMetricFamily:
    match measured.kind:
        case MetricKind.COUNTER:
            return CounterMetricFamily(measured.name, measured.help, labels=measured.labels)
        case MetricKind.GAUGE:
            return GaugeMetricFamily(measured.name, measured.help, labels=measured.labels)
