"""Instants as text."""

from datetime import UTC, datetime

from voxguard.model.instants import instant_text


def test_instants_have_a_fraction_only_when_it_is_not_zero() -> None:
    """Instants are in UTC with Z."""
    at = datetime(2026, 3, 1, 19, tzinfo=UTC)
    assert instant_text(at) == "2026-03-01T19:00:00Z"
    assert instant_text(at.replace(microsecond=5_000)) == "2026-03-01T19:00:00.005000Z"
