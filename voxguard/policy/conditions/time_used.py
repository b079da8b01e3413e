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
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from voxguard.model.facts import Facts
from voxguard.model.visits import Stay
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

_NONE: Final = timedelta()
_SECOND: Final = timedelta(seconds=1)


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
class HasTimeUsed(Condition):
    """The member has been connected to the rule's channels for at least `min` in a span."""

    path: ClassVar[str] = "when/time_used"
    min: timedelta
    span: Span
    channels: InChannels | None = None
    kinds: OfKinds | None = None

    @property
    def timed(self) -> bool:
        """Always: it grows while the member stays."""
        return True

    def of_rule(self, where: tuple[Condition, ...]) -> Condition:
        """The condition for the channels and kinds of the rule; how full they are is no matter."""
        return replace(
            self,
            channels=next((each for each in where if isinstance(each, InChannels)), None),
            kinds=next((each for each in where if isinstance(each, OfKinds)), None),
        )

    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether so much has been used."""
        return self.used(facts, at) >= self.min

    def used(self, facts: Facts, at: datetime) -> timedelta:
        """How long the member has been in the channels within the span, up to now."""
        total = _NONE
        for joined_at, left_at in self._times(facts, at):
            total += (at if left_at is None else left_at) - joined_at
        return total

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:
        """When it is reached, or when the day is over at which it was.

        Who is in none of the channels does not get there by time alone. What they have used
        lately grows less then, which no rule sees: its own `where` does not match either.
        """
        times = list(self._times(facts, at))
        used = sum((((left or at) - joined) for joined, left in times), _NONE)
        grows = bool(times) and times[-1][1] is None
        if isinstance(self.span, Day):
            ends_at = self.span.ends_at(at)
            if used >= self.min:
                return ends_at
            return min(ends_at, at + (self.min - used)) if grows else None
        if used >= self.min or self.min > self.span.length or not grows:
            return None
        return self._reached_at(times, self.min - used, at)

    def _reached_at(
        self, times: list[tuple[datetime, datetime | None]], missing: timedelta, at: datetime
    ) -> datetime | None:
        """When the missing time is made up for: not while as much is left behind as is added."""
        begins_at = edge_at = at - self.span.length
        for joined_at, left_at in times:
            gap = joined_at - edge_at
            if gap >= missing:
                break
            if left_at is None:
                return None
            missing -= gap
            edge_at = left_at
        return at + (edge_at - begins_at) + missing

    def _times(self, facts: Facts, at: datetime) -> Iterator[tuple[datetime, datetime | None]]:
        span = self.span
        begins_at = span.begins_at(at) if isinstance(span, Day) else at - span.length
        for stay in facts.stays(begins_at):
            if self._counts(stay):
                yield max(stay.joined_at, begins_at), stay.left_at

    def _counts(self, stay: Stay) -> bool:
        channels, kinds = self.channels, self.kinds
        return (channels is None or channels.include(stay.channel_id, stay.category_id)) and (
            kinds is None or stay.channel_kind in kinds.kinds
        )

    def canonical(self) -> object:
        """The time and the span, in seconds; the channels stand in the rule's `where`."""
        return {"min": self.min // _SECOND, "per": self.span.canonical()}


def _compile(document: TimeUsedDocument, scope: Scope, _place: Place) -> HasTimeUsed:
    span = Day(scope.zone) if document.per is None else Rolling(document.per)
    return HasTimeUsed(document.min, span)


LEAF = Leaf(HasTimeUsed, TimeUsedDocument, _compile)
