"""The durable memory of fuses: a restarted daemon must not give a mistake another start."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from voxguard.engine.fuses import FuseCounter
from voxguard.engine.state import GuildState
from voxguard.model.ids import GuildId, UserId

FORMAT: Final = 1
"""Raised when a memory of an older version can no longer be read."""

FuseMemory = dict[GuildId, dict[str, FuseCounter]]
"""By guild and rule what was counted."""


def remember_fuses(guilds: Iterable[GuildState]) -> str:
    """The fuses of all guilds as JSON, equal for equal states."""
    memory = {
        str(guild.id): {name: _remember(each) for name, each in guild.fuses.counters.items()}
        for guild in sorted(guilds, key=lambda guild: guild.id)
        if guild.fuses.counters
    }
    return json.dumps({"format": FORMAT, "guilds": memory}, separators=(",", ":"))


def recall_fuses(memory: str) -> FuseMemory:
    """The fuses as remembered.

    Raises:
        ValueError: The memory is damaged or of another format.

    """
    try:
        document = json.loads(memory)
        if document["format"] != FORMAT:
            raise ValueError(f"the memory of fuses has format {document['format']}, not {FORMAT}")
        return {
            GuildId(int(guild_id)): {name: _recall(each) for name, each in counters.items()}
            for guild_id, counters in document["guilds"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a memory of fuses: {error!r}") from error


def _remember(counter: FuseCounter) -> dict[str, object]:
    return {
        "meaning": counter.meaning,
        "members": {str(user_id): at.isoformat() for user_id, at in counter.members.items()},
        "blown_at": None if counter.blown_at is None else counter.blown_at.isoformat(),
    }


def _recall(memory: Mapping[str, Any]) -> FuseCounter:
    blown_at = memory["blown_at"]
    return FuseCounter(
        meaning=str(memory["meaning"]),
        members={UserId(int(each)): _instant(at) for each, at in memory["members"].items()},
        blown_at=None if blown_at is None else _instant(blown_at),
    )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without an offset: {text}")
    return instant
