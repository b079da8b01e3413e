"""Decisions as people read them: one line each, in columns, with names for ids."""

from datetime import timedelta
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
    Effect.TIMEOUT: "bold red",
    Effect.SUPPRESS: "yellow",
    Effect.UNSUPPRESS: "green",
    Effect.GRANT: "cyan",
    Effect.REVOKE: "cyan",
    Effect.WARN: "magenta",
    Effect.ANNOUNCE: "magenta",
}
_NOWHERE = "-"


def effect_text(decision: Decision, names: "Names", engine: "Engine") -> str:
    """The effect with its parameters: `move to afk`."""
    words = [str(decision.effect)]
    for key, value in decision.params.items():
        text = str(value)
        match key:
            case "channel":
                words += ["to" if decision.effect is Effect.MOVE else "in"]
                words += [channel_text(decision, int(text), names, engine)]
            case "role":
                words.append(names.role(decision.guild_id, int(text)) or text)
            case "seconds":
                words.append(f"for {timedelta(seconds=int(text))}")
            case _:
                words.append(repr(text))
    return " ".join(words)


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
