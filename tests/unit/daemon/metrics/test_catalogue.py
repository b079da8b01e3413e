import re

from prometheus_client.parser import text_string_to_metric_families

from tests.support.stage import GUILD
from tests.unit.daemon.looked_at import at_work
from tests.unit.daemon.parts import until
from voxguard.daemon.metrics.catalogue import CATALOGUE, DaemonMetrics
from voxguard.ports.discord import RateLimited, Scope
from voxguard.ports.metrics import MetricKind
from voxguard.web.metrics import Exposition

Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(exposition: Exposition) -> Numbers:
    """Everything that is exposed, by name and labels, as Prometheus reads it."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(exposition.text().decode())
        for sample in family.samples
    }


def number(numbers: Numbers, name: str, **labels: str) -> float:
    """One of them."""
    return numbers[f"voxguard_{name}", frozenset(labels.items())]


async def test_numbers_are_what_has_happened() -> None:
    """Decisions, outcomes, leases, fuses and requests, as of the moment of asking."""
    async with at_work() as each:
        exposition = Exposition(DaemonMetrics(each.insight()))
        before = read(exposition)
        assert number(before, "requests_total") == 0
        each.enter(3)
        await each.settled()
        each.core.dispatch("RESUMED", {})
        after = read(exposition)
    sort = {"rule": "quiet", "effect": "mute"}
    assert number(after, "decisions_total", **sort, mode="enforce") == 2
    assert number(after, "decisions_total", **sort, mode="observe") == 1
    assert number(after, "outcomes_total", **sort, mode="enforce", outcome="applied") == 2
    assert number(after, "outcomes_total", **sort, mode="observe", outcome="fused") == 1
    assert number(after, "members_connected", guild=str(GUILD)) == 3
    assert number(after, "leases", guild=str(GUILD), effect="mute") == 2
    assert number(after, "fuse_blown", guild=str(GUILD), rule="quiet") == 1
    assert number(after, "requests_total") == 2
    assert number(after, "gateway_sessions_total", how="resumed") == 1
    assert number(after, "ready") == 1
    assert number(after, "reconciliation_drift_total", kind="gone") == 0
    assert number(after, "policy_revision_info", revision=each.index.revision[:12]) == 1
    assert number(after, "policy_loads_total", result="loaded") == 1


async def test_rate_limits_are_counted_by_scope() -> None:
    """And eat the budget of answers that lead to a ban."""
    async with at_work() as each:
        each.actor.answer = RateLimited(retry_after_seconds=60, scope=Scope.SHARED)
        each.enter(1)
        await until(lambda: each.core.enforcement.stats.rate_limited_shared)
        numbers = read(Exposition(DaemonMetrics(each.insight())))
    assert number(numbers, "requests_rate_limited_total", scope="shared") == 1
    assert number(numbers, "requests_rate_limited_total", scope="user") == 0
    assert number(numbers, "invalid_budget_left") == 999
    assert number(numbers, "queue_decisions", state="waiting") == 1


def test_names_are_as_prometheus_wants_them() -> None:
    """Each once, a counter and only a counter with _total, with a sentence of help."""
    names = [measure.name for measure in CATALOGUE]
    assert len(set(names)) == len(names)
    for measure in CATALOGUE:
        assert re.fullmatch(r"voxguard_[a-z_]+", measure.name)
        assert measure.name.endswith("_total") is (measure.kind is MetricKind.COUNTER)
        assert measure.help.endswith(".")
