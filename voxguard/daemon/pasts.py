"""Rows of former days as what the engine takes up: stays, entries and acts of members."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from voxguard.engine.history import Act
from voxguard.engine.recalled_leases import PastLease
from voxguard.engine.recollection import Past
from voxguard.engine.usage import PastStay
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.ports.recall import PastAct


class Visitors:
    """Makes pasts of visits that come page by page, in the order in which they began.

    A visit is an entry unless we moved the member there, or nobody knows when they came: the
    visit before ended by our own hand at that instant, or as lost.
    """

    def __init__(self, entries_from: datetime | None, stays_from: datetime | None) -> None:
        """Look for entries and stays from these instants on; None looks for none."""
        self._entries_from = entries_from
        self._stays_from = stays_from
        self._before: dict[UserId, Visit] = {}

    def pasts(self, visits: Sequence[Visit]) -> list[Past]:
        """What one page says of each member."""
        stays: dict[UserId, list[PastStay]] = {}
        entries: dict[UserId, list[tuple[datetime, ChannelId]]] = {}
        for visit in visits:
            user_id = visit.user_id
            if self._is_stay(visit) and visit.left_at is not None:
                stay = PastStay(visit.channel_id, visit.joined_at, visit.left_at)
                stays.setdefault(user_id, []).append(stay)
            if self._is_entry(visit):
                entries.setdefault(user_id, []).append((visit.joined_at, visit.channel_id))
            self._before[user_id] = visit
        return [
            Past(
                user_id,
                stays=tuple(stays.get(user_id, ())),
                entries=tuple(entries.get(user_id, ())),
            )
            for user_id in dict.fromkeys((*stays, *entries))
        ]

    def _is_stay(self, visit: Visit) -> bool:
        from_at, left_at = self._stays_from, visit.left_at
        return from_at is not None and left_at is not None and left_at > from_at

    def _is_entry(self, visit: Visit) -> bool:
        if self._entries_from is None or visit.joined_at < self._entries_from:
            return False
        before = self._before.get(visit.user_id)
        if before is None:
            return True
        was_moved = before.end_reason is EndReason.VOXGUARD and before.left_at == visit.joined_at
        return not was_moved and before.end_reason is not EndReason.LOST


def of_acts(found: Iterable[PastAct]) -> list[Past]:
    """What a page of acts says of each member."""
    acts: dict[UserId, dict[str, list[Act]]] = {}
    for each in found:
        acts.setdefault(each.user_id, {}).setdefault(each.key, []).append(each.act)
    return [
        Past(user_id, acts={key: tuple(some) for key, some in by_key.items()})
        for user_id, by_key in acts.items()
    ]


def of_leases(found: Iterable[tuple[UserId, PastLease]]) -> list[Past]:
    """What a page of leases says of each member."""
    leases: dict[UserId, list[PastLease]] = {}
    for user_id, lease in found:
        leases.setdefault(user_id, []).append(lease)
    return [Past(user_id, leases=tuple(some)) for user_id, some in leases.items()]
