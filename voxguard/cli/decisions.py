"""Decisions as people read them: one line each, in columns, with names for ids."""

from typing import TYPE_CHECKING

from rich.text import Text

from voxguard.cli.render import printable
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.ids import ChannelId

if TYPE_CHECKING:
    from voxguard.engine.engine import Engine
    from voxguard.scenario.names import Names

_STYLES = {
    Effect.DISCONNECT: "bold red",
    Effect.MOVE: "magenta",
    Effect.MUTE: "yellow",
    Effect.DEAFEN: "yellow",
    Effect.UNMUTE: "green",
    Effect.UNDEAFEN: "green",
}
_NOWHERE = "-"


def effect_text(decision: Decision, names: "Names", engine: "Engine") -> str:
    """The effect with its target: `move to afk`."""
    target = decision.params.get("channel")
    if not isinstance(target, str):
        return str(decision.effect)
    return f"{decision.effect} to {channel_text(decision, int(target), names, engine)}"


def channel_text(
    decision: Decision, channel_id: int | None, names: "Names", engine: "Engine"
) -> str:
    """The channel's alias, else its name in Discord, else its id."""
    if channel_id is None:
        return _NOWHERE
    alias = names.channel(decision.guild_id, channel_id)
    guild = engine.guild(decision.guild_id)
    known = None if guild is None else guild.channels.get(ChannelId(channel_id))
    if alias is None and known is not None:
        alias = known.name
    return alias or str(channel_id)


def member_text(decision: Decision, engine: "Engine") -> str:
    """The member's id, with the name where Discord has said it."""
    guild = engine.guild(decision.guild_id)
    known = None if guild is None else guild.known.get(decision.user_id)
    return f"{decision.user_id} ({known.name})" if known and known.name else str(decision.user_id)


def decision_line(decision: Decision, names: "Names", engine: "Engine") -> Text:
    """One line: when, which guild, whom, where, which rule, what."""
    at = decision.decided_at.replace(tzinfo=None).isoformat(sep=" ")
    columns = [
        (f"{at}Z", "dim", 20),
        (names.guild(decision.guild_id), "", 12),
        (member_text(decision, engine), "bold", 20),
        (channel_text(decision, decision.channel_id, names, engine), "cyan", 12),
        (decision.rule, "blue", 20),
        (effect_text(decision, names, engine), _STYLES[decision.effect], 0),
    ]
    line = Text()
    for text, style, width in columns:
        line.append(printable(text).replace("\n", "\\n").ljust(width), style)
        line.append("  ")
    line.rstrip()
    if decision.mode is Mode.OBSERVE:
        line.append("  (observed)", "dim")
    return line
