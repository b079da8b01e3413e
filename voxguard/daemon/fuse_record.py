"""Fuses over restarts: what of them is on disk, and what an earlier run has left there."""

from collections.abc import Collection
from typing import Final

import structlog

from voxguard.engine.fuse_memory import FuseMemory, recall_fuses, remember_fuses
from voxguard.engine.state import GuildState
from voxguard.ports.outbox import OutboxState

log = structlog.get_logger("voxguard.restart")

FUSES: Final = "fuses"
"""The name under which the outbox keeps them."""


class FuseRecord:
    """Says what is to be written of the fuses, whenever it is something else."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._changes = 0

    def changed(self, guilds: Collection[GuildState]) -> dict[str, str]:
        """The record of all fuses under its name; empty when nothing has changed."""
        changes = sum(guild.fuses.changes for guild in guilds)
        if changes == self._changes:
            return {}
        self._changes = changes
        return {FUSES: remember_fuses(guilds)}


def kept_fuses(state: OutboxState) -> FuseMemory:
    """The fuses as the last run has left them; nothing, said loudly, where they are damaged."""
    memory = state.meta.get(FUSES)
    if memory is None:
        return {}
    try:
        return recall_fuses(memory)
    except ValueError as error:
        # What a person needs is in the message.
        log.error(  # noqa: TRY400
            "the record of fuses cannot be read: every fuse is whole again", why=str(error)
        )
        return {}
