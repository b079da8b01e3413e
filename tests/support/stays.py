"""Used time, added up from one stay after the other."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from voxguard.model.visits import Places, Stay


def stays_since(stays: Iterable[Stay], since_at: datetime) -> list[Stay]:
    """Those that go on or ended after an instant."""
    return [each for each in stays if each.left_at is None or each.left_at > since_at]


def used_of(stays: Iterable[Stay], places: Places, since_at: datetime, at: datetime) -> timedelta:
    """How long they lasted in such places from one instant to another."""
    spans = [
        (each.left_at or at) - max(each.joined_at, since_at)
        for each in stays_since(stays, since_at)
        if places.include(each.channel_id, each.category_id, each.channel_kind)
    ]
    return sum(spans, timedelta())
