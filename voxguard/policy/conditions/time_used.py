"""`when.time_used`: how long the member must have been in the rule's channels, today or lately.

`per: day` counts from local midnight in the guild's time zone, `per: 24h` (or any other
length) the time just past. What counts are the channels and kinds that the rule's own `where`
names, all channels where it names none; the present stay counts too.

```yaml
version: 1
rules:
  two-hours-of-music-a-day:
    where: music
    when: {time_used: {min: 2h, per: day}}
    then: {move: lobby}
  a-rest-after-ten-hours:
    when: {time_used: {min: 10h, per: 24h}}
    then: {disconnect: true}
```
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.channels import InChannels
from voxguard.policy.conditions.kinds import OfKinds
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.document import Document
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope
from voxguard.policy.spans import Day, Rolling, Span
from voxguard.policy.values import Duration, parse_duration

DAY: Final = "day"

_SECOND: Final = timedelta(seconds=1)

_ASKED_AGAIN: Final = 64
"""How often in one span, at most, it is looked whether the time has come, where to know when costs
a look at every stay."""


def _parse_per(value: object) -> timedelta | None:
    return None if value == DAY else parse_duration(value)


Per = Annotated[timedelta | None, BeforeValidator(_parse_per), vocabulary.PER]


class TimeUsedDocument(Document):
    """How long at least, and in which time; there is no `max`."""

    min: Duration = Field(description="So long or longer.", examples=["2h"])
    per: Per = Field(
        description="day: since midnight on the guild's clocks; or the length of the time just "
        "past.",
        examples=["day", "24h"],
    )


@dataclass(frozen=True, slots=True)
class RulePlaces:
    """The channels that a rule's `where` names; those of any kind where it says none."""

    channels: InChannels | None = None
    kinds: OfKinds | None = None

    def include(
        self, channel_id: ChannelId, category_id: ChannelId | None, kind: ChannelKind
    ) -> bool:
        """Whether a channel is one of them."""
        channels, kinds = self.channels, self.kinds
        return (channels is None or channels.include(channel_id, category_id)) and (
            kinds is None or kind in kinds.kinds
        )


@dataclass(frozen=True, slots=True)
class HasTimeUsed(Condition):
    """The member has been connected to the rule's channels for at least `min` in a span."""

    path: ClassVar[str] = "when/time_used"
    min: timedelta
    span: Span
    places: RulePlaces = field(default_factory=RulePlaces)

    @property
    def timed(self) -> bool:
        """Always: it grows while the member stays."""
        return True

    def of_rule(self, where: tuple[Condition, ...]) -> Condition:
        """The condition for the channels and kinds of the rule; how full they are is no matter."""
        channels = next((each for each in where if isinstance(each, InChannels)), None)
        kinds = next((each for each in where if isinstance(each, OfKinds)), None)
        return replace(self, places=RulePlaces(channels, kinds))

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether so much has been used."""
        return self.used(facts, at) >= self.min

    def used(self, facts: Facts, at: datetime) -> timedelta:
        """How long the member has been in the channels within the span, up to now."""
        return facts.used(self.places, self._begins_at(at), at)

    def verdict(self, facts: Facts, at: datetime) -> tuple[bool, datetime | None]:
        """Whether so much has been used, and when to ask again.

        Of the time just past as much may be left behind as is added. So what is asked for
        is when it is reached at the earliest, which costs no look at every single stay; when
        hardly anything is missing, when it is reached indeed.
        """
        return self._verdict(facts, at, exact=False)

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When it is reached, or when the day is over at which it was.

        Who is in none of the channels does not get there by time alone. What they have used
        lately grows less then, which no rule sees: its own `where` does not match either.
        """
        return self._verdict(facts, at, exact=True)[1]

    def _verdict(self, facts: Facts, at: datetime, *, exact: bool) -> tuple[bool, datetime | None]:
        used = self.used(facts, at)
        reached = used >= self.min
        missing = None if reached or not self._grows(facts) else self.min - used
        turns_at = self._turns_at(at, reached=reached, missing=missing)
        if missing is None or turns_at is None or isinstance(self.span, Day):
            return reached, turns_at
        if exact or missing * _ASKED_AGAIN < self.span.length:
            turns_at = self._reached_at(facts, missing, at)
        return reached, turns_at

    def _begins_at(self, at: datetime) -> datetime:
        span = self.span
        return span.begins_at(at) if isinstance(span, Day) else at - span.length

    def _grows(self, facts: Facts) -> bool:
        return self.places.include(facts.channel_id, facts.category_id, facts.channel_kind)

    def _turns_at(
        self, at: datetime, *, reached: bool, missing: timedelta | None
    ) -> datetime | None:
        if isinstance(self.span, Day):
            ends_at = self.span.ends_at(at)
            if reached:
                return ends_at
            return None if missing is None else min(ends_at, at + missing)
        if missing is None or self.min > self.span.length:
            return None
        return at + missing

    def _reached_at(self, facts: Facts, missing: timedelta, at: datetime) -> datetime:
        """When the missing time is made up for: not while as much is left behind as is added.

        It is before the present stay is left behind, since then the span is full.
        """
        begins_at = edge_at = self._begins_at(at)
        for joined_at, left_at in self._past(facts, begins_at):
            gap = max(joined_at, begins_at) - edge_at
            if gap >= missing:
                break
            missing -= gap
            edge_at = left_at
        return at + (edge_at - begins_at) + missing

    def _past(self, facts: Facts, since_at: datetime) -> Iterator[tuple[datetime, datetime]]:
        for stay in facts.stays(since_at):
            if stay.left_at is not None and self.places.include(
                stay.channel_id, stay.category_id, stay.channel_kind
            ):
                yield stay.joined_at, stay.left_at

    def canonical(self) -> object:
        """The time and the span, in seconds; the channels stand in the rule's `where`."""
        return {"min": self.min // _SECOND, "per": self.span.canonical()}


def _compile(document: TimeUsedDocument, scope: Scope, _place: Place) -> HasTimeUsed:
    span = Day(scope.zone) if document.per is None else Rolling(document.per)
    return HasTimeUsed(document.min, span)


LEAF = Leaf(HasTimeUsed, TimeUsedDocument, _compile)
