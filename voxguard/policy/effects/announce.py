"""`announce`: a message in a channel, once each time that the rule begins to hold.

In the text `{member}`, `{rule}`, `{channel}` and `{reason}`, which is the rule's description,
are filled in when it is sent; other words in braces stay as they are.

```yaml
version: 1
rules:
  nobody-is-alone-for-long:
    description: Somebody waits alone.
    where: {channels: lobby, occupancy: {max: 1}}
    for: 15m
    then: {announce: {channel: mod-log, text: "{member} is alone in {channel}."}}
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId
from voxguard.policy.document import Document
from voxguard.policy.effects.base import Want
from voxguard.policy.effects.kind import EffectKind
from voxguard.policy.effects.message import Message
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.values import Reference


class AnnouncementDocument(Document):
    """Where something is announced, and what."""

    channel: Reference = Field(
        description="The channel to write to, by alias or id.", examples=["mod-log"]
    )
    text: Message = Field(
        description="The message; {member}, {rule}, {channel} and {reason}, the rule's "
        "description, are filled in.",
        examples=["{member} is alone in {channel}."],
    )


@dataclass(frozen=True, slots=True)
class Announce(Want):
    """A message in a channel."""

    key: ClassVar[str] = "announce"
    effect: ClassVar[Effect] = Effect.ANNOUNCE
    channel_id: ChannelId
    text: str

    @property
    def slot(self) -> None:
        """No slot: it is a message."""

    @property
    def params(self) -> Mapping[str, object]:
        """The channel's id, and the text as it is written."""
        return {"channel": str(self.channel_id), "text": self.text}

    def is_done(self, facts: Facts) -> bool:  # noqa: ARG002 - nothing in them says it
        """Never: a message can always be sent."""
        return False

    def canonical(self) -> object:
        """The channel's id and the text."""
        return self.params


def _compile(document: AnnouncementDocument, scope: Scope, place: Place) -> tuple[Want, ...]:
    channel_id = scope.channel(document.channel, place, "channel")
    return () if channel_id is None else (Announce(channel_id, document.text),)


KIND = EffectKind("announce", AnnouncementDocument, _compile)
