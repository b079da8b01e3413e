"""What becomes of what Discord says while too much waits for a disk that takes nothing."""

from collections.abc import Callable

import structlog

from voxguard.daemon.ledger import Ledger
from voxguard.daemon.moderator import Moderator
from voxguard.model.events import GuildVanished

log = structlog.get_logger("voxguard.ledger")


class Overflow:
    """Lets go of every guild when the ledger is full, and has Discord show them anew later.

    The memory that a daemon needs stays bounded so, however long nothing can be recorded.
    What is recorded in the end is right: visits end when nobody looked any more, and what
    was decided meanwhile and not done is decided again by what Discord then shows.
    """

    def __init__(self, ledger: Ledger, moderator: Moderator) -> None:
        """Watch this ledger; `start_over`, to be set, asks Discord for everything."""
        self._ledger = ledger
        self._moderator = moderator
        self.start_over: Callable[[], None] = lambda: None
        self.is_on = False

    def refuses(self) -> bool:
        """Whether what Discord says now is not to be taken in."""
        if not self.is_on and self._ledger.is_full:
            self._begin()
        return self.is_on

    def _begin(self) -> None:
        self.is_on = True
        log.error("too much waits to be recorded, and nothing more is taken in until it is")
        for guild in tuple(self._moderator.engine.guilds):
            self._moderator.take(GuildVanished(guild.id))
        self._ledger.afterwards(self._end)

    def _end(self) -> None:
        self.is_on = False
        log.info("everything is recorded, and Discord is asked to show its guilds anew")
        self.start_over()
