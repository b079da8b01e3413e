"""What the guild's audit log says of who did what, beside what reports show.

An entry comes before its report or after it. So both are kept for a while: how a report was
judged, and entries whose report is still to come.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import structlog

from voxguard.daemon.expected import ECHO_TIME, Key
from voxguard.model.events import Echo, HandSeen
from voxguard.model.ids import UserId

log = structlog.get_logger("voxguard.moderator")


class AuditLog:
    """Reports and entries of the last half a minute that are about the same thing."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._judged: dict[tuple[Key, Echo], tuple[bool, datetime]] = {}
        self._authors: dict[tuple[Key, Echo], tuple[HandSeen, datetime]] = {}

    def judged(self, key: Key, change: Echo, now: datetime, *, ours: bool) -> None:
        """A report was taken for our own doing, or for somebody's hand."""
        _forget(self._judged, now)
        self._judged.pop((key, change), None)
        self._judged[key, change] = ours, now

    def author(self, key: Key, change: Echo, now: datetime, since_at: datetime) -> UserId | None:
        """Who has done what a report shows of what is held, if that was told before it.

        What was done before it was held, since `since_at`, is about something else.
        """
        _forget(self._authors, now)
        found = self._authors.pop((key, change), None)
        return None if found is None or found[0].is_before(since_at) else found[0].by

    def begins(self, key: Key, change: Echo) -> None:
        """A request of ours is sent: what was heard so far is not about its report."""
        self._authors.pop((key, change), None)

    def hears(self, entry: HandSeen, now: datetime, shown: Collection[Echo]) -> HandSeen | None:
        """Take in an entry by somebody else; what it says against how reports were judged.

        `shown` is what of it was reported already: what is on cannot be set, so that it was off
        meanwhile, and no report has told of that.
        """
        key = (entry.guild_id, entry.user_id)
        _forget(self._judged, now)
        _forget(self._authors, now)
        mistaken = set()
        for change in entry.changes:
            judged = self._judged.pop((key, change), None)
            if judged is None and change not in shown:
                self._authors.pop((key, change), None)
                self._authors[key, change] = entry, now
                continue
            if judged is None or judged[0]:
                mistaken.add(change)
            log.info(
                "done by somebody's hand",
                effect=change[0].value,
                role=None if change[1] is None else str(change[1]),
                guild=str(entry.guild_id),
                member=str(entry.user_id),
                by=str(entry.by),
            )
        if not mistaken:
            return None
        return replace(entry, changes=frozenset(mistaken))

    def is_judged(self, key: Key, change: Echo, now: datetime) -> bool:
        """Whether the report of a change has come already."""
        _forget(self._judged, now)
        return (key, change) in self._judged


def _forget(
    heard: dict[tuple[Key, Echo], tuple[bool, datetime]]
    | dict[tuple[Key, Echo], tuple[HandSeen, datetime]],
    now: datetime,
) -> None:
    """Let go of what was heard long ago; the oldest come first."""
    for what, (_, at) in list(heard.items()):
        if now - at < ECHO_TIME:
            break
        del heard[what]
