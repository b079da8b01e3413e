"""`timeout: 10m`: communication disabled, at most for 28 days."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import SEVERITY, TIMEOUT
from voxguard.policy.effects.timeout import Timeout
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]


def test_it_happens_once_and_has_a_slot(
    load_rule: LoadRule, facts: Callable[..., SimpleNamespace]
) -> None:
    """Whoever is in voice is not timed out, so that there is always something to do."""
    rule = load_rule("{then: {timeout: 1m30s}}")
    (want,) = rule.wants
    assert want == Timeout(timedelta(seconds=90))
    assert (want.effect, want.release, want.slot) == (Effect.TIMEOUT, None, TIMEOUT)
    assert (want.held, want.canonical(), want.params) == (False, 90, {"seconds": 90})
    assert not want.is_done(facts())
    assert rule.severity == SEVERITY.index(Effect.TIMEOUT)


@pytest.mark.parametrize("length", ["28d", "27d23h59m59s", "1s"])
def test_as_long_as_discord_takes(load_rule: LoadRule, length: str) -> None:
    """Exactly the longest, a second less, and the shortest."""
    (want,) = load_rule(f"{{then: {{timeout: {length}}}}}").wants
    assert 0 < int(str(want.params["seconds"])) <= 28 * 86_400


@pytest.mark.parametrize("length", ["28d1s", "29d", "1000d"])
def test_no_longer_than_discord_takes(problems_of: Callable[..., list[str]], length: str) -> None:
    """A second more is refused."""
    (found,) = problems_of(f"rules: {{one: {{then: {{timeout: {length}}}}}}}\n")
    assert "VG012 A timeout lasts at most 28 days." in found
