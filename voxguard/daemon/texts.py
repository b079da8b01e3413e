"""What messages say: the words of the policies, with names and reasons filled in."""

import re
import string
import unicodedata
from collections.abc import Mapping
from typing import Final

from voxguard.engine.engine import Engine
from voxguard.model.decisions import Decision
from voxguard.model.ids import ChannelId, GuildId, UserId

LONGEST_TEXT: Final = 2_000
"""Discord developer documentation, "Create Message": characters of its content."""

_PLACEHOLDER: Final = re.compile(r"\{(member|rule|channel|reason)\}")
_MARKUP: Final = {ord(character): f"\\{character}" for character in string.punctuation}
# They turn the writing of whatever follows them around, or hide it.
_HIDDEN: Final = ("Cc", "Cs", "Zl", "Zp")
_DIRECTIONS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_ELLIPSIS: Final = "…"


class PolicyTexts:
    """Fills placeholders in from the revision in force and from the engine's tables."""

    def __init__(self, engine: Engine) -> None:
        """Read from this engine."""
        self._engine = engine

    def text(self, decision: Decision) -> str:
        """The text of a warning or an announcement as it is sent, in at most 2,000 characters."""
        return fill(
            str(decision.params.get("text", "")),
            {
                "member": self._member(decision.guild_id, decision.user_id),
                "rule": escape(decision.rule),
                "channel": self._channel(decision.guild_id, decision.channel_id),
                "reason": escape(self._description(decision)),
            },
        )

    def _member(self, guild_id: GuildId, user_id: UserId) -> str:
        guild = self._engine.guild(guild_id)
        known = None if guild is None else guild.known.get(user_id)
        # Discord shows a mention as the name; that it notifies is for whoever sends to prevent.
        return escape(known.name) if known is not None and known.name else f"<@{user_id}>"

    def _channel(self, guild_id: GuildId, channel_id: ChannelId | None) -> str:
        if channel_id is None:
            return "no channel"
        guild = self._engine.guild(guild_id)
        channel = None if guild is None else guild.channels.get(channel_id)
        return escape(channel.name) if channel is not None and channel.name else f"<#{channel_id}>"

    def _description(self, decision: Decision) -> str:
        """The rule's own, or what the decision kept of it where the rule is gone."""
        guild = self._engine.index.guilds.get(decision.guild_id)
        rule = None if guild is None else guild.by_name.get(decision.rule)
        if rule is not None:
            return rule.rule.description
        prefix = f"voxguard: {decision.rule}"
        return decision.reason.removeprefix(prefix).removeprefix(": ")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in place of `{member}`, `{rule}`, `{channel}` and `{reason}`.

    Other words in braces stay as they are, and so do those in the values.
    """
    text = _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    if len(text) <= LONGEST_TEXT:
        return text
    # What is cut off may not leave an escape behind that makes nothing of the ellipsis.
    return text[: LONGEST_TEXT - len(_ELLIPSIS)].rstrip("\\") + _ELLIPSIS


def escape(value: str) -> str:
    """The text as it is to be read: no markup, no mention, no link, and in one line.

    Source: Discord developer documentation, "Message Formatting"; a backslash before a
    punctuation mark shows the mark.
    """
    line = "".join(" " if _is_hidden(character) else character for character in value)
    return " ".join(line.split()).translate(_MARKUP)


def _is_hidden(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.category(character) in _HIDDEN
