from collections.abc import Iterable

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from voxguard.ports.metrics import Metric, MetricKind
from voxguard.web.metrics import Exposition


class Source:
    """Two metrics, of which one has a label that needs escaping."""

    def metrics(self) -> Iterable[Metric]:
        """Both kinds."""
        rules = ((('a "b"\n\\',), 2.0), (("c",), 3.0))
        yield Metric("made_total", MetricKind.COUNTER, "Made.", ("rule",), rules)
        yield Metric("level", MetricKind.GAUGE, "How high.", (), (((), 0.5),))
        yield Metric("nothing", MetricKind.GAUGE, "Not there.", ("guild",), ())


def test_what_is_exposed_can_be_read_back() -> None:
    """By the library's own parser, with types, help and labels."""
    families = {
        family.name: family
        for family in text_string_to_metric_families(Exposition(Source()).text().decode())
    }
    made = families["made"]
    assert (made.type, made.documentation) == ("counter", "Made.")
    assert {sample.labels["rule"]: sample.value for sample in made.samples} == {
        'a "b"\n\\': 2.0,
        "c": 3.0,
    }
    assert families["level"].type == "gauge"
    assert families["nothing"].samples == []
    assert "process_resident_memory_bytes" in families


def test_nothing_of_the_whole_process_is_touched() -> None:
    """Two daemons in one process, as in tests, do not meet in a registry."""
    before = {family.name for family in REGISTRY.collect()}
    first, second = Exposition(Source()), Exposition(Source())
    assert b"made_total" in first.text()
    assert b"made_total" in second.text()
    assert {family.name for family in REGISTRY.collect()} == before
