from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from voxguard.errors import UsageError
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import PolicySet
from voxguard.scenario import spans
from voxguard.scenario.names import schedules_named
from voxguard.scenario.spans import LONGEST_SPAN, Span, look, spans_json

POLICIES = """
version: 1
guild: {id: "1", timezone: Europe/Berlin}
schedules:
  night: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
"""
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def policy_set() -> PolicySet:
    """One guild with quiet hours in Berlin."""
    loaded = load_sources(Sources({"berlin/guild.yaml": POLICIES.encode()}))
    assert loaded.policy_set is not None, loaded.problems
    return loaded.policy_set


def seen(from_at: datetime, to_at: datetime) -> dict[str, Any]:
    """The only schedule in a span, as JSON values."""
    span = Span.of(from_at, to_at, DAY)
    found = look(schedules_named(policy_set(), None), span, NOW)
    shown: dict[str, Any] = spans_json(found, span, NOW)
    (one,) = shown["schedules"]
    assert isinstance(one, dict)
    return one


def test_intervals_have_instants_and_local_times() -> None:
    """Each interval is given in UTC and on the clocks of the zone, across their change."""
    one = seen(NOW, NOW + DAY)
    assert one == {
        "guild": "1",
        "directory": "berlin",
        "schedule": "night",
        "timezone": "Europe/Berlin",
        "open_now": False,
        "changes_at": "2026-03-28T21:00:00Z",
        "intervals": [
            {
                "from": "2026-03-28T21:00:00Z",
                "to": "2026-03-29T06:00:00Z",
                "from_local": "2026-03-28T22:00:00+01:00",
                "to_local": "2026-03-29T08:00:00+02:00",
            }
        ],
        "open_before": False,
        "open_after": False,
        "truncated": False,
    }


def test_intervals_that_are_cut_by_the_span_say_so() -> None:
    """An interval that began before the span, or goes on after it, is marked."""
    midnight = NOW.replace(hour=0)
    one = seen(midnight, midnight + DAY)
    assert [each["from"] for each in one["intervals"]] == [
        "2026-03-28T00:00:00Z",
        "2026-03-28T21:00:00Z",
    ]
    assert (one["open_before"], one["open_after"]) == (True, True)
    exact = seen(NOW.replace(hour=21), NOW.replace(hour=6) + DAY)
    assert (exact["open_before"], exact["open_after"]) == (False, False)


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """More intervals than anybody reads are left out, and it is said."""
    monkeypatch.setattr(spans, "MOST_INTERVALS", 3)
    one = seen(NOW, NOW + 30 * DAY)
    assert len(one["intervals"]) == 3
    assert one["truncated"]


def test_a_span_has_a_usual_length() -> None:
    """Without an end it is as long as usual."""
    assert Span.of(NOW, None, DAY) == Span(NOW, NOW + DAY)


@pytest.mark.parametrize(
    ("to_at", "message"),
    [
        (NOW, "does not begin before it ends"),
        (NOW - DAY, "does not begin before it ends"),
        (NOW + LONGEST_SPAN + DAY, "longer than"),
        (datetime(2300, 1, 1, tzinfo=UTC), "not between the years"),
    ],
)
def test_a_span_that_is_none_is_refused(to_at: datetime, message: str) -> None:
    """A span ends after it begins, and is not longer than can be looked through."""
    with pytest.raises(UsageError, match=message):
        Span.of(NOW, to_at, DAY)


def test_the_present_is_shown_beside_the_span() -> None:
    """The instants that were asked for, and the one at which it was asked."""
    span = Span.of(NOW, None, DAY)
    shown = spans_json([], span, NOW)
    assert shown == {
        "from": "2026-03-28T12:00:00Z",
        "to": "2026-03-29T12:00:00Z",
        "now": "2026-03-28T12:00:00Z",
        "schedules": [],
    }
