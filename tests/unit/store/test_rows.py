from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.store.records import decision, visit
from voxguard.store.rows import Rows, action_row, from_micros, to_micros, visit_row


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_are_kept_to_the_microsecond(instant: datetime) -> None:
    """What comes back is the instant that was recorded, in any century."""
    assert from_micros(to_micros(instant)) == instant


def test_instants_of_other_zones_are_the_same_instants() -> None:
    """An offset changes how an instant is written, not which it is."""
    moscow = datetime(2026, 3, 2, 15, tzinfo=timezone(timedelta(hours=3)))
    assert from_micros(to_micros(moscow)) == datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(st.integers(0, 9), st.integers(0, 9))
def test_halving_ends_with_single_rows_and_loses_none(actions: int, visits: int) -> None:
    """Whatever the mixture, dividing again and again finds every row."""
    rows = Rows(
        tuple(action_row(decision(number), "r", 1) for number in range(actions)),
        tuple(visit_row(visit(number + 100), "r", 1) for number in range(visits)),
    )
    found, parts = set(), [rows]
    while parts:
        part = parts.pop()
        if len(part) > 1:
            parts += part.halves()
        elif part:
            found.add(part.key)
    assert len(found) == actions + visits
