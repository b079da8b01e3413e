"""The durable memory of a member's past, a part of the memory of the member."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from voxguard.engine.history import Act, History
from voxguard.engine.usage import PastStay
from voxguard.model.ids import ChannelId


def remember_history(history: History) -> dict[str, object]:
    """A past as JSON values, nothing where there is none."""
    memory: dict[str, object] = {}
    if history.entries:
        memory["entries"] = [at.isoformat() for at in history.entries]
    if history.entries_of:
        memory["entries_of"] = [
            [channel_id, [at.isoformat() for at in entries]]
            for channel_id, entries in history.entries_of.items()
        ]
    if history.stays:
        memory["stays"] = [
            [each.channel_id, each.joined_at.isoformat(), each.left_at.isoformat()]
            for each in history.stays
        ]
    if history.acts:
        memory["acts"] = {
            key: [[each.began_at.isoformat(), each.last_at.isoformat()] for each in acts]
            for key, acts in history.acts.items()
        }
    return memory


def recall_history(memory: Mapping[str, Any]) -> History:
    """The past as remembered."""
    instant = datetime.fromisoformat
    return History(
        entries=deque(map(instant, memory.get("entries", ()))),
        entries_of={
            ChannelId(channel_id): deque(map(instant, entries))
            for channel_id, entries in memory.get("entries_of", ())
        },
        stays=deque(
            PastStay(ChannelId(channel_id), instant(joined_at), instant(left_at))
            for channel_id, joined_at, left_at in memory.get("stays", ())
        ),
        acts={
            key: deque(Act(instant(began_at), instant(last_at)) for began_at, last_at in acts)
            for key, acts in memory.get("acts", {}).items()
        },
    )
