"""Says it when a rule has blown its fuse, and when the fuse is whole again."""

from collections.abc import Iterable

import structlog

from voxguard.engine.state import GuildState
from voxguard.model.ids import GuildId

log = structlog.get_logger("voxguard.moderator")

HINT = (
    "look at what it does; it acts again when its text has changed, or after: "
    "voxguard fuse reset {rule} --guild {guild}"
)


class FuseWatch:
    """Compares the fuses with how they were when it last looked."""

    def __init__(self) -> None:
        """Begin with every fuse whole."""
        self._blown: set[tuple[GuildId, str]] = set()

    def remembers(self, guilds: Iterable[GuildState]) -> None:
        """Say again what an earlier run has said; it is nothing new."""
        for guild in guilds:
            for rule, blown_at in guild.fuses.blown.items():
                self._blown.add((guild.id, rule))
                log.error(
                    "the fuse of a rule is still blown: it only observes",
                    rule=rule,
                    guild=str(guild.id),
                    since=blown_at.isoformat(),
                    hint=HINT.format(rule=rule, guild=guild.id),
                )

    def look(self, guilds: Iterable[GuildState]) -> None:
        """Log what has changed since the last time."""
        blown = {(guild.id, rule) for guild in guilds for rule in guild.fuses.blown}
        if blown == self._blown:
            return
        for guild_id, rule in sorted(blown - self._blown):
            log.error(
                "a rule acts on too many members and only observes from now on",
                rule=rule,
                guild=str(guild_id),
                hint=HINT.format(rule=rule, guild=guild_id),
            )
        for guild_id, rule in sorted(self._blown - blown):
            log.info("a rule whose fuse was blown acts again", rule=rule, guild=str(guild_id))
        self._blown = blown
