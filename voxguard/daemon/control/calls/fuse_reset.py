"""`POST /v1/fuses/reset`: let a rule act again whose fuse is blown."""

import asyncio
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

import structlog

from voxguard.daemon.control.call import Asked, Call
from voxguard.daemon.insight import Insight
from voxguard.engine.engine import Engine
from voxguard.errors import UnreachableError, UsageError
from voxguard.model.ids import GuildId

log = structlog.get_logger("voxguard.control")

FORMAT_VERSION: Final = 1
DURABLE_SECONDS: Final = 5.0


async def answer(insight: Insight, asked: Asked) -> Mapping[str, Any]:
    """Reset a fuse; `reset` is false where it is whole anyway.

    What is answered is on disk.
    """
    rule = asked.text("rule")
    guild_id = _find(insight.engine, rule, asked.optional_text("guild"))
    concerned = insight.core.moderator.reset_fuse(guild_id, rule)
    if concerned is not None:
        log.warning(
            "a fuse was reset by hand",
            rule=rule,
            guild=str(guild_id),
            uid=asked.uid,
            members=len(concerned),
        )
        await _durable(insight)
    return {
        "format_version": FORMAT_VERSION,
        "guild": str(guild_id),
        "rule": rule,
        "reset": concerned is not None,
        "members": len(concerned or ()),
    }


def _find(engine: Engine, rule: str, guild: str | None) -> GuildId:
    """The guild whose rule is meant.

    Raises:
        UsageError: There is none, or more than one.
    """
    guilds = engine.index.guilds
    if guild is not None and guild not in map(str, guilds):
        raise UsageError(
            f"there are no policies for a guild {guild}",
            hint=f"there are for: {_listed(map(str, guilds))}",
        )
    asked = [guild_id for guild_id in sorted(guilds) if guild in (None, str(guild_id))]
    found = [guild_id for guild_id in asked if rule in guilds[guild_id].by_name]
    if not found:
        known = {name for guild_id in asked for name in guilds[guild_id].by_name}
        close = get_close_matches(rule, known, n=3)
        raise UsageError(
            f"there is no rule {rule}" + ("" if guild is None else f" in guild {guild}"),
            hint=f"did you mean {_listed(close, ' or ')}?" if close else None,
        )
    if len(found) == 1:
        return found[0]
    states = {guild_id: engine.guild(guild_id) for guild_id in found}
    blown = [
        guild_id
        for guild_id, state in states.items()
        if state is not None and rule in state.fuses.blown
    ]
    if len(blown) > 1:
        raise UsageError(
            f"the fuse of {rule} is blown in several guilds: {_listed(map(str, blown))}",
            hint="say which one: --guild ID",
        )
    return blown[0] if blown else found[0]


def _listed(names: Any, between: str = ", ") -> str:  # noqa: ANN401 - any iterable of texts
    return between.join(sorted(names)) or "no guild at all"


async def _durable(insight: Insight) -> None:
    """Return when the reset is on disk.

    Raises:
        UnreachableError: The disk does not take it now.
    """
    on_disk = asyncio.Event()
    insight.core.ledger.afterwards(on_disk.set)
    try:
        async with asyncio.timeout(DURABLE_SECONDS):
            await on_disk.wait()
    except TimeoutError:
        raise UnreachableError(
            "the fuse is whole, but that is not on disk yet: " + (insight.core.ledger.failure or "")
        ) from None


CALL: Final = Call("POST", "/v1/fuses/reset", answer)
