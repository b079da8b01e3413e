"""`{min, within}`: at least so many of something in the time just past."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from voxguard.policy.document import Document
from voxguard.policy.values import Duration, Int

MOST: Final = 1_000
"""So many instants are kept of each member and channel where a rule asks for them."""

_SECOND: Final = timedelta(seconds=1)

InstantOf = Callable[[int], datetime | None]
"""When it happened for the last time (1), the time before (2), and so on."""


class RecentDocument(Document):
    """How many there must have been, and in how long a time; there is no `max`."""

    min: Annotated[Int, Field(ge=1, le=MOST)] = Field(description="So many or more.", examples=[5])
    within: Duration = Field(description="In so long a time, up to now.", examples=["30s"])


@dataclass(frozen=True, slots=True)
class Recent:
    """At least `min` in the time `within` just past; each counts in [then, then + within)."""

    min: int
    within: timedelta

    def reached(self, instant_of: InstantOf, at: datetime) -> bool:
        """Whether there were enough."""
        oldest_at = instant_of(self.min)
        return oldest_at is not None and at - oldest_at < self.within

    def changes_at(self, instant_of: InstantOf, at: datetime) -> datetime | None:
        """When there are too few by time alone; never when there are now, since none comes."""
        oldest_at = instant_of(self.min)
        if oldest_at is None or at - oldest_at >= self.within:
            return None
        return oldest_at + self.within

    def count(self, instant_of: InstantOf, at: datetime) -> int:
        """How many there were, of those that are known of."""
        number = 0
        while (then := instant_of(number + 1)) is not None and at - then < self.within:
            number += 1
        return number

    def canonical(self) -> dict[str, int]:
        """The number, and the time in seconds."""
        return {"min": self.min, "within": self.within // _SECOND}
